import { setTimeout as sleep } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import { ServiceError, type ErrorKind } from './errors.ts';
import { isLoopback, isTransportFailure, type HttpAnswer, type HttpClient } from './http.ts';
import { KeyMask } from './keyMask.ts';
import { Pace, type PaceLimits } from './pace.ts';
import { KeyQueue, type Priority } from './queue.ts';
import type { Redactor } from './redaction.ts';

/** Where log lines go. The user interface gives VS Code's log channel, tests an array. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** What a client has to know about a service. */
export interface ServiceProfile {
  readonly name: string;
  /** The setting that holds the base URL, named in errors. */
  readonly baseUrlSetting: string;
  readonly limits: PaceLimits;
  /** Puts the key into the request: the only place where a key leaves Sendmap. */
  authorize(key: string, url: URL, headers: Record<string, string>): void;
  /** What a non-2xx answer means; undefined leaves it to {@link defaultKind}. */
  classify?(answer: HttpAnswer): ErrorKind | undefined;
  /** The service's own words in an answer, if there are any. */
  messageOf(answer: HttpAnswer): string | undefined;
}

/** Settings that may change while a client lives; read at each request. */
export interface ClientSettings {
  baseUrl(): Promise<string> | string;
  /** Requests under way at once for one key. */
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
}

