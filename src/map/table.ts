import { LargeMap } from '../transport/largeMap.ts';
import { LendableList } from './lendable.ts';
import { WholeNumbers } from './wholeNumbers.ts';

/** In place of a record's place where it is not listed, and of a number where its record was deleted. */
const NONE = -1;

/**
 * Records by key. A key has a number for as long as the table lives, from 0 up, whether a record of it is listed or
 * something only names it: edges are kept as pairs of numbers.
 */
export class Table<T> {
  readonly #compared: (key: string) => string;
  readonly #numbers = new LargeMap<number>();
  readonly #keys: string[] = [];
  /** The last reading that met each record. */
  readonly #metBy = new WholeNumbers();
  /** Where each record stands among the listed ones; {@link NONE} where it does not. */
  readonly #places = new WholeNumbers();
  /** The numbers of the listed records and the records themselves, in the order in which they came, with holes. */
  readonly #order = new LendableList<number>();
  readonly #records = new LendableList<T | undefined>();
  #holes = 0;
  /** The number that was asked for last. Rows are mostly gone over in the order of their numbers. */
  #last = NONE;

  /** `compared`: what two spellings of one key have in common, where the service takes them for the same. */
  constructor(compared: (key: string) => string = (key) => key) {
    this.#compared = compared;
  }

  /** How many records are listed. */
  get size(): number {
    return this.#order.items.length - this.#holes;
  }

  /** How many keys have a number. */
  get numbers(): number {
    return this.#keys.length;
  }

  /** The numbers of the listed records, in the order in which they came. */
  get listed(): readonly number[] {
    this.#close();
    return this.#order.lend();
  }

  /** The listed records, in the order in which they came. */
  get rows(): readonly T[] {
    this.#close();
    return this.#records.lend() as readonly T[];
  }

  numberOf(key: string): number | undefined {
    // To compare with one key takes a fraction of looking it up among hundreds of thousands.
    const next = this.#last + 1;
    const number =
      this.#keys[next] === key
        ? next
        : this.#keys[this.#last] === key
          ? this.#last
          : this.#numbers.get(this.#compared(key));
    this.#last = number ?? this.#last;
    return number;
  }

  /** The number of a key, which gets one where it has none. */
  number(key: string): number {
    const compared = this.#compared(key);
    let number = this.#numbers.get(compared);
    if (number === undefined) {
      number = this.#keys.length;
      this.#numbers.set(compared, number);
      this.#keys.push(key);
      this.#metBy.set(number, 0);
      this.#places.set(number, NONE);
    }
    return number;
  }

  /** The key as it came first, or as its record writes it. */
  keyAt(number: number): string {
    return this.#keys[number] ?? '';
  }

  at(number: number): T | undefined {
    const place = this.#placeOf(number);
    return place === NONE ? undefined : this.#records.items[place];
  }

  get(key: string): T | undefined {
    const number = this.numberOf(key);
    return number === undefined ? undefined : this.at(number);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  set(number: number, key: string, record: T): void {
    const place = this.#placeOf(number);
    if (place === NONE) {
      this.#places.set(number, this.#order.items.length);
      this.#order.own.push(number);
      this.#records.own.push(record);
    } else {
      this.#records.own[place] = record;
    }
    this.#keys[number] = key;
  }

  delete(number: number): void {
    const place = this.#placeOf(number);
    if (place !== NONE) {
      this.#places.set(number, NONE);
      this.#order.own[place] = NONE;
      this.#records.own[place] = undefined;
      this.#holes += 1;
    }
  }

  /** Notes that a reading met a record. */
  meet(number: number, reading: number): void {
    this.#metBy.set(number, reading);
  }

  /** The numbers of the listed records that a reading has not met; they may be deleted while it goes over them. */
  *unmet(reading: number): Generator<number> {
    const order = this.#order.lend();
    let place = 0;
    // By place: an iterator's result for each of hundreds of thousands of rows would live until the next large collection.
    while (place < order.length) {
      const number = order[place] ?? NONE;
      place += 1;
      if (number !== NONE && this.#placeOf(number) !== NONE && this.#metBy.at(number) !== reading) {
        yield number;
      }
    }
  }

  /** The keys of the listed records that a reading has not met by now, to be gone over later. */
  keysUnmet(reading: number): Iterable<string> {
    const [order, metBy, keys] = [this.listed, this.#metBy.copy(), this.#keys];
    return {
      *[Symbol.iterator]() {
        for (const number of order) {
          if (metBy[number] !== reading) {
            yield keys[number] ?? '';
          }
        }
      },
    };
  }

  #placeOf(number: number): number {
    return number < 0 || number >= this.#keys.length ? NONE : this.#places.at(number);
  }

  /** Closes the holes. In a new list, because the old one may be in use. */
  #close(): void {
    if (this.#holes > 0) {
      this.#order.replace(this.#order.items.filter((number) => number !== NONE));
      this.#records.replace(this.#records.items.filter((record) => record !== undefined));
      this.#holes = 0;
      for (const [place, number] of this.#order.items.entries()) {
        this.#places.set(number, place);
      }
    }
  }
}
