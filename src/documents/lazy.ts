import * as vscode from 'vscode';
import { Lazy } from '../connections/lazy.ts';
import type { Sessions } from '../connections/sessions.ts';
import { compareScheme, scheme } from '../contributions.ts';
import type { Comparisons } from './compare.ts';
import { OlderAnswerDecorations } from './currency.ts';
import type { DocumentFileSystem } from './fileSystem.ts';
import { documentTarget } from './uri.ts';

/** Registers what explains and compares documents. Its code is loaded with the first document that is opened. */
export function registerDocuments(
  sessions: Sessions,
  documents: DocumentFileSystem,
  comparisons: Lazy<Comparisons>,
): vscode.Disposable {
  const explanations = new Lazy(async () => (await import('./explain.ts')).createExplanations(sessions, documents));
  const changed = new vscode.EventEmitter<void>();
  const decorations = new OlderAnswerDecorations(documents);
  const navigation: vscode.DocumentLinkProvider & vscode.DefinitionProvider & vscode.ReferenceProvider = {
    provideDocumentLinks: async (...args) => (await explanations.get()).navigation.provideDocumentLinks(...args),
    provideDefinition: async (...args) => (await explanations.get()).navigation.provideDefinition(...args),
    provideReferences: async (...args) => (await explanations.get()).navigation.provideReferences(...args),
  };
  return vscode.Disposable.from(
    changed,
    documents.onDidChangeFile(() => {
      changed.fire();
    }),
    documents.onDidChangeCurrency(() => {
      changed.fire();
    }),
    sessions.onDidStart(({ map }) => {
      map.onDidChange(({ campaigns }) => {
        if (showsCampaign(campaigns)) {
          changed.fire();
        }
      });
    }),
    decorations,
    vscode.window.registerFileDecorationProvider(decorations),
    vscode.workspace.registerTextDocumentContentProvider(compareScheme, {
      provideTextDocumentContent: async (uri) => (await comparisons.get()).provideTextDocumentContent(uri),
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
    new vscode.Disposable(() => {
      void comparisons.take().then((made) => made?.dispose());
    }),
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
