/**
 * The packaged extension with both views open and expanded, and another extension that listens: how long the extension
 * host was blocked, how soon a command of another extension was answered, and what memory it took.
 *
 *   npm run bench views [instantly | smartlead] [accounts…]
 */
import { commands } from '../../src/contributions.ts';
import { SendingMap } from '../../src/map/sendingMap.ts';
import { providers } from '../../src/providers/index.ts';
import { defaultKeys } from '../../src/sandbox/options.ts';
import type { Service } from '../../src/sandbox/server.ts';
import { createClient, MemoryLog } from '../support/connect.ts';
import { baseUrlSettings } from '../support/settings.ts';
import { Workbench } from '../support/workbench.ts';
import { figure } from './figure.ts';
import { startSandbox, type Sandbox } from './sandbox.ts';

/** Since they were asked for last; times in milliseconds, memory in bytes. */
interface Figures {
  /** The longest time for which the extension host did nothing else, and when that was. */
  readonly block: number;
  readonly blockAt: number;
  /** The longest, less the time for which others had its core; the same where the system does not say. */
  readonly ownBlock: number;
  /** The most that the extension host's thread computed without a break; 0 where its Node.js cannot say. */
  readonly computed: number;
  /** The longest turn of the collector. */
  readonly collection: number;
  /** How long commands of another extension took. */
  readonly answers: number;
  readonly median: number;
  readonly worst: number;
  /** The way from the extension host to the workbench and back, which paints on the same machine. */
  readonly trip: number;
  readonly worstTrip: number;
  readonly changes: number;
  /** What the extension host computed, on all its threads. */
  readonly cpu: number;
  /** From the first change of a map to the last. */
  readonly changing: number;
  readonly resident: number;
}

const MINUTE = 60_000;
/** After all steps, until memory is what Sendmap keeps; milliseconds. */
const REST = 30_000;
const [first, ...others] = process.argv.slice(2);
const service = first === 'instantly' ? first : 'smartlead';
const sizes = (first === service ? others : [first, ...others]).map(Number).filter(Number.isFinite);
for (const accounts of sizes.length > 0 ? sizes : [50_000, 100_000, 400_000]) {
  await measure(service, accounts);
}
process.exit();

