import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { SendmapApi } from './api.ts';
import { followContext, registerCommands } from './commands/lazy.ts';
import { AutoRefresh } from './connections/autoRefresh.ts';
import { AnswerFiles } from './connections/answers.ts';
import { cacheEnabled, onDidDisableCache } from './connections/cache.ts';
import { Keychain } from './connections/keychain.ts';
import { MapKeeper } from './connections/mapKeeper.ts';
import { Lazy } from './connections/lazy.ts';
import { Network } from './connections/network.ts';
import { SampleWorkspace } from './connections/sample.ts';
import { Sessions } from './connections/sessions.ts';
import { ConnectionStore } from './connections/store.ts';
import { answersFolder, mapsFolder, scheme } from './contributions.ts';
import { createApi } from './createApi.ts';
import { DocumentFileSystem } from './documents/fileSystem.ts';
import { registerDocuments } from './documents/lazy.ts';
import { createLog } from './log.ts';
import { SnapshotFiles } from './map/snapshotFiles.ts';
import { providers } from './providers/index.ts';
import { createAccountsView } from './tree/accountsView.ts';
import { createCampaignsView } from './tree/campaignsView.ts';
import { Redactor } from './transport/redaction.ts';

let saveMaps: (() => Promise<void>) | undefined;

/** Gives maps that are being read the chance to go on next time where they are now. */
export async function deactivate(): Promise<void> {
  await saveMaps?.();
}

/** Builds the parts and wires them. Makes no request and loads no HTTP code: that comes with the first request. */
export function activate(context: vscode.ExtensionContext): SendmapApi {
  if (vscode.l10n.bundle !== undefined) {
    l10n.config({ contents: vscode.l10n.bundle });
  }
  const redactor = new Redactor();
  const log = createLog(redactor);
  const network = new Network();
  const sample = new SampleWorkspace();
  const store = new ConnectionStore(context.globalState, new Keychain(context.secrets, redactor), providers);
  const folder = vscode.Uri.joinPath(context.globalStorageUri, mapsFolder).fsPath;
  const mayBeSaved = (connectionId: string) => cacheEnabled() && store.get(connectionId) !== undefined;
  const answers = new AnswerFiles(vscode.Uri.joinPath(context.globalStorageUri, answersFolder).fsPath, log, mayBeSaved);
  const keeper = new MapKeeper(new SnapshotFiles(folder, log, mayBeSaved), answers, vscode.env.language);
  const sessions = new Sessions(store, network, sample, redactor, log, keeper);
  const documents = new DocumentFileSystem(sessions, answers);
  const comparisons = new Lazy(async () => {
    const { Comparisons } = await import('./documents/compare.ts');
    return new Comparisons(sessions, documents, answers);
  });
  const accounts = createAccountsView(sessions, context.globalState);
  const campaigns = createCampaignsView(sessions, context.globalState);
  const parts = { sessions, sample, keeper, accounts, campaigns, documents, log, redactor };
  const loadCommands = async () => {
    const { createCommands } = await import('./commands/all.ts');
    return createCommands({ ...parts, comparisons: await comparisons.get() });
  };
  saveMaps = () => keeper.flush();
  void keeper.sweep(cacheEnabled() ? store.list().map(({ id }) => id) : []);
  context.subscriptions.push(
    log,
    network,
    sample,
    store,
    // Before the sessions, whose end has documents read again.
    documents,
    sessions,
    keeper,
    onDidDisableCache(() => {
      keeper.clear().catch((error: unknown) => {
        log.warn(`The saved maps cannot be removed: ${error instanceof Error ? error.message : String(error)}`);
      });
    }),
    accounts,
    campaigns,
    new AutoRefresh(sessions, keeper, folder, () => accounts.visible || campaigns.visible),
    vscode.workspace.registerFileSystemProvider(scheme, documents, {
      isCaseSensitive: true,
      isReadonly: new vscode.MarkdownString(
        vscode.l10n.t(
          'This is what the service answered when the document was opened or last refreshed. Change it in the web app of the service, then run "Sendmap: Refresh Document" to see it here.',
        ),
      ),
    }),
    registerDocuments(sessions, documents, comparisons),
    registerCommands(loadCommands, documents),
    followContext(parts),
  );
  return createApi(sessions, log);
}
