import { t } from '@vscode/l10n';
import type { AccountRule } from '../rule.ts';
import { problemOf, problemWords } from '../problem.ts';

/** `setup_pending` on Instantly. */
export const setupPending: AccountRule<'setup-pending'> = {
  id: 'setup-pending',
  about: 'account',
  severity: 'info',
  cost: 'lost',
  title: () => t('Setup pending'),
  meaning: () => t('The mailbox is not set up yet and sends nothing.'),
  nextStep: () => t('Finish the setup in the web app of the service.'),
  source: 'Instantly FACTS 2.1 (setup_pending)',
  explains: ['idle', 'warmup-off', 'warmup-score-low'],
  reads: ['statusWords', 'reason', 'problems'],
  fires: (account) => problemOf(account, 'setup-pending') !== undefined,
  evidence: (account) => problemWords(account, 'setup-pending'),
};
