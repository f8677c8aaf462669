import assert from 'node:assert/strict';
import { Calendar } from '../../src/health/calendar.ts';
import { changesSince } from '../../src/health/changes.ts';
import type { Health, HealthOptions } from '../../src/health/health.ts';
import { decodeRecord, encodeRecord } from '../../src/health/record.ts';
import { accountRules, campaignRules, rules } from '../../src/health/rules/index.ts';
import { defaultThresholds } from '../../src/health/thresholds.ts';
import { SendingMap } from '../../src/map/sendingMap.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { dayFromToday, type Planted } from '../../src/sandbox/plants.ts';
import { sample, startSandbox, type Sandbox, type Service } from '../../src/sandbox/server.ts';
import { connect, MemoryLog } from '../support/connect.ts';
import { healthOf } from '../support/health.ts';
import { services } from '../support/services.ts';

/** Every planted finding is found over real HTTP, and nothing else is. */
describe('the rules of health find what is planted, and nothing else', function () {
  this.timeout(120_000);
  let box: Sandbox;
  const maps: SendingMap[] = [];
  afterEach(async () => {
    maps.splice(0).forEach((map) => {
      map.dispose();
    });
    await box.close();
  });

  async function open(service: Service): Promise<{ map: SendingMap; provider: Provider }> {
    const provider = connect(service, { baseUrl: box.baseUrls[service] });
    const map = new SendingMap(provider, () => 0, new MemoryLog());
    maps.push(map);
    await map.sync();
    assert.deepEqual(map.missing(), []);
    return { map, provider };
  }

  function evaluate(map: SendingMap, options: Partial<HealthOptions> = {}): Health {
    const calendar = new Calendar(Date.now());
    return healthOf(map.graph, {
      complete: () => map.complete,
      today: (timezone) => calendar.today(timezone),
      ...options,
    });
  }

  const row = (rule: string, about: string) => `${rule}: ${about}`;

  function found(map: SendingMap, health: Health): string[] {
    const ofAccounts = map.accounts.records.rows.flatMap(({ key }) =>
      health.rulesOfAccount(key).map(({ id }) => row(id, key)),
    );
    const ofCampaigns = map.campaigns.records.rows.flatMap(({ id: campaign }) =>
      health.rulesOfCampaign(campaign).map(({ id }) => row(id, campaign)),
    );
    return [...ofAccounts, ...ofCampaigns].sort();
  }

  const planted = (service: Service, which: (plant: Planted) => boolean) =>
    box[service].planted
      .filter((plant) => plant.fires && which(plant))
      .map(({ rule, about }) => row(rule, about))
      .sort();

  for (const service of services) {
    for (const seed of [1, 2, 3]) {
      it(`${service}, with seed ${seed}: by the lists`, async () => {
        box = await startSandbox({ seed, plants: true });
        const { map } = await open(service);
        assert.deepEqual(
          found(map, evaluate(map)),
          planted(service, ({ asks }) => asks === undefined),
        );
      });
    }

    it(`${service}: by what each account answers for itself, now and after the next sync`, async () => {
      box = await startSandbox({ plants: true });
      const { map } = await open(service);
      for (const { key } of map.accounts.records.rows) {
        await map.lookups.refreshAccount(key);
      }
      const expected = planted(service, ({ asks }) => asks !== 'analytics');
      assert.deepEqual(found(map, evaluate(map)), expected);
      await map.sync(true);
      assert.deepEqual(found(map, evaluate(map)), expected);
    });

    it(`${service}: by the analytics of campaigns`, async () => {
      box = await startSandbox({ plants: true });
      const { map, provider } = await open(service);
      const health = evaluate(map);
      const rule = campaignRules.find(({ id }) => id === 'bounce-rate')!;
      const bouncing: string[] = [];
      for (const campaign of map.campaigns.records.rows) {
        const { sent = 0, bounced = 0 } = (await provider.bounces!(campaign.id)) ?? {};
        const rate = sent === 0 ? undefined : (bounced / sent) * 100;
        if (rule.fires(campaign, health.factsOfCampaign(campaign, rate))) {
          bouncing.push(row(rule.id, campaign.id));
        }
      }
      assert.deepEqual(
        bouncing.sort(),
        planted(service, ({ asks }) => asks === 'analytics'),
      );
    });

    it(`${service}: with accounts that are restored from a saved map`, async () => {
      box = await startSandbox({ plants: true });
      const { map } = await open(service);
      const other = new SendingMap(connect(service, { baseUrl: box.baseUrls[service] }), () => 0, new MemoryLog());
      maps.push(other);
      await other.restore(await map.save());
      assert.deepEqual(found(other, evaluate(other)), found(map, evaluate(map)));
    });

    it(`${service}: with an end date that is reached today, or was reached yesterday`, async () => {
      box = await startSandbox({ plants: true });
      const { map } = await open(service);
      const endedOn = (day: string) =>
        evaluate(map, { today: () => day })
          .campaignsWith('ended')
          .map(({ id }) => id)
          .sort();
      const about = (fires: boolean) =>
        box[service].planted.filter((plant) => plant.rule === 'ended' && plant.fires === fires).map((one) => one.about);
      assert.deepEqual(endedOn(dayFromToday(-1)), []);
      assert.deepEqual(endedOn(dayFromToday(1)), about(true));
      const active = about(false).filter((id) => map.graph.campaign(id)?.state === 'healthy');
      assert.deepEqual(endedOn(dayFromToday(2)), [...about(true), ...active].sort());
    });
  }

  /** What a map says now, as a record of it. */
  async function recordOf(map: SendingMap): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of encodeRecord(map.graph, Date.now(), () => undefined)) {
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  const edge = (account: string, campaign: string) => `${account} ${campaign}`;

  for (const service of services) {
    for (const [world, settings] of [
      ['with plants', { plants: true }],
      ['without plants', { oddities: false, instantly: { accounts: 300 }, smartlead: { accounts: 300 } }],
      ['of the sample', { ...sample, latency: 0 }],
    ] as const) {
      it(`${service}: What Changed is what days changed, in a world ${world}`, async () => {
        box = await startSandbox(settings);
        const { map } = await open(service);
        for (let day = 1; day <= 3; day += 1) {
          const before = await recordOf(map);
          const made = box.moveOn()[service];
          await map.sync(true);
          const found = await changesSince(map.graph, 0, before, defaultThresholds.scoreDrop);
          const keysOf = (rows: readonly { readonly account: { readonly key: string } }[]) =>
            rows.map(({ account }) => account.key).sort();
          const edgesOf = (rows: typeof found.joined) =>
            rows.map((row) => edge(row.account.key, row.campaign.id)).sort();
          assert.deepEqual(
            {
              ...found,
              newlyBroken: keysOf(found.newlyBroken),
              recovered: keysOf(found.recovered),
              scoreDrops: found.scoreDrops
                .map(({ account, scoreWas, scoreIs }) => [account.key, scoreWas, scoreIs])
                .sort(),
              joined: edgesOf(found.joined),
              left: edgesOf(found.left),
              campaignsPausedByService: found.campaignsPausedByService.map(({ campaign }) => campaign.id),
            },
            {
              since: 0,
              newlyBroken: made.broke.toSorted(),
              recovered: made.recovered.toSorted(),
              scoreDrops: made.scores
                .filter(({ from, to }) => from - to >= 10)
                .map(({ account, from, to }) => [account, from, to])
                .sort(),
              statusChanges: [],
              campaignsPausedByService: made.paused === undefined ? [] : [made.paused],
              campaignChanges: [],
              joined: made.joined.map(({ account, campaign }) => edge(account, campaign)).sort(),
              left: made.left.map(({ account, campaign }) => edge(account, campaign)).sort(),
              accountsAdded: [],
              accountsRemoved: [],
              campaignsAdded: [],
              campaignsRemoved: [],
            },
          );
          // The first day has something of everything, so that there is something to find.
          const kinds = [made.broke, made.recovered, made.scores, made.joined, made.left].map(
            ({ length }) => length > 0,
          );
          assert.ok(day > 1 || !('plants' in settings) || !kinds.includes(false), JSON.stringify(made));
        }
      });
    }

    it(`${service}: a score that fell, and all else, after days that are on record`, async () => {
      box = await startSandbox({ plants: true });
      const { map } = await open(service);
      const scores = new Map<number, number>();
      for await (const { accounts } of decodeRecord(await recordOf(map))) {
        for (const { key, score } of accounts) {
          if (score !== undefined) {
            scores.set(map.graph.numberOf(key)!, score);
          }
        }
      }
      const before = (number: number) => {
        const score = scores.get(number);
        return score === undefined ? undefined : { score, scoreAt: 0 };
      };
      for (let day = 1; day <= 3; day += 1) {
        box.moveOn();
        await map.sync(true);
        const health = evaluate(map, { before });
        assert.deepEqual(
          found(map, health),
          planted(service, ({ asks }) => asks === undefined),
        );
        const fell = box[service].planted.filter(({ rule }) => rule === 'warmup-score-drop');
        assert.deepEqual(new Set(fell.map(({ fires }) => fires)), new Set([true, false]));
        const rule = accountRules.find(({ id }) => id === 'warmup-score-drop')!;
        for (const { about } of fell.filter(({ fires }) => !fires)) {
          assert.ok(rule.isNear!(map.graph.account(about)!, health.factsOfAccount(about)), about);
        }
      }
    });
  }

  it('moves on by HTTP, to the same day from the same seed', async () => {
    box = await startSandbox({ plants: true });
    const other = await startSandbox({ plants: true });
    const answer = await fetch(new URL('/sandbox/day', box.baseUrls.instantly), { method: 'POST' });
    assert.deepEqual(await answer.json(), other.moveOn());
    assert.equal((await fetch(new URL('/sandbox/day', box.baseUrls.instantly))).status, 404);
    assert.deepEqual(box.smartlead.planted, other.smartlead.planted);
    await other.close();
  });

  it('plants each rule that a service can say, and near misses of those with a threshold', async () => {
    box = await startSandbox({ plants: true });
    const all = services.flatMap((service) => box[service].planted);
    const ids = (fires: boolean) => new Set(all.filter((plant) => plant.fires === fires).map(({ rule }) => rule));
    // A score that falls needs a day before: see above.
    const wanted = rules.map(({ id }) => id).filter((id) => id !== 'warmup-score-drop');
    assert.deepEqual(
      wanted.filter((id) => !ids(true).has(id)),
      [],
    );
    const thresholds = rules.filter(({ isNear }) => isNear !== undefined).map(({ id }) => id);
    assert.deepEqual(
      thresholds.filter((id) => id !== 'warmup-score-drop' && !ids(false).has(id)),
      [],
    );
    const known = new Set<string>(rules.map(({ id }) => id));
    assert.deepEqual(
      all.filter(({ rule }) => !known.has(rule)),
      [],
    );
  });

  it('knows the near misses of thresholds as such', async () => {
    box = await startSandbox({ plants: true });
    const near = new Set<string>();
    for (const service of services) {
      const { map } = await open(service);
      const health = evaluate(map);
      for (const { rule, about, fires } of box[service].planted) {
        const account = map.graph.account(about);
        const ofAccount = accountRules.find(({ id }) => id === rule);
        const campaign = map.graph.campaign(about);
        const ofCampaign = campaignRules.find(({ id }) => id === rule);
        if (!fires && account !== undefined && ofAccount?.isNear?.(account, health.factsOfAccount(about)) === true) {
          near.add(rule);
        }
        if (!fires && campaign !== undefined && ofCampaign?.isNear?.(campaign, health.factsOfCampaign(campaign, 3))) {
          near.add(rule);
        }
      }
    }
    assert.deepEqual([...near].sort(), [
      'at-daily-limit',
      'bounce-rate',
      'limit-high',
      'never-opens',
      'overused',
      'senders-unhealthy',
      'sending-gap-short',
      'warmup-score-low',
    ]);
  });
});
