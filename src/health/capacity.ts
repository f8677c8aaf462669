import type { Graph } from '../map/graph.ts';
import type { Steps } from '../transport/turns.ts';
import { fairShares } from './fairShare.ts';
import { MaxFlow } from './maxFlow.ts';
import {
  campaignLimit,
  sendingLimit,
  sendingNetwork,
  UNITS,
  type Scenario,
  type SendingNetwork,
} from './sendingNetwork.ts';

/** What a campaign can send, in emails a day. */
export interface CampaignCapacity {
  readonly id: string;
  /** Its daily limit; undefined where its service has none for all of its emails: then its senders bound it. */
  readonly wanted: number | undefined;
  /** What it could send if its senders sent for nothing else. */
  readonly possible: number;
  /** What it can expect where shared senders are shared fairly, exact to a thousandth. */
  readonly expected: number;
  /** What it lacks of its limit; undefined where it has none. */
  readonly shortfall: number | undefined;
  /** Its senders, as far as they are known, and those of them that can send. */
  readonly senders: number;
  readonly sending: number;
  /** How many mailboxes bind it: each of its senders that can send is used up. 0 where it reaches its limit. */
  readonly binding: number;
  /** False where not all of its senders are known: it may be able to send more. */
  readonly sendersKnown: boolean;
}

/** What the accounts of a connection can send for its active campaigns, in emails a day. */
export interface Capacity {
  /** The most that all active campaigns together can send. */
  readonly possible: number;
  /** The active campaigns, in the order of the map. */
  readonly campaigns: readonly CampaignCapacity[];
  /** What the figures rest on. */
  readonly counts: CapacityCounts;
}

export interface CapacityCounts extends Pick<
  SendingNetwork,
  'sendingAccounts' | 'unlimitedAccounts' | 'unknownLimits' | 'stoppedCampaigns'
> {
  /** Active campaigns whose service has no limit for all of their emails. */
  readonly withoutLimit: number;
  /** Active campaigns whose senders are not all known. */
  readonly sendersUnknown: number;
}

export interface CapacityOptions {
  /** Keys of accounts to leave out, as if they could not send. */
  readonly without?: readonly string[] | undefined;
  /** What would be otherwise than the map says. */
  readonly scenario?: Scenario | undefined;
}

/**
 * What can really be sent a day, where accounts are shared between campaigns. It is a model:
 *
 * - An account sends its daily limit, and nothing while it has an error, is paused, suspended or not set up yet. Without
 *   a limit it counts for 50, which Smartlead advises; where the limit is not known it counts for nothing. A slow ramp,
 *   whose speed Instantly does not document, is not part of it.
 * - Active campaigns want their daily limit, all on the same day. Those that the service has stopped for a problem want
 *   nothing. Where a service has no limit for all emails of a campaign, its senders bound it.
 * - `possible` is the maximum flow from the accounts to the campaigns. `expected` is the max-min fair share of it: the
 *   campaign with the least gets as much as it can, then the next one. All `expected` together are `possible`.
 */
export function* capacity(graph: Graph, { without, scenario }: CapacityOptions = {}): Steps<Capacity> {
  const { campaigns, network, senders, sending, ...counts } = yield* sendingNetwork(graph, without, scenario);
  const flow = yield* MaxFlow.of(network);
  const reachable = yield* flow.reachable();
  const limits = campaigns.map(campaignLimit);
  for (const [place, limit = Infinity] of limits.entries()) {
    flow.caps[place] = Math.min(limit * UNITS, reachable[place] ?? 0);
  }
  const possible = flow.caps.slice();
  const expected = yield* fairShares(flow);
  let [total, withoutLimit, sendersUnknown] = [0, 0, 0];
  const rows = campaigns.map(({ id }, place): CampaignCapacity => {
    const wanted = limits[place];
    const share = expected[place] ?? 0;
    total += share;
    const shortfall = wanted === undefined ? undefined : (wanted * UNITS - share) / UNITS;
    const sendersKnown = graph.knowsSendersOf(id);
    withoutLimit += Number(wanted === undefined);
    sendersUnknown += Number(!sendersKnown);
    return {
      id,
      wanted,
      possible: (possible[place] ?? 0) / UNITS,
      expected: share / UNITS,
      shortfall,
      senders: senders[place] ?? 0,
      sending: sending[place] ?? 0,
      binding: shortfall === 0 ? 0 : (sending[place] ?? 0),
      sendersKnown,
    };
  });
  return { possible: total / UNITS, campaigns: rows, counts: { ...counts, withoutLimit, sendersUnknown } };
}

/**
 * The keys of the mailboxes that bind a campaign: those of its senders that can send. Where it does not reach its limit
 * nothing is left of any of them, or they could give it more.
 */
