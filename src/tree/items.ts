import * as vscode from 'vscode';
import type { Connection } from '../connections/connection.ts';
import type { Session } from '../connections/sessions.ts';
import { commands } from '../contributions.ts';
import { documentUri, type DocumentTarget } from '../documents/uri.ts';
import type { Account, Campaign, SenderReason, State } from '../providers/model.ts';
import type { DocumentKind, ProviderInfo } from '../providers/provider.ts';
import { formatCampaigns, formatNumber } from '../format.ts';
import type { CampaignCount } from '../map/graph.ts';
import type { SenderCounts } from '../map/store.ts';
import { plainText } from '../plainText.ts';
import type { AccountNode, CampaignNode, ConnectionNode, GroupNode, Node, NoticeNode, RangeNode } from './nodes.ts';
import { stateWords } from './progress.ts';

const { t } = vscode.l10n;

/**
 * Icons and theme colours by state. Every state differs in shape and in words too, never in colour alone. The colours of
 * lists for errors and warnings are not there in high-contrast themes; those of the Problems view are.
 */
const ACCOUNT_ICONS: Readonly<Record<State, readonly [icon: string, color?: string]>> = {
  healthy: ['pass', 'testing.iconPassed'],
  paused: ['debug-pause', 'disabledForeground'],
  done: ['check', 'disabledForeground'],
  draft: ['edit', 'disabledForeground'],
  warning: ['warning', 'problemsWarningIcon.foreground'],
  error: ['error', 'problemsErrorIcon.foreground'],
  unknown: ['question', 'disabledForeground'],
};

const CAMPAIGN_ICONS: Readonly<Record<State, readonly [icon: string, color?: string]>> = {
  ...ACCOUNT_ICONS,
  healthy: ['play', 'testing.iconPassed'],
};

/** The texts of a row made plain: a name must not look like another one, or be longer than anyone reads. */
export function plainItem(item: vscode.TreeItem): vscode.TreeItem {
  if (typeof item.label === 'string') {
    item.label = plainText(item.label, LONGEST_LABEL);
  }
  if (typeof item.description === 'string') {
    item.description = plainText(item.description, LONGEST_LABEL);
  }
  if (typeof item.tooltip === 'string') {
    item.tooltip = plainText(item.tooltip);
  }
  if (item.accessibilityInformation !== undefined) {
    item.accessibilityInformation = { label: plainText(item.accessibilityInformation.label) };
  }
  return item;
}

/** In UTF-16 units; the longest name of a campaign that was seen has 292 (Smartlead FACTS 3.1). */
const LONGEST_LABEL = 500;

export function connectionItem(
  node: ConnectionNode,
  connection: Connection,
  info: ProviderInfo,
  session: Session | undefined,
  count: string | undefined,
  expanded: boolean,
): vscode.TreeItem {
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(connection.label, expanded ? Expanded : Collapsed);
  item.id = node.id;
  item.iconPath = new vscode.ThemeIcon(connection.sample ? 'beaker' : 'server-environment');
  const state = session === undefined ? '' : stateWords(session);
  const trouble = connection.keyStays === true ? t('its key could not be removed') : '';
  const facts = [info.name, trouble, count ?? '', state].filter((fact) => fact !== '');
  item.description = facts.join(' · ');
  item.contextValue = [
    'connection',
    connection.sample ? 'sample' : '',
    info.documents.has('workspace') ? 'workspace' : '',
    session?.map.progress.running ? 'syncing' : '',
    session === undefined || session.map.complete || session.map.empty || session.map.progress.running ? '' : 'partial',
  ].join(' ');
  item.accessibilityInformation = { label: [connection.label, ...facts].join(', ') };
  return item;
}

export function groupItem(node: GroupNode, label: string, description: string): vscode.TreeItem {
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = node.id;
  item.description = description;
  item.contextValue = 'group';
  item.accessibilityInformation = { label: [label, t('group'), description].join(', ') };
  return item;
}

/** A part of a long list: the names of its first and last rows, and their places in the list. */
export function rangeItem(node: RangeNode, first: string, last: string, start: number, count: number): vscode.TreeItem {
  const item = new vscode.TreeItem(
    t('{0} to {1}', short(first), short(last)),
    vscode.TreeItemCollapsibleState.Collapsed,
  );
  item.id = node.id;
  item.description = t('{0} to {1}', formatNumber(start + 1), formatNumber(start + count));
  item.tooltip = `${first}\n${last}`;
  item.contextValue = 'range';
  return item;
}

