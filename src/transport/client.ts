import { setTimeout as sleep } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import { checkBaseUrl } from './baseUrl.ts';
import { ServiceError, type ErrorKind } from './errors.ts';
import {
  isTransportFailure,
  type HttpAnswer,
  type HttpClient,
  type HttpRequest,
  type TransportFailure,
} from './http.ts';
import { parseObject } from './json.ts';
import { KeyMask } from './keyMask.ts';
import { answerLimits, excessOf, MOST_LEVELS, MOST_VALUES } from './limits.ts';
import type { Log } from './log.ts';
import { Pace } from './pace.ts';
import { defaultKind, type ServiceProfile } from './profile.ts';
import { KeyQueue, type Priority } from './queue.ts';
import type { Redactor } from './redaction.ts';
import { timeForWork } from './turns.ts';

/** Settings that may change while a client lives; read at each request. */
export interface ClientSettings {
  baseUrl(): Promise<string> | string;
  /** Requests under way at once for one key; 0: what suits the service. */
  concurrency(): number;
  /** Requests a minute that the person allows; 0: whatever the service allows. */
  requestsPerMinute(): number;
  /** The HTTP client, loaded with the first request. */
  http(): Promise<HttpClient>;
}

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

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Tries of one read, the first included, by what went wrong. Everything here is a read, so every retry is safe. */
const TRIES: Partial<Readonly<Record<ErrorKind, number>>> = { rateLimited: 6, unavailable: 4, network: 3, timeout: 2 };
const FIRST_RETRY = 400;
/** A person is not kept waiting longer than this for a rate limit; background work is more patient. */
const PATIENCE: Readonly<Record<Priority, number>> = {
  interactive: 20_000,
  background: 10 * 60_000,
  automatic: 10 * 60_000,
};
/** As package.json has it, for what settings.json says without it. */
const MOST_CONCURRENT = 16;

let lastRequest = 0;

/** Reads from one service with one key: paced, retried, classified, logged without secrets, and abortable. */
export class Client {
  readonly #key: string | undefined;
  readonly #mask = new KeyMask();
  readonly #profile: ServiceProfile;
  readonly #settings: ClientSettings;
  readonly #redactor: Redactor;
  readonly #log: Log;
  readonly #pace: Pace;
  readonly #queue: KeyQueue;
  readonly #disposed = new AbortController();
  readonly #waiters = new Set<(until: number | undefined) => void>();
  #probing: Promise<void> | undefined;

  /** `key` undefined: it is lost, and every read is refused until there is one again. */
  constructor(
    key: string | undefined,
    profile: ServiceProfile,
    settings: ClientSettings,
    redactor: Redactor,
    log: Log,
  ) {
    this.#key = key;
    this.#profile = profile;
    this.#settings = settings;
    this.#redactor = redactor;
    this.#log = log;
    if (key !== undefined) {
      this.#mask.add(key);
      redactor.add(key);
    }
    this.#pace = new Pace(profile.limits, () => settings.requestsPerMinute() || Infinity);
    this.#queue = new KeyQueue(this.#pace, this.concurrency);
  }

  /** True where this client works with that key; the key itself does not leave the client. */
  hasKey(key: string | undefined): boolean {
    return key === this.#key;
  }