export function* bindingMailboxes(
  graph: Graph,
  { id, binding }: CampaignCapacity,
  { without = [] }: CapacityOptions = {},
): Steps<string[]> {
  const leftOut = new Set(without.map((key) => graph.account(key)?.key ?? key));
  const keys: string[] = [];
  for (const { account } of binding === 0 ? [] : graph.sendersOf(id)) {
    if ((sendingLimit(account) ?? 0) > 0 && !leftOut.has(account.key)) {
      keys.push(account.key);
    }
    if (keys.length % 1000 === 999) {
      yield;
    }
  }
  return keys;
}

/** How many mailboxes of a kind a campaign needs besides those that it has. */
export interface MailboxNeed {
  /** The kind in words, e.g. "Google"; undefined where it is not said, or any kind was asked for. */
  readonly kind: string | undefined;
  /** Emails a day of each: the median of those that can send. */
  readonly dailyLimit: number;
  readonly mailboxes: number;
}

/** What a campaign needs to reach its limit. */
export interface CampaignNeed {
  /** Emails a day from mailboxes that send for nothing else; 0 where it reaches its limit. */
  readonly emails: number;
  /** By kind of mailbox, those of its senders first that are the most. Empty where nobody's limit is known. */
  readonly mailboxes: readonly MailboxNeed[];
}

/**
 * How many more healthy mailboxes campaigns need to reach their limits, each on its own, if they send for nothing else
 * and everything is shared fairly as before. That is more than the shortfall over their limit where a campaign shares
 * senders: what it gets of its own, fair sharing takes from what it had of the shared ones.
 *
 * @param dailyLimit emails a day of each; undefined: for each kind of mailbox the median of the campaign's senders that
 *   can send, or of all accounts that can, where it has none.
 * @returns by the id that was asked for; nothing for a campaign that is not active or has no limit.
 */
export function* mailboxesNeeded(
  graph: Graph,
  campaignIds: readonly string[],
  dailyLimit?: number,
): Steps<ReadonlyMap<string, CampaignNeed>> {
  const { campaigns, network } = yield* sendingNetwork(graph);
  const needs = new Map<string, CampaignNeed>();
  for (const asked of campaignIds) {
    const id = graph.campaign(asked)?.id ?? asked;
    const place = campaigns.findIndex((other) => other.id === id);
    const campaign = campaigns[place];
    const limit = campaign === undefined ? undefined : campaignLimit(campaign);
    if (limit !== undefined) {
      const emails = yield* emailsNeeded(campaigns, network, place, limit);
      const limits =
        dailyLimit === undefined
          ? yield* limitsByKind(graph, id)
          : [{ kind: undefined, dailyLimit: Math.floor(dailyLimit) }];
      const mailboxes = limits
        .filter((kind) => kind.dailyLimit > 0)
        .map((kind) => ({ ...kind, mailboxes: Math.ceil(emails / kind.dailyLimit) }));
      needs.set(asked, { emails, mailboxes });
    }
  }
  return needs;
}

/** What a campaign lacks of its limit when all that fair sharing prefers to it have what they can get. */
function* emailsNeeded(
  campaigns: SendingNetwork['campaigns'],
  network: SendingNetwork['network'],
  place: number,
  limit: number,
): Steps<number> {
  // Campaigns that have less than its limit go first, so it can count on what is left when they have all they can get.
  const flow = yield* MaxFlow.of(network);
  for (const [other, campaign] of campaigns.entries()) {
    flow.caps[other] = Math.min(campaignLimit(campaign) ?? Infinity, limit) * UNITS;
  }
  flow.caps[place] = 0;
  yield* flow.fill(flow.whole());
  const others = flow.total();
  flow.caps[place] = limit * UNITS;
  yield* flow.fill(flow.whole());
  return (limit * UNITS - (flow.total() - others)) / UNITS;
}

/** The median limit of each kind of mailbox that can send, the most frequent kind first. */
function* limitsByKind(graph: Graph, campaignId: string): Steps<Omit<MailboxNeed, 'mailboxes'>[]> {
  const senders = graph.sendersOf(campaignId).map(({ account }) => account);
  let accounts: Iterable<(typeof senders)[number]> = senders;
  if (!senders.some((account) => (sendingLimit(account) ?? 0) > 0)) {
    accounts = graph.accounts;
  }
  const kinds = new Map<string | undefined, number[]>();
  let count = 0;
  for (const account of accounts) {
    const limit = sendingLimit(account) ?? 0;
    if (limit > 0) {
      const limits = kinds.get(account.providerType) ?? [];
      limits.push(limit);
      kinds.set(account.providerType, limits);
    }
    count += 1;
    if (count % 1000 === 0) {
      yield;
    }
  }
  return [...kinds]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([kind, limits]) => ({ kind, dailyLimit: medianOf(limits) }));
}

/** The middle one; of an even number the lower of the two, so that it is a limit that one of them has. */
function medianOf(limits: readonly number[]): number {
  return Float64Array.from(limits).sort()[Math.floor((limits.length - 1) / 2)] ?? 0;
}
