import * as vscode from 'vscode';
import { views } from '../contributions.ts';
import type { CommandContext } from './register.ts';

/** Adds a sample connection for each service, or those that are missing, and shows the view and the overview. */
export async function openSampleWorkspace(context: CommandContext): Promise<void> {
  const { store } = context.sessions;
  for (const { id, sampleLabel } of Object.values(store.providers)) {
    if (!store.list().some(({ sample, provider }) => sample && provider === id)) {
      await store.addSample(id, sampleLabel());
    }
  }
  (await context.overview.get()).open();
  await vscode.commands.executeCommand(`${views.health}.focus`);
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
