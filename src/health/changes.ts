import type { Graph } from '../map/graph.ts';
import { compareStates, type Account, type Campaign } from '../providers/model.ts';
import { decodeRecord, type RecordedAccount, type RecordedCampaign } from './record.ts';
import { problemOf } from './problem.ts';

/** An account that is not what it was. */
export interface AccountChange {
  readonly account: Account;
  readonly before: RecordedAccount;
}

/** A campaign that is not what it was. */
export interface CampaignChange {
  readonly campaign: Campaign;
  readonly before: RecordedCampaign;
}

/** An account that began or stopped to send for a campaign. */
export interface EdgeChange {
  readonly account: Pick<Account, 'key' | 'email'>;
  readonly campaign: Pick<Campaign, 'id' | 'name'>;
}

/** What became different since a record. */
export interface Changes {
  /** When the record was made, in milliseconds since the epoch. */
  readonly since: number;
  readonly newlyBroken: readonly AccountChange[];
  readonly recovered: readonly AccountChange[];
  readonly scoreDrops: readonly AccountChange[];
  /** Accounts whose status is another, but for those above. */
  readonly statusChanges: readonly AccountChange[];
  readonly campaignsPausedByService: readonly CampaignChange[];
  /** Campaigns whose status is another, but for those above. */
  readonly campaignChanges: readonly CampaignChange[];
  readonly joined: readonly EdgeChange[];
  readonly left: readonly EdgeChange[];
  readonly accountsAdded: readonly Account[];
  readonly accountsRemoved: readonly RecordedAccount[];
  readonly campaignsAdded: readonly Campaign[];
  readonly campaignsRemoved: readonly RecordedCampaign[];
}

/** Problems that mean that the service stopped a campaign. */
const STOPS = ['paused-by-service', 'bounce-protection', 'accounts-unhealthy', 'account-suspended'] as const;

/**
 * Compares the map with a record, in turns: rows come in lines, and it gives way between them.
 *
 * @param bytes of the record.
 * @param scoreDrop points that a warmup score has to lose, at least.
 * @throws {RecordError} for a record that cannot be read.
 */
export async function changesSince(
  graph: Graph,
  since: number,
  bytes: Uint8Array,
  scoreDrop: number,
): Promise<Changes> {
  const changes = {
    since,
    newlyBroken: [] as AccountChange[],
    recovered: [] as AccountChange[],
    scoreDrops: [] as AccountChange[],
    statusChanges: [] as AccountChange[],
    campaignsPausedByService: [] as CampaignChange[],
    campaignChanges: [] as CampaignChange[],
    joined: [] as EdgeChange[],
    left: [] as EdgeChange[],
    accountsAdded: [] as Account[],
    accountsRemoved: [] as RecordedAccount[],
    campaignsAdded: [] as Campaign[],
    campaignsRemoved: [] as RecordedCampaign[],
  };
  const met = new Uint8Array(graph.accountNumbers);
  const names = new Map<string, string>();
  for await (const { accounts, campaigns } of decodeRecord(bytes)) {
    for (const before of campaigns) {
      names.set(before.id, before.name);
      const campaign = graph.campaign(before.id);
      if (campaign === undefined) {
        changes.campaignsRemoved.push(before);
      } else if (campaign.statusWords !== before.words || campaign.state !== before.state) {
        const stopped = STOPS.some((kind) => problemOf(campaign, kind) !== undefined);
        (stopped ? changes.campaignsPausedByService : changes.campaignChanges).push({ campaign, before });
      }
    }
    for (const before of accounts) {
      const number = graph.numberOf(before.key);
      const account = number === undefined ? undefined : graph.accountAt(number);
      if (number === undefined || account === undefined) {
        changes.accountsRemoved.push(before);
        continue;
      }
      met[number] = 1;
      const change = { account, before };
      if (isBroken(account) && !isBroken(before)) {
        changes.newlyBroken.push(change);
      } else if (isBroken(before) && !isBroken(account)) {
        changes.recovered.push(change);
      } else if (account.statusWords !== before.words) {
        changes.statusChanges.push(change);
      }
      if (before.score !== undefined && before.score - (account.warmupScore ?? before.score) >= scoreDrop) {
        changes.scoreDrops.push(change);
      }
      compareEdges(graph, account, before, names, changes);
    }
  }
  for (let number = 0; number < graph.accountNumbers; number += 1) {
    const account = met[number] === 1 ? undefined : graph.accountAt(number);
    if (account !== undefined) {
      changes.accountsAdded.push(account);
    }
  }
  for (const campaign of graph.campaigns) {
    if (!names.has(campaign.id)) {
      changes.campaignsAdded.push(campaign);
    }
  }
  changes.newlyBroken.sort((a, b) => compareStates(a.account.state, b.account.state));
  changes.scoreDrops.sort((a, b) => lostScore(b) - lostScore(a));
  return changes;
}

/** Points that a warmup score lost. */
export function lostScore({ account, before }: AccountChange): number {
  return (before.score ?? 0) - (account.warmupScore ?? 0);
}

function isBroken({ state }: Pick<Account, 'state'>): boolean {
  return state === 'error';
}

/** What is not known on one of the two sides is no change. */
function compareEdges(
  graph: Graph,
  account: Account,
  before: RecordedAccount,
  names: ReadonlyMap<string, string>,
  { joined, left }: { readonly joined: EdgeChange[]; readonly left: EdgeChange[] },
): void {
  if (before.campaignIds === undefined || !graph.knowsCampaignsOf(account.key)) {
    return;
  }
  const gone = new Set(before.campaignIds);
  for (const { campaign } of graph.campaignsOf(account.key)) {
    if (!gone.delete(campaign.id)) {
      joined.push({ account, campaign });
    }
  }
  for (const id of gone) {
    left.push({ account, campaign: graph.campaign(id) ?? { id, name: names.get(id) ?? '' } });
  }
}
