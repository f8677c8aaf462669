import { t } from '@vscode/l10n';
import type { AccountRule } from '../rule.ts';
import { problemOf, problemWords } from '../problem.ts';

/** Warmup status -2 on Instantly. */
export const warmupSpamUnknown: AccountRule<'warmup-spam-unknown'> = {
  id: 'warmup-spam-unknown',
  about: 'account',
  severity: 'warning',
  cost: 'risk',
  title: () => t('Spam folder unknown'),
  meaning: () => t('Warmup cannot rescue its emails from spam because it does not know which folder that is.'),
  nextStep: () => t('Set the spam folder in the settings of the mailbox.'),
  source: 'Instantly FACTS 2.1 (warmup_status -2)',
  explains: ['warmup-off'],
  reads: ['statusWords', 'reason', 'problems'],
  fires: (account) => problemOf(account, 'warmup-spam-unknown') !== undefined,
  evidence: (account) => problemWords(account, 'warmup-spam-unknown'),
};
