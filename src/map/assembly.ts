import { t } from '@vscode/l10n';
import type { Provider } from '../providers/provider.ts';
import type { Log } from '../transport/log.ts';
import type { Steps } from '../transport/turns.ts';
import { ChangeFeed } from './changeFeed.ts';
import { missingOf } from './completeness.ts';
import { Emitter } from './emitter.ts';
import { Gaps } from './gaps.ts';
import { Graph } from './graph.ts';
import { Lookups } from './lookups.ts';
import { ReadBack } from './readBack.ts';
import { restoreState, stateOf, type MapParts, type MapState } from './state.ts';
import { MapStore } from './store.ts';
import { EdgeReader } from './sync/edgeReader.ts';
import { Lists } from './sync/lists.ts';
import { SyncRequests } from './sync/requests.ts';
import { Synchronizer } from './sync/synchronizer.ts';

/** The parts of one map, put together. Each is given those that it reads; none of them knows the map. */
export class Assembly {
  readonly graph: Graph;
  readonly lookups: Lookups;
  readonly readBack: ReadBack;
  readonly feed: ChangeFeed;
  readonly parts: MapParts;
  readonly requests: SyncRequests;
  /** Fires when a sync begins, moves on or ends. */
  readonly progress = new Emitter<void>();
  #wasKnown = false;

  constructor(provider: Provider, pageCap: () => number, log: Log, disposed: AbortSignal) {
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
      this.progress.fire();
    };
    const onEnd = () => {
      this.#finishSync();
    };
    const gaps = new Gaps();
    const lists = new Lists(provider, store, log, disposed, () => sync.priority, onProgress);
    const edges = new EdgeReader({ provider, store, lists, gaps, log, onProgress });
    const sync: Synchronizer = new Synchronizer(lists, edges, gaps, log, { onProgress, onEnd });
    this.feed = feed;
    this.parts = { store, lists, edges, sync, gaps };
    this.requests = new SyncRequests({
      ...{ service: provider.info.name, lists, edges, sync, gaps, pageCap, disposed },
      isComplete: () => this.missing().length === 0,
      onBegin: () => {
        this.lookups.forget();
      },
    });
    this.lookups = new Lookups({ provider, feed, requests: this.requests, log, disposed, ...this.parts });
    this.readBack = new ReadBack(provider, store, feed);
    this.graph = new Graph(store, {
      unlistedAccount: () => unlistedWords(lists.accounts.known, t('Deleted or hidden account')),
      unlistedCampaign: () => unlistedWords(lists.campaigns.known, t('Deleted or hidden campaign')),
      knowledge: this.lookups.knowledge,
    });
  }

  /** What is missing, each in a sentence; empty where the map is complete. */
  missing(): string[] {
    const { lists, edges, gaps } = this.parts;
    const { accounts, campaigns } = lists;
    return missingOf({ accounts, campaigns, scan: edges.scan, others: gaps.sentences });
  }

  /** Everything that the parts know at one moment; never the half of what is being restored. */
  async save(): Promise<MapState> {
    await this.requests.restoring;
    return stateOf(this.parts);
  }

  /** Gives the parts what {@link save} took, in steps. */
  *restore(state: MapState): Steps<void> {
    yield* restoreState(state, this.parts);
    this.lookups.forget();
    this.#wasKnown = this.parts.lists.known;
    this.feed.publish();
    this.progress.fire();
  }

  /** Ends what the parts do. */
  dispose(): void {
    this.parts.sync.dispose();
    this.feed.dispose();
    this.progress.dispose();
  }

  #finishSync(): void {
    const { sync, lists, store } = this.parts;
    if (lists.read) {
      // What the lists say now is newer.
      store.edges.unconfirmBefore(sync.startedAt);
      sync.finish(this.missing().length === 0);
    }
    this.feed.publish();
  }

  /** From the time both lists are known, an account that is in neither is not just not read yet. */
  #noteKnown(): void {
    if (!this.#wasKnown && this.parts.lists.known) {
      this.#wasKnown = true;
      this.feed.markListed();
    }
  }
}

function unlistedWords(known: boolean, words: string): string {
  return known ? words : t('Not read yet');
}
