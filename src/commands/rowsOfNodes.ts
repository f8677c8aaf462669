import type { Account, Campaign } from '../providers/model.ts';
import type { Node, RangeNode } from '../tree/nodes.ts';
import type { CommandContext } from './register.ts';

/** The views that rows stand in. */
type Views = Pick<CommandContext, 'accounts' | 'campaigns' | 'findings' | 'sessions'>;

/** Whether rows stand for campaigns: the first one says so. */
export function aboutCampaigns({ campaigns, findings }: Views, [first]: readonly Node[]): boolean {
  return (
    first !== undefined &&
    first.kind !== 'account' &&
    (first.kind === 'campaign' ||
      (campaigns.has(first) && !campaigns.isPartBelow(first)) ||
      findings.isAboutCampaigns(first))
  );
}

/** The accounts that a row of any view stands for. */
export function accountRows(context: Views): (node: Node) => Promise<readonly Account[]> {
  const { accounts, campaigns, findings } = context;
  return (node) =>
    findings.has(node)
      ? findings.accountsOf(node)
      : node.kind === 'range' && campaigns.has(node)
        ? sendersIn(context, node)
        : accounts.rowsOfNode(node);
}

/** The accounts in a part of the senders of a campaign. */
async function sendersIn({ campaigns, sessions }: Views, part: RangeNode): Promise<readonly Account[]> {
  const { map } = await sessions.get(part.connectionId);
  const rows = await campaigns.getChildren(part);
  return rows
    .map((row) => (row.kind === 'account' ? map.graph.account(row.accountKey) : undefined))
    .filter((account) => account !== undefined);
}

/** The campaigns that a row of any view stands for. */
export function campaignRows({ campaigns, findings }: Views): (node: Node) => Promise<readonly Campaign[]> {
  return (node) => (findings.has(node) ? findings.campaignsOf(node) : campaigns.rowsOfNode(node));
}

/** What the nodes of one connection stand for, each row once. */
export async function rowsUnder<Row extends object>(
  nodes: readonly Node[],
  connectionId: string,
  rowsOf: (node: Node) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const rows = new Set<Row>();
  for (const node of nodes) {
    for (const row of node.connectionId === connectionId ? await rowsOf(node) : []) {
      rows.add(row);
    }
  }
  return [...rows];
}
