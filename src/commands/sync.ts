import * as vscode from 'vscode';
import type { Session } from '../connections/sessions.ts';
import { commands } from '../contributions.ts';
import { showInformation } from '../messages.ts';
import { probe } from '../providers/probe.ts';
import type { Node } from '../tree/nodes.ts';
import { register, type Call, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

/** Refreshing, cancelling and continuing syncs, and the saved maps. */
export function registerSyncCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    register(context, commands.refresh, (call) => refresh(context, call)),
    register(context, commands.loadMore, async ({ node }) => {
      await (node && (await context.sessions.get(node.connectionId)).map.loadMore());
    }),
    register(context, commands.cancelSync, ({ node }) => {
      for (const { map } of sessionsOf(context, node)) {
        if (map.progress.running) {
          map.cancel();
        }
      }
    }),
    register(context, commands.resumeSync, ({ node }) => {
      for (const { map } of sessionsOf(context, node)) {
        if (!map.empty && !map.complete) {
          // What goes wrong is shown under the connection, where it belongs.
          void map.sync();
        }
      }
    }),
    register(context, commands.clearCache, async () => {
      await (await context.keeper.get()).clear();
      void showInformation(t('Removed the saved maps. Open connections are read again at their next refresh.'));
    }),
  );
}

function sessionsOf(context: CommandContext, node: Node | undefined): readonly Session[] {
  if (node === undefined) {
    return context.sessions.ready();
  }
  const session = context.sessions.peek(node.connectionId);
  return session === undefined ? [] : [session];
}

/** Reads again what the rows show; without a row, every connection that was read before. */
async function refresh(context: CommandContext, { node, nodes }: Call): Promise<void> {
  const targets = nodes.length > 0 ? nodes : node === undefined ? [] : [node];
  if (targets.length === 0) {
    for (const { map, provider } of context.sessions.ready()) {
      if (!map.empty) {
        // What goes wrong is shown under the connection, where it belongs.
        void probe(provider).then(() => map.sync(true));
      }
    }
    context.accounts.repaint();
    context.campaigns.repaint();
    return;
  }
  await Promise.all(targets.map((target) => refreshRow(context, target)));
}

async function refreshRow(context: CommandContext, node: Node): Promise<void> {
  const { map, provider } = await context.sessions.get(node.connectionId);
  await probe(provider);
  switch (node.kind) {
    case 'account':
      await map.lookups.refreshAccount(node.accountKey);
      break;
    case 'campaign':
      await map.lookups.refreshCampaign(node.campaignId);
      break;
    case 'notice':
      if (node.notice.accountKey !== undefined) {
        await map.lookups.checkMapping(node.notice.accountKey, true);
      } else if (node.notice.campaignId !== undefined) {
        await map.lookups.refreshCampaign(node.notice.campaignId);
      } else {
        await map.sync();
      }
      break;
    case 'connection':
    case 'group':
    case 'filter':
    case 'range':
      // Lists are read as a whole.
      await map.sync(true);
      break;
  }
}
