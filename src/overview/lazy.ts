import * as vscode from 'vscode';
import type { MapKeeper } from '../connections/mapKeeper.ts';
import type { Sessions } from '../connections/sessions.ts';
import { overviewPanel } from '../contributions.ts';
import { disposing, Lazy } from '../transport/lazy.ts';
import type { Log } from '../transport/log.ts';
import type { OverviewPanel } from './panel.ts';

/** The overview, loaded when it is first opened; VS Code may bring back the one of an earlier session. */
export class LazyOverview implements vscode.Disposable {
  readonly panel: Lazy<OverviewPanel>;
  readonly #registered: vscode.Disposable;

  constructor(sessions: Sessions, keeper: Lazy<MapKeeper>, context: vscode.ExtensionContext, log: Log) {
    this.panel = new Lazy(async () => {
      const { OverviewPanel } = await import('./panel.ts');
      return new OverviewPanel(sessions, keeper, context.workspaceState, context.extensionUri, log);
    });
    this.#registered = vscode.Disposable.from(
      disposing(this.panel),
      vscode.window.registerWebviewPanelSerializer(overviewPanel, {
        deserializeWebviewPanel: async (panel) => {
          (await this.panel.get()).take(panel);
        },
      }),
    );
  }

  dispose(): void {
    this.#registered.dispose();
  }
}
