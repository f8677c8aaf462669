import { setImmediate as nextTurn } from 'node:timers/promises';
import { createScanner } from 'jsonc-parser';

/** What stands where a secret was. */
export const MASK = '•••';

/** Shorter ones are parts of ordinary words. */
const SHORTEST_KEY = 4;

/** How many nested encodings are looked through, as in a URL in HTML in JSON. */
const MOST_LAYERS = 6;

/** Characters that are looked through before other work in the extension host gets its turn. */
const TURN = 500_000;
/** No form of a key, however it is escaped, is taken to be longer than this, in characters. */
const LONGEST_FORM = 50_000;

/** One layer of percent-encoding, of HTML entities or of JSON and JavaScript escapes. */
const ESCAPE =
  /%(?<percent>[\da-f]{2})|&(?:(?:#(?<decimal>\d{1,8})|#x(?<hex>[\da-f]{1,8}));?|(?<name>amp|lt|gt|quot|apos|sol|plus|equals);)|\\(?:u(?<unit>[\da-f]{4})|x(?<byte>[\da-f]{2})|(?<itself>["'\\/]))/gi;

/**
 * Escapes that no encoding needs: of letters and digits, and of the signs that begin other escapes. Where there are
 * none, the letters and digits of a key are in the text as they are, in any encoding.
 */
const UNNEEDED = new RegExp(
  [
    String.raw`(?:%(?:25)*|\\(?:u00|x)|&(?:amp;)*#x0*|(?:%26|&)(?:amp;)*%23x0*|%5c(?:u00|x))(?:3\d|[46][1-9a-f]|[57][\da])`,
    String.raw`(?:&(?:amp;)*#|(?:%26|&)(?:amp;)*%23)0*(?:4[89]|5[0-7]|6[5-9]|[7-9]\d|1[01]\d|12[0-2])(?!\d)`,
    String.raw`(?:\\(?:u00|x)|&#x0*)(?:2[356]|5c)|&#0*(?:3[578]|92)(?!\d)`,
  ].join('|'),
  'i',
);

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  sol: '/',
  plus: '+',
  equals: '=',
};

interface Key {
  /** Matches every text that may hold a form of the key: one pass over a page costs less than a millisecond. */
  readonly hint: RegExp;
  /** Matches the key in any case, in hex and in base64, once nothing is escaped any more. */
  readonly forms: RegExp;
}

/**
 * Masks keys in every form in which a service may repeat them: in any case, in hex, in base64 (also in the middle of
 * something longer, as in `Basic` credentials), and each of these percent-encoded or escaped for HTML or JSON, also
 * several times over. The time it takes grows only with the length of the text and the number of keys.
 */
export class KeyMask {
  readonly #keys = new Map<string, Key>();

  add(key: string): void {
    if (isLong(key) && !this.#keys.has(key)) {
      const forms = formsOf(key);
      this.#keys.set(key, {
        hint: new RegExp([...new Set(forms.map(longestWord))].join('|'), 'i'),
        forms: new RegExp(forms.map(({ pattern }) => pattern).join('|'), 'g'),
      });
    }
  }

  /** Masks all keys in any text. */
  mask(text: string): string {
    return cut(text, this.#find(text));
  }

  /**
   * Masks all keys in an answer. JSON stays JSON: keys are masked inside strings, and a number that is a key becomes a
   * string. Others get their turn while it looks through a long answer, and memory holds the layers of a part only.
   */
  async maskAnswer(text: string): Promise<string> {
    const found = await this.#findInTurns(text);
    if (found.length === 0) {
      return text;
    }
    return isJson(text) ? this.#maskJson(text) : cut(text, found);
  }

  async #maskJson(text: string): Promise<string> {
    const parts: string[] = [];
    const scanner = createScanner(text);
    let turn = TURN;
    for (scanner.scan(); scanner.getTokenOffset() < text.length; scanner.scan()) {
      const start = scanner.getTokenOffset();
      const token = text.slice(start, start + scanner.getTokenLength());
      const value = token.startsWith('"') ? scanner.getTokenValue() : token;
      // Outside of strings a key can only be a whole number: one that merely has the same digits in it is another.
      const masked =
        value === token
          ? this.#keys.has(token)
            ? MASK
            : token
          : value.length > TURN
            ? cut(value, await this.#findInTurns(value))
            : this.mask(value);
      parts.push(masked === value ? token : JSON.stringify(masked));
      if (start > turn) {
        turn = start + TURN;
        await nextTurn();
      }
    }
    return parts.join('');
  }

  async #findInTurns(text: string): Promise<Range[]> {
    const found: Range[] = [];
    for (let from = 0; from < text.length; from += TURN) {
      for (const { start, end } of this.#find(text.slice(from, from + TURN + LONGEST_FORM))) {
        found.push({ start: from + start, end: from + end });
      }
      if (from + TURN < text.length) {
        await nextTurn();
      }
    }
    return found;
  }

  /** Where keys stand in a text, in its own offsets; in no order, and possibly more than once. */
  #find(text: string): Range[] {
    const all = [...this.#keys.values()];
    const suspects = UNNEEDED.test(text) ? all : all.filter(({ hint }) => hint.test(text));
    const found: Range[] = [];
    if (suspects.length === 0) {
      return found;
    }
    let reading: Reading | undefined = { text, origin: undefined };
    for (let layer = 0; layer <= MOST_LAYERS && reading !== undefined; layer += 1) {
      const { text: read, origin } = reading;
      for (const { forms } of suspects) {
        for (const { index, 0: match } of read.matchAll(forms)) {
          const end = index + match.length;
          found.push({ start: origin?.[index] ?? index, end: origin?.[end] ?? end });
        }
      }
      reading = unescape(reading);
    }
    return found;
  }
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** A text without some layers of escapes, and where each of its characters began in the text it was made of. */
interface Reading {
  readonly text: string;
  readonly origin: Uint32Array | undefined;
}

