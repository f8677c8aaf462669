import { t } from '@vscode/l10n';
import type { CampaignRule } from '../rule.ts';
import { problemOf, problemWords } from '../problem.ts';

/** Status -1 on Instantly. */
export const accountsUnhealthy: CampaignRule<'accounts-unhealthy'> = {
  id: 'accounts-unhealthy',
  about: 'campaign',
  severity: 'critical',
  cost: 'lost',
  stops: true,
  title: () => t('Accounts unhealthy'),
  meaning: () => t('The service stopped the campaign because its senders cannot send.'),
  nextStep: () => t('Reconnect or replace its senders, then resume it.'),
  source: 'Instantly FACTS 2.3 (status -1)',
  explains: ['not-sending', 'no-healthy-senders', 'senders-unhealthy', 'limit-beyond-senders'],
  reads: ['statusWords', 'reason', 'problems'],
  fires: (campaign) => problemOf(campaign, 'accounts-unhealthy') !== undefined,
  evidence: (campaign) => problemWords(campaign, 'accounts-unhealthy'),
};
