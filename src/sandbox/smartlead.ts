import type { Json } from './instantlyWorld.ts';
import type { SandboxOptions } from './options.ts';
import { json, type Asked, type Reply } from './reply.ts';
import { invalid, noRoute, refusalOf, refuseUnknown } from './smartleadReplies.ts';
import type { SmartleadAccount, SmartleadWorld } from './smartleadWorld.ts';

/** Answers a GET below `/api/v1`, as recorded (Smartlead FACTS 2 to 5). */
export function answerSmartlead(
  world: SmartleadWorld,
  options: SandboxOptions['smartlead'],
  { method, path, query: parameters, key }: Asked,
): Reply {
  const refused = refusalOf(key);
  if (refused !== undefined) {
    return refused;
  }
  const tags = options.quirks.includes('includeTagsRefused') ? [] : ['include_tags'];
  const one = /^\/api\/v1\/(campaigns|email-accounts)\/([^/]+)(\/email-accounts|\/sequences|\/analytics)?\/?$/.exec(
    path,
  );
  if (/^\/api\/v1\/campaigns\/?$/.test(path)) {
    return refuseUnknown(parameters, ['client_id', ...tags]) ?? listCampaigns(world, parameters);
  }
  if (/^\/api\/v1\/email-accounts\/?$/.test(path)) {
    return listAccounts(world, options, parameters);
  }
  if (path === '/api/v1/email-accounts/tags') {
    return json(world.tags);
  }
  if (/^\/api\/v1\/client\/?$/.test(path)) {
    return refuseUnknown(parameters, []) ?? json([]);
  }
  if (one === null) {
    return noRoute(method, path);
  }
  const [, resource, rawId = '', part] = one;
  const id = Number(rawId);
  if (!Number.isInteger(id)) {
    return invalid('params', resource === 'campaigns' ? 'campaign_id' : 'email_account_id', 'must be a number');
  }
  if (part === '/sequences') {
    return refuseUnknown(parameters, []) ?? json(world.sequencesOf(id));
  }
  if (part === '/analytics') {
    return refuseUnknown(parameters, []) ?? json(analyticsOf(world, id));
  }
  if (part !== undefined) {
    return refuseUnknown(parameters, tags) ?? json(sendersOf(world, options, id, parameters));
  }
  if (resource === 'campaigns') {
    const campaign = world.campaigns.find((row) => row['id'] === id);
    // A missing campaign is 200 with nothing in it (Smartlead FACTS 3.2).
    return refuseUnknown(parameters, tags) ?? record(campaign ?? {}, options);
  }
  return oneAccount(world, options, id, parameters);
}

/** The numbers of a campaign, as text; of one that is not there `{}` (Smartlead FACTS 3.12). */
function analyticsOf(world: SmartleadWorld, id: number): Json {
  const campaign = world.campaigns.find((row) => row['id'] === id);
  if (campaign === undefined) {
    return {};
  }
  const planted = world.bounced.get(id);
  const sent = campaign['status'] === 'DRAFTED' ? 0 : planted === undefined ? 300 + (id % 1700) : 1000;
  // Too many bounces pause a campaign without a person.
  const bounced = Math.round((sent * (planted ?? (world.activityLogs.has(id) ? 5 : 1))) / 100);
  const { user_id, created_at, status, name } = campaign;
  return {
    ...{ id, user_id, created_at, status, name },
    sent_count: String(sent),
    unique_sent_count: String(sent),
    bounce_count: String(bounced),
    reply_count: '0',
    unsubscribed_count: '0',
    sequence_count: '3',
    campaign_lead_stats: { total: sent, inprogress: 0, completed: sent, notStarted: 0 },
  };
}

/** The answer of a read by id. */
function record(body: Json, options: SandboxOptions['smartlead']): Reply {
  return json(options.quirks.includes('recordsWrapped') ? { ok: true, data: body } : body);
}

function listCampaigns(world: SmartleadWorld, parameters: URLSearchParams): Reply {
  const withTags = parameters.get('include_tags') === 'true';
  const client = parameters.get('client_id');
  const rows = world.campaigns.filter((row) => client === null || row['client_id'] === Number(client));
  return json(
    // The activity logs are on the list only, and `{}` where there are none (Smartlead FACTS 3.1).
    rows.map((row) => ({
      ...row,
      campaign_activity_logs: world.activityLogs.get(Number(row['id'])) ?? {},
      ...(withTags ? { tags: [] } : {}),
    })),
  );
}

const LIST_PARAMETERS = [
  'offset', 'limit', 'isInUse', 'emailWarmupStatus', 'isSmtpSuccess', 'isWarmupBlocked', 'esp', 'username', 'client_id',
]; // prettier-ignore

