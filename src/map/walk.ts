import { t } from '@vscode/l10n';
import type { InvalidRecord, Page } from '../providers/model.ts';
import type { Log } from '../transport/log.ts';
import { internalError, isAbort, isServiceError, ServiceError, stackOf } from '../transport/errors.ts';
import { isFresh } from '../transport/time.ts';
import { sameRecord } from './equal.ts';
import { Table } from './table.ts';

/** How far the reading of a list has come. */
export type WalkStatus =
  /** Nobody has asked yet. */
  | 'idle'
  /** Pages are coming. */
  | 'reading'
  /** The page cap of the settings is reached; `more()` goes on. */
  | 'capped'
  /** A person stopped it; `more()` goes on. */
  | 'stopped'
  | 'complete'
  /** Ended by an error; what came before it is kept. */
  | 'failed';

/** The records that a page, or the end of a reading, changed. */
export interface RecordChanges {
  /** Records came or went. */
  readonly listed: boolean;
  /** Keys of records that are new or say something else than before. */
  readonly changed: ReadonlySet<string>;
  /** Keys of records that are gone. */
  readonly removed: ReadonlySet<string>;
}

/** Where a reading stands, as it is kept on disk. */
export interface WalkPosition {
  readonly status: WalkStatus;
  readonly pages: number;
  /** Pages of the last reading that came to its end; 0: none did. */
  readonly pagesBefore: number;
  /** When this reading began, and when it came to its end; milliseconds since the epoch. */
  readonly startedAt: number;
  readonly completedAt: number | undefined;
  /** Where to go on; undefined: from the start. */
  readonly next: string | undefined;
  /** Records of an earlier reading that this one has not met yet. */
  readonly unseen: readonly string[];
  readonly doubts: readonly string[];
  readonly invalid?: readonly InvalidRecord[] | undefined;
}

export interface WalkOptions<T> {
  /** The service's name, for errors. */
  readonly service: string;
  readonly log: Log;
  readonly pages: (signal: AbortSignal, from: string | undefined) => AsyncIterable<Page<T>>;
  readonly keyOf: (record: T) => string;
  /** Pages read before the walk asks to go on; 0: all of them. */
  readonly cap: () => number;
  /** A record as it is kept: with its strings shared, for one. */
  readonly keep?: (record: T, before: T | undefined) => T;
  readonly onRecords: (changes: RecordChanges) => void;
  /** Called after each page and each change of status. */
  readonly onProgress: () => void;
}

/** A reading that stopped longer ago than this starts anew: what it had read says little about now. Milliseconds. */
const RESUMABLE = 60 * 60_000;

/**
 * One list of a service, read page by page and kept by key. A second reading replaces what changed and drops at its
 * end those that are gone, so that what is on screen never vanishes meanwhile. Rows that pages repeat count once. A
 * reading that fails, is stopped or capped goes on from the page where it stopped.
 */
export class Walk<T> {
  readonly records = new Table<T>();
  invalid: readonly InvalidRecord[] = [];
  status: WalkStatus = 'idle';
  /** Pages read by the current or last reading. */
  pages = 0;
  /** Pages of the last reading that came to its end; 0: none did. */
  pagesBefore = 0;
  /** Milliseconds since the epoch. */
  startedAt = 0;
  completedAt: number | undefined;
  error: ServiceError | undefined;
  /** What the list did while it was read that may have hidden records, in words. */
  doubts: readonly string[] = [];

  readonly #options: WalkOptions<T>;
  #reading: AbortController | undefined;
  #iterator: AsyncIterator<Page<T>> | undefined;
  #next: string | undefined;
  #unseen = new Set<string>();
  #found: InvalidRecord[] = [];
  #running: Promise<void> | undefined;

  constructor(options: WalkOptions<T>) {
    this.#options = options;
  }

  /** True where all of the list is known, whatever a newer reading is doing. */
  get known(): boolean {
    return this.completedAt !== undefined;
  }

  /** True where the last reading came to its end, but records of it may be missing: only another one can tell. */
  get doubtful(): boolean {
    return this.status === 'complete' && this.doubts.length + this.invalid.length > 0;
  }

