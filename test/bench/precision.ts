/** Every rule over workspaces that say what is planted in them: what is found, and what is found though it is not there. */
import { Calendar } from '../../src/health/calendar.ts';
import { rules } from '../../src/health/rules/index.ts';
import { SendingMap } from '../../src/map/sendingMap.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { connect, MemoryLog } from '../support/connect.ts';
import { healthOf } from '../support/health.ts';
import { services } from '../support/services.ts';
import { figure } from './figure.ts';

/** Bounce rates are asked for on demand: `test/faults/precision.test.ts` has them. */
const ON_DEMAND = 'bounce-rate';

const calendar = new Calendar(Date.now());
const box = await startSandbox({ plants: true });
for (const service of services) {
  const map = new SendingMap(connect(service, { baseUrl: box.baseUrls[service] }), () => 0, new MemoryLog());
  await map.sync();
  // Some of it only the account's own answer says.
  for (const { key } of map.accounts.records.rows) {
    await map.lookups.refreshAccount(key);
  }
  const health = healthOf(map.graph, { complete: () => map.complete, today: (timezone) => calendar.today(timezone) });
  for (const { id } of rules.filter((rule) => rule.id !== ON_DEMAND)) {
    const found = new Set([
      ...map.accounts.records.rows
        .map(({ key }) => key)
        .filter((key) => health.rulesOfAccount(key).some((rule) => rule.id === id)),
      ...map.campaigns.records.rows
        .map((one) => one.id)
        .filter((key) => health.rulesOfCampaign(key).some((rule) => rule.id === id)),
    ]);
    const ofRule = box[service].planted.filter(({ rule }) => rule === id);
    const planted = new Set(ofRule.filter(({ fires }) => fires).map(({ about }) => about));
    const nearMisses = ofRule.filter(({ fires }) => !fires).length;
    const right = [...found].filter((about) => planted.has(about)).length;
    if (ofRule.length + found.size > 0) {
      figure('precision: found of what is planted', right, `of ${planted.size}`, {
        service,
        rule: id,
        nearMisses,
        foundButNotPlanted: found.size - right,
      });
    }
  }
  map.dispose();
}
await box.close();
