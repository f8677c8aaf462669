import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { formatNumber } from '../format.ts';
import { accountItems, campaignItems, limitItems, type Items } from '../plans/make.ts';
import { titleOf } from '../plans/words.ts';
import type { ChangeKind } from '../providers/changes.ts';
import type { Campaign } from '../providers/model.ts';
import { askText, valueOf } from './ask.ts';
import { accountTargets, campaignTargets, type Targets } from './changeTargets.ts';
import { propose, type ChangeResult } from './proposal.ts';
import { register, type Call, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

type StatusOfCampaign = 'activate-campaign' | 'pause-campaign' | 'stop-campaign';
type StatusOfAccount = 'pause-account' | 'resume-account' | 'mark-fixed';

/** Changes of the status and the limits of accounts and campaigns. */
export function registerChangeCommands(context: CommandContext): vscode.Disposable {
  const campaigns = (kind: StatusOfCampaign, title: string) => (call: Call) =>
    changeCampaigns(context, call, kind, title);
  const accounts = (kind: StatusOfAccount, title: string) => (call: Call) => changeAccounts(context, call, kind, title);
  return vscode.Disposable.from(
    register(context, commands.activateCampaign, campaigns('activate-campaign', t('Activate campaign'))),
    register(context, commands.pauseCampaign, campaigns('pause-campaign', t('Pause campaign'))),
    register(context, commands.stopCampaign, campaigns('stop-campaign', t('Stop campaign for good'))),
    register(context, commands.deleteCampaign, (call) => deleteCampaign(context, call)),
    register(context, commands.pauseAccounts, accounts('pause-account', t('Pause account'))),
    register(context, commands.resumeAccounts, accounts('resume-account', t('Resume account'))),
    register(context, commands.markFixed, accounts('mark-fixed', t('Mark account as fixed'))),
    register(context, commands.setDailyLimit, (call) => setDailyLimit(context, call)),
  );
}

export async function changeCampaigns(
  context: CommandContext,
  call: Call,
  kind: StatusOfCampaign,
  title: string,
): Promise<ChangeResult | undefined> {
  const targets = await campaignTargets(context, call, kind, title);
  if (targets === undefined) {
    return undefined;
  }
  const items = campaignItems(kind, targets.rows, targets.session.provider.info.changes);
  return propose(context, targets.session, { title: titleFor(kind, items), items });
}

export async function changeAccounts(
  context: CommandContext,
  call: Call,
  kind: StatusOfAccount,
  title: string,
): Promise<ChangeResult | undefined> {
  const targets = await accountTargets(context, call, kind, title);
  if (targets === undefined) {
    return undefined;
  }
  const items = accountItems(kind, targets.rows, targets.session.provider.info.changes);
  return propose(context, targets.session, { title: titleFor(kind, items), items });
}

/** The whole campaign is saved first, because nothing brings it back. One at a time. */
async function deleteCampaign(context: CommandContext, call: Call): Promise<ChangeResult | undefined> {
  const targets = await campaignTargets(context, call, 'delete-campaign', t('Delete campaign'));
  const [campaign, ...others] = targets?.rows ?? [];
  if (targets === undefined || campaign === undefined) {
    return undefined;
  }
  if (others.length > 0) {
    throw new Error(t('Campaigns are deleted one at a time.'));
  }
  const copy = await saveCopy(context, targets, campaign);
  const items = campaignItems('delete-campaign', [campaign], targets.session.provider.info.changes);
  const name = campaign.name.trim() === '' ? campaign.id : campaign.name.trim();
  const result = await propose(context, targets.session, {
    title: titleFor('delete-campaign', items),
    items,
    lines: [],
    warning: t(
      'Its leads and statistics do not come back. What the service says about it is saved first: {0}',
      copy.fsPath,
    ),
    typed: { prompt: t('Type the name of the campaign to delete it: {0}', name), text: name },
  });
  if (result?.confirmed === 1) {
    await vscode.commands.executeCommand('vscode.open', copy);
  }
  return result;
}

/** Writes what the service answers about a campaign, its senders and its emails to a file that stays. */
async function saveCopy(
  context: CommandContext,
  { session }: Targets<Campaign>,
  campaign: Campaign,
): Promise<vscode.Uri> {
  const { provider } = session;
  const parts: Record<string, unknown> = {};
  for (const kind of ['campaign', 'campaign-senders', 'campaign-sequences'] as const) {
    if (provider.info.documents.has(kind)) {
      const { content } = await provider.document(kind, campaign.id);
      parts[kind.replace('-', '_')] = JSON.parse(new TextDecoder().decode(content));
    }
  }
  return context.changes.keepCopy(campaign.id, `${JSON.stringify(parts, undefined, 2)}\n`);
}

/** A limit of 0 is no limit at all for some services: that is said, and typed, before it is sent. */
async function setDailyLimit(context: CommandContext, call: Call): Promise<ChangeResult | undefined> {
  const targets = await accountTargets(context, call, 'daily-limit', t('Set daily limit'));
  if (targets === undefined) {
    return undefined;
  }
  const { session, rows } = targets;
  const limit = requestedLimit(call) ?? (await askLimit(rows.length));
  if (limit === undefined) {
    return undefined;
  }
  const items = limitItems(rows, limit, session.provider.info.zeroIsUnlimited);
  return propose(context, session, { title: titleFor('daily-limit', items, formatNumber(limit)), items });
}

/** More emails a day than any mailbox may send. */
const HIGHEST = 100_000;

function requestedLimit({ request }: Call): number | undefined {
  const limit = request?.['limit'];
  if (limit !== undefined && !isLimit(limit)) {
    throw new Error(t('"limit" in the argument of this command has to be a whole number of emails a day.'));
  }
  return limit;
}

async function askLimit(accounts: number): Promise<number | undefined> {
  const answer = await askText({
    title: t('Set daily limit'),
    prompt:
      accounts === 1
        ? t('Emails a day for this account')
        : t('Emails a day for each of {0} accounts', formatNumber(accounts)),
    check: (text) =>
      Promise.resolve(
        /^\d+$/.test(text) && isLimit(Number(text))
          ? undefined
          : t('A whole number from 0 to {0}', formatNumber(HIGHEST)),
      ),
  });
  const text = valueOf(answer);
  return text === undefined ? undefined : Number(text);
}

function isLimit(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= HIGHEST;
}

/** The title of a plan, which names what it changes where that is one thing. */
export function titleFor(kind: ChangeKind, { items, leftOut }: Items, detail?: string): string {
  const name = items[0]?.label ?? leftOut[0]?.label ?? '';
  return titleOf(kind, items.length, name, detail);
}
