import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import type { Node } from '../tree/nodes.ts';
import { register, type Call, type CommandContext } from './register.ts';

/** Commands on the rows of a view: one, or all that are selected. */
export function registerRowCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    register(context, commands.copyEmail, ({ nodes }) => copy(nodes, (node) => emailOf(context, node))),
    register(context, commands.copyId, ({ nodes }) => copy(nodes, idOf)),
    register(context, commands.copyJson, (call) => copyJson(context, call)),
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

function emailOf(context: CommandContext, node: Node): string | undefined {
  return node.kind === 'account'
    ? context.sessions.peek(node.connectionId)?.map.graph.account(node.accountKey)?.email
    : undefined;
}

function idOf(node: Node): string | undefined {
  switch (node.kind) {
    case 'account':
      return node.accountKey;
    case 'campaign':
      return node.campaignId;
    default:
      return undefined;
  }
}

/** Copies what is known of the rows: an object for one, an array for more. */
async function copyJson(context: CommandContext, { nodes }: Call): Promise<void> {
  const records = nodes
    .map((node) => {
      const graph = context.sessions.peek(node.connectionId)?.map.graph;
      switch (node.kind) {
        case 'account':
          return graph?.account(node.accountKey);
        case 'campaign':
          return graph?.campaign(node.campaignId);
        default:
          return undefined;
      }
    })
    .filter((record) => record !== undefined);
  if (records.length > 0) {
    await vscode.env.clipboard.writeText(JSON.stringify(records.length === 1 ? records[0] : records, undefined, 2));
  }
}
