import { t } from '@vscode/l10n';
import type { AccountRule } from '../rule.ts';
import { problemOf, problemWords } from '../problem.ts';

/** `is_suspended` on Smartlead, which only the answer about one account has. */
export const suspended: AccountRule<'suspended'> = {
  id: 'suspended',
  about: 'account',
  severity: 'critical',
  cost: 'lost',
  title: () => t('Suspended'),
  meaning: () => t('The mailbox is suspended and sends nothing until it is unsuspended.'),
  nextStep: () => t('Unsuspend the mailbox in the web app of the service, or remove it from its campaigns.'),
  source: 'Smartlead FACTS 3.9 (is_suspended)',
  explains: ['idle', 'warmup-off', 'at-daily-limit'],
  reads: ['statusWords', 'reason', 'problems'],
  fires: (account) => problemOf(account, 'suspended') !== undefined,
  evidence: (account) => problemWords(account, 'suspended'),
};
