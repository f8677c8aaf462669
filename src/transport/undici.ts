import { Readable } from 'node:stream';
import { rootCertificates, getCACertificates } from 'node:tls';
import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { readBody, UnreadableBody } from './body.ts';
import { isLoopback, type HttpAnswer, type HttpClient, type HttpRequest, type Method } from './http.ts';
import type { NetworkOptions, TransportFailure } from './http.ts';
import { answerLimits } from './limits.ts';

/** Connecting takes milliseconds or fails; waiting longer than this only hides a dead network. */
const CONNECT_TIMEOUT = 10_000;

/** Certificates to trust, or undefined where the runtime's own default is right. */
function certificates(options: NetworkOptions): string[] | undefined {
  const extra = options.extraCertificates ?? [];
  if (!options.systemCertificates && extra.length === 0) {
    return undefined;
  }
  // NODE_EXTRA_CA_CERTS is part of the default only while no `ca` is given, so it is named here.
  const trusted = new Set([...rootCertificates, ...getCACertificates('extra'), ...extra]);
  if (options.systemCertificates) {
    for (const certificate of getCACertificates('system')) {
      trusted.add(certificate);
    }
  }
  return [...trusted];
}

/** The way straight to a server, and the one through a proxy where proxies may be used. */
function createDispatchers(options: NetworkOptions): { direct: Dispatcher; proxied: Dispatcher | undefined } {
  const ca = certificates(options);
  const trust: { rejectUnauthorized: boolean; ca?: string[] } = {
    rejectUnauthorized: options.strictTls,
    ...(ca ? { ca } : {}),
  };
  const common: Agent.Options = {
    allowH2: false,
    headersTimeout: options.timeout,
    bodyTimeout: options.timeout,
    connect: { timeout: Math.min(CONNECT_TIMEOUT, options.timeout), ...trust },
  };
  const direct = new Agent(common);
  if (!options.useProxy) {
    return { direct, proxied: undefined };
  }
  const environment = process.env['NO_PROXY'] ?? process.env['no_proxy'];
  const proxied = new EnvHttpProxyAgent({
    ...common,
    ...(options.proxy ? { httpProxy: options.proxy, httpsProxy: options.proxy } : {}),
    ...(options.proxyAuthorization ? { token: options.proxyAuthorization } : {}),
    noProxy: [...options.noProxy, ...(environment ? [environment] : [])].join(','),
    requestTls: trust,
    proxyTls: trust,
  });
  return { direct, proxied };
}

/**
 * The HTTP client. It lives in a bundle of its own that is loaded with the first request, and that bundle is built so
 * that undici leaves the process-wide dispatcher of the extension host alone (see `esbuild.js`).
 */
export function createHttpClient(options: NetworkOptions): HttpClient {
  const { direct, proxied } = createDispatchers(options);
  return {
    async send(method: Method, request: HttpRequest): Promise<HttpAnswer> {
      request.signal.throwIfAborted();
      const exchange = new Exchange();
      const end = () => {
        exchange.stop(request.signal.reason as Error);
      };
      request.signal.addEventListener('abort', end);
      // Not AbortSignal.timeout: that one fires long after the answer, once for each of thousands of requests.
      let timedOut = false;
      const deadline = setTimeout(() => {
        timedOut = true;
        exchange.stop(new Error('no answer within the time limit'));
      }, options.timeout);
      // Decided here and not by names in `noProxy`: what plain HTTP is allowed for must never reach a proxy.
      const dispatcher = isLoopback(request.url.hostname) ? direct : (proxied ?? direct);
      try {
        dispatcher.dispatch(
          {
            origin: request.url.origin,
            path: request.url.pathname + request.url.search,
            method,
            headers: { 'accept-encoding': 'gzip, deflate, br', ...request.headers },
            ...(request.body === undefined ? {} : { body: request.body }),
          },
          exchange,
        );
        const answer = await exchange.answer;
        const headers: Record<string, string | undefined> = {};
        for (const [name, value] of Object.entries(answer.headers)) {
          headers[name] = Array.isArray(value) ? value.join(', ') : value;
        }
        const successful = answer.status >= 200 && answer.status < 300;
        const limits = { limit: request.limit, keep: successful ? undefined : answerLimits.error };
        const body = await readBody(answer.body, headers['content-encoding'], limits, exchange.signal);
        return { status: answer.status, headers, ...body };
      } catch (error) {
        if (request.signal.aborted) {
          request.signal.throwIfAborted();
        }
        throw failure(error, timedOut);
      } finally {
        clearTimeout(deadline);
        request.signal.removeEventListener('abort', end);
      }
    },
    async close() {
      await Promise.all([direct.close(), proxied?.close()]);
    },
  };
}

type AnswerHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

/** What undici has of an answer when its headers have come. */
interface Begun {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: Readable;
}

/**
 * Takes one answer from undici. Not `dispatcher.request`, which does the same: what that makes for each answer survives
 * V8's small collections, and with thousands of pages large ones followed each other, which stop everything.
 */
class Exchange implements Dispatcher.DispatchHandler {
  readonly answer: Promise<Begun>;
  readonly #begin: (answer: Begun) => void;
  readonly #fail: (reason: unknown) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #body: Readable | undefined;
  readonly #ending = new AbortController();

  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers<Begun>();
    this.answer = promise;
    this.#begin = resolve;
    this.#fail = reject;
  }

  /** Aborted where it was stopped. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** Ends it, wherever it stands; the answer, or the reading of its body, rejects with the reason. */
  stop(reason: Error): void {
    this.#ending.abort(reason);
    this.#controller?.abort(reason);
    this.#end(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.signal.aborted) {
      controller.abort(this.signal.reason as Error);
    }
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    // Others follow.
    if (status < 200) {
      return;
    }
    this.#body = new Readable({
      read: () => {
        controller.resume();
      },
      destroy: (error, done) => {
        // What is not read to its end blocks the connection for others.
        if (this.#body?.readableEnded === false) {
          controller.abort(error ?? new Error('not read to its end'));
        }
        done(error);
      },
    });
    this.#begin({ status, headers, body: this.#body });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#body?.push(chunk) === false) {
      controller.pause();
    }
  }

  onResponseEnd(): void {
    this.#body?.push(null);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#end(error);
  }

  #end(error: Error): void {
    this.#fail(error);
    this.#body?.destroy(error);
  }
}

function failure(error: unknown, timedOut: boolean): TransportFailure {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return Object.assign(new Error(message, { cause: error }), {
    name: 'TransportFailure' as const,
    reason: reasonOf(error, code, timedOut),
    code,
    detail: error instanceof UnreadableBody ? error.detail : undefined,
  } as const);
}

function reasonOf(error: unknown, code: string | undefined, timedOut: boolean): TransportFailure['reason'] {
  if (error instanceof UnreadableBody) {
    return 'malformed';
  }
  return timedOut || /TIMEOUT|ETIMEDOUT/.test(code ?? '') ? 'timeout' : 'network';
}

function codeOf(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string') {
      return current.code;
    }
    if (current instanceof AggregateError && current.errors.length > 0) {
      return codeOf(current.errors[0]);
    }
  }
  return undefined;
}
