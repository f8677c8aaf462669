import { t } from '@vscode/l10n';
import type { AccountRule } from '../rule.ts';
import { problemOf, problemWords } from '../problem.ts';

/** Blocked by reason, or by the flag that only the answer about one account has, on Smartlead. Never judged by reputation. */
export const warmupBlocked: AccountRule<'warmup-blocked'> = {
  id: 'warmup-blocked',
  about: 'account',
  severity: 'warning',
  cost: 'risk',
  title: () => t('Warmup blocked'),
  meaning: () =>
    t('The service stopped the warmup of the mailbox. Its reputation may still show 100, which means nothing here.'),
  nextStep: () => t('Read the reason, fix the cause, then turn warmup back on.'),
  source: 'Smartlead FACTS 3.8, 3.9, 6 (reputation stays 100 while blocked)',
  explains: ['warmup-off', 'warmup-score-low', 'warmup-score-drop'],
  reads: ['statusWords', 'reason', 'problems'],
  fires: (account) => problemOf(account, 'warmup-blocked') !== undefined,
  evidence: (account) => problemWords(account, 'warmup-blocked'),
};
