import { sameRecord } from '../map/equal.ts';
import type { Json } from '../providers/fields.ts';
import type { Value } from './plan.ts';

/**
 * How a property stands: changed in the draft alone, in the campaign alone, in both to the same, in both to something
 * else, or taken out of the draft, which leaves it as it is.
 */
export type MergeKind = 'here' | 'there' | 'same' | 'conflict' | 'omitted';

/** A property that is not as it was when the draft was made, here or there. null: it is not set. */
export interface MergedProperty {
  readonly property: string;
  readonly kind: MergeKind;
  readonly base: Value;
  readonly draft: Value;
  readonly live: Value;
}

/** What becomes of a conflict: the value of the campaign stays, or that of the draft goes out. */
export type Resolution = 'theirs' | 'mine';

export type Resolutions = ReadonlyMap<string, Resolution>;

/** A property that goes out. */
export interface PropertyChange {
  readonly property: string;
  readonly before: Value;
  readonly after: Value;
}

/**
 * Compares a draft with what it was made from and with what the campaign is now, property by property. A value that is
 * not set and null are the same: services leave out what is not set (Instantly FACTS 1).
 *
 * @param settable names of the properties that are compared.
 */
export function merge(base: Json, draft: Json, live: Json, settable: Iterable<string>): readonly MergedProperty[] {
  const merged: MergedProperty[] = [];
  for (const property of settable) {
    const [was, mine, theirs] = [valueOf(base, property), valueOf(draft, property), valueOf(live, property)];
    const kind = kindOf(was, mine, theirs, Object.hasOwn(draft, property));
    if (kind !== undefined) {
      merged.push({ property, kind, base: was, draft: mine, live: theirs });
    }
  }
  return merged;
}

/** What goes out: what was changed here alone, and conflicts that were decided for the draft. */
export function changesOf(merged: readonly MergedProperty[], resolutions: Resolutions): readonly PropertyChange[] {
  return merged
    .filter(({ property, kind }) => kind === 'here' || (kind === 'conflict' && resolutions.get(property) === 'mine'))
    .map(({ property, draft, live }) => ({ property, before: live, after: draft }));
}

/** The settable properties as they are in a campaign, in its order; what is not set is left out. */
export function settableOf(properties: Json, settable: Iterable<string>): Json {
  const names = new Set(settable);
  return Object.fromEntries(
    Object.entries(properties).filter(([name, value]) => names.has(name) && value !== null && value !== undefined),
  );
}

/** How a campaign will be with changes, in the order that it has; what is taken away is left out. */
export function withChanges(live: Json, changes: readonly PropertyChange[]): Json {
  const result = { ...live, ...Object.fromEntries(changes.map(({ property, after }) => [property, after])) };
  return settableOf(result, Object.keys(result));
}

function kindOf(base: Value, draft: Value, live: Value, inDraft: boolean): MergeKind | undefined {
  if (!inDraft && base !== null) {
    return 'omitted';
  }
  const [here, there] = [!sameRecord(base, draft), !sameRecord(base, live)];
  if (here && there) {
    return sameRecord(draft, live) ? 'same' : 'conflict';
  }
  return here ? 'here' : there ? 'there' : undefined;
}

function valueOf(properties: Json, property: string): Value {
  return (Object.hasOwn(properties, property) ? properties[property] : undefined) ?? null;
}
