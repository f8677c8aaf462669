import * as vscode from 'vscode';
import type { Connection } from '../connections/connection.ts';
import type { SessionHealth } from '../connections/healthKeeper.ts';
import { formatCompact, formatNumber } from '../format.ts';
import { costWords } from '../health/explain.ts';
import type { Health, RuleSummary } from '../health/health.ts';
import type { Impact } from '../health/impact.ts';
import { isActive } from '../health/active.ts';
import { severities, type Rule, type Severity } from '../health/rule.ts';
import { plainText } from '../plainText.ts';
import type { Account, Campaign } from '../providers/model.ts';
import type { ProviderInfo } from '../providers/provider.ts';
import { documentUri } from '../documents/uri.ts';
import type { ShareEntry } from './entries.ts';
import { campaignLabel } from '../queries/campaignLabel.ts';
import { accountIcon, campaignIcon, icon, connectionWords } from './items.ts';
import type { AccountNode, CampaignNode, GroupNode } from './nodes.ts';

const { t } = vscode.l10n;

const SEVERITY_ICONS: Readonly<Record<Severity, readonly [icon: string, color?: string]>> = {
  critical: ['error', 'problemsErrorIcon.foreground'],
  warning: ['warning', 'problemsWarningIcon.foreground'],
  info: ['info', 'problemsInfoIcon.foreground'],
};

/** Characters of what shows a finding, in a row. */
const LONGEST_EVIDENCE = 60;

export function severityWords(severity: Severity): string {
  switch (severity) {
    case 'critical':
      return t('Critical');
    case 'warning':
      return t('Warning');
    case 'info':
      return t('Info');
  }
}

/** How a connection is doing: the icon says it even where the name leaves no room. */
export function healthConnectionItem(
  id: string,
  connection: Connection,
  info: ProviderInfo,
  { health, session }: Partial<SessionHealth>,
  expanded: boolean,
): vscode.TreeItem {
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(connection.label, expanded ? Expanded : Collapsed);
  item.id = id;
  item.contextValue = ['health-connection', ...connectionWords(connection, info, session)].join(' ');
  if (health?.evaluated !== true) {
    item.iconPath = new vscode.ThemeIcon(info.icon);
    item.accessibilityInformation = { label: [connection.label, info.name].join(', ') };
    return item;
  }
  const counts = severities
    .map((severity) => [severity, health.findingsOf(severity)] as const)
    .filter(([, count]) => count > 0);
  const [worst] = counts;
  item.iconPath = icon(worst === undefined ? ['pass', 'testing.iconPassed'] : SEVERITY_ICONS[worst[0]]);
  item.description = worst === undefined ? t('all is well') : findingWords(...worst);
  const words = counts.map(([severity, count]) => findingWords(severity, count));
  const full = worst === undefined ? t('no findings') : words.join(', ');
  item.tooltip = [
    `${connection.label} · ${info.name}`,
    full,
    ...(worst === undefined ? [] : [t('Mailboxes of one domain that fail in the same way are one finding.')]),
  ].join('\n\n');
  item.accessibilityInformation = { label: [connection.label, info.name, full].join(', ') };
  return item;
}

/** Findings of a severity in two words. */
export function findingWords(severity: Severity, count: number): string {
  const number = formatNumber(count);
  switch (severity) {
    case 'critical':
      return t('{0} critical', number);
    case 'warning':
      return count === 1 ? t('1 warning') : t('{0} warnings', number);
    case 'info':
      return count === 1 ? t('1 note') : t('{0} notes', number);
  }
}

/**
 * A rule that fires: how many it fires for, what that costs, and how severe it is, so that what matters first is read
 * where there is little room. `impact`: where it is known what its accounts mean to campaigns.
 */
