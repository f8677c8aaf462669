import * as vscode from 'vscode';
import type { Connection } from '../connections/connection.ts';
import { DuplicateKeyError } from '../connections/store.ts';
import { commands, views } from '../contributions.ts';
import { confirm, createQuickPick, showWarning } from '../messages.ts';
import { isProviderId, providers } from '../providers/index.ts';
import type { ProviderId } from '../providers/model.ts';
import { probe } from '../providers/probe.ts';
import type { ReadCheck } from '../providers/provider.ts';
import { isAbort, isServiceError } from '../transport/errors.ts';
import { askChoice, askConnection, askText } from './ask.ts';
import { register, requested, type Call, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

export function registerConnectionCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    register(context, commands.addConnection, (call) => addConnection(context, call)),
    register(context, commands.replaceKey, (call) => replaceKey(context, call)),
    register(context, commands.renameConnection, (call) => renameConnection(context, call)),
    register(context, commands.removeConnection, (call) => removeConnection(context, call)),
    register(context, commands.checkKey, (call) => checkKey(context, call)),
    register(context, commands.openSampleWorkspace, () => openSampleWorkspace(context)),
    register(context, commands.removeSampleWorkspace, () => removeSampleWorkspace(context)),
  );
}

/** Adds a connection: asks for what the request leaves open. @returns the id of the new connection. */
async function addConnection(context: CommandContext, { request }: Call): Promise<string | undefined> {
  const wanted = request?.['provider'];
  const key = requested(request, 'apiKey');
  if (wanted !== undefined && !isProviderId(wanted)) {
    throw new Error(
      t('There is no provider {0}. There are: {1}.', JSON.stringify(wanted), Object.keys(providers).join(', ')),
    );
  }
  if (wanted === undefined || key === undefined) {
    return addByHand(context, wanted);
  }
  const malformed = malformedKey(key);
  if (malformed !== undefined) {
    throw new Error(malformed);
  }
  const duplicate = await context.sessions.store.findKey(wanted, key);
  if (duplicate !== undefined) {
    throw new DuplicateKeyError(duplicate);
  }
  const name = await tryKey(context, wanted, key);
  return store(context, wanted, key, requested(request, 'label') ?? name ?? freeLabel(context, wanted));
}

/** The three steps of adding a connection. Going back keeps what was typed. */
async function addByHand(context: CommandContext, wanted: ProviderId | undefined): Promise<string | undefined> {
  const title = t('Add connection');
  const offset = wanted === undefined ? 1 : 0;
  const totalSteps = 2 + offset;
  let provider = wanted;
  let step: 'service' | 'key' | 'label' = wanted === undefined ? 'service' : 'key';
  let key = '';
  let label: string | undefined;
  let name: string | undefined;
  for (;;) {
    if (step === 'service' || provider === undefined) {
      const answer = await askChoice<ProviderId>(
        { title, step: 1, totalSteps, placeholder: t('Service') },
        Object.values(providers).map((info) => ({ label: info.name, value: info.id })),
      );
      if (answer === undefined || 'back' in answer) {
        return undefined;
      }
      if (answer.value !== provider) {
        // What was typed belongs to the other service.
        [key, label, name] = ['', undefined, undefined];
      }
      provider = answer.value;
      step = 'key';
    } else if (step === 'key') {
      const asked = provider;
      const answer = await askKey(context, asked, {
        title: t('Add connection: {0}', providers[asked].name),
        step: 1 + offset,
        totalSteps,
        value: key,
        onName: (found) => {
          name = found;
        },
      });
      if (answer === undefined) {
        return undefined;
      }
      if ('back' in answer) {
        key = answer.back;
        step = 'service';
        continue;
      }
      key = answer.value;
      step = 'label';
    } else {
      const answer = await askText({
        title: t('Add connection: {0}', providers[provider].name),
        step: 2 + offset,
        totalSteps,
        prompt: t('A name for this connection, for you alone'),
        value: label ?? name ?? freeLabel(context, provider),
        check: checkLabel,
      });
      if (answer === undefined) {
        return undefined;
      }
      if ('back' in answer) {
        label = answer.back;
        step = 'key';
        continue;
      }
      label = answer.value;
      return store(context, provider, key, label);
    }
  }
}

