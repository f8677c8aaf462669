import assert from 'node:assert/strict';
import type { Schedule } from '../../../src/providers/model.ts';
import { dayIn, openingOf } from '../../../src/queries/schedule.ts';

const weekdays: Schedule = { days: [1, 2, 3, 4, 5], from: '09:00', to: '17:30', timezone: 'Europe/Belgrade' };
/** A Friday in Belgrade, where it is an hour later. */
const at = (time: string) => Date.parse(`2026-11-20T${time}:00Z`);

describe('whether a schedule is open', () => {
  it('depends on the day and the time in its time zone, the end excluded', () => {
    assert.equal(openingOf(weekdays, at('07:59')), 'closed');
    assert.equal(openingOf(weekdays, at('08:00')), 'open');
    assert.equal(openingOf(weekdays, at('16:29')), 'open');
    assert.equal(openingOf(weekdays, at('16:30')), 'closed');
    assert.equal(openingOf({ ...weekdays, days: [0, 6] }, at('12:00')), 'closed');
    // It is Saturday there already.
    assert.equal(
      openingOf({ days: [6], from: '00:00', to: '23:59', timezone: 'Pacific/Auckland' }, at('12:00')),
      'open',
    );
  });

  it('depends on its first and its last day, both included', () => {
    assert.equal(openingOf({ ...weekdays, endsOn: '2026-11-19' }, at('12:00')), 'over');
    assert.equal(openingOf({ ...weekdays, endsOn: '2026-11-20' }, at('12:00')), 'open');
    assert.equal(openingOf({ ...weekdays, startsOn: '2026-11-21' }, at('12:00')), 'notYet');
    assert.equal(openingOf({ ...weekdays, startsOn: '2026-11-20' }, at('12:00')), 'open');
    // A time is a day in the time zone of the schedule.
    assert.equal(openingOf({ ...weekdays, endsOn: '2026-11-19T23:30:00.000Z' }, at('12:00')), 'open');
    assert.equal(openingOf({ ...weekdays, endsOn: '2026-11-19T22:30:00.000Z' }, at('12:00')), 'over');
    assert.equal(openingOf({ ...weekdays, startsOn: 'soon' }, at('12:00')), 'open');
    // A date is that day in any time zone, and is not moved by midnight elsewhere.
    const west = { ...weekdays, timezone: 'America/Los_Angeles' };
    assert.equal(openingOf({ ...west, startsOn: '2026-11-21' }, at('18:00')), 'notYet');
    assert.equal(openingOf({ ...west, endsOn: '2026-11-20' }, at('18:00')), 'open');
  });

  it('is never without a day', () => {
    assert.equal(openingOf({ ...weekdays, days: [] }, at('12:00')), 'never');
  });

  it('is unknown where the zone is, and where the hours go over midnight or are none', () => {
    assert.equal(openingOf({ ...weekdays, timezone: undefined }, at('12:00')), undefined);
    assert.equal(openingOf({ ...weekdays, timezone: 'Mars/Olympus' }, at('12:00')), undefined);
    assert.equal(openingOf({ ...weekdays, from: '22:00', to: '06:00' }, at('12:00')), undefined);
    assert.equal(openingOf({ ...weekdays, from: '9:00' }, at('12:00')), undefined);
    assert.equal(openingOf({ ...weekdays, to: '' }, at('12:00')), undefined);
    assert.equal(openingOf({ ...weekdays, from: '12:00', to: '12:00' }, at('11:00')), undefined);
  });

  it('asks which day it is in a time zone', () => {
    assert.equal(dayIn('Pacific/Auckland', at('12:00')), '2026-11-21');
    assert.equal(dayIn('Europe/Belgrade', at('12:00')), '2026-11-20');
    assert.equal(dayIn('Mars/Olympus', at('12:00')), undefined);
    assert.equal(dayIn(undefined, at('12:00')), undefined);
  });
});
