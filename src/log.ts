import * as vscode from 'vscode';
import { Lazy } from './transport/lazy.ts';
import type { Log } from './transport/log.ts';
import { redactedLog } from './transport/redactedLog.ts';
import type { Redactor } from './transport/redaction.ts';

/** VS Code's log channel behind redaction: the only way for a line to get there. */
export function createLog(redactor: Lazy<Redactor>): Log & { show(): void; dispose(): void } {
  const channel = vscode.window.createOutputChannel('Sendmap', { log: true });
  const redacted = new Lazy(async () => redactedLog(channel, await redactor.get()));
  /** Lines come in their order: each waits for the same value. */
  const write = (level: keyof Log) => (message: string) => {
    void redacted.get().then((log) => {
      log[level](message);
    });
  };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    show: () => {
      channel.show();
    },
    dispose: () => {
      channel.dispose();
    },
  };
}
