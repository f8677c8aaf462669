import assert from 'node:assert/strict';
import { Health, type HealthOptions } from '../../src/health/health.ts';
import { accountRules, campaignRules, rules } from '../../src/health/rules/index.ts';
import { defaultThresholds } from '../../src/health/thresholds.ts';
import { SendingMap } from '../../src/map/sendingMap.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { dayFromToday, type Planted } from '../../src/sandbox/plants.ts';
import { startSandbox, type Sandbox, type Service } from '../../src/sandbox/server.ts';
import { atOnce } from '../../src/transport/turns.ts';
import { connect, MemoryLog } from '../support/connect.ts';
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
    const health = new Health(map.graph, {
      thresholds: defaultThresholds,
      off: new Set(),
      before: () => undefined,
      snoozed: () => undefined,
      complete: () => map.complete,
      today: () => dayFromToday(0),
      ...options,
    });
    atOnce(health.evaluate());
    return health;
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

  it('plants each rule that a service can say, and near misses of those with a threshold', async () => {
    box = await startSandbox({ plants: true });
    const all = services.flatMap((service) => box[service].planted);
    const ids = (fires: boolean) => new Set(all.filter((plant) => plant.fires === fires).map(({ rule }) => rule));
    // A score that falls needs a day before; the next test has it.
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
      'warmup-score-low',
    ]);
  });
});
