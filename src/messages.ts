import * as vscode from 'vscode';
import { plainText } from './plainText.ts';

/*
 * The one way from Sendmap to notifications, dialogs, boxes, the status bar, progress and the messages of views.
 * Everything here comes out as plain text: see `plainText.ts`. A lint rule bans the functions of VS Code elsewhere.
 */

/** Shows a message with actions. @returns the action that was chosen. */
export function showInformation(message: string, ...actions: string[]): Thenable<string | undefined> {
  return vscode.window.showInformationMessage(plainText(message), ...actions);
}

/** Shows a warning with actions. @returns the action that was chosen. */
export function showWarning(message: string, ...actions: string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(plainText(message), ...actions);
}

/** Shows an error as it is worded, with actions; see `showError` in `commands/register.ts` for errors of services. */
export function showErrorText(message: string, ...actions: string[]): Thenable<string | undefined> {
  return vscode.window.showErrorMessage(plainText(message), ...actions);
}

/** An error that VS Code may show, as it does where a keybinding ran the command that failed: the same one, made plain. */
export function plainError<T extends Error>(error: T): T {
  error.message = plainText(error.message);
  return error;
}

/** Asks in a modal dialog before something is done. @returns whether the action was chosen. */
export async function confirm(message: string, detail: string, action: string): Promise<boolean> {
  return (await confirmOne(message, detail, action)) === action;
}

/** The same with several actions. @returns the one that was chosen; undefined where the person left. */
export async function confirmOne(message: string, detail: string, ...actions: string[]): Promise<string | undefined> {
  const options = { modal: true, detail: plainText(detail) };
  // An action may name what it is about.
  const labels = actions.map((action) => plainText(action, LONGEST_ACTION));
  const chosen = await vscode.window.showWarningMessage(plainText(message), options, ...labels);
  return chosen === undefined ? undefined : actions[labels.indexOf(chosen)];
}

/** Characters that a button has room for. */
const LONGEST_ACTION = 120;

/** An item of the status bar. Its text may have icons, so nothing from a service goes into it. */
export function createStatusItem(id: string, name: string): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem(id, vscode.StatusBarAlignment.Left);
  item.name = name;
  return item;
}

/** Says in the status bar, for four seconds, that something was done. */
export function showDone(message: string): void {
  void vscode.window.setStatusBarMessage(`$(check) ${plainText(message)}`, 4000);
}

/** Sets what stands above the rows of a view; VS Code takes a new message for a change, so an equal one is not set. */
export function setViewMessage(view: vscode.TreeView<unknown>, message: string): void {
  const plain = plainText(message);
  if ((view.message ?? '') !== plain) {
    view.message = plain;
  }
}

/** Runs a task behind the progress bar of a view. */
export function withViewProgress<T>(viewId: string, task: () => Thenable<T>): Thenable<T> {
  return vscode.window.withProgress({ location: { viewId } }, task);
}

/** Runs a task with a title in the status bar. */
export function withStatusProgress<T>(title: string, task: () => Thenable<T>): Thenable<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: plainText(title) }, task);
}

/** How far a task is: what was done since the last report, in percent, and words. */
export type Report = (increment: number, message: string) => void;

/** Runs a task in a notification, where it can be cancelled. */
export function withNotifiedProgress<T>(
  title: string,
  task: (report: Report, token: vscode.CancellationToken) => Thenable<T>,
): Thenable<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: plainText(title), cancellable: true },
    (progress, token) =>
      task((increment, message) => {
        progress.report({ increment, message: plainText(message) });
      }, token),
  );
}

/** A box for one line of text. */
export function createInputBox(): vscode.InputBox {
  return plainly(vscode.window.createInputBox());
}

/** A box with things to pick from. */
export function createQuickPick<T extends vscode.QuickPickItem>(): vscode.QuickPick<T> {
  return plainly(vscode.window.createQuickPick<T>());
}

/** A box on which every text that is set comes out plain, but for what the person types. */
function plainly<T extends vscode.QuickInput>(box: T): T {
  return new Proxy(box, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
    set: (target, name, value) => Reflect.set(target, name, name === 'value' ? value : plainParts(value), target),
  });
}

/** Makes the texts of a box plain: a title, a message, or the items and buttons, which stay the objects that they are. */
function plainParts(value: unknown): unknown {
  if (typeof value === 'string') {
    return plainText(value);
  }
  if (Array.isArray(value)) {
    value.forEach(cleanItem);
  }
  return value;
}

function cleanItem(item: Partial<Record<'label' | 'description' | 'detail' | 'tooltip', unknown>>): void {
  for (const name of ['label', 'description', 'detail', 'tooltip'] as const) {
    if (typeof item[name] === 'string') {
      item[name] = plainText(item[name]);
    }
  }
}
