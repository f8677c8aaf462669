import { t } from '@vscode/l10n';
import type { CodeTable } from '../codes.ts';

/** `status` of an account (Instantly FACTS 2.1). */
export const accountStatus: CodeTable = {
  1: { words: () => t('Active'), state: 'healthy' },
  2: { words: () => t('Paused'), state: 'paused', problem: 'paused' },
  3: { words: () => t('Paused for maintenance, resumes automatically'), state: 'paused', problem: 'paused' },
  '-1': { words: () => t('Connection Error'), state: 'error', problem: 'disconnected' },
  '-2': { words: () => t('Soft Bounce Error'), state: 'error', problem: 'soft-bounce' },
  // Only says that the last send was rejected (Instantly FACTS 2.1, second trap).
  '-3': { words: () => t('Sending Error'), state: 'warning', problem: 'sending-error' },
};

/** `warmup_status` of an account (Instantly FACTS 2.1). */
export const warmupStatus: CodeTable = {
  0: { words: () => t('Paused'), state: 'paused' },
  1: { words: () => t('Active'), state: 'healthy' },
  '-1': { words: () => t('Banned'), state: 'error', problem: 'warmup-banned' },
  '-2': { words: () => t('Spam Folder Unknown'), state: 'warning', problem: 'warmup-spam-unknown' },
  '-3': { words: () => t('Permanent Suspension'), state: 'error', problem: 'warmup-suspended' },
};

/** `provider_code` of an account (Instantly FACTS 2.1; the first-party skill page contradicts it and is wrong). */
export const providerType: CodeTable = {
  1: { words: () => t('Custom IMAP/SMTP'), state: 'healthy' },
  2: { words: () => t('Google'), state: 'healthy' },
  3: { words: () => t('Microsoft'), state: 'healthy' },
  4: { words: () => t('AWS'), state: 'healthy' },
  8: { words: () => t('AirMail'), state: 'healthy' },
  11: { words: () => t('Airmail Instant'), state: 'healthy' },
};

/** `not_sending_status` of a campaign (Instantly FACTS 2.3). */
export const notSendingStatus: CodeTable = {
  1: { words: () => t('Outside its schedule'), state: 'paused' },
  2: { words: () => t('Waiting for leads'), state: 'paused' },
  3: { words: () => t('Campaign at its daily limit'), state: 'paused' },
  4: { words: () => t('All accounts at their daily limit'), state: 'paused' },
  99: { words: () => t('Error'), state: 'error', problem: 'not-sending' },
};

/** `status` of a campaign (Instantly FACTS 2.3). */
export const campaignStatus: CodeTable = {
  0: { words: () => t('Draft'), state: 'draft' },
  1: { words: () => t('Active'), state: 'healthy' },
  2: { words: () => t('Paused'), state: 'paused' },
  3: { words: () => t('Completed'), state: 'done' },
  4: { words: () => t('Running Subsequences'), state: 'healthy' },
  '-1': { words: () => t('Accounts Unhealthy'), state: 'error', problem: 'accounts-unhealthy' },
  // A pause that Instantly made to protect the senders, as Smartlead does.
  '-2': { words: () => t('Bounce Protect'), state: 'warning', problem: 'bounce-protection' },
  '-99': { words: () => t('Account Suspended'), state: 'error', problem: 'account-suspended' },
};

/** `tracking_domain_status` of an account, which no page lists (Instantly FACTS 2.1): one is seen, a client tests all. */
export const trackingDomainStatus: CodeTable = {
  CTD_ACTIVE: { words: () => t('Active'), state: 'healthy' },
  CTD_PENDING: { words: () => t('Pending'), state: 'paused' },
  CTD_FAILED: { words: () => t('Failed'), state: 'error', problem: 'tracking-domain' },
  CTD_EXPIRED: { words: () => t('Expired'), state: 'error', problem: 'tracking-domain' },
};

/** `autofix_failed` of an account, where null is a value and not the same as absent (Instantly FACTS 2.1). */
export const autofixFailed: CodeTable = {
  null: { words: () => t('Reconnecting'), state: 'warning' },
  true: { words: () => t('Reconnect failed'), state: 'error', problem: 'reconnect-failed' },
  false: { words: () => t('Reconnected'), state: 'healthy' },
};

/** `warmup.increment` of an account: text, also where it is a number (Instantly FACTS 2.1). */
export const warmupIncrement: CodeTable = {
  disabled: { words: () => t('Full limit from the first day'), state: 'healthy' },
  0: { words: () => t('{0} more each day', 0), state: 'healthy' },
  1: { words: () => t('{0} more each day', 1), state: 'healthy' },
  2: { words: () => t('{0} more each day', 2), state: 'healthy' },
  3: { words: () => t('{0} more each day', 3), state: 'healthy' },
  4: { words: () => t('{0} more each day', 4), state: 'healthy' },
};

/** `resource_type` of a tag mapping (Instantly FACTS 2.4; the prose of its own page has it the wrong way round). */
export const resourceType: CodeTable = {
  1: { words: () => t('Account'), state: 'healthy' },
  2: { words: () => t('Campaign'), state: 'healthy' },
};

/** `type` of a step. */
export const stepType: CodeTable = {
  email: { words: () => t('Email'), state: 'healthy' },
};

