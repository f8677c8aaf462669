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
import { healthOf, type Group } from '../queries/arrange.ts';
import { campaignLabel } from '../queries/campaignLabel.ts';
import type {
  AccountNode,
  CampaignNode,
  ConnectionNode,
  FilterNode,
  GroupNode,
  Node,
  NoticeNode,
  RangeNode,
} from './nodes.ts';
import { boundsOfPart } from './layout.ts';
import type { ListedRows } from './parts.ts';
import { stateWords } from './progress.ts';
import type { Words } from './rowSource.ts';

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

/** What may be done with a connection, for the `when` clauses of menus. */
export function connectionWords(connection: Connection, info: ProviderInfo, session: Session | undefined): string[] {
  const { running = false } = session?.map.progress ?? {};
  return [
    connection.sample ? 'sample' : '',
    info.documents.has('workspace') ? 'workspace' : '',
    running ? 'syncing' : '',
    session === undefined || session.map.complete || session.map.empty || running ? '' : 'partial',
  ];
}

/** In UTF-16 units; the longest name of a campaign that was seen has 292 (Smartlead FACTS 3.1). */
const LONGEST_LABEL = 500;

export function connectionItem(
  node: ConnectionNode,
  connection: Connection,
  info: ProviderInfo,
  session: Session | undefined,
  counts: Words | undefined,
  expanded: boolean,
): vscode.TreeItem {
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(connection.label, expanded ? Expanded : Collapsed);
  item.id = node.id;
  item.iconPath = new vscode.ThemeIcon(info.icon);
  const state = session && stateWords(session);
  const trouble = connection.keyStays === true ? t('its key could not be removed') : undefined;
  item.description = joined(trouble, counts?.short, state?.short);
  item.contextValue = ['connection', ...connectionWords(connection, info, session)].join(' ');
  item.accessibilityInformation = { label: spoken(connection.label, info.name, trouble, counts?.full, state?.full) };
  return item;
}

/** Facts in a narrow row, what matters first. */
function joined(...facts: (string | undefined)[]): string {
  return facts.filter(Boolean).join(' · ');
}

/** Facts as a screen reader says them. */
function spoken(...facts: (string | undefined)[]): string {
  return facts.filter(Boolean).join(', ');
}

/** `group` and `words` undefined: it is gone, and so will its row be. */
export function groupItem(
  node: GroupNode,
  group: Pick<Group<unknown>, 'label' | 'state' | 'ofDomain'> | undefined,
  words: Words | undefined,
): vscode.TreeItem {
  const label = group?.label ?? node.value;
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = node.id;
  item.description = words?.short ?? '';
  if (group?.state !== undefined) {
    item.iconPath = icon(ACCOUNT_ICONS[group.state]);
  }
  item.contextValue = group?.ofDomain === true ? 'group domain' : 'group';
  item.accessibilityInformation = { label: spoken(label, t('group'), words?.full) };
  return item;
}

/** A saved filter with the number of rows that it lets through; without both it is gone, and so will its row be. */
export function filterItem(
  node: FilterNode,
  filter:
    { readonly name: string; readonly builtIn: boolean; readonly filter: { readonly source: string } } | undefined,
  count: number | undefined,
): vscode.TreeItem {
  const label = filter?.name ?? '';
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = node.id;
  const rows = count === undefined ? '' : formatNumber(count);
  item.description = rows;
  item.tooltip = filter?.filter.source ?? '';
  item.iconPath = new vscode.ThemeIcon('filter');
  item.contextValue = filter?.builtIn === false ? 'filter own' : 'filter';
  item.accessibilityInformation = { label: spoken(label, t('saved filter'), rows) };
  return item;
}

/** A part of a long list: what its first and last rows are sorted by, and their places in the list. */
export function rangeItem(node: RangeNode, list: ListedRows | undefined, ofView: boolean): vscode.TreeItem {
  const { start, end } = boundsOfPart(list?.length ?? 0, node.part);
  const labelAt = (row: number) => (start < end ? list?.labelAt(row) : undefined) ?? { label: '', tooltip: '' };
  const [first, last] = [labelAt(start), labelAt(end - 1)];
  const [from, to] = [short(first.label), short(last.label)];
  const item = new vscode.TreeItem(
    first.label === last.label ? from : t('{0} to {1}', from, to),
    vscode.TreeItemCollapsibleState.Collapsed,
  );
  item.id = node.id;
  item.description = t('{0} to {1}', formatNumber(start + 1), formatNumber(end));
  item.tooltip = `${first.tooltip}\n${last.tooltip}`;
  item.contextValue = ofView ? 'range' : 'range senders';
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
  const { warmupScore } = account;
  return accountRow(node, account, info, vscode.TreeItemCollapsibleState.Collapsed, {
    short: [
      campaigns === undefined
        ? undefined
        : campaigns.active === 0
          ? t('idle')
          : t('{0} active', formatNumber(campaigns.active)),
      warmupScore === undefined ? undefined : formatNumber(warmupScore),
    ],
    full: [
      campaigns === undefined ? undefined : formatCampaigns(campaigns),
      warmupScore === undefined ? undefined : t('warmup {0}', warmupScore),
    ],
  });
}

