import assert from 'node:assert/strict';
import fc from 'fast-check';
import { comparable, factsOf } from '../../../src/documents/comparable.ts';
import { providers } from '../../../src/providers/index.ts';
import type { Path } from '../../../src/providers/properties.ts';
import { hostileValue } from '../../support/arbitraries.ts';
import { propertiesOf } from '../../support/properties.ts';

const { instantly, smartlead } = providers;
const account = (path: Path) => instantly.isVolatile(propertiesOf.instantly('account'), path);
const nothing = () => false;

const same = async (one: object, other: object, leftOut = account) =>
  (await factsOf(JSON.stringify(one), leftOut)) === (await factsOf(JSON.stringify(other, null, 2), leftOut));

describe('documents that are compared', () => {
  it('have their keys in order, on all levels, and their members as they are', () => {
    const source = '{"b":[3,{"z":1,"a":2},1],"a":{"d":null,"c":"x"},"B":true}';
    assert.equal(
      comparable(source, nothing),
      [
        '{',
        '  "B": true,',
        '  "a": {',
        '    "c": "x",',
        '    "d": null',
        '  },',
        '  "b": [',
        '    3,',
        '    {',
        '      "a": 2,',
        '      "z": 1',
        '    },',
        '    1',
        '  ]',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('differ in times and counters only where that is wanted', async () => {
    const before = { email: 'a@b.c', timestamp_updated: '2026-01-01T00:00:00Z', sent_count: 1 };
    const after = { sent_count: 2, email: 'a@b.c', timestamp_updated: '2026-02-01T00:00:00Z' };
    const printed = (record: object, ignoreVolatile: boolean) =>
      comparable(JSON.stringify(record), ignoreVolatile ? account : nothing);
    assert.notEqual(printed(before, false), printed(after, false));
    assert.equal(printed(before, true), printed(after, true));
    assert.equal(printed(before, true), '{\n  "email": "a@b.c"\n}\n');
    assert.ok(await same(before, after));
  });

  it('differ in what somebody sets, also where it is a time or is called a count', async () => {
    for (const [one, other, info, kind] of [
      [{ daily_limit: 30 }, { daily_limit: 31 }, instantly, 'account'],
      [{ status: 1 }, { status: -1 }, instantly, 'account'],
      [{ schedule_start_time: '2026-01-01' }, { schedule_start_time: '2026-02-01' }, smartlead, 'campaign'],
      [{ warmup_min_count: 1 }, { warmup_min_count: 2 }, smartlead, 'account'],
      [{ warmup_max_count: 1 }, { warmup_max_count: 2 }, smartlead, 'account'],
      [{ tags: ['a', 'b'] }, { tags: ['b', 'a'] }, instantly, 'account'],
      [{ first_name: null }, {}, instantly, 'account'],
    ] as const) {
      const leftOut = (path: Path) => info.isVolatile(propertiesOf[info.id](kind), path);
      assert.ok(!(await same(one, other, leftOut)), JSON.stringify([one, other]));
    }
  });

  it('are the same in any order of keys, and differ in any other change', async () => {
    const reversed = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(reversed)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([name, member]) => [name, reversed(member)]),
            )
          : value;
    await fc.assert(
      fc.asyncProperty(hostileValue, async (value) => {
        const content: unknown = JSON.parse(JSON.stringify({ body: value }));
        assert.ok(await same(content as object, reversed(content) as object));
        assert.ok(!(await same(content as object, { ...(content as object), planted: 1 })));
      }),
      { numRuns: 2_000 },
    );
  });
});
