import assert from 'node:assert/strict';
import { campaignStatus } from '../../../src/providers/instantly/codes.ts';
import { decodeAccount, decodeCampaign, decodeMapping } from '../../../src/providers/instantly/decode.ts';
import { meaningOf } from '../../../src/providers/codes.ts';
import { decodePage } from '../../../src/providers/page.ts';
import type { Provider, ReadCheck } from '../../../src/providers/provider.ts';
import type { Json } from '../../../src/sandbox/instantlyWorld.ts';
import type { InstantlyQuirk } from '../../../src/sandbox/options.ts';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.ts';
import { isServiceError } from '../../../src/transport/errors.ts';
import { collect, connect, documentText } from '../../support/connect.ts';
import { exchanges } from '../../support/fixtures.ts';

const bodyOf = (name: string, index = 0) => exchanges(name)[index]!.response.body as { items: unknown[] };

describe('Instantly: decoding', () => {
  it('reads the recorded bare IMAP account, and leaves out what it leaves out', () => {
    const account = decodeAccount(exchanges('account.get.minimal-imap.json')[0]!.response.body as never);
    assert.ok(typeof account === 'object');
    assert.equal(account.key, 'sender4@example.com');
    assert.equal(account.statusWords, 'Active');
    assert.equal(account.providerType, 'Custom IMAP/SMTP');
    assert.equal(account.warmupScore, undefined);
    assert.equal(account.warmupWords, 'No warmup');
    assert.equal(account.dailyLimit, undefined);
    assert.equal(account.reason, undefined);
  });

  it('reads the list with tags and the mail server’s own words', () => {
    const { items, invalid } = decodePage(bodyOf('accounts.list.with-tags.synthetic.json').items, decodeAccount);
    assert.deepEqual(invalid, []);
    assert.deepEqual(items[0]?.tags, [{ id: '5810ba01-0000-4000-8000-000000000018', label: 'Batch A' }]);
    assert.equal(items[1]?.statusWords, 'Reconnect failed');
    assert.equal(items[1].state, 'error');
    assert.deepEqual(items[1].others, ['Sending Error: 550-5.4.5 Daily user sending limit exceeded.']);
  });

  it('reads the recorded campaigns and mappings', () => {
    const campaigns = decodePage(bodyOf('campaigns.list.first-3.json').items, decodeCampaign);
    assert.equal(campaigns.items.length, 3);
    assert.equal(campaigns.items[0]?.statusWords, 'Accounts Unhealthy');
    const mappings = decodePage(bodyOf('account-campaign-mappings.synthetic.json').items, decodeMapping);
    assert.deepEqual(
      mappings.items.map((item) => item.statusWords),
      ['Active', 'Completed', 'Status not given'],
    );
  });

  it('shows codes that nobody has explained, and never throws', () => {
    assert.deepEqual(meaningOf(campaignStatus, 12), { words: 'Unknown (12)', state: 'unknown' });
    assert.deepEqual(meaningOf(campaignStatus, 'constructor'), { words: 'Unknown (constructor)', state: 'unknown' });
    const odd = decodeAccount({
      email: 'a@b.c',
      status: {},
      warmup: 'no',
      tags: [null, 3, { id: 'x' }],
      daily_limit: '30',
    });
    assert.ok(typeof odd === 'object');
    assert.deepEqual([odd.dailyLimit, odd.tags], [30, [{ id: 'x', label: 'x' }]]);
  });

  it('makes one bad record one bad row', () => {
    const { items, invalid } = decodePage([{ email: 'a@b.c' }, null, { first_name: 'No', id: 7 }, 'x'], decodeAccount);
    assert.equal(items.length, 1);
    assert.deepEqual(
      invalid.map(({ label, problem }) => `${label}: ${problem}`),
      ['Record without a name: is not an object', '7: has no email', 'Record without a name: is not an object'],
    );
  });
});

