import { t } from '@vscode/l10n';
import { yesOrNo } from '../codes.ts';
import { propertiesOf, type Properties, type Rows } from '../properties.ts';
import type { DocumentKind } from '../provider.ts';
import { campaignStatus, dailyCap, knownFrom, providerType, stopLead, tracking, warmupStatus } from './codes.ts';

const days = () => t('days');
const emails = () => t('emails');
const emailsADay = () => t('emails a day');
const leadsADay = () => t('leads a day');
const minutes = () => t('minutes');
const percent = () => t('percent');

/** A tag in either of its two shapes (Smartlead FACTS 3.11). */
const tag: Rows = {
  'tags.*.tag_id': { words: () => t('ID of the tag; other answers say id'), names: 'tag' },
  'tags.*.tag_name': { words: () => t('Name of the tag; other answers say name') },
  'tags.*.tag_color': { words: () => t('Color of the tag; other answers say color') },
  'tags.*.id': { words: () => t('ID of the tag; other answers say tag_id'), names: 'tag' },
  'tags.*.name': { words: () => t('Name of the tag; other answers say tag_name') },
  'tags.*.color': { words: () => t('Color of the tag; other answers say tag_color') },
};

/** Smartlead FACTS 3.1 and 3.2. */
const campaign: Rows = {
  id: {
    words: () => t('ID of the campaign'),
    names: 'campaign',
    trap: () => t('A campaign that does not exist is answered with an empty object, not with an error'),
  },
  user_id: { words: () => t('ID of the user whose campaign it is') },
  created_at: { words: () => t('When the campaign was created'), time: true },
  updated_at: { words: () => t('When the campaign was last changed'), time: true },
  status: {
    words: () => t('Whether the campaign runs'),
    codes: campaignStatus,
    trap: () => t('It is written as START, but read as ACTIVE'),
  },
  name: {
    words: () => t('What the campaign is called'),
    trap: () => t('It may be empty, and many campaigns may have the same'),
  },
  track_settings: {
    words: () => t('What is not tracked; an empty list tracks everything'),
    codes: tracking,
    trap: () => t('These words are only read; those that are written begin with DONT_TRACK_'),
  },
  scheduler_cron_value: {
    words: () => t('Days and hours of sending; null where none are set'),
    trap: () => t('Some answers have it as JSON in a text'),
  },
  'scheduler_cron_value.tz': { words: () => t('Time zone of the schedule') },
  'scheduler_cron_value.days': {
    words: () => t('Days of sending, in any order'),
    weekdays: true,
    trap: () => t('0 is Sunday and 6 is Saturday, even where clients say 1 to 7'),
  },
  'scheduler_cron_value.startHour': { words: () => t('Time of day when sending starts, on a 24-hour clock') },
  'scheduler_cron_value.endHour': { words: () => t('Time of day when sending ends, on a 24-hour clock') },
  min_time_btwn_emails: {
    words: () => t('Shortest wait between two emails of the campaign'),
    unit: minutes,
    trap: () => t('It is written as min_time_btw_emails'),
  },
  max_leads_per_day: {
    words: () => t('Maximum number of leads that get their first email'),
    unit: leadsADay,
    trap: () => t('It is written as max_new_leads_per_day'),
  },
  stop_lead_settings: {
    words: () => t('When a lead gets no more emails'),
    codes: stopLead,
    trap: () => t('Pages of Smartlead disagree on the words'),
  },
  schedule_start_time: { words: () => t('When the campaign is to start'), time: true },
  enable_ai_esp_matching: {
    words: () => t('Whether AI ESP matching is on'),
    codes: yesOrNo(
      () => t('AI ESP matching is on'),
      () => t('AI ESP matching is off'),
    ),
  },
  send_as_plain_text: {
    words: () => t('Form of the emails'),
    codes: yesOrNo(
      () => t('Emails go out as plain text'),
      () => t('Emails may have HTML'),
    ),
  },
  follow_up_percentage: { words: () => t('Percentage of follow-ups'), unit: percent },
  unsubscribe_text: {
    words: () => t('Unsubscribe text'),
    trap: () => t('null and an empty text both mean that there is none'),
  },
  parent_campaign_id: {
    words: () => t('Campaign that this is a subsequence of; null where it is none'),
    names: 'campaign',
    trap: () => t('The parent may have another status, so a filter by status can leave it out'),
  },
  client_id: {
    words: () => t('Client that the campaign is for; null where it is for the workspace itself'),
  },
  campaign_activity_logs: {
    words: () => t('What happened to the campaign'),
    trap: () =>
      t(
        'Undocumented, and in lists only: an empty object on a draft, else a list whose paused_reason may name bounce protection',
      ),
  },
  tags: { words: () => t('Tags of the campaign'), trap: () => t('Present only where tags were asked for') },
  ...tag,
};

