import * as vscode from 'vscode';
import { disposing, Lazy } from '../transport/lazy.ts';
import type { Sessions } from '../connections/sessions.ts';
import { commands, contextKeys } from '../contributions.ts';
import type { LazyDocuments } from '../documents/lazy.ts';
import type { Commands } from './all.ts';

/** Registers all commands. Their code is a bundle that is loaded with the first one that is called. */
export function registerCommands(load: () => Promise<Commands>, documents: LazyDocuments): vscode.Disposable {
  const all = new Lazy(load);
  return vscode.Disposable.from(
    ...Object.values(commands).map((id) =>
      vscode.commands.registerCommand(id, async (...args: unknown[]) => (await all.get()).handlers.get(id)?.(...args)),
    ),
    documents.onDidFail(({ connectionId, error }) => {
      void all.get().then(({ showError }) => {
        showError(error, connectionId);
      });
    }),
    disposing(all),
  );
}

/** Keeps up to date what menus and views depend on. */
export function followContext(sessions: Sessions): vscode.Disposable {
  const { store } = sessions;
  const showConnections = () => {
    const connections = store.list();
    set(contextKeys.hasConnections, connections.length > 0);
    set(
      contextKeys.hasSamples,
      connections.some(({ sample }) => sample),
    );
  };
  showConnections();
  set(contextKeys.started, true);
  return vscode.Disposable.from(store.onDidChange(showConnections), followSyncs(sessions));
}

/** Offers to cancel while something can be cancelled. */
function followSyncs(sessions: Sessions): vscode.Disposable {
  let syncing = false;
  const show = () => {
    const now = sessions.ready().some(({ map }) => map.progress.running);
    if (now !== syncing) {
      syncing = now;
      set(contextKeys.syncing, now);
    }
  };
  return vscode.Disposable.from(
    sessions.onDidStart(({ map }) => {
      map.onDidProgress(show);
    }),
    sessions.onDidEnd(show),
  );
}

function set(key: string, value: unknown): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
