import { t } from '@vscode/l10n';
import type { Account, Campaign, Sender } from '../providers/model.ts';
import type { Provider, ScannedCampaigns } from '../providers/provider.ts';
import { isAbort, ServiceError } from '../transport/errors.ts';
import type { Log } from '../transport/log.ts';
import { isFresh } from '../transport/time.ts';
import { inTurns, type Steps } from '../transport/turns.ts';
import { ChangeFeed, type MapChange } from './changeFeed.ts';
import { missingOf } from './completeness.ts';
import { Emitter } from './emitter.ts';
import { Gaps } from './gaps.ts';
import { Graph, type CampaignEdge } from './graph.ts';
import { Lookups, type MappingCheck } from './lookups.ts';
import { restoreState, stateOf, type MapState } from './state.ts';
import { MapStore } from './store.ts';
import { ListReader, type ListView } from './sync/listReader.ts';
import { Synchronizer, type SyncPriority, type SyncProgress, type SyncWish } from './sync/synchronizer.ts';

export type { MapChange } from './changeFeed.ts';
export type { MappingCheck } from './lookups.ts';
export type { MapState } from './state.ts';
export type { SyncProgress } from './sync/synchronizer.ts';

/**
 * The accounts and campaigns of one connection and the edges between them: read with as few requests as the service
 * allows, corrected where the service itself says otherwise, and kept. It answers what views, documents, commands and
 * other extensions ask, and says what changed. A facade: the store holds the state, the feed says what changed, the
 * synchronizer reads.
 */
export class SendingMap {
  /** What is known, as edges between accounts and campaigns. */
  readonly graph: Graph;
  readonly #accounts: ListReader<Account>;
  readonly #campaigns: ListReader<Campaign>;
  readonly #provider: Provider;
  readonly #pageCap: () => number;
  readonly #feed: ChangeFeed;
  readonly #store: MapStore;
  readonly #sync: Synchronizer;
  readonly #lookups: Lookups;
  readonly #gaps = new Gaps();
  readonly #progress = new Emitter<void>();
  readonly #disposed = new AbortController();
  #wasKnown = false;
  /** What is being restored. */
  #restoring: Promise<void> | undefined;

