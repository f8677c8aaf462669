import { t } from '@vscode/l10n';
import type { AccountRule } from '../rule.ts';
import { problemOf, problemWords } from '../problem.ts';

/** Warmup status -1 on Instantly. */
export const warmupBanned: AccountRule<'warmup-banned'> = {
  id: 'warmup-banned',
  about: 'account',
  severity: 'critical',
  cost: 'risk',
  title: () => t('Warmup banned'),
  meaning: () => t('The service excluded the mailbox from warmup, so more and more of its emails land in spam.'),
  nextStep: () => t('Check the domain, lower the daily limit, and ask the service to lift the ban.'),
  source: 'Instantly FACTS 2.1 (warmup_status -1)',
  explains: ['warmup-off', 'warmup-score-low', 'warmup-score-drop', 'idle'],
  reads: ['statusWords', 'reason', 'problems'],
  fires: (account) => problemOf(account, 'warmup-banned') !== undefined,
  evidence: (account) => problemWords(account, 'warmup-banned'),
};