interface KeyStep {
  readonly title: string;
  readonly step?: number;
  readonly totalSteps?: number;
  readonly value?: string;
  /** A connection that may have the key already: the one whose key is replaced. */
  readonly except?: Connection;
  readonly onName?: (name: string | undefined) => void;
}

function askKey(context: CommandContext, provider: ProviderId, step: KeyStep) {
  const info = providers[provider];
  return askText({
    ...step,
    password: true,
    prompt: info.keyAdvice(),
    placeholder: t('{0} API key', info.name),
    page: { url: info.keyPage, title: t('Open the page where {0} keys are made', info.name) },
    check: async (key, signal) => {
      const malformed = malformedKey(key);
      if (malformed !== undefined) {
        return malformed;
      }
      try {
        const duplicate = await context.sessions.store.findKey(provider, key);
        if (duplicate !== undefined && duplicate.id !== step.except?.id) {
          return new DuplicateKeyError(duplicate).message;
        }
        step.onName?.(await tryKey(context, provider, key, signal));
        return undefined;
      } catch (error) {
        if (isAbort(error) || isServiceError(error)) {
          return isAbort(error) ? t('Cancelled') : (error as Error).message;
        }
        throw error;
      }
    },
  });
}

/** A key travels in a header or a query string; what cannot do that is a paste that went wrong. */
function malformedKey(key: string): string | undefined {
  if (key === '') {
    return t('Paste the key here.');
  }
  return /^[\x21-\x7e]+$/.test(key) ? undefined : t('A key is one word without spaces. Copy it again.');
}

/** Asks the service about a key that is not stored. @returns the workspace's name. @throws {ServiceError} */
async function tryKey(
  context: CommandContext,
  provider: ProviderId,
  key: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const probe = context.sessions.probe(provider, key);
  try {
    return (await probe.checkKey({ signal })).name;
  } finally {
    probe.client.dispose();
  }
}

async function store(context: CommandContext, provider: ProviderId, key: string, label: string): Promise<string> {
  const { connection, persisted } = await context.sessions.store.add(provider, key, label);
  warnUnlessPersisted(connection, persisted);
  return connection.id;
}

function warnUnlessPersisted(connection: Connection, persisted: boolean): void {
  if (!persisted) {
    void showWarning(
      t(
        'The keychain of this computer did not keep the key of "{0}". Set up a keychain for VS Code, then replace the key.',
        connection.label,
      ),
    );
  }
}

function freeLabel(context: CommandContext, provider: ProviderId): string {
  const taken = new Set(context.sessions.store.list().map(({ label }) => label));
  const { name } = providers[provider];
  for (let number = 1; ; number += 1) {
    const label = number === 1 ? name : `${name} ${number}`;
    if (!taken.has(label)) {
      return label;
    }
  }
}

function checkLabel(label: string): Promise<string | undefined> {
  return Promise.resolve(label === '' ? t('A connection needs a name.') : undefined);
}

/** The connection of a row or a request, or the one of those that fit that the person picks. */
async function connectionOf(
  context: CommandContext,
  { node, request }: Call,
  title: string,
  fits?: (connection: Connection) => boolean,
): Promise<Connection | undefined> {
  const id = node?.connectionId ?? requested(request, 'connection') ?? requested(request, 'connectionId');
  return id === undefined ? askConnection(context, title, fits) : context.sessions.store.get(id);
}

