import { Graph, type Evidence } from '../../src/map/graph.ts';
import type { MapState } from '../../src/map/sendingMap.ts';
import { Table } from '../../src/map/table.ts';
import type { WalkPosition } from '../../src/map/walk.ts';
import type { Account, Campaign } from '../../src/providers/model.ts';

/** An account in order; its email is its key where nothing else is said. */
export function account(key: string, rest: Partial<Account> = {}): Account {
  return { key, email: key, statusWords: 'Active', state: 'healthy', tags: [], ...rest };
}

/** A campaign that sends. */
export function campaign(id: string, rest: Partial<Campaign> = {}): Campaign {
  return { id, name: `Campaign ${id}`, statusWords: 'Active', state: 'healthy', tags: [], ...rest };
}

export function accountTable(accounts: readonly Account[]): Table<Account> {
  const table = new Table<Account>();
  for (const record of accounts) {
    table.set(record.key, record);
  }
  return table;
}

export function campaignTable(campaigns: readonly Campaign[]): Table<Campaign> {
  const table = new Table<Campaign>();
  for (const record of campaigns) {
    table.set(record.id, record);
  }
  return table;
}

export interface Edges {
  readonly reported?: Readonly<Record<string, readonly string[]>>;
  readonly told?: Readonly<Record<string, readonly string[]>>;
}

/** What is known of edges; who is only named is "Not listed". */
export function evidence({ reported = {}, told = {} }: Edges = {}): Evidence {
  return {
    reported: new Map(Object.entries(reported)),
    told: new Map(Object.entries(told)),
    namedAccount: (key) => account(key, { statusWords: 'Not listed', state: 'unknown' }),
    namedCampaign: (id) => campaign(id, { name: '', statusWords: 'Not listed', state: 'unknown' }),
  };
}

export function graphOf(accounts: readonly Account[], campaigns: readonly Campaign[] = [], edges: Edges = {}): Graph {
  return new Graph(accountTable(accounts), campaignTable(campaigns), evidence(edges));
}

const unread: WalkPosition = {
  status: 'idle',
  pages: 0,
  pagesBefore: 0,
  startedAt: 0,
  completedAt: undefined,
  next: undefined,
  unseen: [],
  doubts: [],
  invalid: [],
};

/** What a map that has read nothing saves. */
export function emptyState(rest: Partial<MapState> = {}): MapState {
  return {
    accounts: [],
    campaigns: [],
    named: [],
    accountsPosition: unread,
    campaignsPosition: unread,
    reported: [],
    told: [],
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
