import * as vscode from 'vscode';
import type { Connection } from '../connections/connection.ts';
import { DuplicateKeyError } from '../connections/store.ts';
import { showWarning } from '../messages.ts';
import type { ProviderId } from '../providers/index.ts';
import { isAbort, isServiceError } from '../transport/errors.ts';
import { askText, type Answer } from './ask.ts';
import type { CommandContext } from './register.ts';

const { t } = vscode.l10n;

interface KeyStep {
  readonly title: string;
  readonly step?: number;
  readonly totalSteps?: number;
  readonly value?: string;
  /** A connection that may have the key already: the one whose key is replaced. */
  readonly except?: Connection;
  readonly onName?: (name: string | undefined) => void;
}

/** Asks for a key, and keeps the box open until the service accepts it. */
export function askKey(context: CommandContext, provider: ProviderId, step: KeyStep): Promise<Answer<string>> {
  const info = context.sessions.providers[provider];
  return askText({
    ...step,
    password: true,
    prompt: info.keyAdvice(),
    placeholder: t('{0} API key', info.name),
    page: { url: info.keyPage, title: t('Open the page where {0} keys are created', info.name) },
    check: async (key, signal) => {
      const malformed = malformedKey(key);
      if (malformed !== undefined) {
        return malformed;
      }
      try {
        const duplicate = await context.sessions.store.findKey(provider, key);
        if (duplicate !== undefined && duplicate.id !== step.except?.id) {
          return new DuplicateKeyError(duplicate).message;
        }
        step.onName?.(await tryKey(context, provider, key, signal));
        return undefined;
      } catch (error) {
        if (isAbort(error) || isServiceError(error)) {
          return isAbort(error) ? t('Cancelled') : (error as Error).message;
        }
        throw error;
      }
    },
  });
}

/** A key goes into a header or a query string; what does not fit there is a bad paste. */
export function malformedKey(key: string): string | undefined {
  if (key === '') {
    return t('Paste the key here.');
  }
  return /^[\x21-\x7e]+$/.test(key) ? undefined : t('Keys contain no spaces. Paste only the key.');
}

/** Asks the service about a key that is not stored. @returns the workspace's name. @throws {ServiceError} */
export async function tryKey(
  context: CommandContext,
  provider: ProviderId,
  key: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const probe = await context.sessions.probe(provider, key);
  try {
    return (await probe.checkKey({ signal })).name;
  } finally {
    probe.client.dispose();
  }
}

/** Warns where the keychain did not return a key that it had accepted. */
export function warnUnlessPersisted(connection: Connection, persisted: boolean): void {
  if (!persisted) {
    void showWarning(
      t(
        'Your keychain didn\'t save the key of "{0}". Set up a keychain for VS Code, then replace the key.',
        connection.label,
      ),
    );
  }
}
