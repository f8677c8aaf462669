import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewFindings, SessionHealth } from '../../src/connections/healthKeeper.ts';
import { providers } from '../../src/providers/index.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { services } from '../support/services.ts';
import { baseUrlSettings } from '../support/settings.ts';
import { until } from '../support/until.ts';
import { Window } from './window.ts';
import { configure } from './world.ts';

/** Keys of this suite, planted like those of the others. */
const keys = {
  instantly: 'planted-health-instantly-5a21',
  smartlead: 'planted-health-smartlead-6b32',
} as const;

export function describePlantedHealth(): void {
  describe('the health of connections', () => {
    let sandbox: Sandbox;
    let folder: string;
    let window: Window;

    beforeEach(async () => {
      sandbox = await startSandbox({
        plants: true,
        keys: services.map((service) => ({ key: keys[service], service })),
      });
      for (const service of services) {
        await configure(baseUrlSettings[service], sandbox.baseUrls[service]);
      }
      folder = await mkdtemp(join(tmpdir(), 'sendmap-health-'));
      window = new Window(providers, folder, new Map(), new Map());
    });
    afterEach(async () => {
      await window.close();
      for (const service of services) {
        await configure(baseUrlSettings[service], undefined);
      }
      await sandbox.close();
      await rm(folder, { recursive: true });
    });

    /** The rules that fire for the accounts and campaigns of a connection, as the sandbox says what it planted. */
    function found({ session: { map }, health }: SessionHealth): string[] {
      const accounts = map.accounts.records.rows.flatMap(({ key }) =>
        health.rulesOfAccount(key).map(({ id }) => `${id}: ${key}`),
      );
      const campaigns = map.campaigns.records.rows.flatMap(({ id: campaign }) =>
        health.rulesOfCampaign(campaign).map(({ id }) => `${id}: ${campaign}`),
      );
      return [...accounts, ...campaigns].sort();
    }

    for (const service of services) {
      it(`of ${service} is what is planted, on the first day and the next, and is recorded until they go`, async () => {
        const planted = () =>
          sandbox[service].planted
            .filter(({ fires, asks }) => fires && asks === undefined)
            .map(({ rule, about }) => `${rule}: ${about}`)
            .sort();
        const { connection } = await window.store.add(service, keys[service], `Health of ${service}`);
        const { map } = await window.sessions.get(connection.id);
        await map.sync();
        const subject = (await window.health.evaluated(connection.id))!;
        assert.deepEqual(found(subject), planted());
        await until(async () => (await subject.recordTimes()).length === 1);
        const [first] = await subject.recordTimes();
        assert.equal((await subject.recordHeaders())[0]!.accounts, sandbox[service].accounts.length);

        const news: NewFindings[] = [];
        window.health.onDidFind((more) => news.push(more));
        const made = sandbox.moveOn()[service];
        await map.sync(true);
        await until(async () => (await subject.recordTimes()).length === 2);
        await window.health.evaluated(connection.id);
        assert.deepEqual(found(subject), planted());
        // All that broke, and the campaign that bounce protection paused.
        assert.deepEqual(news, [{ connectionId: connection.id, count: made.broke.length + 1 }]);
        const changes = (await subject.changesSince(first!))!;
        assert.deepEqual(changes.newlyBroken.map(({ account }) => account.key).sort(), made.broke.toSorted());
        assert.deepEqual(
          changes.campaignsPausedByService.map(({ campaign }) => campaign.id),
          [made.paused],
        );

        await window.store.remove(connection.id);
        await until(async () => (await readdir(join(folder, 'records'))).length === 0);
        assert.deepEqual(await subject.recordTimes(), []);
        assert.equal(window.health.of(connection.id), undefined);
      });
    }
  });
}
