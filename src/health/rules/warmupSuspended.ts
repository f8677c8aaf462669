import { t } from '@vscode/l10n';
import type { AccountRule } from '../rule.ts';
import { problemOf, problemWords } from '../problem.ts';

/** Warmup status -3 on Instantly. */
export const warmupSuspended: AccountRule<'warmup-suspended'> = {
  id: 'warmup-suspended',
  about: 'account',
  severity: 'critical',
  cost: 'risk',
  title: () => t('Warmup suspended'),
  meaning: () => t('The service no longer warms up the mailbox.'),
  nextStep: () => t('Replace the mailbox.'),
  source: 'Instantly FACTS 2.1 (warmup_status -3)',
  explains: ['warmup-off', 'warmup-score-low', 'warmup-score-drop', 'idle'],
  reads: ['statusWords', 'reason', 'problems'],
  fires: (account) => problemOf(account, 'warmup-suspended') !== undefined,
  evidence: (account) => problemWords(account, 'warmup-suspended'),
};
