import type { ChangesOfService } from '../providers/changes.ts';
import { lookAgain, type LookOptions } from './check.ts';
import type { PlanRecord } from './record.ts';

/** When a service is looked at again that answered that a change was done, and showed otherwise; milliseconds. */
const LATE = 5 * 60_000;

/**
 * When each item may be looked at again, which is done once: those that the service may still take back on its own, and
 * those that were not done when it answered that they were.
 *
 * @returns places of items in the plan, with times in milliseconds since the epoch.
 */
function looks({ plan, items }: PlanRecord, changes: ChangesOfService): ReadonlyMap<number, number> {
  const times = new Map<number, number>();
  for (const [place, record] of items.entries()) {
    const kind = plan.items[place]?.kind;
    const settles = kind === undefined ? undefined : changes[kind]?.settles;
    const isDone = record.state === 'confirmed' && record.why === undefined;
    const wait = isDone ? settles : record.state === 'failed' && 'shown' in record ? (settles ?? LATE) : undefined;
    if (wait !== undefined && !('later' in record)) {
      times.set(place, (record.at ?? 0) + wait);
    }
  }
  return times;
}

/** When the next item has to be looked at again, in milliseconds since the epoch; undefined where none has to be. */
export function nextLook(record: PlanRecord, changes: ChangesOfService): number | undefined {
  const times = [...looks(record, changes).values()];
  return times.length === 0 ? undefined : times.reduce((first, time) => Math.min(first, time));
}

/** Places of the items that have to be looked at again. @param now in milliseconds since the epoch. */
export function dueItems(record: PlanRecord, changes: ChangesOfService, now: number): readonly number[] {
  return [...looks(record, changes)].filter(([, time]) => time <= now).map(([place]) => place);
}

/**
 * Looks again at the items that are due, and writes down what the service says of each now. Sends nothing.
 *
 * @param now in milliseconds since the epoch.
 * @throws {ServiceError} where the service cannot be asked, AbortError, or what the disk says: the rest stays due.
 */
export async function settle(before: PlanRecord, options: LookOptions, now: number): Promise<void> {
  await lookAgain(before, dueItems(before, options.changes, now), options, (place, _item, value) =>
    options.record.write({ at: now, settled: place, value }),
  );
}
