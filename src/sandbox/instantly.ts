import { checksOf } from './domains.ts';
import {
  accountRow,
  badRequest,
  campaignRow,
  noRoute,
  notFound,
  notUuid,
  refusalOf,
  UUID,
} from './instantlyReplies.ts';
import { campaignAnalytics, sendingStatus } from './instantlySending.ts';
import type { InstantlyAccount, InstantlyWorld, Json } from './instantlyWorld.ts';
import type { InstantlyQuirk, SandboxOptions } from './options.ts';
import { json, parsed, type Asked, type Reply } from './reply.ts';

const QUESTION = '/api/v2/accounts/test/vitals';

/** Whether a request only reads: all GETs do, and one POST (Instantly FACTS 2.1). */
export function readsInstantly({ method, path }: Pick<Asked, 'method' | 'path'>): boolean {
  return method === 'GET' || (method === 'POST' && path === QUESTION);
}

/** Answers a read below `/api/v2`, as recorded (Instantly FACTS 1 to 3). */
export function answerInstantly(
  world: InstantlyWorld,
  { quirks, skip }: SandboxOptions['instantly'],
  { method, path, query, key, text }: Asked,
): Reply {
  const refused = refusalOf(key);
  if (refused !== undefined) {
    return refused;
  }
  const [resource = '', rawId, extra] = path.split('/').slice(3);
  const id = rawId === undefined ? undefined : decodeURIComponent(rawId);
  const scope = SCOPES[resource];
  const isQuestion = path === QUESTION;
  const isKnown = isQuestion || extra === undefined || (resource === 'campaigns' && extra === 'sending-status');
  if (scope === undefined || !isKnown || !path.startsWith('/api/v2/') || isQuestion !== (method === 'POST')) {
    return noRoute(method, path);
  }
  const forbidden = refusalOf(key, `${scope}:read`);
  if (forbidden !== undefined) {
    return forbidden;
  }
  const limit = pageSize(query);
  if (typeof limit !== 'number') {
    return limit;
  }
  switch (resource) {
    case 'workspaces':
      return id === 'current' ? json(world.workspace) : noRoute(method, path);
    case 'accounts':
      if (isQuestion) {
        return vitals(parsed(text));
      }
      return id === undefined ? listAccounts(world, quirks, skip, query, limit) : oneAccount(world, id);
    case 'campaigns':
      if (id === 'analytics' && extra === undefined) {
        return json(campaignAnalytics(world, query.get('id')));
      }
      if (id !== undefined && extra !== undefined) {
        const campaign = world.campaigns.find((row) => row['id'] === id);
        return UUID.test(id) ? oneOf(campaign && sendingStatus(world, campaign)) : notUuid();
      }
      return id === undefined ? listCampaigns(world, quirks, query, limit) : oneCampaign(world, quirks, id);
    case 'account-campaign-mappings':
      return id === undefined ? noRoute(method, path) : listMappings(world, quirks, id, query, limit);
    case 'custom-tags':
      return id === undefined ? listTags(world, query, limit) : oneOf(world.tags.find((tag) => tag['id'] === id));
    default:
      return id === undefined ? listTagMappings(world, quirks, query, limit) : noRoute(method, path);
  }
}

const SCOPES: Readonly<Record<string, string>> = {
  workspaces: 'workspaces',
  accounts: 'accounts',
  campaigns: 'campaigns',
  'account-campaign-mappings': 'account_campaign_mappings',
  'custom-tags': 'custom_tags',
  'custom-tag-mappings': 'custom_tag_mappings',
};

/** Which domains pass, of accounts that need not be there; without any it is an error of another shape (Instantly FACTS 2.1). */
function vitals(sent: unknown): Reply {
  const { accounts } = (sent ?? {}) as { accounts?: unknown };
  if (!Array.isArray(accounts) || accounts.length === 0) {
    return json({ error: 'Bad request - no emails sent' }, 400);
  }
  const rows = [...new Set(accounts.map((email) => String(email).split('@').at(-1) ?? ''))].map((domain) => {
    const checks = checksOf(domain);
    return { domain, allPass: Object.values(checks).every(Boolean), ...checks };
  });
  return json({
    status: 'success',
    success_list: rows.filter(({ allPass }) => allPass),
    failure_list: rows.filter(({ allPass }) => !allPass),
  });
}

