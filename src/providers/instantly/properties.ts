import { t } from '@vscode/l10n';
import { yesOrNo } from '../codes.ts';
import { propertiesOf, type Properties, type Rows } from '../properties.ts';
import type { DocumentKind } from '../provider.ts';
import {
  accountStatus,
  autofixFailed,
  campaignStatus,
  companyLimitMode,
  companyLimitScope,
  delayUnit,
  mailboxKind,
  notSendingStatus,
  providerType,
  resourceType,
  routingAction,
  stepType,
  trackingDomainStatus,
  variantTrigger,
  warmupIncrement,
  warmupStatus,
} from './codes.ts';

const emailsADay = () => t('emails a day');
const leadsADay = () => t('leads a day');
const minutes = () => t('minutes');
const removed = () => t('Instantly removed it in July 2026; only older documents have it');

/** Instantly FACTS 2.1. */
const account: Rows = {
  email: {
    words: () => t('Address of the sending account, which is also its key: accounts have no id'),
    names: 'account',
  },
  first_name: { words: () => t('First name of the sender') },
  last_name: { words: () => t('Last name of the sender') },
  timestamp_created: { words: () => t('When the sending account was added'), time: true, readOnly: true },
  timestamp_updated: {
    words: () => t('When the sending account was last changed'),
    time: true,
    readOnly: true,
    trap: () => t('It does not move when the account is paused, so it does not show that the status changed'),
  },
  organization: { words: () => t('ID of the workspace that the sending account belongs to'), readOnly: true },
  status: {
    words: () => t('Whether the sending account can send'),
    codes: accountStatus,
    readOnly: true,
    trap: () => t('-3 only means that the last send was rejected; status_message.response says why'),
  },
  status_message: { words: () => t('What the mail server said when something last went wrong'), readOnly: true },
  'status_message.code': { words: () => t('Name of the error, such as EENVELOPE') },
  'status_message.command': { words: () => t('SMTP command that failed') },
  'status_message.response': { words: () => t('Answer of the mail server'), smtp: true },
  'status_message.e_message': { words: () => t('The whole error as Instantly logged it') },
  'status_message.responseCode': {
    words: () => t('Reply code of the mail server: 5xx is permanent, 4xx is transient'),
    trap: () => t('A daily sending limit is 550 too, and ends with the day'),
  },
  provider_code: {
    words: () => t('Mailbox type'),
    codes: providerType,
    trap: () => t('A page of Instantly says that 1 is Gmail and 2 is Outlook; accounts in use show that it is wrong'),
  },
  setup_pending: {
    words: () => t('Whether the setup of the sending account is unfinished'),
    codes: yesOrNo(
      () => t('Setup not finished'),
      () => t('Set up'),
    ),
    readOnly: true,
  },
  is_managed_account: {
    words: () => t('Whether Instantly manages this mailbox'),
    codes: yesOrNo(
      () => t('Managed'),
      () => t('Not managed'),
    ),
    readOnly: true,
  },
  daily_limit: {
    words: () => t('Maximum number of campaign emails from the sending account'),
    unit: emailsADay,
    trap: () => t('Absent where it was never set'),
  },
  daily_limit_max: {
    words: () => t('Highest daily limit that can be set; only AirMail has one'),
    unit: emailsADay,
    readOnly: true,
  },
  sending_gap: {
    words: () => t('Shortest wait between two emails of this sending account, across all campaigns'),
    unit: minutes,
  },
  enable_slow_ramp: {
    words: () => t('Whether the sending limit ramps up slowly'),
    codes: yesOrNo(
      () => t('Slow ramp on'),
      () => t('Slow ramp off'),
    ),
  },
  inbox_placement_test_limit: { words: () => t('Limit of inbox placement tests') },
  warmup: {
    words: () => t('Settings of the warmup'),
    trap: () => t('Lists may show its limit alone; the other settings are in the single account'),
  },
  'warmup.limit': { words: () => t('Limit of emails, in the settings of the warmup') },
  'warmup.increment': {
    words: () => t('What is added to the sending limit each day, from 0 on, until it is the full daily limit'),
    codes: warmupIncrement,
    trap: () => t('Numbers are text here: "2", not 2'),
  },
  'warmup.reply_rate': { words: () => t('Reply rate, in the settings of the warmup') },
  'warmup.warmup_custom_ftag': { words: () => t('Custom tag of the sending account, in the settings of the warmup') },
  'warmup.advanced': { words: () => t('Finer settings of the warmup') },
  'warmup.advanced.warm_ctd': {
    words: () => t('Mode of the warmup that Instantly calls warm CTD'),
    codes: yesOrNo(
      () => t('On'),
      () => t('Off'),
    ),
  },
  'warmup.advanced.open_rate': { words: () => t('Open rate, in the finer settings of the warmup') },
  'warmup.advanced.important_rate': { words: () => t('Rate of important emails, in the finer settings of the warmup') },
  'warmup.advanced.read_emulation': {
    words: () => t('Mode of the warmup that Instantly calls read emulation'),
    codes: yesOrNo(
      () => t('On'),
      () => t('Off'),
    ),
  },
  'warmup.advanced.spam_save_rate': { words: () => t('Rate of saves from spam, in the finer settings of the warmup') },
  'warmup.advanced.weekday_only': {
    words: () => t('Days of the warmup'),
    codes: yesOrNo(
      () => t('Weekdays only'),
      () => t('Weekends too'),
    ),
  },
  warmup_status: { words: () => t('Whether warmup runs'), codes: warmupStatus, readOnly: true },
  warmup_limit_max: {
    words: () => t('Highest warmup limit that can be set; only AirMail has one'),
    unit: emailsADay,
    readOnly: true,
  },
  stat_warmup_score: { words: () => t('Warmup score'), unit: () => t('of 100'), readOnly: true },
  timestamp_warmup_start: { words: () => t('When warmup began'), time: true, readOnly: true },
  tracking_domain_name: { words: () => t('Name of the tracking domain') },
  tracking_domain_status: {
    words: () => t('State of the tracking domain'),
    codes: trackingDomainStatus,
    trap: () => t('No page lists its values, and the "active" of the example is not what accounts show'),
  },
  signature: { words: () => t('Signature under its emails, in HTML') },
  reply_to: { words: () => t('Where replies go, where that is not the sending account itself') },
  added_by: { words: () => t('ID of the user who added the sending account'), readOnly: true },
  modified_by: { words: () => t('ID of the user who changed the sending account last'), readOnly: true },
  autofix_failed: {
    words: () => t('How the last automatic reconnect went'),
    codes: autofixFailed,
    readOnly: true,
    trap: () => t('null is not the same as absent: null says that a reconnect runs, absent says nothing'),
  },
};

