import type { Json } from './instantlyWorld.ts';
import { TIME_ZONES } from './instantlyTimeZones.ts';

/* What may be written, as published; the contract suite compares it with the document. */

const orNull = (type: string) => ({ type: [type, 'null'] });
const boolean = { type: 'boolean' };
const string = { type: 'string' };
const number = { type: 'number' };
const uuid = { type: 'string', format: 'uuid' };
const date = { ...orNull('string'), format: 'date' };
const time = { type: 'string', pattern: '^([01][0-9]|2[0-3]):([0-5][0-9])$' };
const unit = { type: 'string', enum: ['minutes', 'hours', 'days'], default: 'days' };
const listOf = (items: Json) => ({ type: 'array', items });
const oneOf = (...values: readonly string[]) => ({ type: 'string', enum: values });
const record = (properties: Json, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  ...(required.length > 0 ? { required } : {}),
});
const esps = listOf(oneOf('all', 'google', 'outlook', 'other'));

const schedule = record(
  {
    name: string,
    timing: record({ from: time, to: time }, ['from', 'to']),
    days: {
      ...record(Object.fromEntries(Array.from({ length: 7 }, (_, day) => [String(day), boolean]))),
      minProperties: 1,
    },
    timezone: oneOf(...TIME_ZONES),
  },
  ['name', 'timing', 'days', 'timezone'],
);
const step = record(
  {
    type: oneOf('email'),
    delay: number,
    delay_unit: unit,
    pre_delay: number,
    pre_delay_unit: unit,
    variants: listOf(record({ subject: string, body: string, v_disabled: boolean }, ['subject', 'body'])),
  },
  ['type', 'delay', 'variants'],
);

/** The body of PATCH /campaigns/{id} (Instantly FACTS 2.3). */
export const campaignBody: Json = {
  ...record({
    name: string,
    pl_value: orNull('number'),
    is_evergreen: orNull('boolean'),
    campaign_schedule: record({ start_date: date, end_date: date, schedules: { ...listOf(schedule), minItems: 1 } }, [
      'schedules',
    ]),
    sequences: listOf(record({ steps: listOf(step) }, ['steps'])),
    email_gap: orNull('number'),
    random_wait_max: orNull('number'),
    text_only: orNull('boolean'),
    first_email_text_only: orNull('boolean'),
    email_list: listOf(string),
    daily_limit: orNull('number'),
    stop_on_reply: orNull('boolean'),
    email_tag_list: listOf(uuid),
    link_tracking: orNull('boolean'),
    open_tracking: boolean,
    stop_on_auto_reply: orNull('boolean'),
    daily_max_leads: { ...orNull('integer'), minimum: 0 },
    prioritize_new_leads: orNull('boolean'),
    auto_variant_select: {
      ...record({ trigger: oneOf('reply_rate', 'click_rate', 'open_rate') }, ['trigger']),
      ...orNull('object'),
    },
    match_lead_esp: orNull('boolean'),
    stop_for_company: orNull('boolean'),
    insert_unsubscribe_header: orNull('boolean'),
    allow_risky_contacts: orNull('boolean'),
    disable_bounce_protect: orNull('boolean'),
    limit_emails_per_company_override: {
      ...record(
        {
          mode: oneOf('custom', 'disabled'),
          daily_limit: { ...number, minimum: 1 },
          scope: oneOf('per_campaign', 'across_workspace'),
        },
        ['mode'],
      ),
      ...orNull('object'),
    },
    cc_list: listOf({ ...string, format: 'email' }),
    bcc_list: listOf({ ...string, format: 'email' }),
    owned_by: { ...orNull('string'), format: 'uuid' },
    provider_routing_rules: {
      ...listOf(record({ action: oneOf('send', 'do_not_send'), recipient_esp: esps, sender_esp: esps })),
      // As published: beside the items and not in them, where it demands nothing.
      required: ['action', 'recipient_esp', 'sender_esp'],
    },
  }),
  additionalProperties: false,
  minProperties: 1,
};

/** The body of PATCH /accounts/{email} (Instantly FACTS 2.1). */
export const accountBody: Json = {
  ...record({
    first_name: string,
    last_name: string,
    warmup: record({
      limit: number,
      advanced: record({
        warm_ctd: boolean,
        open_rate: number,
        important_rate: number,
        read_emulation: boolean,
        spam_save_rate: number,
        weekday_only: boolean,
      }),
      warmup_custom_ftag: string,
      increment: oneOf('disabled', '0', '1', '2', '3', '4'),
      reply_rate: number,
    }),
    daily_limit: orNull('number'),
    tracking_domain_name: orNull('string'),
    tracking_domain_status: orNull('string'),
    enable_slow_ramp: orNull('boolean'),
    inbox_placement_test_limit: { ...orNull('number'), minimum: 0 },
    sending_gap: { ...number, minimum: 0, maximum: 1440 },
    signature: orNull('string'),
    reply_to: { ...orNull('string'), format: 'email' },
    skip_cname_check: boolean,
    remove_tracking_domain: boolean,
  }),
  additionalProperties: false,
  minProperties: 1,
};

/** The body of POST /accounts/pause (Instantly FACTS 2.1). */
export const pauseBody: Json = {
  ...record({ emails: { ...listOf(string), minItems: 1, maxItems: 100 } }, ['emails']),
  additionalProperties: false,
};

/**
 * The body of POST /custom-tags/toggle-resource (Instantly FACTS 2.4), without `filter` and `search`, which narrow
 * what `selected_all` selects: nobody should send that.
 */
export const tagBody: Json = {
  ...record(
    {
      tag_ids: { ...listOf(uuid), minItems: 1 },
      resource_type: { ...number, enum: [1, 2] },
      resource_ids: { ...listOf(string), minItems: 1 },
      excluded_resource_ids: { ...listOf(string), minItems: 1 },
      assign: boolean,
      selected_all: boolean,
    },
    ['tag_ids', 'resource_type', 'assign'],
  ),
  additionalProperties: false,
};

/** The body of DELETE /campaigns/{id}: none, or the literal `null` (Instantly FACTS 2.3). */
export const noBody: Json = { type: 'null' };
