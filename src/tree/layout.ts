import type { Arrangement, Group } from '../queries/arrange.ts';
import type { Steps } from '../transport/turns.ts';

/** A longer list is shown in parts: VS Code takes seconds for a list of tens of thousands. */
export const LONGEST_LIST = 1000;
/** Rows of a part. */
export const PART = 500;

/** How many parts a list of that length is shown in; 0: it is shown as it is. */
export function partsOf(length: number): number {
  return length <= LONGEST_LIST ? 0 : Math.ceil(length / PART);
}

/** The part of a list of that length in which a row stands; undefined: the list is not in parts. */
export function partOf(length: number, row: number): number | undefined {
  return partsOf(length) === 0 ? undefined : Math.floor(row / PART);
}

/** Where the rows of a part start in a list of that length, and where they end; `end` is exclusive. */
export function boundsOfPart(length: number, part: number): { readonly start: number; readonly end: number } {
  const start = Math.min(length, part * PART);
  return { start, end: Math.min(length, start + PART) };
}

/** The rows of a part. */
export function rowsOfPart<T>(rows: readonly T[], part: number): readonly T[] {
  const { start, end } = boundsOfPart(rows.length, part);
  return rows.slice(start, end);
}

/** Where a row stands: the groups that hold it, and the parts of lists. */
export interface Place<T> {
  /** The outermost first, each with the part of its list of groups that it is in. None where nothing is grouped. */
  readonly groups: readonly { readonly group: Group<T>; readonly part: number | undefined }[];
  readonly row: T;
  /** The part of the innermost list that the row is in. */
  readonly part: number | undefined;
}

/** The first place of a row in an arrangement; undefined where the filter hides it, or it does not exist. */
export function placeOf<T>(arrangement: Arrangement<T>, is: (row: T) => boolean): Place<T> | undefined {
  const held = arrangement.groups.findIndex(({ rows }) => rows.some(is));
  const top = arrangement.groups[held];
  if (top === undefined) {
    return undefined;
  }
  const groups: Place<T>['groups'][number][] = arrangement.grouped
    ? [{ group: top, part: partOf(arrangement.groups.length, held) }]
    : [];
  let list = top;
  while (list.groups !== undefined) {
    const below: readonly Group<T>[] = list.groups;
    const next = below.findIndex(({ rows }) => rows.some(is));
    const group = below[next];
    if (group === undefined) {
      break;
    }
    groups.push({ group, part: partOf(below.length, next) });
    list = group;
  }
  const place = list.rows.findIndex(is);
  return { groups, row: list.rows[place] as T, part: partOf(list.rows.length, place) };
}

/** Rows that are compared between two yields. */
const STEP = 5000;

/** True where two arrangements show the same rows in the same places, and say the same of their groups. */
export function* sameLists<T>(
  before: Arrangement<T>,
  after: Arrangement<T>,
  keyOf: (row: T) => string,
): Steps<boolean> {
  return (
    before.total === after.total &&
    before.broken === after.broken &&
    // A group that is not shown says nothing.
    (yield* sameGroups(before.groups, after.groups, keyOf, before.grouped)) &&
    (yield* sameGroups(before.saved, after.saved, keyOf, true))
  );
}

function* sameGroups<T>(
  before: readonly Group<T>[],
  after: readonly Group<T>[],
  keyOf: (row: T) => string,
  withWords: boolean,
): Steps<boolean> {
  if (before.length !== after.length) {
    return false;
  }
  for (const [place, then] of before.entries()) {
    const now = after[place];
    if (now?.value !== then.value || now.rows.length !== then.rows.length) {
      return false;
    }
    if (withWords && (now.label !== then.label || now.broken !== then.broken || now.score !== then.score)) {
      return false;
    }
    const same: boolean =
      then.groups !== undefined && now.groups !== undefined
        ? yield* sameGroups(then.groups, now.groups, keyOf, true)
        : then.groups === now.groups && (yield* sameRows(then.rows, now.rows, keyOf));
    if (!same) {
      return false;
    }
  }
  return true;
}

function* sameRows<T>(before: readonly T[], after: readonly T[], keyOf: (row: T) => string): Steps<boolean> {
  if (before === after) {
    return true;
  }
  for (const [place, row] of after.entries()) {
    const then = before[place];
    if (then === undefined || (then !== row && keyOf(row) !== keyOf(then))) {
      return false;
    }
    if (place % STEP === STEP - 1) {
      yield;
    }
  }
  // Groups may be many and short.
  yield;
  return true;
}
