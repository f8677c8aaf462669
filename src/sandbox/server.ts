import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerInstantly, instantlyRateLimited } from './instantly.ts';
import { createInstantlyWorld, type InstantlyWorld } from './instantlyWorld.ts';
import { defaults, type SandboxKey, type SandboxOptions } from './options.ts';
import type { Reply } from './reply.ts';
import { answerSmartlead, smartleadRateLimited } from './smartlead.ts';
import { createSmartleadWorld, type SmartleadWorld } from './smartleadWorld.ts';

export type Service = 'instantly' | 'smartlead';

/** A request as it arrived; the key is not kept. */
export interface SeenRequest {
  readonly service: Service;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  status: number;
  body: unknown;
}

/** An answer that is given instead of the simulated one. */
export interface Override {
  readonly service?: Service;
  /** Matched against the path below the base URL, with its query string but without the key. */
  readonly path: RegExp;
  /** How often; undefined: until it is cleared. */
  times?: number;
  /** The answer; `cut` ends the connection in the middle of it, `hang` never answers, a function writes it as it likes. */
  readonly reply: Reply | 'cut' | 'hang' | ((response: ServerResponse) => void);
}

/** Both services on one loopback port, each below its own base URL. */
export interface Sandbox {
  readonly baseUrls: Readonly<Record<Service, string>>;
  readonly instantly: InstantlyWorld;
  readonly smartlead: SmartleadWorld;
  readonly requests: SeenRequest[];
  override(override: Override): void;
  clearOverrides(): void;
  close(): Promise<void>;
}

type SandboxSettings = Partial<Omit<SandboxOptions, Service>> & {
  readonly [service in Service]?: Partial<SandboxOptions[service]>;
};

/** Starts the simulated services on 127.0.0.1. Nothing in them leaves the machine, and none of the data is real. */
export async function startSandbox(settings: SandboxSettings = {}): Promise<Sandbox> {
  const options: SandboxOptions = {
    ...defaults,
    ...settings,
    instantly: { ...defaults.instantly, ...settings.instantly },
    smartlead: { ...defaults.smartlead, ...settings.smartlead },
  };
  const instantly = createInstantlyWorld(options);
  const smartlead = createSmartleadWorld(options);
  const requests: SeenRequest[] = [];
  const overrides: Override[] = [];
  const limiter = new Limiter(options.limit);

  const server = createServer((request, response) => {
    handle(request, response).catch(() => {
      response.destroy();
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const match = /^\/(instantly|smartlead)(\/.*)$/.exec(url.pathname);
    const [, service, path] = match ?? [];
    if ((service !== 'instantly' && service !== 'smartlead') || path === undefined) {
      response.writeHead(404).end();
      return;
    }
    const key = keyOf(service, request, url, options.keys);
    url.searchParams.delete('api_key');
    const seen: SeenRequest = {
      service,
      method: request.method ?? '',
      path,
      query: Object.fromEntries(url.searchParams),
      headers: { ...request.headers, authorization: undefined },
      status: 0,
      body: undefined,
    };
    requests.push(seen);
    if (options.latency > 0) {
      await sleep(options.latency);
    }
    const override = overrides.find(
      (candidate) =>
        (candidate.service ?? service) === service && candidate.path.test(path + url.search) && candidate.times !== 0,
    );
    if (override?.times !== undefined) {
      override.times -= 1;
    }
    if (override?.reply === 'hang') {
      return;
    }
    if (override?.reply === 'cut') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"items":[');
      await sleep(10);
      response.destroy();
      return;
    }
    if (typeof override?.reply === 'function') {
      override.reply(response);
      seen.status = response.statusCode;
      return;
    }
    const limit = limiter.take(typeof key === 'object' ? key.key : '');
    const reply =
      override?.reply ?? (limit.refused ? limited(service, limit.retryAfter) : answer(service, path, url, key));
    seen.status = reply.status;
    seen.body = reply.body;
    send(response, reply, limit.headers);
  }

  function answer(service: Service, path: string, url: URL, key: SandboxKey | undefined | 'missing'): Reply {
    return service === 'instantly'
      ? answerInstantly(instantly, options.instantly, path, url.searchParams, key)
      : answerSmartlead(smartlead, options.smartlead, path, url.searchParams, key);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    baseUrls: {
      instantly: `http://127.0.0.1:${port}/instantly`,
      smartlead: `http://127.0.0.1:${port}/smartlead/api/v1`,
    },
    instantly,
    smartlead,
    requests,
    override: (override) => overrides.unshift(override),
    clearOverrides: () => {
      overrides.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function keyOf(
  service: Service,
  request: IncomingMessage,
  url: URL,
  keys: readonly SandboxKey[],
): SandboxKey | undefined | 'missing' {
  const sent =
    service === 'instantly'
      ? /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
      : url.searchParams.get('api_key');
  if (sent === undefined || sent === null || sent === '') {
    return 'missing';
  }
  return keys.find((known) => known.service === service && known.key === sent);
}

function limited(service: Service, seconds: number): Reply {
  return service === 'instantly' ? instantlyRateLimited() : smartleadRateLimited(seconds);
}

function send(response: ServerResponse, reply: Reply, headers: Readonly<Record<string, string>>): void {
  const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
  response.writeHead(reply.status, {
    'content-type': reply.contentType ?? 'application/json; charset=utf-8',
    ...headers,
    ...reply.headers,
  });
  response.end(text);
}

/** Counts the requests of each key in fixed windows, as the observed headers do (Smartlead FACTS 5). */
class Limiter {
  readonly #limit: SandboxOptions['limit'];
  readonly #windows = new Map<string, { reset: number; used: number }>();

  constructor(limit: SandboxOptions['limit']) {
    this.#limit = limit;
  }

  take(key: string): { refused: boolean; retryAfter: number; headers: Record<string, string> } {
    if (this.#limit === undefined) {
      return { refused: false, retryAfter: 0, headers: {} };
    }
    const { requests, seconds, headers } = this.#limit;
    const now = Date.now();
    let window = this.#windows.get(key);
    if (window === undefined || window.reset <= now) {
      window = { reset: now + seconds * 1000, used: 0 };
      this.#windows.set(key, window);
    }
    window.used += 1;
    const refused = window.used > requests;
    const retryAfter = Math.max(1, Math.ceil((window.reset - now) / 1000));
    return {
      refused,
      retryAfter,
      headers: headers
        ? {
            'x-ratelimit-limit': String(requests),
            'x-ratelimit-remaining': String(Math.max(0, requests - window.used)),
            'x-ratelimit-reset': String(Math.ceil(window.reset / 1000)),
            ...(refused ? { 'retry-after': String(retryAfter) } : {}),
          }
        : {},
    };
  }
}
