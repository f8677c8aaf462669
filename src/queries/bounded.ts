import type { Json } from '../providers/fields.ts';
import { isCredential } from '../transport/redaction.ts';

/** The longest text from a service or a server in a report, in UTF-16 units. */
const LONGEST = 500;

/** Text from outside, as long as a report needs it; what is cut ends with an ellipsis. */
export function bounded(text: string, longest = LONGEST): string {
  return text.length <= longest ? text.toWellFormed() : `${text.slice(0, longest - 1).toWellFormed()}…`;
}

/** Properties of one record that are kept. */
const MOST = 20;

/** The plain values of a record in a shape that nobody documents, bounded; what is nested is left out, and so are credentials. */
export function plainValues(record: Json): Json {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([name, value]) => ['string', 'number', 'boolean'].includes(typeof value) && !isCredential(name, value))
      .slice(0, MOST)
      .map(([name, value]) => [bounded(name, 100), typeof value === 'string' ? bounded(value) : value]),
  );
}
