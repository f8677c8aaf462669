import type { Account, Campaign } from '../../providers/model.ts';
import { isAbort, isServiceError, stackOf } from '../../transport/errors.ts';
import type { Log } from '../../transport/log.ts';
import { isFresh } from '../../transport/time.ts';
import type { Gaps } from '../gaps.ts';
import type { MapState } from '../state.ts';
import type { EdgeReader } from './edgeReader.ts';
import type { ListReader } from './listReader.ts';
import type { Lists } from './lists.ts';
import type { ScanCounts } from './senderScan.ts';

/** How far a sync has come. */
export interface SyncProgress {
  readonly running: boolean;
  readonly pages: number;
  /** Pages that the last complete sync had; undefined: there was none, and no service says how many there are. */
  readonly pagesBefore: number | undefined;
  /** Campaigns that were asked for their senders, of how many; undefined where that is not needed. */
  readonly scan: ScanCounts | undefined;
  readonly requestsLeft: number | undefined;
  /** Milliseconds, guessed from the speed so far. */
  readonly timeLeft: number | undefined;
}

/** A sync that nobody asked for leaves more of what the service allows to people. */
export type SyncPriority = 'background' | 'automatic';

/** What a sync is asked for. */
export interface SyncWish {
  /** True: everything, from the start, whatever was read before. */
  readonly again: boolean;
  /** Pages of accounts to read; 0: all. A sync that is joined, or ended by this one, is not held to less than it was. */
  readonly cap: number;
  /** Of its requests; a sync that is joined keeps its own. */
  readonly priority: SyncPriority;
}

/** One sync from its beginning to its end. */
interface SyncRun {
  readonly abort: AbortController;
  /** Pages of accounts to read; 0: all. May be lifted while it runs. */
  cap: number;
  readonly priority: SyncPriority;
  /** When it began, on the monotonic clock, and the requests that were done before. */
  readonly startedAt: number;
  readonly doneBefore: number;
  readonly promise: Promise<undefined>;
}

/** Reads both lists, and the senders of campaigns where nothing else says them, as far as they are not read yet. */
export class Synchronizer {
  readonly #lists: Lists;
  readonly #edges: EdgeReader;
  readonly #gaps: Gaps;
  readonly #log: Log;
  readonly #onProgress: () => void;
  readonly #onEnd: () => void;
  #run: SyncRun | undefined;

  /** When the sync that was begun last began, in milliseconds since the epoch; 0: none was. */
  startedAt = 0;
  /** When the last complete sync ended, in milliseconds since the epoch. */
  syncedAt: number | undefined;
  /** When the last sync of this session ended, complete or not. */
  endedAt: number | undefined;
  /** True where a person stopped the last sync. */
  cancelled = false;

  /** `onEnd` is called at the end of a sync, before it is announced. */
  constructor(
    lists: Lists,
    edges: EdgeReader,
    gaps: Gaps,
    log: Log,
    { onProgress, onEnd }: { readonly onProgress: () => void; readonly onEnd: () => void },
  ) {
    this.#lists = lists;
    this.#edges = edges;
    this.#gaps = gaps;
    this.#log = log;
    this.#onProgress = onProgress;
    this.#onEnd = onEnd;
  }

  get running(): boolean {
    return this.#run !== undefined;
  }

  /** Of the requests of the sync under way, and of what is read outside of one. */
  get priority(): SyncPriority {
    return this.#run?.priority ?? 'background';
  }

  get progress(): SyncProgress {
    const { scan } = this.#edges;
    const { accounts, campaigns, read } = this.#lists;
    const pages = accounts.pages + campaigns.pages;
    const pagesBefore =
      accounts.pagesBefore > 0 ? accounts.pagesBefore + Math.max(campaigns.pagesBefore, campaigns.pages) : undefined;
    const scansLeft = scan === undefined ? 0 : scan.total - scan.scanned - scan.failed;
    const pagesLeft = read ? 0 : pagesBefore === undefined ? this.#namedPagesLeft : Math.max(0, pagesBefore - pages);
    const requestsLeft = pagesLeft === undefined ? undefined : pagesLeft + scansLeft;
    const run = this.#run;
    const done = run === undefined ? 0 : pages + (scan?.scanned ?? 0) - run.doneBefore;
    const perRequest = run === undefined ? 0 : (performance.now() - run.startedAt) / Math.max(1, done);
    return {
      running: run !== undefined,
      pages,
      pagesBefore,
      scan,
      requestsLeft,
      timeLeft: run !== undefined && requestsLeft !== undefined && done >= 3 ? requestsLeft * perRequest : undefined,
    };
  }

