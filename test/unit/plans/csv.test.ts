import assert from 'node:assert/strict';
import { changeLogCsv } from '../../../src/plans/csv.ts';
import { campaignItems } from '../../../src/plans/make.ts';
import { instantly } from '../../../src/providers/instantly/info.ts';
import { MemoryRecord, planOf } from '../../support/plans.ts';
import { campaign } from '../../support/records.ts';

describe('the change log as CSV', () => {
  it('says of each item what was seen of it later, and whether it is verified', () => {
    const paused = ['a', 'b', 'c'].map((id) => campaign(id, { status: 2, state: 'paused', statusWords: 'Paused' }));
    const plan = planOf('instantly', { items: campaignItems('activate-campaign', paused, instantly.changes).items });
    const record = new MemoryRecord(plan, [
      { at: 1, items: [0, 1], state: 'confirmed' },
      { at: 300_000, settled: 1, value: -1 },
    ]);
    const [head = '', ...rows] = [...changeLogCsv([record.read()])].map((line) => line.trim().split(','));
    const columns = ['id', 'state', 'verified', 'some_minutes_later'].map((name) => head.indexOf(name));
    assert.deepEqual(
      rows.map((row) => columns.map((column) => row[column])),
      [
        ['a', 'confirmed', 'true', ''],
        // As text, because a spreadsheet would calculate it.
        ['b', 'confirmed', 'false', "'-1"],
        ['c', 'planned', 'false', ''],
      ],
    );
  });
});
