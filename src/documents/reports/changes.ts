import { t } from '@vscode/l10n';
import { lostScore, type AccountChange, type CampaignChange, type EdgeChange } from '../../health/changes.ts';
import type { SendingMap } from '../../map/sendingMap.ts';
import { propertiesOf } from '../../providers/properties.ts';
import type { Account, Campaign } from '../../providers/model.ts';
import { ServiceError } from '../../transport/errors.ts';
import { isoOf } from '../../transport/times.ts';
import type { Report } from '../reports.ts';

const ACCOUNT = { words: () => t('The account'), names: 'account' } as const;
const CAMPAIGN = { words: () => t('The campaign'), names: 'campaign' } as const;

const accountLists = ['newly_broken', 'recovered', 'score_drops', 'status_changes', 'accounts_added'] as const;
const campaignLists = ['campaigns_paused_by_service', 'campaign_changes', 'campaigns_added'] as const;
const edgeLists = ['joined', 'left'] as const;

/** What changed since a record; its identifier is the time of the record, in milliseconds since the epoch. */
export const changes: Report = {
  properties: propertiesOf('Sendmap', {
    since: { words: () => t('When the record was made that the map is compared with'), time: true },
    until: { words: () => t('When the map was last complete'), time: true },
    incomplete: { words: () => t('Why changes may be missing') },
    counts: { words: () => t('How many of each') },
    ...Object.fromEntries([...accountLists, ...edgeLists].map((list) => [`${list}.*.account`, { ...ACCOUNT }])),
    ...Object.fromEntries([...campaignLists, ...edgeLists].map((list) => [`${list}.*.campaign`, { ...CAMPAIGN }])),
  }),
  build: async ({ connection, provider, map }, id, { health }) => {
    const incomplete = whyIncomplete(map);
    const found = await (await health(connection.id))?.changesSince(Number(id));
    if (found === undefined) {
      throw new ServiceError('notFound', {
        service: provider.info.name,
        serviceMessage: t('the record of that time is gone; records are kept for 35 days'),
      });
    }
    const lists = {
      newly_broken: found.newlyBroken.map(statusChange),
      recovered: found.recovered.map(statusChange),
      score_drops: found.scoreDrops.map((change) => ({
        ...nameOf(change.account),
        was: change.scoreWas,
        is: change.scoreIs,
        points: -lostScore(change),
      })),
      status_changes: found.statusChanges.map(statusChange),
      campaigns_paused_by_service: found.campaignsPausedByService.map(campaignChange),
      campaign_changes: found.campaignChanges.map(campaignChange),
      joined: found.joined.map(edge),
      left: found.left.map(edge),
      accounts_added: found.accountsAdded.map(nameOf),
      accounts_removed: found.accountsRemoved.map(nameOf),
      campaigns_added: found.campaignsAdded.map(nameOfCampaign),
      campaigns_removed: found.campaignsRemoved.map(nameOfCampaign),
    };
    return {
      since: isoOf(found.since),
      until: map.syncedAt === undefined ? null : isoOf(map.syncedAt),
      incomplete,
      counts: Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.length])),
      ...lists,
    };
  },
};

/** Why the map is not what it was at one moment; undefined where it is. */
function whyIncomplete(map: SendingMap): string | undefined {
  if (map.progress.running) {
    return t('A sync is running: some of this is newer, and more may come. Refresh this document when it has ended.');
  }
  return map.complete ? undefined : t('The map is incomplete. Missing: {0}.', map.missing().join(', '));
}

function nameOf({ key, email }: Pick<Account, 'key' | 'email'>) {
  return { account: key, email };
}

function nameOfCampaign({ id, name }: Pick<Campaign, 'id' | 'name'>) {
  return { campaign: id, name };
}

function statusChange({ account, was, is }: AccountChange) {
  return { ...nameOf(account), was, is, reason: account.reason };
}

function campaignChange({ campaign, was, is }: CampaignChange) {
  return { ...nameOfCampaign(campaign), was, is, reason: campaign.reason };
}

function edge({ account, campaign }: EdgeChange) {
  return { ...nameOf(account), ...nameOfCampaign(campaign) };
}
