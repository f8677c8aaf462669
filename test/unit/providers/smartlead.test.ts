import assert from 'node:assert/strict';
import { decodeAccount, decodeCampaign, decodeCampaignIds } from '../../../src/providers/smartlead/decode.ts';
import { decodePage } from '../../../src/providers/page.ts';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.ts';
import { isServiceError } from '../../../src/transport/errors.ts';
import { collect, connect, MemoryLog, documentText } from '../../support/connect.ts';
import { sampleText } from '../../support/fixtures.ts';

const rows = (name: string) => JSON.parse(sampleText('smartlead', name)) as never[];

describe('Smartlead: decoding', () => {
  it('reads a reputation of "100%" and of 100 alike, and survives warmup_details: null', () => {
    const { items } = decodePage(rows('email-accounts-list.live.json'), decodeAccount);
    assert.deepEqual(
      items.map(({ warmupScore, warmupWords }) => [warmupScore, warmupWords]),
      [
        [100, 'Active'],
        [undefined, undefined],
      ],
    );
    const one = decodeAccount(rows('email-account-detail.live.json') as never);
    assert.ok(typeof one === 'object');
    assert.equal(one.warmupScore, 100);
    assert.equal(one.key, '23000188');
  });

  it('takes both shapes of tags, and campaign_ids where they are answered', () => {
    const { items } = decodePage(rows('email-accounts-list.docs-2026.json'), decodeAccount);
    assert.ok(items.some(({ campaignIds }) => campaignIds !== undefined));
    const account = decodeAccount({ id: 1, tags: [{ tag_id: 5, tag_name: 'a' }, { id: 6, name: 'b' }, 7] });
    assert.ok(typeof account === 'object');
    assert.deepEqual(account.tags, [
      { id: '5', label: 'a' },
      { id: '6', label: 'b' },
    ]);
  });

  it('takes campaign_ids for unknown where they are none, or not all can be read', () => {
    for (const [ids, expected] of [
      [undefined, undefined],
      [null, undefined],
      ['5', undefined],
      [[], []],
      [
        [1, '2'],
        ['1', '2'],
      ],
      [
        [{ id: 1 }, { campaign_id: 2 }],
        ['1', '2'],
      ],
      [[1, { name: 'x' }], undefined],
    ] as const) {
      assert.deepEqual(decodeCampaignIds(ids), expected, JSON.stringify(ids));
    }
  });

  it('says what is disconnected and why', () => {
    const account = decodeAccount({
      id: 1,
      from_email: 'a@b.c',
      is_smtp_success: false,
      is_imap_success: true,
      smtp_failure_error: '535 no',
    });
    assert.ok(typeof account === 'object');
    assert.deepEqual([account.statusWords, account.state, account.reason], ['SMTP disconnected', 'error', '535 no']);
  });

  it('takes a blocked reason for a block, because list rows have no flag', () => {
    const account = decodeAccount({
      id: 1,
      is_smtp_success: true,
      is_imap_success: true,
      warmup_details: { blocked_reason: 'x', warmup_reputation: '100%' },
    });
    assert.ok(typeof account === 'object');
    assert.deepEqual([account.statusWords, account.state], ['Warmup blocked', 'warning']);
  });

  it('reads the recorded campaigns', () => {
    const { items } = decodePage(rows('campaigns-list.active.live.json'), decodeCampaign);
    assert.deepEqual(
      items.map(({ parentId }) => parentId),
      [undefined, '2400101', '2400199'],
    );
  });
});

