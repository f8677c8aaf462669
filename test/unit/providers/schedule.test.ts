import assert from 'node:assert/strict';
import { decodeCampaign as decodeInstantly } from '../../../src/providers/instantly/decode.ts';
import type { Campaign } from '../../../src/providers/model.ts';
import { decodeCampaign as decodeSmartlead } from '../../../src/providers/smartlead/decode.ts';

/** The days on which a campaign sends; undefined where they are not known. */
function daysOf(campaign: Campaign | string): readonly number[] | undefined {
  assert.ok(typeof campaign !== 'string');
  return campaign.schedule?.days;
}

const instantly = (days: unknown) =>
  daysOf(
    decodeInstantly({
      ...{ id: '019e0e3e-0000-7000-8000-000000000000', name: 'C', status: 1 },
      campaign_schedule: { schedules: [{ timing: { from: '09:00', to: '17:00' }, timezone: 'UTC', days }] },
    }),
  );
const smartlead = (days: unknown) =>
  daysOf(
    decodeSmartlead({
      ...{ id: 1, name: 'C', status: 'ACTIVE' },
      scheduler_cron_value: { tz: 'UTC', startHour: '09:00', endHour: '17:00', days },
    }),
  );

describe('the days of a schedule', () => {
  it('are those that are on, of which there may be none', () => {
    assert.deepEqual(instantly({ 1: true, 2: false, 5: true }), [1, 5]);
    assert.deepEqual(instantly({}), []);
    assert.deepEqual(smartlead([5, 1]), [1, 5]);
    assert.deepEqual(smartlead([]), []);
  });

  it('are not known where they are absent or in another shape: a schedule that never opens would be a finding', () => {
    for (const odd of [undefined, null, 'Mon-Fri', 5]) {
      assert.equal(instantly(odd), undefined);
      assert.equal(smartlead(odd), undefined);
    }
    assert.equal(smartlead(['Mon', 2]), undefined);
  });
});
