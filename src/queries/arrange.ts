import { t } from '@vscode/l10n';
import { lowerCaseOf } from '../providers/lowerCase.ts';
import { campaignRank, states, type Account, type Campaign, type State } from '../providers/model.ts';
import { eachInSteps, sortInSteps, type Steps } from '../transport/turns.ts';
import type { Filter } from './filter.ts';
import { limitOf } from './filter.ts';
import {
  campaignValues,
  clientValues,
  domainValues,
  grow,
  Growing,
  NONE_LAST,
  one,
  tagValues,
  type Group,
  type Measured,
  type Value,
} from './groups.ts';
import type { Graph } from '../map/graph.ts';
import type { SenderCounts } from '../map/store.ts';

export type { Group } from './groups.ts';

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
  /** The ids of saved filters whose rows are on the screen: those of others are counted, and not divided. */
  readonly opened?: ReadonlySet<string> | undefined;
  /** False while a sync runs: rows keep the places of `before`, new ones follow; without it, of the list itself. */
  readonly settled?: boolean | undefined;
  /** The arrangement that is on the screen. */
  readonly before?: Arrangement<T> | undefined;
}

/** How rows are put into groups. */
interface Division<T> {
  readonly valuesOf: (row: T) => readonly Value[];
  readonly apart: boolean;
}

/** More campaigns than any account is in. */
const MOST_CAMPAIGNS = 1e7;

/** In steps, because there may be hundreds of thousands. `sort` undefined leaves the accounts as they came. */
export function* arrangeAccounts(
  accounts: readonly Account[],
  graph: Graph,
  grouping: AccountGrouping,
  sort: AccountSort | undefined,
  filter: Filter<Account> | undefined,
  { saved = [], opened, settled = true, before }: ArrangeOptions<Account> = {},
): Steps<Arrangement<Account>> {
  const broken = yield* countBroken(accounts);
  const shown = yield* filtered(accounts, graph, filter);
  const keeping = settled ? undefined : before;
  const sorted = keeping
    ? yield* keepOrder(shown, keeping.order, numberedAccounts(graph))
    : sort === undefined
      ? shown
      : yield* sortBy(shown, accountNumber(sort, graph), ({ email }) => lowerCaseOf(email));
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
      savedGroups.push(
        opened?.has(known.id) === true
          ? yield* savedGroup(known, rows, kept)
          : { ...(yield* groupOf(rows, known.id, known.name)), apart: false },
      );
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
      ? yield* sortBy(shown, campaignNumber(sort, graph), ({ name, id }) => `${name.toLowerCase()}\0${id}`)
      : yield* keepOrder(shown, before.order, numberedCampaigns(graph));
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

/** Numbers of rows, the same for as long as their map lives. */
interface Numbered<T> {
  readonly numbers: number;
  readonly numberOf: (row: T) => number | undefined;
  readonly at: (number: number) => T | undefined;
}

const [SHOWN, KEPT] = [1, 2];

/**
 * Rows in the order that they had; those that were not there follow as they came. By their numbers: a table of all keys
 * would be made again with each repaint of a list, and takes a tenth of a second at once to grow.
 */
function* keepOrder<T>(
  rows: readonly T[],
  order: readonly T[],
  { numbers, numberOf, at }: Numbered<T>,
): Steps<readonly T[]> {
  const marks = new Uint8Array(numbers);
  const mark = (row: T, from: number, to: number) => {
    const number = numberOf(row);
    if (number === undefined || marks[number] !== from) {
      return undefined;
    }
    marks[number] = to;
    return number;
  };
  yield* eachInSteps(rows, (row) => mark(row, 0, SHOWN));
  const kept: T[] = [];
  yield* eachInSteps(order, (row) => {
    const number = mark(row, SHOWN, KEPT);
    const now = number === undefined ? undefined : at(number);
    if (now !== undefined) {
      kept.push(now);
    }
  });
  yield* eachInSteps(rows, (row) => {
    if (mark(row, SHOWN, KEPT) !== undefined) {
      kept.push(row);
    }
  });
  return kept;
}

function numberedAccounts(graph: Graph): Numbered<Account> {
  return {
    numbers: graph.accountNumbers,
    numberOf: ({ key }) => graph.numberOf(key),
    at: (number) => graph.accountAt(number),
  };
}

function numberedCampaigns(graph: Graph): Numbered<Campaign> {
  return {
    numbers: graph.campaignNumbers,
    numberOf: ({ id }) => graph.campaignNumberOf(id),
    at: (number) => graph.campaignAt(number),
  };
}

/** By state, the worst first; rows with the same state keep their order. */
function* worstFirst<T extends Measured>(rows: readonly T[]): Steps<readonly T[]> {
  const ranks = new Uint8Array(rows.length);
  const counts = new Uint32Array(states.length);
  let place = 0;
  yield* eachInSteps(rows, ({ state }) => {
    const rank = states.indexOf(state);
    ranks[place] = rank;
    counts[rank] = (counts[rank] ?? 0) + 1;
    place += 1;
  });
  // Where the next row of each state goes.
  const next = Array.from(states, (_, rank) => counts.subarray(0, rank).reduce((sum, count) => sum + count, 0));
  const sorted = new Array<T>(rows.length);
  place = 0;
  yield* eachInSteps(ranks, (rank) => {
    const row = rows[place];
    const to = next[rank] ?? 0;
    if (row !== undefined) {
      sorted[to] = row;
    }
    next[rank] = to + 1;
    place += 1;
  });
  return sorted;
}

function* groupOf<T extends Measured>(rows: readonly T[], value: string, label: string): Steps<Group<T>> {
  const growing = new Growing<T>({ value, label });
  yield* eachInSteps(rows, (row) => {
    growing.count(row);
  });
  return growing.group(true, rows);
}

function* divide<T extends Measured>(rows: readonly T[], { valuesOf, apart }: Division<T>): Steps<Group<T>[]> {
  const ordered = yield* sortBy(
    yield* grow(rows, valuesOf),
    ({ value: { rank = 0 } }) => rank,
    ({ value: { label } }) => label.toLowerCase(),
  );
  const groups: Group<T>[] = [];
  yield* eachInSteps(ordered, (group) => groups.push(group.group(apart)));
  return groups;
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
  yield* eachInSteps(order, (place) => {
    const domain = domains[place];
    if (domain !== undefined) {
      groups.push(domain.group(true));
    }
  });
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
    compareNumbers(a.score ?? NaN, b.score ?? NaN) ||
    b.rows.length - a.rows.length ||
    compareText(a.value.label, b.value.label)
  );
}

