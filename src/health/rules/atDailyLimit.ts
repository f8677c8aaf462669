import { t } from '@vscode/l10n';
import type { AccountRule } from '../rule.ts';
import { isAtDailyLimit } from '../sending.ts';

/** As many emails are sent today as the daily limit allows. */
export const atDailyLimit: AccountRule<'at-daily-limit'> = {
  id: 'at-daily-limit',
  about: 'account',
  severity: 'info',
  cost: 'none',
  title: () => t('At daily limit'),
  meaning: () => t('It has sent its limit for today and continues tomorrow.'),
  nextStep: () => t('Nothing to do. If its campaigns need more, add senders instead of raising the limit.'),
  source: 'Smartlead FACTS 7 (daily_sent_count, message_per_day)',
  reads: ['sentToday', 'dailyLimit'],
  fires: (account) => isAtDailyLimit(account),
  isNear: ({ sentToday, dailyLimit }) =>
    sentToday !== undefined && dailyLimit !== undefined && sentToday < dailyLimit && sentToday >= dailyLimit * 0.9,
  evidence: ({ sentToday, dailyLimit }) => t('{0} of {1} sent today', sentToday ?? 0, dailyLimit ?? 0),
};
