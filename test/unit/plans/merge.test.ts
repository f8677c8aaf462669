import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sameRecord } from '../../../src/map/equal.ts';
import { changesOf, merge, settableOf, withChanges, type Resolution } from '../../../src/plans/merge.ts';
import type { Json } from '../../../src/providers/fields.ts';

const NAMES = ['a', 'b', 'c', 'd'];
const value = fc.oneof(
  fc.constant(null),
  fc.integer({ min: 0, max: 2 }),
  fc.record({ inner: fc.integer({ min: 0, max: 1 }) }),
  fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 2 }),
);
const properties: fc.Arbitrary<Json> = fc.dictionary(fc.constantFrom(...NAMES), value, { noNullPrototype: true });
const of = (record: Json, name: string) => record[name] ?? null;
const kindsOf = (base: Json, draft: Json, live: Json) =>
  Object.fromEntries(merge(base, draft, live, NAMES).map(({ property, kind }) => [property, kind]));

describe('the merging of a draft', () => {
  it('tells who changed what', () => {
    assert.deepEqual(
      kindsOf({ a: 1, b: 1, c: 1, d: [1] }, { a: 2, b: 1, c: 2, d: [2] }, { a: 1, b: 2, c: 2, d: [3] }),
      { a: 'here', b: 'there', c: 'same', d: 'conflict' },
    );
  });

  it('leaves what is taken out of the draft as it is, and says so; null takes the value away', () => {
    assert.deepEqual(kindsOf({ a: 1, b: 1 }, { b: null }, { a: 1, b: 1 }), { a: 'omitted', b: 'here' });
    const merged = merge({ a: 1, b: 1 }, { b: null }, { a: 1, b: 1 }, NAMES);
    assert.deepEqual(changesOf(merged, new Map()), [{ property: 'b', before: 1, after: null }]);
    assert.deepEqual(withChanges({ a: 1, b: 1 }, changesOf(merged, new Map())), { a: 1 });
  });

  it('takes null and what is not set for the same', () => {
    assert.deepEqual(kindsOf({ a: null }, { a: null, b: null }, {}), {});
  });

  it('compares nothing that cannot be set', () => {
    assert.deepEqual(merge({ status: 1 }, { status: 2 }, { status: 3 }, NAMES), []);
    assert.deepEqual(settableOf({ status: 1, a: 0, b: null }, NAMES), { a: 0 });
  });

  it('never loses a change of either side silently', () => {
    const decisions = fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom<Resolution>('theirs', 'mine'));
    fc.assert(
      fc.property(properties, properties, properties, decisions, (base, draft, live, decided) => {
        const merged = merge(base, draft, live, NAMES);
        const resolutions = new Map(Object.entries(decided));
        const changes = changesOf(merged, resolutions);
        const result = withChanges(live, changes);
        for (const name of NAMES) {
          const kind = merged.find(({ property }) => property === name)?.kind;
          const changedHere = !sameRecord(of(base, name), of(draft, name));
          const changedThere = !sameRecord(of(base, name), of(live, name));
          const isMine = sameRecord(of(result, name), of(draft, name));
          const isTheirs = sameRecord(of(result, name), of(live, name));
          // What was changed here arrives, unless a person was asked, or is told that the draft does not say it.
          assert.ok(!changedHere || isMine || kind === 'omitted' || kind === 'conflict', `${name} here`);
          // What was changed there stays, unless a person was asked and decided so.
          assert.ok(!changedThere || isTheirs || (kind === 'conflict' && resolutions.get(name) === 'mine'), name);
          // Nobody is asked, and nothing is noted, where there is nothing to it.
          assert.equal(kind === undefined, !changedHere && !changedThere, `${name}: ${String(kind)}`);
          assert.ok(
            kind !== 'conflict' || (changedHere && changedThere && !sameRecord(of(draft, name), of(live, name))),
          );
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('sends what differs from the campaign and nothing else', () => {
    fc.assert(
      fc.property(properties, properties, properties, (base, draft, live) => {
        const all = new Map(NAMES.map((name) => [name, 'mine' as const]));
        for (const { property, before, after } of changesOf(merge(base, draft, live, NAMES), all)) {
          assert.ok(!sameRecord(before, after) && sameRecord(before, of(live, property)), property);
          assert.ok(sameRecord(after, of(draft, property)), property);
        }
      }),
    );
  });
});
