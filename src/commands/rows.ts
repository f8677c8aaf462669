import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { campaignLabel } from '../queries/campaignLabel.ts';
import { withDates } from '../queries/export.ts';
import type { Node } from '../tree/nodes.ts';
import { aboutCampaigns, accountRows, campaignRows } from './rowsOfNodes.ts';
import { register, type Call, type CommandContext } from './register.ts';

/** Commands on the rows of a view: one, or all that are selected. */
export function registerRowCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    register(context, commands.copyEmail, ({ nodes }) => copy(nodes, (node) => emailOf(context, node))),
    register(context, commands.copyEmails, ({ nodes }) => copyRows(context, nodes)),
    register(context, commands.copyNames, ({ nodes }) => copyRows(context, nodes)),
    register(context, commands.copyRows, ({ nodes }) =>
      nodes.some(({ kind }) => kind !== 'connection') ? copyRows(context, nodes) : copy(nodes, labelOf(context)),
    ),
    register(context, commands.copyMessage, ({ nodes }) => copy(nodes, labelOf(context))),
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

/** Copies the emails of accounts and the names of campaigns, one a line; of a group or a part, those of its rows. */
async function copyRows(context: CommandContext, nodes: readonly Node[]): Promise<void> {
  const lines = new Set<string>();
  for (const node of nodes) {
    if (node.kind === 'account' || node.kind === 'notice') {
      add(lines, [emailOf(context, node) ?? labelOf(context)(node)]);
    } else if (aboutCampaigns(context, [node])) {
      add(lines, (await campaignRows(context)(node)).map(campaignLabel));
    } else {
      add(
        lines,
        (await accountRows(context)(node)).map(({ email }) => email),
      );
    }
  }
  if (lines.size > 0) {
    await vscode.env.clipboard.writeText([...lines].join('\n'));
  }
}

function add(lines: Set<string>, texts: Iterable<string | undefined>): void {
  for (const text of texts) {
    if (text !== undefined) {
      lines.add(text);
    }
  }
}

/** What a connection is called, and what a notice says. */
function labelOf(context: CommandContext): (node: Node) => string | undefined {
  return (node) => {
    switch (node.kind) {
      case 'connection':
        return context.sessions.store.get(node.connectionId)?.label;
      case 'notice':
        return [node.notice.label, node.notice.description].filter(Boolean).join(' · ');
      default:
        return undefined;
    }
  };
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
    .filter((record) => record !== undefined)
    .map(withDates);
  if (records.length > 0) {
    await vscode.env.clipboard.writeText(JSON.stringify(records.length === 1 ? records[0] : records, undefined, 2));
  }
}
