import assert from 'node:assert/strict';
import { WholeNumbers } from '../../../src/map/wholeNumbers.ts';

describe('whole numbers by index', () => {
  it('are 0 until they are set, wherever that is', () => {
    const numbers = new WholeNumbers();
    assert.equal(numbers.at(5), 0);
    numbers.set(5, -1);
    numbers.set(1_000_000, 7);
    numbers.set(1024, 3);
    assert.deepEqual(
      [0, 5, 1023, 1024, 999_999, 1_000_000, 1_000_001, 9_000_000, -1].map((index) => numbers.at(index)),
      [0, -1, 0, 3, 0, 7, 0, 0, 0],
    );
  });

  it('stay as they were in a copy', () => {
    const numbers = new WholeNumbers();
    numbers.set(2, 8);
    const copy = numbers.copy();
    numbers.set(2, 9);
    assert.deepEqual([copy[2], numbers.at(2)], [8, 9]);
  });
});
