import { t } from '@vscode/l10n';
import { parseObject } from '../../transport/json.ts';
import { meaningOf } from '../codes.ts';
import { delayWords, variantName, type Step } from '../emails.ts';
import { code, flag, identifier, isObject, list, number, object, text, time, unique, type Json } from '../fields.ts';
import { domainOf, type Account, type Campaign, type Code, type Schedule, type Tag } from '../model.ts';
import type { SendingStatus, SentAndBounced } from '../provider.ts';
import { providerType, warmupStatus } from './codes.ts';
import { accountCondition, campaignCondition } from './condition.ts';

/**
 * An account as the list, the single read and the senders of a campaign give it: three different sets of fields
 * (Smartlead FACTS 3.7 to 3.9), so everything but the id is optional. Passwords are never read.
 */
export function decodeAccount(item: Json): Account | string {
  const id = identifier(item['id']);
  if (id === undefined) {
    return t('has no id');
  }
  const email =
    text(item['from_email']) ?? text(item['email_address']) ?? text(item['username']) ?? t('Account {0}', id);
  const warmup = object(item['warmup_details']);
  const warmupCode = code(warmup?.['status']);
  const limit = number(item['message_per_day']);
  const type = code(item['type']);
  // Written out below: what is spread into a literal takes twice the memory, for each of hundreds of thousands.
  const { state, statusWords, reason, others, problems } = accountCondition(item);
  return {
    key: id,
    email,
    domain: domainOf(email),
    name: text(item['from_name']),
    state,
    statusWords,
    reason,
    others,
    problems,
    providerType: type === undefined ? undefined : meaningOf(providerType, type).words,
    host: type === 'GMAIL' ? 'google' : type === 'OUTLOOK' ? 'microsoft' : undefined,
    warmup: warmupOf(item['warmup_details'], warmupCode),
    warmupWords: warmupCode === undefined ? undefined : meaningOf(warmupStatus, warmupCode).words,
    warmupScore: number(warmup?.['warmup_reputation']),
    // A cap of 0 does not stop a mailbox, it lets it send without one (Smartlead FACTS 3.9).
    dailyLimit: limit === 0 ? undefined : limit,
    unlimited: limit === 0 ? true : undefined,
    sentToday: number(item['daily_sent_count']),
    sendingGap: number(item['minTimeToWaitInMins']),
    warmupLimit: number(warmup?.['max_email_per_day']),
    trackingDomain: text(item['custom_tracking_domain']),
    tags: unique(list(item['tags'], decodeTag) ?? []),
    clientId: identifier(item['client_id']),
    campaignIds: decodeCampaignIds(item['campaign_ids']),
    createdAt: time(item['created_at']),
    updatedAt: time(item['updated_at']),
    warmupStartedAt: time(warmup?.['warmup_created_at']) ?? time(warmup?.['created_at']),
  };
}

/** Null says that no warmup was set up; where the details are left out nothing is said (Smartlead FACTS 3.7, 3.8). */
function warmupOf(details: unknown, status: Code | undefined): Account['warmup'] {
  if (details === null) {
    return 'never';
  }
  return status === 'ACTIVE' ? 'on' : status === 'INACTIVE' || status === 'PAUSED' ? 'off' : undefined;
}

/**
 * The ids of an account's campaigns, bare or in objects: the answer is documented but unproven (Smartlead FACTS 3.8).
 * Undefined, which means unknown and not none, where there is no list or one of its members has no id.
 */
export function decodeCampaignIds(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) {
    return undefined;
  }
  const ids = list(
    value,
    (member) => identifier(member) ?? identifier(object(member)?.['id']) ?? identifier(object(member)?.['campaign_id']),
  );
  return ids?.length === value.length ? [...new Set(ids)].sort(byNumber) : undefined;
}

/** Sorted, so that the same ids in another order are no change. */
function byNumber(a: string, b: string): number {
  return Number(a) - Number(b) || (a < b ? -1 : 1);
}

/** Two shapes of a tag are in use (Smartlead FACTS 3.11). */
export function decodeTag(value: unknown): Tag | undefined {
  const tag = object(value);
  const id = identifier(tag?.['tag_id']) ?? identifier(tag?.['id']);
  return tag === undefined || id === undefined
    ? undefined
    : { id, label: text(tag['tag_name']) ?? text(tag['name']) ?? id };
}