describe('Smartlead: requests', () => {
  let sandbox: Sandbox;
  afterEach(() => sandbox.close());

  async function start(settings: Parameters<typeof startSandbox>[0] = {}, log = new MemoryLog()) {
    sandbox = await startSandbox(settings);
    return connect('smartlead', { baseUrl: sandbox.baseUrls.smartlead, log });
  }

  it('reads all accounts, with their campaigns where the service answers them', async () => {
    const provider = await start({ smartlead: { accounts: 230 } });
    const accounts = await collect(provider.accountPages());
    assert.equal(new Set(accounts.map(({ key }) => key)).size, 230);
    assert.ok(accounts.every(({ campaignIds }) => campaignIds !== undefined));
    assert.deepEqual(
      sandbox.requests.map(({ query }) => query['offset']),
      ['0', '99', '198'],
    );
  });

  it('reads one page more where the last is full', async () => {
    const provider = await start({ smartlead: { accounts: 200 } });
    assert.equal((await collect(provider.accountPages())).length, 200);
    assert.equal(sandbox.requests.length, 3);
  });

  it('does without fetch_campaigns where the service refuses it, after one try', async () => {
    const provider = await start({ smartlead: { accounts: 230, fetchCampaigns: 'refused' } });
    assert.equal((await collect(provider.accountPages())).length, 230);
    assert.deepEqual(
      sandbox.requests.map(({ status }) => status),
      [400, 200, 200, 200],
    );
    const key = String(sandbox.smartlead.accounts[0]!.id);
    const { account, ids, invalid } = await provider.mappingOf(key);
    assert.deepEqual([account?.key, ids, invalid], [key, undefined, []]);
  });

  it('does without include_tags where the service refuses it, after one try a route, and says what is missing', async () => {
    const provider = await start({ smartlead: { quirks: ['includeTagsRefused'] } });
    const pages = [];
    for (let round = 0; round < 2; round += 1) {
      for await (const page of provider.campaignPages()) {
        pages.push(page);
      }
    }
    assert.deepEqual(
      pages.map(({ items, lacks }) => [items.length, lacks]),
      [
        [10, 'tags'],
        [10, 'tags'],
      ],
    );
    const [id] = [...sandbox.smartlead.sendersOf].find(([, senders]) => senders.length > 0)!;
    assert.equal((await provider.campaign(String(id))).id, String(id));
    assert.equal((await provider.sendersOf(String(id))).senders.length, sandbox.smartlead.sendersOf.get(id)?.length);
    assert.ok(JSON.parse(await documentText(provider, 'campaign', String(id))));
    assert.ok(JSON.parse(await documentText(provider, 'campaign-senders', String(id))));
    assert.deepEqual(
      sandbox.requests.map(({ status }) => status),
      [400, 200, 200, 400, 200, 400, 200, 200, 200],
    );
  });

  it('asks only once where an id is what the service refuses', async () => {
    const provider = await start();
    await assert.rejects(provider.campaign('x'), (error) => isServiceError(error) && error.kind === 'notFound');
    assert.equal(sandbox.requests.length, 1);
  });

  it('misses no tags where campaigns have none', async () => {
    const provider = await start();
    for await (const { lacks } of provider.campaignPages()) {
      assert.equal(lacks, undefined);
    }
    assert.equal(sandbox.requests.length, 1);
  });

  it('reads a record in a wrapper, and shows it as it was sent', async () => {
    const provider = await start({ smartlead: { quirks: ['recordsWrapped'] } });
    const account = sandbox.smartlead.accounts.find(({ campaignIds }) => campaignIds.length > 0)!;
    const id = String(account.id);
    assert.equal((await provider.account(id)).key, id);
    const campaign = String(sandbox.smartlead.campaigns[0]!['id']);
    assert.equal((await provider.campaign(campaign)).id, campaign);
    assert.deepEqual((await provider.mappingOf(id)).ids, account.campaignIds.map(String));
    for (const [kind, key] of [
      ['account', id],
      ['campaign', campaign],
    ] as const) {
      const document = JSON.parse(await documentText(provider, kind, key)) as { ok: boolean; data: { id: number } };
      assert.deepEqual([document.ok, document.data.id], [true, Number(key)]);
    }
    await assert.rejects(provider.campaign('1'), (error) => isServiceError(error) && error.kind === 'notFound');
  });

  for (const [body, kind] of [
    ['{"success":true,"data":null}', 'notFound'],
    ['{ "success": true, "data": { } }', 'notFound'],
    ['{"success":true,"data":"x"}', 'malformed'],
    ['{"success":false,"data":{"id":5}}', 'malformed'],
    ['{"success":false,"data":{},"message":"no"}', 'malformed'],
  ] as const) {
    it(`takes ${body} for ${kind === 'notFound' ? 'no record' : 'no answer'}`, async () => {
      const provider = await start();
      sandbox.override({ path: /./, reply: { status: 200, body } });
      await assert.rejects(provider.campaign('5'), (error) => isServiceError(error) && error.kind === kind);
      await assert.rejects(provider.account('5'), (error) => isServiceError(error) && error.kind === kind);
    });
  }

  for (const quirk of ['campaignIdsObjects', 'campaignIdsPartial', 'campaignIdsEmpty'] as const) {
    it(`knows which accounts say their campaigns: ${quirk}`, async () => {
      const provider = await start({ smartlead: { quirks: [quirk] } });
      for (const { key, campaignIds } of await collect(provider.accountPages())) {
        const { id, campaignIds: truth } = sandbox.smartlead.byId.get(Number(key))!;
        const expected =
          quirk === 'campaignIdsEmpty'
            ? []
            : quirk === 'campaignIdsPartial' && id % 4 < 2
              ? undefined
              : truth.map(String);
        assert.deepEqual(campaignIds, expected);
        assert.deepEqual((await provider.mappingOf(key)).ids, expected);
      }
    });
  }

  it('names senders that it cannot read', async () => {
    const provider = await start({ smartlead: { quirks: ['sendersDamaged'] } });
    const [id, truth] = [...sandbox.smartlead.sendersOf].find(([, senders]) => senders.length > 0)!;
    const { senders, invalid } = await provider.sendersOf(String(id));
    assert.equal(senders.length, truth.length);
    assert.deepEqual(invalid, [{ label: 'damaged@fabrikam.test', problem: 'has no id' }]);
  });

  it('reads a block that only the account itself tells', async () => {
    const provider = await start({ smartlead: { accounts: 200, quirks: ['blocksOnlyById'] } });
    const blocked = sandbox.smartlead.accounts.find(
      ({ blockedReason, suspended, shared, warmup }) =>
        blockedReason !== null && warmup !== null && !suspended && shared['is_imap_success'] === true,
    )!;
    const key = String(blocked.id);
    const listed = (await collect(provider.accountPages())).find((account) => account.key === key);
    assert.equal(listed?.statusWords, 'Connected');
    assert.equal((await provider.account(key)).statusWords, 'Warmup blocked');
  });

  it('lets no mailbox password out, whatever the route and the form', async () => {
    const log = new MemoryLog();
    const provider = await start({}, log);
    const account = sandbox.smartlead.accounts.find(({ password }) => password !== null)!;
    const [campaign] = [...sandbox.smartlead.sendersOf].find(([, senders]) => senders.includes(account))!;
    const outputs = [
      await documentText(provider, 'account', String(account.id)),
      await documentText(provider, 'account-campaigns', String(account.id)),
      await documentText(provider, 'campaign-senders', String(campaign)),
      JSON.stringify(await collect(provider.accountPages())),
      JSON.stringify(await provider.sendersOf(String(campaign))),
      JSON.stringify(log.lines),
    ];
    for (const output of outputs) {
      assert.ok(!/mailbox-password|"(imap_)?password"/.test(output));
      assert.ok(!output.includes(Buffer.from('mailbox-password').toString('base64').slice(0, 18)));
      assert.ok(!output.includes('sandbox-smartlead-key'));
    }
  });

  it('takes a missing campaign for missing, though the answer is 200', async () => {
    const provider = await start();
    const missing = (error: unknown) => isServiceError(error) && error.kind === 'notFound';
    await assert.rejects(provider.document('campaign', '1'), missing);
    sandbox.override({ path: /^\/api\/v1\/campaigns\/2/, reply: { status: 200, body: '' } });
    await assert.rejects(provider.document('campaign', '2'), missing);
    await assert.rejects(provider.document('campaign', 'abc'), missing);
    await assert.rejects(provider.document('account', '1'), missing);
  });

  for (const [name, count] of [
    ['campaign-email-accounts.docs-2023.json', 1],
    ['campaign-email-accounts.docs-2025-11.json', 0],
    ['campaign-email-accounts.docs-2026-04.json', 1],
    ['campaign-email-accounts.docs-2026-04-earlier.json', 1],
    ['campaign-email-accounts.empty.live.json', 0],
  ] as const) {
    it(`reads the senders in ${name}`, async () => {
      const provider = await start();
      sandbox.override({ path: /email-accounts/, reply: { status: 200, body: sampleText('smartlead', name) } });
      assert.equal((await provider.sendersOf('5')).senders.length, count);
    });
  }

  it('never takes an unknown shape for an empty list', async () => {
    const provider = await start();
    for (const body of ['{"rows":[]}', '{"success":true,"data":"x"}', '"success"', '<html>', '']) {
      sandbox.override({ path: /email-accounts/, reply: { status: 200, body } });
      await assert.rejects(
        provider.sendersOf('5'),
        (error) => isServiceError(error) && error.kind === 'malformed',
        body,
      );
    }
  });

  it('tells an unknown route, a plan without the API and the gateway apart', async () => {
    const provider = await start();
    for (const [reply, kind] of [
      [{ status: 404, body: sampleText('smartlead', 'error-404-unknown-route.live.html') }, 'malformed'],
      [{ status: 403, body: 'Access denied' }, 'planInactive'],
      [{ status: 403, body: '<html>1010</html>' }, 'blocked'],
      [
        {
          status: 401,
          body: { success: false, error: { code: 'UNAUTHORIZED', message: 'Invalid or missing API key' } },
        },
        'badKey',
      ],
      [{ status: 400, body: sampleText('smartlead', 'error-400-celebrate.live.json') }, 'notFound'],
      [{ status: 400, body: { error: 'Invalid parameters provided' } }, 'malformed'],
      [{ status: 400, body: { message: '"offset" must be a number', validation: { source: 'query' } } }, 'malformed'],
      [{ status: 422, body: { error: 'Invalid parameters provided' } }, 'malformed'],
      [{ status: 422, body: { message: '"campaign_id" must be a number' } }, 'malformed'],
    ] as const) {
      sandbox.override({ path: /./, reply });
      await assert.rejects(provider.sendersOf('5'), (error) => isServiceError(error) && error.kind === kind, kind);
    }
  });

  it('says in a document from which set of campaigns its answer comes', async () => {
    const provider = await start({ smartlead: { fetchCampaigns: 'ignored' } });
    const account = sandbox.smartlead.accounts.find(({ campaignIds }) => campaignIds.length > 0)!;
    const document = JSON.parse(
      await documentText(provider, 'account-campaigns', String(account.id), {
        scan: () => Promise.resolve({ ids: account.campaignIds.map(String), scanned: 9, total: 10, scannedAt: 0 }),
      }),
    ) as { known_from: object; campaigns: { id: number; name: string }[] };
    assert.deepEqual(document.known_from, {
      campaigns_scanned: 9,
      campaigns_in_all: 10,
      scanned_at: '1970-01-01T00:00:00.000Z',
    });
    assert.deepEqual(
      document.campaigns.map(({ id }) => id),
      account.campaignIds,
    );
    assert.ok(document.campaigns.every(({ name }) => typeof name === 'string'));
  });
});
