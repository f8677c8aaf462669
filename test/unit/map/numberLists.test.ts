import assert from 'node:assert/strict';
import fc from 'fast-check';
import { NumberLists } from '../../../src/map/numberLists.ts';

describe('lists of numbers in one block', () => {
  const list = fc.array(fc.nat({ max: 2 ** 32 - 1 }), { maxLength: 12 });
  const given = fc.record({ row: fc.nat({ max: 40 }), list: fc.option(list, { nil: undefined }) });

  it('are what was given last, whatever was given before', () => {
    fc.assert(
      fc.property(fc.array(given, { maxLength: 400 }), (steps) => {
        const [lists, expected] = [new NumberLists(), new Map<number, readonly number[]>()];
        for (const { row, list: numbers } of steps) {
          lists.set(row, numbers);
          if (numbers === undefined) {
            expected.delete(row);
          } else {
            expected.set(row, numbers);
          }
        }
        assert.deepEqual(
          [...lists.rows()],
          [...expected.keys()].toSorted((a, b) => a - b),
        );
        for (let row = 0; row <= 40; row += 1) {
          assert.deepEqual(lists.at(row), expected.get(row));
          assert.equal(lists.has(row), expected.has(row));
        }
      }),
    );
  });

  it('know what is in them', () => {
    const lists = new NumberLists();
    lists.set(0, [7]);
    lists.set(5000, []);
    lists.set(5001, [3, 7, 9]);
    const includes = (row: number) => [3, 7, 9, 1].filter((number) => lists.includes(row, number));
    assert.deepEqual([0, 1, 5000, 5001, 9999].map(includes), [[7], [], [], [3, 7, 9], []]);
  });

  it('outlive many thousand changes, and do not mix', () => {
    const lists = new NumberLists();
    for (let round = 0; round < 30; round += 1) {
      for (let row = 0; row < 3000; row += 1) {
        lists.set(
          row,
          Array.from({ length: (row + round) % 5 }, (_, place) => row * 10 + place),
        );
      }
    }
    for (let row = 0; row < 3000; row += 1) {
      assert.deepEqual(
        lists.at(row),
        Array.from({ length: (row + 29) % 5 }, (_, place) => row * 10 + place),
      );
    }
  });

  it('stay as they were where they were lent', () => {
    const lists = new NumberLists();
    lists.set(1, [1, 2]);
    const lent = lists.lend();
    lists.set(1, [3, 4]);
    lists.set(2, [5]);
    for (let row = 3; row < 9000; row += 1) {
      lists.set(row, [row, row]);
      lists.set(row, undefined);
    }
    assert.deepEqual([lent.at(1), lent.at(2), lists.at(1), lists.at(2)], [[1, 2], undefined, [3, 4], [5]]);
  });
});
