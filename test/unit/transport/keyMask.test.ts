import assert from 'node:assert/strict';
import fc from 'fast-check';
import { KeyMask } from '../../../src/transport/keyMask.ts';

const SAMPLE = 'Zm9v+Ym/Fy=~!\'()*."\\&<planted>-7c1f:%41';

function maskOf(...keys: string[]): KeyMask {
  const mask = new KeyMask();
  keys.forEach((key) => {
    mask.add(key);
  });
  return mask;
}

const code = (character: string) => character.charCodeAt(0);
const hex = (character: string) => code(character).toString(16).padStart(2, '0');
const each = (text: string, to: (character: string) => string) => Array.from(text, to).join('');
const json = (text: string) => JSON.stringify(text).slice(1, -1);

/** How services, proxies and libraries write a key. Each is undone by a reader, so they may be applied on top of each other. */
const ESCAPES: Readonly<Record<string, (text: string) => string>> = {
  'percent-encoding': encodeURIComponent,
  'percent-encoding in lower case': (text) => encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
  'form encoding': (text) => new URLSearchParams({ key: text }).toString().slice(4),
  'percent-encoding of everything': (text) => each(text, (character) => `%${hex(character)}`),
  JSON: json,
  'JSON with escaped slashes': (text) => json(text).replaceAll('/', '\\/'),
  'JSON with everything escaped': (text) => each(text, (character) => `\\u00${hex(character).toUpperCase()}`),
  'HTML with names': (text) =>
    each(
      text,
      (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[character] ?? character,
    ),
  'HTML with numbers': (text) =>
    each(text, (character) => (/\w/.test(character) ? character : `&#${code(character)};`)),
  'HTML with hex numbers': (text) =>
    each(text, (character) => (/\w/.test(character) ? character : `&#x${hex(character)};`)),
  'HTML with everything escaped': (text) => each(text, (character) => `&#0${code(character)};`),
};

describe('masking keys', () => {
  for (const [name, escape] of Object.entries(ESCAPES)) {
    it(`knows a key in ${name}, and in that twice over`, () => {
      const mask = maskOf(SAMPLE);
      for (const text of [escape(SAMPLE), escape(escape(SAMPLE)), escape(SAMPLE.toLowerCase())]) {
        assert.equal(mask.mask(`before ${text} after`), 'before ••• after', text);
      }
    });
  }

  it('knows any key in any two encodings on top of each other', () => {
    const key = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((at) => String.fromCharCode(at)),
      minLength: 8,
      maxLength: 90,
    });
    const escape = fc.constantFrom(...Object.values(ESCAPES));
    fc.assert(
      fc.property(key, escape, escape, (secret, inner, outer) => {
        const text = outer(inner(secret));
        assert.equal(maskOf(secret).mask(`before ${text} after`), 'before ••• after', text);
      }),
    );
  });

  it('knows a key in upper and lower case, and in hex', () => {
    const mask = maskOf(SAMPLE);
    const bytes = Buffer.from(SAMPLE).toString('hex');
    for (const text of [SAMPLE, SAMPLE.toUpperCase(), SAMPLE.toLowerCase(), bytes, bytes.toUpperCase()]) {
      assert.equal(mask.mask(`before ${text} after`), 'before ••• after', text);
    }
  });

  it('knows a key in base64, wherever it begins in what was encoded, with and without padding', () => {
    for (const key of [SAMPLE, 'planted-key', 'planted-key-', 'planted-key-7', '>>>???~~~~>>>']) {
      const mask = maskOf(key);
      for (const before of ['', 'Bearer ', 'user:', 'u:', 'ab']) {
        for (const after of ['', ':', ':x', ':xyz']) {
          for (const alphabet of ['base64', 'base64url'] as const) {
            const whole = Buffer.from(before + key + after).toString(alphabet);
            for (const text of [whole, encodeURIComponent(whole), json(whole).replaceAll('/', '\\/')]) {
              const rest = mask.mask(text);
              const left = Buffer.from(decodeURIComponent(rest.replaceAll('•••', ' ')), 'base64').toString();
              assert.ok(rest.includes('•••') && !left.includes(key.slice(2, 6)), `${key} in ${text}: ${rest}`);
            }
          }
        }
      }
    }
  });

  it('knows a key that is not ASCII', () => {
    const mask = maskOf('schlüssel ∞ 7');
    for (const text of [
      'schlüssel ∞ 7',
      encodeURIComponent('schlüssel ∞ 7'),
      'schl%C3%BCssel+%E2%88%9E+7',
      'schl\\u00fcssel \\u221e 7',
    ]) {
      assert.equal(mask.mask(text), '•••');
    }
  });

  it('masks several keys, also where one is in another', () => {
    assert.equal(
      maskOf('planted-a', 'planted-a-b', 'other-key').mask('x planted-a-b y OTHER-KEY planted-a'),
      'x ••• y ••• •••',
    );
  });

  it('takes a word of three letters for a word', () => {
    assert.equal(maskOf('key').mask('the key'), 'the key');
    assert.equal(maskOf('%6bey').mask('the key, %6bey and %256bey'), 'the key, ••• and •••');
  });

  it('leaves everything else as it is, however much of it is escaped', async () => {
    const text =
      '{"a":"<p>caf\\u00e9 \\"x\\" &amp;&nbsp;&#8217;</p>\\n%E2%80%99 100%25 %41%42","n":12345678901234567890}';
    assert.equal(await maskOf(SAMPLE).maskAnswer(text), text);
  });

  describe('in answers', () => {
    it('keeps JSON what it is, but for the key', async () => {
      const record = fc.dictionary(
        fc.string(),
        fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(record), fc.string(), fc.string(), async (rows, before, after) => {
          const source = JSON.stringify({ rows, said: before + SAMPLE + after, [SAMPLE]: 1 });
          const masked = await maskOf(SAMPLE).maskAnswer(source);
          assert.deepEqual(
            JSON.parse(masked),
            JSON.parse(JSON.stringify({ rows, said: `${before}•••${after}`, '•••': 1 })),
          );
        }),
      );
    });

    it('keeps numbers and spaces as they were sent', async () => {
      const mask = maskOf('planted-key');
      assert.equal(
        await mask.maskAnswer('{ "a" : 1.0,\n"b":"planted-key" , "c":1e3}'),
        '{ "a" : 1.0,\n"b":"•••" , "c":1e3}',
      );
    });

    it('masks a number that is the key, and none that has the same digits in it', async () => {
      assert.equal(
        await maskOf('12345').maskAnswer('{"a":12345,"b":9123456,"c":"x12345"}'),
        '{"a":"•••","b":9123456,"c":"x•••"}',
      );
    });

    it('does not take the letter of an escape for a part of the key', async () => {
      assert.equal(await maskOf('nabcd').maskAnswer('{"a":"\\nabcd","b":"nabcd"}'), '{"a":"\\nabcd","b":"•••"}');
      assert.equal(
        await maskOf('e9abcd').maskAnswer('{"a":"\\u00e9abcd","b":"e9abcd"}'),
        '{"a":"\\u00e9abcd","b":"•••"}',
      );
    });

    it('masks in pages that are not JSON', async () => {
      assert.equal(await maskOf('a/b/c/d').maskAnswer('<p>No key a&#x2F;b&#47;c/d</p>'), '<p>No key •••</p>');
    });
  });

  it('gives others their turn while it looks through megabytes, and overlooks nothing between two turns', async () => {
    const mask = maskOf(SAMPLE);
    for (const text of [`"${'%252541'.repeat(600_000)}"`, `["${SAMPLE}","${'%252541'.repeat(600_000)}"]`]) {
      let turns = 0;
      const timer = setInterval(() => (turns += 1), 1);
      await mask.maskAnswer(text);
      clearInterval(timer);
      assert.ok(turns >= 4, `${turns}`);
    }
    const form = encodeURIComponent(encodeURIComponent(SAMPLE));
    for (let before = 499_990 - form.length; before < 500_010; before += 3) {
      assert.equal(await mask.maskAnswer(`${'x'.repeat(before)} ${form} y`), `${'x'.repeat(before)} ••• y`);
    }
  });

  it('ends soon on the worst of texts', async () => {
    const mask = maskOf(SAMPLE, '\\'.repeat(40), '%25'.repeat(20), '&amp;'.repeat(20), 'a'.repeat(60));
    for (const unit of ['\\', '%25', '%41', '&amp;', '&amp;#', '&#0', '\\u00', '\\u0041', 'a', '"', SAMPLE]) {
      assert.ok(!(await mask.maskAnswer(unit.repeat(500_000 / unit.length))).includes(SAMPLE));
    }
  });
});