function rowsIn<T>(groups: readonly Group<T>[]): Steps<readonly T[]> {
  return joined(groups.map(({ rows }) => rows));
}

/** All rows of lists in one, which is made as long as it will be: one that grows takes three times the memory. */
function* joined<T>(lists: readonly (readonly T[])[]): Steps<readonly T[]> {
  const rows = new Array<T>(lists.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const list of lists) {
    yield* eachInSteps(list, (row) => {
      rows[place] = row;
      place += 1;
    });
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

function accountDivision(grouping: Exclude<AccountGrouping, 'none'>, graph: Graph): Division<Account> {
  switch (grouping) {
    case 'health':
      return HEALTH;
    case 'domain':
      return { valuesOf: domainValues(), apart: true };
    case 'status':
      return { valuesOf: statusValues, apart: true };
    case 'type':
      return { valuesOf: ({ providerType }) => one(providerType, t('Mailbox type not given')), apart: true };
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
  const values = campaignValues(key, graph);
  const count = graph.countOfCampaigns(key);
  if (count === undefined) {
    return [...values, { value: ' unknown', label: t('Campaigns not fully known'), rank: NONE_LAST }];
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

function statusValues({ state, statusWords }: { state: State; statusWords: string }): readonly Value[] {
  return [{ value: `${state} ${statusWords}`, label: statusWords, rank: states.indexOf(state) }];
}

/** What rows are sorted by, undefined where a row has none; undefined for all of them: by their text alone. */
type NumberOf<T> = ((row: T) => number | undefined) | undefined;

/** Low values come first where low means trouble; otherwise the highest, or the newest. */
function accountNumber(sort: AccountSort, graph: Graph): NumberOf<Account> {
  switch (sort) {
    case 'email':
      return undefined;
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
      return ({ createdAt }) => negative(createdAt);
  }
}

/** How a campaign is doing: one that is active with no healthy sender sends nothing, whatever its status says. */
export function healthOf({ state }: Pick<Campaign, 'state'>, counts: SenderCounts | undefined): State {
  return state === 'healthy' && counts?.healthy === 0 ? 'warning' : state;
}

function campaignNumber(sort: CampaignSort, graph: Graph): NumberOf<Campaign> {
  switch (sort) {
    case 'health':
      return (campaign) => campaignRank(healthOf(campaign, graph.countOfSenders(campaign.id)));
    case 'name':
      return undefined;
    case 'senders':
      return ({ id }) => negative(graph.countOfSenders(id)?.senders);
    case 'limit':
      return ({ dailyLimit }) => negative(dailyLimit);
    case 'created':
      return ({ createdAt }) => negative(createdAt);
  }
}

function negative(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value;
}

/**
 * By number, then by text. Numbers stand in one block of memory: in a list V8 makes an object of each where one is
 * unknown, of hundreds of thousands at once.
 */
function* sortBy<T>(rows: readonly T[], numberOf: NumberOf<T>, textOf: (row: T) => string): Steps<T[]> {
  const numbers = new Float64Array(numberOf === undefined ? 0 : rows.length);
  const texts = new Array<string>(rows.length);
  let place = 0;
  yield* eachInSteps(rows, (row) => {
    if (numberOf !== undefined) {
      numbers[place] = numberOf(row) ?? NaN;
    }
    texts[place] = textOf(row);
    place += 1;
  });
  const byText = (a: number, b: number) => compareText(texts[a] ?? '', texts[b] ?? '');
  const order = yield* sortInSteps(
    rows.length,
    numberOf === undefined ? byText : (a, b) => compareNumbers(numbers[a] ?? NaN, numbers[b] ?? NaN) || byText(a, b),
  );
  const sorted = new Array<T>(rows.length);
  place = 0;
  yield* eachInSteps(order, (from) => {
    sorted[place] = rows[from] as T;
    place += 1;
  });
  return sorted;
}

/** Unknown ones, which are `NaN`, come last. Not a subtraction: Infinity minus Infinity is NaN too. */
function compareNumbers(a: number, b: number): number {
  return Number.isNaN(a) || Number.isNaN(b)
    ? Number(Number.isNaN(a)) - Number(Number.isNaN(b))
    : Number(a > b) - Number(a < b);
}

/** Plain order of characters: with hundreds of thousands of emails a collator would take seconds. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
