import { t } from '@vscode/l10n';
import type { CampaignRule } from '../rule.ts';
import { problemOf, problemWords } from '../problem.ts';

/** Status -2 on Instantly; a pause whose reason names bounces on Smartlead. */
export const bounceProtection: CampaignRule<'bounce-protection'> = {
  id: 'bounce-protection',
  about: 'campaign',
  severity: 'critical',
  cost: 'lost',
  stops: true,
  title: () => t('Bounce protection'),
  meaning: () => t('The service paused the campaign because too many of its emails bounced.'),
  nextStep: () => t('Verify its leads, remove those that bounce, then resume it.'),
  source: 'Instantly FACTS 2.3 (status -2); Smartlead FACTS 3.1 (campaign_activity_logs)',
  explains: ['paused-by-service', 'not-sending'],
  reads: ['statusWords', 'reason', 'problems'],
  fires: (campaign) => problemOf(campaign, 'bounce-protection') !== undefined,
  evidence: (campaign) => problemWords(campaign, 'bounce-protection'),
};
