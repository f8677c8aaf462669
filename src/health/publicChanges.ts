import type { AccountChange, CampaignChange, Changes, EdgeChange } from './changes.ts';

/** What became different since a record. */
export interface SendmapChanges {
  /** When the record was made, in milliseconds since the epoch. */
  readonly since: number;
  readonly newlyBroken: readonly SendmapAccountChange[];
  readonly recovered: readonly SendmapAccountChange[];
  readonly scoreDrops: readonly SendmapAccountChange[];
  /** Accounts whose status is another, but for those above. */
  readonly statusChanges: readonly SendmapAccountChange[];
  readonly campaignsPausedByService: readonly SendmapCampaignChange[];
  readonly campaignChanges: readonly SendmapCampaignChange[];
  readonly joined: readonly SendmapEdgeChange[];
  readonly left: readonly SendmapEdgeChange[];
  readonly accountsAdded: readonly string[];
  readonly accountsRemoved: readonly string[];
  readonly campaignsAdded: readonly string[];
  readonly campaignsRemoved: readonly string[];
}

export interface SendmapAccountChange {
  readonly accountKey: string;
  /** The status in words, then and now. */
  readonly was: string;
  readonly is: string;
  /** The warmup score, then and now; undefined where there was or is none. */
  readonly scoreWas: number | undefined;
  readonly scoreIs: number | undefined;
}

export interface SendmapCampaignChange {
  readonly campaignId: string;
  readonly was: string;
  readonly is: string;
}

export interface SendmapEdgeChange {
  readonly accountKey: string;
  readonly campaignId: string;
}

/** What changed, as plain data with identifiers. */
export function publicChanges(changes: Changes): SendmapChanges {
  return {
    since: changes.since,
    newlyBroken: changes.newlyBroken.map(accountChange),
    recovered: changes.recovered.map(accountChange),
    scoreDrops: changes.scoreDrops.map(accountChange),
    statusChanges: changes.statusChanges.map(accountChange),
    campaignsPausedByService: changes.campaignsPausedByService.map(campaignChange),
    campaignChanges: changes.campaignChanges.map(campaignChange),
    joined: changes.joined.map(edge),
    left: changes.left.map(edge),
    accountsAdded: changes.accountsAdded.map(({ key }) => key),
    accountsRemoved: changes.accountsRemoved.map(({ key }) => key),
    campaignsAdded: changes.campaignsAdded.map(({ id }) => id),
    campaignsRemoved: changes.campaignsRemoved.map(({ id }) => id),
  };
}

function accountChange({ account, before }: AccountChange): SendmapAccountChange {
  return {
    accountKey: account.key,
    was: before.words,
    is: account.statusWords,
    scoreWas: before.score,
    scoreIs: account.warmupScore,
  };
}

function campaignChange({ campaign, before }: CampaignChange): SendmapCampaignChange {
  return { campaignId: campaign.id, was: before.words, is: campaign.statusWords };
}

function edge({ account, campaign }: EdgeChange): SendmapEdgeChange {
  return { accountKey: account.key, campaignId: campaign.id };
}