/** `delay_unit` and `pre_delay_unit` of a step. */
export const delayUnit: CodeTable = {
  minutes: { words: () => t('Minutes'), state: 'healthy' },
  hours: { words: () => t('Hours'), state: 'healthy' },
  days: { words: () => t('Days'), state: 'healthy' },
};

/** `auto_variant_select.trigger` of a campaign. */
export const variantTrigger: CodeTable = {
  reply_rate: { words: () => t('Reply rate'), state: 'healthy' },
  click_rate: { words: () => t('Click rate'), state: 'healthy' },
  open_rate: { words: () => t('Open rate'), state: 'healthy' },
};

/** `limit_emails_per_company_override.mode` of a campaign. */
export const companyLimitMode: CodeTable = {
  custom: { words: () => t('Custom'), state: 'healthy' },
  disabled: { words: () => t('Disabled'), state: 'healthy' },
};

/** `limit_emails_per_company_override.scope` of a campaign. */
export const companyLimitScope: CodeTable = {
  per_campaign: { words: () => t('Per campaign'), state: 'healthy' },
  across_workspace: { words: () => t('Across the workspace'), state: 'healthy' },
};

/** `provider_routing_rules.*.action` of a campaign. */
export const routingAction: CodeTable = {
  send: { words: () => t('Send'), state: 'healthy' },
  do_not_send: { words: () => t('Do not send'), state: 'healthy' },
};

/** `recipient_esp` and `sender_esp` of a routing rule. */
export const mailboxKind: CodeTable = {
  all: { words: () => t('All'), state: 'healthy' },
  google: { words: () => t('Google'), state: 'healthy' },
  outlook: { words: () => t('Outlook'), state: 'healthy' },
  other: { words: () => t('Other'), state: 'healthy' },
};

/** `status` of `GET /campaigns/{id}/sending-status` (Instantly FACTS 2.3). */
export const sendingStatus: CodeTable = {
  campaign_paused: { words: () => t('The campaign is paused'), state: 'paused' },
  campaign_draft: { words: () => t('The campaign is a draft'), state: 'draft' },
  campaign_completed: { words: () => t('The campaign is completed'), state: 'done' },
  campaign_running_subsequences: {
    words: () => t('Only the subsequences of the campaign still send'),
    state: 'healthy',
  },
  campaign_bounce_protect: { words: () => t('Bounce protection stopped the campaign'), state: 'warning' },
  campaign_accounts_unhealthy: { words: () => t('The accounts of the campaign are unhealthy'), state: 'error' },
  campaign_account_suspended: { words: () => t('Account suspended'), state: 'error' },
  out_of_schedule: { words: () => t('The campaign is outside its schedule'), state: 'paused' },
  waiting_for_leads: { words: () => t('The campaign waits for leads'), state: 'paused' },
  daily_limit_met: { words: () => t('The campaign has reached its daily limit'), state: 'paused' },
  account_daily_limit_met: { words: () => t('The accounts have reached their daily limits'), state: 'paused' },
  new_lead_limit_met: { words: () => t('The campaign has reached its daily limit of new leads'), state: 'paused' },
  all_accounts_unhealthy: { words: () => t('All accounts of the campaign are unhealthy'), state: 'error' },
  waiting_for_esp_match: {
    words: () => t('The campaign waits for an account with the same email provider as the lead'),
    state: 'paused',
  },
  domain_limit_reached: { words: () => t('The limit of emails to one company is reached'), state: 'paused' },
  follow_up_delay_not_met: { words: () => t('The next follow-ups are not due yet'), state: 'paused' },
  no_accounts_available: { words: () => t('No account of the campaign is available'), state: 'error' },
  healthy: { words: () => t('The campaign sends normally'), state: 'healthy' },
};

/** What a person can do about a sending status; nothing where it just passes. */
export const sendingSteps: Readonly<Record<string, () => string>> = {
  campaign_paused: () => t('Resume the campaign in the web app.'),
  campaign_draft: () => t('Launch the campaign in the web app.'),
  campaign_completed: () => t('Add leads to continue the campaign.'),
  campaign_bounce_protect: () => t('Verify the remaining leads, then resume the campaign in the web app.'),
  campaign_accounts_unhealthy: () => t('Reconnect or replace the unhealthy accounts.'),
  campaign_account_suspended: () => t('Ask Instantly support why the account is suspended.'),
  out_of_schedule: () => t('Wait for the schedule, or widen it.'),
  waiting_for_leads: () => t('Add leads to the campaign.'),
  daily_limit_met: () => t('Wait until tomorrow, or raise the daily limit of the campaign.'),
  account_daily_limit_met: () => t('Wait until tomorrow, or add accounts to the campaign.'),
  new_lead_limit_met: () => t('Wait until tomorrow, or raise the limit of new leads.'),
  all_accounts_unhealthy: () => t('Reconnect or replace the unhealthy accounts.'),
  waiting_for_esp_match: () => t('Add accounts of the missing email provider, or turn provider matching off.'),
  domain_limit_reached: () => t('Wait until tomorrow, or raise the limit of emails to one company.'),
  follow_up_delay_not_met: () => t('Wait, or add new leads.'),
  no_accounts_available: () => t('Add accounts that can send, or reconnect those of the campaign.'),
};
