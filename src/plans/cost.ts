import type { Scenario } from '../health/sendingNetwork.ts';
import { compareCapacity, type CampaignChange } from '../health/whatIf.ts';
import type { Graph } from '../map/graph.ts';
import type { SenderReason } from '../providers/model.ts';
import type { ChangesOfService } from '../providers/changes.ts';
import type { Account, Campaign } from '../providers/model.ts';
import type { ProviderInfo } from '../providers/provider.ts';
import type { PaceLimits } from '../transport/pace.ts';
import { eachInSteps, type Steps } from '../transport/turns.ts';
import { requestsOf, type Expectation, type ExpectedLoss, type PlanItem, type Value } from './plan.ts';

/** What a plan costs, by the model of capacity, and what it takes. Campaigns that it pauses or deletes do not count as losing. */
export function* expectationOf(graph: Graph, items: readonly PlanItem[], info: CostInfo): Steps<Expectation> {
  const scenario = yield* scenarioOf(graph, items, info);
  const { stopped, belowLimit, less } = yield* compareCapacity(graph, { scenario });
  const named = (all: readonly CampaignChange[]): ExpectedLoss[] =>
    all.map(({ before, after }) => ({
      id: before.id,
      name: graph.campaign(before.id)?.name ?? '',
      before: rounded(before.expected),
      after: rounded(after.expected),
    }));
  return {
    ...effortOf(items, info.changes, info.profile.limits, yield* pagesOfTags(graph)),
    stopped: named(stopped),
    belowLimit: named(belowLimit),
    less: named(less),
  };
}

/** Emails a day to one decimal: the shares are not exact to more. */
function rounded(emails: number): number {
  return Math.round(emails * 10) / 10;
}

/** What has to be known of a service. */
type CostInfo = Pick<ProviderInfo, 'changes' | 'profile' | 'zeroIsUnlimited' | 'sameKey' | 'capacityProperties'>;

/** How everything would be after a plan. */
function* scenarioOf(graph: Graph, items: readonly PlanItem[], info: CostInfo): Steps<Scenario> {
  const accounts = new Map<string, (account: Account) => Account>();
  const campaigns = new Map<string, (campaign: Campaign) => Campaign>();
  yield* eachInSteps(items, (item) => {
    const account = accountAfter(item, info);
    const campaign = campaignAfter(item, info);
    if (account !== undefined) {
      accounts.set(item.id, account);
    }
    if (campaign !== undefined) {
      campaigns.set(item.id, campaign);
    }
  });
  const edges = yield* edgesAfter(graph, items, info);
  return {
    account: (account) => accounts.get(account.key)?.(account) ?? account,
    campaign: (campaign) => campaigns.get(campaign.id)?.(campaign) ?? campaign,
    ...edges,
  };
}

/** How an item leaves its account; undefined where it changes nothing that capacity depends on. */
function accountAfter(
  { kind, after }: PlanItem,
  { zeroIsUnlimited = false }: CostInfo,
): ((account: Account) => Account) | undefined {
  switch (kind) {
    case 'pause-account':
      return (account) => ({ ...account, state: 'paused', problems: undefined });
    case 'resume-account':
    case 'mark-fixed':
      return (account) => ({ ...account, state: 'healthy', problems: undefined });
    case 'daily-limit': {
      const limit = Number(after);
      return limit === 0 && zeroIsUnlimited
        ? (account) => ({ ...account, dailyLimit: undefined, unlimited: true })
        : (account) => ({ ...account, dailyLimit: limit, unlimited: undefined });
    }
    default:
      return undefined;
  }
}

/** The same for its campaign. */
function campaignAfter(
  { kind, property, after }: PlanItem,
  { capacityProperties }: CostInfo,
): ((campaign: Campaign) => Campaign) | undefined {
  switch (kind) {
    case 'activate-campaign':
      return (campaign) => ({ ...campaign, state: 'healthy' });
    case 'pause-campaign':
    case 'stop-campaign':
    case 'delete-campaign':
      return (campaign) => ({ ...campaign, state: 'paused' });
    case 'edit-campaign':
      return property === capacityProperties?.dailyLimit && typeof after === 'number'
        ? (campaign) => ({ ...campaign, dailyLimit: after })
        : undefined;
    default:
      return undefined;
  }
}

