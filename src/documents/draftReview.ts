import * as vscode from 'vscode';
import { commands, draftScheme, reviewScheme } from '../contributions.ts';
import { plainText } from '../plainText.ts';
import type { DraftProblem } from '../plans/draftCheck.ts';
import type { Json } from '../providers/fields.ts';
import { titleOfPath } from './documentPath.ts';

const { t } = vscode.l10n;
const TOP = new vscode.Range(0, 0, 0, 0);

/** Shows what a draft would change, side by side, and what is wrong with it at its place. */
export class DraftReview implements vscode.TextDocumentContentProvider, vscode.CodeLensProvider, vscode.Disposable {
  /** What reviews show, and the drafts that they are of. */
  readonly #sides = new Map<string, { readonly text: string; readonly draft: string }>();
  readonly #problems = vscode.languages.createDiagnosticCollection('sendmap-draft');
  readonly #subscription: vscode.Disposable;
  #last = 0;

  constructor() {
    this.#subscription = vscode.Disposable.from(
      this.#problems,
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.#sides.delete(uri.toString());
      }),
      vscode.workspace.onDidChangeTextDocument(({ document: { uri }, contentChanges }) => {
        // What was found is about a text that is not there any more.
        if (uri.scheme === draftScheme && contentChanges.length > 0) {
          this.#problems.delete(uri);
        }
      }),
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    // A review that VS Code restored: what it showed is over.
    return this.#sides.get(uri.toString())?.text ?? t('This review ended with its window. Review the draft again.');
  }

  /** The two ways in which a draft ends. */
  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    return [
      { title: t('Review and Apply'), command: commands.applyDraft, arguments: [uri] },
      { title: t('Discard Draft'), command: commands.discardDraft, arguments: [uri] },
    ].map((step) => new vscode.CodeLens(TOP, step));
  }

  /** Shows properties as they are, and as they would be. */
  async show(draft: vscode.Uri, left: Json, right: Json, title: string): Promise<void> {
    const name = titleOfPath(draft.path);
    const [one, other] = [left, right].map((values) => {
      this.#last += 1;
      const uri = vscode.Uri.from({ scheme: reviewScheme, path: `/${name}`, query: String(this.#last) });
      const text = `${JSON.stringify(values, undefined, 2)}\n`;
      this.#sides.set(uri.toString(), { text, draft: draft.toString() });
      return uri;
    });
    await vscode.commands.executeCommand('vscode.diff', one, other, plainText(title));
  }

  /** Puts problems into a draft, until its text changes, and shows the first one. */
  async report(draft: vscode.Uri, problems: readonly DraftProblem[]): Promise<void> {
    const document = await vscode.workspace.openTextDocument(draft);
    this.#problems.set(
      draft,
      problems.map(({ message, offset, length }) => {
        const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
        const diagnostic = new vscode.Diagnostic(range, plainText(message), vscode.DiagnosticSeverity.Error);
        diagnostic.source = 'Sendmap';
        return diagnostic;
      }),
    );
    const [first] = this.#problems.get(draft) ?? [];
    if (first !== undefined) {
      await vscode.window.showTextDocument(document, { selection: first.range, preview: false });
    }
  }

  /** Whether a tab shows a draft, or a review of it. */
  isTabOf({ input }: vscode.Tab, draft: vscode.Uri): boolean {
    return input instanceof vscode.TabInputTextDiff
      ? this.#sides.get(input.modified.toString())?.draft === draft.toString()
      : input instanceof vscode.TabInputText && input.uri.toString() === draft.toString();
  }

  clear(draft: vscode.Uri): void {
    this.#problems.delete(draft);
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}
