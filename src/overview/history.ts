import type { RecordHeader } from '../health/record.ts';
import { states } from '../providers/model.ts';
import { accountStateOf, noCounts, type StateCounts } from '../queries/figures.ts';
import type { Day } from './data.ts';

/** What a record says of itself, as far as it is shown. */
export type Recorded = Pick<RecordHeader, 'at' | 'states'>;

/** Days that are shown, today included. */
const DAYS = 35;

/**
 * How mailboxes were on each day, in local time, from the first one of which something is known to today. A connection
 * counts as it was last on a day, or before; a day without any record is there, and nothing is known of it.
 *
 * @param connections what was recorded of each, the newest first.
 * @param now in milliseconds since the epoch.
 * @param current how mailboxes are now; undefined where not all of them are known.
 */
export function daysOf(
  connections: readonly (readonly Recorded[])[],
  now: number,
  current: StateCounts | undefined,
): Day[] {
  const byDay = connections.map((records) => new Map(records.toReversed().map((record) => [dayOf(record.at), record])));
  const today = dayOf(now);
  const days = Array.from({ length: DAYS }, (_, index) => dayOf(now, DAYS - 1 - index));
  const known = days.filter(
    (day) => (day === today && current !== undefined) || byDay.some((records) => records.has(day)),
  );
  const first = days.indexOf(known[0] ?? today);
  const last = new Map<number, Recorded>();
  return days
    .map((date) => {
      for (const [index, records] of byDay.entries()) {
        const record = records.get(date);
        if (record !== undefined) {
          last.set(index, record);
        }
      }
      const counts = date === today && current !== undefined ? current : sumsOf(last.values());
      const since = lastOf(byDay.map((records) => records.get(date)?.at));
      const partial = counts !== current && last.size < byDay.length;
      return {
        date,
        states: known.includes(date) ? counts : undefined,
        ...(since !== undefined && { since }),
        ...(partial && { partial: true as const }),
      };
    })
    .slice(first);
}

function lastOf(times: readonly (number | undefined)[]): number | undefined {
  return times.reduce(
    (last, time) => (time === undefined || (last !== undefined && last > time) ? last : time),
    undefined,
  );
}

function sumsOf(records: Iterable<Recorded>): StateCounts {
  const sums = noCounts();
  for (const record of records) {
    for (const [place, state] of states.entries()) {
      sums[accountStateOf(state)] += record.states[place] ?? 0;
    }
  }
  return sums;
}

/** The local day of a time, or so many days before it, in ISO 8601. */
function dayOf(time: number, before = 0): string {
  const date = new Date(time);
  // At noon, so that no change of the clock moves it to another day.
  const noon = new Date(date.getFullYear(), date.getMonth(), date.getDate() - before, 12);
  const [month, day] = [noon.getMonth() + 1, noon.getDate()].map((part) => String(part).padStart(2, '0'));
  return `${noon.getFullYear()}-${month}-${day}`;
}
