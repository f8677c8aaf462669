import assert from 'node:assert/strict';
import fc from 'fast-check';
import { atOnce, eachInSteps, sortInSteps, timeForWork } from '../../../src/transport/turns.ts';
import { until } from '../../support/until.ts';

describe('work in turns', () => {
  it('sorts as one sort does, and keeps the order of what is equal', () => {
    // A stretch has a thousand places.
    const lengths = fc.constantFrom(0, 1, 2, 999, 1000, 1001, 2000, 3500, 5000);
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 40 }), fc.integer(), (length, kinds, seed) => {
        const values = Array.from({ length }, (_, place) => Math.abs(Math.imul(place + 1, seed | 1)) % kinds);
        const sorted = atOnce(sortInSteps(length, (a, b) => values[a]! - values[b]!));
        const expected = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
        assert.deepEqual([...sorted], expected);
      }),
      { numRuns: 100 },
    );
  });

  it('goes over rows in steps, also where they come as many short lists', () => {
    const visited: number[] = [];
    const between = (rows: readonly number[]) => {
      const counts: number[] = [];
      let before = visited.length;
      const steps = eachInSteps(rows, (row) => visited.push(row));
      while (steps.next().done !== true) {
        counts.push(visited.length - before);
        before = visited.length;
      }
      assert.equal(visited.length, before, 'rows after the last step');
      return counts;
    };
    assert.deepEqual(between([]), []);
    assert.deepEqual(between([1, 2, 3]), [3]);
    assert.deepEqual(between(Array.from({ length: 100 }, (_, row) => row)), [50, 50]);
    assert.deepEqual(between(Array.from({ length: 120 }, (_, row) => row)), [50, 50, 20]);
    assert.equal(visited.length, 223);
  });

  it('lets timers pass between works that begin together and take long', async () => {
    const events: string[] = [];
    const work = async (name: string) => {
      await timeForWork();
      events.push(name);
      const end = performance.now() + 20;
      while (performance.now() < end);
    };
    setImmediate(() => setTimeout(() => events.push('timer'), 1));
    // As answers that arrive at once: each goes as far as it gets before the next one.
    for (const name of ['a', 'b', 'c']) {
      setImmediate(() => void work(name));
    }
    await until(() => events.length === 4);
    assert.deepEqual(events, ['a', 'timer', 'b', 'c']);
  });

  it('lets timers pass between works that are asked for in one breath', async () => {
    const events: string[] = [];
    setTimeout(() => events.push('timer'), 1);
    const work = async (name: string) => {
      await timeForWork();
      events.push(name);
      const end = performance.now() + 20;
      while (performance.now() < end);
    };
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(work));
    assert.deepEqual(
      events.filter((event) => event !== 'timer'),
      ['a', 'b', 'c', 'd', 'e'],
    );
    assert.ok(events.indexOf('timer') < 3, events.join());
  });
});
