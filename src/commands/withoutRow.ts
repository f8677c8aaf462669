import * as vscode from 'vscode';
import { commands, type CommandId } from '../contributions.ts';
import { register, type CommandContext } from './register.ts';

/** Commands that act on the whole view, or ask what they are about, and what each runs without a row. */
const WITHOUT_ROW = [
  [commands.refreshAll, commands.refresh],
  [commands.cancelAllSyncs, commands.cancelSync],
  [commands.pickAccount, commands.openAccount],
  [commands.pickExplainAccount, commands.explainAccount],
  [commands.pickExplainCampaign, commands.explainCampaign],
  [commands.pickChanges, commands.whatChanged],
  [commands.pickCampaign, commands.openCampaign],
  [commands.pickCampaignsOfAccount, commands.openCampaignsOfAccount],
  [commands.pickSendersOfCampaign, commands.openSendersOfCampaign],
  [commands.pickSequencesOfCampaign, commands.openSequencesOfCampaign],
  [commands.pickTagsOfAccount, commands.openTagsOfAccount],
  [commands.pickTagsOfCampaign, commands.openTagsOfCampaign],
  [commands.pickPreview, commands.previewSequences],
  [commands.pickInWebApp, commands.openInWebApp],
  [commands.pickInAccounts, commands.revealInAccounts],
  [commands.pickInCampaigns, commands.revealInCampaigns],
] as const satisfies readonly (readonly [CommandId, CommandId])[];

/** Commands in titles and in the palette, which ignore the row that VS Code passes to them. */
export function registerCommandsWithoutRow(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    ...WITHOUT_ROW.map(([id, run]) => register(context, id, () => context.handlers.get(run)?.())),
  );
}
