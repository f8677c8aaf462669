import { t } from '@vscode/l10n';
import { meaningOf } from '../codes.ts';
import { delayWords, variantName, type Step } from '../emails.ts';
import { code, flag, list, number, object, text, time, unique, type Json } from '../fields.ts';
import { domainOf, type Account, type Campaign, type Code, type Schedule, type Tag } from '../model.ts';
import type { DomainVitals, SendingStatus, SentAndBounced } from '../provider.ts';
import { notSendingStatus, providerType, sendingStatus, sendingSteps, warmupStatus } from './codes.ts';
import { accountCondition, campaignCondition } from './condition.ts';

/** An account as `GET /accounts` and `GET /accounts/{email}` give it (Instantly FACTS 2.1). */
export function decodeAccount(item: Json): Account | string {
  const email = text(item['email']);
  if (email === undefined) {
    return t('has no email');
  }
  const provider = code(item['provider_code']);
  const warmup = code(item['warmup_status']);
  const score = number(item['stat_warmup_score']);
  // An account that was never warmed up says 0, which is no score (the recorded bare account), or nothing at all.
  const unscored = text(item['timestamp_warmup_start']) === undefined && (score ?? 0) === 0;
  const name = [text(item['first_name']), text(item['last_name'])].filter(Boolean).join(' ');
  // Written out below: what is spread into a literal takes twice the memory, for each of hundreds of thousands.
  const { state, statusWords, reason, others, problems } = accountCondition(item);
  return {
    key: email,
    email,
    domain: domainOf(email),
    name: name === '' ? undefined : name,
    status: code(item['status']),
    state,
    statusWords,
    reason,
    others,
    problems,
    providerType: provider === undefined ? undefined : meaningOf(providerType, provider).words,
    host: provider === 2 ? 'google' : provider === 3 ? 'microsoft' : undefined,
    warmup: warmupOf(warmup, unscored),
    warmupWords:
      warmup === undefined
        ? undefined
        : warmup === 0 && unscored
          ? t('No warmup')
          : meaningOf(warmupStatus, warmup).words,
    warmupScore: unscored ? undefined : score,
    dailyLimit: number(item['daily_limit']),
    sendingGap: number(item['sending_gap']),
    warmupLimit: number(object(item['warmup'])?.['limit']),
    trackingDomain: text(item['tracking_domain_name']),
    trackingStatus: text(item['tracking_domain_status']),
    tags: unique(list(item['tags'], decodeTag) ?? []),
    setupPending: flag(item['setup_pending']),
    createdAt: time(item['timestamp_created']),
    updatedAt: time(item['timestamp_updated']),
    warmupStartedAt: time(item['timestamp_warmup_start']),
  };
}

/** Bans and unknown codes say nothing about whether it runs (Instantly FACTS 2.1). */
function warmupOf(status: Code | undefined, neverRan: boolean): Account['warmup'] {
  if (status === 1) {
    return 'on';
  }
  return status === 0 ? (neverRan ? 'never' : 'off') : undefined;
}

export function decodeTag(value: unknown): Tag | undefined {
  const tag = object(value);
  const id = text(tag?.['id']);
  return tag === undefined || id === undefined ? undefined : { id, label: text(tag['label']) ?? id };
}

/** A campaign as `GET /campaigns` and `GET /campaigns/{id}` give it (Instantly FACTS 2.3). */
export function decodeCampaign(item: Json): Campaign | string {
  const id = text(item['id']);
  if (id === undefined) {
    return t('has no id');
  }
  const notSending = code(item['not_sending_status']);
  return {
    id,
    name: text(item['name']) ?? '',
    status: code(item['status']),
    ...campaignCondition(item),
    notSending: notSending === undefined ? undefined : meaningOf(notSendingStatus, notSending).words,
    schedule: decodeSchedule(item['campaign_schedule']),
    // Only their mappings name the tags of a campaign (Instantly FACTS 2.3).
    tags: [],
    dailyLimit: number(item['daily_limit']),
    newLeadsPerDay: number(item['daily_max_leads']),
    listedSenders: list(item['email_list'], text),
    senderTagIds: list(item['email_tag_list'], text),
    createdAt: time(item['timestamp_created']),
    updatedAt: time(item['timestamp_updated']),
  };
}

/**
 * The first schedule of a campaign that has a day, or else the first one; a draft may have none, and days that are
 * missing are off (Instantly FACTS 2.3).
 */
function decodeSchedule(value: unknown): Schedule | undefined {
  const whole = object(value);
  const rows = list(whole?.['schedules'], object) ?? [];
  const [startsOn, endsOn] = [text(whole?.['start_date']), text(whole?.['end_date'])];
  const schedules = rows.map((row) => readSchedule(row, startsOn, endsOn)).filter((schedule) => schedule !== undefined);
  return schedules.find(({ days }) => days.length > 0) ?? schedules[0];
}

function readSchedule(schedule: Json, startsOn?: string, endsOn?: string): Schedule | undefined {
  const timing = object(schedule['timing']);
  const [from, to] = [text(timing?.['from']), text(timing?.['to'])];
  const days = object(schedule['days']);
  // A day that is missing among the others is off; where there are none at all, they are not known.
  if (from === undefined || to === undefined || days === undefined) {
    return undefined;
  }
  const on = [0, 1, 2, 3, 4, 5, 6].filter((day) => days[day] === true);
  return { days: on, from, to, timezone: text(schedule['timezone']), startsOn, endsOn };
}

