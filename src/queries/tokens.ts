/** One value in a token, as in `status:paused|"Connection Error"`. */
export interface Alternate {
  readonly text: string;
  /** Where it starts in the source. */
  readonly start: number;
  /** `whole` between quotes: it has to be equal. `part`: it has to be contained, as has what a quote only begins. */
  readonly match: 'whole' | 'part';
}

/** A part of a filter between spaces: free words, or a facet with its values. */
export interface Token {
  readonly negated: boolean;
  /** The facet; undefined for free words. */
  readonly name: string | undefined;
  /** One of them has to match. Empty ones are what is not typed yet. */
  readonly alternates: readonly Alternate[];
  readonly start: number;
  readonly end: number;
}

const NAME = /([A-Za-z]+):/y;
const SPACE = /\s*/y;
const BARE = /[^\s"|]*/y;

/** The tokens of a filter, as in `dana -status:paused|error campaign:"Q4 launch"`. Any text has some. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let at = skip(SPACE, source, 0);
  while (at < source.length) {
    const start = at;
    const negated = source.startsWith('-', at);
    at += negated ? 1 : 0;
    const afterName = skip(NAME, source, at);
    const name = afterName > at ? source.slice(at, afterName - 1) : undefined;
    at = afterName;
    const alternates: Alternate[] = [];
    for (let more = true; more; at += more ? 1 : 0) {
      const alternate = alternateAt(source, at);
      alternates.push(alternate);
      at = alternate.end;
      more = source.startsWith('|', at);
    }
    tokens.push({ negated, name, alternates, start, end: at });
    at = skip(SPACE, source, at);
  }
  return tokens;
}

function alternateAt(source: string, start: number): Alternate & { readonly end: number } {
  if (!source.startsWith('"', start)) {
    const end = skip(BARE, source, start);
    return { text: source.slice(start, end), start, match: 'part', end };
  }
  const close = source.indexOf('"', start + 1);
  return close < 0
    ? { text: source.slice(start + 1), start, match: 'part', end: source.length }
    : { text: source.slice(start + 1, close), start, match: 'whole', end: close + 1 };
}

/** Where a sticky pattern ends that begins here; here where it does not match. */
function skip(pattern: RegExp, source: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(source) ? pattern.lastIndex : at;
}

/** A value between quotes, so that a filter finds exactly it. */
export function quoted(value: string): string {
  return `"${nameable(value).trim()}"`;
}

/** A text as it is compared: without case and accents, and as a filter can name it. */
export function plain(text: string): string {
  return SIMPLE.test(text) ? text.toLowerCase() : fold(nameable(text)).trim();
}

/** Nearly every text: ASCII without quotation marks, and spaces only one by one. Looking costs less than replacing. */
const SIMPLE = /^[!#-~]+(?: [!#-~]+)*$/;

/** There is no way to type a quotation mark in a filter, nor a line break. */
function nameable(text: string): string {
  return text.replaceAll('"', '').replace(/\s+/g, ' ');
}

/** Text without case and accents, so that `sao` finds `São`. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  // ASCII needs no folding, and is nearly everything.
  return /^\p{ASCII}*$/u.test(lower) ? lower : lower.normalize('NFD').replace(/\p{M}+/gu, '');
}

/** A comparison with a number, as in `<80`; a number alone has to be equal. Undefined for anything else. */
export function comparisonOf(text: string): Comparison | undefined {
  const match = /^(<=|>=|<|>|=)?(\d+(?:\.\d+)?)$/.exec(text.trim());
  if (match === null) {
    return undefined;
  }
  const wanted = Number(match[2]);
  return { wanted, holds: holding(match[1], wanted) };
}

export interface Comparison {
  readonly wanted: number;
  readonly holds: (number: number) => boolean;
}

function holding(sign: string | undefined, wanted: number): Comparison['holds'] {
  switch (sign) {
    case '<':
      return (number) => number < wanted;
    case '<=':
      return (number) => number <= wanted;
    case '>':
      return (number) => number > wanted;
    case '>=':
      return (number) => number >= wanted;
    default:
      return (number) => number === wanted;
  }
}
