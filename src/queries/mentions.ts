import { isObject } from '../providers/fields.ts';

/** Values of a record that are looked at: more than any entry has. */
const MOST = 5000;

/**
 * Whether a text somewhere in a record of unknown shape is one of these names, whatever its case. A name within a longer
 * text does not count: `a@x.com` stands in `aa@x.com` too.
 *
 * @param names in lower case.
 */
export function mentions(record: unknown, names: ReadonlySet<string>): boolean {
  const waiting: unknown[] = [record];
  for (let looked = 0; looked < MOST && waiting.length > 0; looked += 1) {
    const value = waiting.pop();
    if (typeof value === 'string' || typeof value === 'number') {
      if (names.has(String(value).toLowerCase())) {
        return true;
      }
    } else if (Array.isArray(value) || isObject(value)) {
      for (const member of Object.values(value)) {
        waiting.push(member);
      }
    }
  }
  return false;
}
