import { t } from '@vscode/l10n';
import type { CampaignRule } from '../rule.ts';
import { isActive } from '../active.ts';
import { troubleWords } from '../words.ts';

/** An active campaign with senders, none of which is healthy. */
export const noHealthySenders: CampaignRule<'no-healthy-senders'> = {
  id: 'no-healthy-senders',
  about: 'campaign',
  severity: 'critical',
  cost: 'lost',
  stops: true,
  title: () => t('No healthy sender'),
  meaning: () => t('It is active, but none of its senders is healthy.'),
  nextStep: () => t('Reconnect or replace its senders.'),
  source: 'Smartlead FACTS 7 (help center 397)',
  explains: ['senders-unhealthy', 'limit-beyond-senders'],
  reads: ['state'],
  readsFacts: ['senders', 'healthySenders', 'sendersNotHealthy'],
  fires: (campaign, { senders }) =>
    isActive(campaign) && senders !== undefined && senders.senders > 0 && senders.healthy === 0,
  evidence: (_, { senders, troubles }) =>
    t('none of {0} senders healthy: {1}', senders?.senders ?? 0, troubleWords(troubles())),
};
