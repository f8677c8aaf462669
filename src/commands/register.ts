import * as vscode from 'vscode';
import type { Changes } from '../connections/changes.ts';
import type { Connection } from '../connections/connection.ts';
import type { Lazy } from '../transport/lazy.ts';
import type { HealthKeeper } from '../connections/healthKeeper.ts';
import type { MapKeeper } from '../connections/mapKeeper.ts';
import type { SampleWorkspace } from '../connections/sample.ts';
import type { Sessions } from '../connections/sessions.ts';
import type { Snoozes } from '../connections/snoozes.ts';
import { commands, views, type CommandId } from '../contributions.ts';
import type { Comparisons } from '../documents/compare.ts';
import type { DocumentFileSystem } from '../documents/fileSystem.ts';
import type { Drafts } from '../documents/lazyDrafts.ts';
import { DocumentTooLarge } from '../documents/tooLarge.ts';
import { isIdentifier, isObject, type Json } from '../providers/fields.ts';
import { plainError, showErrorText, showWarning } from '../messages.ts';
import type { OverviewPanel } from '../overview/panel.ts';
import type { AccountsView } from '../tree/accountsView.ts';
import type { CampaignsView } from '../tree/campaignsView.ts';
import type { HealthView } from '../tree/healthView.ts';
import { isNode, type Node } from '../tree/nodes.ts';
import type { Log } from '../transport/log.ts';
import { internalError, isAbort, isMistake, isServiceError, nextStep, stackOf, type Fix } from '../transport/errors.ts';
import type { Redactor } from '../transport/redaction.ts';

const { t } = vscode.l10n;

/** What commands work with. */
export interface CommandContext {
  readonly sessions: Sessions;
  readonly sample: SampleWorkspace;
  readonly keeper: Lazy<MapKeeper>;
  readonly accounts: AccountsView;
  readonly campaigns: CampaignsView;
  readonly findings: HealthView;
  readonly health: HealthKeeper;
  readonly snoozes: Snoozes;
  readonly documents: DocumentFileSystem;
  readonly comparisons: Comparisons;
  readonly changes: Changes;
  readonly drafts: Drafts;
  readonly overview: Lazy<OverviewPanel>;
  readonly log: Log & { show(): void };
  readonly redactor: Redactor;
  /** What each command does; {@link register} puts it there. */
  readonly handlers: Map<CommandId, (...args: unknown[]) => Promise<unknown>>;
}

/** How a command was called: from a row (or several), by a program with a request, or without anything. */
export interface Call {
  readonly node: Node | undefined;
  /** All selected rows, the called one included; for a key, those that are selected in the view with the focus. */
  readonly nodes: readonly Node[];
  /** The document whose menu it was called from. */
  readonly document: vscode.Uri | undefined;
  /** What a program, a keybinding or a link asked for. */
  readonly request: Json | undefined;
}

export type Handler = (call: Call) => unknown;

/**
 * Says what a command does. A failure is shown once: to the person, with the one thing that helps, or to the program that
 * made the request, as a rejection. Arguments that make no sense are always rejected: VS Code shows that.
 */
export function register(context: CommandContext, id: CommandId, handler: Handler): vscode.Disposable {
  context.handlers.set(id, async (...args) => {
    let call: Call | undefined;
    try {
      call = withSelection(context, readCall(args));
      checkConnections(context, call);
      return await handler(call);
    } catch (thrown) {
      if (isAbort(thrown)) {
        return undefined;
      }
      const error = presentable(context, thrown);
      context.log.error(`${id}: ${context.redactor.redact(error.message)}`);
      if (call === undefined || (call.request !== undefined && !isPartial(call.request))) {
        throw plainError(error);
      }
      void showError(context, error, connectionOf(context, call));
      return undefined;
    }
  });
  return new vscode.Disposable(() => context.handlers.delete(id));
}

/** What is known of requests; anything else in one says nothing to Sendmap. */
const REQUEST = {
  provider: 'string',
  apiKey: 'string',
  label: 'string',
  connectionId: 'string',
  account: 'string',
  campaign: 'string',
  domain: 'string',
  filter: 'string',
  since: 'string',
  /** The id of a rule of Health. */
  finding: 'string',
  /** Of a change in the change log. */
  id: 'string',
  person: 'boolean',
  /** Of a key: the view whose selected rows the command is about. */
  view: 'string',
} as const;

/** What is known of requests as lists of identifiers. */
const LISTS = ['accounts', 'campaigns'] as const;

/** @throws {Error} with a sentence, where the arguments are neither those of a menu nor a request. */
function readCall(args: readonly unknown[]): Call {
  let call: Call;
  try {
    call = tellApart(args);
  } catch {
    // A program may pass anything, even what throws when it is read.
    throw new Error(
      t('The argument of this command must be an object of plain data, such as {0}.', '{ "connectionId": "…" }'),
    );
  }
  // VS Code does not know rows whose list it is just asking for again.
  if (Array.isArray(args[1]) && args[1].some((row) => row === undefined || row === null)) {
    throw new Error(t('The list has just changed. Choose the command again.'));
  }
  for (const [name, type] of Object.entries(REQUEST)) {
    const value = call.request?.[name];
    if (value !== undefined && typeof value !== type) {
      throw new Error(
        type === 'string'
          ? t('"{0}" in the argument of this command must be a string.', name)
          : t('"{0}" in the argument of this command must be true or false.', name),
      );
    }
  }
  for (const name of LISTS) {
    const list = call.request?.[name];
    if (list !== undefined && !(Array.isArray(list) && list.length > 0 && list.every(isIdentifier))) {
      throw new Error(t('"{0}" in the argument of this command has to be a list of identifiers.', name));
    }
  }
  for (const name of ['account', 'campaign']) {
    const id = requested(call.request, name);
    if (id !== undefined && !isIdentifier(id)) {
      throw new Error(t('"{0}" in the argument of this command must be an identifier.', name));
    }
  }
  return call;
}

