import { BlockList, isIP } from 'node:net';

/** How to reach the network. Comes from VS Code's `http.*` settings and Sendmap's own. */
export interface NetworkOptions {
  /** Proxy for all requests, e.g. `http://proxy:3128`; undefined: the environment's `HTTPS_PROXY`, if any. */
  readonly proxy?: string | undefined;
  /** Hosts that are reached without the proxy, besides loopback. */
  readonly noProxy: readonly string[];
  /** The value of `Proxy-Authorization`. */
  readonly proxyAuthorization?: string | undefined;
  /** False: no proxy at all, not even the environment's (`http.proxySupport: off`). */
  readonly useProxy: boolean;
  /** False: certificates of the proxy and the service are not verified (`http.proxyStrictSSL`). */
  readonly strictTls: boolean;
  /** True: the operating system's certificates are trusted besides the built-in ones. */
  readonly systemCertificates: boolean;
  /** Additional certificates to trust, in PEM. */
  readonly extraCertificates?: readonly string[];
  /** The longest that one request may take, from connecting to the last byte, in milliseconds. */
  readonly timeout: number;
}

export interface HttpRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** The most bytes that a good answer may have, packed and unpacked alike: one of `answerLimits`. */
  readonly limit: number;
  /** JSON. */
  readonly body?: string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  /** True where `text` is only the beginning: an error page is cut, not refused. */
  readonly cut?: boolean;
}

/** What a change may be sent with. */
export type WriteMethod = 'POST' | 'PATCH' | 'PUT' | 'DELETE';

export type Method = 'GET' | WriteMethod;

/**
 * Sends single requests. What may be sent is decided above it: `Client` sends reads only, and `Writer` changes where they
 * are allowed. Redirects are never followed, so a key never reaches another origin. Rejects with the reason of the
 * signal, or with a {@link TransportFailure}.
 */
export interface HttpClient {
  send(method: Method, request: HttpRequest): Promise<HttpAnswer>;
  /** Takes no more requests and ends when those under way have. */
  close(): Promise<void>;
}

/**
 * No usable answer: `timeout`; `network` with the code of the cause, e.g. `ECONNREFUSED`; or `malformed`, with a code
 * of {@link UnreadableCode} and its detail: the bytes that had come of an answer too large, or the encoding.
 */
export interface TransportFailure extends Error {
  readonly name: 'TransportFailure';
  readonly reason: 'timeout' | 'network' | 'malformed';
  readonly code: string | undefined;
  readonly detail?: number | string | undefined;
}

/** Why a body cannot be read: larger than its limit, packed in an unknown way or too often, or damaged. */
export type UnreadableCode = 'TOO_LARGE' | 'UNKNOWN_ENCODING' | 'DAMAGED';

/** True for a failure below HTTP. By name, because the HTTP client lives in a bundle of its own. */
export function isTransportFailure(error: unknown): error is TransportFailure {
  return error instanceof Error && error.name === 'TransportFailure';
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * True for addresses of this machine, the only ones that plain HTTP is allowed for and that no proxy is asked for: all
 * of 127.0.0.0/8, also where IPv6 writes it as `::ffff:127.0.0.1`, `::1`, and the name `localhost`. Other names are
 * not, `localhost.` and those below it included: the resolver may ask the network for them.
 *
 * @param hostname as `URL` gives it, so `127.1` and the like are addresses already.
 */
export function isLoopback(hostname: string): boolean {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  const version = isIP(address);
  return version === 0 ? hostname === 'localhost' : loopback.check(address, version === 4 ? 'ipv4' : 'ipv6');
}
