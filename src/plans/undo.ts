import { t } from '@vscode/l10n';
import type { ChangeKind, ChangesOfService } from '../providers/changes.ts';
import type { Items } from './make.ts';
import type { LeftOut, PlanItem, Value } from './plan.ts';
import { isAsWanted } from './matches.ts';
import type { ItemRecord, PlanRecord } from './record.ts';
import { valueWords } from './words.ts';

/** What takes each kind of change back; a kind that is not there is final. */
const INVERSE: Partial<Readonly<Record<ChangeKind, ChangeKind>>> = {
  'activate-campaign': 'pause-campaign',
  'pause-campaign': 'activate-campaign',
  'edit-campaign': 'edit-campaign',
  'pause-account': 'resume-account',
  'resume-account': 'pause-account',
  'daily-limit': 'daily-limit',
  'add-sender': 'remove-sender',
  'remove-sender': 'add-sender',
  'assign-tag': 'remove-tag',
  'remove-tag': 'assign-tag',
};

/**
 * What takes a plan back: exactly the items that are known to be done, the last first, each from what the change left to
 * what was before. A run compares each with what the service says then, so that what somebody changed since stays.
 */
export function undoItems({ plan, items }: PlanRecord, changes: ChangesOfService): Items {
  const back: PlanItem[] = [];
  const leftOut: LeftOut[] = [];
  /** Where what takes an item back stands, by its place in the plan. */
  const placeOf = new Map<number, number>();
  const needs: { readonly first: number; readonly then: number }[] = [];
  for (const [place, item] of [...plan.items.entries()].reverse()) {
    const { id, label } = item;
    const record = items[place];
    const kind = INVERSE[item.kind];
    const why = whyNot(item, kind, changes);
    const left = leftBy(item, record);
    if (left === undefined) {
      continue;
    }
    if (kind === undefined || why !== undefined) {
      leftOut.push({ id, label, why: why ?? t('this cannot be undone') });
    } else {
      const words = item.words && { before: item.words.after, after: item.words.before };
      placeOf.set(place, back.length);
      if (item.needs !== undefined) {
        needs.push({ first: place, then: item.needs });
      }
      back.push({ ...item, kind, before: left, after: formerOf(item), words, needs: undefined });
    }
  }
  for (const { first, then } of needs) {
    const [before, after] = [placeOf.get(first), placeOf.get(then)];
    const item = after === undefined ? undefined : back[after];
    if (after !== undefined && item !== undefined) {
      back[after] = { ...item, needs: before };
    }
  }
  return { items: back, leftOut };
}

/** What a change left, as the service shows it; undefined where it was not this plan that changed it. */
function leftBy(item: PlanItem, record: ItemRecord | undefined): Value {
  if (record?.state === 'confirmed') {
    return record.why === undefined ? (record.shown ?? item.after) : undefined;
  }
  // It was done later than the service answered.
  return record?.shown !== undefined && isAsWanted(record.later, item) ? record.later : undefined;
}

/** What was before. A list that was not set becomes an empty one, because no list can be taken away. */
function formerOf({ kind, before, after }: PlanItem): Value {
  return kind === 'edit-campaign' && before === null && Array.isArray(after) ? [] : before;
}

/** Why an item cannot be taken back; undefined where it can. */
function whyNot(item: PlanItem, kind: ChangeKind | undefined, changes: ChangesOfService): string | undefined {
  const means = kind === undefined ? undefined : changes[kind];
  if (means === undefined) {
    return t('this cannot be undone');
  }
  const required = item.before === null && means.required?.includes(item.property ?? '') === true;
  const reachable = !required && (means.becomes === undefined || means.becomes === item.before);
  // No service takes a limit away again, or a status that it sets itself.
  return reachable && (item.kind !== 'daily-limit' || item.before !== null)
    ? undefined
    : t('what it was before, {0}, cannot be set', valueWords(item, item.before));
}

/** Whether any of a plan can be taken back. */
export function canUndo(record: PlanRecord, changes: ChangesOfService): boolean {
  return undoItems(record, changes).items.length > 0;
}