/** Smartlead FACTS 3.8 and 3.9. Not the passwords: they never reach a document. */
const account: Rows = {
  id: { words: () => t('ID of the sending account, which is its key'), names: 'account' },
  user_id: { words: () => t('ID of the user whose sending account it is') },
  created_at: { words: () => t('When the sending account was added'), time: true },
  updated_at: { words: () => t('When the sending account was last changed'), time: true },
  expires_at: {
    words: () => t('Expiry time; what expires is not documented'),
    time: true,
    trap: () => t('In lists only: one year after created_at on mailboxes that are connected by OAuth'),
  },
  from_name: { words: () => t('Name of the sender') },
  from_email: {
    words: () => t('Address of the sending account'),
    trap: () => t('Several accounts may have the same; only the id tells them apart'),
  },
  username: { words: () => t('User name at the mail server that sends') },
  smtp_host: {
    words: () => t('Mail server that sends'),
    trap: () => t('null on Google and Microsoft mailboxes that are connected by OAuth'),
  },
  smtp_port: { words: () => t('Port of the mail server that sends') },
  smtp_port_type: { words: () => t('Type of the port for sending: SSL, TLS or STARTTLS') },
  imap_username: { words: () => t('User name at the mail server that receives') },
  imap_host: { words: () => t('Mail server that receives') },
  imap_port: { words: () => t('Port of the mail server that receives') },
  imap_port_type: { words: () => t('Type of the port for receiving') },
  is_different_imap_account: {
    words: () => t('Whether receiving uses a different sign-in from sending'),
    codes: yesOrNo(
      () => t('A different sign-in'),
      () => t('The same sign-in'),
    ),
  },
  is_smtp_success: {
    words: () => t('Whether Smartlead can send through the mailbox'),
    codes: yesOrNo(
      () => t('It can send'),
      () => t('It cannot send'),
    ),
  },
  is_imap_success: {
    words: () => t('Whether Smartlead can read the mailbox'),
    codes: yesOrNo(
      () => t('It can read'),
      () => t('It cannot read'),
    ),
  },
  smtp_failure_error: {
    words: () => t('Why sending fails'),
    smtp: true,
    trap: () => t('It may be null or empty; whether sending works is in is_smtp_success'),
  },
  imap_failure_error: {
    words: () => t('Why reading fails'),
    smtp: true,
    trap: () => t('It may be null or empty; whether reading works is in is_imap_success'),
  },
  type: { words: () => t('Mailbox type'), codes: providerType },
  message_per_day: {
    words: () => t('Daily limit: maximum number of campaign emails from the sending account'),
    unit: emailsADay,
    codes: dailyCap,
    trap: () => t('0 means unlimited, not off. It is written as max_email_per_day'),
  },
  daily_sent_count: { words: () => t('Campaign emails sent today'), unit: emails },
  minTimeToWaitInMins: {
    words: () => t('Shortest wait between two emails of this sending account'),
    unit: minutes,
    trap: () => t('In lists only, and it is written as time_to_wait_in_mins'),
  },
  different_reply_to_address: { words: () => t('Where replies go, where that is not the sending account itself') },
  bcc_email: { words: () => t('BCC address of the emails') },
  signature: { words: () => t('Signature under its emails, in HTML') },
  custom_tracking_domain: { words: () => t('Custom tracking domain: a host or a URL, or empty') },
  client_id: {
    words: () => t('Client that the account sends for; null where it is for the workspace itself'),
  },
  is_suspended: {
    words: () => t('Whether the sending account is suspended'),
    codes: yesOrNo(
      () => t('Suspended'),
      () => t('Not suspended'),
    ),
  },
  use_whitelabel_credentials: {
    words: () => t('Whose credentials the connection uses'),
    codes: yesOrNo(
      () => t('Those of a white label'),
      () => t('Not those of a white label'),
    ),
  },
  campaign_ids: {
    words: () => t('Campaigns that the account sends for'),
    names: 'campaign',
    trap: () => t('Where it is absent, nothing is known: it does not mean that there are none'),
  },
  campaign_count: {
    words: () => t('Number of campaigns, as Smartlead says'),
    trap: () => t('Not usable: it says 0 on accounts that send for campaigns'),
  },
  is_connected_to_campaign: {
    words: () => t('Whether a campaign uses the account, as Smartlead says'),
    codes: yesOrNo(
      () => t('In a campaign, as Smartlead says'),
      () => t('In no campaign, as Smartlead says'),
    ),
    trap: () => t('Not usable: it says null on accounts that send for campaigns'),
  },
  tags: { words: () => t('Tags of the sending account'), trap: () => t('Not every answer has them') },
  ...tag,
  warmup_details: { words: () => t('Warmup of the sending account; null where it was never set up') },
  'warmup_details.id': { words: () => t('ID of the warmup, not of the account') },
  'warmup_details.status': {
    words: () => t('Whether warmup runs'),
    codes: warmupStatus,
    trap: () => t('A blocked account may still say ACTIVE'),
  },
  'warmup_details.created_at': {
    words: () => t('When warmup was set up; lists say warmup_created_at'),
    time: true,
  },
  'warmup_details.warmup_created_at': {
    words: () => t('When warmup was set up; a single account says created_at'),
    time: true,
  },
  'warmup_details.warmup_reputation': {
    words: () => t('Warmup score'),
    unit: percent,
    trap: () => t('A blocked account keeps 100. Lists have it as a text such as "100%", a single account as a number'),
  },
  'warmup_details.is_warmup_blocked': {
    words: () => t('Whether warmup is blocked'),
    codes: yesOrNo(
      () => t('Blocked'),
      () => t('Not blocked'),
    ),
    trap: () => t('Lists do not have it, which does not mean unblocked: look at blocked_reason there'),
  },
  'warmup_details.blocked_reason': {
    words: () => t('Why warmup is blocked'),
    trap: () => t('In lists nothing else shows that it is blocked'),
  },
  'warmup_details.warmup_key_id': {
    words: () => t('Key of the warmup, in two words'),
    trap: () => t('It is a text, though the documentation says that it is a number'),
  },
  'warmup_details.reply_rate': { words: () => t('How many of the warmup emails are to be answered'), unit: percent },
  'warmup_details.warmup_min_count': { words: () => t('Minimum number of warmup emails'), unit: emailsADay },
  'warmup_details.warmup_max_count': { words: () => t('Maximum number of warmup emails'), unit: emailsADay },
  'warmup_details.max_email_per_day': {
    words: () => t('Upper limit of the warmup emails'),
    unit: emailsADay,
    trap: () => t('Not the daily limit of the account, which is message_per_day here'),
  },
  'warmup_details.total_sent_count': {
    words: () => t('Warmup emails sent so far'),
    unit: emails,
    trap: () => t('It may stay 0 while the warmup statistics count some'),
  },
  'warmup_details.total_spam_count': { words: () => t('Warmup emails that landed in spam so far'), unit: emails },
};