  /** `pageCap`: pages of accounts that a sync reads by itself; 0: all. */
  constructor(provider: Provider, pageCap: () => number, log: Log) {
    this.#provider = provider;
    this.#pageCap = pageCap;
    const statement = provider.info.campaignsListSenders ? 'listed' : 'reported';
    this.#feed = new ChangeFeed(
      (account) => this.#store.accounts.keyAt(account),
      (campaign) => this.#store.campaigns.keyAt(campaign),
    );
    const store = new MapStore(this.#feed, {
      statement,
      comparedKey: (key) => provider.info.sameKey(key),
      tagsApart: provider.campaignTags !== undefined,
    });
    this.#store = store;
    const onProgress = () => {
      this.#noteKnown();
      this.#progress.fire();
    };
    // Somebody looks at the first page; the others come behind whatever a person does meanwhile.
    const options = (signal: AbortSignal, from: string | undefined) =>
      ({
        signal: AbortSignal.any([signal, this.#disposed.signal]),
        from,
        priority: from === undefined && this.#sync.priority === 'background' ? 'interactive' : this.#sync.priority,
        laterPages: this.#sync.priority,
      }) as const;
    this.#accounts = new ListReader({
      log,
      table: store.accounts,
      pages: (signal, from) => provider.accountPages(options(signal, from)),
      put: (account, at, reading) => {
        store.putAccount(account, at, reading);
      },
      drop: (account) => {
        store.dropAccount(account);
      },
      onProgress,
    });
    this.#campaigns = new ListReader({
      log,
      table: store.campaigns,
      pages: (signal, from) => provider.campaignPages(options(signal, from)),
      put: (campaign, at, reading) => {
        store.putCampaign(campaign, at, reading);
      },
      drop: (campaign) => {
        store.dropCampaign(campaign);
      },
      onProgress,
    });
    this.graph = new Graph(store, {
      unlistedAccount: () => unlistedWords(this.#accounts.known, t('Not in the list of accounts')),
      unlistedCampaign: () => unlistedWords(this.#campaigns.known, t('Not in the list of campaigns')),
      knowsCampaignsOf: (accountKey) => this.knowsCampaignsOf(accountKey),
      knowsSendersOf: (campaignId) => this.knowsSendersOf(campaignId),
    });
    this.#sync = new Synchronizer({
      provider,
      store,
      accounts: this.#accounts,
      campaigns: this.#campaigns,
      gaps: this.#gaps,
      log,
      onProgress,
      onEnd: () => {
        this.#finishSync();
      },
    });
    this.#lookups = new Lookups(provider, store, this.#feed, this.#gaps, log, this.#disposed.signal);
  }

  get accounts(): ListView<Account> {
    return this.#accounts;
  }

  get campaigns(): ListView<Campaign> {
    return this.#campaigns;
  }

  /** Goes up with each change; what was worked out of the map at another version is old. */
  get version(): number {
    return this.#feed.version;
  }

  /** Fires when what the map says changed; never for a refresh that found everything as it was. */
  onDidChange(listener: (change: MapChange) => void): { dispose(): void } {
    return this.#feed.onDidChange(listener);
  }

  /** Fires when a sync begins, moves on or ends. */
  onDidProgress(listener: () => void): { dispose(): void } {
    return this.#progress.on(listener);
  }

  /**
   * When the last complete sync ended, in milliseconds since the epoch; undefined where there was none, or where it
   * ended in the future: before the clock was set back.
   */
  get syncedAt(): number | undefined {
    const [accounts = 0, campaigns = 0] = [this.#accounts.completedAt, this.#campaigns.completedAt];
    // Lists that were read one by one make up a whole map too.
    const at = this.#sync.syncedAt ?? (this.complete ? Math.max(accounts, campaigns) : undefined);
    return at !== undefined && isFresh(at, Infinity) ? at : undefined;
  }

  /** True where the map is all there is, as of {@link syncedAt}. */
  get complete(): boolean {
    return this.missing().length === 0;
  }

  /** True where nothing was read yet, in this session or an earlier one. */
  get empty(): boolean {
    return this.#accounts.status === 'idle' && this.#store.accounts.size === 0;
  }

  get progress(): SyncProgress {
    return this.#sync.progress;
  }

  /** What is missing, each in a sentence; empty where the map is complete. */
  missing(): string[] {
    return missingOf({
      accounts: viewOf(this.#accounts),
      campaigns: viewOf(this.#campaigns),
      scan: this.#sync.progress.scan,
      others: this.#gaps.sentences,
    });
  }

  /** What could not be read besides the lists themselves, each in a sentence. */
  gaps(): readonly string[] {
    return this.#gaps.sentences;
  }

  /**
   * Syncs where nothing was read yet, where an earlier session left the last sync undone, or where it ended longer ago
   * than `age` milliseconds, well or not: views show maps all the time, and must not repeat what just failed. A sync
   * that a person cancelled stays cancelled.
   *
   * @param priority `automatic` where nobody looks for it.
   */
  ensureFresh(age: number, priority: SyncPriority = 'background'): void {
    if (this.#restoring !== undefined) {
      // Only then it is known how old the map is.
      void this.#restoring.then(() => {
        if (!this.#disposed.signal.aborted) {
          this.ensureFresh(age, priority);
        }
      });
      return;
    }
    const { complete } = this;
    const ended = complete ? this.syncedAt : this.#sync.endedAt;
    const due = ended === undefined || !isFresh(ended, age);
    const barred = !complete && this.#sync.cancelled;
    const capped = this.#accounts.status === 'capped';
    if (!this.#sync.running && due && !barred) {
      const again = complete || capped || (ended !== undefined && this.#sync.read);
      void this.#begin({ again: again || this.#gaps.areRestored, priority });
    }
  }

  /**
   * Reads what is missing or, with `again`, everything; joins a sync that is under way. Ends when the map is complete or
   * can get no further; what went wrong is in {@link missing}.
   */
  sync(again = false): Promise<void> {
    return this.#begin({ again: again || this.#gaps.areRestored });
  }

  /** Reads everything, whatever the page cap says, until the map is complete or can get no further. */
  async syncAll(): Promise<void> {
    // A sync that somebody else begins meanwhile with a cap ends this one, and not the wish for everything.
    do {
      if (!this.complete || this.#sync.running) {
        await this.#begin({ again: !this.#sync.running && this.#gaps.areRestored, cap: 0 });
      }
    } while (this.#accounts.status === 'capped' && !this.#disposed.signal.aborted);
  }

  /** Stops the sync under way; the next one goes on from there. */
  cancel(): void {
    this.#sync.cancel();
    this.#feed.publish();
  }

  /** Goes on where a list stopped, by as many pages as the settings read at once. */
  loadMore(): Promise<void> {
    return this.#begin({});
  }

  /** All accounts, whatever the page cap says. @throws {ServiceError} where they could not all be read. */
  allAccounts(): Promise<readonly Account[]> {
    return this.#all(this.#accounts);
  }

  /** All campaigns. @throws {ServiceError} where they could not all be read. */
  allCampaigns(): Promise<readonly Campaign[]> {
    return this.#all(this.#campaigns);
  }

  /** True where the campaigns of an account are all known, whether it was asked for or not. */
  knowsCampaignsOf(accountKey: string): boolean {
    const account = this.#store.accounts.get(accountKey);
    if (this.#provider.info.campaignsListSenders) {
      return account !== undefined ? this.#campaigns.known : this.#lookups.checkOf(accountKey)?.status === 'answered';
    }
    return (account?.campaignIds !== undefined && this.#sync.claimsHold !== false) || this.#sync.scanned;
  }

  /** True where the senders of a campaign are all known. */
  knowsSendersOf(campaignId: string): boolean {
    const { campaigns, edges } = this.#store;
    const number = campaigns.numberOf(campaignId);
    const answered = number !== undefined && !this.#provider.info.campaignsListSenders && edges.statedAt(number) > 0;
    return answered || (this.#accounts.known && (!this.#sync.needsScan || this.#sync.scanned));
  }

  /** What became of asking the service which campaigns an account feeds; undefined where nobody asked. */
  mappingCheckOf(accountKey: string): MappingCheck | undefined {
    return this.#lookups.checkOf(accountKey);
  }

  /** Asks the service which campaigns an account feeds; see {@link Lookups.checkMapping}. */
  async checkMapping(accountKey: string, fresh = false): Promise<void> {
    const known = () => this.knowsCampaignsOf(accountKey);
    const answered = await this.#lookups.checkMapping(accountKey, fresh, known);
    if (!answered && !this.#sync.scanned && !this.#sync.cancelled && !this.#sync.running) {
      // This service does not tell; its campaigns have to be asked, in the background.
      void this.sync();
    } else if (answered && !this.#provider.info.campaignsListSenders && !this.#campaigns.known) {
      // Only ids came; their names are in the list of campaigns.
      await this.sync();
    }
    this.#feed.publish();
  }

  /** The campaigns of an account, complete and fresh. @throws {ServiceError} where they could not be read. */
  async allCampaignsOf(accountKey: string): Promise<readonly CampaignEdge[]> {
    await this.#lookups.checkMapping(accountKey, true, () => this.knowsCampaignsOf(accountKey));
    const { error } = this.#lookups.checkOf(accountKey) ?? {};
    if (error !== undefined) {
      throw error;
    }
    if (this.#provider.info.campaignsListSenders) {
      await this.allCampaigns();
    } else if (this.#sync.needsScan || !this.knowsCampaignsOf(accountKey)) {
      const [failure] = (await this.#scan()).failures.values();
      if (failure !== undefined) {
        throw failure;
      }
    }
    this.#feed.publish();
    return this.graph.campaignsOf(accountKey);
  }

  /** The campaigns of an account by scanning, for documents of services that do not tell them. @throws {ServiceError} */
  async scannedCampaignsOf(accountKey: string): Promise<ScannedCampaigns> {
    const { counts } = await this.#scan();
    const { campaigns, accounts, edges } = this.#store;
    const ids: string[] = [];
    edges.campaignsOf(accounts.number(accountKey), (campaign) => ids.push(campaigns.keyAt(campaign)));
    const scannedAt = campaigns.rows.reduce((at, { id }) => Math.max(at, edges.statedAt(campaigns.number(id))), 0);
    return { ids, scanned: counts.scanned, total: counts.total, scannedAt };
  }

  /** The senders of a campaign, fresh, with what the map knows about each account. @throws {ServiceError} */
  sendersOf(campaignId: string): Promise<readonly Sender[]> {
    return this.#lookups.sendersOf(campaignId);
  }

  /** Asks a campaign for its senders where they are not known otherwise. @throws {ServiceError} */
  async loadSendersOf(campaignId: string): Promise<void> {
    if (!this.#provider.info.campaignsListSenders && !this.knowsSendersOf(campaignId)) {
      await this.#lookups.loadSendersOf(campaignId);
    }
  }

  /** Reads one account and its campaigns: that row and nothing else. @throws {ServiceError} */
  async refreshAccount(accountKey: string): Promise<void> {
    await Promise.all([this.#lookups.refreshAccount(accountKey), this.checkMapping(accountKey, true)]);
    this.#feed.publish();
  }

  /** Reads one campaign, and its senders where only it can tell them. @throws {ServiceError} */
  async refreshCampaign(campaignId: string): Promise<void> {
    const { campaigns, edges } = this.#store;
    const answers = !this.#provider.info.campaignsListSenders;
    const asked = answers && (this.#sync.needsScan || edges.statedAt(campaigns.number(campaignId)) > 0);
    await Promise.all([
      this.#lookups.refreshCampaign(campaignId),
      asked ? this.#lookups.sendersOf(campaignId) : undefined,
    ]);
    this.#feed.publish();
  }

  /** Everything the map knows at one moment, to be kept on disk; never the half of what is being restored. */
  async save(): Promise<MapState> {
    await this.#restoring;
    return stateOf(this.#store, this.#accounts, this.#campaigns, this.#sync, this.#gaps);
  }

  /**
   * Takes what an earlier session, or another window, knew, in turns. Only while no sync and no other restoring is under
   * way; a sync that is asked for meanwhile begins after it.
   */
  async restore(state: MapState): Promise<void> {
    this.#restoring = inTurns(this.#restore(state)).finally(() => {
      this.#restoring = undefined;
    });
    await this.#restoring;
  }

  /** Ends everything under way. Those who still wait for an answer of this map get an error. */
  dispose(): void {
    this.#disposed.abort();
    this.#sync.dispose();
    this.#feed.dispose();
    this.#progress.dispose();
  }

  *#restore(state: MapState): Steps<void> {
    yield* restoreState(state, this.#store, this.#accounts, this.#campaigns, this.#sync, this.#gaps);
    this.#lookups.forget();
    this.#wasKnown = this.#accounts.known && this.#campaigns.known;
    this.#feed.publish();
    this.#progress.fire();
  }

  async #begin({ again = false, cap = this.#pageCap(), priority = 'background' }: Partial<SyncWish>): Promise<void> {
    if (this.#restoring !== undefined) {
      await this.#restoring;
    }
    if (again || !this.#sync.running) {
      this.#lookups.forget();
    }
    await this.#sync.sync({ again, cap, priority });
  }

  #finishSync(): void {
    const { startedAt } = this.#sync;
    if (this.#sync.read) {
      for (const [account, { at }] of [...this.#store.edges.confirmed]) {
        // What the lists say now is newer than what was confirmed before they were read, or nobody knows when.
        if (at <= startedAt || !isFresh(at, Infinity)) {
          this.#store.edges.unconfirm(account);
        }
      }
      const before = this.#sync.syncedAt ?? 0;
      if (this.complete && (before < startedAt || !isFresh(before, Infinity))) {
        this.#sync.syncedAt = Date.now();
      }
    }
    this.#feed.publish();
  }

  /** From the time both lists are known, an account that is in neither is not just not read yet. */
  #noteKnown(): void {
    if (!this.#wasKnown && this.#accounts.known && this.#campaigns.known) {
      this.#wasKnown = true;
      this.#feed.markListed();
    }
  }

  async #all<T>(list: ListReader<T>): Promise<readonly T[]> {
    const ended = () => list.status === 'complete';
    do {
      await this.#begin({ cap: 0 });
    } while (!ended() && (this.#sync.running || list.status === 'capped') && !this.#disposed.signal.aborted);
    if (list.error !== undefined) {
      throw list.error;
    }
    if (!ended()) {
      // Only a reading that was stopped ends like this. A part of a list is never given for the whole.
      throw interrupted(this.#provider.info.name);
    }
    return list.records.rows;
  }

  async #scan() {
    await this.allCampaigns();
    try {
      return await this.#sync.freshScan(this.#disposed.signal);
    } catch (error) {
      throw isAbort(error) ? interrupted(this.#provider.info.name) : error;
    }
  }
}

function viewOf<T>(list: ListReader<T>) {
  const { status, known, pages, pagesBefore, completedAt, error, invalid, warnings } = list;
  return { status, known, pages, pagesBefore, completedAt, error, invalid, warnings, size: list.records.size };
}

function unlistedWords(known: boolean, words: string): string {
  return known ? words : t('Not read yet');
}

/** What those who wait get when the connection goes, its key is replaced, or a refresh starts over. */
function interrupted(service: string): ServiceError {
  return new ServiceError('ended', { service });
}
