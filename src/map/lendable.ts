/**
 * A list that others look at as it is now, whatever it becomes: it is copied when it changes after that, and not before.
 * To copy hundreds of thousands of members takes so long that one turn should do it once.
 */
export class LendableList<T> {
  #items: T[] = [];
  #lent = false;

  get items(): readonly T[] {
    return this.#items;
  }

  /** The list as it is now, for good. */
  lend(): readonly T[] {
    this.#lent = true;
    return this.#items;
  }

  /** The list to be changed, until it is lent again. */
  get own(): T[] {
    if (this.#lent) {
      this.replace(this.#items.slice());
    }
    return this.#items;
  }

  replace(items: T[]): void {
    this.#items = items;
    this.#lent = false;
  }
}
