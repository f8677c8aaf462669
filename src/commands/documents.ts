import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { commands, scheme, views } from '../contributions.ts';
import type { DocumentTarget } from '../documents/uri.ts';
import { isReport } from '../documents/reports.ts';
import { showInformation, withStatusProgress, withViewProgress } from '../messages.ts';
import type { DocumentKind } from '../providers/provider.ts';
import { connectionOf } from './ask.ts';
import type { Found } from './findBox.ts';
import { findAccount, findCampaign } from './pick.ts';
import { register, type Call, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

export function registerDocumentCommands(context: CommandContext): vscode.Disposable {
  const open = (about: Found['kind'], kind: DocumentKind, title: string) => (call: Call) =>
    openFound(context, call, about, kind, title);
  return vscode.Disposable.from(
    register(context, commands.openAccount, open('account', 'account', t('Open account'))),
    register(
      context,
      commands.openCampaignsOfAccount,
      open('account', 'account-campaigns', t('Open campaigns of account')),
    ),
    register(context, commands.openTagsOfAccount, open('account', 'account-tags', t('Open tags of account'))),
    register(context, commands.openCampaign, open('campaign', 'campaign', t('Open campaign'))),
    register(
      context,
      commands.openSendersOfCampaign,
      open('campaign', 'campaign-senders', t('Open senders of campaign')),
    ),
    register(
      context,
      commands.openSequencesOfCampaign,
      open('campaign', 'campaign-sequences', t('Open sequences of campaign')),
    ),
    register(context, commands.openTagsOfCampaign, open('campaign', 'campaign-tags', t('Open tags of campaign'))),
    register(context, commands.openWorkspace, (call) => openWorkspace(context, call)),
    register(context, commands.openInWebApp, (call) => openInWebApp(context, call)),
    register(context, commands.refreshDocument, ({ document }) => refreshDocument(context, document)),
  );
}

/**
 * Opens a document about the account or the campaign of a row or a request, or the one that the person picks.
 *
 * @returns its URI.
 * @throws {ServiceError} where it cannot be read.
 */
export async function openFound(
  context: CommandContext,
  call: Call,
  about: Found['kind'],
  kind: DocumentTarget['kind'],
  title: string,
): Promise<vscode.Uri | undefined> {
  const find = about === 'account' ? findAccount : findCampaign;
  // Reports are there for all that can be opened.
  const found = await find(context, call, title, isReport(kind) ? about : kind);
  return found && openDocument(context, { kind, connectionId: found.connectionId, id: found.id }, found.name);
}

async function openWorkspace(context: CommandContext, call: Call): Promise<vscode.Uri | undefined> {
  const connection = await connectionOf(context, call, t('Open workspace'), ({ provider }) =>
    context.sessions.providers[provider].documents.has('workspace'),
  );
  return (
    connection && openDocument(context, { kind: 'workspace', connectionId: connection.id, id: '' }, connection.label)
  );
}

export async function openDocument(context: CommandContext, target: DocumentTarget, name: string): Promise<vscode.Uri> {
  // Read first: a failure then belongs to the command, and no empty tab is left behind.
  const uri = await withViewProgress(views.accounts, () => context.documents.prepare(target, name));
  await vscode.commands.executeCommand('vscode.open', uri);
  return uri;
}

async function openInWebApp(context: CommandContext, call: Call): Promise<void> {
  const found = await findCampaign(context, call, t('Open campaign in the web app'), 'campaign');
  const connection = found && context.sessions.store.get(found.connectionId);
  if (connection?.sample) {
    void showInformation(t('A sample campaign has no page in the web app.'));
  } else if (connection !== undefined) {
    await vscode.env.openExternal(
      vscode.Uri.parse(context.sessions.providers[connection.provider].campaignPage(found?.id ?? '')),
    );
  }
}

/** The editor shows a refreshed document when it has noticed the change: give it this long, in milliseconds. */
const SHOWN = 2000;

/** Fetches the active document again. The cursor stays at its line and column, whatever changed around it. */
async function refreshDocument(context: CommandContext, wanted: vscode.Uri | undefined): Promise<void> {
  const editor =
    vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === wanted?.toString()) ??
    vscode.window.activeTextEditor;
  if (editor?.document.uri.scheme !== scheme) {
    return;
  }
  const { document, selections } = editor;
  const { promise: shown, resolve } = Promise.withResolvers<undefined>();
  const subscription = vscode.workspace.onDidChangeTextDocument((event) => {
    if (event.document === document) {
      resolve(undefined);
    }
  });
  try {
    const changed = await withStatusProgress(t('Refreshing'), () => context.documents.refresh(document.uri));
    if (changed) {
      await Promise.race([shown, sleep(SHOWN)]);
      editor.selections = selections;
    }
  } finally {
    subscription.dispose();
  }
}