/** Short enough to read both ends of a part in a narrow sidebar; the tooltip has them in full. */
function short(label: string): string {
  return label.length <= PART_LABEL ? label : `${label.slice(0, PART_LABEL - 1)}…`;
}

const PART_LABEL = 14;

export function accountItem(
  node: AccountNode,
  account: Account,
  info: ProviderInfo,
  campaigns: CampaignCount | undefined,
): vscode.TreeItem {
  // A healthy account needs no status; for any other it comes first.
  const facts = [
    account.state === 'healthy' ? undefined : account.statusWords,
    account.warmupScore === undefined ? undefined : t('warmup {0}', account.warmupScore),
    campaigns === undefined ? undefined : formatCampaigns(campaigns),
  ].filter((fact) => fact !== undefined);
  return accountRow(node, account, info, facts, vscode.TreeItemCollapsibleState.Collapsed);
}

/** An account as one of the senders of a campaign, with the reasons why it is one. */
export function senderItem(
  node: AccountNode,
  account: Account,
  info: ProviderInfo,
  reasons: readonly SenderReason[],
): vscode.TreeItem {
  const facts = [account.state === 'healthy' ? undefined : account.statusWords, ...reasons.map(reasonWords)].filter(
    (fact) => fact !== undefined,
  );
  return accountRow(node, account, info, facts, vscode.TreeItemCollapsibleState.None);
}

export function reasonWords(reason: SenderReason): string {
  switch (reason.kind) {
    case 'listed':
      return t('listed');
    case 'tag':
      return t('through tag "{0}"', reason.tag.label);
    case 'reported':
      return t('reported by the service');
  }
}

function accountRow(
  node: AccountNode,
  account: Account,
  info: ProviderInfo,
  facts: readonly string[],
  collapsible: vscode.TreeItemCollapsibleState,
): vscode.TreeItem {
  const item = new vscode.TreeItem(account.email, collapsible);
  item.id = node.id;
  item.iconPath = icon(ACCOUNT_ICONS[account.state]);
  item.description = facts.join(' · ');
  item.contextValue = contextOf('account', info, { tags: 'account-tags' });
  item.command = openCommand({ kind: 'account', connectionId: node.connectionId, id: account.key }, account.email);
  const spoken = [
    account.email,
    t('sending account'),
    account.statusWords,
    ...facts.slice(account.state === 'healthy' ? 0 : 1),
  ];
  item.accessibilityInformation = { label: spoken.join(', ') };
  return item;
}

/** What menus go by: what the row is, and which documents its service has for it. */
function contextOf(
  kind: 'account' | 'campaign',
  { documents }: ProviderInfo,
  capabilities: Readonly<Record<string, DocumentKind>>,
): string {
  const found = Object.entries(capabilities).filter(([, document]) => documents.has(document));
  return [kind, ...found.map(([capability]) => capability)].join(' ');
}

/** A campaign under one of its senders. */
export function campaignItem(node: CampaignNode, campaign: Campaign, info: ProviderInfo): vscode.TreeItem {
  const facts = [campaign.statusWords, campaign.parentId === undefined ? '' : t('subsequence')].filter(Boolean);
  return campaignRow(node, campaign, info, facts, vscode.TreeItemCollapsibleState.None);
}

/** A campaign with its senders under it; `counts` undefined where they are not known yet. */
export function campaignWithSendersItem(
  node: CampaignNode,
  campaign: Campaign,
  info: ProviderInfo,
  counts: SenderCounts | undefined,
): vscode.TreeItem {
  const facts = [
    campaign.statusWords,
    counts === undefined ? '' : sendersWords(counts),
    campaign.dailyLimit === undefined ? '' : t('{0}/day', formatNumber(campaign.dailyLimit)),
  ].filter(Boolean);
  return campaignRow(node, campaign, info, facts, vscode.TreeItemCollapsibleState.Collapsed);
}

function sendersWords({ senders, healthy }: SenderCounts): string {
  if (senders === 0) {
    return t('no senders');
  }
  const count = senders === 1 ? t('1 sender') : t('{0} senders', formatNumber(senders));
  return healthy === senders ? count : t('{0}, {1} healthy', count, formatNumber(healthy));
}

