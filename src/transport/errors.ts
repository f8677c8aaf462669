import { inspect } from 'node:util';
import { t } from '@vscode/l10n';
import { clockOf } from './times.ts';

/** Every way in which a request can fail. The set is closed: callers may switch over it exhaustively. */
export const errorKinds = [
  'badKey',
  'missingScope',
  'planInactive',
  'notFound',
  'rateLimited',
  'unavailable',
  'blocked',
  'network',
  'timeout',
  'malformed',
  'ended',
  'internal',
  'setting',
  'keychain',
  'changesOff',
] as const;

export type ErrorKind = (typeof errorKinds)[number];

/** What a person can do about an error; the user interface offers exactly this one step. */
export type Fix = 'replaceKey' | 'checkKey' | 'retry' | 'openSettings' | 'showLog' | 'none';

export interface ErrorDetails {
  /** The service's name as a person knows it, e.g. "Instantly". */
  readonly service: string;
  /** HTTP status, absent when no answer arrived. */
  readonly status?: number | undefined;
  /** What the service itself said, at most a few hundred characters, redacted. */
  readonly serviceMessage?: string | undefined;
  /** When the service will listen again, in milliseconds since the epoch. */
  readonly retryAt?: number | undefined;
  /** The setting that has to change, for the kinds `setting` and `changesOff`. */
  readonly setting?: string | undefined;
}

/**
 * The one error type that leaves `transport/` and `providers/`. Its message is a complete sentence
 * for a person, says what happened to what, and never holds a key: see `redaction.ts`.
 */
export class ServiceError extends Error {
  override readonly name = 'SendmapError';
  readonly kind: ErrorKind;
  readonly service: string;
  readonly status: number | undefined;
  readonly serviceMessage: string | undefined;
  readonly retryAt: number | undefined;
  readonly setting: string | undefined;

  constructor(kind: ErrorKind, details: ErrorDetails) {
    super(sentence(kind, details));
    this.kind = kind;
    this.service = details.service;
    this.status = details.status;
    this.serviceMessage = details.serviceMessage;
    this.retryAt = details.retryAt;
    this.setting = details.setting;
  }
}

/** True for an error of the closed set. Compares by name, because bundles each hold their own copy of the class. */
export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && error.name === 'SendmapError' && 'kind' in error;
}

/** True where the work was cancelled on purpose: nothing to report. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** The names of the errors that the runtime throws at a mistake in the code. */
const MISTAKES = new Set([
  'AggregateError',
  'AssertionError',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
]);

/** True for an unexpected error: its words are for programmers. */
export function isMistake(error: unknown): boolean {
  return !(error instanceof Error) || MISTAKES.has(error.name);
}

/** An error for the log, which redacts it, with its stack. */
export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : inspect(error);
}

/** Replaces an unexpected error, whose details are for the log. */
export function internalError(): ServiceError {
  return new ServiceError('internal', { service: 'Sendmap' });
}

/** The next step for an error, in words and as the action that the user interface can offer. */
export function nextStep(error: ServiceError): { readonly words: string; readonly fix: Fix } {
  switch (error.kind) {
    case 'badKey':
      return { words: t('Replace the key of this connection.'), fix: 'replaceKey' };
    case 'missingScope':
      return {
        words: t('Check the scopes of this key, or replace it with a key that has them.'),
        fix: 'checkKey',
      };
    case 'planInactive':
      return { words: t('Check the plan of this workspace in {0}.', error.service), fix: 'none' };
    case 'notFound':
      return { words: t('It may have been deleted or renamed. Refresh the list.'), fix: 'retry' };
    case 'rateLimited':
      return { words: t('Wait until then and try again.'), fix: 'retry' };
    case 'unavailable':
      return { words: t('The problem is with {0} itself. Try again in a while.', error.service), fix: 'retry' };
    case 'blocked':
      return {
        words: t('The key may be fine. Try again, or try from another network.'),
        fix: 'retry',
      };
    case 'network':
      return { words: t('Check the network, and the proxy and certificate settings (http.*).'), fix: 'retry' };
    case 'timeout':
      return { words: t('Try again, or raise the setting sendmap.network.timeout.'), fix: 'retry' };
    case 'malformed':
      return { words: t('See the log for the request, and try again.'), fix: 'showLog' };
    case 'ended':
      return { words: t('Read again.'), fix: 'retry' };
    case 'internal':
      return { words: t('Try again, and report it if it happens again.'), fix: 'showLog' };
    case 'setting':
      return { words: t('Correct the setting {0}.', error.setting ?? ''), fix: 'openSettings' };
    case 'changesOff':
      return { words: t('Turn on the setting {0} to allow them.', error.setting ?? ''), fix: 'openSettings' };
    case 'keychain':
      return { words: t('Unlock or set up the keychain of this computer, then try again.'), fix: 'retry' };
  }
}

function sentence(kind: ErrorKind, details: ErrorDetails): string {
  const { service } = details;
  const said = quote(details);
  switch (kind) {
    case 'badKey':
      // Without a status nothing was sent: there is no key to send.
      return details.status === undefined
        ? t('There is no key for {0}{1}.', service, said)
        : t('{0} refused the key{1}.', service, said);
    case 'missingScope':
      return t('This key lacks permission{0}.', said);
    case 'planInactive':
      return t('{0} says that the plan of this workspace is not active{1}.', service, said);
    case 'notFound':
      return t('{0} could not find this{1}.', service, said);
    case 'rateLimited': {
      const until = details.retryAt === undefined ? undefined : clockOf(details.retryAt);
      return until === undefined
        ? t('{0} rate limit reached{1}.', service, said)
        : t('{0} rate limit reached; retrying at {2}{1}.', service, said, until);
    }
    case 'unavailable':
      return t('{0} is not available right now{1}.', service, said);
    case 'blocked':
      return t('The gateway in front of {0} blocked the request{1}.', service, said);
    case 'network':
      return t('{0} could not be reached{1}.', service, said);
    case 'timeout':
      return t('{0} did not answer in time{1}.', service, said);
    case 'malformed':
      return t('Unexpected response from {0}{1}.', service, said);
    case 'ended':
      return t('Reading from {0} stopped before it finished{1}.', service, said);
    case 'internal':
      return t('Something went wrong in Sendmap itself. The log has the details.');
    case 'setting':
      return t('The setting {0} is not valid{1}.', details.setting ?? '', said);
    case 'changesOff':
      return t('Changes are turned off, so nothing was sent to {0}.', service);
    case 'keychain':
      return t('{0} could not use the keychain of this computer{1}.', service, said);
  }
}

function quote({ status, serviceMessage }: ErrorDetails): string {
  const said = serviceMessage?.trim().replace(/\.$/, '');
  if (status !== undefined && said) {
    return ` (${status}: ${said})`;
  }
  if (status !== undefined) {
    return ` (${status})`;
  }
  return said ? ` (${said})` : '';
}
