import { t } from '@vscode/l10n';
import type { Account, Campaign, SenderList } from '../../providers/model.ts';
import type { Provider } from '../../providers/provider.ts';
import type { Log } from '../../transport/log.ts';
import { isAbort, isServiceError, stackOf } from '../../transport/errors.ts';
import { isFresh } from '../../transport/time.ts';
import type { Gaps } from '../gaps.ts';
import { sendersWords } from '../lookups.ts';
import type { MapState } from '../state.ts';
import type { MapStore } from '../store.ts';
import { readTags } from './tags.ts';
import type { ListReader } from './listReader.ts';
import { SenderScan, type ScanCounts } from './senderScan.ts';

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

/** One sync from its beginning to its end. */
/** A sync that nobody asked for leaves more of what the service allows to people. */
export type SyncPriority = 'background' | 'automatic';

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

/** Asking all campaigns costs a request for each, so the last answers are good for this long, in milliseconds. */
const SCAN_LIFE = 60_000;

/** Reads both lists, and the senders of campaigns where nothing else says them, as far as they are not read yet. */
export class Synchronizer {
  readonly #provider: Provider;
  readonly #store: MapStore;
  readonly #accounts: ListReader<Account>;
  readonly #campaigns: ListReader<Campaign>;
  readonly #gaps: Gaps;
  readonly #log: Log;
  readonly #onProgress: () => void;
  readonly #onEnd: () => void;
  #run: SyncRun | undefined;
  #scan: SenderScan | undefined;
  #scanning: Promise<SenderScan> | undefined;
  /** Campaigns that an earlier session asked in the sync that it left. */
  #scannedBefore = 0;
  /** Whether the claims of accounts agree with what a campaign answers; undefined: not compared yet. */
  #claimsHold: boolean | undefined;

  /** When the list of campaigns was read that the tags were read for, in milliseconds since the epoch. */
  #taggedAt: number | undefined;

  /** When the sync that was begun last began, in milliseconds since the epoch; 0: none was. */
  startedAt = 0;
  /** When the last complete sync ended, in milliseconds since the epoch. */
  syncedAt: number | undefined;
  /** When the last sync of this session ended, complete or not. */
  endedAt: number | undefined;
  /** True where a person stopped the last sync. */
  cancelled = false;

  constructor(options: {
    readonly provider: Provider;
    readonly store: MapStore;
    readonly accounts: ListReader<Account>;
    readonly campaigns: ListReader<Campaign>;
    readonly gaps: Gaps;
    readonly log: Log;
    readonly onProgress: () => void;
    /** Called at the end of a sync, before it is announced. */
    readonly onEnd: () => void;
  }) {
    this.#provider = options.provider;
    this.#store = options.store;
    this.#accounts = options.accounts;
    this.#campaigns = options.campaigns;
    this.#gaps = options.gaps;
    this.#log = options.log;
    this.#onProgress = options.onProgress;
    this.#onEnd = options.onEnd;
  }

  /** How campaigns of this service state their senders. */
  get statement(): 'listed' | 'reported' {
    return this.#provider.info.campaignsListSenders ? 'listed' : 'reported';
  }

  get running(): boolean {
    return this.#run !== undefined;
  }

  /** Of the requests of the sync under way, and of what is read outside of one. */
  get priority(): SyncPriority {
    return this.#run?.priority ?? 'background';
  }

  /** True where both lists are read to their ends. */
  get read(): boolean {
    return this.#accounts.status === 'complete' && this.#campaigns.status === 'complete';
  }

