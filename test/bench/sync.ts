/** Syncs against the sandbox, which runs in a process of its own: requests, time, CPU, rate limits, changes. */
import { atOnce } from '../../src/transport/turns.ts';
import { SendingMap } from '../../src/map/sendingMap.ts';
import { providers } from '../../src/providers/index.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { defaultKeys } from '../../src/sandbox/options.ts';
import type { Service } from '../../src/sandbox/server.ts';
import { createClient, MemoryLog } from '../support/connect.ts';
import { figure } from './figure.ts';
import { startSandbox, type Sandbox } from './sandbox.ts';

/** A provider with the pace and the concurrency that the extension has, and a log that counts its requests. */
async function connect(service: Service, sandbox: Sandbox): Promise<{ provider: Provider; log: MemoryLog }> {
  const log = new MemoryLog();
  const info = providers[service];
  const settings = { concurrency: () => 0 };
  const options = { key: defaultKeys[service], baseUrl: sandbox.baseUrls[service], log, settings };
  return { provider: await info.connect(createClient(info.profile, options)), log };
}

const requestsIn = (log: MemoryLog) => log.lines.filter((line) => line.includes(' GET ')).length;
const refusalsIn = (log: MemoryLog) => log.lines.filter((line) => line.includes(' 429 ')).length;

for (const [service, accounts, campaigns, skip] of [
  ['instantly', 15_000, 500, 'supported'],
  ['instantly', 15_000, 500, 'ignored'],
  ['smartlead', 26_802, 479, undefined],
] as const) {
  const sandbox = await startSandbox(
    ...['--latency', '120', `--${service}-accounts`, String(accounts), `--${service}-campaigns`, String(campaigns)],
    ...['--instantly-tags', '60', ...(skip === undefined ? [] : ['--skip', skip])],
    // Smartlead's published pace would make this a matter of minutes; this plan announces 3,000 a minute.
    ...(service === 'smartlead' ? ['--limit', '3000/60'] : []),
  );
  const parameters = { service, accounts, campaigns, latency: 120, skip };
  const { provider, log } = await connect(service, sandbox);
  const map = new SendingMap(provider, () => 0, log);
  const started = performance.now();
  const cpu = process.cpuUsage();
  let firstRow = 0;
  map.onDidProgress(() => {
    firstRow ||= map.accounts.records.size > 0 ? performance.now() - started : 0;
  });
  await map.sync();
  const wall = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  const lost = accounts - map.accounts.records.size;
  figure('full map: requests', requestsIn(log), 'requests', {
    ...parameters,
    formula: Math.ceil(accounts / 100) + (service === 'instantly' ? Math.ceil(campaigns / 100) : 1),
    complete: map.complete,
  });
  figure('full map: wall time', wall / 1000, 's', parameters);
  figure('full map: time to the first row', firstRow, 'ms', parameters);
  figure('full map: CPU time', (user + system) / 1000, 'ms', parameters);
  figure('full map: accounts lost', lost, 'accounts', parameters);
  figure('full map: edges', atOnce(map.graph.countEdges()), 'edges', parameters);

  let changes = 0;
  map.onDidChange(() => {
    changes += 1;
  });
  await map.sync(true);
  figure('refresh in which nothing changed: change events', changes, 'events', parameters);

  // The plan of today's clients: one call per account, on a sample, scaled to all.
  const sample = map.accounts.records.rows.slice(0, 100);
  const { provider: naive, log: naiveLog } = await connect(service, sandbox);
  const naiveStarted = performance.now();
  await Promise.all(sample.map(({ key }) => naive.mappingOf(key)));
  const scale = accounts / sample.length;
  const naiveRequests = requestsIn(naiveLog) * scale;
  figure('one call per account: requests', naiveRequests, 'requests', { ...parameters, sample: sample.length });
  figure('one call per account: wall time', ((performance.now() - naiveStarted) / 1000) * scale, 's', parameters);
  figure(
    'one call per account: requests, times the full map',
    naiveRequests / (requestsIn(log) / 2),
    'times',
    parameters,
  );
  map.dispose();
  sandbox.close();
}

// A budget that is announced, and none: the pace of Smartlead's smallest plan.
for (const [accounts, requests, limit] of [
  [16_480, 168, '200/60'],
  [0, 60, undefined],
] as const) {
  const sandbox = await startSandbox(
    ...['--latency', '120', '--smartlead-accounts', String(accounts), '--smartlead-campaigns', '10'],
    ...(limit === undefined ? [] : ['--limit', limit]),
  );
  const { provider, log } = await connect('smartlead', sandbox);
  const parameters = { service: 'smartlead', accounts, latency: 120, announced: limit ?? 'nothing' };
  const started = performance.now();
  if (accounts > 0) {
    const map = new SendingMap(provider, () => 0, log);
    await map.sync();
    figure('a budget spent: requests', requestsIn(log), 'requests', { ...parameters, formula: requests });
    figure('a budget spent: accounts lost', accounts - map.accounts.records.size, 'accounts', parameters);
    map.dispose();
  } else {
    await Promise.all(Array.from({ length: requests }, () => provider.checkKey({ priority: 'background' })));
  }
  figure(`a budget spent: wall time of ${requests} requests`, (performance.now() - started) / 1000, 's', parameters);
  sandbox.close();
}

for (const [service, limit, headers, accounts] of [
  ['instantly', '100/1', false, 15_000],
  ['instantly', '60/60', false, 8_000],
  ['smartlead', '100/1', true, 15_000],
  ['smartlead', '60/60', true, 8_000],
] as const) {
  const sandbox = await startSandbox(
    ...[`--${service}-accounts`, String(accounts), '--limit', limit, ...(headers ? [] : ['--no-limit-headers'])],
  );
  const { provider, log } = await connect(service, sandbox);
  const map = new SendingMap(provider, () => 0, log);
  const started = performance.now();
  await map.sync();
  const seconds = (performance.now() - started) / 1000;
  const [requests = 0, window = 1] = limit.split('/').map(Number);
  const parameters = { service, accounts, limit: `${requests} requests in ${window} s`, announced: headers };
  figure('rate limit: accounts lost', accounts - map.accounts.records.size, 'accounts', parameters);
  figure('rate limit: 429s received', refusalsIn(log), 'answers', parameters);
  figure('rate limit: wall time', seconds, 's', parameters);
  figure(
    'rate limit: share of the budget used',
    (requestsIn(log) / (requests * Math.max(1, Math.ceil(seconds / window)))) * 100,
    '%',
    parameters,
  );
  map.dispose();
  sandbox.close();
}
process.exit();
