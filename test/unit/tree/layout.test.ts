import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Arrangement, Group } from '../../../src/queries/arrange.ts';
import { atOnce } from '../../../src/transport/turns.ts';
import {
  LONGEST_LIST,
  PART,
  partOf,
  partsOf,
  placeOf,
  rowsOfPart,
  sameLists,
  type Place,
} from '../../../src/tree/layout.ts';

/** An arrangement of these groups, each with a value and its rows. */
function arranged(...groups: readonly (readonly [value: string, rows: readonly string[]])[]): Arrangement<string> {
  const total = groups.reduce((sum, [, rows]) => sum + rows.length, 0);
  return {
    groups: groups.map(([value, rows]) => groupOf(value, rows)),
    grouped: true,
    saved: [],
    order: [],
    settled: true,
    shown: total,
    total,
    broken: 0,
  };
}

function groupOf(value: string, rows: readonly string[], groups?: readonly Group<string>[]): Group<string> {
  return { value, label: value.toUpperCase(), rows, groups, apart: true, broken: 0, score: undefined };
}

/** A place in few words: the groups with the parts they are in, and the row with its part. */
function shortly(place: Place<string> | undefined): unknown {
  return place && [...place.groups.map(({ group, part }) => [group.value, part]), [place.row, place.part]];
}

const rowsUpTo = (count: number) => Array.from({ length: count }, (_, row) => `r${row}`);
const lengths = fc.oneof(fc.nat(20), fc.integer({ min: LONGEST_LIST - 2, max: LONGEST_LIST + 2 }), fc.nat(12_345));

