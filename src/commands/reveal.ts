import * as vscode from 'vscode';
import { views } from '../contributions.ts';
import type { Hit } from '../queries/search.ts';
import { showInformation } from '../messages.ts';
import { revealAccount } from '../tree/accountsView.ts';
import { revealCampaign } from '../tree/campaignsView.ts';
import type { CommandContext } from './register.ts';

const { t } = vscode.l10n;

interface Revealed extends Hit {
  readonly connectionId: string;
  readonly name: string;
}

/** Shows an account in the Accounts view, or a campaign in the Campaigns view. */
export async function reveal(context: CommandContext, { kind, connectionId, id, name }: Revealed): Promise<void> {
  const session = await context.sessions.get(connectionId);
  if (session.map.empty) {
    await session.map.sync();
  }
  await vscode.commands.executeCommand(`${kind === 'account' ? views.accounts : views.campaigns}.focus`);
  const found =
    kind === 'account'
      ? await revealAccount(context.accounts, session, id)
      : await revealCampaign(context.campaigns, session, id);
  if (!found) {
    void showInformation(
      session.map.complete
        ? t('{0} is not in the list of "{1}".', name, session.connection.label)
        : t('{0} is not in the list of "{1}" yet: the list is incomplete.', name, session.connection.label),
    );
  }
}
