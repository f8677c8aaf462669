import { isAbort, isServiceError, ServiceError } from './errors.ts';
import type { HttpAnswer, WriteMethod } from './http.ts';
import { answerLimits } from './limits.ts';
import type { Query, Wire } from './wire.ts';

/** One change, as a service takes it. */
export interface Write {
  readonly method: WriteMethod;
  /** The path template, for the log. */
  readonly route: string;
  /** The real path below the base URL, percent-encoded. */
  readonly path: string;
  readonly query?: Query;
  /** Plain data; undefined: the request has no body, and no content type either (Instantly FACTS 3.2). */
  readonly body?: object | undefined;
  /** True: it replaces what was read before it, so that it is old after a pause that the service asks for. */
  readonly once?: boolean;
}

/** What writes go behind: everything that a person waits for. */
const PRIORITY = 'background';
/** Tries of one change that the service refuses to look at. */
export const TRIES = 6;

/**
 * Sends changes with one key, and is the only way to: every change of Sendmap goes through {@link Writer.send}. No
 * service has idempotency keys, so a change is sent a second time only where the service said that it did nothing (429).
 */
export class Writer {
  readonly #wire: Wire;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /**
   * Sends one change. The signal takes it out of the queue; once it has left, its answer is waited for.
   *
   * @throws {ServiceError} `changesOff` where changes are not allowed; otherwise of whatever kind, and {@link isRefusal}
   * says whether nothing was done or nobody knows. AbortError only where it was never sent.
   */
  async send(write: Write, signal: AbortSignal): Promise<HttpAnswer> {
    const wire = this.#wire;
    this.#checkAllowed();
    const { url, headers } = await wire.request(write.path, write.query);
    const body = write.body === undefined ? undefined : JSON.stringify(write.body);
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
    }
    const request = { url, headers, signal: wire.disposed, limit: answerLimits.record, body };
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#inTurn(signal, () => {
        // The setting may have been turned off while this waited for its turn.
        this.#checkAllowed();
        return wire.send(write.route, write.method, request).catch((error: unknown) => {
          throw isAbort(error) ? new ServiceError('ended', { service: wire.profile.name }) : error;
        });
      });
      if (!(outcome instanceof ServiceError)) {
        return outcome;
      }
      if (outcome.kind !== 'rateLimited' || write.once === true || attempt >= TRIES || wire.waitsTooLong(PRIORITY)) {
        throw outcome;
      }
    }
  }

  /** The queue gives up even on what it has started where its signal says so: it is not shown one that comes later. */
  async #inTurn<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    const waiting = this.#wire.begin(signal);
    try {
      waiting.signal.throwIfAborted();
      return await this.#wire.inTurn(PRIORITY, waiting, () => {
        waiting.over();
        return task();
      });
    } finally {
      waiting.over();
    }
  }

  #checkAllowed(): void {
    if (!this.#wire.mayChange) {
      throw new ServiceError('changesOff', { service: this.#wire.profile.name, setting: ALLOW_CHANGES });
    }
  }
}

/** The setting that allows changes. */
export const ALLOW_CHANGES = 'sendmap.allowChanges';

/** Kinds of failures of which none was sent, whatever else is known. */
const UNSENT: ReadonlySet<ServiceError['kind']> = new Set([
  'changesOff',
  'keychain',
  'setting',
  'badKey',
  'rateLimited',
]);

/** Failures of what is read before a change is sent. */
const beforeSent = new WeakSet<object>();

/** Reads what a change replaces: where that fails, the change was not sent. @throws what `read` throws. */
export async function readFirst<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (isServiceError(error)) {
      beforeSent.add(error);
    }
    throw error;
  }
}

/** True where the service did nothing: it refused the change. False where nobody knows whether it was done. */
export function isRefusal(error: ServiceError): boolean {
  const { kind, status } = error;
  return (
    beforeSent.has(error) ||
    UNSENT.has(kind) ||
    (status !== undefined && status >= 400 && status < 500 && status !== 408)
  );
}
