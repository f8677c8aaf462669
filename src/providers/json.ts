import { setImmediate as nextTurn } from 'node:timers/promises';
import { isCredential, maskInner } from '../transport/redaction.ts';

/** No real answer nests deeper; text that does would only overflow the stack of its readers. */
const DEEPEST = 200;
/** Characters that are read before other work in the extension host gets its turn: a few milliseconds. */
const TURN = 100_000;

/** What comes next in JSON text. */
type Step = 'open' | 'close' | 'scalar' | 'end' | 'broken';

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']' };
const WORDS: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const HEX = /[\da-fA-F]{4}/y;
/** What may follow a backslash, besides `u` with its four digits. */
const ESCAPED = new Set(Array.from('"\\/bfnrt', (character) => character.charCodeAt(0)));

/**
 * Walks JSON text from value to value, without a tree, without recursion and without decoding what nobody asked for. A
 * tree of 30 MB takes seconds and half a gigabyte, deep nesting overflows the stack, and the scanner of jsonc-parser
 * builds the text of each token, for seconds where one is megabytes. After each step the fields say what was found.
 */
class Walker {
  readonly #source: string;
  /** The brackets that close what is open. */
  readonly #open: string[] = [];
  #expected: 'value' | 'first' | 'more' = 'value';
  /** The name of the value, undefined for a member of a list; and as it stands in the text. */
  name: string | undefined;
  rawName = '';
  /** Where the value begins. */
  start = 0;
  /** How far the text is read: after a scalar, after a bracket. */
  end = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** How many objects and lists are open. */
  get depth(): number {
    return this.#open.length;
  }

  /** Whether what was opened last is a list. */
  get isList(): boolean {
    return this.#open.at(-1) === ']';
  }

  /** The value of a scalar, a string as it stands in the text; undefined for an object or a list. */
  get value(): unknown {
    const raw = this.#source.slice(this.start, this.end);
    switch (raw[0]) {
      case '{':
      case '[':
        return undefined;
      case '"':
        return raw.slice(1, -1);
      default:
        return JSON.parse(raw) as unknown;
    }
  }

  next(): Step {
    let character = this.#skipSpace();
    const closing = this.#open.at(-1);
    if (this.#expected !== 'value') {
      if (closing === undefined) {
        return character === undefined ? 'end' : 'broken';
      }
      if (character === closing) {
        this.end += 1;
        this.#open.pop();
        this.#expected = 'more';
        return 'close';
      }
      if (this.#expected === 'more') {
        if (character !== ',') {
          return 'broken';
        }
        this.end += 1;
        character = this.#skipSpace();
      }
    }
    this.name = undefined;
    if (closing === '}') {
      const start = this.end;
      if (character !== '"' || !this.#skipString()) {
        return 'broken';
      }
      this.rawName = this.#source.slice(start, this.end);
      this.name = this.rawName.includes('\\') ? (JSON.parse(this.rawName) as string) : this.rawName.slice(1, -1);
      if (this.#skipSpace() !== ':') {
        return 'broken';
      }
      this.end += 1;
      character = this.#skipSpace();
    }
    return this.#enter(character ?? '');
  }

  #enter(character: string): Step {
    this.start = this.end;
    const closing = CLOSING[character];
    if (closing !== undefined) {
      this.end += 1;
      this.#open.push(closing);
      this.#expected = 'first';
      return 'open';
    }
    this.#expected = 'more';
    const word = WORDS[character];
    const ended =
      character === '"' ? this.#skipString() : word === undefined ? this.#skipMatch(NUMBER) : this.#skipWord(word);
    return ended ? 'scalar' : 'broken';
  }

  /** @returns the character after white space; undefined at the end. */
  #skipSpace(): string | undefined {
    for (;;) {
      const code = this.#source.charCodeAt(this.end);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) {
        return this.#source[this.end];
      }
      this.end += 1;
    }
  }

  #skipString(): boolean {
    for (this.end += 1; ; this.end += 1) {
      const code = this.#source.charCodeAt(this.end);
      if (code === 0x22) {
        this.end += 1;
        return true;
      }
      if (code === 0x5c) {
        this.end += 1;
        const escaped = this.#source.charCodeAt(this.end);
        if (escaped === 0x75) {
          this.end += 1;
          if (!this.#skipMatch(HEX)) {
            return false;
          }
          this.end -= 1;
        } else if (!ESCAPED.has(escaped)) {
          return false;
        }
      } else if (!(code >= 0x20)) {
        // A control character, or the end of the text.
        return false;
      }
    }
  }

  #skipWord(word: string): boolean {
    const found = this.#source.startsWith(word, this.end);
    this.end += word.length;
    return found;
  }

  #skipMatch(pattern: RegExp): boolean {
    pattern.lastIndex = this.end;
    const found = pattern.test(this.#source);
    this.end = pattern.lastIndex;
    return found;
  }
}