/** Fields that Instantly removed on 2026-07-13, and that older answers still have (Instantly FACTS 0). */
const removedFromAccount: Rows = {
  timestamp_last_used: {
    words: () => t('When the sending account was last in use'),
    time: true,
    readOnly: true,
    trap: removed,
  },
  warmup_pool_id: {
    words: () => t('ID of the warmup pool that the sending account belonged to'),
    readOnly: true,
    trap: removed,
  },
  dfy_password_changed: {
    words: () => t('Whether the DFY password was changed'),
    codes: yesOrNo(
      () => t('Changed'),
      () => t('Not changed'),
    ),
    readOnly: true,
    trap: removed,
  },
};

/** The tags that a list of accounts adds where it is asked to (Instantly FACTS 2.1). */
const tagsOfAccount: Rows = {
  tags: {
    words: () => t('Tags of the sending account'),
    trap: () => t('Present only in lists where tags were asked for'),
  },
  'tags.*.id': { words: () => t('ID of the tag'), names: 'tag' },
  'tags.*.label': { words: () => t('Name of the tag') },
  'tags.*.description': { words: () => t('What the tag is used for') },
};

/** Instantly FACTS 2.3. */
const campaign: Rows = {
  id: { words: () => t('ID of the campaign'), names: 'campaign', readOnly: true },
  name: { words: () => t('What the campaign is called') },
  status: {
    words: () => t('Whether the campaign runs'),
    codes: campaignStatus,
    readOnly: true,
    trap: () =>
      t('A campaign without senders can be started: it says Active first and Accounts Unhealthy minutes later'),
  },
  not_sending_status: {
    words: () => t('Why the campaign sends nothing right now'),
    codes: notSendingStatus,
    readOnly: true,
  },
  timestamp_created: { words: () => t('When the campaign was created'), time: true, readOnly: true },
  timestamp_updated: { words: () => t('When the campaign was last changed'), time: true, readOnly: true },
  organization: { words: () => t('ID of the workspace that the campaign belongs to'), readOnly: true },
  owned_by: { words: () => t('ID of the user whose campaign it is') },
  ai_sdr_id: {
    words: () => t('ID of the AI sales agent that created the campaign'),
    trap: () => t('Lists leave out the campaigns of AI sales agents unless asked for them'),
  },
  pl_value: { words: () => t('What one positive lead is worth') },
  is_evergreen: {
    words: () => t('Marks a campaign that Instantly calls evergreen'),
    codes: yesOrNo(
      () => t('Evergreen'),
      () => t('Not evergreen'),
    ),
  },
  email_list: {
    words: () => t('Senders of the campaign, by their emails'),
    names: 'account',
    trap: () => t('Not always all of them: every account with a tag of email_tag_list sends too'),
  },
  email_tag_list: {
    words: () => t('Tags that choose senders: every account with one of them sends for the campaign'),
    names: 'tag',
    trap: () => t('These are not the tags of the campaign itself, which are in its tag mappings'),
  },
  cc_list: { words: () => t('CC accounts of the emails') },
  bcc_list: { words: () => t('BCC accounts of the emails') },
  daily_limit: { words: () => t('Maximum number of emails from the campaign'), unit: emailsADay },
  daily_max_leads: { words: () => t('Maximum number of leads that get their first email'), unit: leadsADay },
  email_gap: { words: () => t('Wait between two emails of the campaign'), unit: minutes },
  random_wait_max: { words: () => t('Longest random wait'), unit: minutes },
  campaign_schedule: {
    words: () => t('When the campaign may send'),
    trap: () => t('A draft may have an empty one, without schedules'),
  },
  'campaign_schedule.start_date': { words: () => t('First day of sending, in the time zone of the campaign') },
  'campaign_schedule.end_date': { words: () => t('Last day of sending, in the time zone of the campaign') },
  'campaign_schedule.schedules': { words: () => t('Hours and days of sending') },
  'campaign_schedule.schedules.*.name': { words: () => t('What the schedule is called') },
  'campaign_schedule.schedules.*.timing': { words: () => t('Hours of sending, in the time zone of the schedule') },
  'campaign_schedule.schedules.*.timing.from': {
    words: () => t('Time of day when sending starts, on a 24-hour clock'),
  },
  'campaign_schedule.schedules.*.timing.to': { words: () => t('Time of day when sending ends, on a 24-hour clock') },
  'campaign_schedule.schedules.*.days': {
    words: () => t('Days of sending'),
    weekdays: true,
    trap: () => t('0 is Sunday, and a day that is missing is off'),
  },
  'campaign_schedule.schedules.*.timezone': {
    words: () => t('Time zone of the schedule'),
    trap: () => t('Instantly takes 102 names only; America/New_York, Europe/London and UTC are not among them'),
  },
  sequences: {
    words: () => t('The emails of the campaign'),
    trap: () => t('Only the first of the list counts'),
  },
  'sequences.*.steps': { words: () => t('Emails to a lead, one after the other') },
  'sequences.*.steps.*.type': { words: () => t('Kind of step'), codes: stepType },
  'sequences.*.steps.*.delay': {
    words: () => t('Wait after this step, in the unit that delay_unit names'),
    trap: () => t('It is the wait before the NEXT email, not before this one'),
  },
  'sequences.*.steps.*.delay_unit': { words: () => t('Unit of the delay; days where it is absent'), codes: delayUnit },
  'sequences.*.steps.*.pre_delay': {
    words: () => t('Wait before the first email of a subsequence, in the unit that pre_delay_unit names'),
    trap: () => t('Only subsequences use it'),
  },
  'sequences.*.steps.*.pre_delay_unit': {
    words: () => t('Unit of the pre_delay; days where it is absent'),
    codes: delayUnit,
  },
  'sequences.*.steps.*.variants': { words: () => t('Versions of the email') },
  'sequences.*.steps.*.variants.*.subject': {
    words: () => t('Subject of the email'),
    trap: () => t('Empty is normal on a follow-up: it stays in the thread of the email before'),
  },
  'sequences.*.steps.*.variants.*.body': {
    words: () => t('Body of the email, in HTML'),
    trap: () => t('Instantly cleans the HTML, so it may differ from what was written'),
  },
  'sequences.*.steps.*.variants.*.v_disabled': {
    words: () => t('Whether this version is left out'),
    codes: yesOrNo(
      () => t('This version is not sent'),
      () => t('This version is sent'),
    ),
  },
  stop_on_reply: {
    words: () => t('What a reply does'),
    codes: yesOrNo(
      () => t('A lead who replies gets no more emails'),
      () => t('A lead who replies goes on getting emails'),
    ),
  },
  stop_on_auto_reply: {
    words: () => t('What an automatic reply does'),
    codes: yesOrNo(
      () => t('An automatic reply ends the emails to that lead too'),
      () => t('An automatic reply does not end the emails to that lead'),
    ),
  },
  stop_for_company: {
    words: () => t('What a reply does to the other leads of the same domain'),
    codes: yesOrNo(
      () => t('A reply ends the emails to all leads of the same domain'),
      () => t('The other leads of the same domain go on getting emails'),
    ),
  },
  link_tracking: {
    words: () => t('Whether clicks are tracked'),
    codes: yesOrNo(
      () => t('Clicks are tracked'),
      () => t('Clicks are not tracked'),
    ),
  },
  open_tracking: {
    words: () => t('Whether opens are tracked'),
    codes: yesOrNo(
      () => t('Opens are tracked'),
      () => t('Opens are not tracked'),
    ),
  },
  text_only: {
    words: () => t('Form of the emails'),
    codes: yesOrNo(
      () => t('Emails go out as plain text'),
      () => t('Emails may have HTML'),
    ),
  },
  first_email_text_only: {
    words: () => t('Form of the first email to a lead'),
    codes: yesOrNo(
      () => t('The first email to a lead goes out as plain text'),
      () => t('The first email to a lead is like the others'),
    ),
  },
  prioritize_new_leads: {
    words: () => t('Whether new leads have priority'),
    codes: yesOrNo(
      () => t('New leads have priority'),
      () => t('New leads have no priority'),
    ),
  },
  match_lead_esp: {
    words: () => t('Whether leads are matched by their ESP'),
    codes: yesOrNo(
      () => t('Leads are matched by their ESP'),
      () => t('Leads are not matched by their ESP'),
    ),
  },
  provider_routing_rules: {
    words: () => t('Rules about which ESPs send to which'),
    trap: () => t('The description in the API documentation belongs to another property'),
  },
  'provider_routing_rules.*.action': { words: () => t('Action of the rule'), codes: routingAction },
  'provider_routing_rules.*.recipient_esp': { words: () => t('ESPs of recipients in the rule'), codes: mailboxKind },
  'provider_routing_rules.*.sender_esp': { words: () => t('ESPs of senders in the rule'), codes: mailboxKind },
  auto_variant_select: { words: () => t('Settings for choosing among the versions of an email automatically') },
  'auto_variant_select.trigger': { words: () => t('What the choice goes by'), codes: variantTrigger },
  limit_emails_per_company_override: {
    words: () => t('Replaces, for this campaign, what the workspace says of how many emails a company gets'),
  },
  'limit_emails_per_company_override.mode': { words: () => t('Mode of the replacement'), codes: companyLimitMode },
  'limit_emails_per_company_override.daily_limit': { words: () => t('Daily limit of the replacement') },
  'limit_emails_per_company_override.scope': { words: () => t('Scope of the replacement'), codes: companyLimitScope },
  core_variables: { words: () => t('Core variables of the campaign'), readOnly: true },
  custom_variables: { words: () => t('Custom variables of the campaign'), readOnly: true },
  insert_unsubscribe_header: {
    words: () => t('Whether emails have an unsubscribe header'),
    codes: yesOrNo(
      () => t('With the header'),
      () => t('Without the header'),
    ),
  },
  allow_risky_contacts: {
    words: () => t('Whether risky contacts are allowed'),
    codes: yesOrNo(
      () => t('Risky contacts are allowed'),
      () => t('Risky contacts are not allowed'),
    ),
  },
  disable_bounce_protect: {
    words: () => t('Whether the campaign goes on without bounce protection'),
    codes: yesOrNo(
      () => t('Bounce protection is off'),
      () => t('Bounce protection is on'),
    ),
  },
};

