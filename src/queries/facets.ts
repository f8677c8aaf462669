import { t } from '@vscode/l10n';
import type { Graph } from '../map/graph.ts';
import type { Account, Campaign, ProblemKind, State } from '../providers/model.ts';

type Texts = readonly (string | undefined)[];

interface BaseFacet<T> {
  readonly name: string;
  /** What it is about, shown while a filter is typed. */
  readonly words: () => string;
  /** False where more values may exist than are known; without this function, all are. */
  readonly complete?: (record: T, graph: Graph) => boolean;
}

/** A facet with texts, as in `tag:EU` and `tag:"EU west"`. */
export interface TextFacet<T> extends BaseFacet<T> {
  readonly kind: 'text';
  readonly values: (record: T, graph: Graph) => Texts;
  /** Whether a value matches what is typed without quotes; without this function, it has to contain it. */
  readonly is?: (value: string, wanted: string) => boolean;
}

/** A facet with a number, as in `warmup:<80`, which may have words too, as in `warmup:off`. */
export interface NumberFacet<T> extends BaseFacet<T> {
  readonly kind: 'number';
  /** Undefined where it is not known. */
  readonly number: (record: T, graph: Graph) => number | undefined;
  readonly named?: { readonly words: readonly string[]; readonly of: (record: T) => readonly string[] };
}

/** One thing that a filter can ask for, as `name:value`. */
export type Facet<T> = TextFacet<T> | NumberFacet<T>;

/** What a view can be filtered by. */
export interface Facets<T> {
  readonly facets: readonly Facet<T>[];
  /** The texts that free words are looked for in. */
  readonly texts: (record: T, graph: Graph) => Texts;
  /** What to say where nothing matches: of one part of a filter, with what is near, and of all parts together. */
  readonly nothing: {
    readonly matches: (part: string) => string;
    readonly near: (part: string, near: string) => string;
    readonly together: () => string;
  };
}

/** States in people's words, as `state:` takes them. */
const stateWords: Readonly<Record<State, string>> = {
  error: 'broken',
  warning: 'risk',
  paused: 'paused',
  unknown: 'unknown',
  healthy: 'healthy',
  draft: 'draft',
  done: 'done',
};

const warmups = ['off', 'banned', 'blocked', 'none', 'unscored'] as const;

/** What is the matter with a warmup, and whether it has a score; nothing where it runs and has one. */
function warmupOf({ warmup, warmupScore, problems = [] }: Account): readonly (typeof warmups)[number][] {
  const has = (...kinds: readonly ProblemKind[]) => problems.some(({ kind }) => kinds.includes(kind));
  const is: Readonly<Record<(typeof warmups)[number], boolean>> = {
    off: warmup === 'off',
    banned: has('warmup-banned', 'warmup-suspended'),
    blocked: has('warmup-blocked'),
    none: warmup === 'never',
    unscored: warmupScore === undefined,
  };
  return warmups.filter((word) => is[word]);
}

/** How an account or a campaign is, in all the words that there are for it. */
function conditionOf({ state, statusWords, reason, others = [] }: Account | Campaign): Texts {
  return [stateWords[state], statusWords, reason, ...others];
}

