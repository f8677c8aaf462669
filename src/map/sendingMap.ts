import { t } from '@vscode/l10n';
import type { Account, Campaign } from '../providers/model.ts';
import type { Provider } from '../providers/provider.ts';
import type { Log } from '../transport/log.ts';
import { inTurns, type Steps } from '../transport/turns.ts';
import { ChangeFeed, type MapChange } from './changeFeed.ts';
import { missingOf } from './completeness.ts';
import { Emitter } from './emitter.ts';
import { Gaps } from './gaps.ts';
import { Graph, type CampaignEdge } from './graph.ts';
import { viewOf, type ListView } from './listView.ts';
import { Lookups } from './lookups.ts';
import { ReadBack } from './readBack.ts';
import { restoreState, stateOf, type MapParts, type MapState } from './state.ts';
import { MapStore } from './store.ts';
import { EdgeReader } from './sync/edgeReader.ts';
import { Lists } from './sync/lists.ts';
import { SyncRequests } from './sync/requests.ts';
import { Synchronizer, type SyncPriority, type SyncProgress } from './sync/synchronizer.ts';

export type { MapChange } from './changeFeed.ts';
export type { MappingCheck } from './lookups.ts';
export type { MapState } from './state.ts';
export type { SyncProgress } from './sync/synchronizer.ts';

/**
 * The accounts and campaigns of one connection and the edges between them: read with as few requests as the service
 * allows, corrected where the service itself says otherwise, and kept. A facade: the store holds the state, the feed says
 * what changed, the synchronizer reads, and lookups ask about single rows.
 */
export class SendingMap {
  /** What is known, as edges between accounts and campaigns. */
  readonly graph: Graph;
  readonly accounts: ListView<Account>;
  readonly campaigns: ListView<Campaign>;
  /** Asks about single rows. */
  readonly lookups: Lookups;
  /** What plans read, before they change something and after. */
  readonly readBack: ReadBack;
  readonly #feed: ChangeFeed;
  readonly #parts: MapParts;
  readonly #requests: SyncRequests;
  readonly #progress = new Emitter<void>();
  readonly #disposed = new AbortController();
  #wasKnown = false;

