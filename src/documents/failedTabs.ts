import * as vscode from 'vscode';
import { documentTarget } from './uri.ts';

/**
 * Opens again, in its own tab, what failed to open. VS Code only tries a failed tab again when it is next shown, even
 * where its file has changed.
 */
export async function reopenFailed(connectionId: string): Promise<void> {
  for (const { activeTab, viewColumn } of vscode.window.tabGroups.all) {
    const uri = activeTab?.input instanceof vscode.TabInputText ? activeTab.input.uri : undefined;
    const isOpen = vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri?.toString());
    if (uri !== undefined && !isOpen && documentTarget(uri)?.connectionId === connectionId) {
      const options = { viewColumn, preserveFocus: true, preview: activeTab?.isPreview ?? false };
      await vscode.commands.executeCommand('vscode.open', uri, options);
    }
  }
}
