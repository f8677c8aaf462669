import { t } from '@vscode/l10n';
import { checkBaseUrl } from './baseUrl.ts';
import { Endings, type Ending } from './endings.ts';
import { ServiceError } from './errors.ts';
import {
  isTransportFailure,
  type HttpAnswer,
  type HttpClient,
  type HttpRequest,
  type Method,
  type TransportFailure,
} from './http.ts';
import { parseObject } from './json.ts';
import { KeyMask } from './keyMask.ts';
import { excessOf, MOST_LEVELS, MOST_VALUES } from './limits.ts';
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
  /** Whether changes are allowed now; without it nothing but reads is sent. */
  mayChange(): boolean;
  /** The HTTP client, loaded with the first request. */
  http(): Promise<HttpClient>;
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** A person is not kept waiting longer than this for a rate limit; background work is more patient. */
const PATIENCE: Readonly<Record<Priority, number>> = {
  interactive: 20_000,
  background: 10 * 60_000,
  automatic: 10 * 60_000,
};
/** As package.json has it, for what settings.json says without it. */
const MOST_CONCURRENT = 16;

let lastRequest = 0;

interface SendOptions {
  /** True: its answer shows whether a pause still holds. */
  readonly probe?: boolean;
  /** True: the caller looks for an error in the body. */
  readonly unread?: boolean;
}

/**
 * Single requests to one service with one key, of reads and changes alike: built, sent in their turn, learned from,
 * classified and logged without secrets. What may be sent again, and when, its callers know.
 */
export class Wire {
  readonly profile: ServiceProfile;
  readonly #key: string | undefined;
  readonly #mask = new KeyMask();
  readonly #settings: ClientSettings;
  readonly #redactor: Redactor;
  readonly #log: Log;
  readonly #pace: Pace;
  readonly #queue: KeyQueue;
  readonly #disposed = new AbortController();
  readonly #endings = new Endings();
  readonly #waiters = new Set<(until: number | undefined) => void>();

