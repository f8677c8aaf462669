import * as vscode from 'vscode';
import { disposing, Lazy } from '../transport/lazy.ts';
import type { HealthKeeper } from '../connections/healthKeeper.ts';
import type { MapKeeper } from '../connections/mapKeeper.ts';
import type { Sessions } from '../connections/sessions.ts';
import { compareScheme, scheme } from '../contributions.ts';
import type { Comparisons } from './compare.ts';
import type { DocumentFailure, DocumentFileSystem } from './fileSystem.ts';
import { documentTarget } from './uri.ts';

/** What reads, explains and compares documents, registered from the start and loaded with the first document. */
export class LazyDocuments implements vscode.Disposable {
  readonly files: Lazy<DocumentFileSystem>;
  readonly comparisons: Lazy<Comparisons>;
  readonly #failed = new vscode.EventEmitter<DocumentFailure>();
  /** Fires where a document shows an older answer, or does not any more. */
  readonly #aged = new vscode.EventEmitter<unknown>();
  readonly #registered: vscode.Disposable;
  #decorations: vscode.Disposable | undefined;

  /** Fires where the document that a person looks at cannot be read. */
  readonly onDidFail = this.#failed.event;

  constructor(sessions: Sessions, keeper: Lazy<MapKeeper>, health: Lazy<HealthKeeper>) {
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
    this.#registered = vscode.Disposable.from(
      changed,
      this.#failed,
      disposing(this.files, this.comparisons),
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
  const provider: vscode.FileSystemProvider = {
    onDidChangeFile,
    // Nothing on the service's side can be watched: changes are announced where a document is read again.
    watch: () => new vscode.Disposable(() => undefined),
    stat: async (uri) => (await files.get()).stat(uri),
    readFile: async (uri) => (await files.get()).readFile(uri),
    readDirectory: async () => (await files.get()).readDirectory(),
    createDirectory: async (uri) => (await files.get()).createDirectory(uri),
    writeFile: async (uri) => (await files.get()).writeFile(uri),
    delete: async (uri) => (await files.get()).delete(uri),
    rename: async (uri) => (await files.get()).rename(uri),
  };
  return vscode.workspace.registerFileSystemProvider(scheme, provider, {
    isCaseSensitive: true,
    isReadonly: new vscode.MarkdownString(
      vscode.l10n.t(
        'This is what the service answered, or what Sendmap made of it, when the document was opened or last refreshed. Change things in the web app of the service, then run "Sendmap: Refresh Document" to see that here.',
      ),
    ),
  });
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
        if (showsCampaign(campaigns)) {
          changed.fire();
        }
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

/** Whether the document of one of these campaigns is open. */
function showsCampaign(campaigns: ReadonlySet<string>): boolean {
  return (
    campaigns.size > 0 &&
    vscode.workspace.textDocuments.some(({ uri }) => {
      const target = documentTarget(uri);
      return target?.kind === 'campaign' && campaigns.has(target.id);
    })
  );
}
