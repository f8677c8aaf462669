import * as vscode from 'vscode';
import { commands, scheme } from '../contributions.ts';
import { documentTarget } from '../documents/uri.ts';
import type { Hit } from '../queries/search.ts';
import { openDocument } from './documents.ts';
import type { Found } from './findBox.ts';
import { findAccount, findCampaign, pick } from './pick.ts';
import { register, type Call, type CommandContext } from './register.ts';
import { reveal } from './reveal.ts';

const { t } = vscode.l10n;

export function registerFindCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    register(context, commands.find, () => find(context)),
    register(context, commands.revealInAccounts, async (call) => {
      const found = ofDocument(call, 'account') ?? (await findAccount(context, call, t('Reveal account'), 'account'));
      await (found && reveal(context, found));
    }),
    register(context, commands.revealInCampaigns, async (call) => {
      const found =
        ofDocument(call, 'campaign') ?? (await findCampaign(context, call, t('Reveal campaign'), 'campaign'));
      await (found && reveal(context, found));
    }),
  );
}

/** Searches everything in all connections, and opens what is chosen. */
async function find(context: CommandContext): Promise<vscode.Uri | undefined> {
  const found = await pick(context, {
    title: t('Find'),
    placeholder: t('Type an email, a name, a campaign, an ID or a tag'),
    kinds: ['account', 'campaign'],
    documents: () => true,
    accepts: () => undefined,
  });
  return (
    found && openDocument(context, { kind: found.kind, connectionId: found.connectionId, id: found.id }, found.name)
  );
}

/** What the active document is about, where the command was called without a row. */
export function ofDocument({ node, document, request }: Call, kind: Hit['kind']): Found | undefined {
  const uri = document ?? vscode.window.activeTextEditor?.document.uri;
  if (node !== undefined || request !== undefined || uri?.scheme !== scheme) {
    return undefined;
  }
  const target = documentTarget(uri);
  return !target?.kind.startsWith(kind)
    ? undefined
    : { kind, connectionId: target.connectionId, id: target.id, name: target.id };
}