/** 10 unless asked otherwise, and at most 100 (Instantly FACTS 1.1). */
function pageSize(query: URLSearchParams): number | Reply {
  const raw = query.get('limit');
  if (raw === null) {
    return 10;
  }
  const limit = Number(raw);
  if (!Number.isInteger(limit)) {
    return badRequest('querystring/limit must be integer');
  }
  if (limit < 1) {
    return badRequest('querystring/limit must be >= 1');
  }
  return limit > 100 ? badRequest('querystring/limit must be <= 100') : limit;
}

/** A page; a cursor comes with every page that is not empty, the last one too (Instantly FACTS 1.1). */
function page(rows: readonly Json[], start: number, limit: number, cursorOf: (row: Json) => string): Reply {
  const items = rows.slice(start, start + limit);
  const last = items.at(-1);
  return json(last === undefined ? { items } : { items, next_starting_after: cursorOf(last) });
}

function listAccounts(
  world: InstantlyWorld,
  quirks: readonly InstantlyQuirk[],
  skip: SandboxOptions['instantly']['skip'],
  query: URLSearchParams,
  limit: number,
): Reply {
  if (query.has('skip') && skip === 'refused') {
    return badRequest('querystring must NOT have additional properties');
  }
  const withTags = query.get('include_tags') === 'true' && !quirks.includes('tagsLeftOut');
  const tagIds = query
    .get('tag_ids')
    ?.split(',')
    .map((id) => id.trim());
  const search = query.get('search')?.toLowerCase();
  const status = query.get('status');
  let accounts = world.accounts;
  if (tagIds !== undefined) {
    accounts = accounts.filter((account) => account.tagIds.some((id) => tagIds.includes(id)));
  }
  if (search !== undefined) {
    accounts = accounts.filter((account) => account.email.includes(search));
  }
  if (status !== null) {
    accounts = accounts.filter((account) => account.row['status'] === Number(status));
  }
  const cursor = query.get('starting_after');
  const sorted = query.get('sort_by') === 'email' && skip !== 'ignored';
  let start = 0;
  if (sorted) {
    const ascending = sortedByEmail(accounts);
    accounts = query.get('sort_order') === 'asc' ? ascending : ascending.toReversed();
    const after = cursor?.split('&')[1];
    const place = after === undefined ? 0 : accounts.findIndex(({ email }) => email === after) + 1;
    start = place + Number(query.get('skip') ?? 0);
  } else if (cursor !== null) {
    // `timestamp&email`; an unencoded cursor loses its second half to the query string, as it does for real.
    const [created = '', email] = cursor.split('&');
    const behind = (account: InstantlyAccount) => {
      const own = String(account.row['timestamp_created']);
      return own < created || (own === created && email !== undefined && account.email < email);
    };
    start = Number.isNaN(Date.parse(created)) ? -1 : accounts.findIndex(behind);
    start = start < 0 ? accounts.length : start;
  }
  const tags = new Map(world.tags.map((tag) => [tag['id'], { id: tag['id'], label: tag['label'] }]));
  const items = accounts
    .slice(start, start + limit)
    .map((account) => (withTags ? { ...account.row, tags: account.tagIds.map((id) => tags.get(id)) } : account.row));
  if (sorted && skip === 'supportedWithoutCursor') {
    return json({ items });
  }
  return page(items, 0, limit, (row) => `${String(row['timestamp_created'])}&${String(row['email'])}`);
}

let lastSorted: { readonly accounts: readonly InstantlyAccount[]; readonly sorted: InstantlyAccount[] } | undefined;

/** The last order is kept: sorting thousands of accounts for each page takes longer than the page. */
function sortedByEmail(accounts: readonly InstantlyAccount[]): InstantlyAccount[] {
  const known = lastSorted;
  if (known?.accounts.length !== accounts.length || !accounts.every((one, index) => one === known.accounts[index])) {
    const sorted = accounts.toSorted((a, b) => (a.email < b.email ? -1 : 1));
    lastSorted = { accounts: [...accounts], sorted };
    return sorted;
  }
  return known.sorted;
}

