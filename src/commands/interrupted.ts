import * as vscode from 'vscode';
import type { Changes } from '../connections/changes.ts';
import type { Session, Sessions } from '../connections/sessions.ts';
import { commands } from '../contributions.ts';
import { planUri } from '../documents/changeLog.ts';
import { showWarning } from '../messages.ts';
import type { Log } from '../transport/log.ts';

const { t } = vscode.l10n;

/**
 * For each session that starts: follows its changes, and offers to check those that a crash or a closed window has
 * interrupted. Each is offered once a window.
 */
export function offerInterrupted(sessions: Sessions, changes: Changes, log: Log): (session: Session) => Promise<void> {
  const offered = new Set<string>();
  sessions.onDidEnd((connectionId) => {
    changes.unfollow(connectionId);
  });
  return async (session) => {
    try {
      for (const { plan } of await changes.follow(session)) {
        if (!offered.has(plan.id)) {
          offered.add(plan.id);
          void offer(session, plan.id, plan.title);
        }
      }
    } catch (error) {
      log.warn(`The changes of a connection cannot be read: ${String(error)}`);
    }
  };
}

async function offer({ connection }: Session, id: string, title: string): Promise<void> {
  const [check, show] = [t('Check and Go On…'), t('Show Details')];
  const message = t(
    '{0}: "{1}" was interrupted. Some of it was not sent, or it is not known what became of it.',
    connection.label,
    title,
  );
  const chosen = await showWarning(message, check, show);
  if (chosen === check) {
    await vscode.commands.executeCommand(commands.resumeChange, { id, person: true });
  } else if (chosen === show) {
    await vscode.commands.executeCommand('vscode.open', planUri(id, title));
  }
}
