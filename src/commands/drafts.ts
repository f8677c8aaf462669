import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { draftTarget, draftUri } from '../documents/draftUri.ts';
import { confirm, showInformation } from '../messages.ts';
import type { DraftTarget } from '../plans/draftFiles.ts';
import { applyDraft } from './applyDraft.ts';
import { changeable } from './changeTargets.ts';
import { liveCampaign } from './liveCampaign.ts';
import { findCampaign } from './pick.ts';
import { register, type Call, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

/** Drafts of campaigns: made, applied or discarded. */
export function registerDraftCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    register(context, commands.editCampaign, (call) => editCampaign(context, call)),
    register(context, commands.applyDraft, async (call) => {
      const { uri, target } = draftOf(call);
      const result = await applyDraft(context, await saved(uri), target);
      if (result?.complete === true) {
        await endApplied(context, uri, target, result.text);
      }
      return result?.change;
    }),
    register(context, commands.discardDraft, (call) => discard(context, draftOf(call).uri)),
  );
}

/**
 * Opens the draft of a campaign: the one that is there, or a new one with what can be set as it is now.
 *
 * @returns its URI; undefined where the person left.
 * @throws {ServiceError} where the campaign may not be changed, cannot be read, or is not there.
 */
async function editCampaign(context: CommandContext, call: Call): Promise<vscode.Uri | undefined> {
  const found = await findCampaign(context, call, t('Edit campaign'), 'campaign');
  if (found === undefined) {
    return undefined;
  }
  const target: DraftTarget = { connectionId: found.connectionId, id: found.id };
  const session = await changeable(context, target.connectionId, 'edit-campaign');
  const { files } = context.drafts;
  let draft = await files.find(target);
  if (draft === undefined) {
    const { campaign, values } = await liveCampaign(session, target.id);
    draft = {
      name: campaign.name,
      at: Date.now(),
      base: values,
      text: `${JSON.stringify(values, undefined, 2)}\n`,
    };
    await files.create(target, draft);
  }
  const uri = draftUri(session.connection.provider, target, draft.name);
  await vscode.commands.executeCommand('vscode.open', uri);
  return uri;
}

async function discard(context: CommandContext, uri: vscode.Uri): Promise<void> {
  const message = t('Discard this draft?');
  const detail = t('The campaign stays as it is. What you wrote in the draft is lost.');
  if (await confirm(message, detail, t('Discard Draft'))) {
    await end(context, await saved(uri));
  }
}

/** The draft that a command is about: that of a menu, a lens or a program, or the one that the person looks at. */
function draftOf({ document }: Call): { readonly uri: vscode.Uri; readonly target: DraftTarget } {
  const uri = document ?? vscode.window.activeTextEditor?.document.uri;
  const target = uri && draftTarget(uri);
  if (uri === undefined || target === undefined) {
    throw new Error(t('Open the draft of a campaign first, with "Sendmap: Edit Campaign…".'));
  }
  return { uri, target };
}

/** Saves what an editor has of a draft: that keeps it on this machine, and sends nothing. */
async function saved(uri: vscode.Uri): Promise<vscode.Uri> {
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
  if (document?.isDirty === true && !(await document.save())) {
    throw new Error(t('The draft could not be saved.'));
  }
  return uri;
}

/** A draft that was applied goes, but for what was written into it meanwhile. */
async function endApplied(context: CommandContext, uri: vscode.Uri, target: DraftTarget, text: string): Promise<void> {
  const now = await context.drafts.files.find(target);
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
  if (now?.text === text && document?.isDirty !== true) {
    await end(context, uri);
  } else {
    void showInformation(t('What you wrote into the draft meanwhile was not sent. It is still there.'));
  }
}

/** A draft goes with its tabs, and those of its reviews. */
async function end({ drafts }: CommandContext, uri: vscode.Uri): Promise<void> {
  drafts.review.clear(uri);
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter((tab) => drafts.review.isTabOf(tab, uri));
  await vscode.window.tabGroups.close(tabs);
  await drafts.files.delete(uri);
}
