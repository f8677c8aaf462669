import * as vscode from 'vscode';
import type { AnswerFiles } from '../connections/answers.ts';
import type { Sessions } from '../connections/sessions.ts';
import { compareScheme, settings } from '../contributions.ts';
import { formatTime } from '../format.ts';
import { showInformation } from '../messages.ts';
import { plainText } from '../plainText.ts';
import type { Path } from '../providers/properties.ts';
import { comparable, factsOf } from './comparable.ts';
import { idOf, LARGEST_KEPT, type DocumentFileSystem } from './fileSystem.ts';
import { documentTarget, documentUri, isAnswer, tabName, type AnswerTarget } from './uri.ts';

const { t } = vscode.l10n;

/** What one side of a comparison shows. */
interface Side {
  readonly target: AnswerTarget;
  readonly text: string;
}

/**
 * Two answers side by side in VS Code's diff editor, with their keys in the same order and, unless the settings say
 * otherwise, without times and counters, which always differ.
 */
export class Comparisons implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #sessions: Sessions;
  readonly #documents: DocumentFileSystem;
  readonly #answers: AnswerFiles;
  readonly #sides = new Map<string, Side>();
  readonly #subscription: vscode.Disposable;
  #last = 0;

  constructor(sessions: Sessions, documents: DocumentFileSystem, answers: AnswerFiles) {
    this.#sessions = sessions;
    this.#documents = documents;
    this.#answers = answers;
    this.#subscription = vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      this.#sides.delete(uri.toString());
    });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const side = this.#sides.get(uri.toString());
    if (side === undefined) {
      // A comparison that VS Code restored: what it compared is over.
      return t('This comparison ended with its window. Compare again.');
    }
    const { provider } = await this.#sessions.get(side.target.connectionId);
    const ignoreVolatile = vscode.workspace.getConfiguration().get<unknown>(settings.ignoreVolatile) !== false;
    const properties = await provider.info.properties(side.target.kind);
    return comparable(side.text, (path) => ignoreVolatile && provider.info.isVolatile(properties, path));
  }

  /** Compares the fresh answers of two documents of the same kind. @throws {ServiceError | DocumentTooLarge} */
  async compare(left: AnswerTarget, right: AnswerTarget, leftName: string, rightName: string): Promise<void> {
    const [one, other] = await Promise.all([this.#documents.answer(left), this.#documents.answer(right)]);
    await this.#show(
      { target: left, text: one },
      { target: right, text: other },
      leftName,
      rightName,
      t('{0} ↔ {1}', leftName, rightName),
    );
  }

  /**
   * Compares what the service says now with the last answer that was different. Reports are not saved.
   *
   * @throws {ServiceError | DocumentTooLarge}
   */
  async compareWithSaved(uri: vscode.Uri): Promise<void> {
    const target = documentTarget(uri);
    if (target === undefined || !isAnswer(target)) {
      return;
    }
    const now = await this.#documents.answer(target);
    const { keyTag, provider } = await this.#sessions.get(target.connectionId);
    const properties = await provider.info.properties(target.kind);
    const isVolatile = (path: Path) => provider.info.isVolatile(properties, path);
    if (Buffer.byteLength(now) > LARGEST_KEPT) {
      void showInformation(t('Answers larger than {0} MB are not saved.', LARGEST_KEPT / 1_000_000));
      return;
    }
    const facts = await factsOf(now, isVolatile);
    const same = async (saved: string) => (await factsOf(saved, isVolatile)) === facts;
    const saved = await this.#answers.before({ connectionId: target.connectionId, keyTag }, idOf(target), now, same);
    if (typeof saved === 'string') {
      void showInformation(
        saved === 'none'
          ? t('There is no saved answer to compare this document with yet.')
          : t('No changes since the saved version'),
      );
      return;
    }
    const name = tabName(uri).replace(/\.json$/, '');
    const before = formatTime(saved.at);
    await this.#show(
      { target, text: saved.text },
      { target, text: now },
      `${name}, ${before}`,
      name,
      t('{0}: {1} ↔ now', name, before),
    );
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #show(left: Side, right: Side, leftName: string, rightName: string, title: string): Promise<void> {
    const uris = [
      [left, leftName],
      [right, rightName],
    ] as const;
    const [one, other] = uris.map(([side, name]) => {
      this.#last += 1;
      const uri = documentUri(side.target, name).with({ scheme: compareScheme, query: String(this.#last) });
      this.#sides.set(uri.toString(), side);
      return uri;
    });
    await vscode.commands.executeCommand('vscode.diff', one, other, plainText(title));
  }
}
