import type * as vscode from 'vscode';
import type { Session, Sessions } from '../connections/sessions.ts';
import type { ViewId } from '../contributions.ts';
import { setViewMessage, withViewProgress } from '../messages.ts';
import { progressWords } from './progress.ts';

/**
 * The message above the rows changes at most this often, in milliseconds. VS Code treats it as a change of the tree and
 * waits for 200 ms without one before it paints anything.
 */
const PACE = 1000;

/** What a view shows above its rows: what its filter hides, how far a sync is, and the bar while one runs. */
export class Header implements vscode.Disposable {
  readonly #view: vscode.TreeView<unknown>;
  readonly #id: ViewId;
  readonly #sessions: Sessions;
  readonly #filterLine: () => Promise<string | undefined>;
  /** Ends the progress bar of a connection's sync. */
  readonly #bars = new Map<string, () => void>();
  #timer: NodeJS.Timeout | undefined;
  /** Goes up with each update: words take a while, and the last ones are shown. */
  #turn = 0;

  /** `filterLine`: what the filter shows, in words; undefined where nothing is filtered. */
  constructor(
    view: vscode.TreeView<unknown>,
    id: ViewId,
    sessions: Sessions,
    filterLine: () => Promise<string | undefined>,
  ) {
    this.#view = view;
    this.#id = id;
    this.#sessions = sessions;
    this.#filterLine = filterLine;
  }

  /** Updates the message in a while. */
  updateSoon(): void {
    this.#timer ??= setTimeout(() => {
      void this.update();
    }, PACE);
  }

  /** Updates the message now. */
  async update(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#turn += 1;
    const mine = this.#turn;
    const filtered = await this.#filterLine();
    if (mine !== this.#turn) {
      return;
    }
    const running = this.#sessions.ready().filter(({ map }) => map.progress.running);
    const lines = running.map(progressWords);
    setViewMessage(this.#view, [...(filtered === undefined ? [] : [filtered]), ...lines].join(' · '));
  }

  /** Shows the bar of the view while a connection syncs. */
  showBar({ connection, map }: Session): void {
    if (!map.progress.running) {
      this.endBar(connection.id);
    } else if (!this.#bars.has(connection.id)) {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      this.#bars.set(connection.id, () => {
        resolve(undefined);
      });
      void withViewProgress(this.#id, () => promise);
    }
  }

  endBar(connectionId: string): void {
    this.#bars.get(connectionId)?.();
    this.#bars.delete(connectionId);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const id of [...this.#bars.keys()]) {
      this.endBar(id);
    }
  }
}
