import type { InvalidRecord, Page } from '../../providers/model.ts';
import type { Log } from '../../transport/log.ts';
import { internalError, isAbort, isServiceError, stackOf, type ServiceError } from '../../transport/errors.ts';
import { isFresh } from '../../transport/time.ts';
import { eachInSteps, giveWay, inTurns, type Steps } from '../../transport/turns.ts';
import type { ListView, ReadingStatus } from '../listView.ts';
import type { Table } from '../table.ts';

/** Where a reading stands, as it is kept on disk. */
export interface ReadingPosition {
  readonly status: ReadingStatus;
  readonly pages: number;
  readonly pagesBefore: number;
  /** When this reading began, and when it came to its end; milliseconds since the epoch. */
  readonly startedAt: number;
  readonly completedAt: number | undefined;
  /** Where to go on; undefined: from the start. */
  readonly next: string | undefined;
  /** Keys of the records that this reading has not met yet. */
  readonly unmet: Iterable<string>;
  /** What it ended with, where it failed. */
  readonly error: ServiceError | undefined;
  readonly warnings: readonly string[];
  readonly invalid: readonly InvalidRecord[];
}

export interface ListReaderOptions<T> {
  readonly log: Log;
  readonly table: Table<T>;
  readonly pages: (signal: AbortSignal, from: string | undefined) => AsyncIterable<Page<T>>;
  /** Takes a record. `at` in milliseconds since the epoch; `reading` as {@link Table.meet} wants it. */
  readonly put: (record: T, at: number, reading: number) => void;
  readonly drop: (number: number) => void;
  /** Called after each page and each change of status. */
  readonly onProgress: () => void;
}

/** What a reading is asked for. */
export interface ReadingOptions {
  readonly signal: AbortSignal;
  /** True: from the start, whatever was read before. */
  readonly restart: boolean;
  /** Pages to read, asked before each; 0: all of them. */
  readonly cap: () => number;
}

/** A reading that stopped longer ago than this starts over: what it had read says little about now. Milliseconds. */
const RESUMABLE = 60 * 60_000;

/**
 * Reads one list of a service page by page into a table. A second reading replaces what changed and drops at its end
 * what is gone, so that what is on screen never vanishes meanwhile. Rows that pages repeat count once. A reading that
 * failed, was stopped or capped goes on from the page where it stopped.
 */
export class ListReader<T> implements ListView<T> {
  readonly records: Table<T>;
  invalid: InvalidRecord[] = [];
  status: ReadingStatus = 'idle';
  pages = 0;
  pagesBefore = 0;
  completedAt: number | undefined;
  error: ServiceError | undefined;
  warnings: readonly string[] = [];
  /** True where the service was asked for tags and gave none. */
  lacksTags = false;

  readonly #options: ListReaderOptions<T>;
  #startedAt = 0;
  #next: string | undefined;
  /** Goes up with each reading from the start. */
  #reading = 1;
  /** Ends the reading under way where another begins. */
  #superseded = new AbortController();

  constructor(options: ListReaderOptions<T>) {
    this.#options = options;
    this.records = options.table;
  }

  get known(): boolean {
    return this.completedAt !== undefined;
  }

  /** True where the last reading came to its end, but records may be missing: only another one can tell. */
  get mayLack(): boolean {
    return this.status === 'complete' && this.warnings.length + this.invalid.length > 0;
  }

