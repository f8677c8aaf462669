/**
 * 400,000 accounts from saved maps, over 11 connections and in one: size, load time, heap, find, filter, group, and the
 * longest block of everything else while a map is saved and loaded.
 */
import { atOnce } from '../../src/transport/turns.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arrangeAccounts } from '../../src/queries/arrange.ts';
import { accountFacets, parseFilter } from '../../src/queries/filter.ts';
import { prepareSearch, Search, searchIndexesOf } from '../../src/queries/search.ts';
import { SendingMap, type MapState } from '../../src/map/sendingMap.ts';
import { SnapshotFiles } from '../../src/map/snapshotFiles.ts';
import { decodeAccount, decodeCampaign } from '../../src/providers/instantly/decode.ts';
import type { Account, Campaign } from '../../src/providers/model.ts';
import { defaults } from '../../src/sandbox/options.ts';
import { createInstantlyWorld } from '../../src/sandbox/instantlyWorld.ts';
import { connect, MemoryLog } from '../support/connect.ts';
import { figure, percentile } from './figure.ts';

const CONNECTIONS = 11;
const ACCOUNTS = 400_000;
/** Milliseconds between two ticks of the timer that notices blocks. */
const TICK = 5;
const parameters = { accounts: ACCOUNTS, connections: CONNECTIONS };
const folder = mkdtempSync(join(tmpdir(), 'sendmap-bench-'));
const log = new MemoryLog();
const files = new SnapshotFiles(folder, log, () => true);
const owner = (connection: number) => ({
  connectionId: `connection-${connection}`,
  provider: 'instantly' as const,
  keyTag: '',
  language: 'en',
});

const share = (connection: number) =>
  Math.floor(ACCOUNTS / CONNECTIONS) + (connection < ACCOUNTS % CONNECTIONS ? 1 : 0);

function stateOf(connection: number, accounts = share(connection)): MapState {
  const world = createInstantlyWorld({
    ...defaults,
    seed: connection + 1,
    oddities: false,
    instantly: { ...defaults.instantly, accounts, campaigns: 300, tags: 60, workspace: `Workspace ${connection}` },
  });
  const tags = new Map(world.tags.map((tag) => [tag['id'], tag]));
  const position = {
    status: 'complete' as const,
    pages: 1,
    pagesBefore: 1,
    startedAt: 1,
    completedAt: Date.now(),
    next: undefined,
    unmet: [],
    error: undefined,
    warnings: [],
    invalid: [],
  };
  return {
    accounts: world.accounts.map(
      ({ row, tagIds }) => decodeAccount({ ...row, tags: tagIds.map((id) => tags.get(id)) }) as Account,
    ),
    claimTimes: [],
    campaigns: world.campaigns.map((row) => decodeCampaign(row) as Campaign),
    accountsPosition: position,
    campaignsPosition: position,
    senderLists: [],
    confirmed: [],
    tagLabels: [],
    claimsHold: undefined,
    tagsRead: true,
    gaps: [],
    named: [],
    syncStartedAt: 1,
    syncedAt: Date.now(),
  };
}

/** How long work takes, and how late a timer of 5 ms came meanwhile at most, both in milliseconds. */
async function blocksOf(work: () => Promise<void>): Promise<{ readonly time: number; readonly longest: number }> {
  let longest = 0;
  let last = performance.now();
  const tick = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last - TICK);
    last = now;
  };
  const ticker = setInterval(tick, TICK);
  const started = performance.now();
  await work();
  const time = performance.now() - started;
  tick();
  clearInterval(ticker);
  return { time, longest };
}

let bytes = 0;
for (let connection = 0; connection < CONNECTIONS; connection += 1) {
  const state = stateOf(connection);
  await files.saver(owner(connection))(() => state);
}
const { statSync } = await import('node:fs');
for (let connection = 0; connection < CONNECTIONS; connection += 1) {
  bytes += statSync(join(folder, `connection-${connection}.map`)).size;
}
figure('saved maps: size', bytes / 1024 / 1024, 'MiB', parameters);

globalThis.gc?.();
const heapBefore = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
const maps: SendingMap[] = [];
const loads: number[] = [];
let started = performance.now();
for (let connection = 0; connection < CONNECTIONS; connection += 1) {
  const begun = performance.now();
  const map = new SendingMap(connect('instantly', { baseUrl: 'http://127.0.0.1:9' }), () => 0, log);
  await map.restore((await files.load(owner(connection)))!);
  maps.push(map);
  loads.push(performance.now() - begun);
}
figure('saved maps: load time of all', performance.now() - started, 'ms', parameters);
figure('saved maps: longest load of one', Math.max(...loads), 'ms', {
  ...parameters,
  each: Math.round(ACCOUNTS / CONNECTIONS),
});
started = performance.now();
const edges = maps.reduce((sum, map) => sum + atOnce(map.graph.countEdges()), 0);
figure('edges: time to build all', performance.now() - started, 'ms', { ...parameters, edges });
started = performance.now();
await Promise.all(maps.map((map) => prepareSearch(map)));
const indexes = maps.flatMap(searchIndexesOf);
figure('find: time to build the indexes', performance.now() - started, 'ms', parameters);
globalThis.gc?.();
const heap = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers - heapBefore;
figure('heap, with edges and indexes', heap / 1024 / 1024, 'MiB', { ...parameters, edges });
figure('heap an account, with edges and indexes', heap / ACCOUNTS, 'bytes', { ...parameters, edges });

