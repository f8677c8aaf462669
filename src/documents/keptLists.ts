import { randomUUID } from 'node:crypto';

/** Lists that are kept; an older one goes with each new one beyond them. */
const MOST = 50;

/**
 * Lists that reports are about, such as the accounts of a what-if: too long for a path, which has a short identifier
 * instead. They end with the window.
 */
export class KeptLists {
  readonly #lists = new Map<string, readonly string[]>();

  /** @returns an identifier for the path of a report; for the same list the same one. */
  keep(list: readonly string[]): string {
    const known = [...this.#lists].find(([, other]) => isSame(list, other))?.[0];
    const id = known ?? randomUUID().slice(0, 8);
    // What was wanted last goes last.
    this.#lists.delete(id);
    this.#lists.set(id, [...list]);
    const [oldest] = this.#lists.keys();
    if (this.#lists.size > MOST && oldest !== undefined) {
      this.#lists.delete(oldest);
    }
    return id;
  }

  /** What an identifier stands for; undefined where that is not known any more: the report then says so. */
  get(id: string): readonly string[] | undefined {
    return this.#lists.get(id);
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((member, place) => member === other[place]);
}
