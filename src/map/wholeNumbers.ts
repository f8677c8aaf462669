/** Whole numbers by index, for hundreds of thousands of them: they take half the memory that they take in an array. */
export class WholeNumbers {
  #items = new Int32Array(1024);

  /** 0 where none was set. */
  at(index: number): number {
    return this.#items[index] ?? 0;
  }

  set(index: number, value: number): void {
    if (index >= this.#items.length) {
      const items = new Int32Array(Math.max(index + 1, this.#items.length * 2));
      items.set(this.#items);
      this.#items = items;
    }
    this.#items[index] = value;
  }

  /** All of them as they are now, for good. */
  copy(): Readonly<ArrayLike<number>> {
    return this.#items.slice();
  }
}