/** Instantly FACTS 2.2. */
const campaignOfAccount: Rows = {
  campaign_id: { words: () => t('Campaign that the sending account is in'), names: 'campaign' },
  campaign_name: { words: () => t('What the campaign is called') },
  timestamp_created: {
    words: () => t('When that campaign was created'),
    time: true,
    readOnly: true,
    trap: () => t('Not when the account was added to it'),
  },
  status: {
    words: () => t('Whether that campaign runs'),
    codes: campaignStatus,
    trap: () => t('Drafts and completed campaigns are listed too'),
  },
};

/** Instantly FACTS 2.4. */
const tag: Rows = {
  id: { words: () => t('ID of the tag'), names: 'tag', readOnly: true },
  label: {
    words: () => t('Name of the tag'),
    trap: () => t('Older workspaces may have several tags with the same name'),
  },
  description: { words: () => t('What the tag is used for') },
  organization_id: { words: () => t('ID of the workspace that the tag belongs to'), readOnly: true },
  timestamp_created: { words: () => t('When the tag was created'), time: true, readOnly: true },
  timestamp_updated: { words: () => t('When the tag was last changed'), time: true, readOnly: true },
};

/** A tag on an account or a campaign (Instantly FACTS 2.4), and the tag that Sendmap adds to it. */
function tagMappings(names: 'account' | 'campaign'): Properties {
  const source = 'GET /api/v2/custom-tag-mappings';
  const mapping: Rows = {
    id: { words: () => t('ID of the mapping, not of the tag'), readOnly: true },
    tag_id: { words: () => t('The tag'), names: 'tag', readOnly: true },
    resource_id: {
      words: () => t('What has the tag: the email of an account or the ID of a campaign'),
      names,
      readOnly: true,
      trap: () => t('For an account it is the email, though the page of the API says it is a UUID'),
    },
    resource_type: {
      words: () => t('What kind of thing has the tag'),
      codes: resourceType,
      readOnly: true,
      trap: () => t('The API documentation has it the wrong way round'),
    },
    timestamp_created: { words: () => t('When the tag was put on'), time: true, readOnly: true },
    organization_id: { words: () => t('ID of the workspace that the mapping belongs to'), readOnly: true },
  };
  return {
    ...propertiesOf(source, { items: { words: () => t('Its tags, newest first, each with the tag itself') } }),
    ...propertiesOf(source, mapping, 'items.*.'),
    ...propertiesOf(
      'GET /api/v2/custom-tags',
      { tag: { words: () => t('The tag itself, which Sendmap adds') } },
      'items.*.',
    ),
    ...propertiesOf('GET /api/v2/custom-tags', tag, 'items.*.tag.'),
  };
}

