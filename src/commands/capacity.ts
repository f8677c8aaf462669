import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import type { Graph } from '../map/graph.ts';
import type { Account } from '../providers/model.ts';
import { domainOf } from '../queries/domain.ts';
import { ServiceError } from '../transport/errors.ts';
import { eachInSteps, inTurns, type Steps } from '../transport/turns.ts';
import { askChoice, askConnection, askText } from './ask.ts';
import { openDocument } from './documents.ts';
import { findAccount } from './pick.ts';
import { register, requested, type Call, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

/** What can really be sent, and what happens if accounts stop. */
export function registerCapacityCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    register(context, commands.capacity, (call) => showCapacity(context, call)),
    register(context, commands.whatIf, (call) => showWhatIf(context, call)),
  );
}

/** @returns the URI of the document. @throws {ServiceError} */
async function showCapacity(context: CommandContext, { node, request }: Call): Promise<vscode.Uri | undefined> {
  const id = node?.connectionId ?? requested(request, 'connectionId');
  const connection =
    id === undefined ? await askConnection(context, t('Show sending capacity')) : context.sessions.store.get(id);
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
  const chosen = ofRows(call) ?? (await ofRequest(context, call)) ?? (await ask(context, call));
  if (chosen === undefined) {
    return undefined;
  }
  if (chosen.keys.length === 0) {
    throw new ServiceError('notFound', { service: 'Sendmap', serviceMessage: t('No account is among these') });
  }
  const id = context.documents.lists.keep(chosen.keys);
  return openDocument(context, { kind: 'what-if', connectionId: chosen.connectionId, id }, t('What if'));
}

/** The selected accounts of the connection that the command was called on. */
function ofRows({ node, nodes }: Call): Chosen | undefined {
  const connectionId = node?.connectionId ?? nodes[0]?.connectionId;
  const keys = new Set<string>();
  for (const row of nodes) {
    if (row.kind === 'account' && row.connectionId === connectionId) {
      keys.add(row.accountKey);
    }
  }
  return connectionId === undefined || keys.size === 0 ? undefined : { connectionId, keys: [...keys] };
}

async function ofRequest(context: CommandContext, { request }: Call): Promise<Chosen | undefined> {
  const connectionId = requested(request, 'connectionId');
  const account = requested(request, 'account');
  const domain = requested(request, 'domain');
  if (connectionId === undefined || (account === undefined && domain === undefined)) {
    return undefined;
  }
  return account === undefined
    ? { connectionId, keys: await accountsOfDomain(context, connectionId, domain ?? '') }
    : { connectionId, keys: [account] };
}

async function ask(context: CommandContext, { node, request }: Call): Promise<Chosen | undefined> {
  const title = t('What if these accounts stop?');
  const id = node?.connectionId ?? requested(request, 'connectionId');
  const connection = id === undefined ? await askConnection(context, title) : context.sessions.store.get(id);
  if (connection === undefined) {
    return undefined;
  }
  const answer = await askChoice({ title, placeholder: t('Choose which accounts stop') }, [
    { label: t('All accounts of a domain'), value: 'domain' as const },
    { label: t('All accounts with a tag'), value: 'tag' as const },
    { label: t('One account'), value: 'account' as const },
  ]);
  const choice = answer !== undefined && 'value' in answer ? answer.value : undefined;
  if (choice === 'account') {
    const found = await findAccount(context, NOTHING, title, 'account');
    return found && { connectionId: found.connectionId, keys: [found.id] };
  }
  if (choice === undefined) {
    return undefined;
  }
  let keys: readonly string[] = [];
  const typed = await askText({
    title,
    prompt: choice === 'domain' ? t('The domain of the accounts') : t('The name of the tag'),
    check: async (text) => {
      keys = await (choice === 'domain' ? accountsOfDomain : accountsWithTag)(context, connection.id, text);
      return keys.length === 0 ? t('No account has it.') : undefined;
    },
  });
  return typed === undefined ? undefined : { connectionId: connection.id, keys };
}

const NOTHING: Call = { node: undefined, nodes: [], document: undefined, request: undefined };

async function accountsOfDomain(context: CommandContext, connectionId: string, text: string): Promise<string[]> {
  const domain = domainOf(text);
  const { map } = await context.sessions.get(connectionId);
  return domain === undefined ? [] : inTurns(keysWhere(map.graph, ({ email }) => domainOf(email) === domain));
}

async function accountsWithTag(context: CommandContext, connectionId: string, text: string): Promise<string[]> {
  const name = text.trim().toLowerCase();
  const { map } = await context.sessions.get(connectionId);
  return inTurns(keysWhere(map.graph, ({ tags }) => tags.some(({ label }) => label.toLowerCase() === name)));
}

function* keysWhere(graph: Graph, fits: (account: Account) => boolean): Steps<string[]> {
  const keys: string[] = [];
  yield* eachInSteps(graph.accounts, (account) => {
    if (fits(account)) {
      keys.push(account.key);
    }
  });
  return keys;
}
