import * as vscode from 'vscode';
import { disposing, Lazy } from '../transport/lazy.ts';
import type { Sessions } from '../connections/sessions.ts';
import { settings, type ViewId } from '../contributions.ts';
import type { Node } from './nodes.ts';

/** The rows of a view. */
export interface Rows extends vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly onDidChangeTreeData: vscode.Event<Node | Node[] | undefined>;
}

/** A view that exists from the start. Its rows are loaded when the first one is shown, or a command needs them. */
export class LazyView<View extends Rows> implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  /** The view with its rows. */
  readonly rows: Lazy<View>;
  readonly #sessions: Sessions;
  readonly #view: vscode.TreeView<Node>;
  readonly #changed = new vscode.EventEmitter<Node | Node[] | undefined>();
  readonly #subscription: vscode.Disposable;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(id: ViewId, sessions: Sessions, load: (view: vscode.TreeView<Node>) => Promise<View>) {
    this.#sessions = sessions;
    this.#view = vscode.window.createTreeView(id, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.rows = new Lazy(async () => {
      const rows = await load(this.#view);
      rows.onDidChangeTreeData((nodes) => {
        this.#changed.fire(nodes);
      });
      return rows;
    });
    this.#subscription = vscode.Disposable.from(
      disposing(this.rows),
      this.#view,
      this.#changed,
      sessions.store.onDidChange(() => {
        this.#changed.fire(undefined);
      }),
      // Rows say in their context values what may be changed.
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(settings.allowChanges)) {
          this.#changed.fire(undefined);
        }
      }),
    );
  }

  get visible(): boolean {
    return this.#view.visible;
  }

  /** What stands on the icon of Sendmap; undefined: nothing. */
  set badge(badge: vscode.ViewBadge | undefined) {
    this.#view.badge = badge;
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined && this.#sessions.store.list().length === 0) {
      // No rows are needed for the welcome.
      return [];
    }
    return (await (await this.rows.get()).getChildren(node)) ?? [];
  }

  async getTreeItem(node: Node): Promise<vscode.TreeItem> {
    return (await this.rows.get()).getTreeItem(node);
  }

  async resolveTreeItem(
    item: vscode.TreeItem,
    node: Node,
    token: vscode.CancellationToken,
  ): Promise<vscode.TreeItem | undefined> {
    return (await (await this.rows.get()).resolveTreeItem?.(item, node, token)) ?? undefined;
  }

  async getParent(node: Node): Promise<Node | undefined> {
    return (await (await this.rows.get()).getParent?.(node)) ?? undefined;
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}
