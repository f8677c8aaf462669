import * as vscode from 'vscode';
import { settings } from '../contributions.ts';
import type { ProviderInfo } from '../providers/provider.ts';
import { ServiceError } from '../transport/errors.ts';
import type { Connection } from './connection.ts';

/** The setting as it was read last: every row asks for it, and reading it from VS Code is slow. */
let allowed: boolean | undefined;
let following = false;

/** Whether the person allows changes at real services. Only `true` does: settings.json may hold anything. */
export function changesAllowed(): boolean {
  if (!following) {
    following = true;
    vscode.workspace.onDidChangeConfiguration(() => {
      allowed = undefined;
    });
  }
  allowed ??= vscode.workspace.getConfiguration().get<unknown>(settings.allowChanges) === true;
  return allowed;
}

/** Whether something may be changed through a connection. Nothing real hangs on a sample, so it is always allowed there. */
export function mayChange({ sample }: Connection): boolean {
  return sample || changesAllowed();
}

/** @throws {ServiceError} `changesOff` where nothing may be changed through a connection. */
export function expectMayChange(connection: Connection, { name }: ProviderInfo): void {
  if (!mayChange(connection)) {
    throw new ServiceError('changesOff', { service: name, setting: settings.allowChanges });
  }
}
