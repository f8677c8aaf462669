import assert from 'node:assert/strict';
import { Calendar } from '../../../src/health/calendar.ts';

const at = (time: string) => Date.parse(time);

describe('the calendar', () => {
  it('has the day of each time zone', () => {
    const calendar = new Calendar(at('2026-11-23T02:45:00Z'));
    assert.equal(calendar.today('America/Chicago'), '2026-11-22');
    assert.equal(calendar.today('Europe/Berlin'), '2026-11-23');
    assert.equal(calendar.today('Pacific/Kiritimati'), '2026-11-23');
    assert.equal(calendar.today('Pacific/Pago_Pago'), '2026-11-22');
  });

  it('goes by this machine where a time zone is absent or unknown', () => {
    const now = new Date();
    const here = now.toLocaleDateString('sv-SE');
    const calendar = new Calendar(now.getTime());
    assert.equal(calendar.today(), here);
    assert.equal(calendar.today('command:nowhere'), here);
  });

  it('says where midnight has passed, and only for zones that were asked for', () => {
    const calendar = new Calendar(at('2026-11-23T04:00:00Z'));
    assert.equal(calendar.today('America/Chicago'), '2026-11-22');
    assert.equal(calendar.turn(at('2026-11-23T05:59:59Z')), false);
    assert.equal(calendar.turn(at('2026-11-23T06:00:00Z')), true);
    assert.equal(calendar.today('America/Chicago'), '2026-11-23');
    // Where midnight has not passed, nothing is worked out again.
    assert.equal(calendar.turn(at('2026-11-23T12:00:00Z')), false);
    assert.equal(calendar.turn(at('2026-11-25T12:00:00Z')), true);
  });

  it('stands still between two turns', () => {
    const calendar = new Calendar(at('2026-11-23T05:59:59Z'));
    assert.equal(calendar.turn(at('2026-11-23T05:59:59.999Z')), false);
    assert.equal(calendar.today('America/Chicago'), '2026-11-22');
  });
});
