import assert from 'node:assert/strict';
import fc from 'fast-check';
import { membersOf, readJson, rewriteJson, type Visitor } from '../../../src/providers/json.ts';
import { numRuns } from '../../support/runs.ts';

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

  it('leaves out credentials of every type, wherever they stand, with all that is in them', () => {
    const source =
      ' {"pass\\u0077ord": {"a":[{"b":"x"}]}, "a": 1, "secret": [[], {}], "token" : 12.5 , "b": {"api_key": {}} } ';
    assert.equal(rewriteJson(source), '{"a":1,"b":{}}');
    assert.equal(rewriteJson(source, ' '), '{\n "a": 1,\n "b": {}\n}');
  });

  it('refuses what is not JSON', () => {
    for (const source of ['', '<html>', '{"a":1', '{"a":1}{"b":2}', '{"a":1,}', '// x\n1']) {
      assert.equal(rewriteJson(source), undefined, source);
    }
  });

  it('takes for JSON what JSON.parse takes for it, and changes no value', () => {
    const isJson = (source: string) => {
      try {
        JSON.parse(source);
        return true;
      } catch {
        return false;
      }
    };
    const fragment = fc.constantFrom(
      ...['{', '}', '[', ']', ',', ':', '"', '"a"', '"\\u12', 'aF"', '\\n', '\\', '1', '-', '01', '.5', '1.5', 'e+3'],
      ...['true', 'fals', 'null', ' ', '\t', '\n', '\u0001', '\u2028', '\ufeff', '/**/', '\ud800', '{"a":', '[1'],
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 8 }), (fragments) => {
        const source = fragments.join('');
        assert.equal(rewriteJson(source) !== undefined, isJson(source));
      }),
      { numRuns },
    );
    // Credentials are left out, whose names a chance may hit upon.
    const json = fc
      .json({ maxDepth: 5 })
      .filter((source) => !/pass|pwd|secret|key|cred|cookie|auth|jwt|token/i.test(source));
    fc.assert(
      fc.property(json, fc.constantFrom('', '  ', '\t'), fc.nat(), (source, indentation, place) => {
        assert.deepEqual(JSON.parse(rewriteJson(source, indentation) ?? ''), JSON.parse(source));
        const cut = source.slice(0, place % source.length);
        assert.equal(rewriteJson(cut) !== undefined, isJson(cut));
      }),
    );
  });

  it('reads large documents', () => {
    const source = JSON.stringify({
      items: Array.from({ length: 20_000 }, (_, id) => ({ id, name: 'x'.repeat(200) })),
    });
    assert.equal(rewriteJson(source), source);
  });

  it('refuses what is nested so deep that nobody could read it, instead of overflowing the stack', async () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    assert.equal(rewriteJson(nested(150)), nested(150));
    assert.equal(rewriteJson(nested(1_000_000), '  '), undefined);
    assert.equal((await membersOf(`[${nested(100_000)},1]`))?.length, 2);
  });

  it('lets others have their turn while it writes 30 MB', async () => {
    const row = `${JSON.stringify({ email: 'a@example.com', password: 'x', tags: ['a', 'b'], warmup: { limit: 10 } })},`;
    const source = `[${row.repeat(30_000_000 / row.length)}1]`;
    let turns = 0;
    let done = false;
    const count = () => {
      turns += 1;
      if (!done) {
        setImmediate(count);
      }
    };
    setImmediate(count);
    const { content } = await readJson(source, { indentation: '  ' });
    done = true;
    assert.ok(turns > 100, `${turns} turns`);
    assert.ok(content.byteLength > source.length);
  });

  it('passes over one text of megabytes, or nothing but white space, in one go', () => {
    const source = `["${'\\n'.repeat(5_000_000)}",1]`;
    assert.equal(rewriteJson(source), source);
    assert.equal(rewriteJson(' '.repeat(10_000_000)), undefined);
    assert.equal(rewriteJson(`[${' '.repeat(10_000_000)}]`), '[]');
  });

  it('gives the members of an array as they were sent', async () => {
    assert.deepEqual(
      await membersOf('{"x":[3],"y":{"items":[4]},"items":[{"a":1.0}, 2,[[5],{"items":[6]}]],"z":[7]}', 'items'),
      ['{"a":1.0}', '2', '[[5],{"items":[6]}]'],
    );
    assert.deepEqual(await membersOf('[1, "b"]'), ['1', '"b"']);
    assert.deepEqual(await membersOf('{"items":[]}', 'items'), []);
    assert.equal(await membersOf('{"x":1}', 'items'), undefined);
    assert.equal(await membersOf('{"items":{"items":[1]}}', 'items'), undefined);
  });
});

describe('reading a document in one pass', () => {
  const textOf = ({ content }: { readonly content: Uint8Array }) => new TextDecoder().decode(content);

  it('gives its text, and its two outermost levels as JSON.parse would', async () => {
    const source =
      '{"ok":true,"__proto__":{"x":1},"data":{"name":"\\u00e9","n":1.50,"deep":{"a":1},"list":[1]},"a":1,"a":2}';
    const { outline, cut, ...read } = await readJson(source, { indentation: '  ' });
    assert.equal(textOf(read), rewriteJson(source, '  '));
    assert.equal(cut, false);
    assert.equal(
      JSON.stringify(outline),
      '{"ok":true,"__proto__":{"x":1},"data":{"name":"é","n":1.5,"deep":{},"list":[]},"a":2}',
    );
  });

  it('outlines what is no object too', async () => {
    for (const [source, outline] of [
      ['[{"a":1}]', []],
      ['"a"', 'a'],
      ['null', null],
      ['12', 12],
    ] as const) {
      assert.deepEqual((await readJson(source)).outline, outline);
    }
    await assert.rejects(readJson('{"a":1'), SyntaxError);
    await assert.rejects(readJson(''), SyntaxError);
  });

  it('leaves credentials out before anything else sees them', async () => {
    const seen: string[] = [];
    const visitor: Visitor = {
      enter: (name, raw) => {
        seen.push(`${name ?? ''} ${raw}`);
      },
      leave: () => {
        seen.push('end');
      },
    };
    const source =
      '{"password":"planted","a":{"api_key":{"b":["planted"]},"url":"https://u:planted@host/"},"c":[{"token":"planted"},2]}';
    const { outline, ...read } = await readJson(source, { visitor });
    assert.equal(JSON.stringify(outline), '{"a":{"url":"https://u:•••@host/"},"c":[]}');
    assert.equal(textOf(read), '{"a":{"url":"https://u:•••@host/"},"c":[{},2]}');
    assert.deepEqual(seen, [' {', 'a {', 'url "https://u:•••@host/"', 'end', 'c [', ' {', 'end', ' 2', 'end', 'end']);
  });

  it('stops where there is more than is wanted, however much the indentation makes of it', async () => {
    const nested = `${'['.repeat(90)}1${',2'.repeat(500_000)}${']'.repeat(90)}`;
    const { content, cut } = await readJson(nested, { indentation: ' '.repeat(16), most: 1_000_000 });
    assert.ok(cut);
    assert.ok(content.byteLength > 1_000_000 && content.byteLength < 3_000_000, String(content.byteLength));
    assert.equal((await readJson('[1]', { most: 3 })).cut, false);
  });
});