describe('Instantly: requests', () => {
  let sandbox: Sandbox;
  let provider: Provider;

  before(async () => {
    sandbox = await startSandbox({ instantly: { accounts: 230, campaigns: 130, tags: 4 } });
  });
  after(() => sandbox.close());
  beforeEach(() => {
    sandbox.requests.length = 0;
    sandbox.clearOverrides();
    provider = connect('instantly', { baseUrl: sandbox.baseUrls.instantly });
  });
  afterEach(() => {
    provider.client.dispose();
  });

  const paths = () => sandbox.requests.map(({ path }) => path.replace('/api/v2', ''));

  it('reads all accounts with encoded cursors and full pages', async () => {
    const accounts = await collect(provider.accountPages());
    assert.equal(new Set(accounts.map(({ key }) => key)).size, 230);
    assert.equal(sandbox.requests.length, 4);
    for (const { query } of sandbox.requests) {
      assert.equal(query['limit'], '100');
      assert.equal(query['include_tags'], 'true');
    }
    assert.match(sandbox.requests[1]?.query['starting_after'] ?? '', /^\d{4}-.*&.*@/);
  });

  it('asks for fewer campaigns at once where they are large, and loses none', async () => {
    const large = await startSandbox({ instantly: { accounts: 2000, campaigns: 130, tags: 0, senders: 2000 } });
    const campaigns = await collect(connect('instantly', { baseUrl: large.baseUrls.instantly }).campaignPages());
    await large.close();
    const limits = large.requests.map(({ query }) => Number(query['limit']));
    assert.equal(limits[0], 100);
    assert.ok(
      limits.slice(1).every((limit) => limit < 100),
      limits.join(),
    );
    assert.equal(new Set(campaigns.map(({ id }) => id)).size, 130);
  });

  it('reads all campaigns, those of the AI agent too', async () => {
    assert.equal((await collect(provider.campaignPages())).length, 130);
    assert.equal(sandbox.requests[0]?.query['include_ai_sales_agent_campaigns'], 'true');
  });

  it('takes all pages of the mapping, and encodes the email', async () => {
    const account = sandbox.instantly.accounts[0]!;
    const mapping = await provider.mappingOf(account.email);
    const truth = sandbox.instantly.campaignsOf.get(account.email) ?? [];
    assert.deepEqual(mapping.campaigns?.map(({ id }) => id).sort(), truth.map((row) => String(row['id'])).sort());
    assert.equal(sandbox.requests[0]?.path, `/api/v2/account-campaign-mappings/${encodeURIComponent(account.email)}`);
  });

  it('resolves the senders of a campaign, each with why it is one', async () => {
    const campaign = sandbox.instantly.campaigns.find((row) => Array.isArray(row['email_tag_list']))!;
    const { senders } = await provider.sendersOf(String(campaign['id']));
    const [tagId] = campaign['email_tag_list'] as string[];
    const listed = campaign['email_list'] as string[];
    const tagged = sandbox.instantly.accounts
      .filter((account) => account.tagIds.includes(tagId!))
      .map(({ email }) => email);
    assert.deepEqual(senders.map(({ account }) => account.key).sort(), [...new Set([...listed, ...tagged])].sort());
    for (const { account, reasons } of senders) {
      const kinds = reasons.map(({ kind }) => kind);
      assert.equal(kinds.includes('listed'), listed.includes(account.key));
      assert.equal(kinds.includes('tag'), tagged.includes(account.key));
    }
  });

  it('ends on a looping cursor with an error instead of for ever', async () => {
    const page = (next: string) => ({ status: 200, body: { items: [{ email: 'a@b.c' }], next_starting_after: next } });
    sandbox.override({ path: /^\/api\/v2\/accounts\?/, reply: page('one') });
    sandbox.override({ path: /starting_after=one/, reply: page('two') });
    await assert.rejects(
      collect(provider.accountPages()),
      (error) => isServiceError(error) && error.message.includes('repeats itself'),
    );
  });

  it('ends where the cursor stays the same', async () => {
    const body = { items: [{ email: 'a@b.c' }], next_starting_after: 'same' };
    sandbox.override({ path: /^\/api\/v2\/accounts\?/, reply: { status: 200, body } });
    await collect(provider.accountPages());
    assert.equal(sandbox.requests.length, 2);
  });

  it('says that accounts may be missing where a full page ends with a cursor that is only a time', async () => {
    const time = '2026-01-01T00:00:00.000Z';
    const items = Array.from({ length: 100 }, (_, n) => ({ email: `a${n}@b.c`, timestamp_created: time }));
    const warnings = async (count: number, cursor: string) => {
      const body = { items: items.slice(0, count), next_starting_after: cursor };
      sandbox.override({ path: /starting_after/, reply: { status: 200, body: { items: [] } } });
      sandbox.override({ path: /^\/api\/v2\/accounts\?(?!.*starting_after)/, reply: { status: 200, body } });
      const found: (string | undefined)[] = [];
      for await (const page of provider.accountPages()) {
        found.push(page.warning);
      }
      const tagged: string[] = [];
      for await (const { invalid } of provider.accountsWithTag!('t')) {
        tagged.push(...invalid.map(({ label, problem }) => `${label} ${problem}`));
      }
      return [...found, ...tagged];
    };
    assert.deepEqual(await warnings(100, time), [
      'the list may skip some that were created at the same moment',
      't has accounts that may be missing',
    ]);
    assert.deepEqual(await warnings(99, time), [undefined]);
    assert.deepEqual(await warnings(100, `${time}&a99@b.c`), [undefined]);
  });

  it('takes a key without workspaces:read for a good key', async () => {
    const narrow = await startSandbox({ keys: [{ key: 'narrow', service: 'instantly', scopes: ['accounts:read'] }] });
    const subject = connect('instantly', { baseUrl: narrow.baseUrls.instantly, key: 'narrow' });
    assert.deepEqual(await subject.checkKey(), {});
    const checks: ReadCheck[] = [];
    for await (const check of subject.checkReads()) {
      checks.push(check);
    }
    assert.deepEqual(
      checks.map(({ scope, result }) => `${scope}: ${result}`),
      [
        'workspaces:read: missingScope',
        'accounts:read: allowed',
        'campaigns:read: missingScope',
        'account_campaign_mappings:read: missingScope',
        'custom_tags:read: missingScope',
        'custom_tag_mappings:read: missingScope',
      ],
    );
    await narrow.close();
  });

  it('gives the name of the workspace for the label', async () => {
    assert.deepEqual(await provider.checkKey(), { name: 'Northwind outbound' });
  });

  it('fetches each document with the requests it needs and no more', async () => {
    const account = sandbox.instantly.accounts.find(({ tagIds }) => tagIds.length > 0)!;
    const campaign = String(sandbox.instantly.campaigns[0]!['id']);
    const email = encodeURIComponent(account.email);
    for (const [kind, id, expected] of [
      ['account', account.email, [`/accounts/${email}`]],
      ['campaign', campaign, [`/campaigns/${campaign}`]],
      ['workspace', '', ['/workspaces/current']],
      ['account-tags', account.email, ['/custom-tag-mappings', '/custom-tag-mappings', '/custom-tags', '/custom-tags']],
    ] as const) {
      sandbox.requests.length = 0;
      const document = JSON.parse(await documentText(provider, kind, id)) as Record<string, unknown>;
      assert.deepEqual(paths(), expected, kind);
      assert.ok(Object.keys(document).length > 0);
    }
  });

  it('joins tag mappings with their tags', async () => {
    const account = sandbox.instantly.accounts.find(({ tagIds }) => tagIds.length > 0)!;
    const { items } = JSON.parse(await documentText(provider, 'account-tags', account.email)) as {
      items: { tag_id: string; tag: { id: string; label: string } }[];
    };
    assert.deepEqual(items.map(({ tag_id }) => tag_id).sort(), [...account.tagIds].sort());
    assert.ok(items.every(({ tag, tag_id }) => tag.id === tag_id && tag.label !== ''));
  });

  it('puts all pages of a mapping into one document', async () => {
    const campaigns = Array.from({ length: 250 }, (_, n) => ({
      campaign_id: `c${n}`,
      campaign_name: `n${n}`,
      timestamp_created: 'x',
    }));
    const email = 'many@example.com';
    sandbox.override({
      path: /starting_after=b/,
      reply: { status: 200, body: { items: campaigns.slice(200), next_starting_after: 'c' } },
    });
    sandbox.override({
      path: /starting_after=a/,
      reply: { status: 200, body: { items: campaigns.slice(100, 200), next_starting_after: 'b' } },
    });
    sandbox.override({ path: /starting_after=c/, reply: { status: 200, body: { items: [] } } });
    sandbox.override({
      path: /many.*limit=100$/,
      reply: { status: 200, body: { items: campaigns.slice(0, 100), next_starting_after: 'a' } },
    });
    const document = JSON.parse(await documentText(provider, 'account-campaigns', email)) as { items: unknown[] };
    assert.deepEqual(document.items, campaigns);
  });

  it('takes a route that is not there for a service that changed, not for a record that is gone', async () => {
    const message = 'Route GET:/api/v2/accounts/a not found';
    sandbox.override({ path: /./, reply: { status: 404, body: { message, error: 'Not Found', statusCode: 404 } } });
    await assert.rejects(
      provider.account('a'),
      (error) => isServiceError(error) && error.kind === 'malformed' && error.serviceMessage === message,
    );
  });

  for (const [id, kind] of [
    ['nobody@example.com', 'account'],
    ['00000000-0000-4000-8000-000000000000', 'campaign'],
    ['no-uuid', 'campaign'],
  ] as const) {
    it(`says that there is no ${kind} "${id}"`, async () => {
      await assert.rejects(provider.document(kind, id), (error) => isServiceError(error) && error.kind === 'notFound');
    });
  }
});

