import { t } from '@vscode/l10n';
import { propertiesOf } from '../../providers/properties.ts';
import { figuresOfSenders } from '../../queries/senders.ts';
import { inTurns } from '../../transport/turns.ts';
import type { Report } from '../reports.ts';

/** Why a campaign sends, or does not: what the map knows of it. */
export const campaignSending: Report = {
  properties: propertiesOf('Sendmap', {
    'campaign.id': { words: () => t('The campaign'), names: 'campaign' },
    'campaign.status': { words: () => t('How the campaign is') },
    'senders.known': { words: () => t('Whether all senders of the campaign are known') },
    'senders.all': { words: () => t('Accounts that send for the campaign') },
    'senders.healthy': { words: () => t('Those that can send') },
    'senders.not_healthy.*.condition': { words: () => t('What is wrong with them') },
    'senders.not_healthy.*.accounts': { words: () => t('How many there are') },
    'senders.not_healthy.*.examples': { words: () => t('The first of them'), names: 'account' },
  }),
  build: async ({ map, provider }, id) => {
    const campaign = map.graph.campaign(id) ?? (await provider.campaign(id));
    const { known, senders, healthy, broken } = await inTurns(figuresOfSenders(map.graph, id));
    return {
      campaign: { id, name: campaign.name, status: campaign.statusWords, reason: campaign.reason },
      senders: {
        known,
        all: senders,
        healthy,
        not_healthy: broken.map(({ words, count, examples }) => ({ condition: words, accounts: count, examples })),
      },
    };
  },
};
