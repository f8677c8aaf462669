import { t } from '@vscode/l10n';
import type { CampaignRule } from '../rule.ts';
import { isActive } from '../active.ts';

/** An active campaign whose end date is in the past. */
export const ended: CampaignRule<'ended'> = {
  id: 'ended',
  about: 'campaign',
  severity: 'warning',
  cost: 'lost',
  stops: true,
  title: () => t('End date passed'),
  meaning: () => t('It is active, but its end date has passed, so it sends nothing.'),
  nextStep: () => t('Extend its schedule, or mark it as completed.'),
  source: 'Instantly FACTS 2.3 (campaign_schedule.end_date)',
  reads: ['schedule', 'state'],
  readsFacts: ['today'],
  fires: (campaign, { today }) => isActive(campaign) && dayOf(campaign.schedule?.endsOn) < today,
  isNear: (campaign, { today }) => isActive(campaign) && dayOf(campaign.schedule?.endsOn) === today,
  nearEvidence: ({ schedule }) => t('ends on {0}', schedule?.endsOn ?? ''),
  evidence: ({ schedule }) => t('ended on {0}', schedule?.endsOn ?? ''),
};

/** A time says its day first. What is no date sorts after all days, and so is never past. */
function dayOf(date: string | undefined): string {
  return /^\d{4}-\d\d-\d\d/.exec(date ?? '')?.[0] ?? '9999-12-31';
}
