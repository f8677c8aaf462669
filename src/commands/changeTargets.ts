import * as vscode from 'vscode';
import { expectMayChange, mayChange } from '../connections/allowChanges.ts';
import type { Session } from '../connections/sessions.ts';
import type { ChangeKind } from '../providers/changes.ts';
import type { Account, Campaign } from '../providers/model.ts';
import { ServiceError } from '../transport/errors.ts';
import { withStatusProgress } from '../messages.ts';
import type { SendingMap } from '../map/sendingMap.ts';
import type { Node } from '../tree/nodes.ts';
import { connectionOf } from './ask.ts';
import { accountRows, campaignRows, rowsUnder } from './rowsOfNodes.ts';
import type { Found } from './findBox.ts';
import { findAccount, findCampaign } from './pick.ts';
import { requestedAccounts, requestedCampaigns, type Call, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

/** So many are read before a plan of them is made; of more the map says how they are, and each is read when its turn comes. */
const READ_FIRST = 100;

/** What a change is about, all of one connection. */
export interface Targets<Row> {
  readonly session: Session;
  readonly rows: readonly Row[];
}

/**
 * The accounts of the selected rows, of a group, a filter or a finding, those that a request names, or the one that the
 * person picks.
 *
 * @throws {ServiceError} where they may not be changed, cannot be read, or are not there.
 */
export async function accountTargets(
  context: CommandContext,
  call: Call,
  kind: ChangeKind,
  title: string,
): Promise<Targets<Account> | undefined> {
  return targets(context, call, kind, title, {
    named: requestedAccounts(call.request),
    pick: () => findAccount(context, call, title, 'account'),
    under: accountRows(context),
    idOf: ({ key }) => key,
    read: ({ readBack }, key) => readBack.account(key),
    known: ({ graph }, key) => graph.account(key),
  });
}

/** The same for campaigns. */
export async function campaignTargets(
  context: CommandContext,
  call: Call,
  kind: ChangeKind,
  title: string,
): Promise<Targets<Campaign> | undefined> {
  return targets(context, call, kind, title, {
    named: requestedCampaigns(call.request),
    pick: () => findCampaign(context, call, title, 'campaign'),
    under: campaignRows(context),
    idOf: ({ id }) => id,
    read: ({ readBack }, id) => readBack.campaign(id),
    known: ({ graph }, id) => graph.campaign(id),
  });
}

/** How the targets of one kind are found. */
interface TargetKind<Row> {
  /** Those that a request names in a list. */
  readonly named: readonly string[];
  /** The one that a request names, or a person picks. */
  readonly pick: () => Promise<Found | undefined>;
  /** What a row of a view stands for. */
  readonly under: (node: Node) => Promise<readonly Row[]>;
  readonly idOf: (row: Row) => string;
  /** As the service has it now. */
  readonly read: (map: SendingMap, id: string) => Promise<Row | undefined>;
  /** As the map has it. */
  readonly known: (map: SendingMap, id: string) => Row | undefined;
}

async function targets<Row extends object>(
  context: CommandContext,
  call: Call,
  kind: ChangeKind,
  title: string,
  { named, pick, under, idOf, read, known }: TargetKind<Row>,
): Promise<Targets<Row> | undefined> {
  let connectionId: string | undefined;
  let ids = named;
  if (call.node !== undefined) {
    connectionId = call.node.connectionId;
    if (call.nodes.some((node) => node.connectionId !== connectionId)) {
      throw new Error(t('Select rows of one connection only: each has changes of its own.'));
    }
    ids = (await rowsUnder(call.nodes, connectionId, under)).map(idOf);
  } else if (named.length > 0) {
    // A request may leave it to the person.
    connectionId = (await connectionOf(context, call, title, mayChange))?.id;
  } else {
    const found = await pick();
    connectionId = found?.connectionId;
    ids = found === undefined ? [] : [found.id];
  }
  if (connectionId === undefined) {
    return undefined;
  }
  const session = await changeable(context, connectionId, kind);
  await readMap(session);
  const rows =
    ids.length > READ_FIRST
      ? ids.map((id) => known(session.map, id))
      : await Promise.all(ids.map((id) => read(session.map, id)));
  return {
    session,
    rows: rows.map((row, place) => {
      if (row === undefined) {
        throw new ServiceError('notFound', { service: 'Sendmap', serviceMessage: ids[place] });
      }
      return row;
    }),
  };
}

/** What a plan costs is read from the map; where that cannot be read, the dialog says that something is missing. */
export async function readMap({ map }: Session): Promise<void> {
  if (map.empty) {
    await withStatusProgress(t('Planning'), () => map.readWhole().catch(() => undefined));
  }
}

/**
 * The session of a connection through which that may be changed.
 *
 * @throws {ServiceError} where changes are off. @throws {Error} where its service has no such change.
 */
export async function changeable(context: CommandContext, connectionId: string, kind: ChangeKind): Promise<Session> {
  const connection = context.sessions.connection(connectionId);
  const info = context.sessions.providers[connection.provider];
  expectMayChange(connection, info);
  if (info.changes[kind] === undefined) {
    throw new Error(t('{0} has no way to do this through its API.', info.name));
  }
  return context.sessions.get(connectionId);
}
