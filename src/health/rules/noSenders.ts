import { t } from '@vscode/l10n';
import type { CampaignRule } from '../rule.ts';
import { isActive } from '../active.ts';

/** An active campaign whose senders are known, and there are none. */
export const noSenders: CampaignRule<'no-senders'> = {
  id: 'no-senders',
  about: 'campaign',
  severity: 'critical',
  cost: 'lost',
  stops: true,
  title: () => t('No senders'),
  meaning: () => t('It is active, but no account sends for it.'),
  nextStep: () => t('Add senders, or pause it.'),
  source: 'Instantly FACTS 2.3 (an empty email_list activates)',
  explains: ['limit-beyond-senders', 'tag-empty'],
  reads: ['state'],
  readsFacts: ['senders'],
  fires: (campaign, { senders }) => isActive(campaign) && senders?.senders === 0,
  evidence: () => t('no senders'),
};
