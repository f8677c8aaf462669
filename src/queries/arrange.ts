import { t } from '@vscode/l10n';
import { states, type Account, type Campaign, type State, type Tag } from '../providers/model.ts';
import { eachInSteps, sortInSteps, type Steps } from '../transport/turns.ts';
import type { Filter } from './filter.ts';
import { domainOf, limitOf } from './filter.ts';
import type { Graph } from '../map/graph.ts';

export const accountGroupings = ['none', 'domain', 'status', 'type', 'tag', 'client', 'campaign'] as const;
export const accountSorts = ['email', 'warmup', 'limit', 'campaigns', 'created'] as const;
export const campaignGroupings = ['none', 'status', 'tag', 'client'] as const;
export const campaignSorts = ['name', 'senders', 'limit', 'created'] as const;

export type AccountGrouping = (typeof accountGroupings)[number];
export type AccountSort = (typeof accountSorts)[number];
export type CampaignGrouping = (typeof campaignGroupings)[number];
export type CampaignSort = (typeof campaignSorts)[number];

/** Rows that stand together. */
export interface Group<T> {
  /** What they have in common, the same in every arrangement; empty for the rows without it. */
  readonly value: string;
  readonly label: string;
  readonly rows: readonly T[];
}

/** The rows of one connection as a view shows them. */
export interface Arrangement<T> {
  /** A single group without a label where nothing is grouped. */
  readonly groups: readonly Group<T>[];
  readonly grouped: boolean;
  /** Rows that the filter lets through, and all there are. */
  readonly shown: number;
  readonly total: number;
}

interface Value {
  readonly value: string;
  readonly label: string;
  /** Groups are ordered by this first, and by their labels where it is the same. */
  readonly rank?: number;
}

/** More campaigns than any account is in. */
const MOST_CAMPAIGNS = 1e7;
const NONE_LAST = Number.MAX_SAFE_INTEGER;

/** In steps, because there may be hundreds of thousands. `sort` undefined leaves the accounts as they came. */
export function* arrangeAccounts(
  accounts: readonly Account[],
  graph: Graph,
  grouping: AccountGrouping,
  sort: AccountSort | undefined,
  filter: Filter<Account> | undefined,
): Steps<Arrangement<Account>> {
  const shown = yield* filtered(accounts, graph, filter);
  const sorted = sort === undefined ? shown : yield* sortBy(shown, accountKey(sort, graph), ({ email }) => email);
  return yield* arrange(sorted, accounts.length, grouping === 'none' ? undefined : accountValues(grouping, graph));
}

export function* arrangeCampaigns(
  campaigns: readonly Campaign[],
  graph: Graph,
  grouping: CampaignGrouping,
  sort: CampaignSort,
  filter: Filter<Campaign> | undefined,
): Steps<Arrangement<Campaign>> {
  const shown = yield* filtered(campaigns, graph, filter);
  const sorted = yield* sortBy(shown, campaignKey(sort, graph), ({ name, id }) => `${name.toLowerCase()} ${id}`);
  return yield* arrange(sorted, campaigns.length, grouping === 'none' ? undefined : campaignValues(grouping));
}

function* filtered<T>(rows: readonly T[], graph: Graph, filter: Filter<T> | undefined): Steps<readonly T[]> {
  if (filter === undefined) {
    return rows;
  }
  const shown: T[] = [];
  yield* eachInSteps(rows, (row) => {
    if (filter.matches(row, graph)) {
      shown.push(row);
    }
  });
  return shown;
}

function* arrange<T>(
  rows: readonly T[],
  total: number,
  valuesOf: ((row: T) => readonly Value[]) | undefined,
): Steps<Arrangement<T>> {
  if (valuesOf === undefined) {
    return { groups: [{ value: '', label: '', rows }], grouped: false, shown: rows.length, total };
  }
  const groups = new Map<string, Value & { readonly rows: T[] }>();
  yield* eachInSteps(rows, (row) => {
    for (const value of valuesOf(row)) {
      const group = groups.get(value.value);
      if (group === undefined) {
        groups.set(value.value, { ...value, rows: [row] });
      } else {
        group.rows.push(row);
      }
    }
  });
  const ordered = yield* sortBy(
    [...groups.values()],
    ({ rank = 0 }) => rank,
    ({ label }) => label.toLowerCase(),
  );
  return { groups: ordered, grouped: true, shown: rows.length, total };
}

function accountValues(
  grouping: Exclude<AccountGrouping, 'none'>,
  graph: Graph,
): (account: Account) => readonly Value[] {
  switch (grouping) {
    case 'domain':
      return ({ email }) => one(domainOf(email), t('No domain'));
    case 'status':
      return statusValues;
    case 'type':
      return ({ providerType }) => one(providerType, t('Kind of mailbox not given'));
    case 'tag':
      return tagValues;
    case 'client':
      return clientValues;
    case 'campaign':
      return ({ key }) => campaignsAsValues(key, graph);
  }
}