export function ruleItem(
  node: GroupNode,
  { rule, count, emailsPerDay }: RuleSummary,
  impact: Impact | undefined,
): vscode.TreeItem {
  const { Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(rule.title(), Collapsed);
  item.id = node.id;
  item.iconPath = icon(SEVERITY_ICONS[rule.severity]);
  const severity = severityWords(rule.severity);
  const costs =
    impact === undefined || impact.campaigns.length === 0
      ? [shortCost(rule, emailsPerDay)]
      : [
          t('{0}/day lost of {1}', formatCompact(impact.emailsPerDay), formatCompact(impact.ofAll)),
          campaignWords(impact.campaigns.length),
        ];
  item.description = [formatNumber(count), ...costs, severity].filter(Boolean).join(' · ');
  item.contextValue = `group finding ${rule.about}s`;
  const cost = (impact && impactWords(rule, impact)) ?? longCost(rule, emailsPerDay);
  const spoken = [rule.title(), severity, countWords(rule, count), cost];
  item.accessibilityInformation = { label: spoken.filter(Boolean).join(', ') };
  return item;
}

/** E.g. "12.4k/day lost"; empty where it costs nothing. */
function shortCost({ cost }: Rule, emails: number): string {
  if (emails === 0) {
    return '';
  }
  switch (cost) {
    case 'lost':
      return t('{0}/day lost', formatCompact(emails));
    case 'risk':
      return t('{0}/day at risk', formatCompact(emails));
    case 'waste':
      return t('{0}/day unused', formatCompact(emails));
    case 'none':
      return '';
  }
}

function longCost({ cost }: Rule, emails: number): string {
  if (emails === 0) {
    return '';
  }
  switch (cost) {
    case 'lost':
      return t('{0} emails a day lost', formatNumber(emails));
    case 'risk':
      return t('{0} emails a day at risk', formatNumber(emails));
    case 'waste':
      return t('{0} emails a day unused', formatNumber(emails));
    case 'none':
      return '';
  }
}

function countWords({ about }: Rule, count: number): string {
  if (about === 'account') {
    return count === 1 ? t('1 account') : t('{0} accounts', formatNumber(count));
  }
  return campaignWords(count);
}

function campaignWords(count: number): string {
  return count === 1 ? t('1 campaign') : t('{0} campaigns', formatNumber(count));
}

/** The whole of it, e.g. "1,373 accounts. 38 active campaigns lose 12,400 of 31,000 emails a day." */
export function ruleTooltip({ rule, count, emailsPerDay }: RuleSummary, impact: Impact | undefined): string {
  const cost = impact === undefined ? longCost(rule, emailsPerDay) || undefined : impactWords(rule, impact);
  return [
    `${rule.title()}: ${countWords(rule, count)}. ${cost === undefined ? '' : `${cost}.`}`.trim(),
    rule.meaning(),
    rule.nextStep(),
  ].join('\n\n');
}

function impactWords(rule: Rule, { campaigns, emailsPerDay, ofAll }: Impact): string | undefined {
  if (rule.cost === 'lost' && campaigns.length > 0) {
    const [lost, all] = [formatNumber(emailsPerDay), formatNumber(ofAll)];
    return campaigns.length === 1
      ? t('1 active campaign loses {0} of {1} emails a day', lost, all)
      : t('{0} active campaigns lose {1} of {2} emails a day', formatNumber(campaigns.length), lost, all);
  }
  return costWords(rule, emailsPerDay, campaigns.length);
}

/** Mailboxes that share a finding and a domain, a client, a tag or a campaign. */
export function shareItem(
  node: GroupNode,
  { division, share }: ShareEntry,
  rule: Rule | undefined,
  health: Health | undefined,
): vscode.TreeItem {
  const { label, value, accounts } = share;
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = node.id;
  const domain = division === 'domain' && value !== '' ? health : undefined;
  const burnt = rule !== undefined && domain?.isBurnt(value, rule.id) === true;
  item.iconPath = burnt ? icon(['flame', 'problemsErrorIcon.foreground']) : new vscode.ThemeIcon('folder');
  const count = formatNumber(accounts.length);
  const of = domain === undefined ? count : t('{0} of {1}', count, formatNumber(domain.mailboxesOf(value)));
  item.description = burnt ? t('{0} · burnt', of) : of;
  // Under what changed there is no finding that could be snoozed.
  const words = ['group', rule && 'finding', 'accounts', domain && 'domain', value === '' && 'none'];
  item.contextValue = words.filter(Boolean).join(' ');
  item.accessibilityInformation = { label: [label, item.description].join(', ') };
  return item;
}

/** Where the row of an account or a campaign stands. */
export interface FindingPlace {
  /** The rule that it stands under. */
  readonly rule?: Rule | undefined;
  /** What became of it, where it stands under what changed. */
  readonly change?: string | undefined;
  /** Whether the row above it names its domain. */
  readonly underDomain?: boolean;
}

/** An account with what shows the finding and which campaigns it hurts. */
export function findingAccountItem(
  node: AccountNode,
  account: Account,
  { rule, change, underDomain = false }: FindingPlace,
  { session, health }: SessionHealth,
): vscode.TreeItem {
  const active = session.map.graph
    .campaignsOf(account.key)
    .map(({ campaign }) => campaign)
    .filter(isActive);
  const { Collapsed, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(
    // In a narrow sidebar the domain once more would leave no room for what is wrong.
    underDomain ? account.email.slice(0, account.email.lastIndexOf('@')) : account.email,
    active.length > 0 ? Collapsed : None,
  );
  item.id = node.id;
  item.iconPath = accountIcon(account);
  const evidence =
    rule?.about === 'account' ? rule.evidence(account, health.factsOfAccount(account.key)) : account.statusWords;
  item.description = change ?? [shortEvidence(account, evidence), hurtWords(active)].filter(Boolean).join(' · ');
  item.tooltip = [account.email, change, evidence, active.map(campaignLabel).join('\n')].filter(Boolean).join('\n\n');
  item.contextValue = 'account finding';
  item.command = explainCommand('account-explanation', node.connectionId, account.key, account.email);
  item.accessibilityInformation = {
    label: [account.email, t('sending account'), account.statusWords, change, evidence, hurtWords(active)]
      .filter(Boolean)
      .join(', '),
  };
  return item;
}

/**
 * The group says already what the status is; the reason is what differs. The answer of a mail server begins with its
 * code, goes without the enhanced one (RFC 3463), and is no longer than leaves room for whom it hurts: the tooltip has all of it.
 */
function shortEvidence({ statusWords }: Account, evidence: string): string {
  const reason = evidence.startsWith(`${statusWords}: `) ? evidence.slice(statusWords.length + 2) : evidence;
  return plainText(reason.replace(/^\D{0,40}([45]\d\d)[ -]\d\.\d{1,3}\.\d{1,3} /, '$1 '), LONGEST_EVIDENCE);
}

/** E.g. "Q4 launch +2". */
function hurtWords(campaigns: readonly Campaign[]): string {
  const [first] = campaigns;
  if (first === undefined) {
    return '';
  }
  return campaigns.length === 1
    ? campaignLabel(first)
    : t('{0} +{1}', campaignLabel(first), formatNumber(campaigns.length - 1));
}

/** A campaign with what shows the finding. */
export function findingCampaignItem(
  node: CampaignNode,
  campaign: Campaign,
  { rule, change }: FindingPlace,
  { health }: SessionHealth,
): vscode.TreeItem {
  const item = new vscode.TreeItem(campaignLabel(campaign));
  item.id = node.id;
  item.iconPath = campaignIcon(campaign);
  const evidence =
    rule?.about === 'campaign' ? rule.evidence(campaign, health.factsOfCampaign(campaign)) : campaign.statusWords;
  const cost = rule?.about === 'campaign' ? shortCost(rule, health.emailsOfCampaign(campaign.id, rule.id)) : '';
  item.description = [change ?? evidence, cost].filter(Boolean).join(' · ');
  const name = campaignLabel(campaign);
  item.tooltip = [name, campaign.statusWords, change, evidence].filter(Boolean).join('\n\n');
  item.contextValue = 'campaign finding';
  item.command = explainCommand('campaign-explanation', node.connectionId, campaign.id, name);
  // Its state is an icon otherwise, which nobody hears.
  const spoken = [name, t('campaign'), campaign.statusWords, item.description];
  item.accessibilityInformation = { label: [...new Set(spoken)].join(', ') };
  return item;
}

function explainCommand(
  kind: 'account-explanation' | 'campaign-explanation',
  connectionId: string,
  id: string,
  name: string,
): vscode.Command {
  return { command: 'vscode.open', title: t('Explain'), arguments: [documentUri({ kind, connectionId, id }, name)] };
}
