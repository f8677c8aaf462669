import { t } from '@vscode/l10n';
import type { CampaignRule } from '../rule.ts';
import { isActive } from '../active.ts';

/** An active campaign whose end date is in the past. */
export const ended: CampaignRule<'ended'> = {
  id: 'ended',
  about: 'campaign',
  severity: 'warning',
  cost: 'lost',
  title: () => t('End date passed'),
  meaning: () => t('Its last day is over: it is active and sends nothing.'),
  nextStep: () => t('Extend its schedule, or complete it.'),
  source: 'Instantly FACTS 2.3 (campaign_schedule.end_date)',
  reads: ['endDate', 'state'],
  fires: (campaign, { today }) =>
    isActive(campaign) && campaign.endDate !== undefined && dayOf(campaign.endDate) < today,
  isNear: (campaign, { today }) =>
    isActive(campaign) && campaign.endDate !== undefined && dayOf(campaign.endDate) === today,
  evidence: ({ endDate }) => t('ended on {0}', endDate ?? ''),
};

/** A time says its day first. What is no date sorts after all days, and so is never past. */
function dayOf(date: string): string {
  return /^\d{4}-\d\d-\d\d/.exec(date)?.[0] ?? '9999-12-31';
}
