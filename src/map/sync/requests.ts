import type { Account, Campaign } from '../../providers/model.ts';
import { isAbort, ServiceError } from '../../transport/errors.ts';
import { isFresh } from '../../transport/time.ts';
import type { Gaps } from '../gaps.ts';
import type { EdgeReader } from './edgeReader.ts';
import type { ListReader } from './listReader.ts';
import type { Lists } from './lists.ts';
import type { SenderScan } from './senderScan.ts';
import type { Synchronizer, SyncPriority, SyncWish } from './synchronizer.ts';

export interface SyncRequestsOptions {
  /** The service's name, for errors. */
  readonly service: string;
  readonly sync: Synchronizer;
  readonly lists: Lists;
  readonly edges: EdgeReader;
  readonly gaps: Gaps;
  /** Pages of accounts that a sync reads unless all are asked for; 0: all. */
  readonly pageCap: () => number;
  readonly disposed: AbortSignal;
  readonly isComplete: () => boolean;
  /** Called before a sync that asks again for what it has. */
  readonly onBegin: () => void;
}

/** What views, commands and other extensions ask of the sync of a map. */
export class SyncRequests {
  readonly #options: SyncRequestsOptions;
  #restoring: Promise<void> | undefined;

  constructor(options: SyncRequestsOptions) {
    this.#options = options;
  }

  /**
   * When the last complete sync ended, in milliseconds since the epoch; undefined where there was none, or where it
   * ended in the future: before the clock was set back.
   */
  get syncedAt(): number | undefined {
    const { sync, lists, isComplete } = this.#options;
    const [accounts = 0, campaigns = 0] = [lists.accounts.completedAt, lists.campaigns.completedAt];
    // Lists that were read one by one make up a whole map too.
    const at = sync.syncedAt ?? (isComplete() ? Math.max(accounts, campaigns) : undefined);
    return at !== undefined && isFresh(at, Infinity) ? at : undefined;
  }

  /** Every sync that is asked for waits for this. */
  waitFor(restoring: Promise<void>): Promise<void> {
    this.#restoring = restoring.finally(() => {
      this.#restoring = undefined;
    });
    return this.#restoring;
  }

  /** What the sync waits for; undefined: nothing. */
  get restoring(): Promise<void> | undefined {
    return this.#restoring;
  }

  /**
   * Syncs where nothing was read yet, where an earlier session left the last sync undone, or where it ended longer ago
   * than `age` milliseconds, well or not: views show maps all the time, and must not repeat what just failed. A sync
   * that a person cancelled stays cancelled.
   *
   * @param priority `automatic` where nobody looks for it.
   */
  ensureFresh(age: number, priority: SyncPriority): void {
    const { sync, lists, gaps, isComplete, disposed } = this.#options;
    if (this.#restoring !== undefined) {
      // Only then it is known how old the map is.
      void this.#restoring.then(() => {
        if (!disposed.aborted) {
          this.ensureFresh(age, priority);
        }
      });
      return;
    }
    const complete = isComplete();
    const ended = complete ? this.syncedAt : sync.endedAt;
    const due = ended === undefined || !isFresh(ended, age);
    const barred = !complete && sync.cancelled;
    const capped = lists.accounts.status === 'capped';
    if (!sync.running && due && !barred) {
      const again = complete || capped || (ended !== undefined && lists.read);
      void this.#begin({ again: again || gaps.areRestored, priority });
    }
  }

  /** Reads what is missing or, with `again`, everything. */
  sync(again: boolean): Promise<void> {
    return this.#begin({ again: again || this.#options.gaps.areRestored });
  }

  /** Goes on where a list stopped, by as many pages as the settings allow. */
  loadMore(): Promise<void> {
    return this.#begin({});
  }

  /** Reads everything, whatever the page cap says, until the map is complete or can get no further. */
  async syncAll(): Promise<void> {
    const { sync, lists, gaps, isComplete, disposed } = this.#options;
    // Another caller's sync with a cap may end this one, but everything is still wanted.
    do {
      if (!isComplete() || sync.running) {
        await this.#begin({ again: !sync.running && gaps.areRestored, cap: 0 });
      }
    } while (lists.accounts.status === 'capped' && !disposed.aborted);
  }

  /**
   * Reads what is missing; what is known already, from an earlier session too, will do.
   *
   * @throws {ServiceError} where a list cannot be read: a part of it would look like good news.
   */
  async readWhole(): Promise<void> {
    if (!this.#options.lists.known) {
      await Promise.all([this.allAccounts(), this.allCampaigns()]);
    }
    if (!this.#options.isComplete()) {
      await this.sync(false);
    }
  }

  /** All accounts, whatever the page cap says. @throws {ServiceError} where they could not all be read. */
  allAccounts(): Promise<readonly Account[]> {
    return this.#all(this.#options.lists.accounts);
  }

  /** All campaigns. @throws {ServiceError} where they could not all be read. */
  allCampaigns(): Promise<readonly Campaign[]> {
    return this.#all(this.#options.lists.campaigns);
  }

  /** Asks the campaigns for their senders that have not answered within the last minute. @throws {ServiceError} */
  async scan(): Promise<SenderScan> {
    const { sync, edges, disposed } = this.#options;
    await this.allCampaigns();
    try {
      return await edges.freshScan({ signal: disposed, priority: sync.priority });
    } catch (error) {
      throw isAbort(error) ? this.#ended() : error;
    }
  }

  async #begin({ again = false, cap, priority = 'background' }: Partial<SyncWish>): Promise<void> {
    const { sync, pageCap, onBegin } = this.#options;
    const most = cap ?? pageCap();
    if (this.#restoring !== undefined) {
      await this.#restoring;
    }
    if (again || !sync.running) {
      onBegin();
    }
    await sync.sync({ again, cap: most, priority });
  }

  async #all<T>(list: ListReader<T>): Promise<readonly T[]> {
    const { sync, disposed } = this.#options;
    const ended = () => list.status === 'complete';
    do {
      await this.#begin({ cap: 0 });
    } while (!ended() && (sync.running || list.status === 'capped') && !disposed.aborted);
    if (list.error !== undefined) {
      throw list.error;
    }
    if (!ended()) {
      // Only a reading that was stopped ends like this. A part of a list is never given for the whole.
      throw this.#ended();
    }
    return list.records.rows;
  }

  /** What those who wait get when the connection goes, its key is replaced, or a refresh starts over. */
  #ended(): ServiceError {
    return new ServiceError('ended', { service: this.#options.service });
  }
}
