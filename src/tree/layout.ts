import type { Arrangement } from '../queries/arrange.ts';
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

/** Where a row stands: its group, and the parts of the list of groups and of the group that hold it. */
export interface Place {
  readonly group: number;
  readonly row: number;
  readonly groupPart: number | undefined;
  readonly rowPart: number | undefined;
}

/** The first place of a row in an arrangement; undefined where the filter hides it, or it does not exist. */
export function placeOf<T>(arrangement: Arrangement<T>, is: (row: T) => boolean): Place | undefined {
  const { groups } = arrangement;
  for (const [group, { rows }] of groups.entries()) {
    const row = rows.findIndex(is);
    if (row >= 0) {
      return { group, row, groupPart: partOf(groups.length, group), rowPart: partOf(rows.length, row) };
    }
  }
  return undefined;
}

/** Rows that are compared between two yields. */
const STEP = 5000;

/** True where two arrangements show the same rows in the same places, whatever the rows say. */
export function* sameLists<T>(
  before: Arrangement<T>,
  after: Arrangement<T>,
  keyOf: (row: T) => string,
): Steps<boolean> {
  if (before.total !== after.total || before.groups.length !== after.groups.length) {
    return false;
  }
  let compared = 0;
  for (const [place, group] of before.groups.entries()) {
    const now = after.groups[place];
    if (now?.value !== group.value || now.label !== group.label || now.rows.length !== group.rows.length) {
      return false;
    }
    if (now.rows === group.rows) {
      continue;
    }
    for (const [index, row] of now.rows.entries()) {
      const then = group.rows[index];
      if (then === undefined || (then !== row && keyOf(row) !== keyOf(then))) {
        return false;
      }
      compared += 1;
      if (compared % STEP === 0) {
        yield;
      }
    }
  }
  return true;
}