  /** Requests that may be under way at once, 1 to 16. */
  get concurrency(): number {
    const wanted = Math.floor(this.#settings.concurrency()) || this.#profile.concurrency;
    return Math.min(MOST_CONCURRENT, Math.max(1, wanted));
  }

  /** Until when the service asked to be left alone, in milliseconds since the epoch. */
  get waitingUntil(): number | undefined {
    return this.#pace.pausedUntil;
  }

  /** Calls back when the service asks to be left alone, with the time until when. */
  onWait(listener: (until: number | undefined) => void): { dispose(): void } {
    this.#waiters.add(listener);
    return { dispose: () => this.#waiters.delete(listener) };
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
    if (this.#profile.postReads?.includes(path) !== true) {
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
    const priority = options.priority ?? 'interactive';
    const signal = options.signal ? AbortSignal.any([options.signal, this.#disposed.signal]) : this.#disposed.signal;
    const { limit = answerLimits.record, unread = false } = options;
    const { url, headers } = await this.#request(path, query);
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
    }
    this.#queue.concurrency = this.concurrency;
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      const probe = options.probe === true && this.#waitsTooLong('interactive');
      const send = () => this.#send(route, { url, headers, signal, limit, body }, { probe, unread });
      const outcome = probe ? await this.#outOfTurn(send) : await this.#inTurn(priority, signal, send);
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
    if (this.#probing === undefined && this.#waitsTooLong('interactive') && this.#pace.probe()) {
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
    if (this.#isHiddenError(answer, () => body)) {
      throw this.#failureOf(answer);
    }
  }

  /** Aborts everything under way and refuses everything after. */
  dispose(): void {
    this.#disposed.abort();
    this.#queue.dispose();
    this.#waiters.clear();
  }

  async #outOfTurn<T>(task: () => Promise<T>): Promise<T> {
    this.#pace.take();
    try {
      return await task();
    } finally {
      this.#pace.release();
      this.#queue.holdBack();
    }
  }

  /** Queues a task, and gives up where the service asks, then or later, for a longer wait than the priority allows. */
  async #inTurn<T>(priority: Priority, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    this.#refuseLongWaits(priority);
    const impatience = new AbortController();
    const waits = this.onWait(() => {
      try {
        this.#refuseLongWaits(priority);
      } catch (error) {
        impatience.abort(error);
      }
    });
    const start = () => {
      waits.dispose();
      return task();
    };
    try {
      return await this.#queue.run(start, priority, AbortSignal.any([signal, impatience.signal]));
    } finally {
      waits.dispose();
    }
  }

  async #send(
    route: string,
    request: HttpRequest,
    { probe, unread }: { readonly probe: boolean; readonly unread: boolean },
  ): Promise<HttpAnswer | ServiceError> {
    const { signal, limit } = request;
    const method = request.body === undefined ? 'GET' : 'POST';
    const id = ++lastRequest;
    const started = performance.now();
    try {
      // Asked for with each try: the settings, and with them the client, may have changed meanwhile.
      const http = await this.#settings.http();
      const arrived = await http.read(request);
      await timeForWork();
      // Before anything reads the answer: a key that a service repeats goes nowhere.
      const answer = { ...arrived, text: await this.#mask.maskAnswer(arrived.text) };
      this.#learn(answer, probe);
      const took = Math.round(performance.now() - started);
      this.#log.debug(
        `#${id} ${this.#profile.name} ${method} ${route} ${answer.status} ${took} ms ${answer.text.length} characters`,
      );
      const refused = answer.status < 200 || answer.status >= 300;
      if (refused || (!unread && this.#isHiddenError(answer, () => parseObject(answer.text)))) {
        return this.#failureOf(answer);
      }
      return this.#excess(answer) ?? answer;
    } catch (error) {
      if (signal.aborted) {
        signal.throwIfAborted();
      }
      if (!isTransportFailure(error)) {
        // A setting that cannot be used, or a mistake of ours: neither gets better by another try.
        throw error;
      }
      const message = this.#redactor.redact(transportMessage(error, limit));
      this.#log.warn(`#${id} ${this.#profile.name} ${method} ${route} ${error.reason}: ${message}`);
      return new ServiceError(error.reason, { service: this.#profile.name, serviceMessage: message });
    }
  }

  #learn(answer: HttpAnswer, probe: boolean): void {
    const changed = this.#pace.learn(answer, probe);
    this.#queue.holdBack();
    if (changed) {
      const until = this.#pace.pausedUntil;
      for (const listener of this.#waiters) {
        listener(until);
      }
    }
  }

  #isHiddenError({ text }: HttpAnswer, body: () => unknown): boolean {
    return text.length <= LONGEST_SAID && this.#profile.isError?.(body()) === true;
  }

  #failureOf(whole: HttpAnswer): ServiceError {
    const answer = { ...whole, text: whole.text.slice(0, LONGEST_REFUSAL) };
    const kind = this.#profile.classify?.(answer) ?? defaultKind(answer);
    const said = this.#profile.messageOf(answer);
    return new ServiceError(kind, {
      service: this.#profile.name,
      status: answer.status,
      serviceMessage: said === undefined ? undefined : shorten(this.#redactor.redact(said.slice(0, LONGEST_SAID))),
      retryAt: kind === 'rateLimited' || kind === 'unavailable' ? this.#pace.pausedUntil : undefined,
    });
  }

  #excess({ status, text }: HttpAnswer): ServiceError | undefined {
    const excess = excessOf(text);
    if (excess === undefined) {
      return undefined;
    }
    const serviceMessage =
      excess === 'levels'
        ? t('it nests more than {0} levels deep', MOST_LEVELS)
        : t('it has more than {0} values', MOST_VALUES.toLocaleString());
    return new ServiceError('malformed', { service: this.#profile.name, status, serviceMessage });
  }

  /** Milliseconds until the next try; undefined: another try would not help, come too late, or there were enough. */
  #retryIn(error: ServiceError, attempt: number, priority: Priority): number | undefined {
    if (attempt >= (TRIES[error.kind] ?? 1) || this.#waitsTooLong(priority)) {
      return undefined;
    }
    // After a 429 the queue stands still until the pace lets it go on; no wait of our own on top.
    return error.kind === 'rateLimited' ? 0 : FIRST_RETRY * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
  }

  #waitsTooLong(priority: Priority): boolean {
    return this.#pace.pausedFor > PATIENCE[priority];
  }

  #refuseLongWaits(priority: Priority): void {
    if (this.#waitsTooLong(priority)) {
      throw new ServiceError('rateLimited', { service: this.#profile.name, retryAt: this.#pace.pausedUntil });
    }
  }

  async #request(path: string, query: Query): Promise<{ url: URL; headers: Record<string, string> }> {
    if (this.#key === undefined) {
      const serviceMessage = t('the keychain of this computer did not keep the key of this connection');
      throw new ServiceError('badKey', { service: this.#profile.name, serviceMessage });
    }
    const url = new URL(checkBaseUrl(await this.#settings.baseUrl(), this.#profile) + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) {
        url.searchParams.set(name, String(value));
      }
    }
    const headers: Record<string, string> = {
      accept: 'application/json',
      // An explicit agent: Cloudflare refuses some default ones (Instantly FACTS 3.1, Smartlead FACTS 2).
      'user-agent': USER_AGENT,
    };
    this.#profile.authorize(this.#key, url, headers);
    return { url, headers };
  }
}

/** What is read of an answer that is an error, in characters: a page of megabytes says no more than its beginning. */
const LONGEST_REFUSAL = 100_000;
/** What is redacted of a service's words before they are shortened, in characters. */
const LONGEST_SAID = 10_000;

const USER_AGENT = 'Sendmap/0.1 (VS Code extension)';

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 100_000) / 10} MB`;
}

function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 199).toWellFormed()}…`;
}

function transportMessage({ code, message, detail }: TransportFailure, limit: number): string {
  switch (code) {
    case 'TOO_LARGE':
      return t('it has {0} or more, where {1} is the most', megabytes(Number(detail)), megabytes(limit));
    case 'UNKNOWN_ENCODING':
      return t('it is packed as "{0}", which Sendmap cannot unpack', shorten(String(detail)));
    case 'DAMAGED':
      return t('it cannot be unpacked, {0}', String(detail));
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return t('the name of the server cannot be resolved');
    case 'ECONNREFUSED':
      return t('the connection was refused');
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
    case 'EPIPE':
      return t('the connection broke');
    case 'UND_ERR_CONNECT_TIMEOUT':
      return t('no connection within the time limit');
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return t('its certificate is not trusted here ({0}); a proxy may replace it, see http.systemCertificates', code);
    case 'CERT_HAS_EXPIRED':
      return t('its certificate has expired');
    default:
      return code === undefined || message.includes(code) ? message : `${message}, ${code}`;
  }
}
