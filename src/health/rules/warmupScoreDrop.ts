import { t } from '@vscode/l10n';
import type { AccountRule } from '../rule.ts';
import { ago } from '../words.ts';

/** The warmup score fell within the last days, by our own records. */
export const warmupScoreDrop: AccountRule<'warmup-score-drop'> = {
  id: 'warmup-score-drop',
  about: 'account',
  severity: 'warning',
  cost: 'risk',
  title: () => t('Warmup falling'),
  meaning: () => t("Its warmup score fell quickly. The services keep no history; this is from Sendmap's own records."),
  nextStep: () => t('Lower its daily limit now, and check what its campaigns have sent since.'),
  source: 'Smartlead FACTS 7 (a drop needs own history)',
  reads: ['warmupScore'],
  readsFacts: ['earlierScore', 'earlierScoreAt', 'scoreDropThreshold'],
  fires: ({ warmupScore }, { before, thresholds }) =>
    warmupScore !== undefined && before?.score !== undefined && before.score - warmupScore >= thresholds.scoreDrop,
  isNear: ({ warmupScore }, { before, thresholds }) =>
    warmupScore !== undefined &&
    before?.score !== undefined &&
    before.score - warmupScore < thresholds.scoreDrop &&
    before.score - warmupScore >= thresholds.scoreDrop / 2,
  evidence: ({ warmupScore }, { before }) =>
    t('score {0}, was {1} ({2})', warmupScore ?? 0, before?.score ?? 0, ago(before?.scoreAt)),
};
