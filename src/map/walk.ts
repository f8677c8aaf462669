import { t } from '@vscode/l10n';
import type { InvalidRecord, Page } from '../providers/model.ts';
import { isAbort, isServiceError, ServiceError } from '../transport/errors.ts';

/** How far the reading of a list has come. */
export type WalkStatus =
  /** Nobody has asked yet. */
  | 'idle'
  /** Pages are coming. */
  | 'reading'
  /** The page cap of the settings is reached; `more()` goes on. */
  | 'capped'
  | 'complete'
  /** Ended by an error; what came before it is kept. */
  | 'failed';

export interface WalkOptions<T> {
  /** The service's name, for errors. */
  readonly service: string;
  readonly pages: (signal: AbortSignal) => AsyncIterable<Page<T>>;
  readonly keyOf: (record: T) => string;
  /** Pages read before the walk asks to go on; 0: all of them. */
  readonly cap: () => number;
  /** Called after each page and each change of status. */
  readonly onChange: () => void;
}

/**
 * One list of a service, read page by page and kept by key. A second reading replaces records in place and drops at
 * its end those that are gone, so that what is on screen never vanishes meanwhile. Rows that pages repeat count once.
 */
export class Walk<T> {
  readonly records = new Map<string, T>();
  invalid: readonly InvalidRecord[] = [];
  status: WalkStatus = 'idle';
  /** Pages read by the current or last reading. */
  pages = 0;
  error: ServiceError | undefined;

  readonly #options: WalkOptions<T>;
  #reading: AbortController | undefined;
  #iterator: AsyncIterator<Page<T>> | undefined;
  #seen = new Set<string>();
  #found: InvalidRecord[] = [];
  #running: Promise<void> | undefined;

  constructor(options: WalkOptions<T>) {
    this.#options = options;
  }

  /** Reads from the start where nothing was read yet, or the last reading failed; otherwise joins what is under way. */
  async load(): Promise<void> {
    if (this.status === 'idle' || this.status === 'failed') {
      await this.restart();
    }
    await this.#settled();
  }

  /** Reads from the start, superseding what is under way. */
  async restart(): Promise<void> {
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    this.#iterator = this.#options.pages(reading.signal)[Symbol.asyncIterator]();
    this.#seen = new Set();
    this.#found = [];
    this.pages = 0;
    await this.#go(this.#options.cap());
  }

  /** Goes on after the cap, by as many pages as the cap allows; with `all`, to the end. */
  async more(all = false): Promise<void> {
    if (this.status === 'capped') {
      await this.#go(all ? 0 : this.#options.cap());
    } else {
      await this.load();
    }
  }

  /** Reads to the very end, whatever the cap says. @throws {ServiceError} where it could not. */
  async all(): Promise<ReadonlyMap<string, T>> {
    await this.load();
    while (this.status === 'capped') {
      await this.more(true);
    }
    if (this.error !== undefined) {
      throw this.error;
    }
    if (this.status !== 'complete') {
      // Only a walk that was disposed ends like this. A part of a list is never given for the whole.
      throw new ServiceError('notFound', {
        service: this.#options.service,
        serviceMessage: t('the connection ended while it was read'),
      });
    }
    return this.records;
  }

  /** Waits for the reading under way, and for the one that supersedes it, if any. */
  async #settled(): Promise<void> {
    let waitedFor: Promise<void> | undefined;
    while (this.status === 'reading' && this.#running !== waitedFor) {
      waitedFor = this.#running;
      await waitedFor;
    }
  }

  /** Makes the next `load()` read anew; what is known stays until then. */
  expire(): void {
    if (this.status !== 'reading') {
      this.status = 'idle';
    }
  }

  dispose(): void {
    this.#reading?.abort();
  }

  async #go(cap: number): Promise<void> {
    this.#running = this.#read(cap);
    await this.#running;
  }

  async #read(cap: number): Promise<void> {
    const [reading, iterator] = [this.#reading, this.#iterator];
    if (reading === undefined || iterator === undefined) {
      return;
    }
    const superseded = () => this.#reading !== reading || reading.signal.aborted;
    this.status = 'reading';
    this.error = undefined;
    this.#options.onChange();
    try {
      for (let page = 0; cap === 0 || page < cap; page += 1) {
        const next = await iterator.next();
        if (superseded()) {
          return;
        }
        if (next.done) {
          this.#end('complete');
          return;
        }
        this.#take(next.value);
      }
      this.#end('capped');
    } catch (error) {
      if (superseded() || isAbort(error)) {
        return;
      }
      this.error = isServiceError(error)
        ? error
        : new ServiceError('malformed', {
            service: this.#options.service,
            serviceMessage: String(error),
            cause: error,
          });
      this.status = 'failed';
      this.#options.onChange();
    }
  }

  #take(page: Page<T>): void {
    this.pages += 1;
    for (const record of page.items) {
      const key = this.#options.keyOf(record);
      this.#seen.add(key);
      this.records.set(key, record);
    }
    this.#found.push(...page.invalid);
    this.invalid = this.#found;
    this.#options.onChange();
  }

  #end(status: 'complete' | 'capped'): void {
    for (const key of this.records.keys()) {
      if (!this.#seen.has(key)) {
        this.records.delete(key);
      }
    }
    this.invalid = this.#found;
    this.status = status;
    this.#options.onChange();
  }
}