function campaignRow(
  node: CampaignNode,
  campaign: Campaign,
  info: ProviderInfo,
  facts: readonly string[],
  collapsible: vscode.TreeItemCollapsibleState,
): vscode.TreeItem {
  const name = campaignLabel(campaign);
  const item = new vscode.TreeItem(name, collapsible);
  item.id = node.id;
  item.iconPath = icon(CAMPAIGN_ICONS[campaign.state]);
  item.description = facts.join(' · ');
  item.contextValue = contextOf('campaign', info, { tags: 'campaign-tags', sequences: 'campaign-sequences' });
  item.command = openCommand({ kind: 'campaign', connectionId: node.connectionId, id: campaign.id }, name);
  item.accessibilityInformation = { label: [name, t('campaign'), ...facts].join(', ') };
  return item;
}

/** The name of a campaign, which may be empty (Smartlead FACTS 3.1). */
export function campaignLabel(campaign: Pick<Campaign, 'id' | 'name'>): string {
  return campaign.name === '' ? t('Campaign {0}', campaign.id) : campaign.name;
}

const NOTICE_ICONS: Readonly<Record<NoticeNode['notice']['type'], readonly [icon: string, color?: string]>> = {
  busy: ['loading~spin'],
  empty: ['circle-slash', 'disabledForeground'],
  error: ['error', 'problemsErrorIcon.foreground'],
  invalid: ['warning', 'problemsWarningIcon.foreground'],
  more: ['chevron-down'],
  note: ['info', 'disabledForeground'],
};

export function noticeItem(node: NoticeNode): vscode.TreeItem {
  const { notice } = node;
  const item = new vscode.TreeItem(notice.label, vscode.TreeItemCollapsibleState.None);
  item.id = node.id;
  item.iconPath = icon(NOTICE_ICONS[notice.type]);
  item.description = notice.description ?? '';
  item.tooltip = notice.tooltip ?? notice.label;
  item.contextValue = `notice ${notice.type} ${notice.fix ?? ''}`;
  const command = noticeCommand(node);
  if (command !== undefined) {
    item.command = command;
  }
  return item;
}

/** The row of a node; one that cannot be made says so, because an exception would break the whole view. */
export function itemOrProblem(node: Node, make: () => vscode.TreeItem): vscode.TreeItem {
  try {
    return make();
  } catch (error) {
    return brokenItem(node, error);
  }
}

function brokenItem(node: Node, error: unknown): vscode.TreeItem {
  const { Collapsed, None } = vscode.TreeItemCollapsibleState;
  // The rows under it may be fine.
  const item = new vscode.TreeItem(t('This row cannot be shown'), node.kind === 'notice' ? None : Collapsed);
  item.id = node.id;
  item.iconPath = icon(NOTICE_ICONS.error);
  item.description = String(error);
  item.tooltip = String(error);
  item.contextValue = 'notice error';
  return item;
}

function noticeCommand(node: NoticeNode): vscode.Command | undefined {
  const { notice } = node;
  if (notice.type === 'more') {
    return { command: commands.loadMore, title: t('Load more'), arguments: [node] };
  }
  switch (notice.fix) {
    case 'replaceKey':
      return { command: commands.replaceKey, title: t('Replace key…'), arguments: [node] };
    case 'checkKey':
      return { command: commands.checkKey, title: t('Check key and scopes'), arguments: [node] };
    case 'resume':
      return { command: commands.resumeSync, title: t('Continue'), arguments: [node] };
    case 'retry':
      return { command: commands.refresh, title: t('Try again'), arguments: [node] };
    case 'openSettings':
      return {
        command: 'workbench.action.openSettings',
        title: t('Open settings'),
        arguments: ['@ext:sendmap.sendmap'],
      };
    case 'showLog':
      return { command: commands.showLog, title: t('Show log') };
    default:
      return undefined;
  }
}

/** Single click opens a preview tab and double click pins it, because it is the editor's own open command. */
function openCommand(target: DocumentTarget, name: string): vscode.Command {
  return { command: 'vscode.open', title: t('Open'), arguments: [documentUri(target, name)] };
}

/** How an account is, as an icon. */
export function accountIcon({ state }: Account): vscode.ThemeIcon {
  return icon(ACCOUNT_ICONS[state]);
}

/** How a campaign is, as an icon. */
export function campaignIcon({ state }: Campaign): vscode.ThemeIcon {
  return icon(CAMPAIGN_ICONS[state]);
}

export function icon([id, color]: readonly [icon: string, color?: string]): vscode.ThemeIcon {
  return new vscode.ThemeIcon(id, color === undefined ? undefined : new vscode.ThemeColor(color));
}
