/** The rows of a page, and whether they were read ahead. */
export interface ReadPage<T> {
  readonly rows: readonly T[];
  /** True where the page was read before it was asked for, so that the list may have changed since. */
  readonly early: boolean;
}

/** Pages beyond the end that may be requested for nothing. */
const MOST_WASTED = 2;
/**
 * Pages that may be under way, or there and not yet asked for, for each request that may be under way. Where answers come
 * faster than they are used, more would only be held, and V8 would move them to its old generation.
 */
const MOST_HELD = 2;
/** How many pages ahead may be read for each of these requests: fewer, and the tries wait for what they prove. */
const MOST_KEPT = 4;

/**
 * Reads the pages of a list by offset several at once. Where such a list ends is unknown, so one page at a time is
 * tried beyond those that must exist, 1, 2, 4 and more pages ahead: a full one proves all before it. At most two tries
 * find nothing. Nothing is read while no page is requested.
 */
export class ReadAhead<T> {
  readonly #read: (offset: number) => Promise<T[]>;
  readonly #limit: number;
  readonly #step: number;
  readonly #most: () => number;
  #pages = new Map<number, Promise<T[]>>();
  #inFlight = 0;
  /** The page that is asked for at the moment. */
  #wanted: number | undefined;
  /** The last page that is known to be full: the one behind it has to be read in any case. */
  #full = -Infinity;
  /** The first page that is known to be empty. */
  #empty = Infinity;
  /** The page that is being tried, and by how many pages it is ahead. */
  #tried: number | undefined;
  #ahead = 1;
  #wasted = 0;

  /**
   * @param read brings an array that nobody else holds.
   * @param step rows between the beginnings of two pages.
   * @param most requests that may be under way at once.
   */
  constructor(read: (offset: number) => Promise<T[]>, limit: number, step: number, most: () => number) {
    this.#read = read;
    this.#limit = limit;
    this.#step = step;
    this.#most = most;
  }

  /** The page at an offset. @throws what the read of it throws. */
  async page(offset: number): Promise<ReadPage<T>> {
    const before = this.#pages.get(offset);
    const page = before ?? this.#start(offset);
    this.#wanted = offset;
    this.#plan();
    try {
      // Taken out of what the promise holds: garbage that V8 has moved to its old generation leads to these promises, and
      // would keep the rows of the whole list until all is collected.
      return { rows: (await page).splice(0), early: before !== undefined };
    } finally {
      this.#pages.delete(offset);
    }
  }

  /** Forgets what was read ahead, and what it said about the length of the list. */
  forget(): void {
    this.#pages = new Map();
    this.#full = -Infinity;
    this.#empty = Infinity;
    this.#tried = undefined;
    this.#ahead = 1;
  }

  #start(offset: number): Promise<T[]> {
    const pages = this.#pages;
    const page = this.#read(offset);
    pages.set(offset, page);
    this.#inFlight += 1;
    const settled = (rows?: readonly T[]) => {
      this.#inFlight -= 1;
      this.#wanted = offset === this.#wanted ? undefined : this.#wanted;
      if (pages === this.#pages) {
        this.#learn(offset, rows);
        this.#plan();
      }
    };
    // The caller who asks for the page gets its failure; where no one asks, it does not matter.
    page.then(settled, () => {
      settled();
    });
    return page;
  }

  #learn(offset: number, rows: readonly T[] | undefined): void {
    const tried = this.#tried === offset;
    this.#tried = tried ? undefined : this.#tried;
    if (rows === undefined) {
      return;
    }
    if (rows.length >= this.#limit) {
      const next = this.#full + this.#step;
      // Each full page that was not sure to be there lets the next try go farther.
      this.#ahead = tried || offset === next ? Math.min(2 * this.#ahead, this.#most()) : this.#ahead;
      this.#full = Math.max(this.#full, offset);
    } else if (rows.length > 0) {
      // The last one: all before it exist, and none after it.
      this.#full = Math.max(this.#full, offset - this.#step);
      this.#empty = Math.min(this.#empty, offset + this.#step);
    } else {
      this.#wasted += tried ? 1 : 0;
      this.#empty = Math.min(this.#empty, offset);
    }
  }

  /** Starts what is worth reading now. */
  #plan(): void {
    const wanted = this.#wanted;
    if (wanted === undefined) {
      return;
    }
    // What is read but not asked for yet is bounded too.
    const last = wanted + MOST_KEPT * this.#most() * this.#step;
    const try_ = this.#next();
    if (try_ !== undefined && try_ > wanted && try_ <= last && this.#free && !this.#pages.has(try_)) {
      this.#tried = try_;
      void this.#start(try_);
    }
    const sure = Math.min(this.#full + this.#step, this.#empty - this.#step, last);
    for (let offset = wanted + this.#step; offset <= sure && this.#free; offset += this.#step) {
      if (!this.#pages.has(offset)) {
        void this.#start(offset);
      }
    }
  }

  get #free(): boolean {
    return this.#inFlight < this.#most() && this.#pages.size < MOST_HELD * this.#most();
  }

  /** The page to try next, beyond the one that has to be read in any case; undefined where there is none. */
  #next(): number | undefined {
    const between = (this.#empty - this.#full) / this.#step - 1;
    const ahead = Math.min(this.#ahead, Math.ceil(between / 2));
    const may = this.#tried === undefined && this.#wasted < MOST_WASTED && Number.isFinite(this.#full);
    return may && ahead > 1 ? this.#full + ahead * this.#step : undefined;
  }
}