  /** `key` undefined: it is lost, and every request is refused until there is one again. */
  constructor(
    key: string | undefined,
    profile: ServiceProfile,
    settings: ClientSettings,
    redactor: Redactor,
    log: Log,
  ) {
    this.#key = key;
    this.profile = profile;
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

  hasKey(key: string | undefined): boolean {
    return key === this.#key;
  }

  /** Requests that may be under way at once, 1 to 16. */
  get concurrency(): number {
    const wanted = Math.floor(this.#settings.concurrency()) || this.profile.concurrency;
    return Math.min(MOST_CONCURRENT, Math.max(1, wanted));
  }

  get mayChange(): boolean {
    return this.#settings.mayChange();
  }

  /** Aborts when the wire is disposed of. */
  get disposed(): AbortSignal {
    return this.#disposed.signal;
  }

  /** The signal of a request that ends with another one, and when the wire is disposed of. */
  begin(signal: AbortSignal | undefined): Ending {
    return this.#endings.begin(signal, this.disposed);
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

  /** Whether a request that is sent in spite of a pause may go out now: one every few seconds. */
  mayProbe(): boolean {
    return this.#pace.probe();
  }

  /** Aborts everything under way and refuses everything after. */
  dispose(): void {
    this.#disposed.abort();
    this.#queue.dispose();
    this.#waiters.clear();
  }

  /** Runs a task at once, in spite of a pause. */
  async outOfTurn<T>(task: () => Promise<T>): Promise<T> {
    this.#pace.take();
    try {
      return await task();
    } finally {
      this.#pace.release();
      this.#queue.holdBack();
    }
  }

  /** Queues a task, and ends it where the service asks, then or later, for a longer wait than the priority allows. */
  async inTurn<T>(priority: Priority, ending: Ending, task: () => Promise<T>): Promise<T> {
    this.#refuseLongWaits(priority);
    const waits = this.onWait(() => {
      try {
        this.#refuseLongWaits(priority);
      } catch (error) {
        ending.abort(error);
      }
    });
    const start = () => {
      waits.dispose();
      return task();
    };
    this.#queue.concurrency = this.concurrency;
    try {
      return await this.#queue.run(start, priority, ending.signal);
    } finally {
      waits.dispose();
    }
  }

  /**
   * Sends one request; a failure that may be tried again is returned.
   *
   * @throws {ServiceError} for a setting that cannot be used; AbortError where its signal ends it.
   */
  async send(
    route: string,
    method: Method,
    request: HttpRequest,
    { probe = false, unread = false }: SendOptions = {},
  ): Promise<HttpAnswer | ServiceError> {
    const { signal, limit } = request;
    const id = ++lastRequest;
    const started = performance.now();
    try {
      // Asked for with each try: the settings, and with them the client, may have changed meanwhile.
      const http = await this.#settings.http();
      const arrived = await http.send(method, request);
      await timeForWork();
      // Before anything reads the answer: a key that a service repeats goes nowhere.
      const answer = { ...arrived, text: await this.#mask.maskAnswer(arrived.text) };
      this.#learn(answer, probe);
      const took = Math.round(performance.now() - started);
      this.#log.debug(
        `#${id} ${this.profile.name} ${method} ${route} ${answer.status} ${took} ms ${answer.text.length} characters`,
      );
      const refused = answer.status < 200 || answer.status >= 300;
      if (refused || (!unread && this.isHiddenError(answer, () => parseObject(answer.text)))) {
        return this.failureOf(answer);
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
      this.#log.warn(`#${id} ${this.profile.name} ${method} ${route} ${error.reason}: ${message}`);
      return new ServiceError(error.reason, { service: this.profile.name, serviceMessage: message });
    }
  }

  /** True for an answer that says in its body that it is an error. In a long answer none is looked for. */
  isHiddenError({ text }: HttpAnswer, body: () => unknown): boolean {
    return text.length <= LONGEST_SAID && this.profile.isError?.(body()) === true;
  }

  /** The error that an answer is, in the words of the service. */
  failureOf(whole: HttpAnswer): ServiceError {
    const answer = { ...whole, text: whole.text.slice(0, LONGEST_REFUSAL) };
    const kind = this.profile.classify?.(answer) ?? defaultKind(answer);
    const said = this.profile.messageOf(answer);
    return new ServiceError(kind, {
      service: this.profile.name,
      status: answer.status,
      serviceMessage: said === undefined ? undefined : shorten(this.#redactor.redact(said.slice(0, LONGEST_SAID))),
      retryAt: kind === 'rateLimited' || kind === 'unavailable' ? this.#pace.pausedUntil : undefined,
    });
  }

  /** Whether the service asked for a longer pause than what has this priority waits. */
  waitsTooLong(priority: Priority): boolean {
    return this.#pace.pausedFor > PATIENCE[priority];
  }

  #refuseLongWaits(priority: Priority): void {
    if (this.waitsTooLong(priority)) {
      throw new ServiceError('rateLimited', { service: this.profile.name, retryAt: this.#pace.pausedUntil });
    }
  }

  /** @throws {ServiceError} where there is no key, or a base URL that cannot be used. */
  async request(path: string, query: Query = {}): Promise<{ url: URL; headers: Record<string, string> }> {
    if (this.#key === undefined) {
      const serviceMessage = t("your keychain didn't save the key of this connection");
      throw new ServiceError('badKey', { service: this.profile.name, serviceMessage });
    }
    const url = new URL(checkBaseUrl(await this.#settings.baseUrl(), this.profile) + path);
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
    this.profile.authorize(this.#key, url, headers);
    return { url, headers };
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

  #excess({ status, text }: HttpAnswer): ServiceError | undefined {
    const excess = excessOf(text);
    if (excess === undefined) {
      return undefined;
    }
    const serviceMessage =
      excess === 'levels'
        ? t('it nests more than {0} levels deep', MOST_LEVELS)
        : t('it has more than {0} values', MOST_VALUES.toLocaleString());
    return new ServiceError('malformed', { service: this.profile.name, status, serviceMessage });
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
