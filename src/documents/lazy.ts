import * as vscode from 'vscode';
import { disposing, Lazy } from '../transport/lazy.ts';
import type { Changes } from '../connections/changes.ts';
import type { HealthKeeper } from '../connections/healthKeeper.ts';
import type { MapKeeper } from '../connections/mapKeeper.ts';
import type { Sessions } from '../connections/sessions.ts';
import { changesScheme, compareScheme, scheme } from '../contributions.ts';
import type { Comparisons } from './compare.ts';
import type { DocumentFailure, DocumentFileSystem } from './fileSystem.ts';
import { lazyFiles } from './lazyFiles.ts';

/** What reads, explains and compares documents, registered from the start and loaded with the first document. */
export class LazyDocuments implements vscode.Disposable {
  readonly files: Lazy<DocumentFileSystem>;
  readonly comparisons: Lazy<Comparisons>;
  readonly #failed = new vscode.EventEmitter<DocumentFailure>();
  /** Fires where a document shows an older answer, or does not any more. */
  readonly #aged = new vscode.EventEmitter<unknown>();
  /** Fires where the change log, or a plan in it, says something else. */
  readonly #logged = new vscode.EventEmitter<vscode.Uri>();
  readonly #registered: vscode.Disposable;
  #decorations: vscode.Disposable | undefined;

  /** Fires where the document that a person looks at cannot be read. */
  readonly onDidFail = this.#failed.event;

  constructor(sessions: Sessions, keeper: Lazy<MapKeeper>, health: Lazy<HealthKeeper>, changes: Lazy<Changes>) {
    const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
    this.files = new Lazy(async () => {
      const [{ DocumentFileSystem }, { OlderAnswerDecorations }, { answers }] = await Promise.all([
        import('./fileSystem.ts'),
        import('./currency.ts'),
        keeper.get(),
      ]);
      const files = new DocumentFileSystem(sessions, answers, async (connectionId) =>
        (await health.get()).evaluated(connectionId),
      );
      const decorations = new OlderAnswerDecorations(files);
      this.#decorations = vscode.Disposable.from(
        decorations,
        vscode.window.registerFileDecorationProvider(decorations),
      );
      files.onDidChangeCurrency(() => {
        this.#aged.fire(undefined);
      });
      files.onDidChangeFile((changes) => {
        changed.fire(changes);
      });
      files.onDidFail((failure) => {
        this.#failed.fire(failure);
      });
      return files;
    });
    this.comparisons = new Lazy(async () => {
      const [{ Comparisons }, files, { answers }] = await Promise.all([
        import('./compare.ts'),
        this.files.get(),
        keeper.get(),
      ]);
      return new Comparisons(sessions, files, answers);
    });
    const log = new Lazy(async () => {
      const [{ ChangeDocuments }, made] = await Promise.all([import('./changeLog.ts'), changes.get()]);
      const documents = new ChangeDocuments(made);
      documents.onDidChange((uri) => {
        this.#logged.fire(uri);
      });
      return documents;
    });
    this.#registered = vscode.Disposable.from(
      changed,
      this.#logged,
      this.#failed,
      disposing(this.files, this.comparisons, log),
      vscode.workspace.registerTextDocumentContentProvider(changesScheme, {
        onDidChange: this.#logged.event,
        provideTextDocumentContent: async (uri) => (await log.get()).provideTextDocumentContent(uri),
      }),
      registerFiles(this.files, changed.event),
      this.#aged,
      registerExplanations(sessions, this.files, [changed.event, this.#aged.event]),
      vscode.workspace.registerTextDocumentContentProvider(compareScheme, {
        provideTextDocumentContent: async (uri) => (await this.comparisons.get()).provideTextDocumentContent(uri),
      }),
    );
  }

  dispose(): void {
    this.#decorations?.dispose();
    this.#registered.dispose();
  }
}

function registerFiles(
  files: Lazy<DocumentFileSystem>,
  onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]>,
): vscode.Disposable {
  return vscode.workspace.registerFileSystemProvider(
    scheme,
    lazyFiles(() => files.get(), onDidChangeFile),
    {
      isCaseSensitive: true,
      isReadonly: new vscode.MarkdownString(
        vscode.l10n.t(
          'This is what the service answered, or what Sendmap made of it, when the document was last refreshed. Make changes in the web app of the service, or with the commands below "Change" on its row, then run "Sendmap: Refresh Document".',
        ),
      ),
    },
  );
}

function registerExplanations(
  sessions: Sessions,
  files: Lazy<DocumentFileSystem>,
  changes: readonly vscode.Event<unknown>[],
): vscode.Disposable {
  const explanations = new Lazy(async () => {
    const { createExplanations } = await import('./explain.ts');
    return createExplanations(sessions, await files.get());
  });
  const changed = new vscode.EventEmitter<void>();
  const navigation: vscode.DocumentLinkProvider & vscode.DefinitionProvider & vscode.ReferenceProvider = {
    provideDocumentLinks: async (...args) => (await explanations.get()).navigation.provideDocumentLinks(...args),
    provideDefinition: async (...args) => (await explanations.get()).navigation.provideDefinition(...args),
    provideReferences: async (...args) => (await explanations.get()).navigation.provideReferences(...args),
  };
  return vscode.Disposable.from(
    changed,
    ...changes.map((onDidChange) =>
      onDidChange(() => {
        changed.fire();
      }),
    ),
    sessions.onDidStart(({ map }) => {
      // The first lens says what the map knows of a campaign.
      map.onDidChange(({ campaigns }) => {
        void explanations.made().then((made) => {
          if (made?.showCampaigns(campaigns)) {
            changed.fire();
          }
        });
      });
    }),
    vscode.languages.registerInlayHintsProvider(
      { scheme },
      {
        provideInlayHints: async (...args) => (await explanations.get()).hints.provideInlayHints(...args),
      },
    ),
    vscode.languages.registerHoverProvider(
      { scheme },
      {
        provideHover: async (...args) => (await explanations.get()).hover.provideHover(...args),
      },
    ),
    vscode.languages.registerDocumentLinkProvider({ scheme }, navigation),
    vscode.languages.registerDefinitionProvider({ scheme }, navigation),
    vscode.languages.registerReferenceProvider({ scheme }, navigation),
    vscode.languages.registerCodeLensProvider(
      { scheme },
      {
        onDidChangeCodeLenses: changed.event,
        provideCodeLenses: async (...args) => (await explanations.get()).lenses.provideCodeLenses(...args),
      },
    ),
  );
}
