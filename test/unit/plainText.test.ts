import assert from 'node:assert/strict';
import fc from 'fast-check';
import { plainText } from '../../src/plainText.ts';

/** How VS Code finds links in messages (`parseLinkedText`) and icons in labels (`renderLabelWithIcons`). */
const LINK = /\[[^\]]+\]\((?:https?:\/\/|command:|file:)[^)\s]+/i;
const ICON = /\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/;

/** What is a link, or an element, in Markdown without any more signs. */
const AUTOLINK = /<[a-z/!?]/i;

/** How VS Code escapes a text that it puts into a Markdown link (`MarkdownString.appendLink`). */
const inLink = (text: string) => text.replace(/\]/g, (_, at: number) => (text[at - 1] === '\\' ? ']' : '\\]'));

describe('plain text', () => {
  for (const text of [
    '[Fix](command:workbench.action.terminal.sendSequence?%7B%22text%22%3A%22x%22%7D)',
    '[a](https://example.com "title")',
    '[a]\u202E(file:///etc/passwd)',
    '[a]\u0000(command:x)',
    '[[a](command:x)](command:y)',
  ]) {
    it(`has no link in ${JSON.stringify(text)}`, () => {
      assert.match(text.replace(/[\u202E\0]/g, ''), LINK);
      assert.doesNotMatch(plainText(text), LINK);
    });
  }

  it('has no icon, also where a control character hides its syntax', () => {
    for (const text of ['$(check) done', '$\u202E(check)', '$$(x)', '\\$(check)', '$(sync~spin)']) {
      assert.doesNotMatch(plainText(text), ICON);
    }
  });

  it('has no link of Markdown that needs no brackets', () => {
    for (const text of ['<command:x>', '<\u202Ecommand:x>', '<https://example.com>', '<a href="command:x">', '</a>']) {
      assert.doesNotMatch(plainText(text), AUTOLINK);
    }
  });

  it('shows what it takes apart as it was written', () => {
    const seen = (text: string) => plainText(text).replaceAll('\u2060', '');
    for (const text of ['[Fix](command:x)', 'Deal $(50) [EU](Q4)', 'Omar (Sales) [2]', 'a\\]b', 'a <b> </b> < c']) {
      assert.equal(seen(text), text);
    }
    assert.equal(plainText('Q4 launch, EU'), 'Q4 launch, EU');
  });

  it('does not let a name pass for another by its order', () => {
    assert.equal(plainText('invoice\u202Enosj.exe\u2066\u2069\u202A'), 'invoicenosj.exe');
    assert.equal(plainText('a\u{E0041}b\u200Fc'), 'abc');
  });

  it('keeps lines apart and drops other control characters', () => {
    assert.equal(plainText('one\ntwo\tthree\r\u001B[31m'), 'one\ntwo\tthree[31m');
  });

  it('is bounded, and whole in its last character', () => {
    assert.equal(plainText('x'.repeat(5000)).length, 1000);
    assert.equal(plainText(`${'x'.repeat(8)}😀😀`, 10), `${'x'.repeat(8)}…`);
    assert.equal(plainText('a\uD83D b'), 'a\uFFFD b');
  });

  it('cannot end a Markdown link that VS Code puts it into', () => {
    for (const text of ['\\](command:x)', '\\\\](command:x)', 'a\\\\\\](command:x)']) {
      // A bracket ends the link where an even number of backslashes stands before it.
      assert.doesNotMatch(inLink(plainText(text)), /(?<!\\)(?:\\\\)*\]\(/);
    }
  });

  it('holds for any text, and cleaning twice changes nothing', () => {
    const part = fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      '$',
      '\\',
      '<',
      '/',
      'command:x',
      'check',
      '\u202E',
      '\0',
      '\uD83D',
      '😀',
      'a',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(part).map((parts) => parts.join('')),
        ),
        (text) => {
          const plain = plainText(text);
          assert.doesNotMatch(plain, LINK);
          assert.doesNotMatch(plain, ICON);
          assert.doesNotMatch(plain, AUTOLINK);
          assert.ok(plain.isWellFormed());
          assert.equal(plainText(plain), plain);
          assert.doesNotMatch(inLink(plain), /(?<!\\)(?:\\\\)*\]\(/);
        },
      ),
      { numRuns: 5000 },
    );
  });
});
