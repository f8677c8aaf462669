import type * as vscode from 'vscode';
import { mayChange } from '../connections/allowChanges.ts';
import type { Sessions } from '../connections/sessions.ts';
import type { Node } from './nodes.ts';

/**
 * Adds to the context value of a row what may be changed about it, for the `when` clauses of menus, as in
 * `account changeable pauseAccount`; nothing where nothing may be. The words have no hyphens, so that the words of other
 * clauses are not found in them.
 */
export function withChangeWords(item: vscode.TreeItem, sessions: Sessions, node: Node): vscode.TreeItem {
  const connection = sessions.store.get(node.connectionId);
  const changes =
    connection !== undefined && node.kind !== 'connection' && node.kind !== 'notice' && mayChange(connection);
  if (changes && item.contextValue !== undefined) {
    const { changes: known } = sessions.providers[connection.provider];
    const tags = known['assign-tag']?.campaigns === true ? ['tagCampaign'] : [];
    item.contextValue = [item.contextValue, 'changeable', ...Object.keys(known).map(wordOf), ...tags].join(' ');
  }
  return item;
}

/** `pause-account` as `pauseAccount`. */
function wordOf(kind: string): string {
  return kind.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