  /** Where the reading stands, to be kept for {@link restore}. */
  get position(): WalkPosition {
    const { status, pages, pagesBefore, startedAt, completedAt, doubts } = this;
    const next = status === 'complete' ? undefined : this.#next;
    const unseen = [...this.#unseen];
    return { status, pages, pagesBefore, startedAt, completedAt, next, unseen, doubts, invalid: [...this.#found] };
  }

  /** Takes what an earlier session, or another window, read. Only while nothing is being read. */
  restore(records: Iterable<T>, position: WalkPosition): void {
    const removed = new Set(this.records.keys());
    const changed = new Set<string>();
    let listed = false;
    for (const record of records) {
      const key = this.#options.keyOf(record);
      const before = this.records.get(key);
      removed.delete(key);
      if (before === undefined || !sameRecord(before, record)) {
        listed ||= before === undefined;
        this.records.set(key, record);
        changed.add(key);
      }
    }
    this.records.deleteAll(removed);
    this.#options.onRecords({ listed: listed || removed.size > 0, changed, removed });
    this.pages = position.pages;
    this.pagesBefore = position.pagesBefore;
    this.startedAt = position.startedAt;
    this.completedAt = position.completedAt;
    this.doubts = position.doubts;
    this.#found = [...(position.invalid ?? [])];
    this.invalid = this.#found;
    this.#next = position.next;
    this.#unseen = new Set(position.unseen);
    // A session that ended in the middle of a reading has stopped it.
    this.status = position.status === 'reading' || position.status === 'failed' ? 'stopped' : position.status;
  }

  /** Reads where nothing was read yet, or the last reading did not end; otherwise joins what is under way. */
  async load(): Promise<void> {
    if (this.status === 'idle' || this.status === 'failed' || this.status === 'stopped') {
      await this.resume();
    }
    await this.#settled();
  }

  /** Goes on from the page where the last reading stopped, if it stopped not long ago; otherwise from the start. */
  async resume(): Promise<void> {
    const from = this.#next;
    if (from === undefined || this.status === 'complete' || !isFresh(this.startedAt, RESUMABLE)) {
      await this.restart();
    } else {
      await this.#go(from, this.#options.cap());
    }
  }

  /** Reads from the start, superseding what is under way. */
  async restart(): Promise<void> {
    this.#unseen = new Set(this.records.keys());
    this.#found = [];
    this.pages = 0;
    this.doubts = [];
    this.startedAt = Date.now();
    await this.#go(undefined, this.#options.cap());
  }

  /** Goes on after the cap, by as many pages as the cap allows; with `all`, to the end. */
  async more(all = false): Promise<void> {
    if (this.status === 'capped') {
      await this.#read(all ? 0 : this.#options.cap());
    } else {
      await this.load();
    }
  }

  /** Reads to the very end, whatever the cap says. @throws {ServiceError} where it could not. */
  async all(): Promise<Table<T>> {
    await this.load();
    while (this.status === 'capped') {
      await this.more(true);
    }
    if (this.error !== undefined) {
      throw this.error;
    }
    if (this.status !== 'complete') {
      // Only a walk that was stopped or disposed ends like this. A part of a list is never given for the whole.
      throw new ServiceError('notFound', {
        service: this.#options.service,
        serviceMessage: t('the reading ended before the list did'),
      });
    }
    return this.records;
  }

  /** Ends the reading under way; it can go on later. */
  stop(): void {
    if (this.status === 'reading') {
      this.#reading?.abort();
      this.status = 'stopped';
      this.#options.onProgress();
    }
  }

  /** Waits for the reading under way, and for the one that supersedes it, if any. */
  async #settled(): Promise<void> {
    let waitedFor: Promise<void> | undefined;
    while (this.status === 'reading' && this.#running !== waitedFor) {
      waitedFor = this.#running;
      await waitedFor;
    }
  }

  dispose(): void {
    this.#reading?.abort();
  }

  async #go(from: string | undefined, cap: number): Promise<void> {
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    this.#next = from;
    this.#iterator = this.#options.pages(reading.signal, from)[Symbol.asyncIterator]();
    await this.#read(cap);
  }

  async #read(cap: number): Promise<void> {
    if (this.#iterator === undefined) {
      // Capped in an earlier session: there is a place to go on from, but nothing that goes.
      await this.#go(this.#next, cap);
      return;
    }
    this.#running = this.#readPages(this.#iterator, cap);
    await this.#running;
  }

  async #readPages(iterator: AsyncIterator<Page<T>>, cap: number): Promise<void> {
    const reading = this.#reading;
    const superseded = () => this.#reading !== reading || reading?.signal.aborted === true;
    this.status = 'reading';
    this.error = undefined;
    this.#options.onProgress();
    try {
      for (let page = 0; cap === 0 || page < cap; page += 1) {
        const next = await iterator.next();
        if (superseded()) {
          return;
        }
        if (next.done) {
          this.#end();
          return;
        }
        this.#take(next.value);
      }
      this.status = 'capped';
      this.#options.onProgress();
    } catch (error) {
      if (superseded() || isAbort(error)) {
        return;
      }
      if (isServiceError(error)) {
        this.error = error;
      } else {
        this.#options.log.error(stackOf(error));
        this.error = internalError();
      }
      const { kind, status = 0 } = this.error;
      if ((kind === 'malformed' && (status < 200 || status >= 300)) || kind === 'notFound') {
        // The list leads nowhere from here, so the next try has to start anew. A damaged page is asked for again.
        this.#next = undefined;
      }
      this.status = 'failed';
      this.#options.onProgress();
    }
  }

  #take(page: Page<T>): void {
    this.pages += 1;
    this.#next = page.next;
    if (page.doubt !== undefined) {
      this.doubts = [...this.doubts, page.doubt];
    }
    const size = this.records.size;
    const changed = new Set<string>();
    for (const record of page.items) {
      const key = this.#options.keyOf(record);
      this.#unseen.delete(key);
      const before = this.records.get(key);
      const after = this.#options.keep?.(record, before) ?? record;
      if (before === undefined || !sameRecord(before, after)) {
        this.records.set(key, after);
        changed.add(key);
      }
    }
    for (const record of page.invalid) {
      this.#found.push(record);
    }
    this.invalid = this.#found;
    if (changed.size > 0) {
      this.#options.onRecords({ listed: this.records.size > size, changed, removed: new Set() });
    }
    this.#options.onProgress();
  }

  #end(): void {
    // A record that was not met by a reading with doubts may be hidden, not gone.
    const removed = this.doubts.length === 0 ? this.#unseen : new Set<string>();
    this.#unseen = new Set();
    this.#next = undefined;
    this.invalid = this.#found;
    this.status = 'complete';
    this.pagesBefore = this.pages;
    this.completedAt = Date.now();
    if (removed.size > 0) {
      this.records.deleteAll(removed);
      this.#options.onRecords({ listed: true, changed: new Set(), removed });
    }
    this.#options.onProgress();
  }
}
