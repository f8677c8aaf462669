import type { Graph } from '../map/graph.ts';
import type { Account, Campaign } from '../providers/model.ts';
import type { Steps } from '../transport/turns.ts';
import { isActive } from './active.ts';
import type { Network } from './maxFlow.ts';
import { canSend, limitOf, wholeEmails } from './sending.ts';

/** Parts of an email that are counted: shares are exact to a thousandth of one. */
export const UNITS = 1000;

/** Accounts between two yields. */
const STEP = 100;

/** Active campaigns and the accounts that can send for them. */
export interface SendingNetwork {
  /** The active campaigns; their places are the demands of the network. */
  readonly campaigns: readonly Campaign[];
  /** Accounts that feed the same campaigns are one supply. In {@link UNITS}. */
  readonly network: Network;
  /** How many senders each campaign has, and how many of them can send. */
  readonly senders: Uint32Array;
  readonly sending: Uint32Array;
  /** Senders of active campaigns that can send: how many, and how many of them without a limit. */
  readonly sendingAccounts: number;
  readonly unlimitedAccounts: number;
  /** Senders of active campaigns that may be able to send, but whose limit is not known: they count for nothing. */
  readonly unknownLimits: number;
  /** Campaigns that the service has stopped for a problem, which would send otherwise. */
  readonly stoppedCampaigns: number;
}

/**
 * Emails a day that an account can send for campaigns: none where it cannot send, otherwise its daily limit. Undefined
 * where the service does not say the limit.
 */
export function sendingLimit(account: Account): number | undefined {
  return canSend(account) ? limitOf(account) : 0;
}

/** The daily limit of a campaign in whole emails; undefined where its service has none for all of its emails. */
export function campaignLimit({ dailyLimit }: Campaign): number | undefined {
  return dailyLimit === undefined ? undefined : wholeEmails(dailyLimit);
}

/** How accounts, campaigns and edges would be. */
export interface Scenario {
  readonly account: (account: Account) => Account;
  readonly campaign: (campaign: Campaign) => Campaign;
  /** Ids of campaigns by the key of an account that would be one of their senders, or would not be any more. */
  readonly added: ReadonlyMap<string, readonly string[]>;
  readonly removed: ReadonlyMap<string, readonly string[]>;
}

const AS_IT_IS: Scenario = {
  account: (account) => account,
  campaign: (campaign) => campaign,
  added: new Map(),
  removed: new Map(),
};

/** @param without keys of accounts that are left out, as if they could not send. */
export function* sendingNetwork(
  graph: Graph,
  without: readonly string[] = [],
  scenario: Scenario = AS_IT_IS,
): Steps<SendingNetwork> {
  const places = new Map<string, number>();
  const campaigns: Campaign[] = [];
  let stoppedCampaigns = 0;
  for (const mapped of graph.campaigns) {
    const campaign = scenario.campaign(mapped);
    if (isActive(campaign)) {
      places.set(campaign.id, campaigns.length);
      campaigns.push(campaign);
    }
    stoppedCampaigns += Number(campaign.state === 'error' || campaign.state === 'warning');
  }
  yield;
  const leftOut = new Set<string>();
  for (const key of without) {
    leftOut.add(graph.account(key)?.key ?? key);
  }
  yield;
  const groups = new Groups();
  const [senders, sending] = [new Uint32Array(campaigns.length), new Uint32Array(campaigns.length)];
  let [sendingAccounts, unlimitedAccounts, unknownLimits, count] = [0, 0, 0, 0];
  for (const mapped of graph.accounts) {
    const account = scenario.account(mapped);
    count += 1;
    if (count % STEP === 0) {
      yield;
    }
    const fed: number[] = [];
    const removed = scenario.removed.get(account.key);
    for (const { campaign } of graph.campaignsOf(account.key)) {
      const place = places.get(campaign.id);
      if (place !== undefined && removed?.includes(campaign.id) !== true) {
        fed.push(place);
      }
    }
    for (const id of scenario.added.get(account.key) ?? []) {
      const place = places.get(id);
      if (place !== undefined && !fed.includes(place)) {
        fed.push(place);
      }
    }
    if (fed.length === 0) {
      continue;
    }
    const limit = leftOut.has(account.key) ? 0 : sendingLimit(account);
    unknownLimits += Number(limit === undefined);
    for (const place of fed) {
      senders[place] = (senders[place] ?? 0) + 1;
      sending[place] = (sending[place] ?? 0) + Number((limit ?? 0) > 0);
    }
    if (limit !== undefined && limit > 0) {
      sendingAccounts += 1;
      unlimitedAccounts += Number(account.dailyLimit === undefined);
      groups.add(fed.sort(ascending), limit * UNITS);
    }
  }
  const network = yield* groups.network(campaigns.length);
  return { campaigns, network, senders, sending, sendingAccounts, unlimitedAccounts, unknownLimits, stoppedCampaigns };
}

