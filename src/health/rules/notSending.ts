import { t } from '@vscode/l10n';
import type { CampaignRule } from '../rule.ts';
import { problemOf, problemWords } from '../problem.ts';

/** `not_sending_status` 99 on Instantly. */
export const notSending: CampaignRule<'not-sending'> = {
  id: 'not-sending',
  about: 'campaign',
  severity: 'critical',
  cost: 'lost',
  stops: true,
  title: () => t('Not sending: error'),
  meaning: () => t('The campaign is active, but the service reports an error that stops it.'),
  nextStep: () => t('Run "Why Is It Not Sending?" on it.'),
  source: 'Instantly FACTS 2.3 (not_sending_status 99)',
  reads: ['statusWords', 'reason', 'problems'],
  fires: (campaign) => problemOf(campaign, 'not-sending') !== undefined,
  evidence: (campaign) => problemWords(campaign, 'not-sending'),
};
