import * as vscode from 'vscode';
import { disposing, Lazy } from '../transport/lazy.ts';
import type { Sessions } from '../connections/sessions.ts';
import { commands, contextKeys, hasKey, savedFilters, snoozesState, views } from '../contributions.ts';
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
export function followContext(sessions: Sessions, state: vscode.Memento): vscode.Disposable {
  const { store } = sessions;
  // What changes these lists is loaded later, and then sets their keys itself.
  for (const [key, list] of [
    [contextKeys.snoozed, snoozesState],
    [contextKeys.accountsFiltersSaved, savedFilters(views.accounts)],
    [contextKeys.campaignsFiltersSaved, savedFilters(views.campaigns)],
  ] as const) {
    const kept = state.get<unknown>(list);
    set(key, Array.isArray(kept) && kept.length > 0);
  }
  let has: ReadonlySet<string> = new Set();
  const showConnections = () => {
    const connections = store.list();
    set(contextKeys.hasConnections, connections.length > 0);
    set(
      contextKeys.hasSamples,
      connections.some(({ sample }) => sample),
    );
    const infos = connections.map(({ provider }) => sessions.providers[provider]);
    const had = has;
    has = new Set(infos.flatMap(({ documents, changes }) => [...documents, ...Object.keys(changes)]));
    for (const kind of new Set([...had, ...has])) {
      set(hasKey(kind), has.has(kind));
    }
  };
  showConnections();
  set(contextKeys.started, true);
  return vscode.Disposable.from(store.onDidChange(showConnections), followSyncs(sessions));
}

/** Offers to cancel while something can be cancelled, and to go on where something can go on. */
function followSyncs(sessions: Sessions): vscode.Disposable {
  const shown = new Map<string, boolean>();
  const show = () => {
    const maps = sessions.ready().map(({ map }) => map);
    for (const [key, now] of [
      [contextKeys.syncing, maps.some(({ progress }) => progress.running)],
      [contextKeys.partial, maps.some(({ progress, empty, complete }) => !progress.running && !empty && !complete)],
    ] as const) {
      if (now !== (shown.get(key) ?? false)) {
        shown.set(key, now);
        set(key, now);
      }
    }
  };
  return vscode.Disposable.from(
    sessions.onDidStart(({ map }) => {
      map.onDidProgress(show);
      // What was restored made its progress before.
      show();
    }),
    sessions.onDidEnd(show),
  );
}

function set(key: string, value: unknown): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
