import { t } from '@vscode/l10n';
import type { AccountRule } from '../rule.ts';

/** A mailbox at Google or Microsoft may send more a day than is advised. */
export const limitHigh: AccountRule<'limit-high'> = {
  id: 'limit-high',
  about: 'account',
  severity: 'info',
  cost: 'risk',
  title: () => t('High daily limit'),
  meaning: () => t('Google and Microsoft notice mailboxes that send more than a person would.'),
  nextStep: () => t('Lower its daily limit, and add mailboxes where campaigns need more.'),
  source: 'Smartlead FACTS 7 (50 for Gmail and Outlook)',
  reads: ['dailyLimit', 'host'],
  readsFacts: ['advisedLimitThreshold'],
  fires: ({ dailyLimit, host }, { thresholds }) =>
    host !== undefined && dailyLimit !== undefined && dailyLimit > thresholds.advisedLimit,
  isNear: ({ dailyLimit, host }, { thresholds }) => host !== undefined && dailyLimit === thresholds.advisedLimit,
  evidence: ({ dailyLimit }, { thresholds }) =>
    t('{0} a day, {1} recommended', dailyLimit ?? 0, thresholds.advisedLimit),
};