export const accountFacets: Facets<Account> = {
  texts: (account) => [
    account.email,
    account.name,
    account.key,
    ...account.tags.map(({ label }) => label),
    ...conditionOf(account),
  ],
  nothing: {
    matches: (part) => t('No account matches {0}.', part),
    near: (part, near) => t('No account matches {0}. Did you mean {1}?', part, near),
    together: () => t('No account matches all of this.'),
  },
  facets: [
    {
      kind: 'text',
      name: 'status',
      words: () => t('status of the account'),
      values: ({ state, statusWords, others = [] }) => [state, statusWords, ...others],
    },
    {
      kind: 'text',
      name: 'state',
      words: () => t('broken, risk, paused, healthy or unknown'),
      values: ({ state }) => [stateWords[state]],
    },
    { kind: 'text', name: 'tag', words: () => t('tag'), values: ({ tags }) => tags.map(({ label }) => label) },
    {
      kind: 'text',
      name: 'domain',
      words: () => t('domain of the email'),
      values: ({ domain }) => [domain],
      is: isDomain,
    },
    { kind: 'text', name: 'type', words: () => t('mailbox type'), values: ({ providerType }) => [providerType] },
    { kind: 'text', name: 'client', words: () => t('client'), values: ({ clientId }) => [clientId], is: isSame },
    {
      kind: 'text',
      name: 'campaign',
      words: () => t('campaign it feeds'),
      values: ({ key }, graph) => graph.campaignsOf(key).flatMap(({ campaign: { name, id } }) => [name, id]),
      complete: ({ key }, graph) => graph.knowsCampaignsOf(key),
    },
    {
      kind: 'number',
      name: 'campaigns',
      words: () => t('number of campaigns'),
      number: ({ key }, graph) => graph.countOfCampaigns(key)?.all,
    },
    {
      kind: 'number',
      name: 'active',
      words: () => t('number of active campaigns'),
      number: ({ key }, graph) => graph.countOfCampaigns(key)?.active,
    },
    {
      kind: 'number',
      name: 'warmup',
      words: () => t('warmup score, or off, banned, blocked, none or unscored'),
      number: ({ warmupScore }) => warmupScore,
      named: { words: warmups, of: warmupOf },
    },
    {
      kind: 'number',
      name: 'limit',
      words: () => t('daily limit'),
      number: limitOf,
      named: { words: ['unlimited'], of: ({ unlimited }) => (unlimited ? ['unlimited'] : []) },
    },
  ],
};

export const campaignFacets: Facets<Campaign> = {
  texts: (campaign) => [
    campaign.name,
    campaign.id,
    ...campaign.tags.map(({ label }) => label),
    ...conditionOf(campaign),
  ],
  nothing: {
    matches: (part) => t('No campaign matches {0}.', part),
    near: (part, near) => t('No campaign matches {0}. Did you mean {1}?', part, near),
    together: () => t('No campaign matches all of this.'),
  },
  facets: [
    {
      kind: 'text',
      name: 'status',
      words: () => t('status of the campaign'),
      values: ({ state, statusWords, others = [] }) => [state, statusWords, ...others],
    },
    {
      kind: 'text',
      name: 'state',
      words: () => t('broken, risk, paused, healthy, unknown, draft or done'),
      values: ({ state }) => [stateWords[state]],
    },
    { kind: 'text', name: 'tag', words: () => t('tag'), values: ({ tags }) => tags.map(({ label }) => label) },
    { kind: 'text', name: 'client', words: () => t('client'), values: ({ clientId }) => [clientId], is: isSame },
    {
      kind: 'text',
      name: 'sender',
      words: () => t('email of a sender'),
      values: ({ id }, graph) => graph.sendersOf(id).map(({ account }) => account.email),
      complete: ({ id }, graph) => graph.knowsSendersOf(id),
    },
    {
      kind: 'text',
      name: 'domain',
      words: () => t('domain of a sender'),
      values: ({ id }, graph) => graph.sendersOf(id).map(({ account }) => account.domain),
      complete: ({ id }, graph) => graph.knowsSendersOf(id),
      is: isDomain,
    },
    {
      kind: 'number',
      name: 'senders',
      words: () => t('number of senders'),
      number: ({ id }, graph) => graph.countOfSenders(id)?.senders,
    },
    {
      kind: 'number',
      name: 'healthy',
      words: () => t('number of healthy senders'),
      number: ({ id }, graph) => graph.countOfSenders(id)?.healthy,
    },
    { kind: 'number', name: 'limit', words: () => t('daily limit'), number: ({ dailyLimit }) => dailyLimit },
  ],
};

/** The daily limit of an account as a number to compare: the highest where it is unlimited. */
export function limitOf({ dailyLimit, unlimited }: Account): number | undefined {
  return unlimited ? Infinity : dailyLimit;
}

/** A whole domain matches itself and the ones below it; a part of one may be anywhere. */
function isDomain(value: string, wanted: string): boolean {
  return wanted.includes('.') ? value === wanted || value.endsWith(`.${wanted}`) : value.includes(wanted);
}

function isSame(value: string, wanted: string): boolean {
  return value === wanted;
}