/** Rows and documents are what VS Code gives; undefined, or null where it came over the wire, is nothing. */
function tellApart([first, second]: readonly unknown[]): Call {
  const nothing = first === undefined || first === null;
  const document = first instanceof vscode.Uri ? first : undefined;
  const node = isNode(first) ? first : undefined;
  const selected = Array.isArray(second) ? second.filter(isNode) : [];
  const nodes = node !== undefined && !selected.includes(node) ? [node] : selected;
  return { node, nodes, document, request: nothing || document || node ? undefined : plainObject(first) };
}

/** A copy of an object that holds data and nothing else. @throws where it is none. */
function plainObject(value: unknown): Json {
  const copy: unknown = JSON.parse(JSON.stringify(value));
  if (!isObject(copy)) {
    throw new TypeError('not an object');
  }
  return copy;
}

/** VS Code gives a row to menus and not to keys, which name their view instead. */
function withSelection({ accounts, campaigns, findings }: CommandContext, call: Call): Call {
  const view = requested(call.request, 'view');
  const selected = { [views.accounts]: accounts, [views.campaigns]: campaigns, [views.health]: findings }[view ?? '']
    ?.selection;
  return selected === undefined ? call : { ...call, node: selected[0], nodes: selected };
}

/** @throws {ServiceError} where a row or a request names a connection that is not there, or not any more. */
function checkConnections({ sessions }: CommandContext, { nodes, request }: Call): void {
  for (const { connectionId } of nodes) {
    sessions.connection(connectionId);
  }
  const id = requested(request, 'connectionId');
  if (id !== undefined) {
    sessions.connection(id);
  }
}

/** What may be shown of an error. An unexpected one goes to the log, and a sentence replaces it. */
function presentable({ log, redactor }: CommandContext, error: unknown): Error {
  if (error instanceof Error && !isMistake(error)) {
    return error;
  }
  log.error(redactor.redact(stackOf(error)));
  return internalError();
}

/** A request that leaves something to ask comes from a link or a keybinding, with a person behind it; a lens says so. */
function isPartial(request: Json): boolean {
  return request['person'] === true || (request['connectionId'] === undefined && request['apiKey'] === undefined);
}

function connectionOf(context: CommandContext, { node, request }: Call): Connection | undefined {
  const id = node?.connectionId ?? request?.['connectionId'];
  return typeof id === 'string' ? context.sessions.store.get(id) : undefined;
}

const FIX_COMMANDS: Partial<Readonly<Record<Fix, readonly [command: string, title: () => string]>>> = {
  replaceKey: [commands.replaceKey, () => t('Replace key…')],
  checkKey: [commands.checkKey, () => t('Check key and scopes')],
  openSettings: ['workbench.action.openSettings', () => t('Open settings')],
  showLog: [commands.showLog, () => t('Show log')],
};

/** Shows an error as a sentence that says what happened to what, and the one step that helps. */
export async function showError(context: CommandContext, thrown: unknown, connection?: Connection): Promise<void> {
  const error = presentable(context, thrown);
  const words = context.redactor.redact(error.message);
  const subject =
    connection === undefined || words.startsWith(connection.label) ? words : t('{0}: {1}', connection.label, words);
  if (error instanceof DocumentTooLarge) {
    const save = t('Save As…');
    if ((await showWarning(words, save)) === save) {
      await vscode.commands.executeCommand(commands.saveJson, error.uri);
    }
    return;
  }
  if (!isServiceError(error)) {
    await showErrorText(subject);
    return;
  }
  const next = nextStep(error);
  const fix = FIX_COMMANDS[next.fix];
  const title = fix?.[1]();
  const chosen = await showErrorText(`${subject} ${next.words}`, ...(title === undefined ? [] : [title]));
  if (fix !== undefined && chosen === title) {
    const argument =
      next.fix === 'openSettings' ? error.setting : connection && { connectionId: connection.id, person: true };
    await vscode.commands.executeCommand(fix[0], argument);
  }
}

/** A property of a request that has to be a non-empty string. */
export function requested(request: Json | undefined, name: string): string | undefined {
  const value = request?.[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** The accounts that a request names: one, or a list. */
export function requestedAccounts(request: Json | undefined): readonly string[] {
  return requestedList(request, 'account', 'accounts');
}

/** The same for campaigns. */
export function requestedCampaigns(request: Json | undefined): readonly string[] {
  return requestedList(request, 'campaign', 'campaigns');
}

function requestedList(request: Json | undefined, singular: string, plural: string): readonly string[] {
  const one = requested(request, singular);
  const list = request?.[plural];
  return one === undefined ? (Array.isArray(list) ? list.filter(isIdentifier) : []) : [one];
}
