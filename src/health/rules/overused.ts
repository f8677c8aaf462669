import { t } from '@vscode/l10n';
import type { AccountRule } from '../rule.ts';

/** In more active campaigns than the threshold. */
export const overused: AccountRule<'overused'> = {
  id: 'overused',
  about: 'account',
  severity: 'warning',
  cost: 'risk',
  title: () => t('Too many campaigns'),
  meaning: () => t('Many campaigns share its daily limit, and mailboxes used like this tend to be disconnected.'),
  nextStep: () => t('Remove it from some of its campaigns.'),
  source: 'Smartlead FACTS 7 (help center 65)',
  reads: [],
  readsFacts: ['activeCampaigns', 'mostCampaignsThreshold'],
  fires: (_, { campaigns, thresholds }) => (campaigns?.active ?? 0) > thresholds.mostCampaigns,
  isNear: (_, { campaigns, thresholds }) => campaigns?.active === thresholds.mostCampaigns,
  evidence: (_, { campaigns, thresholds }) =>
    t('in {0} active campaigns, at most {1} recommended', campaigns?.active ?? 0, thresholds.mostCampaigns),
};
