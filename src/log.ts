import * as vscode from 'vscode';
import type { Log } from './transport/client.ts';
import type { Redactor } from './transport/redaction.ts';

/** VS Code's log channel behind redaction: the only way for a line to get there. */
export function createLog(redactor: Redactor): Log & { show(): void; dispose(): void } {
  const channel = vscode.window.createOutputChannel('Sendmap', { log: true });
  return {
    debug: (message) => {
      channel.debug(redactor.redact(message));
    },
    info: (message) => {
      channel.info(redactor.redact(message));
    },
    warn: (message) => {
      channel.warn(redactor.redact(message));
    },
    error: (message) => {
      channel.error(redactor.redact(message));
    },
    show: () => {
      channel.show();
    },
    dispose: () => {
      channel.dispose();
    },
  };
}
