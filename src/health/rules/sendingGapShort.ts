import { t } from '@vscode/l10n';
import type { AccountRule } from '../rule.ts';

/** Less time between two emails than the threshold, in several active campaigns. */
export const sendingGapShort: AccountRule<'sending-gap-short'> = {
  id: 'sending-gap-short',
  about: 'account',
  severity: 'info',
  cost: 'risk',
  title: () => t('Short sending gap'),
  meaning: () => t('It is in several campaigns, and its emails go out within minutes of each other.'),
  nextStep: () => t('Increase the gap between its emails.'),
  source: 'Smartlead FACTS 7 (help center 65: gaps under 10 minutes)',
  reads: ['sendingGap'],
  readsFacts: ['activeCampaigns', 'shortestGapThreshold'],
  fires: ({ sendingGap }, { campaigns, thresholds }) =>
    sendingGap !== undefined && sendingGap < thresholds.shortestGap && (campaigns?.active ?? 0) > 1,
  isNear: ({ sendingGap }, { campaigns, thresholds }) =>
    sendingGap === thresholds.shortestGap && (campaigns?.active ?? 0) > 1,
  evidence: ({ sendingGap }, { campaigns }) =>
    t('{0} minutes between emails, in {1} active campaigns', sendingGap ?? 0, campaigns?.active ?? 0),
};
