import * as vscode from 'vscode';
import type { ConnectionStore } from '../connections/store.ts';
import { draftScheme, reviewScheme } from '../contributions.ts';
import { disposing, Lazy } from '../transport/lazy.ts';
import type { DraftReview } from './draftReview.ts';
import type { DraftFileSystem } from './drafts.ts';
import { lazyFiles } from './lazyFiles.ts';

/** Where drafts are kept, and where they are reviewed. */
export interface Drafts {
  readonly files: DraftFileSystem;
  readonly review: DraftReview;
  dispose(): void;
}

/** Drafts of campaigns, registered from the start and loaded with the first one. */
export class LazyDrafts implements vscode.Disposable {
  readonly parts: Lazy<Drafts>;
  readonly #registered: vscode.Disposable;

  /** @param folder of the drafts on disk. */
  constructor(store: ConnectionStore, folder: string) {
    const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
    this.parts = new Lazy(async () => {
      const [{ DraftFileSystem }, { DraftReview }, { DraftFiles }] = await Promise.all([
        import('./drafts.ts'),
        import('./draftReview.ts'),
        import('../plans/draftFiles.ts'),
      ]);
      const files = new DraftFileSystem(new DraftFiles(folder));
      files.onDidChangeFile((changes) => {
        changed.fire(changes);
      });
      const review = new DraftReview();
      return {
        files,
        review,
        dispose: () => {
          files.dispose();
          review.dispose();
        },
      };
    });
    this.#registered = vscode.Disposable.from(
      changed,
      disposing(this.parts),
      vscode.workspace.registerFileSystemProvider(
        draftScheme,
        lazyFiles(async () => (await this.parts.get()).files, changed.event),
        { isCaseSensitive: true },
      ),
      vscode.workspace.registerTextDocumentContentProvider(reviewScheme, {
        provideTextDocumentContent: async (uri) => (await this.parts.get()).review.provideTextDocumentContent(uri),
      }),
      vscode.languages.registerCodeLensProvider(
        { scheme: draftScheme },
        { provideCodeLenses: async (document) => (await this.parts.get()).review.provideCodeLenses(document) },
      ),
      this.#removeWithConnections(store),
    );
  }

  dispose(): void {
    this.#registered.dispose();
  }

  #removeWithConnections(store: ConnectionStore): vscode.Disposable {
    let known = store.list().map(({ id }) => id);
    return store.onDidChange(() => {
      const gone = known.filter((id) => store.get(id) === undefined);
      known = store.list().map(({ id }) => id);
      for (const id of gone) {
        void this.parts.get().then(({ files }) => files.removeAll(id));
      }
    });
  }
}
