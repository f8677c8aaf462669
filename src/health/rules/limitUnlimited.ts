import { t } from '@vscode/l10n';
import type { AccountRule } from '../rule.ts';

/** A daily limit of 0 on Smartlead, which means unlimited. */
export const limitUnlimited: AccountRule<'limit-unlimited'> = {
  id: 'limit-unlimited',
  about: 'account',
  severity: 'warning',
  cost: 'risk',
  title: () => t('No daily limit'),
  meaning: () => t('A limit of 0 does not stop a mailbox: it means no limit at all.'),
  nextStep: () => t('Set a daily limit.'),
  source: 'Smartlead FACTS 3.9 (cap 0 kept sending)',
  reads: ['unlimited'],
  fires: ({ unlimited }) => unlimited === true,
  evidence: () => t('no daily limit'),
};