async function replaceKey(context: CommandContext, call: Call): Promise<void> {
  const connection = await connectionOf(context, call, t('Replace key'), ({ sample }) => !sample);
  if (connection === undefined) {
    return;
  }
  if (connection.sample) {
    throw new Error(t('A sample connection has no key to replace.'));
  }
  const title = t('Replace the key of "{0}"', connection.label);
  const answer = await askKey(context, connection.provider, { title, except: connection });
  if (answer !== undefined && 'value' in answer) {
    warnUnlessPersisted(connection, await context.sessions.store.replaceKey(connection.id, answer.value));
  }
}

async function renameConnection(context: CommandContext, call: Call): Promise<void> {
  const connection = await connectionOf(context, call, t('Rename connection'));
  if (connection === undefined) {
    return;
  }
  const answer = await askText({
    title: t('Rename "{0}"', connection.label),
    value: connection.label,
    check: checkLabel,
  });
  if (answer !== undefined && 'value' in answer) {
    await context.sessions.store.rename(connection.id, answer.value);
  }
}

async function removeConnection(context: CommandContext, call: Call): Promise<void> {
  const connection = await connectionOf(context, call, t('Remove connection'));
  if (connection === undefined) {
    return;
  }
  const detail = t(
    'Its key is deleted from the keychain of this computer. Nothing changes in {0}.',
    providers[connection.provider].name,
  );
  const message = t('Remove the connection "{0}"?', connection.label);
  if (await confirm(message, detail, t('Remove'))) {
    await context.sessions.store.remove(connection.id);
  }
}

const CHECK_ICONS: Readonly<Record<ReadCheck['result'], string>> = {
  allowed: 'pass',
  missingScope: 'circle-slash',
  refused: 'error',
  failed: 'warning',
};

/** Tries each read that Sendmap needs and lists how the key fared, while it goes. */
async function checkKey(context: CommandContext, call: Call): Promise<void> {
  const connection = await connectionOf(context, call, t('Check key and scopes'));
  if (connection === undefined) {
    return;
  }
  const words: Readonly<Record<ReadCheck['result'], string>> = {
    allowed: t('allowed'),
    missingScope: t('missing scope'),
    refused: t('refused'),
    failed: t('could not be checked'),
  };
  const { provider } = await context.sessions.get(connection.id);
  const pick = createQuickPick();
  const leaving = new AbortController();
  pick.title = t('Key of "{0}"', connection.label);
  pick.placeholder = t('What Sendmap reads, and whether this key may');
  pick.busy = true;
  pick.ignoreFocusOut = true;
  pick.onDidHide(() => {
    leaving.abort();
    pick.dispose();
  });
  pick.onDidAccept(() => {
    pick.hide();
  });
  pick.show();
  await probe(provider);
  for await (const check of provider.checkReads({ signal: leaving.signal })) {
    const item: vscode.QuickPickItem = {
      label: check.what,
      iconPath: new vscode.ThemeIcon(CHECK_ICONS[check.result]),
      description: [words[check.result], check.scope].filter(Boolean).join(' · '),
      ...(check.message === undefined ? {} : { detail: check.message }),
    };
    pick.items = [...pick.items, item];
  }
  pick.busy = false;
}

/** Adds the two sample connections, or those of them that are missing, and shows the view. */
async function openSampleWorkspace(context: CommandContext): Promise<void> {
  const { store } = context.sessions;
  const samples: readonly (readonly [ProviderId, string])[] = [
    ['instantly', t('Northwind outbound (sample)')],
    ['smartlead', t('Client: Fabrikam (sample)')],
  ];
  for (const [provider, label] of samples) {
    if (!store.list().some((connection) => connection.sample && connection.provider === provider)) {
      await store.addSample(provider, label);
    }
  }
  await vscode.commands.executeCommand(`${views.accounts}.focus`);
}

async function removeSampleWorkspace(context: CommandContext): Promise<void> {
  const { store } = context.sessions;
  for (const { id, sample } of store.list()) {
    if (sample) {
      await store.remove(id);
    }
  }
  await context.sample.stop();
}
