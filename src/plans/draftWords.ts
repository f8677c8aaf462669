import { t } from '@vscode/l10n';
import { sameRecord } from '../map/equal.ts';
import { isObject } from '../providers/fields.ts';
import type { PropertyChange } from './merge.ts';
import type { Value } from './plan.ts';
import { propertyWords } from './words.ts';

/** Members of a list that a line names, of those that come and those that go. */
const NAMED = 10;

/**
 * A change of a property in lines: `property: old → new`, for objects one for each that differs inside. Lists are replaced
 * whole by their service, so of them a line says what comes and what goes (Instantly FACTS 2.3).
 */
export function changeLines({ property, before, after }: PropertyChange): readonly string[] {
  if (isObject(before) && isObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names]
      .map((name) => ({ property: `${property}.${name}`, before: before[name] ?? null, after: after[name] ?? null }))
      .filter((change) => !sameRecord(change.before, change.after))
      .flatMap(changeLines);
  }
  const [old, next] = [membersOf(before), membersOf(after)];
  if (old === undefined || next === undefined) {
    return [t('{0}: {1} → {2}', property, propertyWords(before), propertyWords(after))];
  }
  const comes = namedMembers(next, old);
  const goes = namedMembers(old, next);
  if (comes.length + goes.length === 0) {
    return [t('{0}: in another order', property)];
  }
  const parts = [
    t('{0}: {1} → {2}, replaced whole', property, old.length, next.length),
    ...(comes.length > 0 ? [t('comes: {0}', listed(comes))] : []),
    ...(goes.length > 0 ? [t('goes: {0}', listed(goes))] : []),
  ];
  return [parts.join('; ')];
}

/** The members of a list; those of the inner one where a list is in an object that is all there is of another. */
function membersOf(value: Value): readonly unknown[] | undefined {
  if (value === null) {
    return [];
  }
  if (!Array.isArray(value)) {
    return undefined;
  }
  const members: readonly unknown[] = value;
  const [only] = members;
  const inner = members.length === 1 && isObject(only) ? Object.values(only) : [];
  return inner.length === 1 && Array.isArray(inner[0]) ? (inner[0] as readonly unknown[]) : members;
}

/** The members of a list that the other one does not have. */
function namedMembers(list: readonly unknown[], other: readonly unknown[]): readonly string[] {
  const known = new Set(other.map((member) => JSON.stringify(member)));
  return [...list.entries()]
    .filter(([, member]) => !known.has(JSON.stringify(member)))
    .map(([place, member]) =>
      isObject(member) ? t('{0}. {1}', place + 1, propertyWords(titleIn(member))) : propertyWords(member),
    );
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).join(', ');
  return names.length > NAMED ? t('{0} and {1} more', shown, names.length - NAMED) : shown;
}

/** What a member calls itself, however deep; otherwise all of it. */
function titleIn(member: unknown): unknown {
  return titleOf(member) ?? member;
}

function titleOf(value: unknown): string | undefined {
  if (!isObject(value) && !Array.isArray(value)) {
    return undefined;
  }
  for (const [name, inner] of Object.entries(value)) {
    const title =
      typeof inner === 'string' && inner !== '' && (name === 'subject' || name === 'name') ? inner : titleOf(inner);
    if (title !== undefined) {
      return title;
    }
  }
  return undefined;
}
