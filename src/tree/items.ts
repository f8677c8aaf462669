import * as vscode from 'vscode';
import type { Connection } from '../connections/connection.ts';
import type { Session } from '../connections/sessions.ts';
import { commands } from '../contributions.ts';
import { documentUri, type DocumentTarget } from '../documents/uri.ts';
import type { Walk } from '../map/walk.ts';
import type { Account, Campaign, State } from '../providers/model.ts';
import { providers } from '../providers/index.ts';
import { formatClock, formatNumber } from './format.ts';
import type { AccountNode, CampaignNode, ConnectionNode, NoticeNode } from './nodes.ts';

const { t } = vscode.l10n;

/** Icons and theme colours by state. Every state differs in shape and in words too, never in colour alone. */
const ACCOUNT_ICONS: Readonly<Record<State, readonly [icon: string, color?: string]>> = {
  good: ['pass', 'testing.iconPassed'],
  paused: ['debug-pause', 'disabledForeground'],
  done: ['check', 'disabledForeground'],
  draft: ['edit', 'disabledForeground'],
  warning: ['warning', 'list.warningForeground'],
  error: ['error', 'list.errorForeground'],
  unknown: ['question', 'disabledForeground'],
};

const CAMPAIGN_ICONS: Readonly<Record<State, readonly [icon: string, color?: string]>> = {
  ...ACCOUNT_ICONS,
  good: ['play', 'testing.iconPassed'],
};

export function connectionItem(
  node: ConnectionNode,
  connection: Connection,
  session: Session | undefined,
  expanded: boolean,
): vscode.TreeItem {
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(connection.label, expanded ? Expanded : Collapsed);
  const info = providers[connection.provider];
  item.id = node.id;
  item.iconPath = new vscode.ThemeIcon(connection.sample ? 'beaker' : 'server-environment');
  const facts = [info.name, ...progressOf(session)];
  item.description = facts.join(' · ');
  item.contextValue = [
    'connection',
    connection.provider,
    connection.sample ? 'sample' : '',
    info.documents.has('workspace') ? 'workspace' : '',
  ].join(' ');
  item.tooltip = connection.sample
    ? t('Sample data that a simulated {0} on this machine serves. Nothing leaves the machine.', info.name)
    : t('{0} connection', info.name);
  item.accessibilityInformation = { label: [connection.label, ...facts].join(', ') };
  return item;
}

/** How far the connection's list of accounts has come, in at most two facts. */
function progressOf(session: Session | undefined): string[] {
  const walk = session?.map.accounts;
  if (session === undefined || walk === undefined || walk.status === 'idle') {
    return [];
  }
  const waiting = session.provider.client.waitingUntil;
  return [...(waiting === undefined ? [] : [t('waiting until {0}', formatClock(waiting))]), ...sizeOf(walk)];
}

function sizeOf(walk: Walk<Account>): string[] {
  const size = walk.records.size;
  const count = size === 1 ? t('1 account') : t('{0} accounts', formatNumber(size));
  switch (walk.status) {
    case 'idle':
      return [];
    case 'complete':
      return [count];
    case 'capped':
      return [t('{0} so far', count)];
    case 'failed':
      return [count, t('partial')];
    case 'reading':
      return [size === 0 ? t('reading…') : t('{0} so far', count)];
  }
}

export function accountItem(
  node: AccountNode,
  account: Account,
  connection: Connection,
  campaigns: number | undefined,
): vscode.TreeItem {
  const item = new vscode.TreeItem(account.email, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = node.id;
  item.iconPath = icon(ACCOUNT_ICONS[account.state]);
  // What is fine needs no word; what is not says first what it is.
  const facts = [
    account.state === 'good' ? undefined : account.statusWords,
    account.warmupScore === undefined ? undefined : t('warmup {0}', account.warmupScore),
    campaigns === undefined ? undefined : countOfCampaigns(campaigns),
  ].filter((fact) => fact !== undefined);
  item.description = facts.join(' · ');
  item.contextValue = `account ${connection.provider}`;
  item.command = openCommand({ kind: 'account', connectionId: node.connectionId, id: account.key }, account.email);
  const spoken = [
    account.email,
    t('sending account'),
    account.statusWords,
    ...facts.slice(account.state === 'good' ? 0 : 1),
  ];
  item.accessibilityInformation = { label: spoken.join(', ') };
  return item;
}

function countOfCampaigns(count: number): string {
  if (count === 0) {
    return t('no campaigns');
  }
  return count === 1 ? t('1 campaign') : t('{0} campaigns', formatNumber(count));
}

export function campaignItem(node: CampaignNode, campaign: Campaign, connection: Connection): vscode.TreeItem {
  const name = campaignLabel(campaign);
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.None);
  item.id = node.id;
  item.iconPath = icon(CAMPAIGN_ICONS[campaign.state]);
  item.description = [campaign.statusWords, campaign.parentId === undefined ? '' : t('subsequence')]
    .filter(Boolean)
    .join(' · ');
  item.contextValue = `campaign ${connection.provider}`;
  item.command = openCommand({ kind: 'campaign', connectionId: node.connectionId, id: campaign.id }, name);
  item.accessibilityInformation = { label: [name, t('campaign'), campaign.statusWords].join(', ') };
  return item;
}

/** The name of a campaign, which may be empty (Smartlead FACTS 3.1). */
export function campaignLabel(campaign: Pick<Campaign, 'id' | 'name'>): string {
  return campaign.name === '' ? t('Campaign {0}', campaign.id) : campaign.name;
}

const NOTICE_ICONS: Readonly<Record<NoticeNode['notice']['type'], readonly [icon: string, color?: string]>> = {
  busy: ['loading~spin'],
  empty: ['circle-slash', 'disabledForeground'],
  error: ['error', 'list.errorForeground'],
  invalid: ['warning', 'list.warningForeground'],
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

function icon([id, color]: readonly [icon: string, color?: string]): vscode.ThemeIcon {
  return new vscode.ThemeIcon(id, color === undefined ? undefined : new vscode.ThemeColor(color));
}
