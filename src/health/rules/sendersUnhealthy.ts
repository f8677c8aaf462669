import { t } from '@vscode/l10n';
import type { CampaignRule } from '../rule.ts';
import type { SenderCounts } from '../../map/store.ts';
import { isActive } from '../active.ts';

/** At least the share of the threshold of an active campaign's senders is not healthy. */
export const sendersUnhealthy: CampaignRule<'senders-unhealthy'> = {
  id: 'senders-unhealthy',
  about: 'campaign',
  severity: 'warning',
  cost: 'risk',
  title: () => t('Unhealthy senders'),
  meaning: () => t('A large share of its senders is not healthy; the others carry its emails.'),
  nextStep: () => t('Repair or replace them.'),
  source: 'Smartlead FACTS 7',
  reads: ['state'],
  fires: (campaign, { senders, thresholds }) =>
    isActive(campaign) &&
    senders !== undefined &&
    senders.healthy > 0 &&
    unhealthyShare(senders) >= thresholds.unhealthyShare,
  isNear: (campaign, { senders, thresholds }) =>
    isActive(campaign) &&
    senders !== undefined &&
    senders.healthy > 0 &&
    unhealthyShare(senders) < thresholds.unhealthyShare &&
    unhealthyShare(senders) >= thresholds.unhealthyShare / 2,
  evidence: (_, { senders }) =>
    t('{0} of {1} senders not healthy', (senders?.senders ?? 0) - (senders?.healthy ?? 0), senders?.senders ?? 0),
};

/** In percent. */
function unhealthyShare({ senders, healthy }: SenderCounts): number {
  return ((senders - healthy) / senders) * 100;
}
