import assert from 'node:assert/strict';
import { SendingMap, type MapChange } from '../../../src/map/sendingMap.ts';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.ts';
import { isServiceError } from '../../../src/transport/errors.ts';
import { connect } from '../../support/connect.ts';

describe('sending map', () => {
  let sandbox: Sandbox | undefined;
  let map: SendingMap | undefined;
  let cap = 0;

  afterEach(async () => {
    map?.dispose();
    await sandbox?.close();
    cap = 0;
  });

  async function start(service: 'instantly' | 'smartlead', settings: Parameters<typeof startSandbox>[0] = {}) {
    const box = await startSandbox(settings);
    const subject = new SendingMap(connect(service, { baseUrl: box.baseUrls[service] }), () => cap);
    [sandbox, map] = [box, subject];
    return { box, subject };
  }

  for (const accounts of [0, 1, 99, 100, 101, 250]) {
    it(`has all of ${accounts} accounts, of both services`, async () => {
      for (const service of ['instantly', 'smartlead'] as const) {
        const { box, subject } = await start(service, { [service]: { accounts } });
        await subject.accounts.load();
        assert.equal(subject.accounts.status, 'complete');
        assert.equal(subject.accounts.records.size, accounts);
        await box.close();
      }
    });
  }

  it('stops at the cap, goes on when asked, and knows when it is at the end', async () => {
    cap = 1;
    const { subject } = await start('instantly', { instantly: { accounts: 230 } });
    await subject.accounts.load();
    assert.deepEqual([subject.accounts.status, subject.accounts.records.size], ['capped', 100]);
    await subject.accounts.more();
    assert.deepEqual([subject.accounts.status, subject.accounts.records.size], ['capped', 200]);
    assert.equal((await subject.accounts.all()).size, 230);
    assert.equal(subject.accounts.status, 'complete');
  });

  it('keeps what it has when a page fails, says why, and ends complete after a retry', async () => {
    const { box, subject } = await start('instantly', { instantly: { accounts: 230 } });
    box.override({ path: /starting_after/, times: 4, reply: { status: 500, body: 'x' } });
    await subject.accounts.load();
    assert.deepEqual([subject.accounts.status, subject.accounts.records.size], ['failed', 100]);
    assert.equal(subject.accounts.error?.kind, 'unavailable');
    await assert.rejects(async () => {
      box.override({ path: /accounts/, times: 4, reply: { status: 500, body: 'x' } });
      await subject.accounts.all();
    }, isServiceError);
    await subject.refresh();
    assert.deepEqual([subject.accounts.status, subject.accounts.records.size], ['complete', 230]);
  });

  it('counts repeated rows once and drops rows that are gone, without an empty moment', async () => {
    const { box, subject } = await start('instantly', { instantly: { accounts: 50 } });
    await subject.accounts.load();
    const kept = { email: box.instantly.accounts[0]!.email };
    box.override({ path: /starting_after/, reply: { status: 200, body: { items: [] } } });
    box.override({
      path: /^\/api\/v2\/accounts\?(?!.*starting_after)/,
      reply: { status: 200, body: { items: [kept, kept], next_starting_after: 'x' } },
    });
    let least = Infinity;
    subject.onDidChange(() => {
      least = Math.min(least, subject.accounts.records.size);
    });
    await subject.refresh();
    assert.equal(subject.accounts.records.size, 1);
    assert.equal(least, 1);
  });

  it('agrees with the service on the campaigns of every account of Instantly', async () => {
    const { box, subject } = await start('instantly', { instantly: { accounts: 40, campaigns: 15 } });
    for (const { email } of box.instantly.accounts) {
      const truth = (box.instantly.campaignsOf.get(email) ?? []).map((row) => String(row['id'])).sort();
      const mapped = await subject.loadCampaignsOf(email);
      assert.deepEqual([mapped.status, mapped.campaigns.map(({ id }) => id).sort()], ['complete', truth]);
      assert.equal(subject.campaignCount(email), truth.length);
    }
  });

  for (const fetchCampaigns of ['answered', 'ignored', 'refused'] as const) {
    it(`agrees with Smartlead where fetch_campaigns is ${fetchCampaigns}`, async () => {
      const { box, subject } = await start('smartlead', { smartlead: { fetchCampaigns } });
      await subject.accounts.load();
      const before = box.requests.length;
      for (const { id, campaignIds } of box.smartlead.accounts) {
        const campaigns = await subject.allCampaignsOf(String(id));
        assert.deepEqual(campaigns.map((campaign) => campaign.id).sort(), campaignIds.map(String).sort());
        assert.ok(campaigns.every(({ name }) => name !== ''));
      }
      const scans = box.requests.slice(before).filter(({ path }) => /campaigns\/\d+\/email-accounts/.test(path));
      assert.equal(scans.length > 0, fetchCampaigns !== 'answered');
    });
  }

  it('scans once for all accounts, the active campaigns first, and says what it scanned', async () => {
    const { box, subject } = await start('smartlead', { smartlead: { fetchCampaigns: 'ignored' }, oddities: false });
    await Promise.all(box.smartlead.accounts.map(({ id }) => subject.loadCampaignsOf(String(id))));
    await subject.scannedCampaignsOf('x');
    const scanned = box.requests.map(({ path }) => /campaigns\/(\d+)\/email-accounts/.exec(path)?.[1]).filter(Boolean);
    assert.equal(scanned.length, box.smartlead.campaigns.length);
    const statuses = scanned.map((id) => box.smartlead.campaigns.find((row) => String(row['id']) === id)!['status']);
    assert.ok(
      statuses.lastIndexOf('ACTIVE') < statuses.indexOf('DRAFTED') || !statuses.includes('DRAFTED'),
      statuses.join(),
    );
    const { scan, status } = subject.campaignsOf(String(box.smartlead.accounts[0]!.id))!;
    assert.deepEqual([status, scan], ['complete', { scanned: 10, total: 10, failed: 0 }]);
  });

  it('says which campaigns a scan could not read', async () => {
    const { box, subject } = await start('smartlead', { smartlead: { fetchCampaigns: 'ignored' } });
    const id = String(box.smartlead.campaigns[0]!['id']);
    box.override({
      path: new RegExp(`campaigns/${id}/email-accounts`),
      reply: { status: 404, body: { error: 'gone' } },
    });
    const account = String(box.smartlead.accounts[0]!.id);
    await subject.loadCampaignsOf(account);
    await subject.scannedCampaignsOf(account);
    assert.equal(subject.campaignsOf(account)?.scan?.failed, 1);
    await assert.rejects(subject.allCampaignsOf(account), isServiceError);
  });

  it('keeps a failure until somebody tries again, and asks only once meanwhile', async () => {
    const { box, subject } = await start('instantly');
    const { email } = box.instantly.accounts[0]!;
    box.override({ path: /mappings/, times: 1, reply: { status: 403, body: { message: 'no scope' } } });
    assert.equal((await subject.loadCampaignsOf(email)).error?.kind, 'missingScope');
    assert.equal(subject.wantsCampaignsOf(email), false);
    assert.equal((await subject.loadCampaignsOf(email)).status, 'complete');
  });

  it('refreshes one account with its own requests only, and tells only that row', async () => {
    const { box, subject } = await start('instantly');
    const { email } = box.instantly.accounts[3]!;
    await subject.accounts.load();
    await subject.loadCampaignsOf(email);
    box.requests.length = 0;
    const changes: MapChange[] = [];
    subject.onDidChange((change) => changes.push(change));
    await subject.refreshAccount(email);
    assert.ok(box.requests.every(({ path }) => path.endsWith(encodeURIComponent(email))));
    assert.ok(changes.every((change) => change.kind === 'account' && change.keys.join() === email));
    assert.ok(changes.length > 0);
  });

  it('asks for stale campaigns again, showing the old ones meanwhile', async () => {
    const { box, subject } = await start('instantly');
    const { email } = box.instantly.accounts[0]!;
    await subject.loadCampaignsOf(email);
    const count = subject.campaignCount(email);
    await subject.refresh();
    assert.equal(subject.campaignCount(email), count);
    assert.equal(subject.wantsCampaignsOf(email), true);
  });

  it('ends its requests when it is disposed', async () => {
    const { box, subject } = await start('instantly');
    box.override({ path: /./, reply: 'hang' });
    const pending = subject.loadCampaignsOf('a@b.c');
    const walk = subject.accounts.load();
    await new Promise((resolve) => setTimeout(resolve, 50));
    subject.dispose();
    await assert.rejects(pending, { name: 'AbortError' });
    await walk;
    assert.notEqual(subject.accounts.status, 'complete');
  });

  it('never gives a part for the whole, whoever refreshes or ends meanwhile', async () => {
    const { subject } = await start('instantly', { instantly: { accounts: 430 }, latency: 20 });
    const all = subject.accounts.all();
    await new Promise((resolve) => setTimeout(resolve, 60));
    const refresh = subject.refresh();
    assert.equal((await all).size, 430);
    await refresh;
    const again = subject.refresh();
    const ended = subject.accounts.all();
    await new Promise((resolve) => setTimeout(resolve, 30));
    subject.dispose();
    await assert.rejects(ended, isServiceError);
    await again;
  });

  it('shares one answer among all who ask for the same account at once', async () => {
    const { box, subject } = await start('instantly');
    const { email } = box.instantly.accounts[0]!;
    const answers = await Promise.all([1, 2, 3].map(() => subject.allCampaignsOf(email)));
    assert.deepEqual(answers[1], answers[0]);
    assert.ok(box.requests.filter(({ query }) => !('starting_after' in query)).length === 1);
  });

  it('shows the campaigns of a newer list after a refresh', async () => {
    const { box, subject } = await start('smartlead');
    await subject.accounts.load();
    const account = box.smartlead.accounts[0]!;
    await subject.loadCampaignsOf(String(account.id));
    const before = subject.campaignCount(String(account.id)) ?? 0;
    account.campaignIds.push(
      Number(box.smartlead.campaigns.find((row) => !account.campaignIds.includes(Number(row['id'])))!['id']),
    );
    const refresh = subject.refresh();
    // As an expanded row does, before the new page has come.
    await subject.loadCampaignsOf(String(account.id));
    await refresh;
    assert.equal(subject.campaignCount(String(account.id)), before + 1);
  });

  it('forgets a reason that is gone, and keeps what only the list tells', async () => {
    const { box, subject } = await start('instantly');
    await subject.accounts.load();
    const account = box.instantly.accounts.find(
      ({ row, tagIds }) => row['status_message'] !== undefined && tagIds.length > 0,
    )!;
    assert.ok(subject.accounts.records.get(account.email)?.reason);
    delete account.row['status_message'];
    account.row['status'] = 1;
    await Promise.all([subject.refreshAccount(account.email), subject.refreshAccount(account.email)]);
    const after = subject.accounts.records.get(account.email)!;
    assert.deepEqual(
      [after.statusWords, after.reason, after.tags.length],
      ['Active', undefined, account.tagIds.length],
    );
  });

  it('joins senders with what the list knows of them', async () => {
    const { box, subject } = await start('smartlead');
    await subject.accounts.load();
    const [campaign, senders] = [...box.smartlead.sendersOf].find(([, accounts]) =>
      accounts.some(({ warmup, reputation }) => warmup !== null && reputation !== null),
    )!;
    const known = senders.find(({ warmup, reputation }) => warmup !== null && reputation !== null)!;
    const sender = (await subject.sendersOf(String(campaign))).find(({ account }) => account.key === String(known.id))!;
    assert.equal(sender.account.warmupScore, known.reputation);
  });

  it('does not lose the status of a campaign to a mapping that has none', async () => {
    const { box, subject } = await start('instantly', { instantly: { accounts: 20, campaigns: 30 } });
    const campaigns = await subject.campaigns.all();
    for (const { email } of box.instantly.accounts) {
      await subject.loadCampaignsOf(email);
    }
    assert.ok([...campaigns.values()].every(({ statusWords }) => statusWords !== 'Status not given'));
  });

  it('ends a scan that a refresh supersedes', async () => {
    const { box, subject } = await start('smartlead', {
      smartlead: { fetchCampaigns: 'ignored', campaigns: 60 },
      latency: 30,
    });
    const account = String(box.smartlead.accounts[0]!.id);
    await subject.loadCampaignsOf(account);
    await subject.refresh();
    const before = box.requests.filter(({ path }) => /campaigns\/\d+\/email-accounts/.test(path)).length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    const after = box.requests.filter(({ path }) => /campaigns\/\d+\/email-accounts/.test(path)).length;
    assert.ok(before < 60);
    assert.equal(after, before);
  });

  it('scans once for many who ask, one after the other', async () => {
    const { box, subject } = await start('smartlead', { smartlead: { fetchCampaigns: 'ignored' } });
    for (const { id } of box.smartlead.accounts.slice(0, 5)) {
      await subject.allCampaignsOf(String(id));
    }
    assert.equal(box.requests.filter(({ path }) => /campaigns\/\d+\/email-accounts/.test(path)).length, 10);
  });

  it('waits in the background for as long as a rate limit asks, and ends complete', async () => {
    const { box, subject } = await start('instantly', { instantly: { accounts: 430 } });
    box.override({
      path: /starting_after/,
      times: 2,
      reply: { status: 429, body: {}, headers: { 'retry-after': '1' } },
    });
    await subject.accounts.load();
    assert.deepEqual([subject.accounts.status, subject.accounts.records.size], ['complete', 430]);
  });
});
