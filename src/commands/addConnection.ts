import * as vscode from 'vscode';
import { DuplicateKeyError } from '../connections/store.ts';
import { isProviderId, type ProviderId } from '../providers/index.ts';
import { askChoice, askText } from './ask.ts';
import { askKey, malformedKey, tryKey, warnUnlessPersisted } from './askKey.ts';
import { requested, type Call, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

/** Adds a connection: asks for what the request leaves open. @returns the id of the new connection. */
export async function addConnection(context: CommandContext, { request }: Call): Promise<string | undefined> {
  const wanted = request?.['provider'];
  const key = requested(request, 'apiKey');
  if (wanted !== undefined && !isProviderId(wanted, context.sessions.providers)) {
    throw new Error(
      t('Unknown provider {0}. Use {1}.', JSON.stringify(wanted), Object.keys(context.sessions.providers).join(', ')),
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
        Object.values(context.sessions.providers).map((info) => ({ label: info.name, value: info.id })),
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
        title: t('Add connection: {0}', context.sessions.providers[asked].name),
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
        title: t('Add connection: {0}', context.sessions.providers[provider].name),
        step: 2 + offset,
        totalSteps,
        prompt: t('A name for this connection; only you see it'),
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

async function store(context: CommandContext, provider: ProviderId, key: string, label: string): Promise<string> {
  const { connection, persisted } = await context.sessions.store.add(provider, key, label);
  warnUnlessPersisted(connection, persisted);
  return connection.id;
}

function freeLabel(context: CommandContext, provider: ProviderId): string {
  const taken = new Set(context.sessions.store.list().map(({ label }) => label));
  const { name } = context.sessions.providers[provider];
  for (let number = 1; ; number += 1) {
    const label = number === 1 ? name : `${name} ${number}`;
    if (!taken.has(label)) {
      return label;
    }
  }
}

/** What is wrong with the name of a connection; undefined where nothing is. */
export function checkLabel(label: string): Promise<string | undefined> {
  return Promise.resolve(label === '' ? t('Enter a name.') : undefined);
}