describe('the layout of lists', () => {
  for (const [length, parts] of [
    [0, 0],
    [1, 0],
    [LONGEST_LIST, 0],
    [LONGEST_LIST + 1, 3],
    [3 * PART, 3],
    [3 * PART + 1, 4],
    [400_000, 800],
  ] as const) {
    it(`shows ${length} rows in ${parts} parts`, () => {
      assert.equal(partsOf(length), parts);
    });
  }

  it('has each row in exactly one part, in its order, and no part without rows', () => {
    fc.assert(
      fc.property(lengths, (length) => {
        const rows = rowsUpTo(length);
        const parts = Array.from({ length: partsOf(length) }, (_, part) => rowsOfPart(rows, part));
        assert.ok(parts.every((part) => part.length > 0 && part.length <= PART));
        assert.deepEqual(parts.flat(), parts.length === 0 ? [] : rows);
      }),
      { numRuns: 50 },
    );
  });

  it('finds the part that a row stands in', () => {
    fc.assert(
      fc.property(lengths, fc.nat(), (length, seed) => {
        const rows = rowsUpTo(length);
        const row = length === 0 ? 0 : seed % length;
        const part = partOf(length, row);
        assert.equal(part === undefined, partsOf(length) === 0);
        if (part !== undefined) {
          assert.ok(rowsOfPart(rows, part).includes(`r${row}`));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('finds the first place of a row, with the parts that hold it', () => {
    const few = arranged(['a', ['x', 'y']], ['b', ['y', 'z']]);
    assert.deepEqual(shortly(placeOf(few, (row) => row === 'y')), [
      ['a', undefined],
      ['y', undefined],
    ]);
    assert.deepEqual(shortly(placeOf(few, (row) => row === 'z')), [
      ['b', undefined],
      ['z', undefined],
    ]);
    const long = arranged(['a', ['x']], ['b', rowsUpTo(LONGEST_LIST + 1)]);
    assert.deepEqual(shortly(placeOf(long, (row) => row === `r${PART}`)), [
      ['b', undefined],
      [`r${PART}`, 1],
    ]);
    const many = arranged(...rowsUpTo(LONGEST_LIST + 1).map((row) => [row, [row]] as const));
    assert.deepEqual(shortly(placeOf(many, (row) => row === `r${2 * PART}`)), [
      [`r${2 * PART}`, 2],
      [`r${2 * PART}`, undefined],
    ]);
    assert.deepEqual(
      shortly(placeOf({ ...many, grouped: false, groups: [groupOf('', ['x'])] }, (row) => row === 'x')),
      [['x', undefined]],
    );
  });

  it('finds a row in a group of a group', () => {
    const rows = rowsUpTo(LONGEST_LIST + 1);
    const below = rows.map((row) => groupOf(row, [row, `${row} too`]));
    const top = groupOf(
      'a',
      rows.flatMap((row) => [row, `${row} too`]),
      below,
    );
    assert.deepEqual(shortly(placeOf({ ...arranged(['b', ['x']]), groups: [top] }, (row) => row === `r${PART} too`)), [
      ['a', undefined],
      [`r${PART}`, 1],
      [`r${PART} too`, undefined],
    ]);
  });

  it('has no place for a row that nobody has', () => {
    assert.equal(
      placeOf(arranged(['a', ['x']]), () => false),
      undefined,
    );
    assert.equal(
      placeOf(arranged(), () => true),
      undefined,
    );
  });

  describe('of which two are compared', () => {
    const same = (before: Arrangement<string>, after: Arrangement<string>) =>
      atOnce(sameLists(before, after, (row) => row.split(' ')[0] ?? ''));
    const base = arranged(['a', ['x 1', 'y 1']], ['b', ['z 1']]);

    it('takes them for the same whatever their rows say', () => {
      assert.equal(same(base, base), true);
      assert.equal(same(base, arranged(['a', ['x 2', 'y 1']], ['b', ['z 3']])), true);
      assert.equal(same(arranged(), arranged()), true);
    });

    for (const [what, other] of [
      ['another order of rows', arranged(['a', ['y 1', 'x 1']], ['b', ['z 1']])],
      ['another row', arranged(['a', ['x 1', 'w 1']], ['b', ['z 1']])],
      ['a row more', arranged(['a', ['x 1', 'y 1']], ['b', ['z 1', 'w 1']])],
      ['a row less', arranged(['a', ['x 1']], ['b', ['z 1']])],
      ['a row in another group', arranged(['a', ['x 1']], ['b', ['y 1', 'z 1']])],
      ['another order of groups', arranged(['b', ['z 1']], ['a', ['x 1', 'y 1']])],
      ['another group', arranged(['a', ['x 1', 'y 1']], ['c', ['z 1']])],
      ['a group less', arranged(['a', ['x 1', 'y 1']])],
      ['no groups', arranged()],
    ] as const) {
      it(`sees ${what}`, () => {
        assert.equal(same(base, other), false);
        assert.equal(same(other, base), false);
      });
    }

    it('sees another label, and another total', () => {
      const [first, ...rest] = base.groups;
      assert.equal(same(base, { ...base, groups: [{ ...first!, label: 'Other' }, ...rest] }), false);
      assert.equal(same(base, { ...base, total: 7 }), false);
    });

    it('sees what is different within a group, what a group says, and what a saved filter shows', () => {
      const inner = [groupOf('p', ['x']), groupOf('q', ['y', 'z'])];
      const outer = { ...base, groups: [groupOf('a', ['x', 'y', 'z'], inner)] };
      assert.equal(same(outer, { ...outer, groups: [groupOf('a', ['x', 'y', 'z'], [...inner])] }), true);
      for (const groups of [
        [groupOf('a', ['x', 'y', 'z'], inner.toReversed())],
        [groupOf('a', ['x', 'y', 'z'])],
        [groupOf('a', ['x', 'z', 'y'], [inner[0]!, groupOf('q', ['z', 'y'])])],
        [{ ...outer.groups[0]!, broken: 1 }],
        [{ ...outer.groups[0]!, score: 1 }],
      ]) {
        assert.equal(same(outer, { ...outer, groups }), false);
        assert.equal(same({ ...outer, groups }, outer), false);
      }
      assert.equal(same(outer, { ...outer, broken: 1 }), false);
      assert.equal(same(outer, { ...outer, saved: [groupOf('s', ['x'])] }), false);
      const flat = { ...base, grouped: false, groups: [groupOf('', ['x'])] };
      assert.equal(same(flat, { ...flat, groups: [{ ...flat.groups[0]!, broken: 1 }] }), true);
    });

    it('agrees with comparing everything at once, for any lists', () => {
      const lists = fc.array(
        fc.tuple(fc.constantFrom('a', 'b'), fc.array(fc.constantFrom('x 1', 'x 2', 'y 1'), { maxLength: 3 })),
        { maxLength: 3 },
      );
      const shape = ({ groups }: Arrangement<string>) =>
        JSON.stringify(groups.map(({ value, rows }) => [value, rows.map((row) => row.split(' ')[0])]));
      fc.assert(
        fc.property(lists, lists, (one, other) => {
          const [before, after] = [arranged(...one), arranged(...other)];
          assert.equal(same(before, after), shape(before) === shape(after));
        }),
        { numRuns: 500 },
      );
    });

    it('gives others their turn', () => {
      const rows = () => rowsUpTo(23_000).map((row) => `${row} ${Math.sqrt(2)}`);
      const steps = [...sameLists(arranged(['a', rows()]), arranged(['a', rows()]), (row) => row)];
      assert.ok(steps.length >= 4, String(steps.length));
    });
  });
});