/** An account as one of the senders of a campaign, with the reasons why it is one. */
export function senderItem(
  node: AccountNode,
  account: Account,
  info: ProviderInfo,
  reasons: readonly SenderReason[],
): vscode.TreeItem {
  const facts = reasons.map(reasonWords);
  return accountRow(node, account, info, vscode.TreeItemCollapsibleState.None, { short: facts, full: facts });
}

export function reasonWords(reason: SenderReason): string {
  switch (reason.kind) {
    case 'listed':
      return t('selected directly');
    case 'tag':
      return t('via tag {0}', reason.tag.label);
    case 'reported':
      return t('reported by the service');
  }
}

/** The facts of a row in few words, and as a screen reader says them; undefined ones are not known. */
interface Facts {
  readonly short: readonly (string | undefined)[];
  readonly full: readonly (string | undefined)[];
}

function accountRow(
  node: AccountNode,
  account: Account,
  info: ProviderInfo,
  collapsible: vscode.TreeItemCollapsibleState,
  facts: Facts,
): vscode.TreeItem {
  const item = new vscode.TreeItem(account.email, collapsible);
  item.id = node.id;
  item.iconPath = icon(ACCOUNT_ICONS[account.state]);
  // A healthy account needs no status; for any other it comes first.
  item.description = joined(account.state === 'healthy' ? undefined : account.statusWords, ...facts.short);
  item.contextValue = contextOf('account', info, { tags: 'account-tags' });
  item.command = openCommand({ kind: 'account', connectionId: node.connectionId, id: account.key }, account.email);
  item.accessibilityInformation = {
    label: spoken(account.email, t('sending account'), account.statusWords, ...facts.full),
  };
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

/** A campaign under one of its senders; `counts` undefined where its senders are not all known yet. */
export function campaignItem(
  node: CampaignNode,
  campaign: Campaign,
  info: ProviderInfo,
  counts: SenderCounts | undefined,
): vscode.TreeItem {
  const kind = campaign.parentId === undefined ? undefined : t('subsequence');
  const stalled = stalls(campaign, counts) && counts !== undefined ? sendersWords(campaign, counts) : undefined;
  const state = healthOf(campaign, counts);
  return campaignRow(node, campaign, state, info, vscode.TreeItemCollapsibleState.None, {
    short: [campaign.statusWords, stalled?.short, kind],
    full: [campaign.statusWords, stalled?.full, kind],
  });
}

/** True where a campaign is active and none of its senders is healthy. */
function stalls(campaign: Campaign, counts: SenderCounts | undefined): boolean {
  return healthOf(campaign, counts) !== campaign.state;
}

/** A campaign with its senders under it; `counts` undefined where they are not known yet. */
export function campaignWithSendersItem(
  node: CampaignNode,
  campaign: Campaign,
  info: ProviderInfo,
  counts: SenderCounts | undefined,
): vscode.TreeItem {
  const senders = counts && sendersWords(campaign, counts);
  const limit = campaign.dailyLimit === undefined ? undefined : t('{0}/day', formatNumber(campaign.dailyLimit));
  const state = healthOf(campaign, counts);
  return campaignRow(node, campaign, state, info, vscode.TreeItemCollapsibleState.Collapsed, {
    // The icon says that a campaign is active; for any other its status comes first.
    short: [campaign.state === 'healthy' ? undefined : campaign.statusWords, senders?.short, limit],
    full: [campaign.statusWords, senders?.full, limit],
  });
}

/** How many senders a campaign has, and of one that may send how many of them are healthy. */
function sendersWords({ state }: Campaign, { senders, healthy }: SenderCounts): Words {
  if (senders === 0) {
    return { short: t('no senders'), full: t('no senders') };
  }
  const count = senders === 1 ? t('1 sender') : t('{0} senders', formatNumber(senders));
  if (state === 'draft' || state === 'done') {
    return { short: count, full: count };
  }
  const words =
    healthy === 0
      ? t('none of {0} healthy', formatNumber(senders))
      : t('{0} of {1} healthy', formatNumber(healthy), formatNumber(senders));
  return { short: words, full: t('{0}, {1}', count, words) };
}

function campaignRow(
  node: CampaignNode,
  campaign: Campaign,
  state: State,
  info: ProviderInfo,
  collapsible: vscode.TreeItemCollapsibleState,
  facts: Facts,
): vscode.TreeItem {
  const name = campaignLabel(campaign);
  const item = new vscode.TreeItem(name, collapsible);
  item.id = node.id;
  item.iconPath = icon(CAMPAIGN_ICONS[state]);
  item.description = joined(...facts.short);
  item.contextValue = contextOf('campaign', info, { tags: 'campaign-tags', sequences: 'campaign-sequences' });
  item.command = openCommand({ kind: 'campaign', connectionId: node.connectionId, id: campaign.id }, name);
  item.accessibilityInformation = { label: spoken(name, t('campaign'), ...facts.full) };
  return item;
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