/** What Sendmap makes of `email_list` and `email_tag_list` (Instantly FACTS 2.4). */
const senders: Rows = {
  campaign_id: { words: () => t('ID of the campaign'), names: 'campaign' },
  campaign_name: { words: () => t('What the campaign is called') },
  email_tag_list: { words: () => t('Tags that choose senders of the campaign') },
  'email_tag_list.*.id': { words: () => t('ID of the tag'), names: 'tag' },
  'email_tag_list.*.label': { words: () => t('Name of the tag'), source: 'GET /api/v2/custom-tags' },
  senders: { words: () => t('Every account that sends for the campaign'), source: 'GET /api/v2/accounts' },
  'senders.*.email': { words: () => t('Address of the sender'), names: 'account' },
  'senders.*.because': { words: () => t('Why it sends: email_list names it, or it has a tag of email_tag_list') },
  'senders.*.because.*.email_tag_list': { words: () => t('Tag that makes it a sender'), names: 'tag' },
  'senders.*.because.*.label': { words: () => t('Name of the tag'), source: 'GET /api/v2/custom-tags' },
};

/** Instantly FACTS 2.4. */
const workspace: Rows = {
  id: { words: () => t('ID of the workspace'), readOnly: true },
  name: { words: () => t('What the workspace is called') },
  owner: { words: () => t('ID of the user whose workspace it is'), readOnly: true },
  timestamp_created: { words: () => t('When the workspace was created'), time: true, readOnly: true },
  timestamp_updated: { words: () => t('When the workspace was last changed'), time: true, readOnly: true },
  scheduled_for_removal_at: { words: () => t('When the workspace will be removed'), time: true, readOnly: true },
  plan_id: { words: () => t('Plan of the workspace'), readOnly: true },
  plan_id_bundle: { words: () => t('Plan of a bundle'), readOnly: true },
  plan_id_leadfinder: { words: () => t('Plan for finding leads'), readOnly: true },
  plan_id_verification: { words: () => t('Plan for verifying addresses'), readOnly: true },
  'plan_id_verification.product_id': { words: () => t('ID of that plan') },
  'plan_id_verification.timestamp_updated': { words: () => t('When that plan was last changed'), time: true },
  plan_id_crm: { words: () => t('Plan for the CRM'), readOnly: true },
  plan_id_website_visitor: { words: () => t('Plan for recognizing visitors of a website'), readOnly: true },
  plan_id_inbox_placement: { words: () => t('Plan for inbox placement tests'), readOnly: true },
  org_logo_url: { words: () => t('Where the logo of the workspace is') },
  org_client_domain: { words: () => t('Domain under which clients see the workspace, in an agency'), readOnly: true },
  add_unsub_to_block: {
    words: () => t('Whether those who unsubscribe are put on the block list'),
    codes: yesOrNo(
      () => t('Put on the block list'),
      () => t('Not put on the block list'),
    ),
  },
  default_opportunity_value: { words: () => t('What an opportunity is worth where nothing else is said') },
};

const tables: Readonly<Record<DocumentKind, Properties>> = {
  account: {
    ...propertiesOf('GET /api/v2/accounts/{email}', { ...account, ...removedFromAccount }),
    ...propertiesOf('GET /api/v2/accounts', tagsOfAccount),
  },
  'account-campaigns': {
    ...propertiesOf('GET /api/v2/account-campaign-mappings/{email}', {
      items: { words: () => t('Campaigns that the sending account is in') },
    }),
    ...propertiesOf('GET /api/v2/account-campaign-mappings/{email}', campaignOfAccount, 'items.*.'),
  },
  'account-tags': tagMappings('account'),
  campaign: propertiesOf('GET /api/v2/campaigns/{id}', campaign),
  'campaign-senders': propertiesOf('GET /api/v2/campaigns/{id}', senders),
  'campaign-sequences': {},
  'campaign-tags': tagMappings('campaign'),
  tag: propertiesOf('GET /api/v2/custom-tags/{id}', tag),
  workspace: propertiesOf('GET /api/v2/workspaces/current', workspace),
};

/** What the properties of an Instantly document mean. */
export function properties(kind: DocumentKind): Properties {
  return tables[kind];
}
