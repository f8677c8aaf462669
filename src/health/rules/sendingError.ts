import { t } from '@vscode/l10n';
import type { AccountRule } from '../rule.ts';
import { problemOf, problemWords } from '../problem.ts';

/** Status -3 on Instantly, which only says that the last email was rejected. */
export const sendingError: AccountRule<'sending-error'> = {
  id: 'sending-error',
  about: 'account',
  severity: 'warning',
  cost: 'risk',
  title: () => t('Sending errors'),
  meaning: () => t('The last email was rejected. That alone does not mean that the mailbox is broken.'),
  nextStep: () =>
    t(
      "Read the answer of the mail server: a daily limit passes, a refused recipient is the recipient's problem, any other permanent error needs a fix.",
    ),
  source: 'Instantly FACTS 2.1 (status -3, second trap)',
  reads: ['statusWords', 'reason', 'problems'],
  fires: (account) => problemOf(account, 'sending-error') !== undefined,
  evidence: (account) => problemWords(account, 'sending-error'),
};