const emails = maps.map((map) => map.accounts.records.rows[12_345]!.email);
const needles = [
  ...emails,
  'dana novak',
  'tanaka @try-northwind7',
  'q4 launch eu',
  'eu pool',
  'northwind33',
  'renewal nudge 117',
  'wiht-northwind12.test',
  'nobody has this one',
  emails[3]!.replace('northwind', 'nortwhind'),
];
for (const needle of needles.slice(0, 3)) {
  // What a first search compiles is not what a keystroke costs.
  atOnce(new Search(indexes).find(needle, 100));
}
const keystrokes: number[] = [];
let found = 0;
for (const needle of needles) {
  const search = new Search(indexes);
  for (let length = 1; length <= needle.length; length += 1) {
    const begun = performance.now();
    found += atOnce(search.find(needle.slice(0, length), 100, false)).length > 0 ? 1 : 0;
    keystrokes.push(performance.now() - begun);
  }
}
figure('find: keystroke, p50', percentile(keystrokes, 0.5), 'ms', {
  ...parameters,
  keystrokes: keystrokes.length,
  found,
});
figure('find: keystroke, p99', percentile(keystrokes, 0.99), 'ms', { ...parameters, keystrokes: keystrokes.length });
const rests: number[] = [];
for (const needle of needles) {
  const search = new Search(indexes);
  const begun = performance.now();
  atOnce(search.find(needle, 100));
  rests.push(performance.now() - begun);
}
figure(
  'find: when typing rests, typos let in where nothing else is found, slowest',
  Math.max(...rests),
  'ms',
  parameters,
);
figure('find: slowest keystroke', Math.max(...keystrokes), 'ms', parameters);

for (const source of ['status:error', 'warmup:<80 domain:northwind7.test', 'campaign:q4', 'dana campaigns:0']) {
  const filter = parseFilter(accountFacets, source);
  started = performance.now();
  const shown = maps.reduce(
    (sum, map) => sum + atOnce(arrangeAccounts(map.accounts.records.rows, map.graph, 'none', 'email', filter)).shown,
    0,
  );
  figure('filter and sort of all connections', performance.now() - started, 'ms', {
    ...parameters,
    filter: source,
    shown,
  });
}
started = performance.now();
const groups = maps.reduce(
  (sum, map) =>
    sum + atOnce(arrangeAccounts(map.accounts.records.rows, map.graph, 'domain', 'email', undefined)).groups.length,
  0,
);
figure('group all connections by domain', performance.now() - started, 'ms', { ...parameters, groups });
// What stands between opening a view and its first rows, for one connection of 15,000 accounts.
const one = stateOf(0, 15_000);
await files.saver(owner(99))(() => one);
for (const run of [1, 2, 3]) {
  started = performance.now();
  const map = new SendingMap(connect('instantly', { baseUrl: 'http://127.0.0.1:9' }), () => 0, log);
  await map.restore((await files.load(owner(99)))!);
  const { shown } = atOnce(arrangeAccounts(map.accounts.records.rows, map.graph, 'none', 'email', undefined));
  figure('saved map of 15,000 accounts: from the file to sorted rows', performance.now() - started, 'ms', {
    shown,
    run,
  });
}

// One connection with everything. What it is made of is out of memory again before it is loaded.
const all = { accounts: ACCOUNTS, connections: 1 };
await (async () => {
  const map = new SendingMap(connect('instantly', { baseUrl: 'http://127.0.0.1:9' }), () => 0, log);
  await map.restore(stateOf(0, ACCOUNTS));
  const saving = await blocksOf(() => files.saver(owner(100))(() => map.save()));
  figure('saved map of one connection: time to save', saving.time, 'ms', all);
  figure('saved map of one connection: longest block while it is saved', saving.longest, 'ms', all);
})();
maps.length = 0;
indexes.length = 0;
globalThis.gc?.();
const heapOfOthers = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
const large = new SendingMap(connect('instantly', { baseUrl: 'http://127.0.0.1:9' }), () => 0, log);
const loading = await blocksOf(async () => {
  await large.restore((await files.load(owner(100)))!);
});
figure('saved map of one connection: time to load', loading.time, 'ms', all);
figure('saved map of one connection: longest block while it is loaded', loading.longest, 'ms', all);
globalThis.gc?.();
const heapOfAll = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers - heapOfOthers;
figure('heap an account, with edges', heapOfAll / large.accounts.records.size, 'bytes', all);
rmSync(folder, { recursive: true, force: true });
process.exit();
