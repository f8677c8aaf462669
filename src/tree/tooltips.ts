import * as vscode from 'vscode';
import type { Connection } from '../connections/connection.ts';
import type { Session } from '../connections/sessions.ts';
import type { CampaignCount } from '../map/graph.ts';
import type { SyncProgress } from '../map/sendingMap.ts';
import type { SenderCounts } from '../map/store.ts';
import type { Account, Campaign, Schedule } from '../providers/model.ts';
import { inTurns } from '../transport/turns.ts';
import { escapeMarkdown, formatAge, formatCampaigns, formatNumber, formatTime, formatWeekday } from '../format.ts';

type Fact = readonly [label: string, value: string | number | undefined];

/** Facts about an account in the order in which a person asks for them; what is unset is left out. */
export function accountTooltip(
  account: Account,
  campaigns: CampaignCount | undefined,
  sendsBecause?: string,
): vscode.MarkdownString {
  const { t } = vscode.l10n;
  return table(account.email, [
    [t('Status'), account.statusWords],
    [t('Why'), account.reason],
    [t('Also'), account.others?.join('; ')],
    [t('Details read'), account.own && formatAge(account.own.at)],
    [t('Sends because'), sendsBecause],
    [t('Name'), account.name],
    [t('Mailbox'), account.providerType],
    [t('Daily limit'), account.unlimited ? t('Unlimited') : perDay(account.dailyLimit)],
    [t('Sent today'), account.sentToday],
    [t('Gap between emails'), account.sendingGap === undefined ? undefined : t('{0} minutes', account.sendingGap)],
    [t('Warmup'), account.warmupWords],
    [t('Warmup score'), account.warmupScore],
    [t('Warmup limit'), perDay(account.warmupLimit)],
    [t('Warmup since'), time(account.warmupStartedAt)],
    [t('Campaigns'), campaigns && formatCampaigns(campaigns)],
    [t('Tags'), account.tags.map((tag) => tag.label).join(', ')],
    [t('Client'), account.clientId],
    [t('Tracking domain'), account.trackingDomain],
    [t('Tracking status'), account.trackingStatus],
    [t('Setup'), account.setupPending === true ? t('pending') : undefined],
    [t('Created'), time(account.createdAt)],
    [t('Last change'), time(account.updatedAt)],
    [t('ID'), account.key === account.email ? undefined : account.key],
  ]);
}

/** What a connection is, and what its map lacks. */
export async function connectionTooltip(
  connection: Connection,
  service: string,
  session: Session | undefined,
): Promise<vscode.MarkdownString> {
  const { t } = vscode.l10n;
  const what = connection.sample
    ? t('Sample data from a simulated {0} on this computer. Nothing leaves it.', service)
    : t('{0} connection', service);
  const lines = [escapeMarkdown(what)];
  if (session !== undefined && !session.map.empty) {
    const { map } = session;
    lines.push(
      escapeMarkdown(
        t(
          '{0} accounts, {1} campaigns, {2} links',
          formatNumber(map.accounts.records.size),
          formatNumber(map.campaigns.records.size),
          formatNumber(await inTurns(map.graph.countEdges())),
        ),
      ),
    );
    if (map.syncedAt !== undefined) {
      lines.push(escapeMarkdown(t('Complete as of {0}.', formatTime(map.syncedAt))));
    }
    const missing = map.missing();
    if (missing.length > 0) {
      lines.push(
        `${escapeMarkdown(t('Missing:'))}\n${missing
          .slice(0, MOST_MISSING)
          .map((sentence) => `- ${escapeMarkdown(sentence)}`)
          .join('\n')}`,
      );
    }
  }
  return new vscode.MarkdownString(lines.join('\n\n'));
}

/** Nobody reads more sentences than this in a tooltip; the rows under the connection have them all. */
const MOST_MISSING = 8;

/** @param possible what it wants against what its senders can send, where that is known. */
export function campaignTooltip(
  campaign: Campaign,
  scan: SyncProgress['scan'],
  senders: SenderCounts | undefined,
  possible?: string,
): vscode.MarkdownString {
  const { t } = vscode.l10n;
  return table(campaign.name === '' ? t('Campaign without a name') : campaign.name, [
    [t('Status'), campaign.statusWords],
    [t('Why'), campaign.reason],
    [t('Also'), campaign.others?.join('; ')],
    [t('Not sending'), campaign.notSending],
    [t('Schedule'), scheduleWords(campaign.schedule)],
    [t('Daily limit'), perDay(campaign.dailyLimit)],
    [t('New leads'), perDay(campaign.newLeadsPerDay)],
    [t('Senders'), senders === undefined ? undefined : sendersFact(senders)],
    [t('Possible'), possible],
    [t('Subsequence of'), campaign.parentId],
    [t('Tags'), campaign.tags.map((tag) => tag.label).join(', ')],
    [t('Client'), campaign.clientId],
    [t('Created'), time(campaign.createdAt)],
    [t('Last change'), time(campaign.updatedAt)],
    [t('ID'), campaign.id],
    [
      t('Found by'),
      scan === undefined ? undefined : t('asking {0} of {1} campaigns for their senders', scan.scanned, scan.total),
    ],
  ]);
}

function sendersFact({ senders, healthy }: SenderCounts): string {
  return vscode.l10n.t('{0} ({1} healthy)', formatNumber(senders), formatNumber(healthy));
}

function perDay(value: number | undefined): string | undefined {
  return value === undefined ? undefined : vscode.l10n.t('{0} a day', formatNumber(value));
}

/** E.g. "Mon, Tue, Wed, 09:00 to 17:30, Europe/Belgrade". */
function scheduleWords(schedule: Schedule | undefined): string | undefined {
  if (schedule === undefined) {
    return undefined;
  }
  const days = schedule.days.map((day) => formatWeekday(day, 'short'));
  const hours = vscode.l10n.t('{0} to {1}', schedule.from, schedule.to);
  return [...days, hours, schedule.timezone].filter((part) => part !== undefined).join(', ');
}

function time(at: number | undefined): string | undefined {
  return at === undefined ? undefined : formatTime(at);
}

function table(title: string, facts: readonly Fact[]): vscode.MarkdownString {
  const rows = facts
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([label, value]) => `| ${escapeMarkdown(label)} &nbsp; | ${escapeMarkdown(String(value))} |`);
  return new vscode.MarkdownString(`**${escapeMarkdown(title)}**\n\n| | |\n|:--|:--|\n${rows.join('\n')}\n`);
}
