import { t } from '@vscode/l10n';
import { states, type Account, type Campaign, type State, type Tag } from '../providers/model.ts';
import { eachInSteps, sortInSteps, type Steps } from '../transport/turns.ts';
import type { Filter } from './filter.ts';
import { domainOf, limitOf } from './filter.ts';
import type { Graph } from '../map/graph.ts';
import type { SenderCounts } from '../map/store.ts';

export const accountGroupings = ['health', 'none', 'domain', 'status', 'type', 'tag', 'client', 'campaign'] as const;
export const accountSorts = ['email', 'warmup', 'limit', 'campaigns', 'created'] as const;
export const campaignGroupings = ['none', 'status', 'tag', 'client'] as const;
export const campaignSorts = ['health', 'name', 'senders', 'limit', 'created'] as const;

export type AccountGrouping = (typeof accountGroupings)[number];
export type AccountSort = (typeof accountSorts)[number];
export type CampaignGrouping = (typeof campaignGroupings)[number];
export type CampaignSort = (typeof campaignSorts)[number];

/** As many accounts fit a person as one list; from here on they are grouped by health, and a longer group by domain. */
export const MANY = 200;

/** Rows that stand together. */
export interface Group<T> {
  /** What they have in common, the same in every arrangement; empty for the rows without it. */
  readonly value: string;
  readonly label: string;
  /** All its rows in the order of the view, those of its own groups too. */
  readonly rows: readonly T[];
  /** Its rows divided once more; undefined where they are few, or nothing divides them. */
  readonly groups?: readonly Group<T>[] | undefined;
  /** The state that all its rows have, where that is what they have in common. */
  readonly state?: State | undefined;
  /** True where none of its rows can stand in a group beside it. */
  readonly apart: boolean;
  /** How many of its rows have an error. */
  readonly broken: number;
  /** The average warmup score of its rows, as far as they have one; whole. */
  readonly score: number | undefined;
}

/** A filter that a view shows as a row. */
export interface SavedFilter<T> {
  readonly id: string;
  readonly name: string;
  readonly filter: Filter<T>;
  /** One that everybody has; it shows only where something matches it. */
  readonly builtIn: boolean;
}

/** The rows of one connection as a view shows them. */
export interface Arrangement<T> {
  /** A single group without a label where nothing is grouped. */
  readonly groups: readonly Group<T>[];
  readonly grouped: boolean;
  /** What saved filters let through, one group each, named by its id; none where the view itself is filtered. */
  readonly saved: readonly Group<T>[];
  /** The rows in their order, before they were grouped. */
  readonly order: readonly T[];
  /** False where the order is not the one that was asked for, because a sync is under way. */
  readonly settled: boolean;
  /** Rows that the filter lets through, and all there are. */
  readonly shown: number;
  readonly total: number;
  /** Of all there are, those with an error. */
  readonly broken: number;
}

/** What an arrangement may depend on beside the rows and how they are grouped, sorted and filtered. */
export interface ArrangeOptions<T> {
  readonly saved?: readonly SavedFilter<T>[] | undefined;
  /** False while a sync runs: rows keep the places of `before`, new ones follow; without it, of the list itself. */
  readonly settled?: boolean | undefined;
  /** The arrangement that is on the screen. */
  readonly before?: Arrangement<T> | undefined;
}

interface Value {
  readonly value: string;
  readonly label: string;
  /** Groups are ordered by this first, and by their labels where it is the same. */
  readonly rank?: number;
  readonly state?: State;
}

/** What is counted of the rows of a group. */
interface Measured {
  readonly state: State;
  readonly warmupScore?: number | undefined;
}

