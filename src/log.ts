import * as vscode from 'vscode';
import type { Log } from './transport/log.ts';
import { redactedLog } from './transport/redactedLog.ts';
import type { Redactor } from './transport/redaction.ts';

/** VS Code's log channel behind redaction: the only way for a line to get there. */
export function createLog(redactor: Redactor): Log & { show(): void; dispose(): void } {
  const channel = vscode.window.createOutputChannel('Sendmap', { log: true });
  return {
    ...redactedLog(channel, redactor),
    show: () => {
      channel.show();
    },
    dispose: () => {
      channel.dispose();
    },
  };
}
