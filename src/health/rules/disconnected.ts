import { t } from '@vscode/l10n';
import type { AccountRule } from '../rule.ts';
import { problemOf, problemWords } from '../problem.ts';

/** The mail server refuses the mailbox: status -1 on Instantly; SMTP or IMAP failing on Smartlead, where half a connection is none. */
export const disconnected: AccountRule<'disconnected'> = {
  id: 'disconnected',
  about: 'account',
  severity: 'critical',
  cost: 'lost',
  title: () => t('Disconnected'),
  meaning: () => t('The mail server refuses the mailbox. It sends nothing, and the leads assigned to it wait.'),
  nextStep: () =>
    t(
      'Reconnect the mailbox in the web app of the service. If many mailboxes of a domain fail together, check the domain first.',
    ),
  source: 'Instantly FACTS 2.1 (status -1); Smartlead FACTS 3.8, 7 (help center 397)',
  explains: [
    'sending-error',
    'soft-bounce',
    'reconnect-failed',
    'setup-pending',
    'warmup-off',
    'warmup-score-low',
    'warmup-score-drop',
    'at-daily-limit',
    'limit-unlimited',
    'limit-high',
    'idle',
    'overused',
    'sending-gap-short',
  ],
  reads: ['statusWords', 'reason', 'problems'],
  fires: (account) => problemOf(account, 'disconnected') !== undefined,
  evidence: (account) => problemWords(account, 'disconnected'),
};
