import type { Account, Campaign } from '../providers/model.ts';
import type { Provider } from '../providers/provider.ts';
import type { Log } from '../transport/log.ts';
import { inTurns } from '../transport/turns.ts';
import { Assembly } from './assembly.ts';
import type { MapChange } from './changeFeed.ts';
import type { CampaignEdge, Graph } from './graph.ts';
import { viewOf, type ListView } from './listView.ts';
import type { Lookups } from './lookups.ts';
import type { ReadBack } from './readBack.ts';
import type { MapState } from './state.ts';
import type { SyncPriority, SyncProgress } from './sync/synchronizer.ts';

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
  readonly #assembly: Assembly;
  readonly #disposed = new AbortController();

  /** `pageCap`: pages of accounts that a sync reads unless all are asked for; 0: all. */
  constructor(provider: Provider, pageCap: () => number, log: Log) {
    this.#assembly = new Assembly(provider, pageCap, log, this.#disposed.signal);
    ({ graph: this.graph, lookups: this.lookups, readBack: this.readBack } = this.#assembly);
    const { accounts, campaigns } = this.#assembly.parts.lists;
    this.accounts = viewOf(accounts);
    this.campaigns = viewOf(campaigns);
  }

  /** Goes up with each change; what was worked out of the map at another version is old. */
  get version(): number {
    return this.#assembly.feed.version;
  }

  /** Fires when what the map says changed; never for a refresh that found everything as it was. */
  onDidChange(listener: (change: MapChange) => void): { dispose(): void } {
    return this.#assembly.feed.onDidChange(listener);
  }

  /** Fires when a sync begins, moves on or ends. */
  onDidProgress(listener: () => void): { dispose(): void } {
    return this.#assembly.progress.on(listener);
  }

  /** See {@link SyncRequests.syncedAt}. */
  get syncedAt(): number | undefined {
    return this.#assembly.requests.syncedAt;
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
    return this.#assembly.parts.sync.progress;
  }

  /** What is missing, each in a sentence; empty where the map is complete. */
  missing(): string[] {
    return this.#assembly.missing();
  }

  /** What could not be read besides the lists themselves, each in a sentence. */
  gaps(): readonly string[] {
    return this.#assembly.parts.gaps.sentences;
  }

  /** See {@link SyncRequests.ensureFresh}. */
  ensureFresh(age: number, priority: SyncPriority = 'background'): void {
    this.#assembly.requests.ensureFresh(age, priority);
  }

  /**
   * Reads what is missing or, with `again`, everything; joins a sync that is under way. Ends when the map is complete or
   * can get no further; what went wrong is in {@link missing}.
   */
  sync(again = false): Promise<void> {
    return this.#assembly.requests.sync(again);
  }

  /** See {@link SyncRequests.syncAll}. */
  syncAll(): Promise<void> {
    return this.#assembly.requests.syncAll();
  }

  /** See {@link SyncRequests.loadMore}. */
  loadMore(): Promise<void> {
    return this.#assembly.requests.loadMore();
  }

  /** See {@link SyncRequests.readWhole}. */
  readWhole(): Promise<void> {
    return this.#assembly.requests.readWhole();
  }

  /** See {@link SyncRequests.allAccounts}. */
  allAccounts(): Promise<readonly Account[]> {
    return this.#assembly.requests.allAccounts();
  }

  /** See {@link SyncRequests.allCampaigns}. */
  allCampaigns(): Promise<readonly Campaign[]> {
    return this.#assembly.requests.allCampaigns();
  }

  /** The campaigns of an account, complete and fresh. @throws {ServiceError} where they could not be read. */
  async allCampaignsOf(accountKey: string): Promise<readonly CampaignEdge[]> {
    await this.lookups.loadCampaignsOf(accountKey);
    return this.graph.campaignsOf(accountKey);
  }

  /** Stops the sync under way; the next one goes on from there. */
  cancel(): void {
    this.#assembly.parts.sync.cancel();
    this.#assembly.feed.publish();
  }

  /** Everything the map knows at one moment, to be kept on disk; never the half of what is being restored. */
  save(): Promise<MapState> {
    return this.#assembly.save();
  }

  /**
   * Takes what an earlier session, or another window, knew, in turns. Only while no sync and no other restoring is under
   * way; a sync that is asked for meanwhile begins after it.
   */
  restore(state: MapState): Promise<void> {
    return this.#assembly.requests.waitFor(inTurns(this.#assembly.restore(state)));
  }

  /** Ends everything under way. Those who still wait for an answer of this map get an error. */
  dispose(): void {
    this.#disposed.abort();
    this.#assembly.dispose();
  }
}
