import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { SendingMap } from '../../src/map/sendingMap.ts';
import type { InstantlyQuirk, SmartleadQuirk } from '../../src/sandbox/options.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { atOnce } from '../../src/transport/turns.ts';
import { arrangeAccounts } from '../../src/queries/arrange.ts';
import { accountFacets, parseFilter } from '../../src/queries/filter.ts';
import { connect, MemoryLog } from '../support/connect.ts';
import { until } from '../support/until.ts';

/** What nothing forbids a service to do: the map equals it, or says what is missing. */
describe('the map equals the service, or says what is missing', function () {
  this.timeout(60_000);
  let box: Sandbox;
  let log: MemoryLog;
  const maps: SendingMap[] = [];
  afterEach(async () => {
    maps.splice(0).forEach((map) => {
      map.dispose();
    });
    await box.close();
  });

  function open(service: 'instantly' | 'smartlead', cap: () => number = () => 0): SendingMap {
    log = new MemoryLog();
    const map = new SendingMap(connect(service, { baseUrl: box.baseUrls[service] }), cap, log);
    maps.push(map);
    return map;
  }

  /** Edges as the service has them. */
  function truth(service: 'instantly' | 'smartlead'): string[] {
    const edges =
      service === 'smartlead'
        ? [...box.smartlead.sendersOf].flatMap(([id, senders]) => senders.map((account) => `${account.id} ${id}`))
        : [...box.instantly.campaignsOf].flatMap(([email, campaigns]) =>
            campaigns.map((campaign) => `${email} ${String(campaign['id'])}`),
          );
    return [...new Set(edges)].sort();
  }

  /** Edges as a map has them, which have to be the same from both ends. */
  function edgesOf(map: SendingMap): string[] {
    const { graph } = map;
    const down = map.accounts.records.rows.flatMap(({ key }) =>
      graph.campaignsOf(key).map(({ campaign }) => `${key} ${campaign.id}`),
    );
    const up = map.campaigns.records.rows.flatMap(({ id }) =>
      graph.sendersOf(id).map(({ account }) => `${account.key} ${id}`),
    );
    assert.deepEqual(down.sort(), up.sort());
    assert.equal(atOnce(graph.countEdges()), down.length);
    return down;
  }

  describe('Smartlead', () => {
    async function start(
      quirks: readonly SmartleadQuirk[],
      { accounts = 60, campaigns = 12 }: { accounts?: number; campaigns?: number } = {},
    ): Promise<void> {
      box = await startSandbox({ oddities: false, smartlead: { accounts, campaigns, quirks } });
    }
    const requests = (path: RegExp) => box.requests.filter((request) => path.test(request.path)).length;

    for (const quirk of ['campaignIdsPartial', 'campaignIdsEmpty', 'campaignIdsObjects'] as const) {
      it(`has all edges where ${quirk}, and after a row is opened and refreshed, and in another session`, async () => {
        await start([quirk]);
        const map = open('smartlead');
        await map.sync();
        assert.deepEqual([edgesOf(map), map.missing()], [truth('smartlead'), []]);
        for (const { key } of map.accounts.records.rows.slice(0, 5)) {
          await map.lookups.checkMapping(key);
          await map.lookups.refreshAccount(key);
        }
        assert.deepEqual([edgesOf(map), map.missing()], [truth('smartlead'), []]);
        await map.sync(true);
        assert.deepEqual([edgesOf(map), map.missing()], [truth('smartlead'), []]);
        const other = open('smartlead');
        await other.restore(await map.save());
        assert.deepEqual([edgesOf(other), other.missing()], [truth('smartlead'), []]);
      });
    }

    it('asks all campaigns where the one that is compared has no senders, so that it proves nothing', async () => {
      await start(['campaignIdsEmpty']);
      const [first] = box.smartlead.campaigns.filter(({ status }) => status === 'ACTIVE').map(({ id }) => Number(id));
      (box.smartlead.sendersOf as Map<number, readonly unknown[]>).set(first!, []);
      const map = open('smartlead');
      await map.sync();
      assert.deepEqual([edgesOf(map), map.missing()], [truth('smartlead'), []]);
    });

    it('asks all campaigns where none is active', async () => {
      await start(['campaignIdsEmpty']);
      for (const campaign of box.smartlead.campaigns) {
        campaign['status'] = 'PAUSED';
      }
      const map = open('smartlead');
      await map.sync();
      assert.deepEqual([edgesOf(map), map.missing()], [truth('smartlead'), []]);
    });

    it('says so where no campaign can be asked whether accounts name them all', async () => {
      await start(['campaignIdsEmpty']);
      box.override({ path: /\/campaigns\/\d+\/email-accounts/, reply: { status: 400, body: { message: 'no' } } });
      const map = open('smartlead');
      await map.sync();
      assert.match(map.missing().join(), /whether accounts name all their campaigns/);
      const [first, campaign] = [box.smartlead.accounts[0]!, box.smartlead.campaigns[0]!];
      assert.equal(map.graph.countOfCampaigns(String(first.id)), undefined, 'that it names none does not mean that');
      assert.equal(map.graph.knowsSendersOf(String(campaign['id'])), false);
      const other = open('smartlead');
      await other.restore(await map.save());
      assert.equal(other.graph.countOfCampaigns(String(first.id)), undefined, 'in another session neither');
      box.clearOverrides();
      await map.sync();
      assert.deepEqual([edgesOf(map), map.missing()], [truth('smartlead'), []]);
    });

    it('asks one campaign, and no more, where accounts name their campaigns', async () => {
      await start([]);
      const map = open('smartlead');
      await map.sync();
      assert.deepEqual([edgesOf(map), map.missing()], [truth('smartlead'), []]);
      assert.equal(requests(/\/campaigns\/\d+\/email-accounts/), 1);
    });

    it('keeps what only an account’s own answer says until a newer one takes it back', async () => {
      await start(['blocksOnlyById']);
      const map = open('smartlead');
      await map.sync();
      const account = box.smartlead.accounts.find(
        ({ id, suspended }) => !suspended && map.accounts.records.get(String(id))?.state === 'healthy',
      )!;
      const key = String(account.id);
      const words = () => {
        const { state, statusWords, own } = map.accounts.records.get(key)!;
        return [state, statusWords, own?.findings.length ?? 0];
      };
      Object.assign(account, { suspended: true });
      await map.lookups.refreshAccount(key);
      assert.deepEqual(words(), ['paused', 'Suspended', 1]);
      assert.ok(Date.now() - map.accounts.records.get(key)!.own!.at < 60_000);
      await map.sync(true);
      assert.deepEqual(words(), ['paused', 'Suspended', 1]);
      const other = open('smartlead');
      await other.restore(await map.save());
      await other.sync(true);
      assert.equal(other.accounts.records.get(key)!.statusWords, 'Suspended');
      Object.assign(account, { suspended: false });
      await map.lookups.refreshAccount(key);
      assert.deepEqual(words(), ['healthy', 'Connected', 0]);
    });

    it('keeps why a campaign is paused, which only the list says, when the campaign is read alone', async () => {
      await start([]);
      const [campaign] = box.smartlead.campaigns;
      campaign!['status'] = 'PAUSED';
      const logs = [{ paused_reason: 'Bounce rate too high', created_at: '2026-11-01' }];
      const list = box.smartlead.campaigns.map((row) => ({
        ...row,
        campaign_activity_logs: row === campaign ? logs : {},
      }));
      box.override({ path: /\/campaigns\/\?/, reply: { status: 200, body: list } });
      const map = open('smartlead');
      await map.sync();
      const id = String(campaign!['id']);
      assert.equal(map.graph.campaign(id)!.statusWords, 'Paused: bounce protection');
      await map.lookups.refreshCampaign(id);
      assert.deepEqual(
        [map.graph.campaign(id)!.statusWords, map.graph.campaign(id)!.reason],
        ['Paused: bounce protection', 'Bounce rate too high'],
      );
      campaign!['status'] = 'ACTIVE';
      await map.lookups.refreshCampaign(id);
      assert.equal(map.graph.campaign(id)!.state, 'healthy');
    });

    it('has campaigns without tags where they are refused, and says so', async () => {
      await start(['includeTagsRefused']);
      const map = open('smartlead');
      await map.sync();
      assert.deepEqual(edgesOf(map), truth('smartlead'));
      assert.match(map.missing().join(), /^tags of campaigns: /);
    });

    it('names the senders that it cannot read, of campaigns of the same name each', async () => {
      await start(['campaignIdsEmpty', 'sendersDamaged']);
      for (const campaign of box.smartlead.campaigns) {
        campaign['name'] = 'Launch';
      }
      const map = open('smartlead');
      await map.sync();
      const damaged = map.missing().filter((sentence) => sentence.startsWith('senders of Launch'));
      assert.equal(damaged.length, box.smartlead.campaigns.length);
      assert.deepEqual(map.gaps(), damaged);
    });

    it('names the senders that it cannot read of the campaign that it compares', async () => {
      await start(['sendersDamaged']);
      const map = open('smartlead');
      await map.sync();
      assert.equal(map.missing().length, 1);
    });

    it('does not know how many campaigns an account has while campaigns could not be asked', async () => {
      await start(['campaignIdsEmpty']);
      const sending = box.smartlead.campaigns.find(({ status }) => status === 'ACTIVE')!;
      box.override({
        path: new RegExp(`/campaigns/(?!${String(sending['id'])}/)\\d+/email-accounts`),
        reply: { status: 400, body: { message: 'no' } },
      });
      const map = open('smartlead');
      await map.sync();
      const { rows } = map.accounts.records;
      assert.match(map.missing().join(), /senders of \d+ of 12 campaigns/);
      for (const filter of ['campaigns:0', 'active:0', 'campaigns:>=0']) {
        const { matches } = parseFilter(accountFacets, filter);
        assert.equal(rows.filter((row) => matches(row, map.graph)).length, 0, filter);
      }
      const { groups } = atOnce(arrangeAccounts(rows, map.graph, 'campaign', 'email', undefined));
      assert.deepEqual(
        groups
          .filter(({ label }) => /In no|not fully known/.test(label))
          .map(({ label, rows: some }) => [label, some.length]),
        [['Campaigns not fully known', rows.length]],
      );
    });

    it('tells nothing of ids that come in another order, or twice', async () => {
      await start([]);
      const map = open('smartlead');
      await map.sync();
      let changes = 0;
      map.onDidChange(() => {
        changes += 1;
      });
      for (const account of box.smartlead.accounts) {
        account.campaignIds.reverse();
        account.campaignIds.push(...account.campaignIds.slice(0, 1));
      }
      await map.sync(true);
      assert.equal(changes, 0);
    });

    for (const [what, reply] of [
      ['is cut off', 'cut'],
      ['is not available', { status: 503, body: {} }],
      ['refuses the key', { status: 401, body: { message: 'Invalid API key' } }],
    ] as const) {
      it(`stops asking after a few campaigns where the service ${what}`, async () => {
        await start(['campaignIdsEmpty'], { campaigns: 40 });
        const map = open('smartlead');
        const path = /\/campaigns\/\d+\/email-accounts/;
        // The comparison goes well, and everything behind it fails.
        const compared = box.smartlead.campaigns.find(({ status }) => status === 'ACTIVE')!;
        box.override({ path: new RegExp(`/campaigns/(?!${String(compared['id'])}/)\\d+/email-accounts`), reply });
        await map.sync();
        const asked = new Set(box.requests.filter((request) => path.test(request.path)).map((request) => request.path));
        assert.ok(asked.size <= 1 + 8, String(asked.size));
        assert.match(map.missing().join(), /senders of \d+ of 40 campaigns/);
      });
    }
  });

  describe('Instantly', () => {
    async function start(quirks: readonly InstantlyQuirk[], size: object = {}, latency = 0): Promise<void> {
      box = await startSandbox({
        oddities: false,
        latency,
        instantly: { accounts: 90, campaigns: 12, tags: 8, quirks, ...size },
      });
    }

    for (const quirk of ['tagsLeftOut', 'mappingsLackTagged', 'mappingsNotFound', 'mappingsDamaged'] as const) {
      it(`has all edges where ${quirk}, and after every row is opened`, async () => {
        await start([quirk]);
        const map = open('instantly');
        await map.sync();
        assert.deepEqual(edgesOf(map), truth('instantly'));
        for (const { key } of map.accounts.records.rows) {
          await map.lookups.checkMapping(key);
          assert.equal(map.lookups.mappingCheckOf(key)?.error, undefined);
        }
        assert.deepEqual(edgesOf(map), truth('instantly'));
        const expected =
          quirk === 'tagsLeftOut' ? /tags of accounts/ : quirk === 'mappingsDamaged' ? /^campaigns of / : /^$/;
        assert.match(map.missing().join(), expected);
      });
    }

    it('has no ghosts where campaigns write emails in capitals', async () => {
      await start(['emailsInCapitals']);
      const map = open('instantly');
      await map.sync();
      assert.deepEqual(edgesOf(map), truth('instantly'));
      assert.equal([...map.graph.accounts].length, 90);
    });

    it('has no ghosts where a mapping writes the id of a campaign in capitals', async () => {
      await start([]);
      const map = open('instantly');
      await map.sync();
      const [account] = map.accounts.records.rows;
      const [campaign] = map.campaigns.records.rows;
      const items = [{ campaign_id: campaign!.id.toUpperCase(), campaign_name: campaign!.name, status: 1 }];
      box.override({ path: /account-campaign-mappings/, reply: { status: 200, body: { items } } });
      await map.lookups.checkMapping(account!.key);
      assert.equal([...map.graph.campaigns].length, 12);
    });

    it('forgets a tag that an account does not carry any more once accounts say their tags again', async () => {
      const quirks: InstantlyQuirk[] = ['tagsLeftOut'];
      await start(quirks);
      const map = open('instantly');
      await map.sync();
      assert.deepEqual(edgesOf(map), truth('instantly'));
      quirks.pop();
      for (const account of box.instantly.accounts) {
        Object.assign(account, { tagIds: [] });
      }
      await map.sync(true);
      const listed = box.instantly.campaigns.flatMap((campaign) =>
        ((campaign['email_list'] ?? []) as string[]).map((email) => `${email} ${String(campaign['id'])}`),
      );
      assert.deepEqual([edgesOf(map), map.missing()], [[...new Set(listed)].sort(), []]);
    });

    it('says so where a campaign names its senders in a form that is not known', async () => {
      await start([]);
      const [campaign] = box.instantly.campaigns;
      campaign!['email_list'] = [{ email: 'a@b.test' }];
      const map = open('instantly');
      await map.sync();
      assert.match(map.missing().join(), /names 1 senders in a form that is not known/);
    });

    it('keeps the state of a campaign that a mapping names with the same status', async () => {
      await start([]);
      const [campaign] = box.instantly.campaigns;
      Object.assign(campaign!, { status: 1, not_sending_status: 99 });
      const map = open('instantly');
      await map.sync();
      const before = map.graph.campaign(String(campaign!['id']));
      assert.equal(before!.state, 'error');
      for (const { key } of map.accounts.records.rows) {
        await map.lookups.checkMapping(key);
      }
      assert.deepEqual(map.graph.campaign(String(campaign!['id'])), before);
    });

    it('forgets a campaign that a newer mapping does not name, and one that is removed by a refresh stays away', async () => {
      await start([]);
      const map = open('instantly');
      await map.sync();
      const { key } = map.accounts.records.rows[0]!;
      const before = new Set(map.graph.campaignsOf(key).map(({ campaign }) => campaign.id));
      const [one, other] = map.campaigns.records.rows.filter(({ id }) => !before.has(id));
      const names = (...campaigns: readonly { id: string; name: string }[]) => {
        box.clearOverrides();
        const items = campaigns.map(({ id, name }) => ({ campaign_id: id, campaign_name: name }));
        box.override({ path: /account-campaign-mappings/, reply: { status: 200, body: { items } } });
      };
      const ids = (of = map) =>
        of.graph
          .campaignsOf(key)
          .map(({ campaign }) => campaign.id)
          .filter((id) => !before.has(id));
      names(one!, other!);
      await map.lookups.refreshAccount(key);
      assert.deepEqual(new Set(ids()), new Set([one!.id, other!.id]));
      names(other!);
      await map.lookups.refreshAccount(key);
      assert.deepEqual(ids(), [other!.id]);
      const named = Date.now();
      await until(() => Date.now() > named);
      // What the campaign says later counts more, also in another session.
      await map.lookups.refreshCampaign(other!.id);
      assert.deepEqual(ids(), []);
      const again = open('instantly');
      await again.restore(await map.save());
      assert.deepEqual(ids(again), []);
    });

    it('gives all accounts to those who ask for all, though a capped sync is under way or a refresh begins', async () => {
      await start([], { accounts: 430 });
      const cap = () => 1;
      // Its accounts are capped while its campaigns are still coming.
      const held: ServerResponse[] = [];
      box.override({ path: /\/campaigns/, reply: (response) => void held.push(response) });
      const capped = open('instantly', cap);
      void capped.sync();
      await until(() => capped.accounts.status === 'capped');
      const all = capped.syncAll();
      box.clearOverrides();
      held.forEach((response) => response.destroy());
      await all;
      assert.equal(capped.accounts.records.size, 430);
      const refreshed = open('instantly', cap);
      const asked = refreshed.syncAll();
      await refreshed.sync(true);
      await asked;
      assert.equal(refreshed.accounts.records.size, 430);
      assert.equal((await open('instantly', cap).allAccounts()).length, 430);
    });

    it('goes on where it stopped when more is asked for after a refresh, and in another session with gaps', async () => {
      await start(['tagsLeftOut'], { accounts: 430, skip: 'refused' });
      const map = open('instantly', () => 1);
      await map.sync();
      await map.loadMore();
      assert.deepEqual([map.accounts.records.size, map.accounts.status], [200, 'capped']);
      await map.sync(true);
      assert.deepEqual([map.accounts.records.size, map.accounts.pages], [200, 2]);
      await map.loadMore();
      assert.equal(map.accounts.records.size, 300);
      const other = open('instantly', () => 1);
      await other.restore(await map.save());
      await other.loadMore();
      assert.equal(other.accounts.records.size, 400);
    });
  });
});
