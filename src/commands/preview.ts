import * as vscode from 'vscode';
import { commands, views } from '../contributions.ts';
import { renderPreview } from '../documents/preview.ts';
import { withViewProgress } from '../messages.ts';
import { plainText } from '../plainText.ts';
import { parseObject } from '../transport/json.ts';
import { campaignLabel } from '../queries/campaignLabel.ts';
import { ofDocument } from './find.ts';
import type { Found } from './findBox.ts';
import { findCampaign } from './pick.ts';
import { register, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

export function registerPreviewCommands(context: CommandContext): vscode.Disposable {
  const panels = new Map<string, vscode.WebviewPanel>();
  return vscode.Disposable.from(
    register(context, commands.previewSequences, async (call) => {
      const found =
        ofDocument(call, 'campaign') ??
        (await findCampaign(context, call, t('Preview emails of campaign'), 'campaign'));
      await (found && preview(context, panels, found));
    }),
    new vscode.Disposable(() => {
      for (const panel of [...panels.values()]) {
        panel.dispose();
      }
    }),
  );
}

/** Shows the emails of a campaign as the service has them now, beside what is open. @throws {ServiceError} */
async function preview(context: CommandContext, panels: Map<string, vscode.WebviewPanel>, found: Found): Promise<void> {
  // Read first: a failure then belongs to the command, and no empty panel is left behind.
  const { name, html } = await withViewProgress(views.accounts, () => read(context, found));
  const key = `${found.connectionId}/${found.id}`;
  const known = panels.get(key);
  const panel = known ?? createPanel();
  panel.title = plainText(t('Emails of {0}', name));
  panel.webview.html = html;
  if (known === undefined) {
    panels.set(key, panel);
    panel.onDidDispose(() => panels.delete(key));
  } else {
    known.reveal();
  }
}

/** Nothing in a preview runs, is followed as a command or reads a file; see also the policy in the page itself. */
function createPanel(): vscode.WebviewPanel {
  return vscode.window.createWebviewPanel('sendmap.emails', '', vscode.ViewColumn.Beside, {
    enableScripts: false,
    enableForms: false,
    enableCommandUris: false,
    localResourceRoots: [],
    enableFindWidget: true,
  });
}

async function read(context: CommandContext, found: Found): Promise<{ name: string; html: string }> {
  const { provider, map } = await context.sessions.get(found.connectionId);
  const { kind, stepsOf } = provider.info.emails;
  const [source, campaign] = await Promise.all([
    context.documents.source({ kind, connectionId: found.connectionId, id: found.id }),
    map.graph.campaign(found.id) ?? provider.campaign(found.id),
  ]);
  const name = campaignLabel(campaign);
  return { name, html: await renderPreview(await stepsOf(parseObject(source)), name) };
}
