/**
 * Records by key, in the order in which they came, with the number of each row. Whoever keeps `rows` and `index`
 * sees records change and rows come at the end; deleting makes new ones and leaves those as they were.
 */
export class Table<T> {
  #rows: T[] = [];
  #index = new Map<string, number>();

  get size(): number {
    return this.#rows.length;
  }

  get rows(): readonly T[] {
    return this.#rows;
  }

  /** The number of the row of each key. */
  get index(): ReadonlyMap<string, number> {
    return this.#index;
  }

  get(key: string): T | undefined {
    const row = this.#index.get(key);
    return row === undefined ? undefined : this.#rows[row];
  }

  has(key: string): boolean {
    return this.#index.has(key);
  }

  set(key: string, record: T): void {
    const row = this.#index.get(key);
    if (row === undefined) {
      this.#index.set(key, this.#rows.length);
      this.#rows.push(record);
    } else {
      this.#rows[row] = record;
    }
  }

  keys(): MapIterator<string> {
    return this.#index.keys();
  }

  deleteAll(keys: ReadonlySet<string>): void {
    if (keys.size === 0) {
      return;
    }
    const [rows, index] = [this.#rows, this.#index];
    this.#rows = [];
    this.#index = new Map();
    for (const [key, row] of index) {
      const record = rows[row];
      if (record !== undefined && !keys.has(key)) {
        this.set(key, record);
      }
    }
  }
}
