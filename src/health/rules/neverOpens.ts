import { t } from '@vscode/l10n';
import { isActive } from '../active.ts';
import type { CampaignRule } from '../rule.ts';

/** An active campaign with a schedule that has no day. Equal hours may mean the whole day, so they only come near. */
export const neverOpens: CampaignRule<'never-opens'> = {
  id: 'never-opens',
  about: 'campaign',
  severity: 'critical',
  cost: 'lost',
  stops: true,
  title: () => t('Never opens'),
  meaning: () => t('It is active, but its schedule never lets it send.'),
  nextStep: () => t('Correct the days and hours of its schedule.'),
  source: 'Instantly FACTS 2.3; Smartlead FACTS 3.1 (days that are missing are off)',
  reads: ['schedule', 'state'],
  fires: (campaign) => isActive(campaign) && campaign.schedule?.days.length === 0,
  isNear: (campaign) =>
    isActive(campaign) && campaign.schedule !== undefined && campaign.schedule.from >= campaign.schedule.to,
  evidence: ({ schedule }) =>
    schedule?.days.length === 0 ? t('no sending days') : t('from {0} to {1}', schedule?.from ?? '', schedule?.to ?? ''),
};
