import { t } from '@vscode/l10n';
import type { CampaignRule } from '../rule.ts';
import type { SenderCounts } from '../../map/store.ts';
import { isActive } from '../active.ts';
import { troubleWords } from '../words.ts';

/** At least the share of the threshold of an active campaign's senders is not healthy. */
export const sendersUnhealthy: CampaignRule<'senders-unhealthy'> = {
  id: 'senders-unhealthy',
  about: 'campaign',
  severity: 'warning',
  cost: 'risk',
  title: () => t('Unhealthy senders'),
  meaning: () => t('Many of its senders are unhealthy, and the others carry its emails.'),
  nextStep: () => t('Reconnect or replace them.'),
  source: 'Smartlead FACTS 7',
  reads: ['state'],
  readsFacts: ['senders', 'healthySenders', 'sendersNotHealthy', 'unhealthyShareThreshold'],
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
  evidence: (_, { senders, troubles }) =>
    t(
      '{0} of {1} senders: {2}',
      (senders?.senders ?? 0) - (senders?.healthy ?? 0),
      senders?.senders ?? 0,
      troubleWords(troubles()),
    ),
};

/** In percent. */
function unhealthyShare({ senders, healthy }: SenderCounts): number {
  return ((senders - healthy) / senders) * 100;
}
