import type {
  AccountChange,
  CampaignChange,
  ChangeLists,
  Changes,
  EdgeChange,
  ScoreChange,
  StatusChange,
} from './changes.ts';

/** What became different since a record. */
export type SendmapChanges = ChangeLists<
  SendmapAccountChange,
  SendmapCampaignChange,
  SendmapEdgeChange,
  string,
  string
>;

export interface SendmapAccountChange extends StatusChange, ScoreChange {
  readonly accountKey: string;
}

export interface SendmapCampaignChange extends StatusChange {
  readonly campaignId: string;
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

function accountChange({ account, ...change }: AccountChange): SendmapAccountChange {
  return { accountKey: account.key, ...change };
}

function campaignChange({ campaign, ...change }: CampaignChange): SendmapCampaignChange {
  return { campaignId: campaign.id, ...change };
}

function edge({ account, campaign }: EdgeChange): SendmapEdgeChange {
  return { accountKey: account.key, campaignId: campaign.id };
}