/** A tag on an account or a campaign (Instantly FACTS 2.4). */
export interface TagMapping {
  readonly tagId: string;
  /** The email of an account, the id of a campaign. */
  readonly resourceId: string;
}

export function decodeTagMapping(item: Json): TagMapping | string {
  const [tagId, resourceId] = [text(item['tag_id']), text(item['resource_id'])];
  if (tagId === undefined) {
    return t('has no tag_id');
  }
  return resourceId === undefined ? t('has no resource_id') : { tagId, resourceId };
}

/** A campaign as the mapping endpoint names it: id, name and sometimes a status (Instantly FACTS 2.2). */
export function decodeMapping(item: Json): Campaign | string {
  const id = text(item['campaign_id']);
  if (id === undefined) {
    return t('has no campaign_id');
  }
  return {
    id,
    name: text(item['campaign_name']) ?? '',
    status: code(item['status']),
    ...campaignCondition(item),
    tags: [],
    createdAt: time(item['timestamp_created']),
  };
}

/** How a campaign sends at the moment; of two statuses the one of `diagnostics` counts, and any part may be absent (Instantly FACTS 2.3). */
export function decodeSendingStatus(item: Json): Omit<SendingStatus, 'source'> {
  const [diagnostics, summary] = [object(item['diagnostics']), object(item['summary'])];
  const part = (name: string) => object(diagnostics?.[name]);
  const tracking = part('issue_tracking');
  const [accounts, unavailable] = [part('accounts_summary'), object(part('accounts_summary')?.['unavailable'])];
  const [limit, leads, waiting] = [part('campaign_daily_limit'), part('new_lead_limit'), part('follow_ups_waiting')];
  const status = code(diagnostics?.['status']) ?? code(summary?.['status']);
  return {
    code: status,
    words: status === undefined ? undefined : meaningOf(sendingStatus, status).words,
    sends: status === undefined ? undefined : meaningOf(sendingStatus, status).state === 'healthy',
    step: status !== undefined && Object.hasOwn(sendingSteps, status) ? sendingSteps[status]?.() : undefined,
    message: text(summary?.['status_message']),
    since: text(summary?.['issue_started_at']) ?? text(tracking?.['issue_first_seen_at']),
    lastHealthySend: text(summary?.['last_healthy_send_at']) ?? text(tracking?.['last_healthy_send_at']),
    accounts: accounts && {
      connected: number(accounts['total_connected']),
      available: number(accounts['available']),
      atDailyLimit: number(unavailable?.['daily_limit_hit']),
      atRampLimit: number(unavailable?.['slow_ramp_limit_hit']),
      disconnected: number(unavailable?.['disconnected']),
      waitingForGap: number(unavailable?.['global_gap_not_met']),
    },
    emailsToday: limit && { limit: number(limit['limit']), used: number(limit['sent']), met: flag(limit['limit_hit']) },
    // Where the limit is off, its numbers say nothing.
    newLeadsToday:
      leads === undefined || leads['enabled'] === false
        ? undefined
        : { limit: number(leads['limit']), used: number(leads['contacted']), met: flag(leads['limit_hit']) },
    inSchedule: flag(part('schedule_status')?.['in_schedule']),
    followUpsWaiting: number(waiting?.['count']),
    nextFollowUp: number(waiting?.['earliest_wait_time_seconds']),
    waitsForMatch: flag(part('esp_routing_status')?.['waiting_for_match']),
    domainsAtLimit: number(part('domain_limiter')?.['domains_at_limit']),
    noLeadsReady: flag(part('leads_status')?.['no_leads_ready']),
  };
}

/** The checks of one domain, in the list of those that pass or of those that do not (Instantly FACTS 2.1). */
export function decodeVitals(item: Json, domain: string): Omit<DomainVitals, 'source'> | undefined {
  const rows = ['success_list', 'failure_list'].flatMap((name) => list(item[name], object) ?? []);
  const row = rows.find((one) => text(one['domain'])?.toLowerCase() === domain.toLowerCase());
  return row && { mx: flag(row['mx']), spf: flag(row['spf']), dkim: flag(row['dkim']), dmarc: flag(row['dmarc']) };
}

/** What a campaign has sent and what bounced; campaigns without activity are missing (Instantly FACTS 2.3). */
export function decodeBounces(rows: readonly unknown[], campaignId: string): SentAndBounced | undefined {
  const row = rows.map(object).find((one) => text(one?.['campaign_id'])?.toLowerCase() === campaignId.toLowerCase());
  const [sent, bounced] = [number(row?.['emails_sent_count']), number(row?.['bounced_count'])];
  return sent === undefined || bounced === undefined ? undefined : { sent, bounced };
}

/** The emails in a campaign. Only the first sequence counts, and `delay` is the wait before the *next* email (Instantly FACTS 2.3). */
export function decodeSteps(document: unknown): Step[] {
  const [sequence] = list(object(document)?.['sequences'], object) ?? [];
  const steps = list(sequence?.['steps'], object) ?? [];
  return steps.map((step, index) => {
    const before = steps[index - 1];
    return {
      number: index + 1,
      delay: before && delayWords(number(before['delay']), text(before['delay_unit']) ?? 'days'),
      variants: (list(step['variants'], object) ?? []).map((variant, place) => ({
        name: variantName(place),
        subject: text(variant['subject']) ?? '',
        html: text(variant['body']) ?? '',
        disabled: flag(variant['v_disabled']) ?? false,
      })),
    };
  });
}