/** The options for a page of a list. */
export function pageOptions(options: ReadOptions, first: boolean): ReadOptions {
  return first ? options : { ...options, priority: options.laterPages ?? options.priority };
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Tries of one read, the first included, by what went wrong. Everything here is a read, so every retry is safe. */
const TRIES: Partial<Readonly<Record<ErrorKind, number>>> = { rateLimited: 6, unavailable: 4, network: 3, timeout: 2 };
const FIRST_RETRY = 400;
/** A person is not kept waiting longer than this for a rate limit; background work is more patient. */
const PATIENCE: Readonly<Record<Priority, number>> = { interactive: 20_000, background: 10 * 60_000 };

let lastRequest = 0;

/** Reads from one service with one key: paced, retried, classified, logged without secrets, and abortable. */
export class Client {
  readonly #key: string;
  readonly #mask = new KeyMask();
  readonly #profile: ServiceProfile;
  readonly #settings: ClientSettings;
  readonly #redactor: Redactor;
  readonly #log: Log;
  readonly #pace: Pace;
  readonly #queue: KeyQueue;
  readonly #disposed = new AbortController();
  readonly #waiters = new Set<(until: number | undefined) => void>();

  constructor(key: string, profile: ServiceProfile, settings: ClientSettings, redactor: Redactor, log: Log) {
    this.#key = key;
    this.#mask.add(key);
    this.#profile = profile;
    this.#settings = settings;
    this.#redactor = redactor;
    this.#log = log;
    redactor.add(key);
    this.#pace = new Pace(profile.limits, () => settings.requestsPerMinute() || Infinity);
    this.#queue = new KeyQueue(this.#pace, settings.concurrency());
  }

  /** True where this client works with that key; the key itself does not leave the client. */
  hasKey(key: string | undefined): boolean {
    return key === this.#key;
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
  async get(route: string, path: string, query: Query = {}, options: ReadOptions = {}): Promise<HttpAnswer> {
    const priority = options.priority ?? 'interactive';
    const signal = options.signal ? AbortSignal.any([options.signal, this.#disposed.signal]) : this.#disposed.signal;
    const { url, headers } = await this.#request(path, query);
    this.#queue.concurrency = this.#settings.concurrency();
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      this.#refuseLongWaits(priority);
      const outcome = await this.#inTurn(priority, signal, () => this.#send(route, url, headers, signal));
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

  /** Aborts everything under way and refuses everything after. */
  dispose(): void {
    this.#disposed.abort();
    this.#queue.dispose();
    this.#waiters.clear();
  }

  /** Queues a task, and gives up where the service meanwhile asks for more patience than the priority has. */
  async #inTurn<T>(priority: Priority, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
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
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<HttpAnswer | ServiceError> {
    const id = ++lastRequest;
    const started = performance.now();
    try {
      // Asked for anew with each try: the settings, and with them the client, may have changed meanwhile.
      const http = await this.#settings.http();
      const arrived = await http.get({ url, headers, signal });
      // Before anything reads the answer: what a service repeats of the key goes nowhere.
      const answer = { ...arrived, text: this.#mask.maskAnswer(arrived.text) };
      this.#learn(answer);
      const took = Math.round(performance.now() - started);
      this.#log.debug(
        `#${id} ${this.#profile.name} GET ${route} ${answer.status} ${took} ms ${answer.text.length} characters`,
      );
      return answer.status >= 200 && answer.status < 300 ? answer : this.#failureOf(answer);
    } catch (error) {
      if (signal.aborted) {
        signal.throwIfAborted();
      }
      if (!isTransportFailure(error)) {
        // A setting that cannot be used, or a mistake of ours: neither gets better by another try.
        throw error;
      }
      const message = this.#redactor.redact(transportMessage(error.code, error.message));
      this.#log.warn(`#${id} ${this.#profile.name} GET ${route} ${error.reason}: ${message}`);
      return new ServiceError(error.reason, { service: this.#profile.name, serviceMessage: message });
    }
  }

  #learn(answer: HttpAnswer): void {
    const before = this.#pace.pausedUntil;
    this.#pace.learn(answer);
    this.#queue.holdBack();
    const until = this.#pace.pausedUntil;
    if (until !== before) {
      for (const listener of this.#waiters) {
        listener(until);
      }
    }
  }

  #failureOf(answer: HttpAnswer): ServiceError {
    const kind = this.#profile.classify?.(answer) ?? defaultKind(answer);
    const said = this.#profile.messageOf(answer);
    return new ServiceError(kind, {
      service: this.#profile.name,
      status: answer.status,
      serviceMessage: said === undefined ? undefined : shorten(this.#redactor.redact(said.slice(0, LONGEST_SAID))),
      retryAt: kind === 'rateLimited' || kind === 'unavailable' ? this.#pace.pausedUntil : undefined,
    });
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
    return (this.#pace.pausedUntil ?? 0) - Date.now() > PATIENCE[priority];
  }

  #refuseLongWaits(priority: Priority): void {
    if (this.#waitsTooLong(priority)) {
      throw new ServiceError('rateLimited', { service: this.#profile.name, retryAt: this.#pace.pausedUntil });
    }
  }

  async #request(path: string, query: Query): Promise<{ url: URL; headers: Record<string, string> }> {
    const base = await this.#settings.baseUrl();
    const url = this.#resolve(base, path);
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

  #resolve(base: string, path: string): URL {
    const invalid = (reason: string) =>
      new ServiceError('setting', {
        service: this.#profile.name,
        setting: this.#profile.baseUrlSetting,
        serviceMessage: reason,
      });
    let url: URL;
    try {
      url = new URL(base.replace(/\/+$/, '') + path);
    } catch {
      throw invalid(t('"{0}" is not a URL', base));
    }
    if (url.username || url.password || url.search || url.hash) {
      throw invalid(t('a base URL is only scheme, host and path'));
    }
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
      throw invalid(t('"{0}" is not an https URL; plain http is only for this machine', base));
    }
    return url;
  }
}

const USER_AGENT = 'Sendmap/0.1 (VS Code extension)';

/** What a status means where the service has nothing of its own to say about it. */
export function defaultKind(answer: HttpAnswer): ErrorKind {
  const { status } = answer;
  if (status === 401) {
    return 'badKey';
  }
  if (status === 402) {
    return 'planInactive';
  }
  if (status === 403) {
    return isJson(answer) ? 'missingScope' : 'blocked';
  }
  if (status === 404 || status === 410) {
    return 'notFound';
  }
  if (status === 429) {
    return 'rateLimited';
  }
  // 5xx, and what gateways say when the service behind them is late (Smartlead FACTS 2: Cloudflare 524).
  return status >= 500 || status === 408 ? 'unavailable' : 'malformed';
}

/** Decides by trying: neither service is reliable about its content type (Smartlead FACTS 4). */
export function isJson(answer: HttpAnswer): boolean {
  return parseObject(answer.text) !== undefined;
}

/** The JSON object or array in a text, or undefined. */
export function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Readable words of an HTML or plain-text error page. */
export function textOf(answer: HttpAnswer): string | undefined {
  const body = answer.text
    .replace(/<(script|style|title)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return body === '' ? undefined : body;
}

/** An error page may be megabytes long, of which a person sees the first words. */
const LONGEST_SAID = 10_000;

function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 199)}…`;
}

function transportMessage(code: string | undefined, message: string): string {
  switch (code) {
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
