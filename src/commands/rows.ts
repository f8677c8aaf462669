import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import type { Node } from '../tree/nodes.ts';
import { register, type Call, type CommandContext } from './register.ts';

/** Commands on the rows of a view: one, or all that are selected. */
export function registerRowCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    register(context, commands.copyEmail, ({ nodes }) => copy(nodes, (node) => context.view.accountOf(node)?.email)),
    register(context, commands.copyId, ({ nodes }) => copy(nodes, idOf)),
    register(context, commands.copyJson, (call) => copyJson(context, call)),
    register(context, commands.refresh, (call) => refresh(context, call)),
    register(context, commands.loadMore, ({ node }) => loadMore(context, node)),
    register(context, commands.showLog, () => {
      context.log.show();
    }),
  );
}

async function copy(nodes: readonly Node[], textOf: (node: Node) => string | undefined): Promise<void> {
  const texts = new Set(nodes.map(textOf).filter((text) => text !== undefined));
  if (texts.size > 0) {
    await vscode.env.clipboard.writeText([...texts].join('\n'));
  }
}

function idOf(node: Node): string | undefined {
  switch (node.kind) {
    case 'account':
      return node.accountKey;
    case 'campaign':
      return node.campaignId;
    case 'connection':
      return node.connectionId;
    case 'notice':
      return undefined;
  }
}

/** Copies what is known of the rows: an object for one, an array for more. */
async function copyJson(context: CommandContext, { nodes }: Call): Promise<void> {
  const records = nodes
    .map((node) => {
      switch (node.kind) {
        case 'account':
          return context.view.accountOf(node);
        case 'campaign':
          return context.view.campaignOf(node);
        case 'connection':
          return context.sessions.store.get(node.connectionId);
        case 'notice':
          return undefined;
      }
    })
    .filter((record) => record !== undefined);
  if (records.length > 0) {
    await vscode.env.clipboard.writeText(JSON.stringify(records.length === 1 ? records[0] : records, undefined, 2));
  }
}

/** Reads anew what the rows show; without a row, every connection that was read before. */
async function refresh(context: CommandContext, { node, nodes }: Call): Promise<void> {
  const targets = nodes.length > 0 ? nodes : node === undefined ? [] : [node];
  if (targets.length === 0) {
    for (const { id } of context.sessions.store.list()) {
      const map = context.sessions.peek(id)?.map;
      if (map !== undefined && map.accounts.status !== 'idle') {
        // What goes wrong is shown under the connection, where it belongs.
        void map.refresh();
      }
    }
    context.view.repaint();
    return;
  }
  await Promise.all(targets.map((target) => refreshRow(context, target)));
}

async function refreshRow(context: CommandContext, node: Node): Promise<void> {
  const { map } = await context.sessions.get(node.connectionId);
  if (node.kind === 'account') {
    await map.refreshAccount(node.accountKey);
  } else if (node.kind === 'campaign') {
    await map.loadCampaignsOf(node.accountKey, true);
  } else if (node.kind === 'notice' && node.notice.accountKey !== undefined) {
    await map.loadCampaignsOf(node.notice.accountKey, true);
  } else {
    await map.refresh();
  }
}

async function loadMore(context: CommandContext, node: Node | undefined): Promise<void> {
  if (node !== undefined) {
    const { map } = await context.sessions.get(node.connectionId);
    await map.accounts.more();
  }
}
