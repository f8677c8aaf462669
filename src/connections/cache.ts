import * as vscode from 'vscode';
import { settings } from '../contributions.ts';

/** Whether maps and answers may be kept on this computer. */
export function cacheEnabled(): boolean {
  return vscode.workspace.getConfiguration().get<unknown>(settings.cacheEnabled) !== false;
}

/** Calls back when a person turns that off. */
export function onDidDisableCache(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(settings.cacheEnabled) && !cacheEnabled()) {
      listener();
    }
  });
}
