import { setTimeout as sleep } from 'node:timers/promises';
import type { Ending } from './endings.ts';
import { ServiceError, type ErrorKind } from './errors.ts';
import type { HttpAnswer } from './http.ts';
import { answerLimits } from './limits.ts';
import type { Log } from './log.ts';
import type { ServiceProfile } from './profile.ts';
import type { Priority } from './queue.ts';
import type { Redactor } from './redaction.ts';
import { Wire, type ClientSettings, type Query } from './wire.ts';
import { Writer } from './writer.ts';

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** `interactive` unless said otherwise. */
  readonly priority?: Priority | undefined;
  /** For the pages of a list after the first, which a person does not wait for. */
  readonly laterPages?: Priority | undefined;
  /** True: the read goes through a long pause instead of being refused. Only for {@link Client.probe}. */
  readonly probe?: boolean | undefined;
  /** The most bytes that the answer may have, one of `answerLimits`; that of a record unless said otherwise. */
  readonly limit?: number | undefined;
  /**
   * True: the caller reads the body in a pass of its own, and then calls {@link Client.refuseHiddenError}. Otherwise it
   * is parsed here to look for an error in it.
   */
  readonly unread?: boolean | undefined;
}

/** The options for a page of a list. */
export function pageOptions(options: ReadOptions, first: boolean): ReadOptions {
  const page = { ...options, limit: answerLimits.page };
  return first ? page : { ...page, priority: options.laterPages ?? options.priority };
}

/** Tries of one read, the first included, by what went wrong. Everything here is a read, so every retry is safe. */
const TRIES: Partial<Readonly<Record<ErrorKind, number>>> = { rateLimited: 6, unavailable: 4, network: 3, timeout: 2 };
const FIRST_RETRY = 400;
/** Reads from one service with one key: paced, retried, classified, logged without secrets, and abortable. */
export class Client {
  /** What changes something at the service, where that is allowed. */
  readonly writer: Writer;
  readonly #wire: Wire;
  #probing: Promise<void> | undefined;

  /** `key` undefined: it is lost, and every request is refused until there is one again. */
  constructor(
    key: string | undefined,
    profile: ServiceProfile,
    settings: ClientSettings,
    redactor: Redactor,
    log: Log,
  ) {
    this.#wire = new Wire(key, profile, settings, redactor, log);
    this.writer = new Writer(this.#wire);
  }

  /** True where this client works with that key; the key itself does not leave the client. */
  hasKey(key: string | undefined): boolean {
    return this.#wire.hasKey(key);
  }

  /** Requests that may be under way at once, 1 to 16. */
  get concurrency(): number {
    return this.#wire.concurrency;
  }

  /** Until when the service asked to be left alone, in milliseconds since the epoch. */
  get waitingUntil(): number | undefined {
    return this.#wire.waitingUntil;
  }

  /** Calls back when the service asks to be left alone, with the time until when. */
  onWait(listener: (until: number | undefined) => void): { dispose(): void } {
    return this.#wire.onWait(listener);
  }

  /**
   * Reads one resource. `route` is the path template for the log, so that no address or id gets there; `path` is the
   * real path below the base URL, percent-encoded.
   *
   * @throws {ServiceError} for every failure; AbortError when the signal or the client ends it.
   */
  get(route: string, path: string, query: Query = {}, options: ReadOptions = {}): Promise<HttpAnswer> {
    return this.#read(route, path, query, undefined, options);
  }

  /**
   * A read that the service takes as POST, because its question is too long for a URL. Like every read it is tried again.
   *
   * @param path one of the profile's `postReads`; no other is sent.
   * @param question plain data.
   * @throws {ServiceError} as {@link get}
   */
  async ask(path: string, question: object, options: ReadOptions = {}): Promise<HttpAnswer> {
    if (this.#wire.profile.postReads?.includes(path) !== true) {
      throw new TypeError(`${path} is not declared as a read`);
    }
    return this.#read(path, path, {}, JSON.stringify(question), options);
  }

  async #read(
    route: string,
    path: string,
    query: Query,
    body: string | undefined,
    options: ReadOptions,
  ): Promise<HttpAnswer> {
    const ending = this.#wire.begin(options.signal);
    try {
      return await this.#try(route, path, query, body, options, ending);
    } finally {
      ending.over();
    }
  }

  async #try(
    route: string,
    path: string,
    query: Query,
    body: string | undefined,
    options: ReadOptions,
    ending: Ending,
  ): Promise<HttpAnswer> {
    const priority = options.priority ?? 'interactive';
    const { signal } = ending;
    const { limit = answerLimits.record, unread = false } = options;
    const { url, headers } = await this.#wire.request(path, query);
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
    }
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      const probe = options.probe === true && this.#wire.waitsTooLong('interactive');
      const method = body === undefined ? 'GET' : 'POST';
      const send = () => this.#wire.send(route, method, { url, headers, signal, limit, body }, { probe, unread });
      const outcome = probe ? await this.#wire.outOfTurn(send) : await this.#wire.inTurn(priority, ending, send);
      if (!(outcome instanceof ServiceError)) {
        return outcome;
      }
      const wait = this.#retryIn(outcome, attempt, priority);
      if (wait === undefined) {
        throw outcome;
      }
      await sleep(wait, undefined, { signal }).catch(() => {
        signal.throwIfAborted();
      });
    }
  }

  /**
   * Sends one read during a pause that is longer than a person waits, because only an answer shows whether the pause
   * still holds: a good one ends it, and a refusal says how long it lasts now. For what a person starts by hand. Calls
   * in the meantime wait for the same answer; within a few seconds there is no other.
   *
   * @param read makes one request with these options. Its failure is not reported: the reads that follow fail the same
   * way.
   */
  async probe(read: (options: ReadOptions) => Promise<unknown>): Promise<void> {
    if (this.#probing === undefined && this.#wire.waitsTooLong('interactive') && this.#wire.mayProbe()) {
      const over = () => {
        this.#probing = undefined;
      };
      this.#probing = read({ probe: true }).then(over, over);
    }
    await this.#probing;
  }

  /**
   * Refuses an answer that says in its body that it is an error. An error is short: in a long answer none is looked for.
   *
   * @param body what the text says, or its outline.
   * @throws {ServiceError} in the words of the service.
   */
  refuseHiddenError(answer: HttpAnswer, body: unknown): void {
    if (this.#wire.isHiddenError(answer, () => body)) {
      throw this.#wire.failureOf(answer);
    }
  }

  /** Aborts everything under way and refuses everything after. */
  dispose(): void {
    this.#wire.dispose();
  }

  /** Milliseconds until the next try; undefined: another try would not help, come too late, or there were enough. */
  #retryIn(error: ServiceError, attempt: number, priority: Priority): number | undefined {
    if (attempt >= (TRIES[error.kind] ?? 1) || this.#wire.waitsTooLong(priority)) {
      return undefined;
    }
    // After a 429 the queue stands still until the pace lets it go on; no wait of our own on top.
    return error.kind === 'rateLimited' ? 0 : FIRST_RETRY * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
  }
}