/** Lists of campaigns, each once, with what all accounts that feed exactly these have together. */
class Groups {
  /** All lists one after the other, and where each starts. */
  readonly #members: number[] = [];
  readonly #starts: number[] = [0];
  readonly #amounts: number[] = [];
  /** The groups by the hash of their lists: an open table of twice as many places, 0 where one is empty. */
  #table = new Uint32Array(1024);

  /** @param members in ascending order. */
  add(members: readonly number[], amount: number): void {
    let place = this.#placeOf(members);
    let group = this.#table[place] ?? 0;
    if (group === 0) {
      if (this.#amounts.length * 2 >= this.#table.length) {
        this.#grow();
        place = this.#placeOf(members);
      }
      for (const member of members) {
        this.#members.push(member);
      }
      this.#starts.push(this.#members.length);
      group = this.#amounts.push(0);
      this.#table[place] = group;
    }
    this.#amounts[group - 1] = (this.#amounts[group - 1] ?? 0) + amount;
  }

  /** Groups of one first campaign stand together: what is looked at together is near together in memory. */
  *network(demands: number): Steps<Network> {
    const count = this.#amounts.length;
    const next = new Uint32Array(demands + 1);
    for (let group = 0; group < count; group += 1) {
      const first = this.#members[this.#starts[group] ?? 0] ?? 0;
      next[first + 1] = (next[first + 1] ?? 0) + 1;
    }
    for (let demand = 0; demand < demands; demand += 1) {
      next[demand + 1] = (next[demand + 1] ?? 0) + (next[demand] ?? 0);
    }
    yield;
    const order = new Uint32Array(count);
    for (let group = 0; group < count; group += 1) {
      const first = this.#members[this.#starts[group] ?? 0] ?? 0;
      const place = next[first] ?? 0;
      order[place] = group;
      next[first] = place + 1;
    }
    yield;
    const supplies = new Float64Array(count);
    const starts = new Uint32Array(count + 1);
    const links = new Uint32Array(this.#members.length);
    let length = 0;
    for (const [supply, group] of order.entries()) {
      supplies[supply] = this.#amounts[group] ?? 0;
      for (let place = this.#starts[group] ?? 0; place < (this.#starts[group + 1] ?? 0); place += 1) {
        links[length] = this.#members[place] ?? 0;
        length += 1;
      }
      starts[supply + 1] = length;
      if (supply % 1000 === 0) {
        yield;
      }
    }
    return { supplies, demands, starts, links };
  }

  /** Where a list stands in the table, or where it would. */
  #placeOf(members: readonly number[]): number {
    const last = this.#table.length - 1;
    let place = hash(members) & last;
    for (let group = this.#table[place] ?? 0; group !== 0; group = this.#table[place] ?? 0) {
      if (this.#isGroup(group - 1, members)) {
        break;
      }
      place = (place + 1) & last;
    }
    return place;
  }

  #isGroup(group: number, members: readonly number[]): boolean {
    const start = this.#starts[group] ?? 0;
    if ((this.#starts[group + 1] ?? 0) - start !== members.length) {
      return false;
    }
    return members.every((member, place) => this.#members[start + place] === member);
  }

  #grow(): void {
    this.#table = new Uint32Array(this.#table.length * 4);
    for (let group = 0; group < this.#amounts.length; group += 1) {
      const members = this.#members.slice(this.#starts[group], this.#starts[group + 1]);
      this.#table[this.#placeOf(members)] = group + 1;
    }
  }
}

function hash(members: readonly number[]): number {
  let hashed = 0;
  for (const member of members) {
    hashed = Math.imul(hashed ^ member, 0x9e3779b1);
    hashed ^= hashed >>> 15;
  }
  return hashed >>> 0;
}

function ascending(a: number, b: number): number {
  return a - b;
}
