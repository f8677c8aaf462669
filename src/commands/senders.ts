import * as vscode from 'vscode';
import type { Session } from '../connections/sessions.ts';
import { commands } from '../contributions.ts';
import { formatNumber } from '../format.ts';
import { changeOfSenders, moveItems, removalsFromActive, type Items } from '../plans/make.ts';
import { removalTitle } from '../plans/words.ts';
import type { Account, Campaign } from '../providers/model.ts';
import { compareStates } from '../providers/model.ts';
import { campaignLabel } from '../queries/campaignLabel.ts';
import { ServiceError } from '../transport/errors.ts';
import { inTurns } from '../transport/turns.ts';
import { askChoice, askSeveral, valueOf } from './ask.ts';
import { titleFor } from './changes.ts';
import { accountTargets, campaignTargets, type Targets } from './changeTargets.ts';
import { propose, type ChangeResult } from './proposal.ts';
import { register, requested, requestedAccounts, type Call, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

/** What is offered to pick from: a list can show more, but nobody reads them. */
const MOST = 5000;

/** Which accounts send for which campaigns. */
export function registerSenderCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    register(context, commands.addSenders, (call) => changeSenders(context, call, 'add-sender')),
    register(context, commands.removeSenders, (call) => changeSenders(context, call, 'remove-sender')),
    register(context, commands.moveSenders, (call) => moveSenders(context, call)),
  );
}

/**
 * Of a campaign, with the accounts that the person picks; or of the accounts of rows, with the campaign that they stand
 * under or that the person picks. A request names both.
 */
async function changeSenders(
  context: CommandContext,
  call: Call,
  kind: 'add-sender' | 'remove-sender',
): Promise<ChangeResult | undefined> {
  const title = kind === 'add-sender' ? t('Add senders') : t('Remove senders');
  const fromCampaign =
    call.node?.kind === 'campaign' || (call.node === undefined && requestedAccounts(call.request).length === 0);
  if (fromCampaign) {
    const targets = await campaignTargets(context, call, kind, title);
    const campaign = targets?.rows[0];
    if (targets === undefined || campaign === undefined) {
      return undefined;
    }
    const accounts = await pickAccounts(targets.session, campaign, kind, title);
    return (
      accounts &&
      send(
        context,
        targets.session,
        changeOfSenders(targets.session.map.graph, kind, campaign, accounts),
        kind,
        campaign,
      )
    );
  }
  const targets = await accountTargets(context, call, kind, title);
  const campaign = targets && (await campaignFor(targets, call, kind === 'remove-sender', title));
  if (targets === undefined || campaign === undefined) {
    return undefined;
  }
  return campaign === ALL_ACTIVE
    ? proposeRemovals(context, targets)
    : send(
        context,
        targets.session,
        changeOfSenders(targets.session.map.graph, kind, campaign, targets.rows),
        kind,
        campaign,
      );
}

/** Removes accounts from all active campaigns that they send for, as one plan. */
export async function removeFromActive(context: CommandContext, call: Call): Promise<ChangeResult | undefined> {
  const targets = await accountTargets(context, call, 'remove-sender', t('Remove senders'));
  return targets && proposeRemovals(context, targets);
}

async function proposeRemovals(
  context: CommandContext,
  { session, rows }: Targets<Account>,
): Promise<ChangeResult | undefined> {
  const items = await inTurns(removalsFromActive(session.map.graph, rows));
  return propose(context, session, { title: removalTitle(items.items), items });
}

/** From the campaign under which the rows stand to another one, as one plan: first they are added, then removed. */
async function moveSenders(context: CommandContext, call: Call): Promise<ChangeResult | undefined> {
  const targets = await accountTargets(context, call, 'add-sender', t('Move senders'));
  const from = targets && (await campaignFor(targets, call, true, t('Move senders from'), false));
  if (targets === undefined || from === undefined || from === ALL_ACTIVE) {
    return undefined;
  }
  const to = await pickCampaign(targets.session, t('Move senders to'), from.id);
  if (to === undefined) {
    return undefined;
  }
  const { session, rows } = targets;
  const { graph } = session.map;
  const items = moveItems(graph, from, to, rows);
  const moved = items.items.filter(({ kind }) => kind === 'remove-sender');
  const [first, ...others] = moved;
  const places = [campaignLabel(from), campaignLabel(to)];
  const title =
    others.length === 0
      ? t('Move {0} from "{1}" to "{2}"', first?.label ?? '', ...places)
      : t('Move {0} senders from "{1}" to "{2}"', formatNumber(moved.length), ...places);
  return propose(context, session, { title, items });
}

