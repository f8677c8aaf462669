import { t } from '@vscode/l10n';
import type { CampaignRule } from '../rule.ts';
import { problemOf, problemWords } from '../problem.ts';

/** A pause with a reason in the activity log on Smartlead. */
export const pausedByService: CampaignRule<'paused-by-service'> = {
  id: 'paused-by-service',
  about: 'campaign',
  severity: 'warning',
  cost: 'lost',
  stops: true,
  title: () => t('Paused by service'),
  meaning: () => t('The service paused the campaign, not a person.'),
  nextStep: () => t('Read the reason, fix the cause, then resume it.'),
  source: 'Smartlead FACTS 3.1, 7 (paused_reason)',
  reads: ['statusWords', 'reason', 'problems'],
  fires: (campaign) => problemOf(campaign, 'paused-by-service') !== undefined,
  evidence: (campaign) => problemWords(campaign, 'paused-by-service'),
};
