import { t } from '@vscode/l10n';
import type { AccountRule } from '../rule.ts';
import { problemOf, problemWords } from '../problem.ts';

/** `autofix_failed` is true on Instantly; null means that it is being tried. */
export const reconnectFailed: AccountRule<'reconnect-failed'> = {
  id: 'reconnect-failed',
  about: 'account',
  severity: 'critical',
  cost: 'lost',
  title: () => t('Reconnect failed'),
  meaning: () => t('The service tried to reconnect the mailbox and failed.'),
  nextStep: () => t('Reconnect the mailbox in the web app of the service.'),
  source: 'Instantly FACTS 2.1 (autofix_failed)',
  explains: ['idle'],
  reads: ['statusWords', 'reason', 'problems'],
  fires: (account) => problemOf(account, 'reconnect-failed') !== undefined,
  evidence: (account) => problemWords(account, 'reconnect-failed'),
};
