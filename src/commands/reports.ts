import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { openDocument } from './documents.ts';
import { ofDocument } from './find.ts';
import { findCampaign } from './pick.ts';
import { register, type Call, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

/** Documents that Sendmap makes itself, to answer a question. */
export function registerReportCommands(context: CommandContext): vscode.Disposable {
  return register(context, commands.whyNotSending, (call) => whyNotSending(context, call));
}

/** Says why a campaign sends, or does not. @returns the URI of the document. @throws {ServiceError} */
async function whyNotSending(context: CommandContext, call: Call): Promise<vscode.Uri | undefined> {
  const shown = ofDocument(call, 'campaign');
  const request = shown === undefined ? call.request : { connectionId: shown.connectionId, campaign: shown.id };
  const found = await findCampaign(context, { ...call, request }, t('Why is it not sending?'), 'campaign');
  return (
    found &&
    openDocument(context, { kind: 'campaign-sending', connectionId: found.connectionId, id: found.id }, found.name)
  );
}
