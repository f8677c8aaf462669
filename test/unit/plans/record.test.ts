import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PlanItem } from '../../../src/plans/plan.ts';
import {
  countStates,
  firstLine,
  isOpen,
  itemStates,
  lineOf,
  placesIn,
  readRecord,
  type Entry,
} from '../../../src/plans/record.ts';
import { hostileText, hostileValue } from '../../support/arbitraries.ts';
import { planOf } from '../../support/plans.ts';

const item = (id: string): PlanItem => ({
  kind: 'pause-account',
  about: 'account',
  id,
  label: id,
  before: 1,
  after: 2,
});
const plan = planOf('instantly', { items: ['a', 'b', 'c'].map(item) });
const textOf = (...entries: readonly Entry[]) => firstLine(plan) + entries.map(lineOf).join('');

describe('record of a plan', () => {
  it('says of each item what was written last', () => {
    const record = readRecord(
      textOf(
        { at: 1, items: [0, 1], state: 'sent' },
        { at: 2, items: [0], state: 'confirmed', shown: 7 },
        { at: 3, items: [1], state: 'failed', why: 'it is gone' },
        { at: 4, settled: 0, value: -1 },
        { at: 5, end: 'cancelled' },
      ),
    );
    assert.deepEqual(record, {
      plan,
      items: [
        { state: 'confirmed', at: 2, why: undefined, shown: 7, later: -1 },
        { state: 'failed', at: 3, why: 'it is gone' },
        { state: 'planned' },
      ],
      end: { at: 5, how: 'cancelled', why: undefined },
    });
    assert.deepEqual(countStates(record), { planned: 1, sent: 0, confirmed: 1, failed: 1, unknown: 0 });
    assert.deepEqual([placesIn(record, 'planned'), placesIn(record, 'confirmed', 'failed')], [[2], [0, 1]]);
    assert.equal(isOpen(record), false);
  });

  it('is under way again where something is written after its end', () => {
    const record = readRecord(textOf({ at: 1, end: 'cancelled' }, { at: 2, items: [0], state: 'confirmed' }));
    assert.equal(record?.end, undefined);
    assert.equal(isOpen(record!), true);
  });

  it('is open where nobody knows what became of an item', () => {
    for (const state of ['sent', 'unknown'] as const) {
      assert.equal(isOpen(readRecord(textOf({ at: 1, items: [0], state }, { at: 2, end: 'finished' }))!), true);
    }
  });

  it('ignores lines that it does not know, and half ones', () => {
    const odd = [
      '', 'null', '7', '[]', '{}', '{"at":1}', '{"at":1,"items":[0]}', '{"at":1,"items":[0],"state":"vanished"}',
      '{"at":1,"items":0,"state":"failed"}', '{"at":1,"items":["0","length",-1,0.5,3,null],"state":"failed"}',
      '{"at":1,"settled":9,"value":1}', '{"at":1,"settled":"0","value":1}', '{"at":1,"end":"later"}', '{"at":1,"items":[0],"state":"fai',
    ]; // prettier-ignore
    const record = readRecord(textOf({ at: 1, items: [0], state: 'sent' }) + odd.join('\n'));
    assert.deepEqual(
      record?.items.map(({ state }) => state),
      ['sent', 'planned', 'planned'],
    );
  });

  it('reads no plan of a later version, nor half of one', () => {
    const line = firstLine(plan);
    for (const text of [
      '',
      '\n',
      line.slice(0, -20),
      line.replace('"sendmap":1', '"sendmap":2'),
      '{"sendmap":1}',
      '{"sendmap":1,"plan":{"items":3}}',
    ]) {
      assert.equal(readRecord(text), undefined, text);
    }
  });

  it('reads what was written, whatever stands in it and wherever it is cut', () => {
    const entry: fc.Arbitrary<Entry> = fc.oneof(
      fc.record(
        {
          at: fc.nat(),
          items: fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 3 }),
          state: fc.constantFrom(...itemStates),
          why: hostileText,
        },
        { requiredKeys: ['at', 'items', 'state'] },
      ),
      fc.record({ at: fc.nat(), settled: fc.nat(2), value: hostileValue }),
      fc.record({ at: fc.nat(), end: fc.constantFrom('finished', 'cancelled', 'stopped') }),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), hostileText, fc.nat(60), (entries, label, cut) => {
        const head = { ...plan, title: label, items: plan.items.map((one) => ({ ...one, label })) };
        const text = firstLine(head) + entries.map(lineOf).join('');
        const whole = readRecord(text);
        assert.deepEqual(whole?.plan, JSON.parse(JSON.stringify(head)));
        const last = lineOf(entries.at(-1) ?? { at: 0, end: 'finished' });
        const short = Math.min(cut + 1, last.length - 1);
        if (entries.length > 0 && short > 1) {
          // A line that was cut says nothing, and what is written after it is whole.
          const torn = text.slice(0, -short);
          const before = readRecord(firstLine(head) + entries.slice(0, -1).map(lineOf).join(''));
          assert.deepEqual(readRecord(torn), before);
          const next = lineOf({ at: 9, items: [0], state: 'unknown' });
          assert.equal(readRecord(`${torn}\n${next}`)?.items[0]?.state, 'unknown');
        }
      }),
      { numRuns: 60 },
    );
  });
});