describe('Instantly: what nothing forbids', () => {
  let sandbox: Sandbox;
  let provider: Provider;
  afterEach(() => sandbox.close());

  async function start(quirks: readonly InstantlyQuirk[], size: { accounts?: number; campaigns?: number } = {}) {
    sandbox = await startSandbox({ instantly: { accounts: 120, campaigns: 12, ...size, quirks } });
    provider = connect('instantly', { baseUrl: sandbox.baseUrls.instantly });
    return sandbox.instantly;
  }

  const idOf = (row: Json | undefined) => String(row?.['id']);
  const first = <T>(pages: AsyncIterable<T>) =>
    (async () => {
      for await (const page of pages) {
        return page;
      }
      return undefined;
    })();

  /** The ids of the tags on each campaign, as the sandbox has them. */
  function tagIdsOnCampaigns(): Map<string, string[]> {
    const tagIds = new Map<string, string[]>();
    for (const row of sandbox.instantly.tagMappings.filter((mapping) => mapping['resource_type'] === 2)) {
      const id = String(row['resource_id']);
      tagIds.set(id, [...(tagIds.get(id) ?? []), String(row['tag_id'])]);
    }
    return tagIds;
  }

  const campaignMapping = (campaign: string, tag: string, created: string) => ({
    id: `${campaign} ${tag}`,
    tag_id: tag,
    resource_id: campaign,
    resource_type: 2,
    timestamp_created: created,
  });

  it('says where the list of accounts lacks the tags that were asked for', async () => {
    await start(['tagsLeftOut']);
    assert.equal((await first(provider.accountPages()))?.lacks, 'tags');
  });

  it('takes null and no tags for an answer, and an empty page for nothing', async () => {
    await start([]);
    assert.equal((await first(provider.accountPages()))?.lacks, undefined);
    for (const [items, lacks] of [
      [
        [
          { email: 'a@b.c', tags: null },
          { email: 'd@e.f', tags: [] },
        ],
        undefined,
      ],
      // One without the property was not answered for.
      [[{ email: 'a@b.c', tags: null }, { email: 'd@e.f' }], 'tags'],
      [[null], undefined],
    ] as const) {
      sandbox.override({ path: /^\/api\/v2\/accounts/, reply: { status: 200, body: { items } } });
      assert.equal((await first(provider.accountPages()))?.lacks, lacks);
    }
  });

  it('finds the accounts of a tag where the list has no tags', async () => {
    const { accounts, tags } = await start(['tagsLeftOut'], { accounts: 900 });
    const tag = idOf(tags[0]);
    const found = await collect(provider.accountsWithTag!(tag));
    const truth = accounts.filter(({ tagIds }) => tagIds.includes(tag)).map(({ email }) => email);
    assert.ok(truth.length > 100);
    assert.deepEqual(found.map(({ key }) => key).sort(), truth.sort());
  });

  it('reads the tags of campaigns with two requests for every 50 of them, and two for the labels', async () => {
    const { campaigns, tags } = await start([], { campaigns: 120 });
    const { tags: found, invalid } = await provider.campaignTags!(campaigns.map(idOf));
    const labels = new Map(tags.map((tag) => [idOf(tag), String(tag['label'])]));
    const truth = [...tagIdsOnCampaigns()].map(
      ([id, tagIds]) => [id, tagIds.map((tag) => ({ id: tag, label: labels.get(tag) }))] as const,
    );
    assert.ok(truth.length > 20);
    assert.deepEqual(new Map([...found].sort()), new Map(truth.sort()));
    assert.deepEqual(invalid, []);
    assert.equal(sandbox.requests.length, 3 * 2 + 2);
    const longest = Math.max(...sandbox.requests.map(({ query }) => (query['resource_ids'] ?? '').length));
    assert.ok(longest < 2000, String(longest));
  });

  it('asks for nothing where there are no campaigns, and for no labels where no campaign has a tag', async () => {
    await start([]);
    await provider.campaignTags!([]);
    assert.equal(sandbox.requests.length, 0);
    assert.equal((await provider.campaignTags!(['none'])).tags.size, 0);
    assert.deepEqual(
      sandbox.requests.map(({ path }) => path),
      ['/api/v2/custom-tag-mappings'],
    );
  });

  it('names tag mappings that it cannot read, and the tag that nobody knows by its id', async () => {
    await start([]);
    const items = [campaignMapping('c', 'gone', '2026-01-01T00:00:00.000Z'), { id: 'm7', resource_id: 'c' }, null];
    sandbox.override({ path: /custom-tag-mappings/, times: 1, reply: { status: 200, body: { items } } });
    const { tags, invalid } = await provider.campaignTags!(['c']);
    assert.deepEqual(tags.get('c'), [{ id: 'gone', label: 'gone' }]);
    assert.deepEqual(
      invalid.map(({ label, problem }) => `${label} ${problem}`),
      ['m7 has no tag_id', 'Record without a name is not an object'],
    );
  });

  it('asks for fewer campaigns at once where rows of the same time may hide between two pages', async () => {
    await start([]);
    const time = '2026-01-01T00:00:00.000Z';
    const campaigns = ['a', 'b'];
    const mappings = campaigns.flatMap((id) =>
      Array.from({ length: 60 }, (_, n) => campaignMapping(id, `t${n}`, time)),
    );
    for (const asked of [['a'], ['b'], campaigns]) {
      const own = mappings.filter(({ resource_id }) => asked.includes(resource_id));
      const body = { items: own.slice(0, 100), next_starting_after: time };
      sandbox.override({ path: new RegExp(`resource_ids=${asked.join('%2C')}&`), reply: { status: 200, body } });
    }
    // What comes after that time is not what comes after the last row.
    sandbox.override({ path: /starting_after/, reply: { status: 200, body: { items: [] } } });
    const { tags, invalid } = await provider.campaignTags!(campaigns);
    assert.deepEqual(
      campaigns.map((id) => tags.get(id)?.length),
      [60, 60],
    );
    assert.deepEqual(invalid, []);
  });

  it('says where one campaign has more tags than a page holds', async () => {
    await start([]);
    const time = '2026-01-01T00:00:00.000Z';
    const items = Array.from({ length: 100 }, (_, n) => campaignMapping('a', `t${n}`, time));
    sandbox.override({ path: /mappings/, reply: { status: 200, body: { items, next_starting_after: time } } });
    sandbox.override({ path: /starting_after/, reply: { status: 200, body: { items: [] } } });
    const { invalid } = await provider.campaignTags!(['a']);
    assert.deepEqual(invalid, [{ label: 'a', problem: 'has so many tags that some may be missing' }]);
  });

  it('leaves the tags of others out where resource_ids is ignored', async () => {
    const { accounts, campaigns } = await start(['resourceIdsIgnored'], { accounts: 48 });
    const truth = tagIdsOnCampaigns();
    const ids = campaigns.map(idOf);
    const { tags } = await provider.campaignTags!(ids);
    assert.deepEqual([...tags.keys()].sort(), [...truth.keys()].sort());
    const account = accounts.find(({ tagIds }) => tagIds.length > 0)!;
    for (const [kind, id, tagIds] of [
      ['account-tags', account.email, account.tagIds],
      ['account-tags', account.email.toUpperCase(), account.tagIds],
      ['campaign-tags', idOf(campaigns.find((row) => truth.has(idOf(row)))), undefined],
    ] as const) {
      const { items } = JSON.parse(await documentText(provider, kind, id)) as { items: { tag_id: string }[] };
      assert.deepEqual(items.map(({ tag_id }) => tag_id).sort(), [...(tagIds ?? truth.get(id) ?? [])].sort());
    }
  });

  it('says so, instead of reading the tags of everybody, where there are many', async () => {
    const { accounts, campaigns } = await start(['resourceIdsIgnored'], { accounts: 1200 });
    const ignored = (error: unknown) =>
      isServiceError(error) && error.kind === 'malformed' && error.message.includes('not only of the requested ones');
    await assert.rejects(provider.campaignTags!(campaigns.map(idOf)), ignored);
    assert.equal(sandbox.requests.length, 6);
    await assert.rejects(provider.document('account-tags', accounts[0]!.email), ignored);
  });

  it('takes an account in no campaign for that, though the answer is a 404', async () => {
    const { accounts, campaignsOf } = await start(['mappingsNotFound'], { accounts: 300, campaigns: 4 });
    const idle = accounts.find(({ email }) => !campaignsOf.has(email))!;
    assert.deepEqual(await provider.mappingOf(idle.email), { campaigns: [], invalid: [], partial: false });
    assert.equal(await documentText(provider, 'account-campaigns', idle.email), '{"items":[]}');
  });

  it('takes an unknown route, and an account that cannot be, for what they are', async () => {
    await start([]);
    for (const [body, kind] of [
      [{ message: 'Route GET:/v2/account-campaign-mappings/x not found', error: 'Not Found' }, 'malformed'],
      ['<!DOCTYPE html><title>404</title>', 'malformed'],
    ] as const) {
      sandbox.override({ path: /mappings/, reply: { status: 404, body } });
      await assert.rejects(provider.mappingOf('a@b.c'), (error) => isServiceError(error) && error.kind === kind);
    }
    const body = { message: 'params/email must match format "email"', error: 'Bad Request' };
    sandbox.override({ path: /mappings/, reply: { status: 400, body } });
    await assert.rejects(provider.mappingOf('a@b.c'), (error) => isServiceError(error) && error.kind === 'notFound');
  });

  it('takes a page of the mapping that is not found for an error, where there was one before it', async () => {
    await start([]);
    const body = { items: [{ campaign_id: 'c' }], next_starting_after: 'next' };
    sandbox.override({ path: /mappings/, reply: { status: 200, body } });
    sandbox.override({ path: /starting_after/, reply: { status: 404, body: { message: 'Resource not found' } } });
    await assert.rejects(provider.mappingOf('a@b.c'), (error) => isServiceError(error) && error.kind === 'notFound');
  });

  it('names rows of a mapping without a campaign, and senders through a tag without an email', async () => {
    const { campaigns, campaignsOf } = await start(['mappingsDamaged']);
    const [[email, truth]] = [...campaignsOf] as unknown as [[string, readonly Json[]]];
    const mapping = await provider.mappingOf(email);
    assert.equal(mapping.campaigns?.length, truth.length);
    assert.deepEqual(mapping.invalid, [{ label: 'A campaign without an id', problem: 'has no campaign_id' }]);

    const campaign = campaigns.find((row) => Array.isArray(row['email_tag_list']))!;
    sandbox.override({ path: /accounts\?.*tag_ids/, reply: { status: 200, body: { items: [{ first_name: 'x' }] } } });
    const { senders, invalid } = await provider.sendersOf(idOf(campaign));
    assert.equal(senders.length, new Set(campaign['email_list'] as string[]).size);
    assert.deepEqual(invalid, [{ label: 'Record without a name', problem: 'has no email' }]);
  });

  for (const [name, sizes, cursor, partial] of [
    ['two pages by time', [100, 3], '2026-01-01T00:00:00.000Z', true],
    ['a full page by time', [100, 0], '2026-01-01T00:00:00.000Z', true],
    ['two short pages by time', [10, 3], '2026-01-01T00:00:00.000Z', true],
    ['one page by time', [3, 0], '2026-01-01T00:00:00.000Z', false],
    ['two pages by id', [100, 3], 'c0000000-0000-4000-8000-000000000000', false],
  ] as const) {
    it(`${partial ? 'takes' : 'does not take'} a mapping in ${name} for a part`, async () => {
      await start([]);
      const rows = (size: number, page: number) =>
        Array.from({ length: size }, (_, n) => ({ campaign_id: `c${page}-${n}`, campaign_name: 'x' }));
      const [one, two] = sizes;
      sandbox.override({
        path: /mappings/,
        reply: { status: 200, body: { items: rows(one, 1), next_starting_after: cursor } },
      });
      sandbox.override({ path: /starting_after/, reply: { status: 200, body: { items: rows(two, 2) } } });
      const mapping = await provider.mappingOf('a@b.c');
      assert.deepEqual([mapping.partial, mapping.campaigns?.length], [partial, one + two]);
    });
  }

  it('takes an email in another case for the same sender', async () => {
    const { campaigns } = await start(['emailsInCapitals']);
    const campaign = campaigns.find((row) => Array.isArray(row['email_tag_list']))!;
    const { senders } = await provider.sendersOf(idOf(campaign));
    const keys = senders.map(({ account }) => provider.info.sameKey(account.key));
    assert.equal(new Set(keys).size, keys.length);
    assert.ok(senders.some(({ reasons }) => reasons.length === 2));
  });

  it('compares emails without case, and gives them as they were written', async () => {
    await start(['emailsInCapitals']);
    const [campaign] = (await collect(provider.campaignPages())).filter(({ listedSenders }) => listedSenders);
    const [email = ''] = campaign?.listedSenders ?? [];
    assert.equal(email, email.toUpperCase());
    assert.ok(sandbox.instantly.byEmail.has(provider.info.sameKey(email)));
  });
});
