import assert from 'node:assert/strict';
import { isFresh, timerDelay } from '../../../src/transport/time.ts';

const NOW = Date.UTC(2026, 10, 21);
const YEAR = 365 * 24 * 60 * 60_000;

describe('time', () => {
  it('takes for fresh what is not older than it may be, and never what comes from the future', () => {
    for (const [at, life, fresh] of [
      [NOW, 1000, true],
      [NOW - 1000, 1000, true],
      [NOW - 1001, 1000, false],
      [NOW - YEAR, Infinity, true],
      // Two clocks that are both right.
      [NOW + 2000, 1000, true],
      [NOW + 60_000, 1000, false],
      [NOW + YEAR, Infinity, false],
      [Infinity, Infinity, false],
      [Number.NaN, Infinity, false],
    ] as const) {
      assert.equal(isFresh(at, life, NOW), fresh, `${at - NOW} ${life}`);
    }
  });

  it('gives timers delays that they can wait', () => {
    assert.deepEqual(
      [-Infinity, -1, 0, 1, 2 ** 31, 1e30, Infinity].map((delay) => timerDelay(delay)),
      [0, 0, 0, 1, 2 ** 31 - 1, 2 ** 31 - 1, 2 ** 31 - 1],
    );
  });
});