/** A scalar as the service sent it, unless it is a string with credentials in JSON or a URL with a password in it. */
function withoutInner(raw: string): string {
  if (!raw.startsWith('"') || !raw.includes(':')) {
    return raw;
  }
  const value = raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1);
  const masked = maskInner(value);
  return masked === value ? raw : JSON.stringify(masked);
}

/** Sees each value of a document while it is read, in order and without credentials. */
export interface Visitor {
  /**
   * @param name undefined for a member of a list, and for the outermost value.
   * @param raw a scalar as it stands in the text, but for what is masked in it; a bracket for an object or a list.
   */
  enter(name: string | undefined, raw: string): void;
  /** The innermost open object or list ends. */
  leave(): void;
}

/** How deep an outline goes: the record, and what it is wrapped in. */
const OUTLINED = 2;

/**
 * What `JSON.parse` returns, but only the two outermost levels: lists, and objects further in, are empty. Enough to
 * distinguish a record from an error, a wrapper and a list, and to find its name.
 */
class Outline implements Visitor {
  value: unknown;
  /** Of each open object or list, where its members go; undefined where nobody wants them. */
  readonly #open: (Record<string, unknown> | undefined)[] = [];

  enter(name: string | undefined, raw: string): void {
    const parent = this.#open.at(-1);
    const outermost = this.#open.length === 0;
    // Without a prototype, as a property may be called `__proto__`.
    const members = raw === '{' ? (Object.create(null) as Record<string, unknown>) : undefined;
    if (outermost || parent !== undefined) {
      const value: unknown = members ?? (raw === '[' ? [] : JSON.parse(raw));
      if (outermost) {
        this.value = value;
      } else if (parent !== undefined && name !== undefined) {
        parent[name] = value;
      }
    }
    if (raw === '{' || raw === '[') {
      this.#open.push(this.#open.length < OUTLINED ? members : undefined);
    }
  }

  leave(): void {
    this.#open.pop();
  }
}

/**
 * Writes JSON text again without credentials, and otherwise as the service sent it: numbers, strings and the order of
 * keys stay what they were, which `JSON.parse` does not guarantee. With an indentation it is also pretty-printed. Gives
 * the text piece by piece, so that a large one blocks nothing.
 *
 * @throws {SyntaxError} where the text is not JSON, or nested deeper than {@link DEEPEST}; what came before is a part.
 */
