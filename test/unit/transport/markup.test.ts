import assert from 'node:assert/strict';
import { wordsOf } from '../../../src/transport/markup.ts';

describe('the words of a page', () => {
  it('are its text without tags, scripts, styles and its title', () => {
    const page =
      '<!DOCTYPE html><html><head><TITLE>504</TITLE ><style>a > b {}</style></head>' +
      '<body onload="x()"><h1>Error\n 1010</h1><script>if (a<b && c>d) alert("<p>no</p>")</script><p>banned</p></body></html>';
    assert.equal(wordsOf(page), 'Error 1010 banned');
  });

  it('are the text itself where there are no tags', () => {
    assert.equal(wordsOf('  upstream  connect error\n'), 'upstream connect error');
    assert.equal(wordsOf('a < b'), 'a < b');
    assert.equal(wordsOf('<script>alert(1)'), '');
    assert.equal(wordsOf(''), '');
  });

  for (const part of ['<', '<<>', '<p>x', '<script', '<script>', '</script', '<style>a</style', ' ', '<!--', '>']) {
    it(`are found in one pass over a megabyte of ${part}`, () => {
      assert.ok(wordsOf(part.repeat(1_000_000 / part.length)).length <= 1_000_000);
    });
  }
});