  /** True where accounts do not say, or not truly, which campaigns they feed, and campaigns do not list their senders. */
  get needsScan(): boolean {
    return (
      !this.#provider.info.campaignsListSenders &&
      this.#store.accounts.size > 0 &&
      (this.#store.withoutClaims > 0 || this.#claimsHold === false)
    );
  }

  /** True where every campaign has said its senders at some time. */
  get scanned(): boolean {
    return this.#campaigns.known && this.#store.withoutStatement === 0;
  }

  get scanCounts(): ScanCounts {
    return this.#scan?.counts ?? { scanned: this.#scannedBefore, total: this.#store.campaigns.size, failed: 0 };
  }

  get progress(): SyncProgress {
    const scan = this.needsScan && this.#store.campaigns.size > 0 ? this.scanCounts : undefined;
    const [accounts, campaigns] = [this.#accounts, this.#campaigns];
    const pages = accounts.pages + campaigns.pages;
    const pagesBefore =
      accounts.pagesBefore > 0 ? accounts.pagesBefore + Math.max(campaigns.pagesBefore, campaigns.pages) : undefined;
    const scansLeft = scan === undefined ? 0 : scan.total - scan.scanned - scan.failed;
    const pagesLeft = this.read ? 0 : pagesBefore === undefined ? undefined : Math.max(0, pagesBefore - pages);
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
   * Reads what is missing or, where that is `wanted`, everything; joins a sync that is under way. Ends when the map is
   * complete or can get no further. Never rejects.
   *
   * @param cap pages of accounts to read; 0: all. A sync that is joined is not held to less than this.
   * @param priority of its requests; a sync that is joined keeps its own.
   */
  sync(wanted: boolean, cap: number, priority: SyncPriority): Promise<unknown> {
    if (this.#run !== undefined && !wanted) {
      if (cap === 0) {
        this.#run.cap = 0;
      }
      return this.#run.promise;
    }
    this.#run?.abort.abort();
    this.cancelled = false;
    const again = wanted || this.#gaps.areRestored;
    this.#gaps.forgetRestored();
    const begun = this.startedAt > 0 && isFresh(this.startedAt, Infinity);
    if (again || this.#accounts.status === 'idle' || !begun) {
      this.startedAt = Date.now();
      this.#claimsHold = undefined;
      this.#scan = undefined;
      this.#scannedBefore = 0;
    }
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const run: SyncRun = {
      abort: new AbortController(),
      cap,
      priority,
      startedAt: performance.now(),
      doneBefore: again ? 0 : this.#accounts.pages + this.#campaigns.pages + this.scanCounts.scanned,
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
  restore({ syncStartedAt: startedAt, syncedAt, claimsHold, tagsRead }: MapState): void {
    this.startedAt = startedAt;
    this.syncedAt = syncedAt;
    this.#claimsHold = claimsHold;
    this.#taggedAt = tagsRead ? this.#campaigns.completedAt : undefined;
    if (!tagsRead && this.read && this.#provider.campaignTags !== undefined) {
      this.#gaps.set('campaign tags', t('tags of campaigns: not read yet'));
    }
    this.#scan = undefined;
    this.#scannedBefore = this.#store.campaigns.rows.filter(({ id }) => this.#answered(id, startedAt)).length;
  }

  /** Whether the claims of accounts agree with what a campaign answered; undefined: not compared. */
  get claimsHold(): boolean | undefined {
    return this.#claimsHold;
  }

  /** True where the tags are read that the lists do not give. */
  get tagsRead(): boolean {
    return this.read && this.#taggedAt === this.#campaigns.completedAt;
  }

  /** Stops the sync under way; the next one goes on from there. */
  cancel(): void {
    this.cancelled = true;
    this.#run?.abort.abort();
    this.#run = undefined;
    this.#onProgress();
  }

  /** Ends everything under way. */
  dispose(): void {
    this.#run?.abort.abort();
    this.#run = undefined;
  }

  /**
   * The scan that is under way, or one that asks the campaigns that have not answered within the last minute.
   *
   * @throws {ServiceError} where the list of campaigns could not be read; AbortError.
   */
  freshScan(signal: AbortSignal): Promise<SenderScan> {
    return this.#scanSince(Date.now() - SCAN_LIFE, signal);
  }

  async #readAll(run: SyncRun, again: boolean): Promise<void> {
    const { signal } = run.abort;
    const reading = (list: ListReader<Account> | ListReader<Campaign>, cap: () => number) =>
      again || list.mayLack || list.status !== 'complete'
        ? list.read({ signal, restart: again || list.mayLack, cap })
        : undefined;
    await Promise.all([reading(this.#accounts, () => run.cap), reading(this.#campaigns, () => 0)]);
    if (signal.aborted || this.#campaigns.status !== 'complete') {
      return;
    }
    try {
      await this.#readTags(signal);
      if (this.#accounts.status === 'complete') {
        await this.#compareClaims(signal);
      }
      if (this.needsScan) {
        await this.#scanSince(this.startedAt, signal);
      }
    } catch (error) {
      if (!isAbort(error)) {
        this.#log.error(isServiceError(error) ? error.message : stackOf(error));
      }
    }
  }

  async #readTags(signal: AbortSignal): Promise<void> {
    const { completedAt } = this.#campaigns;
    if (this.#taggedAt !== completedAt || this.#accounts.lacksTags) {
      const whole = await readTags({
        provider: this.#provider,
        store: this.#store,
        gaps: this.#gaps,
        accountsLackTags: this.#accounts.lacksTags,
        campaignsLackTags: this.#campaigns.lacksTags,
        options: { signal, priority: this.priority },
      });
      this.#taggedAt = whole ? completedAt : undefined;
    }
  }

  /**
   * That accounts say their campaigns is documented and unproven (Smartlead FACTS 3.8): they are believed once what one
   * campaign answers agrees with them. It should send, and have a sender, so that agreement means something.
   */
  async #compareClaims(signal: AbortSignal): Promise<void> {
    const { campaigns, accounts, edges, withoutClaims } = this.#store;
    if (
      this.#provider.info.campaignsListSenders ||
      accounts.size === 0 ||
      withoutClaims > 0 ||
      this.#claimsHold !== undefined
    ) {
      return;
    }
    const sending = campaigns.rows.filter(({ state }) => state === 'healthy');
    const fed = ({ id }: Campaign) => edges.namesCampaign(campaigns.number(id));
    const campaign = sending.find(fed) ?? sending[0] ?? campaigns.rows.find(fed);
    if (campaign === undefined) {
      return;
    }
    const claimed = new Set<string>();
    edges.sendersOf(campaigns.number(campaign.id), (account) => claimed.add(accounts.keyAt(account)));
    try {
      const list = await this.#provider.sendersOf(campaign.id, { signal, priority: this.priority });
      const answered = new Set(list.senders.map(({ account }) => account.key).filter((key) => accounts.has(key)));
      this.#claimsHold = answered.size === claimed.size && [...answered].every((key) => claimed.has(key));
      if (!this.#claimsHold) {
        this.#log.warn(
          `${this.#provider.info.name}: accounts name ${claimed.size} senders of a campaign that answers with ${answered.size}; all campaigns are asked`,
        );
        this.#take(campaign.id, list);
      }
    } catch (error) {
      if (!isServiceError(error)) {
        throw error;
      }
      // A campaign that cannot be asked proves nothing either way.
    }
  }

  async #scanSince(since: number, signal: AbortSignal): Promise<SenderScan> {
    this.#scanning ??= this.#runScan(since, signal).finally(() => {
      this.#scanning = undefined;
    });
    return this.#scanning;
  }

  async #runScan(since: number, signal: AbortSignal): Promise<SenderScan> {
    const { rows } = this.#store.campaigns;
    const due = rows.filter(({ id }) => !this.#answered(id, since));
    const scan = new SenderScan(this.#provider, due, rows.length, (id, list) => {
      this.#take(id, list);
    });
    this.#scan = scan;
    this.#onProgress();
    await scan.run({ signal, priority: this.priority }, this.#onProgress);
    return scan;
  }

  #take(campaignId: string, { senders, invalid }: SenderList): void {
    this.#gaps.setInvalid(sendersWords(this.#store, campaignId), invalid);
    this.#store.putSenderList(
      campaignId,
      senders.map(({ account }) => account.key),
      Date.now(),
    );
  }

  #answered(campaignId: string, since: number): boolean {
    const at = this.#store.edges.statedAt(this.#store.campaigns.number(campaignId));
    return at >= since && isFresh(at, Infinity);
  }
}