function* rewrite(
  source: string,
  indentation: string,
  visitors: readonly Visitor[] = [],
): Generator<string, void, undefined> {
  const walker = new Walker(source);
  const colon = indentation === '' ? ':' : ': ';
  const lineBreak = (depth: number) => (indentation === '' ? '' : `\n${indentation.repeat(depth)}`);
  /** Of each open object or list, whether something stands in it yet. */
  const filled: boolean[] = [];
  /** The depth of the credential that is being left out. */
  let hidden: number | undefined;
  let piece = '';
  let turn = TURN;
  for (;;) {
    const step = walker.next();
    if (step === 'end') {
      yield piece;
      return;
    }
    if (step === 'broken' || walker.depth > DEEPEST) {
      throw new SyntaxError('not JSON');
    }
    if (step === 'close') {
      const { depth } = walker;
      if (hidden === undefined) {
        piece += (filled.pop() ? lineBreak(depth) : '') + source.slice(walker.end - 1, walker.end);
        visitors.forEach((visitor) => {
          visitor.leave();
        });
      } else if (hidden === depth) {
        hidden = undefined;
      }
    } else {
      const depth = walker.depth - (step === 'open' ? 1 : 0);
      const { name } = walker;
      const secret = name !== undefined && isCredential(name, walker.value);
      if (hidden === undefined && !secret) {
        const inside = filled.length > 0;
        const raw = withoutInner(source.slice(walker.start, walker.end));
        piece +=
          (filled.at(-1) ? ',' : '') +
          (inside ? lineBreak(depth) : '') +
          (name === undefined ? '' : walker.rawName + colon) +
          raw;
        if (inside) {
          filled[filled.length - 1] = true;
        }
        if (step === 'open') {
          filled.push(false);
        }
        visitors.forEach((visitor) => {
          visitor.enter(name, raw);
        });
      } else if (hidden === undefined && step === 'open') {
        hidden = depth;
      }
    }
    if (walker.end > turn || piece.length > TURN) {
      turn = walker.end + TURN;
      yield piece;
      piece = '';
    }
  }
}

/** {@link rewrite} at once, for a text that is short. @returns undefined where it is not JSON, or nested too deep. */
export function rewriteJson(source: string, indentation = ''): string | undefined {
  try {
    return [...rewrite(source, indentation)].join('');
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

/** How a document is read. */
export interface Reading {
  /** Of each level; the text stands in one line unless said otherwise. */
  readonly indentation?: string | undefined;
  /** The most bytes that are wanted; all unless said otherwise. */
  readonly most?: number | undefined;
  /** Sees what is read, in the same pass. */
  readonly visitor?: Visitor | undefined;
}

/** What one pass over a document gives. */
export interface ReadJson {
  /** The text in UTF-8, without credentials and otherwise as the service sent it. */
  readonly content: Uint8Array;
  /** True where the text is only the beginning, and the outline is of no more, because all of it has too many bytes. */
  readonly cut: boolean;
  /** The two outermost levels without credentials; see {@link Outline}. */
  readonly outline: unknown;
}

/**
 * Reads a document in one pass: whether it is JSON, what it is, and its text as {@link rewrite} writes it. Others get
 * their turn while a long one is read.
 *
 * @throws {SyntaxError} as {@link rewrite}.
 */
export async function readJson(source: string, { indentation = '', most, visitor }: Reading = {}): Promise<ReadJson> {
  const outline = new Outline();
  const pieces: Buffer[] = [];
  let size = 0;
  for (const piece of rewrite(source, indentation, visitor === undefined ? [outline] : [outline, visitor])) {
    const bytes = Buffer.from(piece);
    pieces.push(bytes);
    size += bytes.byteLength;
    if (most !== undefined && size > most) {
      return { content: Buffer.concat(pieces), cut: true, outline: outline.value };
    }
    await nextTurn();
  }
  return { content: Buffer.concat(pieces), cut: false, outline: outline.value };
}

/** The texts of the members of an array inside JSON, e.g. of `items`, each as the service sent it. */
export async function membersOf(source: string, property?: string): Promise<string[] | undefined> {
  const walker = new Walker(source);
  const level = property === undefined ? 0 : 1;
  let members: string[] | undefined;
  let inside = false;
  let start = 0;
  let turn = TURN;
  for (;;) {
    const step = walker.next();
    if (step === 'end' || step === 'broken') {
      return step === 'end' ? members : undefined;
    }
    const depth = walker.depth - (step === 'open' ? 1 : 0);
    if (depth === level) {
      inside = step === 'open' && members === undefined && walker.isList && walker.name === property;
      members ??= inside ? [] : undefined;
    } else if (inside && depth === level + 1) {
      start = step === 'close' ? start : walker.start;
      if (step !== 'open') {
        members?.push(source.slice(start, walker.end));
      }
    }
    if (walker.end > turn) {
      turn = walker.end + TURN;
      await nextTurn();
    }
  }
}
