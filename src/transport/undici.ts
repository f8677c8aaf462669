import { rootCertificates, getCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici';
import type { HttpAnswer, HttpClient, HttpRequest, NetworkOptions, TransportFailure } from './http.ts';

/** Connecting takes milliseconds or fails; waiting longer than this only hides a dead network. */
const CONNECT_TIMEOUT = 10_000;

const decoders: Readonly<Record<string, (data: Buffer) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

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

function createDispatcher(options: NetworkOptions): Dispatcher {
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
  if (!options.useProxy) {
    return new Agent(common);
  }
  const loopback = ['localhost', '127.0.0.1', '[::1]', '::1'];
  const environment = process.env['NO_PROXY'] ?? process.env['no_proxy'];
  return new EnvHttpProxyAgent({
    ...common,
    ...(options.proxy ? { httpProxy: options.proxy, httpsProxy: options.proxy } : {}),
    ...(options.proxyAuthorization ? { token: options.proxyAuthorization } : {}),
    noProxy: [...loopback, ...options.noProxy, ...(environment ? [environment] : [])].join(','),
    requestTls: trust,
    proxyTls: trust,
  });
}

/**
 * The HTTP client. It lives in a bundle of its own that is loaded with the first request, and that bundle is built so
 * that undici leaves the process-wide dispatcher of the extension host alone (see `esbuild.js`).
 */
export function createHttpClient(options: NetworkOptions): HttpClient {
  const dispatcher = createDispatcher(options);
  return {
    async get(request: HttpRequest): Promise<HttpAnswer> {
      const deadline = AbortSignal.timeout(options.timeout);
      try {
        // Not `undici.request`: that one consults the process-wide dispatcher before it looks at its options.
        const answer = await dispatcher.request({
          origin: request.url.origin,
          path: request.url.pathname + request.url.search,
          method: 'GET',
          headers: { 'accept-encoding': 'gzip, deflate, br', ...request.headers },
          signal: AbortSignal.any([request.signal, deadline]),
        });
        const headers: Record<string, string | undefined> = {};
        for (const [name, value] of Object.entries(answer.headers)) {
          headers[name] = Array.isArray(value) ? value.join(', ') : value;
        }
        const body = Buffer.from(await answer.body.arrayBuffer());
        const decode = decoders[headers['content-encoding']?.toLowerCase() ?? ''];
        const text = (decode && body.length > 0 ? await decode(body) : body).toString('utf8');
        return { status: answer.statusCode, headers, text };
      } catch (error) {
        if (request.signal.aborted) {
          request.signal.throwIfAborted();
        }
        throw failure(error, deadline.aborted);
      }
    },
    async close() {
      await dispatcher.close();
    },
  };
}

function failure(error: unknown, timedOut: boolean): TransportFailure {
  const code = codeOf(error);
  const reason = timedOut || /TIMEOUT|ETIMEDOUT/.test(code ?? '') ? 'timeout' : 'network';
  const message = error instanceof Error ? error.message : String(error);
  return Object.assign(new Error(message, { cause: error }), {
    name: 'TransportFailure' as const,
    reason,
    code,
  } as const);
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
