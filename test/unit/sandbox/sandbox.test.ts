import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Account, Campaign } from '../../../src/providers/model.ts';
import { sample, startSandbox, type Sandbox } from '../../../src/sandbox/server.ts';
import { collect, connect } from '../../support/connect.ts';
import { root } from '../../support/paths.ts';

describe('sandbox', () => {
  let sandbox: Sandbox;
  afterEach(() => sandbox.close());

  const instantly = (path: string, key = 'sandbox-instantly-key') =>
    fetch(`${sandbox.baseUrls.instantly}/api/v2${path}`, {
      headers: key === '' ? {} : { authorization: `Bearer ${key}` },
    });
  const smartlead = (path: string, key = 'sandbox-smartlead-key') =>
    fetch(`${sandbox.baseUrls.smartlead}${path}${path.includes('?') ? '&' : '?'}api_key=${key}`);
  const body = async (answer: Promise<Response>) => (await (await answer).json()) as Record<string, unknown>;

  it('makes the same workspace from the same seed, and another from another', async () => {
    const first = (sandbox = await startSandbox({ seed: 5 }));
    const second = await startSandbox({ seed: 5 });
    const third = await startSandbox({ seed: 6 });
    assert.deepEqual(second.instantly.accounts, first.instantly.accounts);
    assert.deepEqual(second.smartlead.campaigns, first.smartlead.campaigns);
    assert.notDeepEqual(third.instantly.accounts, first.instantly.accounts);
    await second.close();
    await third.close();
  });

  it('pages as recorded: 10 by default, 100 at most, a cursor on the last page too', async () => {
    sandbox = await startSandbox({ instantly: { accounts: 12 } });
    const first = await body(instantly('/accounts'));
    assert.equal((first['items'] as unknown[]).length, 10);
    const cursor = String(first['next_starting_after']);
    assert.match(cursor, /^\d{4}-\d\d-\d\dT.*Z&.*@/);
    const last = await body(instantly(`/accounts?starting_after=${encodeURIComponent(cursor)}`));
    assert.equal((last['items'] as unknown[]).length, 2);
    assert.ok('next_starting_after' in last);
    assert.deepEqual(
      await body(instantly(`/accounts?starting_after=${encodeURIComponent(String(last['next_starting_after']))}`)),
      { items: [] },
    );
    const refused = await instantly('/accounts?limit=101');
    assert.equal(refused.status, 400);
    assert.deepEqual(await refused.json(), {
      statusCode: 400,
      error: 'Bad Request',
      message: 'querystring/limit must be <= 100',
    });
  });

  it('orders campaigns by id, which is no order, and mappings by time', async () => {
    sandbox = await startSandbox();
    const campaigns = (await body(instantly('/campaigns?limit=100')))['items'] as {
      id: string;
      timestamp_created: string;
    }[];
    assert.deepEqual(
      campaigns.map(({ id }) => id),
      campaigns
        .map(({ id }) => id)
        .sort()
        .reverse(),
    );
    const times = campaigns.map(({ timestamp_created }) => timestamp_created);
    assert.notDeepEqual(times, [...times].sort());
    const mappings = await body(instantly('/custom-tag-mappings?limit=3'));
    assert.match(String(mappings['next_starting_after']), /^\d{4}-.*Z$/);
  });

  it('leaves unset fields out, and has unknown fields and codes now and then', async () => {
    sandbox = await startSandbox({ instantly: { accounts: 200 } });
    const rows = sandbox.instantly.accounts.map(({ row }) => row);
    assert.ok(rows.some((row) => !('daily_limit' in row) && !('warmup' in row)));
    assert.ok(rows.some((row) => 'reputation_tier' in row));
    assert.ok(rows.some((row) => row['status'] === 7));
    assert.ok(sandbox.smartlead.accounts.some(({ warmup }) => warmup === null));
  });

  it('sorts accounts and skips some of them, as it is asked to', async () => {
    for (const [skip, status, sorted, cursor] of [
      ['supported', 200, true, true],
      ['supportedWithoutCursor', 200, true, false],
      ['ignored', 200, false, true],
      ['refused', 400, false, false],
    ] as const) {
      sandbox = await startSandbox({ instantly: { accounts: 30, skip } });
      const emails = sandbox.instantly.accounts.map(({ email }) => email);
      const expected = sorted ? emails.toSorted().slice(20, 25) : emails.slice(0, 5);
      const answer = await instantly('/accounts?sort_by=email&sort_order=asc&skip=20&limit=5');
      assert.equal(answer.status, status, skip);
      const { items, next_starting_after } = (await answer.json()) as Record<string, unknown>;
      const rows = items as { email: string }[] | undefined;
      assert.deepEqual(rows?.map(({ email }) => email) ?? expected, expected, skip);
      assert.equal(next_starting_after !== undefined, cursor, skip);
      await sandbox.close();
    }
  });

  it('disturbs the order of Smartlead accounts before each page but the first, as it is asked to', async () => {
    for (const [unrest, expected] of [
      ['none', [0, 1, 2, 3]],
      ['inserts', [0, 1, 1, 2]],
      ['deletes', [0, 1, 3, 4]],
      ['moves', [0, 1, 1, 2]],
    ] as const) {
      sandbox = await startSandbox({ smartlead: { accounts: 5, unrest } });
      const ids = sandbox.smartlead.accounts.map(({ id }) => id);
      const pages: number[] = [];
      for (const offset of [0, 2]) {
        const rows = (await body(smartlead(`/email-accounts/?offset=${offset}&limit=2`))) as unknown as {
          id: number;
        }[];
        pages.push(...rows.map(({ id }) => ids.indexOf(id)));
      }
      assert.deepEqual(pages, expected, unrest);
      await sandbox.close();
    }
  });

  it('refuses in each service’s own words', async () => {
    sandbox = await startSandbox({
      keys: [
        { key: 'narrow', service: 'instantly', scopes: ['accounts:all'] },
        { key: 'lapsed', service: 'instantly', plan: 'inactive' },
        { key: 'lapsed', service: 'smartlead', plan: 'inactive' },
        { key: 'fine', service: 'smartlead' },
        { key: 'fine', service: 'instantly' },
      ],
    });
    for (const [answer, status, words] of [
      [instantly('/accounts', ''), 401, 'Missing authorization header'],
      [instantly('/accounts', 'x'), 401, 'Invalid API key'],
      [instantly('/accounts', 'lapsed'), 402, 'active paid plan'],
      [instantly('/campaigns', 'narrow'), 403, 'campaigns:read'],
      [instantly('/accounts', 'narrow'), 200, 'items'],
      [instantly('/accounts/x%40y.z', 'fine'), 404, 'Resource not found'],
      [instantly('/nonsense', 'fine'), 404, 'Route GET:/api/v2/nonsense not found'],
      [instantly('/campaigns/5', 'fine'), 400, 'must match format'],
      [smartlead('/campaigns/', 'x'), 401, 'Invalid API Key'],
      [smartlead('/campaigns/', 'lapsed'), 403, 'Access denied'],
      [smartlead('/nonsense', 'fine'), 404, '<pre>Cannot GET /api/v1/nonsense</pre>'],
      [smartlead('/campaigns/1', 'fine'), 200, '{}'],
      [smartlead('/client/?limit=5', 'fine'), 400, 'is not allowed'],
      [smartlead('/email-accounts/?limit=101', 'fine'), 422, 'less than or equal to 100'],
      [smartlead('/email-accounts/1/', 'fine'), 404, 'Email account not found'],
    ] as const) {
      const given = await answer;
      const said = await given.text();
      assert.equal(given.status, status, said);
      assert.ok(said.includes(words), said);
    }
  });

  it('gives Smartlead passwords as the service does, so that there is something to drop', async () => {
    sandbox = await startSandbox();
    const account = sandbox.smartlead.accounts.find(({ password }) => password !== null)!;
    const list = (await body(smartlead('/email-accounts/'))) as unknown as {
      id: number;
      password: string | null;
      warmup_details: { warmup_reputation?: unknown } | null;
    }[];
    const row = list.find(({ id }) => id === account.id)!;
    assert.equal(row.password, Buffer.from(account.password!).toString('base64'));
    const one = (await body(smartlead(`/email-accounts/${account.id}/`))) as { password?: unknown };
    assert.equal(one.password, account.password);
    assert.ok(list.some(({ password }) => password === null));
    assert.ok(list.some(({ warmup_details }) => warmup_details?.warmup_reputation === '100%'));
  });

  it('does what no document forbids, where it is asked to', async () => {
    sandbox = await startSandbox({
      instantly: {
        accounts: 300,
        campaigns: 4,
        quirks: [
          'tagsLeftOut',
          'resourceIdsIgnored',
          'mappingsLackTagged',
          'mappingsNotFound',
          'mappingsDamaged',
          'emailsInCapitals',
        ],
      },
      smartlead: {
        quirks: ['includeTagsRefused', 'recordsWrapped', 'campaignIdsPartial', 'campaignIdsObjects', 'sendersDamaged'],
      },
    });
    const itemsOf = async (path: string) => (await body(instantly(path)))['items'] as Record<string, unknown>[];
    assert.ok((await itemsOf('/accounts?include_tags=true&limit=100')).every((row) => !('tags' in row)));
    assert.ok((await itemsOf('/custom-tag-mappings?resource_ids=nobody')).length > 0);
    const campaigns = await itemsOf('/campaigns?limit=100');
    const listed = campaigns.flatMap((row) => (row['email_list'] ?? []) as string[]);
    assert.match(listed[0]!, /^[^a-z]+$/);
    const idle = sandbox.instantly.accounts.find(({ email }) => !sandbox.instantly.campaignsOf.has(email))!;
    assert.equal((await instantly(`/account-campaign-mappings/${encodeURIComponent(idle.email)}`)).status, 404);
    const [[email]] = [...sandbox.instantly.campaignsOf] as unknown as [[string]];
    const mapped = await itemsOf(`/account-campaign-mappings/${encodeURIComponent(email)}?limit=100`);
    assert.ok(mapped.some((row) => !('campaign_id' in row)));

    assert.equal((await smartlead('/campaigns/?include_tags=true')).status, 400);
    const list = (await body(smartlead('/email-accounts/?fetch_campaigns=true'))) as unknown as Record<
      string,
      unknown
    >[];
    assert.ok(list.some((row) => !('campaign_ids' in row)) && list.some((row) => row['campaign_ids'] === null));
    assert.ok(list.some((row) => typeof (row['campaign_ids'] as unknown[] | null)?.[0] === 'object'));
    assert.ok('data' in (await body(smartlead(`/email-accounts/${String(list[0]!['id'])}/`))));
    const [id] = [...sandbox.smartlead.sendersOf].find(([, senders]) => senders.length > 0)!;
    const senders = (await body(smartlead(`/campaigns/${id}/email-accounts`))) as unknown as object[];
    assert.equal(senders.filter((row) => !('id' in row)).length, 1);
  });

  for (const [world, settings] of [
    ['the sample', { ...sample, latency: 0 }],
    ['the default', {}],
    ['a large one', { instantly: { accounts: 300, campaigns: 40 }, smartlead: { accounts: 300, campaigns: 40 } }],
  ] as const) {
    it(`has every trouble that a row can show, in ${world}`, async () => {
      sandbox = await startSandbox(settings);
      const [instantlyProvider, smartleadProvider] = (['instantly', 'smartlead'] as const).map((service) =>
        connect(service, { baseUrl: sandbox.baseUrls[service] }),
      );
      const shown = ({ statusWords, others = [] }: Account | Campaign) => [statusWords, ...others];
      const warmed = (await collect(instantlyProvider!.accountPages())).flatMap(shown);
      assert.ok(warmed.includes('Warmup: Banned'), warmed.join());
      assert.ok(warmed.includes('Warmup: Permanent Suspension'), warmed.join());
      const rows = await collect(smartleadProvider!.accountPages());
      assert.ok(rows.flatMap(shown).includes('Warmup blocked'));
      // Only the answer about one account says that it is suspended.
      const accounts = await Promise.all(rows.map(({ key }) => smartleadProvider!.account(key)));
      const words = accounts.map((one) => shown(one).map((text) => text.split(':')[0]));
      const kinds = words.map((of) => `${of.includes('Suspended')} ${of.includes('Warmup blocked')}`);
      assert.deepEqual([...new Set(kinds)].sort(), ['false false', 'false true', 'true false', 'true true']);
      const campaigns = await collect(smartleadProvider!.campaignPages());
      const paused = campaigns.filter(({ statusWords }) => statusWords === 'Paused: bounce protection');
      assert.deepEqual(
        paused.map(({ state, reason }) => [state, reason]),
        [['warning', 'Paused by bounce protection']],
      );
    });
  }

  it('does not contradict itself', async () => {
    let stopped = 0;
    for (let seed = 1; seed <= 20; seed += 1) {
      sandbox = await startSandbox({ seed, instantly: { accounts: 60, campaigns: 20 } });
      const { campaigns, campaignsOf, byEmail, accounts } = sandbox.instantly;
      for (const campaign of campaigns.filter(({ status }) => status === -1)) {
        stopped += 1;
        const senders = [...campaignsOf]
          .filter(([, of]) => of.includes(campaign))
          .map(([email]) => byEmail.get(email)!);
        const unhealthy = senders.filter(({ row }) => Number(row['status']) < 0).length;
        assert.ok(unhealthy * 2 > senders.length, `${unhealthy} of ${senders.length} senders are unhealthy`);
      }
      for (const { row } of accounts.filter((account) => account.row['status'] === -1)) {
        assert.equal((row['status_message'] as { code: string }).code, 'EAUTH');
      }
      for (const { shared } of sandbox.smartlead.accounts) {
        const [sent, limit] = [Number(shared['daily_sent_count']), Number(shared['message_per_day'])];
        assert.ok(limit === 0 || sent <= limit, `${sent} of ${limit}`);
      }
      await sandbox.close();
    }
    assert.ok(stopped > 0);
  });

  it('says what is planted in it, where it is asked for, and nothing otherwise', async () => {
    const first = (sandbox = await startSandbox({ seed: 5, plants: true }));
    const second = await startSandbox({ seed: 5, plants: true });
    assert.deepEqual(second.instantly.planted, first.instantly.planted);
    assert.deepEqual(second.smartlead.campaigns, first.smartlead.campaigns);
    await second.close();
    const plain = await startSandbox({ seed: 5 });
    assert.deepEqual([plain.instantly.planted, plain.smartlead.planted], [[], []]);
    await plain.close();
    const large = await startSandbox({ plants: true, instantly: { accounts: 500 } });
    assert.equal(large.instantly.accounts.length - 500, first.instantly.accounts.length - 180);
    await large.close();
  });

  it('limits the rate, with headers and without', async () => {
    for (const headers of [true, false]) {
      sandbox = await startSandbox({ limit: { requests: 2, seconds: 60, headers } });
      await smartlead('/campaigns/');
      await smartlead('/campaigns/');
      const refused = await smartlead('/campaigns/');
      assert.equal(refused.status, 429);
      assert.equal(refused.headers.has('retry-after'), headers);
      assert.equal(refused.headers.get('x-ratelimit-limit'), headers ? '2' : null);
      assert.equal((await instantly('/accounts')).status, 200);
      await sandbox.close();
    }
  });

  it('keeps no key in what it remembers of a request', async () => {
    sandbox = await startSandbox();
    await smartlead('/campaigns/');
    await instantly('/accounts');
    assert.ok(
      !JSON.stringify(sandbox.requests.map((request) => ({ ...request, body: undefined }))).includes('sandbox-'),
    );
  });

  it('starts alone, prints one JSON line, and says how', async () => {
    sandbox = await startSandbox();
    const cli = `${root}/src/sandbox/cli.ts`;
    const { stdout: help } = await promisify(execFile)(process.execPath, [cli, '--help']);
    assert.match(help, /npm run sandbox/);
    const child = execFile(process.execPath, [cli, '--instantly-accounts', '3', '--scopes', 'accounts:read']);
    const line = await new Promise<string>((resolve) => child.stdout?.once('data', resolve));
    const { instantly: base, keys } = JSON.parse(line) as { instantly: string; keys: { instantly: string } };
    const headers = { authorization: `Bearer ${keys.instantly}` };
    const answer = await fetch(`${base}/api/v2/accounts`, { headers });
    assert.equal(((await answer.json()) as { items: unknown[] }).items.length, 3);
    const refused = await fetch(`${base}/api/v2/accounts/a@b.test/pause`, { method: 'POST', headers });
    assert.equal(refused.status, 403);
    child.kill();
    await assert.rejects(
      promisify(execFile)(process.execPath, [cli, '--limit', 'x']),
      /--limit takes requests\/seconds/,
    );
  });
});
