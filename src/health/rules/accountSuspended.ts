import { t } from '@vscode/l10n';
import type { CampaignRule } from '../rule.ts';
import { problemOf, problemWords } from '../problem.ts';

/** Status -99 on Instantly. */
export const accountSuspended: CampaignRule<'account-suspended'> = {
  id: 'account-suspended',
  about: 'campaign',
  severity: 'critical',
  cost: 'lost',
  stops: true,
  title: () => t('Account suspended'),
  meaning: () => t('The service suspended the workspace or its account, so the campaign sends nothing.'),
  nextStep: () => t('Contact the support of the service.'),
  source: 'Instantly FACTS 2.3 (status -99)',
  explains: ['not-sending', 'no-healthy-senders', 'senders-unhealthy', 'limit-beyond-senders'],
  reads: ['statusWords', 'reason', 'problems'],
  fires: (campaign) => problemOf(campaign, 'account-suspended') !== undefined,
  evidence: (campaign) => problemWords(campaign, 'account-suspended'),
};
