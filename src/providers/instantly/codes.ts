import { t } from '@vscode/l10n';
import type { CodeTable } from '../codes.ts';

/** `status` of an account (Instantly FACTS 2.1). */
export const accountStatus: CodeTable = {
  1: { words: () => t('Active'), state: 'healthy' },
  2: { words: () => t('Paused'), state: 'paused' },
  3: { words: () => t('Paused for maintenance, resumes automatically'), state: 'paused' },
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
  2: { words: () => t('Waiting for a lead'), state: 'paused' },
  3: { words: () => t('Daily limit of the campaign met'), state: 'paused' },
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
