import assert from 'node:assert/strict';
import fc from 'fast-check';
import { smtpMeaning } from '../../../src/providers/codes.ts';
import { code, identifier, number, text } from '../../../src/providers/fields.ts';

describe('fields', () => {
  it('reads numbers, also from texts', () => {
    for (const [value, expected] of [
      [1.5, 1.5],
      ['1.5', 1.5],
      [' -12 % ', -12],
      ['100%', 100],
      ['\n7\t', 7],
      ['1e3', undefined],
      ['1 2', undefined],
      ['%', undefined],
      ['', undefined],
      [Infinity, undefined],
      [null, undefined],
    ] as const) {
      assert.equal(number(value), expected, String(value));
    }
  });

  it('reads a number in one pass, whatever is around it', () => {
    for (const [before, after] of [
      ['1', ''],
      ['', '1'],
      ['1', 'x'],
      ['x', '1'],
    ] as const) {
      const value = `${before}${' '.repeat(1_000_000)}${after}`;
      assert.equal(number(value), value.trim() === '1' ? 1 : undefined);
    }
    assert.equal(number('1'.repeat(1_000_000)), undefined);
  });

  it('gives texts that every URL can carry', () => {
    for (const read of [text, identifier, code]) {
      assert.equal(read('a\ud800b\udc00'), 'a\ufffdb\ufffd');
      assert.equal(read('😀'), '😀');
    }
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff)), (units) => {
        encodeURIComponent(text(units.map((unit) => String.fromCharCode(unit)).join('')) ?? '');
      }),
    );
  });

  it('finds the reply code of a mail server in one pass over a megabyte', () => {
    for (const part of [': ', ' ', 'error ', '(', '5', '5.', '550', '4.7.', '\n', 'code\n']) {
      assert.equal(smtpMeaning(part.repeat(500_000)), undefined, JSON.stringify(part));
    }
    assert.equal(smtpMeaning(`550 5.1.1 ${'x'.repeat(1_000_000)}`), 'permanent');
  });
});
