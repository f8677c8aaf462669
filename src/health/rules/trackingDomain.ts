import { t } from '@vscode/l10n';
import type { AccountRule } from '../rule.ts';
import { problemOf, problemWords } from '../problem.ts';

/** The tracking domain failed or expired, on Instantly. */
export const trackingDomain: AccountRule<'tracking-domain'> = {
  id: 'tracking-domain',
  about: 'account',
  severity: 'warning',
  cost: 'risk',
  title: () => t('Tracking broken'),
  meaning: () => t('The domain that counts its opens and clicks does not work, which sends emails to spam.'),
  nextStep: () => t('Check the CNAME record of the tracking domain, or remove the domain from the mailbox.'),
  source: 'Instantly FACTS 2.1 (tracking_domain_status)',
  reads: ['statusWords', 'reason', 'problems'],
  fires: (account) => problemOf(account, 'tracking-domain') !== undefined,
  evidence: (account) => problemWords(account, 'tracking-domain'),
};
