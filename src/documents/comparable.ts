import { isObject } from '../providers/fields.ts';
import { readJson, rewriteJson, type Visitor } from '../providers/json.ts';
import type { Path } from '../providers/properties.ts';

/** Which properties of a document to leave out. */
type LeftOut = (path: Path) => boolean;

/** A document with its keys in order, and without what is to be left out. */
export function comparable(source: string, leftOut: LeftOut): string {
  const ordered = JSON.stringify(order(JSON.parse(source), [], leftOut));
  return `${rewriteJson(ordered, '  ') ?? ordered}\n`;
}

function order(value: unknown, path: Path, leftOut: LeftOut): unknown {
  if (Array.isArray(value)) {
    return value.map((member, index) => order(member, [...path, index], leftOut));
  }
  if (!isObject(value)) {
    return value;
  }
  const entries = Object.entries(value)
    .filter(([name]) => !leftOut([...path, name]))
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([name, member]) => [name, order(member, [...path, name], leftOut)] as const);
  return Object.fromEntries(entries);
}

/** An object or a list of a document that is being read. */
interface Level {
  /** The path to it; undefined where it is in what is left out. */
  readonly path: Path | undefined;
  members: number;
}

/**
 * What a document says, noted while it is read: two say the same where their facts are the same, in any order of keys
 * and apart from what is left out.
 */
export class Facts implements Visitor {
  readonly #leftOut: LeftOut;
  readonly #most: number;
  readonly #facts: string[] = [];
  readonly #levels: Level[] = [];
  #size = 0;

  /** @param most characters of a document that is compared. */
  constructor(leftOut: LeftOut, most = Infinity) {
    this.#leftOut = leftOut;
    this.#most = most;
  }

  /** Every value with its path; no more than a part for a document with more than the most characters. */
  get text(): string {
    return this.#facts.toSorted().join('\n');
  }

  enter(name: string | undefined, raw: string): void {
    const above = this.#levels.at(-1);
    const path = this.#pathOf(name, above);
    if (above !== undefined) {
      above.members += 1;
    }
    this.#size += raw.length;
    if (path !== undefined) {
      // A string says the same however its characters are escaped.
      const value = raw.includes('\\') ? JSON.stringify(JSON.parse(raw)) : raw;
      this.#facts.push(`${JSON.stringify(path)}${value}`);
    }
    if (raw === '{' || raw === '[') {
      this.#levels.push({ path, members: 0 });
    }
  }

  leave(): void {
    this.#levels.pop();
  }

  #pathOf(name: string | undefined, above: Level | undefined): Path | undefined {
    if (above === undefined) {
      return [];
    }
    if (above.path === undefined || this.#size > this.#most) {
      return undefined;
    }
    const path = [...above.path, name ?? above.members];
    return name !== undefined && this.#leftOut(path) ? undefined : path;
  }
}

/** The {@link Facts} of a document that was saved. @throws {SyntaxError} where it is not JSON */
export async function factsOf(source: string, leftOut: LeftOut): Promise<string> {
  const facts = new Facts(leftOut);
  await readJson(source, { visitor: facts });
  return facts.text;
}
