import assert from 'node:assert/strict';
import { isAsWanted } from '../../../src/plans/matches.ts';

const step = (rest: object) => [{ steps: [{ type: 'email', delay: 2, variants: [], ...rest }] }];

describe('what the service shows after a change', () => {
  it('is what was wanted with what the service fills in inside the members of a list', () => {
    const item = { before: step({ delay_unit: 'days' }), after: step({ delay: 3 }) };
    assert.ok(isAsWanted(step({ delay: 3, delay_unit: 'days', pre_delay_unit: 'days' }), item));
    assert.ok(!isAsWanted(step({ delay: 2, delay_unit: 'days' }), item));
    assert.ok(!isAsWanted([{ steps: [] }], item));
  });

  it('is not what was wanted where something that was to go stayed', () => {
    const item = { before: { end_date: '2026-12-31', schedules: [1] }, after: { schedules: [2] } };
    assert.ok(isAsWanted({ schedules: [2], start_date: '2026-01-01' }, item));
    assert.ok(!isAsWanted({ schedules: [2], end_date: '2026-12-31' }, item));
  });

  it('is what was wanted where null inside an object is not set', () => {
    assert.ok(isAsWanted({ schedules: [] }, { before: {}, after: { end_date: null, schedules: [] } }));
  });

  it('is nothing that was wanted where what it is about is gone', () => {
    assert.ok(!isAsWanted(undefined, { before: 5, after: null }));
    assert.ok(!isAsWanted(undefined, { before: null, after: [] }));
  });

  it('is not confused by names that every object has', () => {
    assert.ok(isAsWanted({ a: 1, constructor: 'x' }, { before: {}, after: { a: 1 } }));
    assert.ok(!isAsWanted({ a: 1 }, { before: {}, after: { constructor: 'x' } }));
  });
});
