import { t } from '@vscode/l10n';
import type { AccountRule } from '../rule.ts';

/** In more active campaigns than the threshold. */
export const overused: AccountRule<'overused'> = {
  id: 'overused',
  about: 'account',
  severity: 'warning',
  cost: 'risk',
  title: () => t('Too many campaigns'),
  meaning: () =>
    t('Its daily limit is shared by many campaigns, and services disconnect mailboxes that work like this.'),
  nextStep: () => t('Take it out of some of its campaigns.'),
  source: 'Smartlead FACTS 7 (help center 65)',
  reads: [],
  fires: (_, { campaigns, thresholds }) => (campaigns?.active ?? 0) > thresholds.mostCampaigns,
  isNear: (_, { campaigns, thresholds }) => campaigns?.active === thresholds.mostCampaigns,
  evidence: (_, { campaigns, thresholds }) =>
    t('in {0} active campaigns, {1} are advised', campaigns?.active ?? 0, thresholds.mostCampaigns),
};
