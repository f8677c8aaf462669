import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { confirm, createQuickPick } from '../messages.ts';
import { probe } from '../providers/probe.ts';
import type { ReadCheck } from '../providers/provider.ts';
import { addConnection, checkLabel } from './addConnection.ts';
import { askText, connectionOf, valueOf } from './ask.ts';
import { askKey, warnUnlessPersisted } from './askKey.ts';
import { register, type Call, type CommandContext } from './register.ts';
import { openSampleWorkspace, removeSampleWorkspace } from './sampleWorkspace.ts';

const { t } = vscode.l10n;

export function registerConnectionCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    register(context, commands.addConnection, (call) => addConnection(context, call)),
    register(context, commands.replaceKey, (call) => replaceKey(context, call)),
    register(context, commands.renameConnection, (call) => renameConnection(context, call)),
    register(context, commands.removeConnection, (call) => removeConnection(context, call)),
    register(context, commands.checkKey, (call) => checkKey(context, call)),
    register(context, commands.openSampleWorkspace, () => openSampleWorkspace(context)),
    register(context, commands.removeSampleWorkspace, () => removeSampleWorkspace(context)),
  );
}

async function replaceKey(context: CommandContext, call: Call): Promise<void> {
  const connection = await connectionOf(context, call, t('Replace key'), ({ sample }) => !sample);
  if (connection === undefined) {
    return;
  }
  if (connection.sample) {
    throw new Error(t('A sample connection has no key to replace.'));
  }
  const title = t('Replace the key of "{0}"', connection.label);
  const answer = await askKey(context, connection.provider, { title, except: connection });
  const key = valueOf(answer);
  if (key !== undefined) {
    warnUnlessPersisted(connection, await context.sessions.store.replaceKey(connection.id, key));
  }
}

async function renameConnection(context: CommandContext, call: Call): Promise<void> {
  if (call.node?.kind === 'filter') {
    // The same key renames both.
    await vscode.commands.executeCommand(commands.renameFilter, call.node);
    return;
  }
  if (call.node !== undefined && call.node.kind !== 'connection') {
    // A key was pressed on a row that has no name of its own to change.
    return;
  }
  const connection = await connectionOf(context, call, t('Rename connection'));
  if (connection === undefined) {
    return;
  }
  const answer = await askText({
    title: t('Rename "{0}"', connection.label),
    value: connection.label,
    check: checkLabel,
  });
  const label = valueOf(answer);
  if (label !== undefined) {
    await context.sessions.store.rename(connection.id, label);
  }
}

async function removeConnection(context: CommandContext, call: Call): Promise<void> {
  const connection = await connectionOf(context, call, t('Remove connection'));
  if (connection === undefined) {
    return;
  }
  const detail = t(
    'Its key will be deleted from the keychain of this computer. Nothing changes in {0}.',
    context.sessions.providers[connection.provider].name,
  );
  const message = t('Remove the connection "{0}"?', connection.label);
  if (await confirm(message, detail, t('Remove'))) {
    await context.sessions.store.remove(connection.id);
  }
}

const CHECK_ICONS: Readonly<Record<ReadCheck['result'], string>> = {
  allowed: 'pass',
  missingScope: 'circle-slash',
  refused: 'error',
  failed: 'warning',
};

/** Tries each read that Sendmap needs, and lists the results as they come. */
async function checkKey(context: CommandContext, call: Call): Promise<void> {
  const connection = await connectionOf(context, call, t('Check key and scopes'));
  if (connection === undefined) {
    return;
  }
  const words: Readonly<Record<ReadCheck['result'], string>> = {
    allowed: t('allowed'),
    missingScope: t('missing scope'),
    refused: t('refused'),
    failed: t('could not be checked'),
  };
  const { provider } = await context.sessions.get(connection.id);
  const pick = createQuickPick();
  const leaving = new AbortController();
  pick.title = t('Key of "{0}"', connection.label);
  pick.placeholder = t('What this key can read');
  pick.busy = true;
  pick.ignoreFocusOut = true;
  pick.onDidHide(() => {
    leaving.abort();
    pick.dispose();
  });
  pick.onDidAccept(() => {
    pick.hide();
  });
  pick.show();
  await probe(provider);
  for await (const check of provider.checkReads({ signal: leaving.signal })) {
    const item: vscode.QuickPickItem = {
      label: check.what,
      iconPath: new vscode.ThemeIcon(CHECK_ICONS[check.result]),
      description: [words[check.result], check.scope].filter(Boolean).join(' · '),
      ...(check.message === undefined ? {} : { detail: check.message }),
    };
    pick.items = [...pick.items, item];
  }
  pick.busy = false;
}