async function measure(service: Service, accounts: number): Promise<void> {
  const campaigns = 500;
  const sandbox = await startSandbox(
    ...[`--${service}-accounts`, String(accounts), `--${service}-campaigns`, String(campaigns)],
    // Each account sends for three campaigns.
    ...[`--${service}-senders`, String((3 * accounts) / campaigns)],
    // A limit that is announced and never reached: what the extension host can do is measured, not what a plan allows.
    ...['--limit', '1000000/60'],
  );
  const parameters = { service, accounts, campaigns };
  const engine = await bareEngine(service, sandbox);
  figure('views: first sync by the bare engine', engine.took / 1000, 's', parameters);

  const settings = { [baseUrlSettings[service]]: sandbox.baseUrls[service] };
  const unseen = await withoutViews(service, settings);
  figure('views: first sync without views, from its first change to its last', unseen / 1000, 's', parameters);

  const workbench = await Workbench.open({ height: 1600, watch: true, settings });
  const { page, quickInput } = workbench;
  await workbench.openView();
  const heapBefore = await workbench.ask<number>('heap');
  const connection = workbench.row(/Smartlead|Instantly/);
  const shows = (text: string | RegExp, view?: 'Accounts' | 'Campaigns') =>
    workbench.row(text, view).waitFor({ timeout: 30 * MINUTE });

  async function step(name: string, act: () => Promise<unknown>): Promise<Figures> {
    await workbench.ask<Figures>('figures');
    const started = performance.now();
    await act();
    const took = performance.now() - started;
    // What it left for later counts too.
    await page.waitForTimeout(1500);
    const figures = await workbench.ask<Figures>('figures');
    const { block, blockAt, ownBlock, computed, collection, median, worst, trip, worstTrip, answers, changes } =
      figures;
    figure(`views: ${name}`, took / 1000, 's', parameters);
    figure(`views: ${name}, resident memory after it`, figures.resident / 1e6, 'MB', parameters);
    figure(`views: ${name}, longest block`, block, 'ms', {
      ...parameters,
      after: Math.round(blockAt),
      collection: Math.round(collection),
    });
    // Where cores are few, others have them during a block: the browser paints, the service answers.
    figure(`views: ${name}, longest block while it had a core`, ownBlock, 'ms', parameters);
    figure(`views: ${name}, most computed without a break`, computed, 'ms', parameters);
    figure(`views: ${name}, another extension's command, median`, median, 'ms', { ...parameters, answers });
    figure(`views: ${name}, another extension's command, worst`, worst, 'ms', parameters);
    figure(`views: ${name}, to the workbench and back, median`, trip, 'ms', parameters);
    figure(`views: ${name}, to the workbench and back, worst`, worstTrip, 'ms', { ...parameters, changes });
    return figures;
  }

  await page.locator('.monaco-button', { hasText: `Connect ${providers[service].name}` }).click();
  await quickInput.box.fill(defaultKeys[service]);
  await quickInput.box.press('Enter');
  await quickInput.title.filter({ hasText: '2/2' }).waitFor();
  const synced = await step('first sync', async () => {
    await quickInput.box.press('Enter');
    await connection.waitFor();
    // The first rows, with their campaigns below them, in both views.
    await shows(/Healthy/);
    for (const view of ['Accounts', 'Campaigns'] as const) {
      const header = page.locator(`.sidebar .pane-header[aria-label^="${view}"]`);
      if ((await header.getAttribute('aria-expanded')) === 'false') {
        await header.click();
      }
      await shows(/·/, view);
    }
    await workbench.expand(workbench.rows('Accounts').nth(1));
    await workbench.expand(workbench.rows('Campaigns').nth(1));
    await shows(/just now/);
  });
  figure('views: first sync, from its first change to its last', synced.changing / 1000, 's', parameters);
  figure('views: first sync, times the bare engine', synced.changing / engine.took, 'times', parameters);
  // Where cores are few, the browser and the service take of them what the extension host would have; here too.
  figure('views: first sync, times the same without views', synced.changing / unseen, 'times', parameters);
  figure('views: first sync, CPU time, times the bare engine', synced.cpu / engine.cpu, 'times', parameters);
  await workbench.screenshot(`bench-${service}-${accounts}`);

  await step('saving', () => page.waitForTimeout(8000));
  await step('refresh', async () => {
    await workbench.palette('Sendmap: Refresh');
    await shows(/syncing/);
    await shows(/just now/);
  });
  const filtered = page.locator('.tree-explorer-viewlet-tree-view .message', { hasText: /Showing/ }).first();
  await step('filter', async () => {
    await workbench.palette('Sendmap: Filter Accounts…');
    await quickInput.box.pressSequentially('status:error dana');
    await filtered.waitFor();
    await quickInput.box.press('Enter');
  });
  await step('filter cleared', async () => {
    await workbench.palette('Sendmap: Clear Accounts Filter');
    await filtered.waitFor({ state: 'detached' });
    await shows(/·/);
  });
  await step('grouping by domain', async () => {
    await workbench.palette('Sendmap: Group Accounts By…');
    await workbench.pick('Domain');
    await shows(/ to /);
  });
  await step('find', async () => {
    await workbench.palette('Sendmap: Find…');
    await quickInput.box.pressSequentially('dana novak', { delay: 40 });
    await quickInput.rows.filter({ hasText: /dana/ }).first().waitFor();
    await page.keyboard.press('Escape');
  });
  await step('api.map()', async () => {
    figure('views: edges', (await workbench.ask<{ senders: number }>('map')).senders, 'edges', parameters);
  });
  // V8 gives back what it has emptied when nothing has happened for a while.
  await page.waitForTimeout(REST);
  const { resident } = await workbench.ask<Figures>('figures');
  figure('views: resident memory at rest', resident / 1e6, 'MB', parameters);
  figure(
    'views: heap an account',
    ((await workbench.ask<number>('heap')) - heapBefore) / accounts,
    'bytes',
    parameters,
  );
  await workbench.close();
  sandbox.close();
}

/** How long the same takes in an extension host where no view was ever opened, in milliseconds. */
async function withoutViews(service: Service, settings: Readonly<Record<string, unknown>>): Promise<number> {
  const workbench = await Workbench.open({ watch: true, settings });
  await workbench.ask<Figures>('figures');
  await workbench.ask('run', commands.addConnection, { provider: service, apiKey: defaultKeys[service] });
  await workbench.ask('map');
  const { changing } = await workbench.ask<Figures>('figures');
  await workbench.close();
  return changing;
}

/** How long the engine takes without views, and what it computes, in milliseconds. */
async function bareEngine(
  service: Service,
  sandbox: Sandbox,
): Promise<{ readonly took: number; readonly cpu: number }> {
  const info = providers[service];
  const settings = { concurrency: () => 0 };
  const options = { key: defaultKeys[service], baseUrl: sandbox.baseUrls[service], log: new MemoryLog(), settings };
  const map = new SendingMap(await info.connect(createClient(info.profile, options)), () => 0, new MemoryLog());
  const started = performance.now();
  const before = process.cpuUsage();
  await map.sync();
  const took = performance.now() - started;
  const cpu = process.cpuUsage(before).user / 1000;
  if (!map.complete) {
    throw new Error(map.missing().join());
  }
  map.dispose();
  return { took, cpu };
}
