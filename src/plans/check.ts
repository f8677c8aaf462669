import { t } from '@vscode/l10n';
import { sameRecord } from '../map/equal.ts';
import type { ChangesOfService } from '../providers/changes.ts';
import type { RunningRecord } from './journal.ts';
import { liveValues, type LiveReads } from './live.ts';
import { isAsWanted } from './matches.ts';
import { requestsOf, type PlanItem, type Value } from './plan.ts';
import { placesIn, type Entry, type PlanRecord } from './record.ts';
import { valueWords } from './words.ts';

/** What looking at items again works with. */
export interface LookOptions {
  readonly reads: LiveReads;
  readonly changes: ChangesOfService;
  readonly record: Pick<RunningRecord, 'write'>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds out what became of the items of a plan that were sent without an answer, and writes it down. Sends nothing. For
 * a plan that nobody is at work on; those that were never sent stay as they are.
 *
 * @throws {ServiceError} where the service cannot be asked, AbortError, or what the disk says: the rest is as it was.
 */
export async function checkPlan(before: PlanRecord, options: LookOptions): Promise<void> {
  const { record, reads } = options;
  const places = placesIn(before, 'sent', 'unknown');
  if (places.length === 0) {
    return;
  }
  await lookAgain(before, places, options, async (place, item, now) => {
    await record.write({ at: Date.now(), items: [place], ...outcomeOf(item, now) });
    if (item.kind === 'delete-campaign' && isAsWanted(now, item)) {
      reads.dropCampaign(item.id);
    }
  });
  if (before.end !== undefined) {
    // What is written about items would say that the run goes on.
    const { how, why } = before.end;
    await record.write({ at: Date.now(), end: how, why });
  }
}

function outcomeOf(item: PlanItem, now: Value): Pick<Extract<Entry, { items: unknown }>, 'state' | 'why' | 'shown'> {
  if (isAsWanted(now, item)) {
    return { state: 'confirmed', ...(sameRecord(now, item.after) ? {} : { shown: now }) };
  }
  const isUnchanged = sameRecord(now, item.before);
  return { state: 'failed', why: isUnchanged ? t('it was not done') : t('it is {0} now', valueWords(item, now)) };
}

/**
 * Reads items of a plan as the service shows them now, as many at once as one request changes.
 *
 * @throws {ServiceError} where the service cannot be asked; AbortError; what `found` throws.
 */
export async function lookAgain(
  { plan }: PlanRecord,
  places: readonly number[],
  { reads, changes, signal }: Pick<LookOptions, 'reads' | 'changes' | 'signal'>,
  found: (place: number, item: PlanItem, now: Value) => Promise<void>,
): Promise<void> {
  const placed = places.flatMap((place) => {
    const item = plan.items[place];
    return item === undefined ? [] : [{ place, item }];
  });
  const requests = requestsOf(
    placed.map(({ item }) => item),
    (kind) => changes[kind]?.most ?? 1,
  );
  for (const request of requests) {
    signal?.throwIfAborted();
    const batch = request.flatMap((index) => placed[index] ?? []);
    const values = await liveValues(
      reads,
      batch.map(({ item }) => item),
      signal,
    );
    for (const [index, { place, item }] of batch.entries()) {
      await found(place, item, values[index]);
    }
  }
}
