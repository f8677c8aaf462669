import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { formatNumber } from '../format.ts';
import type { Graph } from '../map/graph.ts';
import type { SendingMap } from '../map/sendingMap.ts';
import { showInformation } from '../messages.ts';
import { accountsOfDomain, domainCounts, dnsDomainOf } from '../queries/domain.ts';
import { tagsInUse } from '../queries/tags.ts';
import { ServiceError } from '../transport/errors.ts';
import { inTurns } from '../transport/turns.ts';
import { askChoice, connectionOf, valueOf } from './ask.ts';
import { openDocument } from './documents.ts';
import { accountRows, rowsUnder } from './rowsOfNodes.ts';
import { findAccount } from './pick.ts';
import { register, requested, requestedAccounts, type Call, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

/** What can really be sent, and what happens if accounts stop. */
export function registerCapacityCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    register(context, commands.capacity, (call) => showCapacity(context, call)),
    register(context, commands.whatIf, (call) => showWhatIf(context, call)),
  );
}

/** @returns the URI of the document. @throws {ServiceError} */
async function showCapacity(context: CommandContext, call: Call): Promise<vscode.Uri | undefined> {
  const connection = await connectionOf(context, call, t('Show sending capacity'));
  return (
    connection &&
    openDocument(context, { kind: 'capacity', connectionId: connection.id, id: 'workspace' }, connection.label)
  );
}

/** Accounts of one connection. */
interface Chosen {
  readonly connectionId: string;
  readonly keys: readonly string[];
}

/**
 * For the selected accounts, those of a request, or those that the person chooses.
 *
 * @returns the URI of the document.
 * @throws {ServiceError}
 */
async function showWhatIf(context: CommandContext, call: Call): Promise<vscode.Uri | undefined> {
  const chosen = (await ofRows(context, call)) ?? (await ofRequest(context, call)) ?? (await ask(context, call));
  if (chosen === undefined) {
    return undefined;
  }
  if (chosen.keys.length === 0) {
    throw new ServiceError('notFound', { service: 'Sendmap', serviceMessage: t('None of these is an account') });
  }
  const id = context.documents.lists.keep(chosen.keys);
  return openDocument(context, { kind: 'what-if', connectionId: chosen.connectionId, id }, t('What if'));
}

/**
 * The accounts of the selected rows: their own, or those of a group, a filter or a finding. All are of the connection that
 * the command was called on; undefined where a whole connection is selected, of which a part is then asked for.
 */
async function ofRows(context: CommandContext, { node, nodes }: Call): Promise<Chosen | undefined> {
  const connectionId = node?.connectionId ?? nodes[0]?.connectionId;
  const rows = nodes.filter((row) => row.connectionId === connectionId);
  if (connectionId === undefined || rows.some(({ kind }) => kind === 'connection')) {
    return undefined;
  }
  const accounts = await rowsUnder(rows, connectionId, accountRows(context));
  return { connectionId, keys: accounts.map(({ key }) => key) };
}

async function ofRequest(context: CommandContext, { request }: Call): Promise<Chosen | undefined> {
  const connectionId = requested(request, 'connectionId');
  const accounts = requestedAccounts(request);
  const domain = requested(request, 'domain');
  if (connectionId === undefined || (accounts.length === 0 && domain === undefined)) {
    return undefined;
  }
  if (accounts.length > 0) {
    return { connectionId, keys: accounts };
  }
  const { map } = await context.sessions.get(connectionId);
  const name = dnsDomainOf(domain ?? '');
  return { connectionId, keys: name === undefined ? [] : await inTurns(accountsOfDomain(map.graph, name)) };
}

async function ask(context: CommandContext, call: Call): Promise<Chosen | undefined> {
  const title = t('What if these accounts stop?');
  const connection = await connectionOf(context, call, title);
  if (connection === undefined) {
    return undefined;
  }
  const answer = await askChoice({ title, placeholder: t('Choose which accounts stop') }, [
    { label: t('All accounts of a domain'), value: 'domain' as const },
    { label: t('All accounts with a tag'), value: 'tag' as const },
    { label: t('All accounts of a finding'), value: 'finding' as const },
    { label: t('One account'), value: 'account' as const },
  ]);
  const choice = valueOf(answer);
  if (choice === 'account') {
    const found = await findAccount(context, NOTHING, title, 'account');
    return found && { connectionId: found.connectionId, keys: [found.id] };
  }
  if (choice === undefined) {
    return undefined;
  }
  const { map } = await context.sessions.get(connection.id);
  const pick = {
    domain: () => pickDomain(map.graph, title),
    tag: () => pickTag(map, title),
    finding: () => pickFinding(context, connection.id, title),
  };
  const keys = await pick[choice]();
  return keys && { connectionId: connection.id, keys };
}

/** Lets a person pick a domain of their accounts. @returns the keys of its accounts; undefined where they leave. */
async function pickDomain(graph: Graph, title: string): Promise<readonly string[] | undefined> {
  const domains = await inTurns(domainCounts(graph));
  const domain = await pickCounted(
    title,
    domains.map(({ domain: label, accounts }) => ({ label, accounts, value: label })),
    t('None of these accounts has a domain.'),
  );
  return domain === undefined ? undefined : inTurns(accountsOfDomain(graph, domain));
}

/** The same for a tag. */
async function pickTag(map: SendingMap, title: string): Promise<readonly string[] | undefined> {
  const tags = (await tagsInUse(map)).map(({ label = '', accounts }) => ({
    label,
    accounts: accounts.length,
    value: accounts,
  }));
  return pickCounted(title, tags, t('None of these accounts has a tag.'));
}

/** The same for a finding of Health, the worst first. */
async function pickFinding(
  { sessions, health: keeper }: CommandContext,
  connectionId: string,
  title: string,
): Promise<readonly string[] | undefined> {
  await (await sessions.get(connectionId)).map.readWhole();
  const health = (await keeper.evaluated(connectionId))?.health;
  const ofAccounts = (health?.summaries ?? []).filter(({ rule }) => rule.about === 'account');
  const rule = await pickCounted(
    title,
    ofAccounts.map((summary) => ({ label: summary.rule.title(), accounts: summary.count, value: summary.rule.id })),
    t('Health finds nothing wrong with these accounts.'),
  );
  return rule === undefined || health === undefined
    ? undefined
    : (await inTurns(health.accountsWith(rule))).map(({ key }) => key);
}

interface Counted<T> {
  readonly label: string;
  readonly accounts: number;
  readonly value: T;
}

/** What is offered: a list can show more, but nobody reads them. */
const MOST = 2000;

/** Asks for one of what accounts have in common, the most frequent first. @param none says that there is nothing. */
async function pickCounted<T>(title: string, all: readonly Counted<T>[], none: string): Promise<T | undefined> {
  if (all.length === 0) {
    void showInformation(none);
    return undefined;
  }
  const placeholder =
    all.length > MOST
      ? t('Choose which accounts stop; showing the {0} largest of {1}', formatNumber(MOST), formatNumber(all.length))
      : t('Choose which accounts stop');
  const answer = await askChoice(
    { title, placeholder },
    all.slice(0, MOST).map(({ label, accounts, value }) => ({
      label,
      description: accounts === 1 ? t('1 account') : t('{0} accounts', formatNumber(accounts)),
      value,
    })),
  );
  return valueOf(answer);
}

const NOTHING: Call = { node: undefined, nodes: [], document: undefined, request: undefined };
