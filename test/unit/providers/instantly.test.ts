import assert from 'node:assert/strict';
import { campaignStatus } from '../../../src/providers/instantly/codes.ts';
import { decodeAccount, decodeCampaign, decodeMapping } from '../../../src/providers/instantly/decode.ts';
import { meaningOf } from '../../../src/providers/codes.ts';
import { decodePage } from '../../../src/providers/page.ts';
import type { Provider, ReadCheck } from '../../../src/providers/provider.ts';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.ts';
import { isServiceError } from '../../../src/transport/errors.ts';
import { collect, connect } from '../../support/connect.ts';
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

  it('walks all accounts with encoded cursors and full pages', async () => {
    const accounts = await collect(provider.accountPages());
    assert.equal(new Set(accounts.map(({ key }) => key)).size, 230);
    assert.equal(sandbox.requests.length, 4);
    for (const { query } of sandbox.requests) {
      assert.equal(query['limit'], '100');
      assert.equal(query['include_tags'], 'true');
    }
    assert.match(sandbox.requests[1]?.query['starting_after'] ?? '', /^\d{4}-.*&.*@/);
  });

  it('walks all campaigns, those of the AI agent too', async () => {
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
    const senders = await provider.sendersOf(String(campaign['id']));
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
      const document = JSON.parse(await provider.document(kind, id)) as Record<string, unknown>;
      assert.deepEqual(paths(), expected, kind);
      assert.ok(Object.keys(document).length > 0);
    }
  });

  it('joins tag mappings with their tags', async () => {
    const account = sandbox.instantly.accounts.find(({ tagIds }) => tagIds.length > 0)!;
    const { items } = JSON.parse(await provider.document('account-tags', account.email)) as {
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
    const document = JSON.parse(await provider.document('account-campaigns', email)) as { items: unknown[] };
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
