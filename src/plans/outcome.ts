import { t } from '@vscode/l10n';
import { sameRecord } from '../map/equal.ts';
import type { ServiceError } from '../transport/errors.ts';
import { isAsWanted } from './matches.ts';
import type { PlanItem, Value } from './plan.ts';
import type { ItemState } from './record.ts';
import { valueWords } from './words.ts';

/** What became of an item, as it is written down. */
export interface Outcome {
  readonly state: Exclude<ItemState, 'sent'>;
  readonly why?: string | undefined;
  readonly shown?: Value;
}

/**
 * What became of an item, by what the service shows right after it.
 *
 * @param problem why nobody knows from the answer; undefined: the service answered that it was done.
 * @param refused whether it answered so of others only.
 */
export function outcomeOf(item: PlanItem, now: Value, problem: ServiceError | undefined, refused: boolean): Outcome {
  const shown = sameRecord(now, item.after) ? {} : { shown: now };
  if (isAsWanted(now, item)) {
    return { state: 'confirmed', ...shown };
  }
  if (refused) {
    return { state: 'failed', why: t('the service did not change it') };
  }
  if (problem === undefined) {
    const why = t('the service answered that it was done, but it is {0}', valueWords(item, now));
    return { state: 'failed', why, ...shown };
  }
  if (!sameRecord(now, item.before)) {
    return { state: 'unknown', why: t('{0} It is {1} now.', problem.message, valueWords(item, now)) };
  }
  const why = t('{0} It was unchanged right after.', problem.message);
  // Without an answer it may still be on its way there.
  return { state: answered(problem) ? 'failed' : 'unknown', why };
}

/** Whether an error is the service's own answer, with a status that says that all went well. */
function answered({ status = 0 }: ServiceError): boolean {
  return status >= 200 && status < 300;
}
