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
      const deadline = AbortSignal.timeout(options.timeout);
      const signal = AbortSignal.any([request.signal, deadline]);
      // Decided here and not by names in `noProxy`: what plain HTTP is allowed for must never reach a proxy.
      const dispatcher = isLoopback(request.url.hostname) ? direct : (proxied ?? direct);
      try {
        // Not `undici.request`: that one consults the process-wide dispatcher before it looks at its options.
        const answer = await dispatcher.request({
          origin: request.url.origin,
          path: request.url.pathname + request.url.search,
          method,
          headers: { 'accept-encoding': 'gzip, deflate, br', ...request.headers },
          ...(request.body === undefined ? {} : { body: request.body }),
          signal,
        });
        const headers: Record<string, string | undefined> = {};
        for (const [name, value] of Object.entries(answer.headers)) {
          headers[name] = Array.isArray(value) ? value.join(', ') : value;
        }
        const successful = answer.statusCode >= 200 && answer.statusCode < 300;
        const limits = { limit: request.limit, keep: successful ? undefined : answerLimits.error };
        const body = await readBody(answer.body, headers['content-encoding'], limits, signal);
        return { status: answer.statusCode, headers, ...body };
      } catch (error) {
        if (request.signal.aborted) {
          request.signal.throwIfAborted();
        }
        throw failure(error, deadline.aborted);
      }
    },
    async close() {
      await Promise.all([direct.close(), proxied?.close()]);
    },
  };
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
