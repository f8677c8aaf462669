import { stringify } from 'csv-stringify/sync';

/** What stands in a cell. */
export type Cell = string | number | undefined;

/** One line of a CSV file, in which no text is a formula. */
export function csvLine(line: readonly Cell[]): string {
  return stringify([line.map((cell) => (typeof cell === 'string' ? guard(cell) : cell))], {
    record_delimiter: '\r\n',
    // By default only what contains a comma, a quote or a whole line break is quoted.
    quoted_match: /[;|\t\r\n]/,
  });
}

/** What a spreadsheet takes for the start of a formula, with anything that it may skip before it. */
const FORMULA = String.raw`(?:(?![\t\r\n])[\s\p{C}"])*[=+\-@＝＋－＠﹦﹢﹣﹫]`;
const AT_START = new RegExp(`^(?:['\\t\\r\\n]|${FORMULA})`, 'u');
const AFTER_SEPARATOR = new RegExp(`(?:\\r\\n|[,;|\\t\\r\\n])(?='|${FORMULA})`, 'gu');

/**
 * A text that a spreadsheet takes for a formula gets an apostrophe before it, and so does one that begins with an
 * apostrophe. Where a locale separates cells with `;`, or a person chooses another separator, quotes in the middle of a
 * line do not count, and the cell is split: so the same goes for each part of a text after a comma, semicolon, bar, tab
 * or line break.
 *
 * A program that reads the file removes one apostrophe at the beginning and one after each of these, where there is
 * one, and gets exactly what was exported.
 */
export function guard(text: string): string {
  const inside = text.replace(AFTER_SEPARATOR, "$&'");
  return AT_START.test(inside) ? `'${inside}` : inside;
}
