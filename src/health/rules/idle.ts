import { t } from '@vscode/l10n';
import type { AccountRule } from '../rule.ts';
import { day } from '../words.ts';

/** A healthy account in no active campaign; unknown campaigns are not none. */
export const idle: AccountRule<'idle'> = {
  id: 'idle',
  about: 'account',
  severity: 'info',
  cost: 'waste',
  title: () => t('Idle'),
  meaning: () => t('It can send, but is in no active campaign.'),
  nextStep: () => t('Add it to a campaign that cannot reach its limit, or stop paying for it.'),
  source: "Smartlead FACTS 6 (69 % of an agency's mailboxes are unused), 7",
  reads: ['state', 'dailyLimit'],
  readsFacts: ['activeCampaigns', 'allCampaigns', 'idleSince'],
  fires: ({ state }, { campaigns }) => state === 'healthy' && campaigns?.active === 0,
  evidence: (_, { campaigns, before }) =>
    before?.idleSince === undefined
      ? campaigns?.all === 0
        ? t('in no campaign')
        : t('in no active campaign')
      : t('in no active campaign since at least {0}', day(before.idleSince)),
};
