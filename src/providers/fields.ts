/** Readers for fields of unknown JSON. A field of the wrong type reads as absent: one odd field never costs a record. */

export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A non-empty string; anything else is undefined. Half a surrogate pair, which no URL can carry, becomes U+FFFD. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.toWellFormed() : undefined;
}

/** A finite number, also where it came as a string, as in `"100%"` (Smartlead FACTS 3.8). */
export function number(value: unknown): number | undefined {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : undefined;
  }
  const trimmed = typeof value === 'string' ? value.trim() : '';
  const match = trimmed.length > LONGEST_NUMBER ? null : /^(-?\d+(?:\.\d+)?)\s*%?$/.exec(trimmed);
  return match ? Number(match[1]) : undefined;
}

/** Milliseconds since the epoch of an ISO 8601 date; `Date.parse` alone also finds dates in "-5" and "2, 5". */
export function time(value: unknown): number | undefined {
  const parsed =
    typeof value === 'string' && value.length <= LONGEST_NUMBER && /^\d{4}-\d\d-\d\d/.test(value)
      ? Date.parse(value)
      : Number.NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** No number and no date that means anything is written with more characters. */
const LONGEST_NUMBER = 100;

/** An identifier as a string, whether it came as a number or a string. */
export function identifier(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : text(value);
}

/** True for text that can name a record in the path of a URL: "." and ".." would lead elsewhere. */
export function isIdentifier(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed() && !['', '.', '..'].includes(value);
}

export function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

export function object(value: unknown): Json | undefined {
  return isObject(value) ? value : undefined;
}

/** The members of an array that a reader understands; undefined where there is no array. */
export function list<T>(value: unknown, read: (member: unknown) => T | undefined): T[] | undefined {
  return Array.isArray(value) ? value.map(read).filter((member) => member !== undefined) : undefined;
}

/** Records by their ids, each once. */
export function unique<T extends { readonly id: string }>(records: readonly T[]): T[] {
  return [...new Map(records.map((record) => [record.id, record])).values()];
}

/** A status code as the service sent it. */
export function code(value: unknown): number | string | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : text(value);
}