function listAccounts(world: SmartleadWorld, options: SandboxOptions['smartlead'], parameters: URLSearchParams): Reply {
  const allowed = options.fetchCampaigns === 'refused' ? LIST_PARAMETERS : [...LIST_PARAMETERS, 'fetch_campaigns'];
  const refused = refuseUnknown(parameters, allowed);
  if (refused !== undefined) {
    return refused;
  }
  const offset = Number(parameters.get('offset') ?? 0);
  const limit = Number(parameters.get('limit') ?? 100);
  if (limit > 100) {
    return options.overLimit === 'silent' ? json([]) : json({ error: 'limit must be less than or equal to 100' }, 422);
  }
  if (offset > 0) {
    disturb(world, options.unrest);
  }
  return json(
    world.accounts
      .slice(offset, offset + limit)
      .map((account) => ({ ...listRow(account, options), ...campaignIds(account, options, parameters) })),
  );
}

/** Brings a new account to the front, takes the first one away, or moves the last one to the front. */
function disturb({ accounts }: SmartleadWorld, unrest: SandboxOptions['smartlead']['unrest']): void {
  const [first] = accounts;
  const last = accounts.at(-1);
  if (first === undefined || last === undefined || unrest === 'none') {
    return;
  }
  if (unrest === 'inserts') {
    const id = accounts.reduce((most, account) => Math.max(most, account.id), 0) + 1;
    accounts.unshift({ ...first, id, shared: { ...first.shared, id }, campaignIds: [] });
  } else if (unrest === 'deletes') {
    accounts.shift();
  } else {
    accounts.pop();
    accounts.unshift(last);
  }
}

/** What `fetch_campaigns` adds to a row. */
function campaignIds(
  { id, campaignIds }: SmartleadAccount,
  { fetchCampaigns, quirks }: SandboxOptions['smartlead'],
  parameters: URLSearchParams,
): Json {
  const part = quirks.includes('campaignIdsPartial') ? id % 4 : undefined;
  if (parameters.get('fetch_campaigns') !== 'true' || fetchCampaigns !== 'answered' || part === 0) {
    return {};
  }
  const ids = quirks.includes('campaignIdsEmpty') ? [] : campaignIds;
  const rows = quirks.includes('campaignIdsObjects') ? ids.map((campaign) => ({ id: campaign })) : ids;
  return { campaign_ids: part === 1 ? null : rows };
}

function listRow(account: SmartleadAccount, { quirks }: SandboxOptions['smartlead']): Json {
  const reputation = account.reputation === null ? null : `${account.reputation}%`;
  return {
    ...account.shared,
    ...passwords(account, 'base64'),
    expires_at: account.shared['created_at'],
    minTimeToWaitInMins: account.gap ?? null,
    client_id: account.clientId,
    // Not usable, whatever the truth is (Smartlead FACTS 3.8).
    campaign_count: 0,
    is_connected_to_campaign: null,
    tags: account.tags,
    warmup_details:
      account.warmup === null
        ? null
        : {
            ...account.warmup,
            warmup_reputation: reputation,
            warmup_created_at: account.shared['created_at'],
            blocked_reason:
              account.blockedOnlyById === true || quirks.includes('blocksOnlyById') ? null : account.blockedReason,
          },
  };
}

function oneAccount(
  world: SmartleadWorld,
  options: SandboxOptions['smartlead'],
  id: number,
  parameters: URLSearchParams,
): Reply {
  const refused = refuseUnknown(
    parameters,
    options.fetchCampaigns === 'refused' ? [] : ['fetch_campaigns', 'fetch_tags'],
  );
  if (refused !== undefined) {
    return refused;
  }
  const account = world.byId.get(id);
  if (account === undefined) {
    return json({ error: 'Email account not found' }, 404);
  }
  const body = {
    ...account.shared,
    ...passwords(account, 'plain'),
    is_suspended: account.suspended,
    client_id: account.clientId,
    use_whitelabel_credentials: false,
    warmup_details:
      account.warmup === null
        ? null
        : {
            id: 800_000_000 + id,
            ...account.warmup,
            created_at: account.shared['created_at'],
            blocked_reason: account.blockedReason,
            is_warmup_blocked: account.blockedReason !== null,
            // A number here, a string with a percent sign on the list.
            warmup_reputation: account.reputation,
          },
    ...(parameters.get('fetch_tags') === 'true' ? { tags: account.tags } : {}),
    ...campaignIds(account, options, parameters),
  };
  return record(body, options);
}

function sendersOf(
  world: SmartleadWorld,
  { quirks }: SandboxOptions['smartlead'],
  id: number,
  parameters: URLSearchParams,
): Json[] {
  const withTags = parameters.get('include_tags') === 'true';
  const damaged = quirks.includes('sendersDamaged') ? [{ from_email: 'damaged@fabrikam.test' }] : [];
  const rows = (world.sendersOf.get(id) ?? []).map((account) => ({
    ...account.shared,
    ...passwords(account, 'plain'),
    ...(withTags
      ? { tags: account.tags.map((tag) => ({ tag_id: tag['id'], tag_name: tag['name'], tag_color: tag['color'] })) }
      : {}),
  }));
  return [...rows, ...damaged];
}

function passwords(account: SmartleadAccount, form: 'plain' | 'base64'): Json {
  const { password } = account;
  const value = password !== null && form === 'base64' ? Buffer.from(password).toString('base64') : password;
  return { password: value, imap_password: value };
}
