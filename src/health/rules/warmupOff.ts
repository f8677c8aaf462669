import { t } from '@vscode/l10n';
import type { AccountRule } from '../rule.ts';

/** Warmup is off, or was never set up, while the account sends for an active campaign. */
export const warmupOff: AccountRule<'warmup-off'> = {
  id: 'warmup-off',
  about: 'account',
  severity: 'warning',
  cost: 'risk',
  title: () => t('Warmup off'),
  meaning: () => t('It sends for active campaigns without warmup, so its reputation can only fall.'),
  nextStep: () => t('Turn warmup on, or remove the mailbox from its campaigns until it is warmed up.'),
  source: 'Smartlead FACTS 7; Instantly FACTS 2.1',
  explains: ['warmup-score-low', 'warmup-score-drop'],
  reads: ['warmup', 'warmupWords'],
  readsFacts: ['activeCampaigns'],
  fires: ({ warmup }, { campaigns }) => (warmup === 'off' || warmup === 'never') && (campaigns?.active ?? 0) > 0,
  evidence: ({ warmup }) => (warmup === 'never' ? t('warmup was never set up') : t('warmup is off')),
};