function oneAccount(world: InstantlyWorld, email: string): Reply {
  const account = world.byEmail.get(email);
  if (account === undefined) {
    return notFound();
  }
  return json(accountRow(account));
}

function listCampaigns(
  world: InstantlyWorld,
  quirks: readonly InstantlyQuirk[],
  query: URLSearchParams,
  limit: number,
): Reply {
  const search = query.get('search')?.toLowerCase();
  const found =
    search === undefined
      ? world.campaigns
      : world.campaigns.filter((row) => String(row['name']).toLowerCase().includes(search));
  const rows = found.map((row) => campaignRow(row, quirks));
  return page(rows, after(rows, 'id', query.get('starting_after'), 'descending'), limit, (row) => String(row['id']));
}

function oneCampaign(world: InstantlyWorld, quirks: readonly InstantlyQuirk[], id: string): Reply {
  const campaign = world.campaigns.find((row) => row['id'] === id);
  return UUID.test(id) ? oneOf(campaign && campaignRow(campaign, quirks)) : notUuid();
}

function listMappings(
  world: InstantlyWorld,
  quirks: readonly InstantlyQuirk[],
  email: string,
  query: URLSearchParams,
  limit: number,
): Reply {
  const campaigns = (world.campaignsOf.get(email) ?? []).filter(
    (campaign) =>
      !quirks.includes('mappingsLackTagged') || ((campaign['email_list'] ?? []) as string[]).includes(email),
  );
  if (campaigns.length === 0 && quirks.includes('mappingsNotFound')) {
    return notFound();
  }
  const rows: Json[] = campaigns.map((campaign) => ({
    campaign_id: campaign['id'],
    campaign_name: campaign['name'],
    timestamp_created: campaign['timestamp_created'],
    ...(campaign['status'] === 0 ? {} : { status: campaign['status'] }),
  }));
  if (quirks.includes('mappingsDamaged')) {
    rows.push({ campaign_name: 'A campaign without an id', timestamp_created: '2020-01-01T00:00:00.000Z' });
  }
  const start = after(rows, 'timestamp_created', query.get('starting_after'), 'descending');
  return page(rows, start, limit, (row) => String(row['timestamp_created']));
}

function listTags(world: InstantlyWorld, query: URLSearchParams, limit: number): Reply {
  const ids = query
    .get('tag_ids')
    ?.split(',')
    .map((id) => id.trim());
  const rows = ids === undefined ? world.tags : world.tags.filter((tag) => ids.includes(String(tag['id'])));
  return page(rows, after(rows, 'id', query.get('starting_after'), 'ascending'), limit, (row) => String(row['id']));
}

function listTagMappings(
  world: InstantlyWorld,
  quirks: readonly InstantlyQuirk[],
  query: URLSearchParams,
  limit: number,
): Reply {
  const ids = quirks.includes('resourceIdsIgnored')
    ? undefined
    : query
        .get('resource_ids')
        ?.split(',')
        .map((id) => id.trim());
  const rows =
    ids === undefined ? world.tagMappings : world.tagMappings.filter((row) => ids.includes(String(row['resource_id'])));
  const start = after(rows, 'timestamp_created', query.get('starting_after'), 'descending');
  // The cursor is a timestamp, though the documentation says an id (Instantly FACTS 1.1).
  return page(rows, start, limit, (row) => String(row['timestamp_created']));
}

/** Where to go on after a cursor, which names a place in the order and not a row: the row may be gone by now. */
function after(rows: readonly Json[], field: string, cursor: string | null, order: 'ascending' | 'descending'): number {
  if (cursor === null) {
    return 0;
  }
  const same = rows.findIndex((row) => row[field] === cursor);
  if (same >= 0) {
    return same + 1;
  }
  const next = rows.findIndex((row) =>
    order === 'ascending' ? String(row[field]) > cursor : String(row[field]) < cursor,
  );
  return next < 0 ? rows.length : next;
}

function oneOf(row: Json | undefined): Reply {
  return row === undefined ? notFound() : json(row);
}
