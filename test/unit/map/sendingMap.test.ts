import { atOnce } from '../../../src/transport/turns.ts';
import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { SendingMap, type MapChange, type MapState } from '../../../src/map/sendingMap.ts';
import { decodeSnapshot } from '../../../src/map/snapshot.ts';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.ts';
import { isServiceError, ServiceError } from '../../../src/transport/errors.ts';
import { connect, MemoryLog } from '../../support/connect.ts';
import { account, campaign, emptyState } from '../../support/records.ts';
import { savedMap } from '../../support/savedMaps.ts';
import { until } from '../../support/until.ts';

/** What a map knows, as it comes back from disk. */
async function stored(map: SendingMap): Promise<MapState> {
  const header = { connectionId: 'c', provider: 'p', keyTag: 'k', language: 'en', savedAt: 1 };
  return (await decodeSnapshot(await savedMap(header, await map.save()))).state;
}

describe('sending map', () => {
  let sandbox: Sandbox | undefined;
  let map: SendingMap | undefined;
  let cap = 0;
  const log = new MemoryLog();

  afterEach(async () => {
    mock.timers.reset();
    map?.dispose();
    await sandbox?.close();
    cap = 0;
  });

  async function start(service: 'instantly' | 'smartlead', settings: Parameters<typeof startSandbox>[0] = {}) {
    const box = await startSandbox(settings);
    const provider = connect(service, { baseUrl: box.baseUrls[service] });
    const subject = new SendingMap(provider, () => cap, log);
    [sandbox, map] = [box, subject];
    return { box, subject, provider };
  }

  for (const accounts of [0, 1, 99, 100, 101, 250]) {
    it(`has all of ${accounts} accounts, of both services`, async () => {
      for (const service of ['instantly', 'smartlead'] as const) {
        const { box, subject } = await start(service, { [service]: { accounts } });
        await subject.sync();
        assert.equal(subject.accounts.status, 'complete');
        assert.equal(subject.accounts.records.size, accounts);
        await box.close();
      }
    });
  }

  it('stops at the cap, goes on when asked, and knows when it is at the end', async () => {
    cap = 1;
    const { subject } = await start('instantly', { instantly: { accounts: 230 } });
    await subject.sync();
    assert.deepEqual([subject.accounts.status, subject.accounts.records.size], ['capped', 100]);
    await subject.loadMore();
    assert.deepEqual([subject.accounts.status, subject.accounts.records.size], ['capped', 200]);
    assert.equal((await subject.allAccounts()).length, 230);
    assert.equal(subject.accounts.status, 'complete');
  });

  it('keeps what it has when a page fails, says why, and ends complete after a retry', async () => {
    const { box, subject } = await start('instantly', { instantly: { accounts: 230 } });
    box.override({ path: /\/accounts\?.*starting_after/, times: 4, reply: { status: 500, body: 'x' } });
    await subject.sync();
    assert.deepEqual([subject.accounts.status, subject.accounts.records.size], ['failed', 100]);
    assert.equal(subject.accounts.error?.kind, 'unavailable');
    await assert.rejects(async () => {
      box.override({ path: /accounts/, times: 4, reply: { status: 500, body: 'x' } });
      await subject.allAccounts();
    }, isServiceError);
    await subject.sync(true);
    assert.deepEqual([subject.accounts.status, subject.accounts.records.size], ['complete', 230]);
  });

  it('counts repeated rows once and drops rows that are gone, without an empty moment', async () => {
    const { box, subject } = await start('instantly', { instantly: { accounts: 50 } });
    await subject.sync();
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
    await subject.sync(true);
    assert.equal(subject.accounts.records.size, 1);
    assert.equal(least, 1);
  });

  it('agrees with the service on the campaigns of every account of Instantly, without asking for each', async () => {
    const { box, subject } = await start('instantly', { instantly: { accounts: 140, campaigns: 115 } });
    await subject.sync();
    // Three pages of each list; the tags of 115 campaigns, of 50 at once in two pages, and the names of those tags.
    assert.equal(box.requests.length, 3 + 3 + 3 * 2 + 2);
    assert.deepEqual([subject.complete, subject.missing()], [true, []]);
    for (const { email } of box.instantly.accounts) {
      const truth = (box.instantly.campaignsOf.get(email) ?? []).map((row) => String(row['id'])).sort();
      assert.deepEqual(idsOf(subject, email), truth);
      assert.equal(subject.graph.countOfCampaigns(email)?.all, truth.length);
    }
  });

  it('says of each sender whether it is listed or comes through a tag', async () => {
    const { box, subject } = await start('instantly', { instantly: { accounts: 60, campaigns: 30 } });
    await subject.sync();
    for (const row of box.instantly.campaigns) {
      const listed = (row['email_list'] as string[] | undefined) ?? [];
      const tags = (row['email_tag_list'] as string[] | undefined) ?? [];
      for (const { account, reasons } of subject.graph.sendersOf(String(row['id']))) {
        const tagged = box.instantly.byEmail.get(account.key)!.tagIds.filter((id) => tags.includes(id));
        assert.deepEqual(
          reasons.map((reason) => (reason.kind === 'tag' ? reason.tag.id : reason.kind)),
          [...(listed.includes(account.key) ? ['listed'] : []), ...tagged],
        );
      }
    }
  });

  it('checks an account with the service, which adds campaigns and removes none', async () => {
    const { box, subject } = await start('instantly', { instantly: { accounts: 40, campaigns: 15 } });
    await subject.sync();
    const [email, campaigns] = [...box.instantly.campaignsOf.entries()].find(([, found]) => found.length > 1)!;
    await subject.lookups.checkMapping(email);
    assert.ok(!log.lines.some((line) => line.includes('it adds and does not remove')));
    const known = campaigns.map((row) => String(row['id']));
    const other = box.instantly.campaigns.map((row) => String(row['id'])).find((id) => !known.includes(id))!;
    const reply = { status: 200, body: { items: [{ campaign_id: other, campaign_name: 'Mapped', status: 2 }] } };
    const changes: MapChange[] = [];
    subject.onDidChange((change) => changes.push(change));
    box.override({ path: /starting_after/, reply: { status: 200, body: { items: [] } } });
    box.override({ path: /account-campaign-mappings/, times: 1, reply });
    await subject.lookups.checkMapping(email, true);
    assert.deepEqual(idsOf(subject, email), [...known, other].sort());
    assert.ok(subject.graph.sendersOf(other).some(({ account }) => account.key === email));
    assert.ok(changes.some((change) => change.accounts.has(email) && change.campaigns.has(other)));
    const line = log.lines.find((candidate) => candidate.includes('it adds and does not remove'));
    assert.ok(line !== undefined && !line.includes(email));
    box.clearOverrides();
    await subject.sync(true);
    assert.equal(subject.graph.countOfCampaigns(email)?.all, box.instantly.campaignsOf.get(email)!.length);
  });

  for (const fetchCampaigns of ['answered', 'ignored', 'refused'] as const) {
    it(`agrees with Smartlead where fetch_campaigns is ${fetchCampaigns}`, async () => {
      const { box, subject } = await start('smartlead', { smartlead: { fetchCampaigns } });
      await subject.sync();
      assert.deepEqual([subject.complete, subject.missing()], [true, []]);
      const scans = box.requests.filter(({ path }) => /campaigns\/\d+\/email-accounts/.test(path));
      // That accounts say their campaigns is believed once a campaign agrees.
      assert.equal(scans.length, fetchCampaigns === 'answered' ? 1 : box.smartlead.campaigns.length);
      for (const { id, campaignIds } of box.smartlead.accounts) {
        assert.deepEqual(idsOf(subject, String(id)), campaignIds.map(String).sort());
        const campaigns = await subject.allCampaignsOf(String(id));
        assert.deepEqual(campaigns.map(({ campaign }) => campaign.id).sort(), campaignIds.map(String).sort());
        assert.ok(campaigns.every(({ campaign }) => campaign.name !== ''));
      }
      assert.ok(scans.length <= box.smartlead.campaigns.length);
    });
  }

  it('scans once for all accounts, the active campaigns first, and says what it scanned', async () => {
    const { box, subject } = await start('smartlead', { smartlead: { fetchCampaigns: 'ignored' }, oddities: false });
    await Promise.all([
      subject.sync(),
      ...box.smartlead.accounts.map(({ id }) => subject.lookups.checkMapping(String(id))),
      subject.lookups.scannedCampaignsOf('x'),
    ]);
    const scanned = box.requests.map(({ path }) => /campaigns\/(\d+)\/email-accounts/.exec(path)?.[1]).filter(Boolean);
    assert.equal(scanned.length, box.smartlead.campaigns.length);
    const statuses = scanned.map((id) => box.smartlead.campaigns.find((row) => String(row['id']) === id)!['status']);
    assert.ok(
      statuses.lastIndexOf('ACTIVE') < statuses.indexOf('DRAFTED') || !statuses.includes('DRAFTED'),
      statuses.join(),
    );
    assert.deepEqual(subject.progress.scan, { scanned: 10, total: 10, failed: 0 });
  });

  it('says which campaigns a scan could not read, and asks only those again', async () => {
    const { box, subject } = await start('smartlead', { smartlead: { fetchCampaigns: 'ignored' } });
    const id = String(box.smartlead.campaigns[0]!['id']);
    box.override({
      path: new RegExp(`campaigns/${id}/email-accounts`),
      reply: { status: 404, body: { error: 'gone' } },
    });
    await subject.sync();
    assert.deepEqual(subject.progress.scan, { scanned: 9, total: 10, failed: 1 });
    assert.deepEqual(subject.missing(), ['senders of 1 of 10 campaigns']);
    await assert.rejects(subject.allCampaignsOf(String(box.smartlead.accounts[0]!.id)), isServiceError);
    box.clearOverrides();
    box.requests.length = 0;
    await subject.sync();
    assert.deepEqual([subject.complete, box.requests.length], [true, 1]);
  });

  it('keeps a failed check until somebody tries again, and asks only once meanwhile', async () => {
    const { box, subject } = await start('instantly');
    const { email } = box.instantly.accounts[0]!;
    box.override({ path: /mappings/, times: 1, reply: { status: 403, body: { message: 'no scope' } } });
    await subject.lookups.checkMapping(email);
    assert.equal(subject.lookups.mappingCheckOf(email)?.error?.kind, 'missingScope');
    await subject.lookups.checkMapping(email);
    assert.equal(box.requests.length, 1);
    await subject.lookups.checkMapping(email, true);
    assert.equal(subject.lookups.mappingCheckOf(email)?.status, 'answered');
    assert.ok(subject.graph.knowsCampaignsOf(email));
  });

  it('knows the campaigns of an account before its lists are read, because it asks for them', async () => {
    const { box, subject } = await start('instantly');
    const { email } = box.instantly.accounts[0]!;
    await subject.lookups.checkMapping(email);
    const truth = (box.instantly.campaignsOf.get(email) ?? []).map((row) => String(row['id'])).sort();
    assert.deepEqual(idsOf(subject, email), truth);
  });

  it('refreshes one account with its own requests only, and tells only that row', async () => {
    const { box, subject } = await start('instantly');
    const { email, row } = box.instantly.accounts[3]!;
    await subject.sync();
    assert.ok(atOnce(subject.graph.countEdges()) > 0);
    box.requests.length = 0;
    const changes: MapChange[] = [];
    subject.onDidChange((change) => changes.push(change));
    await subject.lookups.refreshAccount(email);
    assert.ok(box.requests.every(({ path }) => path.endsWith(encodeURIComponent(email))));
    changes.length = 0;
    row['daily_limit'] = 7;
    await subject.lookups.refreshAccount(email);
    assert.deepEqual(changes, [{ listed: false, accounts: new Set([email]), campaigns: new Set() }]);
  });

  it('refreshes one campaign with its own request only', async () => {
    const { box, subject } = await start('instantly');
    await subject.sync();
    assert.ok(atOnce(subject.graph.countEdges()) > 0);
    const campaign = box.instantly.campaigns[2]!;
    const before = subject.graph.countOfSenders(String(campaign['id']))?.senders;
    campaign['email_list'] = [box.instantly.accounts[0]!.email];
    campaign['email_tag_list'] = [];
    box.requests.length = 0;
    await subject.lookups.refreshCampaign(String(campaign['id']));
    assert.equal(box.requests.length, 1);
    assert.ok(before !== 1);
    assert.equal(subject.graph.countOfSenders(String(campaign['id']))?.senders, 1);
  });

  it('tells nothing after a refresh that found everything as it was, and one row where one changed', async () => {
    for (const service of ['instantly', 'smartlead'] as const) {
      const { box, subject } = await start(service, { [service]: { accounts: 230 } });
      await subject.sync();
      assert.ok(atOnce(subject.graph.countEdges()) > 0);
      const changes: MapChange[] = [];
      subject.onDidChange((change) => changes.push(change));
      await subject.sync(true);
      assert.deepEqual(changes, []);
      const key =
        service === 'instantly' ? box.instantly.accounts[150]!.email : String(box.smartlead.accounts[150]!.id);
      Object.assign(
        service === 'instantly' ? box.instantly.accounts[150]!.row : box.smartlead.accounts[150]!.shared,
        service === 'instantly' ? { daily_limit: 7 } : { message_per_day: 7 },
      );
      await subject.sync(true);
      assert.deepEqual(changes, [{ listed: false, accounts: new Set([key]), campaigns: new Set() }]);
      await box.close();
    }
  });

  it('says of a mistake of its own that it is one, and keeps the details for the log', async () => {
    const { subject, provider } = await start('instantly');
    const next = () => Promise.reject(new TypeError('Cannot read properties of undefined'));
    provider.accountPages = () => ({ [Symbol.asyncIterator]: () => ({ next }) });
    await assert.rejects(subject.allAccounts(), (error: Error) => {
      assert.ok(isServiceError(error) && error.kind === 'internal');
      assert.ok(!error.message.includes('Cannot read'));
      return true;
    });
    assert.match(log.lines.join('\n'), /TypeError: Cannot read.*\n\s+at /);
  });

  it('goes on from what was saved as if it had read it itself: an unchanged refresh tells nothing', async () => {
    for (const service of ['instantly', 'smartlead'] as const) {
      const { box, subject } = await start(service, { [service]: { accounts: 130 } });
      await subject.sync();
      const next = new SendingMap(connect(service, { baseUrl: box.baseUrls[service] }), () => 0, log);
      await next.restore(await stored(subject));
      const { graph } = next;
      const changes: MapChange[] = [];
      next.onDidChange((change) => changes.push(change));
      await next.sync(true);
      assert.deepEqual(changes, []);
      assert.equal(next.graph, graph, 'the edges are not built again');
      next.dispose();
      await box.close();
    }
  });

  it('lends out its lists to look at, and nothing that reads or changes them', () => {
    const map = new SendingMap(connect('smartlead', { baseUrl: 'http://127.0.0.1:1' }), () => 0, new MemoryLog());
    for (const list of [map.accounts, map.campaigns]) {
      for (const held of [list, list.records]) {
        const properties = Object.getOwnPropertyDescriptors(held);
        assert.equal(Object.getPrototypeOf(held), Object.prototype);
        assert.ok(!['read', 'restore', 'set', 'delete', 'meet'].some((name) => name in properties));
        assert.ok(Object.values(properties).every((property) => property.set === undefined));
      }
    }
    map.dispose();
  });

  it('says of a map that it takes over why its list ended', async () => {
    const error = new ServiceError('planInactive', { service: 'Smartlead' });
    const { accountsPosition } = emptyState({});
    const map = new SendingMap(connect('smartlead', { baseUrl: 'http://127.0.0.1:1' }), () => 0, new MemoryLog());
    await map.restore(emptyState({ accountsPosition: { ...accountsPosition, status: 'failed', error } }));
    assert.deepEqual([map.accounts.status, map.accounts.error], ['failed', error]);
    assert.ok(map.missing().some((sentence) => sentence.includes(error.message)));
  });

  describe('while it restores a map that takes many turns', () => {
    const COUNT = 60_000;
    const position = {
      status: 'complete',
      pages: 1,
      pagesBefore: 1,
      startedAt: 1,
      completedAt: Date.now(),
      next: undefined,
      unmet: [],
      error: undefined,
      warnings: [],
      invalid: [],
    } as const;
    const large = emptyState({
      accounts: Array.from({ length: COUNT }, (_, row) => account(`a${row}@x.com`)),
      campaigns: [campaign('1')],
      senderLists: [['1', { keys: ['a0@x.com', 'gone@x.com'], at: 5 }]],
      accountsPosition: position,
      campaignsPosition: position,
      syncedAt: Date.now(),
    });

    it('saves no half of it', async () => {
      const { subject } = await start('instantly', { instantly: { accounts: 1 } });
      const restoring = subject.restore(large);
      assert.ok(subject.accounts.records.size < COUNT, 'it gives way');
      const saved = await subject.save();
      assert.deepEqual([[...saved.accounts].length, saved.campaigns.length, saved.senderLists.length], [COUNT, 1, 1]);
      await restoring;
    });

    it('begins no sync, and then none that is not needed', async () => {
      const { box, subject } = await start('instantly', { instantly: { accounts: 1 } });
      const restoring = subject.restore(large);
      subject.ensureFresh(Infinity);
      const syncing = subject.sync(true);
      assert.equal(subject.progress.running, false);
      await restoring;
      assert.equal(subject.accounts.records.size, COUNT);
      await syncing;
      assert.equal(subject.accounts.records.size, 1);
      const synced = box.requests.length;
      const again = subject.restore(large);
      subject.ensureFresh(Infinity);
      await again;
      assert.deepEqual([box.requests.length, subject.progress.running], [synced, false]);
    });

    it('lets nothing vanish that is in both, and drops in the end what is in the old one only', async () => {
      const { subject } = await start('instantly', { instantly: { accounts: 1 } });
      const campaigns = [campaign('1'), campaign('2')];
      await subject.restore({ ...large, accounts: [...large.accounts, account('old@x.com')], campaigns });
      const restoring = subject.restore(large);
      const sizes: number[] = [];
      const look = () => {
        sizes.push(subject.accounts.records.size);
        return subject.campaigns.records.has('2') ? setImmediate(look) : undefined;
      };
      look();
      await restoring;
      assert.deepEqual(
        sizes.filter((size) => size < COUNT),
        [],
      );
      assert.deepEqual([subject.accounts.records.size, subject.campaigns.records.size], [COUNT, 1]);
      assert.deepEqual(
        subject.graph.sendersOf('1').map(({ account: { key } }) => key),
        ['a0@x.com', 'gone@x.com'],
      );
    });

    it('keeps what is confirmed, and named, of what left the lists', async () => {
      const { subject } = await start('instantly', { instantly: { accounts: 1 } });
      await subject.restore({ ...emptyState(), accounts: [account('a')], campaigns: [campaign('1')] });
      await subject.restore({
        ...emptyState(),
        named: [campaign('1', { name: 'Named' })],
        confirmed: [['a', { ids: ['1'], at: Date.now() }]],
      });
      const saved = await subject.save();
      assert.deepEqual([[...saved.accounts], saved.campaigns], [[], []]);
      assert.deepEqual(
        saved.named.map(({ name }) => name),
        ['Named'],
      );
      assert.deepEqual(
        saved.confirmed.map(([key, { ids }]) => [key, ids]),
        [['a', ['1']]],
      );
    });
  });

  it('leaves what people need of the limits in every request of a refresh that nobody asked for', async () => {
    for (const service of ['instantly', 'smartlead'] as const) {
      const { box, subject, provider } = await start(service, {
        [service]: { accounts: 230, fetchCampaigns: 'ignored' },
      });
      await subject.sync();
      const { client } = provider;
      const get = client.get.bind(client);
      const priorities: unknown[] = [];
      client.get = (route, path, query, options) => {
        priorities.push(options?.priority);
        return get(route, path, query, options);
      };
      const before = box.requests.length;
      subject.ensureFresh(-1, 'automatic');
      await subject.sync();
      assert.ok(priorities.length >= 8, String(priorities.length));
      assert.equal(priorities.length, box.requests.length - before);
      assert.deepEqual(new Set(priorities), new Set(['automatic']));
      await subject.sync(true);
      assert.ok(priorities.includes('interactive') && priorities.includes('background'));
      await box.close();
    }
  });

  it('tells the campaigns of an account whose health changed', async () => {
    const { box, subject } = await start('instantly');
    await subject.sync();
    const account = box.instantly.accounts.find(
      ({ email, row }) => row['status'] === 1 && (box.instantly.campaignsOf.get(email)?.length ?? 0) > 0,
    )!;
    const [id] = idsOf(subject, account.email);
    const healthy = subject.graph.countOfSenders(id!)!.healthy;
    account.row['status'] = -1;
    let campaigns = new Set<string>();
    subject.onDidChange((change) => {
      campaigns = new Set([...campaigns, ...change.campaigns]);
    });
    await subject.lookups.refreshAccount(account.email);
    assert.equal(subject.graph.countOfSenders(id!)!.healthy, healthy - 1);
    assert.deepEqual([...campaigns].sort(), idsOf(subject, account.email));
  });

  it('ends its requests when it is disposed', async () => {
    const { box, subject } = await start('instantly');
    box.override({ path: /./, reply: 'hang' });
    const pending = subject.lookups.checkMapping('a@b.c');
    const reading = subject.sync();
    await until(() => box.requests.length >= 2);
    subject.dispose();
    await assert.rejects(pending, { kind: 'ended' });
    await reading;
    assert.notEqual(subject.accounts.status, 'complete');
  });

  it('never gives a part for the whole, whatever refreshes or ends meanwhile', async () => {
    const { box, subject } = await start('instantly', { instantly: { accounts: 430 }, latency: 20 });
    const all = subject.allAccounts();
    await until(() => box.requests.length >= 2);
    const refresh = subject.sync(true);
    assert.equal((await all).length, 430);
    await refresh;
    box.requests.length = 0;
    const again = subject.sync(true);
    const ended = subject.allAccounts();
    await until(() => box.requests.length >= 1);
    subject.dispose();
    await assert.rejects(ended, isServiceError);
    await again;
  });

  it('gives no part of a list to those who wait for all of it when a person cancels', async () => {
    const { box, subject } = await start('instantly', { instantly: { accounts: 430 }, latency: 20 });
    const accounts = subject.allAccounts();
    await until(() => subject.accounts.records.size >= 100);
    subject.cancel();
    await assert.rejects(accounts, { kind: 'ended' });
    assert.equal(subject.accounts.status, 'stopped');
    assert.ok(subject.missing().length > 0);
    // Those who ask again get all of it, from where it stopped: the page that was on its way may go out again, the
    // first one does not.
    box.requests.length = 0;
    assert.equal((await subject.allAccounts()).length, 430);
    const pages = box.requests.filter(({ path }) => path.endsWith('/accounts'));
    assert.ok(pages.length > 0);
    assert.deepEqual(
      pages.filter(({ query }) => !('starting_after' in query)),
      [],
    );
  });

  it('counts what cannot be read among the accounts of a tag that campaigns select', async () => {
    const { box, subject } = await start('instantly', {
      instantly: { accounts: 20, campaigns: 15, quirks: ['tagsLeftOut'] },
    });
    const tag = box.instantly.campaigns.flatMap((row) => (row['email_tag_list'] as string[] | undefined) ?? [])[0]!;
    box.override({
      path: new RegExp(`/accounts\\?.*tag_ids=${tag}`),
      reply: { status: 200, body: { items: [{ email: '' }, 'no account'] } },
    });
    await subject.sync();
    assert.ok(!subject.complete);
    const words = 'accounts by tag: 2 records that cannot be read';
    assert.ok(subject.missing().includes(words), subject.missing().join('\n'));
  });

  it('shares one answer among all who ask for the same account at once', async () => {
    const { box, subject } = await start('instantly');
    const { email } = box.instantly.accounts[0]!;
    const answers = await Promise.all([1, 2, 3].map(() => subject.allCampaignsOf(email)));
    assert.deepEqual(answers[1], answers[0]);
    assert.ok(answers[0]!.length > 0);
    const asked = box.requests.filter(
      ({ path, query }) => path.includes('account-campaign-mappings') && !('starting_after' in query),
    );
    assert.equal(asked.length, 1);
  });

  it('shows the campaigns of a newer list after a refresh', async () => {
    const { box, subject } = await start('smartlead');
    await subject.sync();
    const account = box.smartlead.accounts[0]!;
    await subject.lookups.checkMapping(String(account.id));
    const before = subject.graph.countOfCampaigns(String(account.id))?.all ?? 0;
    account.campaignIds.push(
      Number(box.smartlead.campaigns.find((row) => !account.campaignIds.includes(Number(row['id'])))!['id']),
    );
    await subject.sync(true);
    assert.equal(subject.graph.countOfCampaigns(String(account.id))?.all, before + 1);
  });

  it('forgets a reason that is gone, and keeps what only the list tells', async () => {
    const { box, subject } = await start('instantly');
    await subject.sync();
    const account = box.instantly.accounts.find(
      ({ row, tagIds }) => row['status_message'] !== undefined && tagIds.length > 0,
    )!;
    assert.ok(subject.accounts.records.get(account.email)?.reason);
    delete account.row['status_message'];
    account.row['status'] = 1;
    await Promise.all([subject.lookups.refreshAccount(account.email), subject.lookups.refreshAccount(account.email)]);
    const after = subject.accounts.records.get(account.email)!;
    assert.deepEqual(
      [after.statusWords, after.reason, after.tags.length],
      ['Active', undefined, account.tagIds.length],
    );
  });

  it('joins senders with what the list knows of them', async () => {
    const { box, subject } = await start('smartlead');
    await subject.sync();
    const [campaign, senders] = [...box.smartlead.sendersOf].find(([, accounts]) =>
      accounts.some(({ warmup, reputation }) => warmup !== null && reputation !== null),
    )!;
    const known = senders.find(({ warmup, reputation }) => warmup !== null && reputation !== null)!;
    const sender = (await subject.lookups.sendersOf(String(campaign))).find(
      ({ account }) => account.key === String(known.id),
    )!;
    assert.equal(sender.account.warmupScore, known.reputation);
  });

  it('does not lose the status of a campaign to a mapping that has none', async () => {
    const { box, subject } = await start('instantly', { instantly: { accounts: 20, campaigns: 30 } });
    await subject.sync();
    for (const { email } of box.instantly.accounts) {
      await subject.lookups.checkMapping(email);
    }
    assert.ok([...subject.graph.campaigns].every(({ statusWords }) => statusWords !== 'Status not given'));
  });

  it('ends a scan that is cancelled, and goes on with the campaigns that are left', async () => {
    const { box, subject } = await start('smartlead', {
      smartlead: { fetchCampaigns: 'ignored', campaigns: 60 },
      latency: 20,
    });
    const scans = () => box.requests.filter(({ path }) => /campaigns\/\d+\/email-accounts/.test(path)).length;
    const syncing = subject.sync();
    await until(() => scans() >= 10);
    subject.cancel();
    await syncing;
    const before = scans();
    assert.match(subject.missing().join(), /^senders of \d+ of 60 campaigns$/);
    await subject.sync();
    assert.ok(subject.complete);
    assert.ok(before < 60, 'no more were asked after that');
    assert.ok(scans() <= 60 + 4, 'those that were under way are asked again, and no others');
  });

  it('scans once for many who ask, one after the other', async () => {
    const { box, subject } = await start('smartlead', { smartlead: { fetchCampaigns: 'ignored' } });
    for (const { id } of box.smartlead.accounts.slice(0, 5)) {
      await subject.allCampaignsOf(String(id));
    }
    assert.equal(box.requests.filter(({ path }) => /campaigns\/\d+\/email-accounts/.test(path)).length, 10);
  });

  it('guesses in a first sync how many requests are left, from the accounts that campaigns name', async () => {
    const { subject } = await start('instantly', { instantly: { accounts: 930 } });
    const guesses: number[] = [];
    subject.onDidProgress(() => {
      const { requestsLeft } = subject.progress;
      if (requestsLeft !== undefined && requestsLeft > 0) {
        guesses.push(requestsLeft);
      }
    });
    await subject.sync();
    assert.ok(subject.complete);
    assert.ok(guesses.length > 0 && guesses.every((guess) => guess <= 9), guesses.join());
    assert.equal(subject.progress.requestsLeft, 0);
  });

  describe('with times from the future, because the clock was set back', () => {
    const HOUR = 60 * 60_000;

    /** Sets the clock; it stands still then. */
    function setClock(by: number): void {
      mock.timers.enable({ apis: ['Date'], now: Date.now() + by });
    }

    /** A map that knows what was read three years from now. */
    async function fromTheFuture(...[service, settings]: Parameters<typeof start>) {
      const started = await start(service, settings);
      setClock(3 * 365 * 24 * HOUR);
      await started.subject.sync();
      const account = started.subject.accounts.records.rows[0]?.key;
      started.box.override({ path: /mappings/, times: 1, reply: { status: 200, body: { items: [] } } });
      await started.subject.lookups.checkMapping(account!);
      const state = await stored(started.subject);
      mock.timers.reset();
      const next = new SendingMap(connect(service, { baseUrl: started.box.baseUrls[service] }), () => cap, log);
      started.subject.dispose();
      map = next;
      await next.restore(state);
      started.box.requests.length = 0;
      return { box: started.box, subject: next, account: account! };
    }

    /** Opens the map as a view does that was painted before, and waits for what comes of it. */
    async function open(subject: SendingMap): Promise<void> {
      subject.ensureFresh(Infinity);
      if (subject.progress.running) {
        await subject.sync();
      }
    }

    for (const [service, fetchCampaigns] of [
      ['instantly', 'answered'],
      ['smartlead', 'answered'],
      ['smartlead', 'ignored'],
    ] as const) {
      it(`counts what was saved as old, and reads it once: ${service}, ${fetchCampaigns}`, async () => {
        const { box, subject, account } = await fromTheFuture(service, { smartlead: { fetchCampaigns } });
        assert.deepEqual([subject.complete, subject.syncedAt], [fetchCampaigns === 'answered', undefined]);
        await open(subject);
        assert.deepEqual([subject.complete, subject.missing()], [true, []]);
        assert.ok(Date.now() - (subject.syncedAt ?? 0) < HOUR, String(subject.syncedAt));
        const scans = box.requests.filter(({ path }) => /campaigns\/\d+\/email-accounts/.test(path));
        const compared = service === 'smartlead' ? 1 : 0;
        assert.equal(scans.length, fetchCampaigns === 'ignored' ? box.smartlead.campaigns.length : compared);
        if (service === 'instantly') {
          assert.equal(
            subject.graph.countOfCampaigns(account)?.all,
            box.instantly.campaignsOf.get(account)?.length ?? 0,
            'the lists of now count, not the mapping of then',
          );
        }
        box.requests.length = 0;
        await open(subject);
        assert.equal(box.requests.length, 0);
      });
    }

    it('goes on with a scan as one that begins now', async () => {
      const { box, subject } = await start('smartlead', { smartlead: { fetchCampaigns: 'ignored' } });
      const { id } = box.smartlead.campaigns[0]!;
      const path = new RegExp(`campaigns/${String(id)}/email-accounts`);
      box.override({ path, reply: { status: 404, body: { error: 'gone' } } });
      await subject.sync();
      assert.equal(subject.complete, false);
      box.clearOverrides();
      setClock(-HOUR);
      await subject.sync();
      assert.deepEqual([subject.complete, subject.missing()], [true, []]);
    });

    it('starts a list again that an earlier session left in its middle', async () => {
      const { box, subject } = await start('instantly', { instantly: { accounts: 230 } });
      box.override({ path: /\/accounts\?.*starting_after/, times: 4, reply: { status: 500, body: 'x' } });
      await subject.sync();
      assert.equal(subject.accounts.status, 'failed');
      setClock(-HOUR);
      box.requests.length = 0;
      await subject.sync();
      assert.equal(subject.accounts.status, 'complete');
      const first = box.requests.find(({ path }) => path.endsWith('/accounts'));
      assert.ok(first !== undefined && !('starting_after' in first.query));
    });

    it('asks again about an account', async () => {
      const { box, subject } = await start('instantly');
      const { email } = box.instantly.accounts[0]!;
      await subject.lookups.checkMapping(email);
      await subject.lookups.checkMapping(email);
      const first = box.requests.length;
      setClock(-HOUR);
      await subject.lookups.checkMapping(email);
      assert.equal(box.requests.length, 2 * first);
    });

    it('guesses no time left below zero', async () => {
      const { subject } = await start('instantly', { instantly: { accounts: 930 } });
      await subject.sync();
      const left: number[] = [];
      subject.onDidProgress(() => {
        const { timeLeft } = subject.progress;
        if (timeLeft !== undefined) {
          left.push(timeLeft);
        }
      });
      const syncing = subject.sync(true);
      setClock(-HOUR);
      await syncing;
      assert.ok(left.length > 0 && left.every((time) => time >= 0), left.join());
    });

    it('publishes what changed as soon as ever', async () => {
      const { box, subject } = await start('instantly', { instantly: { accounts: 430 } });
      await subject.sync();
      setClock(-HOUR);
      const { promise: published, resolve } = Promise.withResolvers<MapChange>();
      const { row } = box.instantly.accounts[7]!;
      row['first_name'] = 'Renamed';
      subject.onDidChange(resolve);
      // The end of a sync publishes in any case, and does not come.
      box.override({ path: /campaigns\?/, reply: 'hang' });
      void subject.sync(true);
      assert.ok((await published).accounts.has(String(row['email'])));
    });
  });

  it('waits in the background for as long as a rate limit asks, and ends complete', async () => {
    const { box, subject } = await start('instantly', { instantly: { accounts: 430 } });
    box.override({
      path: /starting_after/,
      times: 2,
      reply: { status: 429, body: {}, headers: { 'retry-after': '1' } },
    });
    await subject.sync();
    assert.deepEqual([subject.accounts.status, subject.accounts.records.size], ['complete', 430]);
  });
});

function idsOf(map: SendingMap, accountKey: string): string[] {
  return map.graph
    .campaignsOf(accountKey)
    .map(({ campaign }) => campaign.id)
    .sort();
}