/** The campaigns of an account; drafts and completed ones do not make it used, and unknown does not mean none. */
function campaignsAsValues(key: string, graph: Graph): readonly Value[] {
  const values = graph
    .campaignsOf(key)
    .map(({ campaign: { id, name } }): Value => ({ value: id, label: name || t('Campaign {0}', id) }));
  const count = graph.countOfCampaigns(key);
  if (count === undefined) {
    return [...values, { value: ' unknown', label: t('Campaigns not all known'), rank: NONE_LAST }];
  }
  return count.active > 0 ? values : [...values, { value: '', label: t('In no active campaign'), rank: NONE_LAST }];
}

function campaignValues(grouping: Exclude<CampaignGrouping, 'none'>): (campaign: Campaign) => readonly Value[] {
  switch (grouping) {
    case 'status':
      return statusValues;
    case 'tag':
      return tagValues;
    case 'client':
      return clientValues;
  }
}

function tagValues({ tags }: { readonly tags: readonly Tag[] }): readonly Value[] {
  return many(
    tags.map(({ id, label }) => ({ value: id, label })),
    t('No tag'),
  );
}

function statusValues({ state, statusWords }: { state: State; statusWords: string }): readonly Value[] {
  return [{ value: `${state} ${statusWords}`, label: statusWords, rank: states.indexOf(state) }];
}

function clientValues({ clientId }: { clientId?: string | undefined }): readonly Value[] {
  return clientId === undefined
    ? one(undefined, t('No client'))
    : [{ value: clientId, label: t('Client {0}', clientId) }];
}

function one(value: string | undefined, otherwise: string): readonly Value[] {
  return [value === undefined ? { value: '', label: otherwise, rank: NONE_LAST } : { value, label: value }];
}

function many(values: readonly Value[], otherwise: string): readonly Value[] {
  return values.length > 0 ? values : one(undefined, otherwise);
}

type SortKey = string | number | undefined;

/** Low or missing values come first where low means trouble; otherwise the highest, or the newest. */
function accountKey(sort: AccountSort, graph: Graph): (account: Account) => SortKey {
  switch (sort) {
    case 'email':
      return ({ email }) => email.toLowerCase();
    case 'warmup':
      return ({ warmupScore }) => warmupScore;
    case 'limit':
      return (account) => negative(limitOf(account));
    case 'campaigns':
      return ({ key }) => {
        const count = graph.countOfCampaigns(key);
        // Campaigns that send count first; the others break ties.
        return count && -(count.active + count.all / MOST_CAMPAIGNS);
      };
    case 'created':
      return ({ createdAt }) => newest(createdAt);
  }
}

function campaignKey(sort: CampaignSort, graph: Graph): (campaign: Campaign) => SortKey {
  switch (sort) {
    case 'name':
      return ({ name }) => name.toLowerCase();
    case 'senders':
      return ({ id }) => negative(graph.countOfSenders(id)?.senders);
    case 'limit':
      return ({ dailyLimit }) => negative(dailyLimit);
    case 'created':
      return ({ createdAt }) => newest(createdAt);
  }
}

function negative(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value;
}

function newest(iso: string | undefined): number | undefined {
  const time = iso === undefined ? Number.NaN : Date.parse(iso);
  return Number.isNaN(time) ? undefined : -time;
}

function* sortBy<T>(rows: readonly T[], keyOf: (row: T) => SortKey, tieOf: (row: T) => string): Steps<T[]> {
  const keys: SortKey[] = [];
  const ties: string[] = [];
  yield* eachInSteps(rows, (row) => {
    keys.push(keyOf(row));
    ties.push(tieOf(row));
  });
  const order = yield* sortInSteps(
    rows.length,
    (a, b) => compareKeys(keys[a], keys[b]) || compareText(ties[a] ?? '', ties[b] ?? ''),
  );
  const sorted: T[] = [];
  yield* eachInSteps(order, (place) => sorted.push(rows[place] as T));
  return sorted;
}

function compareKeys(a: SortKey, b: SortKey): number {
  if (a === undefined || b === undefined) {
    // Unknown values come last.
    return Number(a === undefined) - Number(b === undefined);
  }
  // Not a subtraction: Infinity minus Infinity is NaN.
  return typeof a === 'number' && typeof b === 'number'
    ? Number(a > b) - Number(a < b)
    : compareText(String(a), String(b));
}

/** Plain order of characters: with hundreds of thousands of emails a collator would take seconds. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
