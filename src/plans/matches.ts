import { sameRecord } from '../map/equal.ts';
import { isObject } from '../providers/fields.ts';
import type { PlanItem, Value } from './plan.ts';
import type { ItemRecord } from './record.ts';

/**
 * Whether the service shows what an item wants. It may show more than was sent, because services add what they set
 * themselves, but not just what was there before.
 */
export function isAsWanted(now: Value, { before, after }: Pick<PlanItem, 'before' | 'after'>): boolean {
  if (now === undefined) {
    // What it is about is gone, which is not the same as a property that is not set.
    return after === undefined;
  }
  return sameRecord(now, after) || (!sameRecord(now, before) && holds(now, after, before));
}

/** Whether a change was confirmed, and nothing that was read since says otherwise. */
export function isVerified(item: PlanItem, { state, later }: Pick<ItemRecord, 'state' | 'later'>): boolean {
  return state === 'confirmed' && (later === undefined || isAsWanted(later, item));
}

/**
 * Whether a value has all of another one. Lists have the same members; null and an absent property are the same. What
 * was not sent may not be just what was there, because it was to go; but members of lists are made again, and what the
 * service adds to them counts for nothing.
 *
 * @param before undefined where nothing could stay.
 */
function holds(now: unknown, wanted: unknown, before: unknown): boolean {
  if (Array.isArray(now) && Array.isArray(wanted)) {
    return now.length === wanted.length && wanted.every((member, index) => holds(now[index], member, undefined));
  }
  if (Array.isArray(wanted) && wanted.length === 0) {
    // A service may leave out what is empty.
    return (now ?? null) === null;
  }
  if (!isObject(now) || !isObject(wanted)) {
    return sameRecord(now ?? null, wanted ?? null);
  }
  const stayed = (name: string) => own(wanted, name) === undefined && sameRecord(own(now, name), own(before, name));
  return (
    Object.keys(wanted).every((name) => holds(own(now, name), own(wanted, name), own(before, name))) &&
    !Object.keys(now).some((name) => own(now, name) !== undefined && stayed(name))
  );
}

function own(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
