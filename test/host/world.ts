import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SendmapApi } from '../../src/api.ts';
import { Lazy } from '../../src/transport/lazy.ts';
import { commands } from '../../src/contributions.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { baseUrlSettings } from '../support/settings.ts';

/** Keys whose every appearance outside SecretStorage and a request is a leak. */
export const keys = {
  instantly: 'planted-instantly-key-8f2c',
  smartlead: 'planted-smartlead-key-51ab',
  narrow: 'planted-narrow-key-77de',
} as const;

export const extension = (): vscode.Extension<SendmapApi> => {
  const found = vscode.extensions.getExtension<SendmapApi>('sendmap.sendmap');
  assert.ok(found, 'the extension is installed');
  return found;
};

export const api = () => extension().activate();

/** The sandbox of the suites, reached through the settings that a person would change. @param known the keys that it knows. */
export async function startWorld(known: Readonly<Record<keyof typeof keys, string>> = keys): Promise<Sandbox> {
  const sandbox = await startSandbox({
    instantly: { accounts: 120, campaigns: 18, tags: 4 },
    smartlead: { accounts: 130, campaigns: 9 },
    keys: [
      { key: known.instantly, service: 'instantly' },
      { key: known.smartlead, service: 'smartlead' },
      { key: known.narrow, service: 'instantly', scopes: ['accounts:read'] },
    ],
  });
  await configure(baseUrlSettings.instantly, sandbox.baseUrls.instantly);
  await configure(baseUrlSettings.smartlead, sandbox.baseUrls.smartlead);
  return sandbox;
}

/** A part that is there already. */
export const lazy = <T>(value: T) => new Lazy(() => Promise.resolve(value));

export async function configure(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration().update(name, value, vscode.ConfigurationTarget.Global);
}

export function add(provider: 'instantly' | 'smartlead', apiKey: string, label?: string): Thenable<string> {
  return vscode.commands.executeCommand<string>(commands.addConnection, { provider, apiKey, label });
}

/** Ends the world: no connection, no setting and no sandbox stays behind. */
export async function endWorld(sandbox: Sandbox): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  await configure(baseUrlSettings.instantly, undefined);
  await configure(baseUrlSettings.smartlead, undefined);
  await sandbox.close();
}