/** How rows are put into groups. */
interface Division<T> {
  readonly valuesOf: (row: T) => readonly Value[];
  readonly apart: boolean;
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
  { saved = [], settled = true, before }: ArrangeOptions<Account> = {},
): Steps<Arrangement<Account>> {
  const broken = yield* countBroken(accounts);
  const shown = yield* filtered(accounts, graph, filter);
  const keeping = settled ? undefined : before;
  const sorted = keeping
    ? yield* keepOrder(shown, keeping.order, ({ key }) => key)
    : sort === undefined
      ? shown
      : yield* sortBy(shown, accountKey(sort, graph), ({ email }) => email);
  const few = sorted.length < MANY && keeping?.grouped !== true;
  const flat = grouping === 'none' || (grouping === 'health' && few);
  // A row whose state changes stays where it is until the sync has ended.
  const order = flat && grouping === 'health' && settled ? yield* worstFirst(sorted) : sorted;
  const groups = flat
    ? [yield* groupOf(order, '', '')]
    : yield* divideLong(yield* divide(order, accountDivision(grouping, graph)), grouping, keeping?.groups);
  const savedGroups: Group<Account>[] = [];
  for (const known of filter === undefined ? saved : []) {
    const rows = yield* filtered(order, graph, known.filter);
    if (rows.length > 0 || !known.builtIn) {
      const kept = keeping?.saved.find(({ value }) => value === known.id)?.groups;
      savedGroups.push(yield* savedGroup(known, rows, kept));
    }
  }
  const total = accounts.length;
  return { groups, grouped: !flat, saved: savedGroups, order, settled, shown: shown.length, total, broken };
}