/** What only documentation has of a row of a campaign's senders (Smartlead FACTS 3.7). */
const senderInDocumentation: Rows = {
  warmup_enabled: {
    words: () => t('Whether warmup runs'),
    codes: yesOrNo(
      () => t('On'),
      () => t('Off'),
    ),
    trap: () => t('Documented, but in no recorded answer'),
  },
  warmup_reputation: {
    words: () => t('Warmup score'),
    trap: () => t('Documented once as a number and once as a word, but in no recorded answer'),
  },
};

/** Smartlead FACTS 3.12. */
const sequence: Rows = {
  id: { words: () => t('ID of the step') },
  created_at: { words: () => t('When the step was created'), time: true },
  updated_at: { words: () => t('When the step was last changed'), time: true },
  email_campaign_id: { words: () => t('Campaign that the step belongs to'), names: 'campaign' },
  seq_number: { words: () => t('Position of the step, from 1') },
  subject: {
    words: () => t('Subject of the email'),
    trap: () => t('Empty is normal on a follow-up: it stays in the thread of the email before'),
  },
  email_body: { words: () => t('Body of the email, in HTML') },
  seq_delay_details: { words: () => t('Delay of the step') },
  'seq_delay_details.delayInDays': {
    words: () => t('Length of the delay'),
    unit: days,
    trap: () => t('It is written as delay_in_days'),
  },
  'seq_delay_details.delay_in_days': {
    words: () => t('Length of the delay, under the name used for writing'),
    unit: days,
  },
  sequence_variants: { words: () => t('Versions of the email') },
  'sequence_variants.*.id': { words: () => t('ID of the version') },
  'sequence_variants.*.created_at': { words: () => t('When the version was created'), time: true },
  'sequence_variants.*.updated_at': { words: () => t('When the version was last changed'), time: true },
  'sequence_variants.*.is_deleted': {
    words: () => t('Whether this version was deleted'),
    codes: yesOrNo(
      () => t('Deleted'),
      () => t('Not deleted'),
    ),
  },
  'sequence_variants.*.subject': { words: () => t('Subject of this version') },
  'sequence_variants.*.email_body': { words: () => t('Body of this version, in HTML') },
  'sequence_variants.*.email_campaign_seq_id': { words: () => t('ID of the step that the version belongs to') },
  'sequence_variants.*.variant_label': { words: () => t('Letter of the version') },
  'sequence_variants.*.variant_distribution_percentage': {
    words: () => t('Share of this version in the distribution'),
    unit: percent,
  },
};

