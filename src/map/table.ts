/**
 * Records by key. A key has a number for as long as the table lives, from 0 up, whether a record of it is listed or
 * something only names it: edges are kept as pairs of numbers.
 */
export class Table<T> {
  readonly #compared: (key: string) => string;
  readonly #numbers = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #records: (T | undefined)[] = [];
  /** The last reading that met each record. */
  readonly #metBy: number[] = [];
  /** Numbers of the listed records, in the order in which they came. */
  readonly #listed = new Set<number>();
  #rows: readonly T[] | undefined = [];

  /** `compared`: what two spellings of one key have in common, where the service takes them for the same. */
  constructor(compared: (key: string) => string = (key) => key) {
    this.#compared = compared;
  }

  /** How many records are listed. */
  get size(): number {
    return this.#listed.size;
  }

  /** How many keys have a number. */
  get numbers(): number {
    return this.#keys.length;
  }

  /** The numbers of the listed records, in the order in which they came. */
  get listed(): Iterable<number> {
    return this.#listed;
  }

  /** The listed records, in the order in which they came. */
  get rows(): readonly T[] {
    this.#rows ??= this.#collect();
    return this.#rows;
  }

  /** In one loop, because there may be hundreds of thousands. */
  #collect(): readonly T[] {
    const rows: T[] = [];
    for (const number of this.#listed) {
      const record = this.#records[number];
      if (record !== undefined) {
        rows.push(record);
      }
    }
    return rows;
  }

  numberOf(key: string): number | undefined {
    return this.#numbers.get(this.#compared(key));
  }

  /** The number of a key, which gets one where it has none. */
  number(key: string): number {
    const compared = this.#compared(key);
    let number = this.#numbers.get(compared);
    if (number === undefined) {
      number = this.#keys.length;
      this.#numbers.set(compared, number);
      this.#keys.push(key);
      this.#records.push(undefined);
      this.#metBy.push(0);
    }
    return number;
  }

  /** The key as it came first, or as its record writes it. */
  keyAt(number: number): string {
    return this.#keys[number] ?? '';
  }

  at(number: number): T | undefined {
    return this.#records[number];
  }

  get(key: string): T | undefined {
    const number = this.numberOf(key);
    return number === undefined ? undefined : this.#records[number];
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  set(number: number, key: string, record: T): void {
    this.#listed.add(number);
    this.#keys[number] = key;
    this.#records[number] = record;
    this.#rows = undefined;
  }

  delete(number: number): void {
    if (this.#listed.delete(number)) {
      this.#records[number] = undefined;
      this.#rows = undefined;
    }
  }

  /** Notes that a reading met a record. */
  meet(number: number, reading: number): void {
    this.#metBy[number] = reading;
  }

  /** The numbers of the listed records that a reading has not met. */
  *unmet(reading: number): Generator<number> {
    for (const number of this.#listed) {
      if (this.#metBy[number] !== reading) {
        yield number;
      }
    }
  }
}
