import assert from 'node:assert/strict';
import { changeLines } from '../../../src/plans/draftWords.ts';

const lines = (before: unknown, after: unknown) => changeLines({ property: 'p', before, after });

describe('the words for a change of a property', () => {
  it('are what it was and what it becomes', () => {
    assert.deepEqual(lines(30, 50), ['p: 30 → 50']);
    assert.deepEqual(lines(null, true), ['p: not set → true']);
  });

  it('are what comes and what goes of a list', () => {
    assert.deepEqual(lines(['a@x', 'b@x'], ['b@x', 'c@x', 'd@x']), [
      'p: 2 → 3, replaced whole; comes: c@x, d@x; goes: a@x',
    ]);
    assert.deepEqual(lines(null, ['a@x']), ['p: 0 → 1, replaced whole; comes: a@x']);
    assert.deepEqual(lines(['a', 'b'], ['b', 'a']), ['p: in another order']);
  });

  it('name few of many', () => {
    const [line = ''] = lines(
      [],
      Array.from({ length: 5000 }, (_, index) => `a${index}@example.com`),
    );
    assert.match(line, /a9@example\.com and 4990 more$/);
  });

  it('are the steps of a sequence by their subjects', () => {
    const step = (subject: string, delay: number) => ({ type: 'email', delay, variants: [{ subject, body: 'b' }] });
    assert.deepEqual(lines([{ steps: [step('Hi', 1)] }], [{ steps: [step('Hi', 2), step('Again', 1)] }]), [
      'p: 1 → 2, replaced whole; comes: 1. Hi, 2. Again; goes: 1. Hi',
    ]);
  });

  it('are one line for each part of an object', () => {
    assert.deepEqual(lines({ end_date: null, schedules: [{ name: 'A' }] }, { end_date: '2026-12-31', schedules: [] }), [
      'p.end_date: not set → 2026-12-31',
      'p.schedules: 1 → 0, replaced whole; goes: 1. A',
    ]);
  });
});
