import * as vscode from 'vscode';
import type { Connection } from '../connections/connection.ts';
import type { SampleWorkspace } from '../connections/sample.ts';
import type { Sessions } from '../connections/sessions.ts';
import { commands, type CommandId } from '../contributions.ts';
import type { Comparisons } from '../documents/compare.ts';
import type { DocumentFileSystem } from '../documents/fileSystem.ts';
import { DocumentTooLarge } from '../documents/tooLarge.ts';
import { isObject, type Json } from '../providers/fields.ts';
import type { MapKeeper } from '../connections/mapKeeper.ts';
import type { AccountsView } from '../tree/accountsView.ts';
import type { CampaignsView } from '../tree/campaignsView.ts';
import type { Node } from '../tree/nodes.ts';
import type { Log } from '../transport/client.ts';
import { isAbort, isServiceError, nextStep, type Fix } from '../transport/errors.ts';
import type { Redactor } from '../transport/redaction.ts';

const { t } = vscode.l10n;

/** What commands work with. */
export interface CommandContext {
  readonly sessions: Sessions;
  readonly sample: SampleWorkspace;
  readonly keeper: MapKeeper;
  readonly accounts: AccountsView;
  readonly campaigns: CampaignsView;
  readonly documents: DocumentFileSystem;
  readonly comparisons: Comparisons;
  readonly log: Log & { show(): void };
  readonly redactor: Redactor;
}

/** How a command was called: from a row (or several), by a program with a request, or without anything. */
export interface Call {
  readonly node: Node | undefined;
  /** All selected rows, the called one included. */
  readonly nodes: readonly Node[];
  /** The document whose menu it was called from. */
  readonly document: vscode.Uri | undefined;
  /** What a program, a keybinding or a link asked for. */
  readonly request: Json | undefined;
}

export type Handler = (call: Call) => unknown;

/**
 * Registers a command. A failure is shown once: to the person, with the one thing that helps, or to the program that
 * made the request, as a rejection.
 */
export function register(context: CommandContext, id: CommandId, handler: Handler): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
    const call = readCall(args);
    try {
      return await handler(call);
    } catch (error) {
      if (isAbort(error)) {
        return undefined;
      }
      context.log.error(`${id}: ${context.redactor.redact(error instanceof Error ? error.message : String(error))}`);
      if (call.request !== undefined && !isPartial(call.request)) {
        throw error;
      }
      const connection = connectionOf(context, call);
      void showError(context, error, connection);
      return undefined;
    }
  });
}

function readCall(args: readonly unknown[]): Call {
  const [first, second] = args;
  const node = isNode(first) ? first : undefined;
  const selected = Array.isArray(second) ? second.filter(isNode) : [];
  const nodes = node !== undefined && !selected.includes(node) ? [node] : selected;
  return {
    node,
    nodes,
    document: first instanceof vscode.Uri ? first : undefined,
    request: node === undefined && isObject(first) && !(first instanceof vscode.Uri) ? first : undefined,
  };
}

function isNode(value: unknown): value is Node {
  return (
    isObject(value) &&
    typeof value['kind'] === 'string' &&
    typeof value['connectionId'] === 'string' &&
    typeof value['id'] === 'string'
  );
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
export async function showError(context: CommandContext, error: unknown, connection?: Connection): Promise<void> {
  const words = context.redactor.redact(error instanceof Error ? error.message : String(error));
  const subject =
    connection === undefined || words.startsWith(connection.label) ? words : t('{0}: {1}', connection.label, words);
  if (error instanceof DocumentTooLarge) {
    const save = t('Save As…');
    if ((await vscode.window.showWarningMessage(words, save)) === save) {
      await vscode.commands.executeCommand(commands.saveJson, error.uri);
    }
    return;
  }
  if (!isServiceError(error)) {
    await vscode.window.showErrorMessage(subject);
    return;
  }
  const next = nextStep(error);
  const fix = FIX_COMMANDS[next.fix];
  const title = fix?.[1]();
  const chosen = await vscode.window.showErrorMessage(
    `${subject} ${next.words}`,
    ...(title === undefined ? [] : [title]),
  );
  if (fix !== undefined && chosen === title) {
    const argument = next.fix === 'openSettings' ? error.setting : connection && { connection: connection.id };
    await vscode.commands.executeCommand(fix[0], argument);
  }
}

/** A property of a request that has to be a non-empty string. */
export function requested(request: Json | undefined, name: string): string | undefined {
  const value = request?.[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
