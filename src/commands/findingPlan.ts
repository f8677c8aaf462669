import * as vscode from 'vscode';
import { expectMayChange, mayChange } from '../connections/allowChanges.ts';
import type { Session } from '../connections/sessions.ts';
import { commands } from '../contributions.ts';
import { formatNumber } from '../format.ts';
import type { Rule } from '../health/rule.ts';
import { showInformation, withStatusProgress } from '../messages.ts';
import { accountItems, campaignItems, removalsFromActive, type Items } from '../plans/make.ts';
import { removalTitle } from '../plans/words.ts';
import type { ChangeKind } from '../providers/changes.ts';
import type { Account, Campaign } from '../providers/model.ts';
import { inTurns } from '../transport/turns.ts';
import { askChoice, connectionOf, valueOf } from './ask.ts';
import { changeAccounts, changeCampaigns, titleFor } from './changes.ts';
import type { ChangeResult } from './proposal.ts';
import { register, requested, type Call, type CommandContext } from './register.ts';
import { accountRows, campaignRows } from './rowsOfNodes.ts';
import { removeFromActive } from './senders.ts';

const { t } = vscode.l10n;

/** What can be done at once about all that Health found. */
export function registerFindingPlanCommands(context: CommandContext): vscode.Disposable {
  return register(context, commands.planChange, (call) => planChange(context, call));
}

/** What a rule found, or a part of it. */
interface Found {
  readonly session: Session;
  readonly rule: Rule;
  readonly accounts: readonly Account[];
  readonly campaigns: readonly Campaign[];
}

/** A plan that a person may choose, by what it would do. */
interface Offer {
  readonly title: string;
  readonly items: Items;
  /** Makes the plan from what the service says now, and asks. */
  readonly propose: () => Promise<ChangeResult | undefined>;
}

/** Offers the plans that fit a finding: of a row, of a request, or one that the person picks. */
async function planChange(context: CommandContext, call: Call): Promise<ChangeResult | undefined> {
  const found = await findingOf(context, call);
  if (found === undefined) {
    return undefined;
  }
  const offers = await withStatusProgress(t('Planning'), () => offersFor(context, found));
  if (offers.length === 0) {
    void showInformation(
      t(
        '{0}: nothing can be changed about it through the API of {1}.',
        found.rule.title(),
        found.session.provider.info.name,
      ),
    );
    return undefined;
  }
  const answer = await askChoice(
    { title: t('Plan change: {0}', found.rule.title()), placeholder: t('You read the plan before anything is sent') },
    offers.map((offer) => ({
      label: offer.title,
      description: offer.items.leftOut.length === 0 ? '' : t('{0} left out', formatNumber(offer.items.leftOut.length)),
      value: offer,
    })),
  );
  return valueOf(answer)?.propose();
}

async function offersFor(context: CommandContext, { session, accounts, campaigns }: Found): Promise<readonly Offer[]> {
  const { connection, provider, map } = session;
  const { changes } = provider.info;
  const callFor = (request: object): Call => ({
    node: undefined,
    nodes: [],
    document: undefined,
    request: { connectionId: connection.id, ...request },
  });
  const has = (kind: ChangeKind) => changes[kind] !== undefined;
  const ofAccounts = callFor({ accounts: accounts.map(({ key }) => key) });
  const ofCampaigns = callFor({ campaigns: campaigns.map(({ id }) => id) });
  const removals = await inTurns(removalsFromActive(map.graph, accounts));
  const all: Offer[] = [
    ...(['pause-account', 'mark-fixed'] as const).filter(has).map((kind) => {
      const items = accountItems(kind, accounts, changes);
      const title = titleFor(kind, items);
      return { title, items, propose: () => changeAccounts(context, ofAccounts, kind, title) };
    }),
    ...(['remove-sender'] as const).filter(has).map(() => ({
      title: removalTitle(removals.items),
      items: removals,
      propose: () => removeFromActive(context, ofAccounts),
    })),
    ...(['pause-campaign'] as const).filter(has).map((kind) => {
      const items = campaignItems(kind, campaigns, changes);
      const title = titleFor(kind, items);
      return { title, items, propose: () => changeCampaigns(context, ofCampaigns, kind, title) };
    }),
  ];
  return all.filter(({ items }) => items.items.length > 0);
}

async function findingOf(context: CommandContext, call: Call): Promise<Found | undefined> {
  const { node } = call;
  const rule = node && context.findings.ruleOf(node);
  if (node === undefined || rule === undefined) {
    return askFinding(context, call);
  }
  const session = await changeableSession(context, node.connectionId);
  const isAboutAccounts = rule.about === 'account';
  return {
    session,
    rule,
    accounts: isAboutAccounts ? await accountRows(context)(node) : [],
    campaigns: isAboutAccounts ? [] : await campaignRows(context)(node),
  };
}

async function askFinding(context: CommandContext, call: Call): Promise<Found | undefined> {
  const title = t('Plan change');
  const connection = await connectionOf(context, call, title, mayChange);
  if (connection === undefined) {
    return undefined;
  }
  const session = await changeableSession(context, connection.id);
  await session.map.readWhole();
  const health = (await context.health.evaluated(connection.id))?.health;
  const summaries = health?.summaries ?? [];
  if (health === undefined || summaries.length === 0) {
    void showInformation(t('Health finds nothing wrong in "{0}".', connection.label));
    return undefined;
  }
  const wanted = requested(call.request, 'finding');
  const rule =
    wanted === undefined
      ? valueOf(
          await askChoice(
            { title, placeholder: t('Choose a finding') },
            summaries.map(({ rule: one, count }) => ({
              label: one.title(),
              description: formatNumber(count),
              value: one,
            })),
          ),
        )
      : summaries.find(({ rule: { id } }) => id === wanted)?.rule;
  if (rule === undefined) {
    return undefined;
  }
  return {
    session,
    rule,
    accounts: rule.about === 'account' ? await inTurns(health.accountsWith(rule.id)) : [],
    campaigns: rule.about === 'account' ? [] : health.campaignsWith(rule.id),
  };
}

/** @throws {ServiceError} where changes are off. */
async function changeableSession({ sessions }: CommandContext, connectionId: string): Promise<Session> {
  const connection = sessions.connection(connectionId);
  expectMayChange(connection, sessions.providers[connection.provider]);
  return sessions.get(connectionId);
}
