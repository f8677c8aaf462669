import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { moveOn, type DayChanges } from './day.ts';
import { startDnsServer, type DnsServer } from './dns.ts';
import { sampleZone } from './domains.ts';
import { answerInstantly, instantlyRateLimited } from './instantly.ts';
import { changeableInstantly } from './instantlyDay.ts';
import { plantInstantlyWorld } from './instantlyPlants.ts';
import { createInstantlyWorld, NOW, type InstantlyWorld } from './instantlyWorld.ts';
import { defaults, type SandboxKey, type SandboxOptions, type Service } from './options.ts';
import { json, type Reply } from './reply.ts';
import { answerSmartlead, smartleadRateLimited } from './smartlead.ts';
import { Random } from './random.ts';
import { changeableSmartlead } from './smartleadDay.ts';
import { plantSmartleadWorld } from './smartleadPlants.ts';
import { createSmartleadWorld, type SmartleadWorld } from './smartleadWorld.ts';

export { sample, type Service } from './options.ts';

/** In milliseconds. */
const DAY = 24 * 3_600_000;

/** A request as it arrived; the key is not kept. */
export interface SeenRequest {
  readonly service: Service;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What was sent with it; undefined for a GET. */
  readonly sent: unknown;
  status: number;
  /** What was answered. */
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

/** All services on one loopback port, each below its own base URL. */
export interface Sandbox {
  readonly baseUrls: Readonly<Record<Service, string>>;
  readonly instantly: InstantlyWorld;
  readonly smartlead: SmartleadWorld;
  readonly requests: SeenRequest[];
  override(override: Override): void;
  clearOverrides(): void;
  /** Moves all services on by a day, as `POST /sandbox/day` does. @returns what changed. */
  moveOn(): Readonly<Record<Service, DayChanges>>;
  /** The address of a DNS server that knows the domains of the accounts, started with the first call. */
  dnsServer(): Promise<string>;
  close(): Promise<void>;
}

/** How a service is simulated. */
interface Simulation {
  /** What its base URL has after the origin; it begins with the name of the service. */
  readonly basePath: string;
  /** The key in a request; nothing, or an empty one, is none. */
  keyIn(request: IncomingMessage, url: URL): string | null | undefined;
  answer(path: string, query: URLSearchParams, key: SandboxKey | undefined | 'missing', sent: unknown): Reply;
  rateLimited(seconds: number): Reply;
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
  const instantly = options.plants ? plantInstantlyWorld(options) : createInstantlyWorld(options);
  const smartlead = options.plants ? plantSmartleadWorld(options) : createSmartleadWorld(options);
  const simulations: Readonly<Record<Service, Simulation>> = {
    instantly: {
      basePath: '/instantly',
      keyIn: (request) => /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1],
      answer: (path, query, key, sent) => answerInstantly(instantly, options.instantly, path, query, key, sent),
      rateLimited: () => instantlyRateLimited(),
    },
    smartlead: {
      basePath: '/smartlead/api/v1',
      keyIn: (_request, url) => url.searchParams.get('api_key'),
      answer: (path, query, key) => answerSmartlead(smartlead, options.smartlead, path, query, key),
      rateLimited: smartleadRateLimited,
    },
  };
  const requests: SeenRequest[] = [];
  const overrides: Override[] = [];
  const limiter = new Limiter(options.limit);
  let dns: Promise<DnsServer> | undefined;
  let days = 0;

  function nextDay(): Readonly<Record<Service, DayChanges>> {
    days += 1;
    const now = new Date(NOW + days * DAY).toISOString();
    const random = new Random(options.seed + days);
    return {
      instantly: moveOn(changeableInstantly(instantly, now), random, instantly.planted, instantly.movable),
      smartlead: moveOn(changeableSmartlead(smartlead, now), random, smartlead.planted, smartlead.movable),
    };
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => {
      response.destroy();
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (request.method === 'POST' && url.pathname === '/sandbox/day') {
      send(response, json(nextDay()), {});
      return;
    }
    const [, service = '', path = ''] = /^\/(\w+)(\/.*)$/.exec(url.pathname) ?? [];
    if (!isService(service)) {
      response.writeHead(404).end();
      return;
    }
    const simulation = simulations[service];
    const sent = simulation.keyIn(request, url) ?? '';
    const key = sent === '' ? 'missing' : options.keys.find((known) => known.service === service && known.key === sent);
    url.searchParams.delete('api_key');
    const seen: SeenRequest = {
      service,
      method: request.method ?? '',
      path,
      query: Object.fromEntries(url.searchParams),
      headers: { ...request.headers, authorization: undefined },
      sent: request.method === 'POST' ? await sentWith(request) : undefined,
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
      override?.reply ??
      (limit.refused
        ? simulation.rateLimited(limit.retryAfter)
        : simulation.answer(path, url.searchParams, key, seen.sent));
    seen.status = reply.status;
    seen.body = reply.body;
    send(response, reply, limit.headers);
  }

  function isService(name: string): name is Service {
    return Object.hasOwn(simulations, name);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    baseUrls: {
      instantly: `http://127.0.0.1:${port}${simulations.instantly.basePath}`,
      smartlead: `http://127.0.0.1:${port}${simulations.smartlead.basePath}`,
    },
    instantly,
    smartlead,
    requests,
    override: (override) => overrides.unshift(override),
    clearOverrides: () => {
      overrides.length = 0;
    },
    moveOn: nextDay,
    dnsServer: async () => {
      dns ??= startDnsServer(sampleZone);
      return (await dns).address;
    },
    close: async () => {
      await (await dns)?.close();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    },
  };
}

/** The JSON that came with a request; null where it is none. */
async function sentWith(request: IncomingMessage): Promise<unknown> {
  try {
    return JSON.parse(await text(request)) as unknown;
  } catch {
    return null;
  }
}

function send(response: ServerResponse, reply: Reply, headers: Readonly<Record<string, string>>): void {
  const body = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
  response.writeHead(reply.status, {
    'content-type': reply.contentType ?? 'application/json; charset=utf-8',
    ...headers,
    ...reply.headers,
  });
  response.end(body);
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