  get position(): ReadingPosition {
    const { status, pages, pagesBefore, completedAt, warnings } = this;
    const complete = status === 'complete';
    return {
      status,
      pages,
      pagesBefore,
      startedAt: this.#startedAt,
      completedAt,
      next: complete ? undefined : this.#next,
      unmet: complete ? [] : this.records.keysUnmet(this.#reading),
      error: this.error,
      warnings,
      invalid: [...this.invalid],
    };
  }

  /** Takes where an earlier session, or another window, stands. Its records are put into the table by the caller. */
  *restore(position: ReadingPosition): Steps<void> {
    this.#reading += 1;
    const unmet = new Set<number>();
    yield* eachInSteps(position.unmet, (key) => unmet.add(this.records.number(key)));
    yield* eachInSteps(this.records.unmet(this.#reading), (number) => {
      if (!unmet.has(number)) {
        this.records.meet(number, this.#reading);
      }
    });
    this.pages = position.pages;
    this.pagesBefore = position.pagesBefore;
    this.#startedAt = position.startedAt;
    this.completedAt = position.completedAt;
    this.warnings = position.warnings;
    this.invalid = [...position.invalid];
    this.#next = position.next;
    this.error = position.error;
    // A session that ended in the middle of a reading has stopped it.
    this.status = position.status === 'reading' ? 'stopped' : position.status;
  }

  /**
   * Reads on, or from the start, until the list or what was asked for ends. Supersedes what is under way. Never rejects:
   * what went wrong is in {@link error}.
   */
  async read(options: ReadingOptions): Promise<void> {
    if (options.signal.aborted) {
      return;
    }
    this.#superseded.abort();
    const superseded = new AbortController();
    this.#superseded = superseded;
    const signal = AbortSignal.any([options.signal, superseded.signal]);
    const from = this.status === 'complete' || !isFresh(this.#startedAt, RESUMABLE) ? undefined : this.#next;
    if (options.restart || from === undefined) {
      this.#restart();
    }
    this.status = 'reading';
    this.error = undefined;
    this.#options.onProgress();
    try {
      const ended = await this.#readPages(this.#next, signal, options.cap);
      if (!signal.aborted) {
        if (ended) {
          await inTurns(this.#end(signal));
        } else {
          this.status = 'capped';
        }
      }
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) {
        this.#fail(error);
      }
    }
    if (!superseded.signal.aborted) {
      if (this.status === 'reading') {
        this.status = 'stopped';
      }
      this.#options.onProgress();
    }
  }

  /** @returns whether the list ended. */
  async #readPages(from: string | undefined, signal: AbortSignal, cap: () => number): Promise<boolean> {
    let read = 0;
    for await (const page of this.#options.pages(signal, from)) {
      signal.throwIfAborted();
      await inTurns(this.#take(page, signal));
      // Pages that were read ahead come without a wait between them.
      await giveWay();
      signal.throwIfAborted();
      read += 1;
      if (cap() > 0 && read >= cap() && page.next !== undefined) {
        return false;
      }
    }
    return true;
  }

  #restart(): void {
    this.#reading += 1;
    this.invalid = [];
    this.pages = 0;
    this.warnings = [];
    this.lacksTags = false;
    this.#next = undefined;
    this.#startedAt = Date.now();
  }

  /** In steps: a page of campaigns may name a million senders. */
  *#take(page: Page<T>, signal: AbortSignal): Steps<void> {
    if (page.warning !== undefined) {
      this.warnings = [...new Set([...this.warnings, page.warning])];
    }
    this.lacksTags ||= page.lacks === 'tags';
    const at = Date.now();
    for (const record of page.items) {
      this.#options.put(record, at, this.#reading);
      yield;
      // Another reading may have begun meanwhile.
      signal.throwIfAborted();
    }
    // What is dead but already in V8's old generation leads to pages, whose records would live until all is collected.
    page.items.length = 0;
    for (const record of page.invalid) {
      this.invalid.push(record);
    }
    this.pages += 1;
    // What is saved before here reads this page again.
    this.#next = page.next;
    this.#options.onProgress();
  }

  /** In steps: a hundred thousand accounts may have been deleted. */
  *#end(signal: AbortSignal): Steps<void> {
    // What a reading with warnings has not met may be hidden, not gone.
    if (this.warnings.length === 0) {
      for (const number of this.records.unmet(this.#reading)) {
        this.#options.drop(number);
        yield;
        signal.throwIfAborted();
      }
    }
    this.#next = undefined;
    this.status = 'complete';
    this.pagesBefore = this.pages;
    this.completedAt = Date.now();
  }

  #fail(error: unknown): void {
    if (isServiceError(error)) {
      this.error = error;
    } else {
      this.#options.log.error(stackOf(error));
      this.error = internalError();
    }
    const { kind, status = 0 } = this.error;
    if ((kind === 'malformed' && (status < 200 || status >= 300)) || kind === 'notFound') {
      // The list leads nowhere from here, so the next try has to start over. A damaged page is asked for again.
      this.#next = undefined;
    }
    this.status = 'failed';
  }
}
