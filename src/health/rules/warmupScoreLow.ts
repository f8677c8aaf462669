import { t } from '@vscode/l10n';
import type { AccountRule } from '../rule.ts';

/** The warmup score is under the threshold. */
export const warmupScoreLow: AccountRule<'warmup-score-low'> = {
  id: 'warmup-score-low',
  about: 'account',
  severity: 'warning',
  cost: 'risk',
  title: () => t('Low warmup score'),
  meaning: () => t('Many of its warmup emails land in spam, and so will its campaign emails.'),
  nextStep: () => t('Lower its daily limit, and let warmup run until the score recovers.'),
  source: 'Smartlead FACTS 6, 7; Instantly FACTS 2.1 (stat_warmup_score)',
  reads: ['warmupScore'],
  readsFacts: ['lowScoreThreshold'],
  fires: ({ warmupScore }, { thresholds }) => warmupScore !== undefined && warmupScore < thresholds.lowScore,
  isNear: ({ warmupScore }, { thresholds }) =>
    warmupScore !== undefined && warmupScore >= thresholds.lowScore && warmupScore < thresholds.lowScore + 5,
  nearEvidence: ({ warmupScore }, { thresholds }) =>
    t('score {0}, the threshold is {1}', warmupScore ?? 0, thresholds.lowScore),
  evidence: ({ warmupScore }, { thresholds }) => t('score {0}, under {1}', warmupScore ?? 0, thresholds.lowScore),
};
