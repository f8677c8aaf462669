import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { SendmapApi } from './api.ts';
import { followContext, registerCommands } from './commands/lazy.ts';
import { cacheEnabled, onDidDisableCache } from './connections/cache.ts';
import { Keychain } from './connections/keychain.ts';
import { disposing, Lazy } from './transport/lazy.ts';
import type { MapKeeper } from './connections/mapKeeper.ts';
import { Network } from './connections/network.ts';
import { SampleWorkspace } from './connections/sample.ts';
import { Sessions } from './connections/sessions.ts';
import { ConnectionStore } from './connections/store.ts';
import { changesFolder, draftsFolder, mapsFolder, views } from './contributions.ts';
import { createApi } from './createApi.ts';
import { LazyDocuments } from './documents/lazy.ts';
import { LazyDrafts } from './documents/lazyDrafts.ts';
import { LazyOverview } from './overview/lazy.ts';
import { createLog } from './log.ts';
import { providers } from './providers/index.ts';
import { LazyView } from './tree/lazy.ts';

/** What an earlier window left by accident is removed when this one has long started; milliseconds. */
const SWEEP_AFTER = 10_000;

let keeper: Lazy<MapKeeper> | undefined;

/** Gives maps that are being read the chance to go on next time where they are now. */
export async function deactivate(): Promise<void> {
  await (await keeper?.made())?.flush();
}

/**
 * Builds the parts and wires them. Makes no request, and loads no more than the first row needs: rows, sessions, saved
 * maps, documents and commands each come when they are first wanted.
 */
export function activate(context: vscode.ExtensionContext): SendmapApi {
  if (vscode.l10n.bundle !== undefined) {
    l10n.config({ contents: vscode.l10n.bundle });
  }
  const redactor = new Lazy(async () => new (await import('./transport/redaction.ts')).Redactor());
  const log = createLog(redactor);
  const network = new Network();
  const sample = new SampleWorkspace();
  const store = new ConnectionStore(context.globalState, new Keychain(context.secrets, redactor), providers);
  const folder = context.globalStorageUri.fsPath;
  const saved = new Lazy(async () => {
    const { keeperIn } = await import('./connections/saved.ts');
    const mayBeSaved = (connectionId: string) => cacheEnabled() && store.get(connectionId) !== undefined;
    return keeperIn(folder, log, mayBeSaved, vscode.env.language);
  });
  keeper = saved;
  const sessions = new Sessions(store, network, sample, redactor, log, saved);
  const snoozes = new Lazy(async () => {
    const { Snoozes } = await import('./connections/snoozes.ts');
    return new Snoozes(context.globalState);
  });
  const health = new Lazy(async () => {
    const [{ HealthKeeper }, { records }, snoozed] = await Promise.all([
      import('./connections/healthKeeper.ts'),
      saved.get(),
      snoozes.get(),
    ]);
    return new HealthKeeper(sessions, records, snoozed, log, vscode.env.language);
  });
  const changes = new Lazy(async () => {
    const { Changes } = await import('./connections/changes.ts');
    return new Changes(join(folder, changesFolder), log);
  });
  const interrupted = new Lazy(async () => {
    const [{ offerInterrupted }, made] = await Promise.all([import('./commands/interrupted.ts'), changes.get()]);
    return offerInterrupted(sessions, made, log);
  });
  const documents = new LazyDocuments(sessions, saved, health, changes);
  const drafts = new LazyDrafts(store, join(folder, draftsFolder));
  const loadRows = () => import('./tree/views.ts');
  const healthRows = new LazyView(views.health, sessions, async (view) =>
    (await loadRows()).createHealthView(sessions, await health.get(), context.globalState, view),
  );
  const signals = new Lazy(async () => {
    const [{ HealthSignals }, keeper] = await Promise.all([import('./tree/healthSignals.ts'), health.get()]);
    return new HealthSignals(sessions, keeper, healthRows);
  });
  const accounts = new LazyView(views.accounts, sessions, async (view) =>
    (await loadRows()).createAccountsView(sessions, await health.get(), context.globalState, view),
  );
  const campaigns = new LazyView(views.campaigns, sessions, async (view) =>
    (await loadRows()).createCampaignsView(sessions, await health.get(), context.globalState, view),
  );
  const overview = new LazyOverview(sessions, saved, context, log);
  const refresh = new Lazy(async () => {
    const [{ AutoRefresh }, maps] = await Promise.all([import('./connections/autoRefresh.ts'), saved.get()]);
    const visible = async () =>
      healthRows.visible || accounts.visible || campaigns.visible || (await overview.panel.made())?.visible === true;
    return new AutoRefresh(sessions, maps, join(folder, mapsFolder), visible);
  });
  const loadCommands = async () => {
    const [{ createCommands }, ...parts] = await Promise.all([
      import('./commands/all.ts'),
      accounts.rows.get(),
      campaigns.rows.get(),
      healthRows.rows.get(),
      health.get(),
      snoozes.get(),
      documents.files.get(),
      documents.comparisons.get(),
      changes.get(),
      drafts.parts.get(),
      redactor.get(),
    ]);
    const [
      accountRows,
      campaignRows,
      findings,
      keeperOfHealth,
      snoozed,
      files,
      comparisons,
      planned,
      drafted,
      redaction,
    ] = parts;
    return createCommands({
      sessions,
      sample,
      keeper: saved,
      accounts: accountRows,
      campaigns: campaignRows,
      findings,
      health: keeperOfHealth,
      snoozes: snoozed,
      documents: files,
      comparisons,
      changes: planned,
      drafts: drafted,
      overview: overview.panel,
      log,
      redactor: redaction,
    });
  };
  const sweep = setTimeout(() => {
    void saved.get().then((maps) => maps.sweep(cacheEnabled() ? store.list().map(({ id }) => id) : []));
  }, SWEEP_AFTER);
  context.subscriptions.push(
    log,
    network,
    sample,
    store,
    // Before the sessions, whose end has documents read again.
    documents,
    drafts,
    sessions,
    disposing(saved, refresh, snoozes, health, signals, changes),
    new vscode.Disposable(() => {
      clearTimeout(sweep);
    }),
    sessions.onDidStart((session) => {
      void refresh.get();
      void signals.get();
      void interrupted.get().then((offer) => offer(session));
    }),
    onDidDisableCache(() => {
      saved
        .get()
        .then((maps) => maps.clear())
        .catch((error: unknown) => {
          log.warn(`The saved maps cannot be removed: ${error instanceof Error ? error.message : String(error)}`);
        });
    }),
    healthRows,
    accounts,
    campaigns,
    overview,
    registerCommands(loadCommands, documents),
    followContext(sessions, context.globalState),
  );
  return createApi(sessions, health, log);
}