  /**
   * Pages of accounts that a first sync has before it, guessed from the accounts that campaigns name; undefined where
   * they name no more than are read. No service says how many there are (Instantly FACTS 1, Smartlead FACTS 3.8).
   */
  get #namedPagesLeft(): number | undefined {
    const { accounts, campaigns } = this.#lists;
    const { size, numbers } = accounts.records;
    return campaigns.status === 'complete' && accounts.pages > 0 && numbers > size && size > 0
      ? Math.ceil((numbers - size) / (size / accounts.pages))
      : undefined;
  }

  /**
   * Reads what is missing or everything; joins a sync that is under way. Ends when the map is complete or can get no
   * further. Never rejects.
   */
  sync({ again, cap: wanted, priority }: SyncWish): Promise<unknown> {
    const before = this.#run;
    if (before !== undefined && !again) {
      before.cap = wanted === 0 ? 0 : before.cap;
      return before.promise;
    }
    before?.abort.abort();
    this.cancelled = false;
    const { accounts, campaigns } = this.#lists;
    // A list that is read again is read as far as it was.
    const cap = wanted === 0 || before?.cap === 0 ? 0 : again ? Math.max(wanted, accounts.pages) : wanted;
    if (again) {
      this.#gaps.forgetRestored();
    }
    const begun = this.startedAt > 0 && isFresh(this.startedAt, Infinity);
    if (again || accounts.status === 'idle' || !begun) {
      this.startedAt = Date.now();
      this.#edges.startOver();
    }
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const run: SyncRun = {
      abort: new AbortController(),
      cap,
      priority,
      startedAt: performance.now(),
      doneBefore: again ? 0 : accounts.pages + campaigns.pages + this.#edges.scanCounts.scanned,
      promise,
    };
    this.#run = run;
    void this.#readAll(run, again).finally(() => {
      if (this.#run === run) {
        this.#run = undefined;
        this.endedAt = Date.now();
        this.#onEnd();
        this.#onProgress();
      }
      // Those who wait for a sync that another superseded wait for that one.
      resolve(this.#run?.promise);
    });
    this.#onProgress();
    return promise;
  }

  /** Takes what an earlier session, or another window, noted of its last sync. Its lists are restored before. */
  restore({ syncStartedAt: startedAt, syncedAt }: MapState): void {
    this.startedAt = startedAt;
    this.syncedAt = syncedAt;
  }

  /** Stops the sync under way; the next one goes on from there. */
  cancel(): void {
    this.cancelled = true;
    this.#run?.abort.abort();
    this.#run = undefined;
    this.#onProgress();
  }

  /** Notes that both lists were read to their ends, `complete` where nothing else is missing either. */
  finish(complete: boolean): void {
    const before = this.syncedAt ?? 0;
    if (complete && (before < this.startedAt || !isFresh(before, Infinity))) {
      this.syncedAt = Date.now();
    }
  }

  /** Ends everything under way. */
  dispose(): void {
    this.#run?.abort.abort();
    this.#run = undefined;
  }

  async #readAll(run: SyncRun, again: boolean): Promise<void> {
    const { signal } = run.abort;
    const { accounts, campaigns } = this.#lists;
    const reading = (list: ListReader<Account> | ListReader<Campaign>, cap: () => number) =>
      again || list.mayLack || list.status !== 'complete'
        ? list.read({ signal, restart: again || list.mayLack, cap })
        : undefined;
    await Promise.all([reading(accounts, () => run.cap), reading(campaigns, () => 0)]);
    while (!signal.aborted && run.cap === 0 && accounts.status === 'capped') {
      // All of it was asked for after it had stopped.
      await accounts.read({ signal, restart: false, cap: () => 0 });
    }
    if (signal.aborted || campaigns.status !== 'complete') {
      return;
    }
    try {
      await this.#edges.read(this.startedAt, { signal, priority: this.priority });
    } catch (error) {
      if (!isAbort(error)) {
        this.#log.error(isServiceError(error) ? error.message : stackOf(error));
      }
    }
  }
}