/** Takes one layer of escapes away; undefined where there is none. */
function unescape({ text, origin }: Reading): Reading | undefined {
  // Most lines of a log have none: this is not worth a buffer, which weighs on the collector.
  if (text.search(ESCAPE) < 0) {
    return undefined;
  }
  const parts: string[] = [];
  const origins = new Uint32Array(text.length + 1);
  let length = 0;
  let done = 0;
  const keep = (until: number) => {
    parts.push(text.slice(done, until));
    for (let at = done; at < until; at += 1) {
      origins[length] = origin?.[at] ?? at;
      length += 1;
    }
    done = until;
  };
  for (const match of text.matchAll(ESCAPE)) {
    const character = meaningOf(match.groups ?? {});
    if (character !== undefined) {
      keep(match.index);
      parts.push(character);
      origins.fill(origin?.[match.index] ?? match.index, length, length + character.length);
      length += character.length;
      done = match.index + match[0].length;
    }
  }
  if (parts.length === 0) {
    return undefined;
  }
  keep(text.length);
  origins[length] = origin?.[text.length] ?? text.length;
  return { text: parts.join(''), origin: origins };
}

function meaningOf({ percent, decimal, hex, name, unit, byte, itself }: Partial<Record<string, string>>) {
  if (itself !== undefined) {
    return itself;
  }
  if (name !== undefined) {
    return ENTITIES[name.toLowerCase()];
  }
  const digits = percent ?? hex ?? unit ?? byte;
  const code = digits === undefined ? Number(decimal) : parseInt(digits, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

interface Form {
  readonly text: string;
  readonly pattern: string;
}

function formsOf(key: string): Form[] {
  const bytes = Buffer.from(key);
  // A percent-encoded key is read byte by byte, and form encoding has a plus for a space.
  const spelled = [...layersOf(key), bytes.toString('latin1')].flatMap((text) => [text, text.replaceAll(' ', '+')]);
  const encoded = [0, 1, 2].flatMap((shift) => {
    // Only whole characters: the first and last ones say something of what stands before and after the key too.
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes]);
    const from = Math.ceil((shift * 8) / 6);
    const to = Math.floor((shifted.length * 8) / 6);
    return [shifted.toString('base64').slice(from, to), shifted.toString('base64url').slice(from, to)];
  });
  return [
    ...[...new Set([...spelled, bytes.toString('hex')])]
      .filter(isLong)
      .map((text) => ({ text, pattern: anyCase(text) })),
    ...[...new Set(encoded)].map((text) => ({ text, pattern: literal(text) })),
  ];
}

function isLong(text: string): boolean {
  return text.length >= SHORTEST_KEY;
}

/** A key that looks as if something in it were escaped loses that where the text around it is unescaped. */
function layersOf(key: string): string[] {
  const layers: string[] = [];
  for (let reading: Reading | undefined = { text: key, origin: undefined }; reading; reading = unescape(reading)) {
    layers.push(reading.text);
  }
  return layers;
}

/** The longest part of a form that no encoding escapes. */
function longestWord({ text }: Form): string {
  return (text.match(/[a-z\d]+/gi) ?? []).reduce(
    (longest, word) => (word.length > longest.length ? word : longest),
    '',
  );
}

function anyCase(text: string): string {
  return Array.from(text, (character) => {
    const cases = new Set([character, character.toLowerCase(), character.toUpperCase()]);
    return cases.size === 1 ? literal(character) : `(?:${[...cases].map(literal).join('|')})`;
  }).join('');
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function cut(text: string, ranges: readonly Range[]): string {
  let result = '';
  let done = 0;
  for (const { start, end } of ranges.toSorted((one, other) => one.start - other.start)) {
    if (start >= done) {
      result += text.slice(done, start) + MASK;
    }
    done = Math.max(done, end);
  }
  return result + text.slice(done);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