function send(
  context: CommandContext,
  session: Session,
  items: Items,
  kind: 'add-sender' | 'remove-sender',
  campaign: Campaign,
): Promise<ChangeResult | undefined> {
  return propose(context, session, { title: titleFor(kind, items, campaignLabel(campaign)), items });
}

/** In place of one campaign: all active ones that accounts send for. */
const ALL_ACTIVE = Symbol('all active campaigns');

/**
 * The campaign that a request names, that rows stand under, or that the person picks.
 *
 * @param all whether all active campaigns that the accounts send for are offered besides.
 * @throws {ServiceError} where the request names one that is not there.
 */
async function campaignFor(
  { session, rows }: Targets<Account>,
  { node, request }: Call,
  underIt: boolean,
  title: string,
  all = underIt,
): Promise<Campaign | typeof ALL_ACTIVE | undefined> {
  const { graph } = session.map;
  const above = underIt && node?.kind === 'account' ? node.campaignId : undefined;
  const id = requested(request, 'campaign') ?? above;
  if (id === undefined) {
    const accountKey = underIt && node?.kind === 'account' ? node.accountKey : undefined;
    const removals = all ? await inTurns(removalsFromActive(graph, rows)) : undefined;
    return pickCampaign(session, title, undefined, accountKey, removals);
  }
  const campaign = graph.campaign(id);
  if (campaign === undefined) {
    throw new ServiceError('notFound', { service: session.provider.info.name, serviceMessage: id });
  }
  return campaign;
}

/**
 * @param sender the account whose campaigns are offered; undefined: all.
 * @param removals what would be removed from all active campaigns, which is offered first where it is something.
 */
async function pickCampaign(session: Session, title: string, except: string): Promise<Campaign | undefined>;
async function pickCampaign(
  session: Session,
  title: string,
  except: undefined,
  sender: string | undefined,
  removals: Items | undefined,
): Promise<Campaign | typeof ALL_ACTIVE | undefined>;
async function pickCampaign(
  { map }: Session,
  title: string,
  except: string | undefined,
  sender?: string,
  removals?: Items,
): Promise<Campaign | typeof ALL_ACTIVE | undefined> {
  await map.readWhole();
  const all =
    sender === undefined ? [...map.graph.campaigns] : map.graph.campaignsOf(sender).map(({ campaign }) => campaign);
  const offered = all.filter(({ id }) => id !== except).sort((a, b) => compareStates(b.state, a.state));
  const active = new Set(removals?.items.map(({ campaign }) => campaign?.id)).size;
  const answer = await askChoice<Campaign | typeof ALL_ACTIVE>({ title, placeholder: t('Choose a campaign') }, [
    ...(active > 1
      ? [{ label: t('All {0} active campaigns that they send for', formatNumber(active)), value: ALL_ACTIVE } as const]
      : []),
    ...offered.slice(0, MOST).map((campaign) => ({
      label: campaignLabel(campaign),
      description: campaign.statusWords,
      value: campaign,
    })),
  ]);
  return valueOf(answer);
}

/** Lets a person pick several accounts: the senders of a campaign, or those that are none. */
async function pickAccounts(
  { map }: Session,
  campaign: Campaign,
  kind: 'add-sender' | 'remove-sender',
  title: string,
): Promise<readonly Account[] | undefined> {
  await map.readWhole();
  const senders = map.graph.sendersOf(campaign.id).map(({ account }) => account);
  const are = new Set(senders.map(({ key }) => key));
  const offered = kind === 'remove-sender' ? senders : [...map.graph.accounts].filter(({ key }) => !are.has(key));
  const placeholder =
    offered.length > MOST
      ? t(
          'The first {0} of {1}; select rows in Accounts to add others',
          formatNumber(MOST),
          formatNumber(offered.length),
        )
      : t('Choose accounts');
  return askSeveral(
    { title: t('{0}: {1}', title, campaignLabel(campaign)), placeholder },
    offered.slice(0, MOST).map((account) => ({
      label: account.email,
      description: account.statusWords,
      value: account,
    })),
  );
}
