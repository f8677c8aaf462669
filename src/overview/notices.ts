import * as vscode from 'vscode';
import type { Connection } from '../connections/connection.ts';
import type { Session } from '../connections/sessions.ts';
import { commands } from '../contributions.ts';
import { formatNumber } from '../format.ts';
import { internalError, isMistake, isServiceError, nextStep, type Fix } from '../transport/errors.ts';
import type { Action, Notice } from './data.ts';
import { commandLink } from './links.ts';

const { t } = vscode.l10n;

/** What a person should know of a map: that it is being read, or why it is not all there is. */
export function mapNotice({ connection, map }: Session): Notice | undefined {
  const error = map.accounts.error ?? map.campaigns.error;
  if (map.empty || (map.progress.running && !map.complete)) {
    const read = map.accounts.records.size;
    return read === 0
      ? readingNotice(connection)
      : { kind: 'busy', text: t('Reading {0}: {1} mailboxes so far…', connection.label, formatNumber(read)) };
  }
  if (map.progress.running) {
    // It is complete as it was, and is read once more.
    return undefined;
  }
  if (error !== undefined) {
    return failureNotice(connection, error);
  }
  const [missing] = map.missing();
  return missing === undefined
    ? undefined
    : {
        kind: 'problem',
        text: t('{0} is incomplete. Missing: {1}.', connection.label, missing),
        action: actionFor('retry', connection),
      };
}

export function readingNotice({ label }: Connection): Notice {
  return { kind: 'busy', text: t('Reading {0}…', label) };
}

/** Why nothing more is known of a connection, and what helps. */
export function failureNotice(connection: Connection, thrown: unknown): Notice {
  const error = thrown instanceof Error && !isMistake(thrown) ? thrown : internalError();
  if (!isServiceError(error)) {
    return { kind: 'problem', text: t('{0}: {1}', connection.label, error.message) };
  }
  const { words, fix } = nextStep(error);
  const text = t('{0}: {1}', connection.label, `${error.message} ${words}`);
  return { kind: 'problem', text, action: actionFor(fix, connection) };
}

function actionFor(fix: Fix, { id }: Connection): Action | undefined {
  switch (fix) {
    case 'replaceKey':
      return { title: t('Replace Key…'), link: commandLink(commands.replaceKey, { connectionId: id }) };
    case 'retry':
      return { title: t('Refresh'), link: commandLink(commands.refresh, { connectionId: id }) };
    default:
      return undefined;
  }
}
