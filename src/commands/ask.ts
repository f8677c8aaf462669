import * as vscode from 'vscode';
import type { Connection } from '../connections/connection.ts';
import { createInputBox, createQuickPick, showInformation } from '../messages.ts';
import { requested, type Call, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

/** The answer of a step: what was chosen, the wish to go back with what was typed so far, or undefined on leaving. */
export type Answer<T> = { readonly value: T } | { readonly back: string } | undefined;

interface Step {
  readonly title: string;
  readonly step?: number | undefined;
  readonly totalSteps?: number | undefined;
}

export interface TextStep extends Step {
  readonly prompt?: string;
  readonly placeholder?: string;
  readonly value?: string | undefined;
  readonly password?: boolean;
  /** A page where the person finds what is asked for. */
  readonly page?: { readonly url: string; readonly title: string };
  /** Says what is wrong with the text, or undefined. What was typed stays until it is right. */
  readonly check: (text: string, signal: AbortSignal) => Promise<string | undefined>;
}

/** Asks for one line of text, checks it while the box stays open, and keeps it where it is refused. */
export async function askText(step: TextStep): Promise<Answer<string>> {
  const box = createInputBox();
  const leaving = new AbortController();
  box.title = step.title;
  box.step = step.step;
  box.totalSteps = step.totalSteps;
  box.prompt = step.prompt;
  box.placeholder = step.placeholder;
  box.value = step.value ?? '';
  box.password = step.password ?? false;
  box.ignoreFocusOut = true;
  const open: vscode.QuickInputButton | undefined = step.page && {
    iconPath: new vscode.ThemeIcon('link-external'),
    tooltip: step.page.title,
  };
  box.buttons = [...((step.step ?? 1) > 1 ? [vscode.QuickInputButtons.Back] : []), ...(open ? [open] : [])];
  try {
    return await new Promise<Answer<string>>((resolve, reject) => {
      box.onDidTriggerButton((button) => {
        if (button === vscode.QuickInputButtons.Back) {
          resolve({ back: box.value });
        } else if (step.page !== undefined) {
          void vscode.env.openExternal(vscode.Uri.parse(step.page.url));
        }
      });
      box.onDidChangeValue(() => {
        box.validationMessage = undefined;
      });
      box.onDidHide(() => {
        resolve(undefined);
      });
      box.onDidAccept(() => {
        if (!box.enabled) {
          return;
        }
        box.enabled = false;
        box.busy = true;
        const text = box.value.trim();
        step
          .check(text, leaving.signal)
          .then((problem) => {
            if (problem === undefined) {
              resolve({ value: text });
            } else {
              box.validationMessage = problem;
            }
          }, reject)
          .finally(() => {
            box.enabled = true;
            box.busy = false;
          });
      });
      box.show();
    });
  } finally {
    leaving.abort();
    box.dispose();
  }
}

export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/** Asks for one of a few things. */
export async function askChoice<T>(
  step: Step & { readonly placeholder: string },
  choices: readonly Choice<T>[],
): Promise<Answer<T>> {
  const pick = createQuickPick<Choice<T>>();
  pick.title = step.title;
  pick.step = step.step;
  pick.totalSteps = step.totalSteps;
  pick.placeholder = step.placeholder;
  pick.ignoreFocusOut = true;
  pick.matchOnDescription = true;
  pick.items = choices;
  pick.buttons = (step.step ?? 1) > 1 ? [vscode.QuickInputButtons.Back] : [];
  try {
    return await new Promise<Answer<T>>((resolve) => {
      pick.onDidTriggerButton(() => {
        resolve({ back: pick.value });
      });
      pick.onDidHide(() => {
        resolve(undefined);
      });
      pick.onDidAccept(() => {
        const [chosen] = pick.selectedItems;
        if (chosen !== undefined) {
          resolve({ value: chosen.value });
        }
      });
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

/** Asks for some of many things. @returns undefined where the person left, or chose none. */
export async function askSeveral<T>(
  { title, placeholder }: { readonly title: string; readonly placeholder: string },
  choices: readonly Choice<T>[],
): Promise<readonly T[] | undefined> {
  const pick = createQuickPick<Choice<T>>();
  Object.assign(pick, { title, placeholder, canSelectMany: true, matchOnDescription: true, ignoreFocusOut: true });
  pick.items = choices;
  try {
    return await new Promise<readonly T[] | undefined>((resolve) => {
      pick.onDidAccept(() => {
        const chosen = pick.selectedItems.map(({ value }) => value);
        resolve(chosen.length === 0 ? undefined : chosen);
      });
      pick.onDidHide(() => {
        resolve(undefined);
      });
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

/** What was chosen; undefined where the person left or went back. */
export function valueOf<T>(answer: Answer<T>): T | undefined {
  return answer !== undefined && 'value' in answer ? answer.value : undefined;
}

/** The connection of a row or a request, or the one of those that fit that the person picks. */
export async function connectionOf(
  context: CommandContext,
  { node, request }: Pick<Call, 'node' | 'request'>,
  title: string,
  fits?: (connection: Connection) => boolean,
): Promise<Connection | undefined> {
  const id = node?.connectionId ?? requested(request, 'connectionId');
  return id === undefined ? askConnection(context, title, fits) : context.sessions.store.get(id);
}

/** Asks for a connection, unless there is only one that fits. Says so where there is none. */
async function askConnection(
  context: CommandContext,
  title: string,
  fits: (connection: Connection) => boolean = () => true,
): Promise<Connection | undefined> {
  const connections = context.sessions.store.list().filter(fits);
  const [only, ...others] = connections;
  if (only === undefined) {
    void showInformation(t('There is no connection for this yet. Add one with "Sendmap: Add Connection…".'));
    return undefined;
  }
  if (others.length === 0) {
    return only;
  }
  const answer = await askChoice(
    { title, placeholder: t('Choose a connection') },
    connections.map((connection) => ({
      label: connection.label,
      description: context.sessions.providers[connection.provider].name,
      value: connection,
    })),
  );
  return valueOf(answer);
}