/** What Sendmap adds to the campaigns of an account (Smartlead FACTS 3.15). */
const campaignsOfAccount: Rows = {
  email_account_id: { words: () => t('ID of the sending account'), names: 'account' },
  known_from: { words: () => t('How Sendmap found the campaigns') },
  'known_from.campaign_ids': { words: () => t('What named the campaigns'), codes: knownFrom },
  'known_from.campaigns_scanned': {
    words: () => t('Campaigns that were asked for their senders'),
    source: 'GET /campaigns/{campaign_id}/email-accounts',
    trap: () => t('Where it is less than campaigns_in_all, campaigns may be missing'),
  },
  'known_from.campaigns_in_all': { words: () => t('Campaigns that there are'), source: 'GET /campaigns/' },
  'known_from.scanned_at': {
    words: () => t('When the last campaign answered'),
    source: 'GET /campaigns/{campaign_id}/email-accounts',
    time: true,
  },
  campaigns: { words: () => t('Campaigns that the account sends for'), source: 'GET /campaigns/' },
};

const tables: Partial<Readonly<Record<DocumentKind, Properties>>> = {
  account: propertiesOf('GET /email-accounts/{email_account_id}/', account),
  'account-campaigns': {
    ...propertiesOf('GET /email-accounts/{email_account_id}/', campaignsOfAccount),
    ...propertiesOf('GET /campaigns/', campaign, 'campaigns.*.'),
  },
  campaign: propertiesOf('GET /campaigns/{campaign_id}', campaign),
  'campaign-senders': propertiesOf(
    'GET /campaigns/{campaign_id}/email-accounts',
    { ...account, ...senderInDocumentation },
    '*.',
  ),
  'campaign-sequences': propertiesOf('GET /campaigns/{campaign_id}/sequences', sequence, '*.'),
};

/** What the properties of a Smartlead document mean; none where Smartlead has no such document. */
export function properties(kind: DocumentKind): Properties {
  return tables[kind] ?? {};
}
