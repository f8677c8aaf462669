import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { commands, scheme, views } from '../contributions.ts';
import type { DocumentTarget } from '../documents/uri.ts';
import { showInformation, withStatusProgress, withViewProgress } from '../messages.ts';
import type { DocumentKind } from '../providers/provider.ts';
import { askConnection } from './ask.ts';
import type { Found } from './findBox.ts';
import { findAccount, findCampaign } from './pick.ts';
import { register, requested, type Call, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

type Find = (context: CommandContext, call: Call, title: string, kind: DocumentKind) => Promise<Found | undefined>;

export function registerDocumentCommands(context: CommandContext): vscode.Disposable {
  const open = (find: Find, kind: DocumentKind, title: string) => (call: Call) =>
    openFound(context, call, find, kind, title);
  return vscode.Disposable.from(
    register(context, commands.openAccount, open(findAccount, 'account', t('Open account'))),
    register(
      context,
      commands.openCampaignsOfAccount,
      open(findAccount, 'account-campaigns', t('Open campaigns of account')),
    ),
    register(context, commands.openTagsOfAccount, open(findAccount, 'account-tags', t('Open tags of account'))),
    register(context, commands.openCampaign, open(findCampaign, 'campaign', t('Open campaign'))),
    register(
      context,
      commands.openSendersOfCampaign,
      open(findCampaign, 'campaign-senders', t('Open senders of campaign')),
    ),
    register(
      context,
      commands.openSequencesOfCampaign,
      open(findCampaign, 'campaign-sequences', t('Open sequences of campaign')),
    ),
    register(context, commands.openTagsOfCampaign, open(findCampaign, 'campaign-tags', t('Open tags of campaign'))),
    register(context, commands.openWorkspace, (call) => openWorkspace(context, call)),
    register(context, commands.openInWebApp, (call) => openInWebApp(context, call)),
    register(context, commands.refreshDocument, ({ document }) => refreshDocument(context, document)),
  );
}

/** Opens the document of what is found. @returns its URI. @throws {ServiceError} where it cannot be read. */
async function openFound(
  context: CommandContext,
  call: Call,
  find: Find,
  kind: DocumentKind,
  title: string,
): Promise<vscode.Uri | undefined> {
  const found = await find(context, call, title, kind);
  return found && openDocument(context, { kind, connectionId: found.connectionId, id: found.id }, found.name);
}

async function openWorkspace(context: CommandContext, { node, request }: Call): Promise<vscode.Uri | undefined> {
  const id = node?.connectionId ?? requested(request, 'connectionId');
  const connection =
    id === undefined
      ? await askConnection(context, t('Open workspace'), ({ provider }) =>
          context.sessions.providers[provider].documents.has('workspace'),
        )
      : context.sessions.store.get(id);
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
