import type { Json } from './instantlyWorld.ts';

/* What may be written, as published; the contract suite compares it with the document. */

const ids = { type: 'array', items: { type: 'integer' }, minItems: 1 };
const string = { type: 'string' };
const boolean = { type: 'boolean' };
const integer = { type: 'integer' };
const integerOrNull = { type: ['integer', 'null'] };

/** Whatever is not listed is refused, as `message_per_day` was (Smartlead FACTS 3.9). */
const record = (properties: Json, required: readonly string[] = []): Json => ({
  type: 'object',
  properties,
  ...(required.length > 0 ? { required } : {}),
  additionalProperties: false,
});

/** The body of POST /campaigns/{id}/status (Smartlead FACTS 3.3). */
export const statusBody = record({ status: { ...string, enum: ['START', 'PAUSED', 'STOPPED'] } }, ['status']);

/** The bodies of POST and DELETE /campaigns/{id}/email-accounts (Smartlead FACTS 3.7). */
export const attachBody = record({ email_account_ids: ids, auto_adjust_warmup: boolean }, ['email_account_ids']);
export const detachBody = record({ email_account_ids: ids }, ['email_account_ids']);

/** The body of POST /email-accounts/{id} (Smartlead FACTS 3.9). */
export const accountBody = record({
  max_email_per_day: integer,
  from_name: string,
  custom_tracking_url: string,
  bcc: string,
  signature: string,
  client_id: integerOrNull,
  time_to_wait_in_mins: integerOrNull,
  is_suspended: boolean,
});

/** The bodies of POST and DELETE /email-accounts/tag-mapping (Smartlead FACTS 3.11). */
export const tagBody = record({ email_account_ids: { ...ids, maxItems: 25 }, tag_ids: ids }, [
  'email_account_ids',
  'tag_ids',
]);
