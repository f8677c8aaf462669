import { isoOf } from '../transport/times.ts';
import { csvLine } from '../queries/csv.ts';
import { isVerified } from './matches.ts';
import type { PlanRecord } from './record.ts';
import { valueWords } from './words.ts';

const COLUMNS = [
  'change',
  'at',
  'connection',
  'service',
  'title',
  'kind',
  'about',
  'id',
  'label',
  'campaign',
  'tag',
  'property',
  'before',
  'after',
  'state',
  'verified',
  'some_minutes_later',
  'why',
  'undoes',
];

/** The change log as CSV, one row an item. */
export function* changeLogCsv(records: Iterable<PlanRecord>): Generator<string, void> {
  yield csvLine(COLUMNS);
  for (const { plan, items } of records) {
    for (const [place, item] of plan.items.entries()) {
      const record = items[place];
      const { state, at, why, later } = record ?? {};
      yield csvLine([
        plan.id,
        isoOf(at ?? plan.at),
        plan.connection,
        plan.service,
        plan.title,
        item.kind,
        item.about,
        item.id,
        item.label,
        item.campaign?.name,
        item.tag?.label,
        item.property,
        valueWords(item, item.before),
        valueWords(item, item.after),
        state,
        record === undefined ? undefined : String(isVerified(item, record)),
        later === undefined ? undefined : valueWords(item, later),
        why,
        plan.undoes,
      ]);
    }
  }
}
