import { t } from '@vscode/l10n';
import type { CampaignRule } from '../rule.ts';
import { formatNumber } from '../words.ts';

/** More of a campaign's emails bounced than the threshold, as its analytics say: asked on demand, for one campaign. */
export const bounceRate: CampaignRule<'bounce-rate'> = {
  id: 'bounce-rate',
  about: 'campaign',
  severity: 'warning',
  cost: 'risk',
  title: () => t('High bounce rate'),
  meaning: () => t('Too many of its emails bounce, which hurts the reputation of all its senders.'),
  nextStep: () => t('Verify its leads before it sends more.'),
  source: 'Smartlead FACTS 7 (red above 3 %); Instantly FACTS 2.3 (analytics)',
  reads: ['state'],
  readsFacts: ['bouncedPercent', 'bounceRateThreshold'],
  fires: (_, { bounceRate, thresholds }) => bounceRate !== undefined && bounceRate > thresholds.bounceRate,
  isNear: (_, { bounceRate, thresholds }) =>
    bounceRate !== undefined && bounceRate <= thresholds.bounceRate && bounceRate > thresholds.bounceRate * 0.66,
  evidence: (_, { bounceRate }) => t('{0}% bounced', formatNumber(bounceRate ?? 0)),
};
