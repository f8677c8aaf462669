/** Worlds with fewer records are for looking at one thing, and have only what chance gives them. */
const SMALLEST = 8;

/** A trouble that a record has, may be given, and is given. */
interface Trouble<T> {
  readonly has: (record: T) => boolean;
  readonly may: (record: T) => boolean;
  readonly give: (record: T) => void;
}

/**
 * Gives a world what chance left out, so that each trouble can be seen in it: where no record has it, the last one that
 * may have it gets it.
 */
export function ensureOne<T>(records: readonly T[], { has, may, give }: Trouble<T>): void {
  const chosen = records.length < SMALLEST || records.some(has) ? undefined : records.findLast(may);
  if (chosen !== undefined) {
    give(chosen);
  }
}
