import { t } from '@vscode/l10n';
import type { Account, Campaign, SenderList } from '../../providers/model.ts';
import type { Provider } from '../../providers/provider.ts';
import type { Log } from '../../transport/log.ts';
import { isAbort, isServiceError, stackOf, type ServiceError } from '../../transport/errors.ts';
import { isFresh } from '../../transport/time.ts';
import type { Gaps } from '../gaps.ts';
import { sendersWords } from '../lookups.ts';
import type { MapState } from '../state.ts';
import type { MapStore } from '../store.ts';
import { readTags } from './tags.ts';
import type { ListReader } from './listReader.ts';
import { rankOf, SenderScan, type ScanCounts } from './senderScan.ts';

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

/** Asking all campaigns costs a request for each, so the last answers are good for this long, in milliseconds. */
const SCAN_LIFE = 60_000;
/** Campaigns that are asked to find out whether accounts name their campaigns truly. */
const MOST_COMPARED = 3;

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
  /** Whether the claims of accounts agree with what a campaign answers; undefined: nothing has shown it yet. */
  #claimsHold: boolean | undefined;
  /** True where this sync has compared them. */
  #compared = false;

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
    // A list that is read again is read as far as it was.
    const cap = wanted === 0 || before?.cap === 0 ? 0 : again ? Math.max(wanted, this.#accounts.pages) : wanted;
    if (again) {
      this.#gaps.forgetRestored();
    }
    const begun = this.startedAt > 0 && isFresh(this.startedAt, Infinity);
    if (again || this.#accounts.status === 'idle' || !begun) {
      this.startedAt = Date.now();
      this.#compared = false;
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
    this.#setClaimsHold(claimsHold);
    this.#compared = claimsHold !== undefined;
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
    while (!signal.aborted && run.cap === 0 && this.#accounts.status === 'capped') {
      // Somebody asked for all of it when it had stopped already.
      await this.#accounts.read({ signal, restart: false, cap: () => 0 });
    }
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
   * That accounts say their campaigns is documented and unproven (Smartlead FACTS 3.8): they are believed where a
   * campaign answers that it has senders, and the same ones. What sends is asked first; where nothing proves them, all
   * campaigns are asked.
   */
  async #compareClaims(signal: AbortSignal): Promise<void> {
    const { campaigns, accounts, edges, withoutClaims } = this.#store;
    const claimed = !this.#provider.info.campaignsListSenders && accounts.size > 0 && withoutClaims === 0;
    if (!claimed || campaigns.size === 0 || this.#compared) {
      this.#gaps.set('claims', undefined);
      return;
    }
    const numbered = campaigns.rows.map((campaign) => ({ campaign, number: campaigns.number(campaign.id) }));
    const fed = ({ number }: (typeof numbered)[number]) => edges.isClaimed(number);
    const candidates = bySending(numbered.filter(fed)).concat(bySending(numbered.filter((one) => !fed(one))));
    let failure: ServiceError | undefined;
    let holds: boolean | undefined;
    for (const { campaign, number } of candidates.slice(0, MOST_COMPARED)) {
      try {
        const list = await this.#provider.sendersOf(campaign.id, { signal, priority: this.priority });
        const answered = new Set(list.senders.map(({ account }) => account.key).filter((key) => accounts.has(key)));
        const claimers = edges.claimersOf(number).map((account) => accounts.keyAt(account));
        if (answered.size !== claimers.length || !claimers.every((key) => answered.has(key))) {
          this.#log.warn(
            `${this.#provider.info.name}: accounts name ${claimers.length} senders of a campaign that answers with ${answered.size}; all campaigns are asked`,
          );
          this.#take(campaign.id, list);
          holds = false;
          break;
        }
        this.#noteInvalid(campaign.id, list);
        if (answered.size > 0) {
          holds = true;
          break;
        }
      } catch (error) {
        if (!isServiceError(error)) {
          throw error;
        }
        failure = error;
      }
    }
    this.#compared = holds !== undefined || failure === undefined;
    if (this.#compared) {
      this.#setClaimsHold(holds ?? false);
    }
    // A campaign that cannot be asked proves nothing, and what was proven before counts until it can.
    const doubtful = !this.#compared && this.#claimsHold === undefined;
    this.#gaps.set(
      'claims',
      doubtful ? t('whether accounts name all their campaigns: {0}', failure?.message ?? '') : undefined,
    );
  }

  #setClaimsHold(hold: boolean | undefined): void {
    this.#claimsHold = hold;
    this.#store.edges.claimsCount = hold !== false;
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

  #noteInvalid(campaignId: string, { invalid }: SenderList): void {
    this.#gaps.setInvalid(`senders ${campaignId}`, sendersWords(this.#store, campaignId), invalid);
  }

  #take(campaignId: string, list: SenderList): void {
    this.#noteInvalid(campaignId, list);
    this.#store.putSenderList(
      campaignId,
      list.senders.map(({ account }) => account.key),
      Date.now(),
    );
  }

  #answered(campaignId: string, since: number): boolean {
    const at = this.#store.edges.statedAt(this.#store.campaigns.number(campaignId));
    return at >= since && isFresh(at, Infinity);
  }
}

/** Those that send first. */
function bySending<T extends { readonly campaign: Campaign }>(campaigns: readonly T[]): readonly T[] {
  return campaigns.toSorted((a, b) => rankOf(a.campaign) - rankOf(b.campaign));
}
