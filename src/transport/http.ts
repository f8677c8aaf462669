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
  /** Certificates that are trusted besides, in PEM. */
  readonly extraCertificates?: readonly string[];
  /** The longest that one request may take, from connecting to the last byte, in milliseconds. */
  readonly timeout: number;
}

export interface HttpRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

/**
 * Sends GET requests and nothing else: Sendmap only reads. Redirects are never followed, so a key never reaches
 * another origin. Rejects with the reason of the signal, or with a {@link TransportFailure}.
 */
export interface HttpClient {
  get(request: HttpRequest): Promise<HttpAnswer>;
  /** Takes no more requests and ends when those under way have. */
  close(): Promise<void>;
}

/** No usable answer: `timeout`, or `network` with the code of the cause, e.g. `ECONNREFUSED`. */
export interface TransportFailure extends Error {
  readonly name: 'TransportFailure';
  readonly reason: 'timeout' | 'network';
  readonly code: string | undefined;
}

/** True for a failure below HTTP. By name, because the HTTP client lives in a bundle of its own. */
export function isTransportFailure(error: unknown): error is TransportFailure {
  return error instanceof Error && error.name === 'TransportFailure';
}

/** True for addresses of this machine, the only ones that plain HTTP is allowed for. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
