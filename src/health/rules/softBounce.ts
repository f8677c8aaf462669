import { t } from '@vscode/l10n';
import type { AccountRule } from '../rule.ts';
import { problemOf, problemWords } from '../problem.ts';

/** Status -2 on Instantly. */
export const softBounce: AccountRule<'soft-bounce'> = {
  id: 'soft-bounce',
  about: 'account',
  severity: 'critical',
  cost: 'lost',
  title: () => t('Soft bounces'),
  meaning: () => t('The service stopped sending from the mailbox because its emails were rejected for the time being.'),
  nextStep: () =>
    t(
      'Read the answer of the mail server: a temporary error passes, a permanent one needs a fix to the mailbox or its domain.',
    ),
  source: 'Instantly FACTS 2.1 (status -2)',
  explains: ['sending-error', 'idle', 'warmup-score-low', 'warmup-score-drop'],
  reads: ['statusWords', 'reason', 'problems'],
  fires: (account) => problemOf(account, 'soft-bounce') !== undefined,
  evidence: (account) => problemWords(account, 'soft-bounce'),
};
