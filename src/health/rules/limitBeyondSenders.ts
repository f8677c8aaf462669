import { t } from '@vscode/l10n';
import type { CampaignRule } from '../rule.ts';
import type { Campaign } from '../../providers/model.ts';
import { isActive } from '../active.ts';
import { formatNumber } from '../words.ts';

/** An active campaign wants more emails a day than its senders may send together. */
export const limitBeyondSenders: CampaignRule<'limit-beyond-senders'> = {
  id: 'limit-beyond-senders',
  about: 'campaign',
  severity: 'warning',
  cost: 'lost',
  title: () => t('Limit out of reach'),
  meaning: () => t('Its daily limit is more than its senders can send, even if they sent for this campaign only.'),
  nextStep: () => t('Add senders, or lower its limit to what they can send.'),
  source: 'Instantly FACTS 2.3 (daily_limit); own model of capacity',
  reads: ['dailyLimit', 'state'],
  readsFacts: ['sendersCanSendPerDay'],
  fires: (campaign, { capacity }) =>
    isActive(campaign) && campaign.dailyLimit !== undefined && shortfall(campaign, capacity()) > 0,
  evidence: ({ dailyLimit }, { capacity }) =>
    t('at most {0} of {1} a day', formatNumber(capacity() ?? 0), formatNumber(dailyLimit ?? 0)),
};

function shortfall({ dailyLimit }: Campaign, capacity: number | undefined): number {
  return dailyLimit === undefined || capacity === undefined ? 0 : dailyLimit - capacity;
}