  /** `pageCap`: pages of accounts that a sync reads unless all are asked for; 0: all. */
  constructor(provider: Provider, pageCap: () => number, log: Log) {
    const feed = new ChangeFeed(
      (account) => store.accounts.keyAt(account),
      (campaign) => store.campaigns.keyAt(campaign),
    );
    const store: MapStore = new MapStore(feed, {
      statement: provider.info.edgesFrom === 'campaigns' ? 'listed' : 'reported',
      comparedKey: (key) => provider.info.sameKey(key),
      tagsApart: provider.campaignTags !== undefined,
    });
    const onProgress = () => {
      this.#noteKnown();
      this.#progress.fire();
    };
    const onEnd = () => {
      this.#finishSync();
    };
    const gaps = new Gaps();
    const disposed = this.#disposed.signal;
    const lists = new Lists(provider, store, log, disposed, () => sync.priority, onProgress);
    const edges = new EdgeReader({ provider, store, lists, gaps, log, onProgress });
    const sync: Synchronizer = new Synchronizer(lists, edges, gaps, log, { onProgress, onEnd });
    this.#feed = feed;
    this.#parts = { store, lists, edges, sync, gaps };
    this.#requests = new SyncRequests({
      ...{ service: provider.info.name, lists, edges, sync, gaps, pageCap, disposed },
      isComplete: () => this.complete,
      onBegin: () => {
        this.lookups.forget();
      },
    });
    this.lookups = new Lookups({ provider, feed, requests: this.#requests, log, disposed, ...this.#parts });
    this.readBack = new ReadBack(provider, store, feed);
    this.accounts = viewOf(lists.accounts);
    this.campaigns = viewOf(lists.campaigns);
    this.graph = new Graph(store, {
      unlistedAccount: () => unlistedWords(lists.accounts.known, t('Deleted or hidden account')),
      unlistedCampaign: () => unlistedWords(lists.campaigns.known, t('Deleted or hidden campaign')),
      knowledge: this.lookups.knowledge,
    });
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

  /** See {@link SyncRequests.syncedAt}. */
  get syncedAt(): number | undefined {
    return this.#requests.syncedAt;
  }

  /** True where the map is all there is, as of {@link syncedAt}. */
  get complete(): boolean {
    return this.missing().length === 0;
  }

  /** True where nothing was read yet, in this session or an earlier one. */
  get empty(): boolean {
    return this.accounts.status === 'idle' && this.accounts.records.size === 0;
  }

  get progress(): SyncProgress {
    return this.#parts.sync.progress;
  }

  /** What is missing, each in a sentence; empty where the map is complete. */
  missing(): string[] {
    const { lists, edges } = this.#parts;
    return missingOf({ accounts: lists.accounts, campaigns: lists.campaigns, scan: edges.scan, others: this.gaps() });
  }

  /** What could not be read besides the lists themselves, each in a sentence. */
  gaps(): readonly string[] {
    return this.#parts.gaps.sentences;
  }

  /** See {@link SyncRequests.ensureFresh}. */
  ensureFresh(age: number, priority: SyncPriority = 'background'): void {
    this.#requests.ensureFresh(age, priority);
  }

  /**
   * Reads what is missing or, with `again`, everything; joins a sync that is under way. Ends when the map is complete or
   * can get no further; what went wrong is in {@link missing}.
   */
  sync(again = false): Promise<void> {
    return this.#requests.sync(again);
  }

  /** See {@link SyncRequests.syncAll}. */
  syncAll(): Promise<void> {
    return this.#requests.syncAll();
  }

  /** See {@link SyncRequests.loadMore}. */
  loadMore(): Promise<void> {
    return this.#requests.loadMore();
  }

  /** See {@link SyncRequests.allAccounts}. */
  allAccounts(): Promise<readonly Account[]> {
    return this.#requests.allAccounts();
  }

  /** See {@link SyncRequests.allCampaigns}. */
  allCampaigns(): Promise<readonly Campaign[]> {
    return this.#requests.allCampaigns();
  }

  /**
   * Reads what is missing; what is known already, from an earlier session too, will do.
   *
   * @throws {ServiceError} where a list cannot be read: a part of it would look like good news.
   */
  async readWhole(): Promise<void> {
    if (!this.#parts.lists.known) {
      await Promise.all([this.allAccounts(), this.allCampaigns()]);
    }
    if (!this.complete) {
      await this.sync();
    }
  }

  /** The campaigns of an account, complete and fresh. @throws {ServiceError} where they could not be read. */
  async allCampaignsOf(accountKey: string): Promise<readonly CampaignEdge[]> {
    await this.lookups.loadCampaignsOf(accountKey);
    return this.graph.campaignsOf(accountKey);
  }

  /** Stops the sync under way; the next one goes on from there. */
  cancel(): void {
    this.#parts.sync.cancel();
    this.#feed.publish();
  }

  /** Everything the map knows at one moment, to be kept on disk; never the half of what is being restored. */
  async save(): Promise<MapState> {
    await this.#requests.restoring;
    return stateOf(this.#parts);
  }

  /**
   * Takes what an earlier session, or another window, knew, in turns. Only while no sync and no other restoring is under
   * way; a sync that is asked for meanwhile begins after it.
   */
  restore(state: MapState): Promise<void> {
    return this.#requests.waitFor(inTurns(this.#restore(state)));
  }

  /** Ends everything under way. Those who still wait for an answer of this map get an error. */
  dispose(): void {
    this.#disposed.abort();
    this.#parts.sync.dispose();
    this.#feed.dispose();
    this.#progress.dispose();
  }

  *#restore(state: MapState): Steps<void> {
    yield* restoreState(state, this.#parts);
    this.lookups.forget();
    this.#wasKnown = this.#parts.lists.known;
    this.#feed.publish();
    this.#progress.fire();
  }

  #finishSync(): void {
    const { sync, lists, store } = this.#parts;
    if (lists.read) {
      // What the lists say now is newer.
      store.edges.unconfirmBefore(sync.startedAt);
      sync.finish(this.complete);
    }
    this.#feed.publish();
  }

  /** From the time both lists are known, an account that is in neither is not just not read yet. */
  #noteKnown(): void {
    if (!this.#wasKnown && this.#parts.lists.known) {
      this.#wasKnown = true;
      this.#feed.markListed();
    }
  }
}

function unlistedWords(known: boolean, words: string): string {
  return known ? words : t('Not read yet');
}