export function* arrangeCampaigns(
  campaigns: readonly Campaign[],
  graph: Graph,
  grouping: CampaignGrouping,
  sort: CampaignSort,
  filter: Filter<Campaign> | undefined,
  { saved = [], settled = true, before }: ArrangeOptions<Campaign> = {},
): Steps<Arrangement<Campaign>> {
  const broken = yield* countBroken(campaigns);
  const shown = yield* filtered(campaigns, graph, filter);
  const order =
    settled || before === undefined
      ? yield* sortBy(shown, campaignKey(sort, graph), ({ name, id }) => `${name.toLowerCase()} ${id}`)
      : yield* keepOrder(shown, before.order, ({ id }) => id);
  const groups =
    grouping === 'none' ? [yield* groupOf(order, '', '')] : yield* divide(order, campaignDivision(grouping));
  const savedGroups: Group<Campaign>[] = [];
  for (const { id, name, builtIn, filter: matching } of filter === undefined ? saved : []) {
    const rows = yield* filtered(order, graph, matching);
    if (rows.length > 0 || !builtIn) {
      savedGroups.push(yield* groupOf(rows, id, name));
    }
  }
  const total = campaigns.length;
  const grouped = grouping !== 'none';
  return { groups, grouped, saved: savedGroups, order, settled, shown: shown.length, total, broken };
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

function* countBroken(rows: readonly Measured[]): Steps<number> {
  let broken = 0;
  yield* eachInSteps(rows, ({ state }) => {
    broken += Number(state === 'error');
  });
  return broken;
}

/** Rows in the order that they had; those that were not there follow as they came. */
function* keepOrder<T>(rows: readonly T[], order: readonly T[], keyOf: (row: T) => string): Steps<readonly T[]> {
  const left = new Map<string, T>();
  yield* eachInSteps(rows, (row) => left.set(keyOf(row), row));
  const kept: T[] = [];
  yield* eachInSteps(order, (row) => {
    const key = keyOf(row);
    const now = left.get(key);
    if (now !== undefined) {
      left.delete(key);
      kept.push(now);
    }
  });
  yield* eachInSteps(left.values(), (row) => kept.push(row));
  return kept;
}

/** By state, the worst first; rows with the same state keep their order. */
function* worstFirst<T extends Measured>(rows: readonly T[]): Steps<readonly T[]> {
  const sorted: T[] = [];
  for (const state of states) {
    yield* eachInSteps(rows, (row) => {
      if (row.state === state) {
        sorted.push(row);
      }
    });
  }
  return sorted;
}

/** A group as its rows come. */
class Growing<T extends Measured> {
  readonly rows: T[] = [];
  readonly value: Value;
  broken = 0;
  /** Rows that soon may not send, and the sum of the warmup scores with how many there are. */
  atRisk = 0;
  #scores = 0;
  #scored = 0;

  constructor(value: Value) {
    this.value = value;
  }

  get score(): number | undefined {
    return this.#scored === 0 ? undefined : Math.round(this.#scores / this.#scored);
  }

  add(row: T): void {
    this.rows.push(row);
    this.broken += Number(row.state === 'error');
    this.atRisk += Number(row.state === 'warning');
    if (row.warmupScore !== undefined) {
      this.#scores += row.warmupScore;
      this.#scored += 1;
    }
  }

  group(apart: boolean): Group<T> {
    const { rows, broken, score } = this;
    const { value, label, state } = this.value;
    return { value, label, rows, state, apart, broken, score };
  }
}

function* groupOf<T extends Measured>(rows: readonly T[], value: string, label: string): Steps<Group<T>> {
  const growing = new Growing<T>({ value, label });
  yield* eachInSteps(rows, (row) => {
    growing.add(row);
  });
  return growing.group(true);
}

function* grow<T extends Measured>(
  rows: readonly T[],
  valuesOf: (row: T) => readonly Value[],
): Steps<readonly Growing<T>[]> {
  const groups = new Map<string, Growing<T>>();
  yield* eachInSteps(rows, (row) => {
    for (const value of valuesOf(row)) {
      let group = groups.get(value.value);
      if (group === undefined) {
        group = new Growing(value);
        groups.set(value.value, group);
      }
      group.add(row);
    }
  });
  return [...groups.values()];
}

function* divide<T extends Measured>(rows: readonly T[], { valuesOf, apart }: Division<T>): Steps<Group<T>[]> {
  const ordered = yield* sortBy(
    yield* grow(rows, valuesOf),
    ({ value: { rank = 0 } }) => rank,
    ({ value: { label } }) => label.toLowerCase(),
  );
  return ordered.map((group) => group.group(apart));
}

/** Divides long groups by domain; `before`: the same groups as they are on the screen, whose order is kept. */
function* divideLong(
  groups: readonly Group<Account>[],
  grouping: AccountGrouping,
  before: readonly Group<Account>[] | undefined,
): Steps<readonly Group<Account>[]> {
  if (grouping === 'domain') {
    return groups;
  }
  const divided: Group<Account>[] = [];
  for (const group of groups) {
    divided.push(yield* byDomain(group, before?.find(({ value }) => value === group.value)?.groups));
  }
  return divided;
}

/** What a saved filter shows, in the layout of the view: a flat list, or by health and domain. */
function* savedGroup(
  { id, name }: SavedFilter<Account>,
  rows: readonly Account[],
  before: readonly Group<Account>[] | undefined,
): Steps<Group<Account>> {
  const group = { ...(yield* groupOf(yield* worstFirst(rows), id, name)), apart: false };
  if (rows.length < MANY) {
    return group;
  }
  const groups = yield* divide(group.rows, HEALTH);
  if (groups.length === 1) {
    return yield* byDomain(group, before);
  }
  const divided = yield* divideLong(groups, 'health', before);
  return { ...group, rows: yield* rowsIn(divided), groups: divided };
}

/** A long group divided by domain, the worst one first; the group itself where domains do not make it shorter. */
function* byDomain(group: Group<Account>, before: readonly Group<Account>[] | undefined): Steps<Group<Account>> {
  // One that is divided stays so until the sync has ended.
  if (group.rows.length <= MANY && before === undefined) {
    return group;
  }
  const domains = yield* grow(group.rows, domainValues());
  if (before === undefined && (domains.length < 2 || domains.length > group.rows.length / 2)) {
    return group;
  }
  const places = new Map(before?.map(({ value }, place) => [value, place]));
  const placeOf = (place: number) => places.get(domains[place]?.value.value ?? '') ?? NONE_LAST;
  const order = yield* sortInSteps(
    domains.length,
    before === undefined
      ? (a, b) => compareDomains(domains[a], domains[b])
      : (a, b) => Number(placeOf(a) > placeOf(b)) - Number(placeOf(a) < placeOf(b)),
  );
  const groups: Group<Account>[] = [];
  for (const place of order) {
    const domain = domains[place];
    if (domain !== undefined) {
      groups.push(domain.group(true));
    }
  }
  return { ...group, rows: yield* rowsIn(groups), groups };
}

/** The worst first: the most errors, then the most at risk, then the lowest score, then the most accounts. */
function compareDomains(a: Growing<Account> | undefined, b: Growing<Account> | undefined): number {
  if (a === undefined || b === undefined) {
    return 0;
  }
  return (
    b.broken - a.broken ||
    b.atRisk - a.atRisk ||
    compareKeys(a.score, b.score) ||
    b.rows.length - a.rows.length ||
    compareText(a.value.label, b.value.label)
  );
}

function* rowsIn<T>(groups: readonly Group<T>[]): Steps<readonly T[]> {
  const rows: T[] = [];
  for (const group of groups) {
    yield* eachInSteps(group.rows, (row) => rows.push(row));
  }
  return rows;
}

/** Accounts of one state, by the words for it. */
const HEALTH: Division<Account> = {
  valuesOf: ({ state }) => healthValues(state),
  apart: true,
};

const HEALTH_WORDS: Readonly<Record<State, () => string>> = {
  error: () => t('Broken'),
  warning: () => t('At risk'),
  paused: () => t('Paused'),
  unknown: () => t('Unknown'),
  healthy: () => t('Healthy'),
  draft: () => t('Draft'),
  done: () => t('Ended'),
};

/** The value of each state, made once: there may be hundreds of thousands of rows. */
const healthValuesMade = new Map<State, readonly Value[]>();

function healthValues(state: State): readonly Value[] {
  let values = healthValuesMade.get(state);
  if (values === undefined) {
    values = [{ value: state, label: HEALTH_WORDS[state](), rank: states.indexOf(state), state }];
    healthValuesMade.set(state, values);
  }
  return values;
}

/** The domain of an account as a value, made once for each domain. */
function domainValues(): (account: Account) => readonly Value[] {
  const made = new Map<string, readonly Value[]>();
  return ({ email }) => {
    const domain = domainOf(email);
    let values = made.get(domain ?? '');
    if (values === undefined) {
      values = one(domain, t('No domain'));
      made.set(domain ?? '', values);
    }
    return values;
  };
}

function accountDivision(grouping: Exclude<AccountGrouping, 'none'>, graph: Graph): Division<Account> {
  switch (grouping) {
    case 'health':
      return HEALTH;
    case 'domain':
      return { valuesOf: domainValues(), apart: true };
    case 'status':
      return { valuesOf: statusValues, apart: true };
    case 'type':
      return { valuesOf: ({ providerType }) => one(providerType, t('Kind of mailbox not given')), apart: true };
    case 'tag':
      return { valuesOf: tagValues, apart: false };
    case 'client':
      return { valuesOf: clientValues, apart: true };
    case 'campaign':
      return { valuesOf: ({ key }) => campaignsAsValues(key, graph), apart: false };
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

function campaignDivision(grouping: Exclude<CampaignGrouping, 'none'>): Division<Campaign> {
  switch (grouping) {
    case 'status':
      return { valuesOf: statusValues, apart: true };
    case 'tag':
      return { valuesOf: tagValues, apart: false };
    case 'client':
      return { valuesOf: clientValues, apart: true };
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

/** Of campaigns, the worst first: after those in trouble the ones that send, then those that wait. */
const campaignStates: readonly State[] = ['error', 'warning', 'healthy', 'paused', 'unknown', 'draft', 'done'];

/** How a campaign is doing: one that is active with no healthy sender sends nothing, whatever its status says. */
export function healthOf({ state }: Pick<Campaign, 'state'>, counts: SenderCounts | undefined): State {
  return state === 'healthy' && counts?.healthy === 0 ? 'warning' : state;
}

function campaignKey(sort: CampaignSort, graph: Graph): (campaign: Campaign) => SortKey {
  switch (sort) {
    case 'health':
      return (campaign) => campaignStates.indexOf(healthOf(campaign, graph.countOfSenders(campaign.id)));
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