/** A campaign as the list and the single read give it (Smartlead FACTS 3.1, 3.2). */
export function decodeCampaign(item: Json): Campaign | string {
  const id = identifier(item['id']);
  if (id === undefined) {
    return t('has no id');
  }
  return {
    id,
    name: text(item['name']) ?? '',
    status: code(item['status']),
    ...campaignCondition(item),
    schedule: decodeSchedule(item),
    tags: unique(list(item['tags'], decodeTag) ?? []),
    newLeadsPerDay: number(item['max_leads_per_day']),
    parentId: identifier(item['parent_campaign_id']),
    clientId: identifier(item['client_id']),
    createdAt: time(item['created_at']),
    updatedAt: time(item['updated_at']),
  };
}

/** An object, or on some accounts the JSON text of one; null on drafts (Smartlead FACTS 3.1). */
function decodeSchedule(item: Json): Schedule | undefined {
  const value = item['scheduler_cron_value'];
  const schedule = object(typeof value === 'string' ? parseObject(value) : value);
  const [from, to] = [text(schedule?.['startHour']), text(schedule?.['endHour'])];
  if (schedule === undefined || from === undefined || to === undefined) {
    return undefined;
  }
  const days = list(schedule['days'], number);
  if (days === undefined || days.length < (schedule['days'] as readonly unknown[]).length) {
    // Days that are not there, or in another shape, are not known; none at all would be a schedule that never opens.
    return undefined;
  }
  days.sort((a, b) => a - b);
  return { days, from, to, timezone: text(schedule['tz']), startsOn: text(item['schedule_start_time']) };
}

/** Entries of a log that are read: nobody reads more, and a service may send any number. */
const MOST_LOGGED = 20;

/** How a campaign of the list sends: its status, and its log, whose entries have no known shape (Smartlead FACTS 3.1). */
export function decodeSendingStatus(item: Json): Omit<SendingStatus, 'source'> {
  const status = code(item['status']);
  const { statusWords, reason, state } = campaignCondition(item);
  const log = list(item['campaign_activity_logs'], object) ?? [];
  return {
    code: status,
    words: status === undefined ? undefined : t('The status of the campaign is "{0}"', statusWords),
    // That a campaign is active does not say that it sends.
    sends: state === 'healthy' ? undefined : false,
    message: reason,
    log: log.length === 0 ? undefined : log.slice(-MOST_LOGGED),
  };
}

/** What a campaign has sent and what bounced: counts are text (Smartlead FACTS 3.12). */
export function decodeBounces(item: Json): SentAndBounced | undefined {
  const [sent, bounced] = [number(item['sent_count']), number(item['bounce_count'])];
  return sent === undefined || bounced === undefined ? undefined : { sent, bounced };
}

/** The emails in the answer about sequences: a bare array, or in a wrapper; a step with variants is empty itself (Smartlead FACTS 3.12). */
export function decodeSteps(document: unknown): Step[] {
  const rows = list(isObject(document) ? document['data'] : document, object) ?? [];
  const numbered = rows.map((row, index) => ({ row, number: number(row['seq_number']) ?? index + 1 }));
  return numbered
    .sort((a, b) => a.number - b.number)
    .map(({ row, number: step }, index) => {
      const details = object(row['seq_delay_details']);
      const days = number(details?.['delayInDays']) ?? number(details?.['delay_in_days']);
      const variants = (list(row['sequence_variants'], object) ?? []).filter((variant) => !flag(variant['is_deleted']));
      return {
        number: step,
        delay: index === 0 ? undefined : delayWords(days, 'days'),
        variants: (variants.length > 0 ? variants : [row]).map((variant, place) => ({
          name: text(variant['variant_label']) ?? variantName(place),
          subject: text(variant['subject']) ?? '',
          html: text(variant['email_body']) ?? '',
          // An assumption: no recording has a share of 0, but no lead would get such a variant.
          disabled: variant['variant_distribution_percentage'] === 0,
        })),
      };
    });
}
