import * as vscode from 'vscode';
import { views } from '../contributions.ts';
import type { ProviderId } from '../providers/model.ts';
import type { CommandContext } from './register.ts';

const { t } = vscode.l10n;

/** Adds the two sample connections, or those of them that are missing, and shows the view. */
export async function openSampleWorkspace(context: CommandContext): Promise<void> {
  const { store } = context.sessions;
  const samples: readonly (readonly [ProviderId, string])[] = [
    ['instantly', t('Northwind outbound (sample)')],
    ['smartlead', t('Client: Fabrikam (sample)')],
  ];
  for (const [provider, label] of samples) {
    if (!store.list().some((connection) => connection.sample && connection.provider === provider)) {
      await store.addSample(provider, label);
    }
  }
  await vscode.commands.executeCommand(`${views.accounts}.focus`);
}

/** Removes the sample connections, and stops the sandbox that serves them. */
export async function removeSampleWorkspace(context: CommandContext): Promise<void> {
  const { store } = context.sessions;
  for (const { id, sample } of store.list()) {
    if (sample) {
      await store.remove(id);
    }
  }
  await context.sample.stop();
}
