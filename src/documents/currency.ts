import * as vscode from 'vscode';
import { scheme } from '../contributions.ts';
import { formatAge, formatTime } from '../format.ts';
import { plainText } from '../plainText.ts';
import type { Currency, DocumentFileSystem } from './fileSystem.ts';

/** What a document shows where that is not what the service says now, in words; undefined where it is. */
export function olderWords({ fetchedAt, failure }: Currency): string | undefined {
  return (
    failure &&
    plainText(
      vscode.l10n.t('Saved answer, {0} ({1}): {2}', formatAge(fetchedAt), formatTime(fetchedAt), failure.message),
    )
  );
}

/** Marks the tabs of documents that show an older answer, so that none passes for a current one. */
export class OlderAnswerDecorations implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly #documents: DocumentFileSystem;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #subscription: vscode.Disposable;

  readonly onDidChangeFileDecorations = this.#changed.event;

  constructor(documents: DocumentFileSystem) {
    this.#documents = documents;
    this.#subscription = documents.onDidChangeCurrency(() => {
      this.#changed.fire(undefined);
    });
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    const currency = uri.scheme === scheme ? this.#documents.currencyOf(uri) : undefined;
    const words = currency && olderWords(currency);
    return words === undefined
      ? undefined
      : new vscode.FileDecoration('!', words, new vscode.ThemeColor('list.warningForeground'));
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
