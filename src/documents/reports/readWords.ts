import { t } from '@vscode/l10n';
import type { Rows } from '../../providers/properties.ts';

const emails = () => t('emails a day');
const percent = () => t('percent');

/** What rules look at, by the names that explanations give it. A test compares them with the rules. */
export const READ: Rows = {
  // Of the record.
  daily_limit: { words: () => t('Its daily limit'), unit: emails },
  host: { words: () => t('Who runs the mailbox, where that is Google or Microsoft') },
  problems: { words: () => t('What is the matter with it, as the service says it, worst first') },
  reason: { words: () => t("Why, in the service's words") },
  schedule: { words: () => t('When the campaign may send') },
  sender_tag_ids: { words: () => t('Tags through which the campaign selects senders'), names: 'tag' },
  sending_gap: { words: () => t('The least time between two of its emails'), unit: () => t('minutes') },
  sent_today: { words: () => t('What it has sent today'), unit: () => t('emails') },
  state: { words: () => t('How it is, roughly: this decides its icon') },
  status_words: { words: () => t('The status, as the rows show it') },
  unlimited: { words: () => t('Whether it has no daily limit') },
  warmup: { words: () => t('Whether its warmup runs') },
  warmup_score: { words: () => t('Its warmup score, 100 at most') },
  warmup_words: { words: () => t('Its warmup, as the hover of its row shows it') },
  // Besides the record.
  active_campaigns: { words: () => t('Campaigns that send and that it feeds'), unit: () => t('campaigns') },
  all_campaigns: { words: () => t('All campaigns that it feeds'), unit: () => t('campaigns') },
  earlier_score: { words: () => t('The highest warmup score of the last seven days, by our own records') },
  earlier_score_at: { words: () => t('When it had that score'), time: true },
  idle_since: { words: () => t('Since when our records have it in no active campaign, at least'), time: true },
  senders: { words: () => t('Accounts that send for the campaign'), unit: () => t('accounts') },
  healthy_senders: { words: () => t('Those that are healthy'), unit: () => t('accounts') },
  senders_not_healthy: { words: () => t('How many of the others have which status') },
  senders_can_send_per_day: { words: () => t('What those that can send may send together'), unit: emails },
  empty_tags: { words: () => t('Tags of its senders that no account carries') },
  bounced_percent: { words: () => t('Emails that bounced, where that was asked for'), unit: percent },
  today: { words: () => t('The day that dates are compared with, on this computer') },
  // Settings.
  low_score_threshold: { words: () => t('A score below this is a finding; a setting') },
  score_drop_threshold: {
    words: () => t('A score that fell by this is a finding; a setting'),
    unit: () => t('points'),
  },
  advised_limit_threshold: { words: () => t('A daily limit above this is a finding; a setting'), unit: emails },
  most_campaigns_threshold: {
    words: () => t('More active campaigns than this are a finding; a setting'),
    unit: () => t('campaigns'),
  },
  shortest_gap_threshold: { words: () => t('A gap below this is a finding; a setting'), unit: () => t('minutes') },
  unhealthy_share_threshold: {
    words: () => t('A share of senders that are not healthy from this on is a finding; a setting'),
    unit: percent,
  },
  bounce_rate_threshold: { words: () => t('A bounce rate above this is a finding; a setting'), unit: percent },
};
