import { ChangeFeed } from '../../src/map/changeFeed.ts';
import { Graph } from '../../src/map/graph.ts';
import type { MapState } from '../../src/map/state.ts';
import { MapStore } from '../../src/map/store.ts';
import type { ReadingPosition } from '../../src/map/sync/listReader.ts';
import { domainOf, type Account, type Campaign } from '../../src/providers/model.ts';

/** An account in order; its email is its key where nothing else is said. */
export function account(key: string, rest: Partial<Account> = {}): Account {
  const { email = key } = rest;
  return { key, email, domain: domainOf(email), statusWords: 'Active', state: 'healthy', tags: [], ...rest };
}

/** A campaign that sends. */
export function campaign(id: string, rest: Partial<Campaign> = {}): Campaign {
  return { id, name: `Campaign ${id}`, statusWords: 'Active', state: 'healthy', tags: [], ...rest };
}

export interface StoreFacts {
  readonly accounts?: readonly Account[];
  readonly campaigns?: readonly Campaign[];
  /** What campaigns answered to have as senders, where they do not list them. */
  readonly senderLists?: Readonly<Record<string, readonly string[]>>;
  /** What mappings named for accounts. */
  readonly confirmed?: Readonly<Record<string, readonly string[]>>;
  /** False: more campaigns and senders may exist than are known. */
  readonly known?: boolean;
  /** What two spellings of one key have in common; undefined: keys are compared as they are. */
  readonly comparedKey?: (key: string) => string;
}

/** A store that was given these facts, in this order, with the changes that it marks. */
export function storeOf({
  accounts = [],
  campaigns = [],
  senderLists,
  confirmed = {},
  known: whole = true,
  comparedKey,
}: StoreFacts) {
  const feed: ChangeFeed = new ChangeFeed(
    (number) => store.accounts.keyAt(number),
    (number) => store.campaigns.keyAt(number),
  );
  const store = new MapStore(feed, {
    statement: senderLists === undefined ? 'listed' : 'reported',
    comparedKey,
  });
  for (const record of accounts) {
    store.putAccount(record, 1);
  }
  for (const record of campaigns) {
    store.putCampaign(record, 1);
  }
  for (const [id, keys] of Object.entries(senderLists ?? {})) {
    store.putSenderList(id, keys, 1);
  }
  for (const [key, ids] of Object.entries(confirmed)) {
    store.edges.confirm(store.accounts.number(key), ids, 2);
  }
  feed.publish();
  const words = () => 'Not listed';
  const known = () => whole;
  return {
    store,
    feed,
    graph: new Graph(store, {
      unlistedAccount: words,
      unlistedCampaign: words,
      knowledge: { ofCampaigns: known, ofCampaignsAt: known, ofSenders: known },
    }),
  };
}

export function graphOf(
  accounts: readonly Account[],
  campaigns: readonly Campaign[] = [],
  facts: Omit<StoreFacts, 'accounts' | 'campaigns'> = {},
): Graph {
  return storeOf({ accounts, campaigns, ...facts }).graph;
}

const unread: ReadingPosition = {
  status: 'idle',
  pages: 0,
  pagesBefore: 0,
  startedAt: 0,
  completedAt: undefined,
  next: undefined,
  unmet: [],
  error: undefined,
  warnings: [],
  invalid: [],
};

/** What a map that has read nothing saves. */
export function emptyState(rest: Partial<MapState> = {}): MapState {
  return {
    accounts: [],
    claimTimes: [],
    campaigns: [],
    named: [],
    accountsPosition: unread,
    campaignsPosition: unread,
    senderLists: [],
    confirmed: [],
    tagLabels: [],
    claimsHold: undefined,
    tagsRead: true,
    gaps: [],
    syncStartedAt: 0,
    syncedAt: undefined,
    ...rest,
  };
}

/** The same numbers at every run, from 0 up to 1. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
