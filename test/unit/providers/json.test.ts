import assert from 'node:assert/strict';
import { membersOf, rewriteJson } from '../../../src/providers/json.ts';

describe('rewriting JSON', () => {
  it('keeps numbers, strings and the order of keys as the service sent them', () => {
    const source = '{"b":1.0,"10":12345678901234567890,"2":1e3,"a":"\\u00e9\\/"}';
    assert.equal(rewriteJson(source), source);
  });

  it('pretty-prints', () => {
    assert.equal(
      rewriteJson('{"a":[1,{"b":null}],"c":{},"d":[]}', '  '),
      '{\n  "a": [\n    1,\n    {\n      "b": null\n    }\n  ],\n  "c": {},\n  "d": []\n}',
    );
  });

  it('leaves credentials out at every depth, and only them', () => {
    const source =
      '{"password":"x","a":[{"imap_password":null,"id":1},{"smtp_password":"y"}],"dfy_password_changed":1}';
    assert.equal(rewriteJson(source), '{"a":[{"id":1},{}],"dfy_password_changed":1}');
  });

  it('masks credentials in JSON inside strings, and keeps all other strings as they were sent', () => {
    const inner = JSON.stringify({ password: 'planted', url: 'https://user:planted@host/x', b: 1 });
    const source = `{"a":${JSON.stringify(inner)},"b":"{\\u0022token\\u0022:\\u0022planted\\u0022}","c":"\\u00e9\\/"}`;
    const masked = { password: '•••', url: 'https://user:•••@host/x', b: 1 };
    const result = rewriteJson(source) ?? '';
    assert.ok(result.endsWith('"c":"\\u00e9\\/"}'));
    const { a, b } = JSON.parse(result) as { a: string; b: string };
    assert.deepEqual([JSON.parse(a), JSON.parse(b)], [masked, { token: '•••' }]);
  });

  it('refuses what is not JSON', () => {
    for (const source of ['', '<html>', '{"a":1', '{"a":1}{"b":2}', '{"a":1,}', '// x\n1']) {
      assert.equal(rewriteJson(source), undefined, source);
    }
  });

  it('reads large documents', () => {
    const source = JSON.stringify({
      items: Array.from({ length: 20_000 }, (_, id) => ({ id, name: 'x'.repeat(200) })),
    });
    assert.equal(rewriteJson(source), source);
  });

  it('gives the members of an array as they were sent', () => {
    assert.deepEqual(membersOf('{"x":1,"items":[{"a":1.0}, 2]}', 'items'), ['{"a":1.0}', '2']);
    assert.deepEqual(membersOf('[1, "b"]'), ['1', '"b"']);
    assert.equal(membersOf('{"x":1}', 'items'), undefined);
  });
});
