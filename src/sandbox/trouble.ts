/** Worlds with fewer records are for looking at one thing, and have only what chance gives them. */
const SMALLEST = 8;

/**
 * Gives a world what chance left out, so that each trouble can be seen in it: where no record has it, the last one that
 * may have it gets it.
 */
export function ensureOne<T>(
  records: readonly T[],
  { has, may, give }: { has(record: T): boolean; may(record: T): boolean; give(record: T): void },
): void {
  const chosen = records.length < SMALLEST || records.some(has) ? undefined : records.findLast(may);
  if (chosen !== undefined) {
    give(chosen);
  }
}
