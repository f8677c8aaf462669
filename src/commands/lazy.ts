import * as vscode from 'vscode';
import { Lazy } from '../connections/lazy.ts';
import type { Sessions } from '../connections/sessions.ts';
import { commands, contextKeys } from '../contributions.ts';
import type { DocumentFileSystem } from '../documents/fileSystem.ts';
import type { Commands } from './all.ts';
import type { CommandContext } from './register.ts';

/** Registers all commands. Their code is a bundle that is loaded with the first one that is called. */
export function registerCommands(load: () => Promise<Commands>, documents: DocumentFileSystem): vscode.Disposable {
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
    new vscode.Disposable(() => {
      void all.take().then((made) => made?.dispose());
    }),
  );
}

/** Keeps up to date what menus and views depend on. */
export function followContext({
  sessions,
  accounts,
  campaigns,
}: Pick<CommandContext, 'sessions' | 'accounts' | 'campaigns'>): vscode.Disposable {
  const { store } = sessions;
  const showSamples = () => {
    set(
      contextKeys.hasSamples,
      store.list().some(({ sample }) => sample),
    );
  };
  showSamples();
  return vscode.Disposable.from(
    store.onDidChange(showSamples),
    followSyncs(sessions),
    ...(
      [
        [accounts, contextKeys.accountsFiltered],
        [campaigns, contextKeys.campaignsFiltered],
      ] as const
    ).map(([{ state }, key]) =>
      state.onDidChange(() => {
        set(key, state.filter !== undefined);
      }),
    ),
  );
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