/** Which accounts would be senders of which campaigns: named, or selected by a tag that they carry. */
function* edgesAfter(
  graph: Graph,
  items: readonly PlanItem[],
  { sameKey, capacityProperties }: CostInfo,
): Steps<Pick<Scenario, 'added' | 'removed'>> {
  const [added, removed] = [new Map<string, string[]>(), new Map<string, string[]>()];
  const put = (edges: Map<string, string[]>, account: string, campaign: string) => {
    const key = graph.account(account)?.key ?? account;
    edges.set(key, [...(edges.get(key) ?? []), campaign]);
  };
  /** Why an account is a sender now, but for one reason. */
  const staysFor = (account: string, campaign: string, goes: (reason: SenderReason) => boolean) =>
    graph
      .campaignsOf(account)
      .some(({ campaign: { id }, reasons }) => id === campaign && reasons.some((reason) => !goes(reason)));
  const putNamed = (isAdded: boolean, account: string, campaign: string) => {
    if (isAdded) {
      put(added, account, campaign);
    } else if (!staysFor(account, campaign, ({ kind }) => kind !== 'tag')) {
      put(removed, account, campaign);
    }
  };
  const putTagged = (isAdded: boolean, account: string, campaign: string, tag: string) => {
    if (isAdded) {
      put(added, account, campaign);
    } else if (!staysFor(account, campaign, (reason) => reason.kind === 'tag' && reason.tag.id === tag)) {
      put(removed, account, campaign);
    }
  };
  const textsIn = (value: Value) => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);
  const selecting = campaignsByTag(graph);
  for (const { kind, about, id, campaign, tag, property, before, after } of items) {
    yield;
    const [was, is] = [textsIn(before), textsIn(after)];
    if ((kind === 'add-sender' || kind === 'remove-sender') && campaign !== undefined) {
      putNamed(kind === 'add-sender', id, campaign.id);
    } else if ((kind === 'assign-tag' || kind === 'remove-tag') && about === 'account' && tag !== undefined) {
      for (const selected of selecting.get(tag.id) ?? []) {
        putTagged(kind === 'assign-tag', id, selected, tag.id);
      }
    } else if (kind === 'edit-campaign' && property === capacityProperties?.senders) {
      const [named, names] = [new Set(was.map(sameKey)), new Set(is.map(sameKey))];
      for (const key of new Set([...named, ...names])) {
        if (named.has(key) !== names.has(key)) {
          putNamed(names.has(key), key, id);
        }
      }
    } else if (kind === 'edit-campaign' && property === capacityProperties?.senderTags) {
      yield* eachInSteps(graph.accounts, (account) => {
        for (const { id: carried } of account.tags) {
          if (was.includes(carried) !== is.includes(carried)) {
            putTagged(is.includes(carried), account.key, id, carried);
          }
        }
      });
    }
  }
  return { added, removed };
}

/** The campaigns whose senders are selected by each tag. */
function campaignsByTag(graph: Graph): ReadonlyMap<string, readonly string[]> {
  const campaigns = new Map<string, string[]>();
  for (const { id, senderTagIds = [] } of graph.campaigns) {
    for (const tag of senderTagIds) {
      campaigns.set(tag, [...(campaigns.get(tag) ?? []), id]);
    }
  }
  return campaigns;
}

/** Milliseconds that a request takes where nothing holds it back. */
const ROUND_TRIP = 300;
const HOUR = 3_600_000;

/** Accounts of a page of a list. */
const PAGE = 100;

/** Requests that read all accounts of a tag, with the empty page at the end. */
function* pagesOfTags(graph: Graph): Steps<(tag: string) => number> {
  const accounts = new Map<string, number>();
  yield* eachInSteps(graph.accounts, ({ tags }) => {
    for (const { id } of tags) {
      accounts.set(id, (accounts.get(id) ?? 0) + 1);
    }
  });
  return (tag) => Math.ceil((accounts.get(tag) ?? 0) / PAGE) + 1;
}

/** What a plan takes at the pace that a service publishes, one change after the other. */
export function effortOf(
  items: readonly PlanItem[],
  changes: ChangesOfService,
  limits: PaceLimits,
  pagesOfTag: (tag: string) => number = () => 1,
): Omit<Expectation, 'stopped' | 'belowLimit' | 'less'> {
  const batches = requestsOf(items, (kind) => changes[kind]?.most ?? 1);
  let requests = 0;
  for (const batch of batches) {
    const first = items[batch[0] ?? 0];
    const kind = first?.kind;
    const means = kind === undefined ? undefined : changes[kind];
    // A campaign names all its senders at once, and so do the accounts of a tag.
    const together = kind === 'add-sender' || kind === 'remove-sender';
    // Its properties are read as they are, and for the map.
    const byTag = means?.readsTag === true && first?.about === 'account' ? pagesOfTag(first.tag?.id ?? '') : undefined;
    const reads = byTag ?? (kind === 'edit-campaign' ? 2 : together ? 1 : batch.length);
    requests += 1 + 2 * reads + (means?.readsFirst ?? 0);
  }
  let [time, hourly] = [batches.length * 3 * ROUND_TRIP, Infinity];
  for (const limit of limits) {
    time = Math.max(time, Math.floor(requests / limit.requests) * limit.milliseconds);
    hourly = Math.min(hourly, (limit.requests * HOUR) / limit.milliseconds);
  }
  return {
    writes: batches.length,
    requests,
    seconds: Math.ceil(time / 1000),
    percentOfHour: Math.ceil((requests / hourly) * 1000) / 10,
  };
}
