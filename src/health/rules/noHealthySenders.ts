import { t } from '@vscode/l10n';
import type { CampaignRule } from '../rule.ts';
import { isActive } from '../active.ts';

/** An active campaign with senders, none of which is healthy. */
export const noHealthySenders: CampaignRule<'no-healthy-senders'> = {
  id: 'no-healthy-senders',
  about: 'campaign',
  severity: 'critical',
  cost: 'lost',
  stops: true,
  title: () => t('No healthy sender'),
  meaning: () => t('It is active and none of its senders is healthy.'),
  nextStep: () => t('Repair or replace its senders.'),
  source: 'Smartlead FACTS 7 (help center 397)',
  explains: ['senders-unhealthy', 'limit-beyond-senders'],
  reads: ['state'],
  fires: (campaign, { senders }) =>
    isActive(campaign) && senders !== undefined && senders.senders > 0 && senders.healthy === 0,
  evidence: (_, { senders }) => t('0 of {0} senders healthy', senders?.senders ?? 0),
};
