import type { Graph } from '../map/graph.ts';
import { compareStates, type Account, type Campaign } from '../providers/model.ts';
import { decodeRecord, type RecordedAccount } from './record.ts';
import { problemOf } from './problem.ts';

/** The status in words, then and now. */
export interface StatusChange {
  readonly was: string;
  readonly is: string;
}

/** The warmup score, then and now; undefined where there was or is none. */
export interface ScoreChange {
  readonly scoreWas: number | undefined;
  readonly scoreIs: number | undefined;
}

/** An account that is not what it was. */
export interface AccountChange extends StatusChange, ScoreChange {
  readonly account: Account;
}

/** A campaign that is not what it was. */
export interface CampaignChange extends StatusChange {
  readonly campaign: Campaign;
}

/** An account that began or stopped to send for a campaign. */
export interface EdgeChange {
  readonly account: NamedAccount;
  readonly campaign: NamedCampaign;
}

type NamedAccount = Pick<Account, 'key' | 'email'>;
type NamedCampaign = Pick<Campaign, 'id' | 'name'>;

/** What became different since a record, each in the terms of those who read it. */
export interface ChangeLists<ChangedAccount, ChangedCampaign, ChangedEdge, AccountName, CampaignName> {
  /** When the record was made, in milliseconds since the epoch. */
  readonly since: number;
  readonly newlyBroken: readonly ChangedAccount[];
  readonly recovered: readonly ChangedAccount[];
  readonly scoreDrops: readonly ChangedAccount[];
  /** Accounts whose status is another, but for those above. */
  readonly statusChanges: readonly ChangedAccount[];
  readonly campaignsPausedByService: readonly ChangedCampaign[];
  /** Campaigns whose status is another, but for those above. */
  readonly campaignChanges: readonly ChangedCampaign[];
  readonly joined: readonly ChangedEdge[];
  readonly left: readonly ChangedEdge[];
  readonly accountsAdded: readonly AccountName[];
  readonly accountsRemoved: readonly AccountName[];
  readonly campaignsAdded: readonly CampaignName[];
  readonly campaignsRemoved: readonly CampaignName[];
}

export type Changes = ChangeLists<AccountChange, CampaignChange, EdgeChange, NamedAccount, NamedCampaign>;

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
    accountsAdded: [] as NamedAccount[],
    accountsRemoved: [] as NamedAccount[],
    campaignsAdded: [] as NamedCampaign[],
    campaignsRemoved: [] as NamedCampaign[],
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
        (stopped ? changes.campaignsPausedByService : changes.campaignChanges).push({
          campaign,
          was: before.words,
          is: campaign.statusWords,
        });
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
      const change: AccountChange = {
        account,
        was: before.words,
        is: account.statusWords,
        scoreWas: before.score,
        scoreIs: account.warmupScore,
      };
      if (isBroken(account) && !isBroken(before) && before.state !== 'unknown') {
        changes.newlyBroken.push(change);
      } else if (isBroken(before) && (account.state === 'healthy' || account.state === 'warning')) {
        // One that is paused now, or of which nothing is said, cannot send either.
        changes.recovered.push(change);
      } else if (change.is !== change.was) {
        changes.statusChanges.push(change);
      }
      if (lostScore(change) >= scoreDrop) {
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

/** Points that a warmup score lost; none where it is not known then and now. */
export function lostScore({ scoreWas, scoreIs }: ScoreChange): number {
  return scoreWas === undefined || scoreIs === undefined ? 0 : scoreWas - scoreIs;
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
