import type * as vscode from 'vscode';
import type { Steps } from '../transport/turns.ts';
import type { Node } from './nodes.ts';

/** What rows say, as VS Code last asked: one that says the same needs no repainting, whatever changed of its record. */
export class ShownWords {
  readonly #shown = new WeakMap<Node, string>();

  note(node: Node, item: vscode.TreeItem): void {
    this.#shown.set(node, wordsOf(item));
  }

  /** Those of these rows that were shown, and would say something else now. In steps. */
  *changed(rows: readonly Node[], itemOf: (node: Node) => vscode.TreeItem): Steps<Node[]> {
    const changed: Node[] = [];
    for (const row of rows) {
      const shown = this.#shown.get(row);
      if (shown !== undefined && shown !== wordsOf(itemOf(row))) {
        changed.push(row);
      }
      // A row may look at all senders of its campaign.
      yield;
    }
    return changed;
  }
}

/** What a person sees of a row. */
function wordsOf({ label, description, iconPath, collapsibleState }: vscode.TreeItem): string {
  return JSON.stringify([label, description, iconPath, collapsibleState]);
}
