import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Clock } from './clock.ts';
import { answerControl } from './control.ts';
import { moveOn, type DayChanges } from './day.ts';
import { startDnsServer, type DnsServer } from './dns.ts';
import { sampleZone } from './domains.ts';
import { WriteFaults, type WriteFault } from './faults.ts';
import { answerInstantly, readsInstantly } from './instantly.ts';
import { changeableInstantly } from './instantlyDay.ts';
import { plantInstantlyWorld } from './instantlyPlants.ts';
import { instantlyErrorInBody, instantlyRateLimited, instantlyRefused } from './instantlyReplies.ts';
import { createInstantlyWorld, type InstantlyWorld } from './instantlyWorld.ts';
import { writeInstantly } from './instantlyWrites.ts';
import { Limiter } from './limiter.ts';
import { defaults, type SandboxOptions, type Service } from './options.ts';
import { Random } from './random.ts';
import { parsed, type Asked, type Reply } from './reply.ts';
import { answerSmartlead } from './smartlead.ts';
import { changeableSmartlead } from './smartleadDay.ts';
import { plantSmartleadWorld } from './smartleadPlants.ts';
import { smartleadErrorInBody, smartleadRateLimited, smartleadRefused } from './smartleadReplies.ts';
import { createSmartleadWorld, type SmartleadWorld } from './smartleadWorld.ts';
import { writeSmartlead } from './smartleadWrites.ts';
import { perform, withoutKey, type SeenWrite, type TroubleReplies, type Write } from './writes.ts';

export type { WriteFault } from './faults.ts';
export { sample, type Service } from './options.ts';
export type { SeenWrite } from './writes.ts';

/** In milliseconds. */
const DAY = 24 * 3_600_000;

/** A request as it arrived; the key is not kept. */
export interface SeenRequest {
  readonly service: Service;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What was sent with it: undefined where nothing was, null where it was no JSON. */
  readonly sent: unknown;
  status: number;
  /** What was answered. */
  body: unknown;
}

/** An answer that is given instead of the simulated one. */
export interface Override {
  readonly service?: Service;
  /** The key that is answered so; undefined: any. */
  readonly key?: string;
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
  /** The writes among them, in their order, as `GET /sandbox/writes` says them. */
  readonly writes: readonly SeenWrite[];
  /** Makes writes go wrong from now on, as `POST /sandbox/faults` does. */
  fault(fault: WriteFault): void;
  /** Lets all writes go well again, as `DELETE /sandbox/faults` does. */
  clearFaults(): void;
  override(override: Override): void;
  clearOverrides(): void;
  /** Moves all services on by a day, as `POST /sandbox/day` does. @returns what changed. */
  moveOn(): Readonly<Record<Service, DayChanges>>;
  /** Moves the clock on by so many milliseconds, as `POST /sandbox/clock` does: what is due until then happens. */
  advance(milliseconds: number): void;
  /** The address of a DNS server that knows the domains of the accounts, started with the first call. */
  dnsServer(): Promise<string>;
  close(): Promise<void>;
}

/** How a service is simulated. */
interface Simulation extends TroubleReplies {
  /** What its base URL has after the origin; it begins with the name of the service. */
  readonly basePath: string;
  /** The key in a request; nothing, or an empty one, is none. */
  keyIn(request: IncomingMessage, url: URL): string | null | undefined;
  /** Whether a request only reads. */
  reads(asked: Asked): boolean;
  read(asked: Asked): Reply;
  write(asked: Asked): Write | Reply;
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
  const clock = new Clock();
  const simulations: Readonly<Record<Service, Simulation>> = {
    instantly: {
      basePath: '/instantly',
      keyIn: (request) => /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1],
      reads: readsInstantly,
      read: (asked) => answerInstantly(instantly, options.instantly, asked),
      write: (asked) => writeInstantly({ world: instantly, quirks: options.instantly.quirks, clock }, asked),
      rateLimited: () => instantlyRateLimited(),
      errorInBody: instantlyErrorInBody,
      refused: instantlyRefused,
    },
    smartlead: {
      basePath: '/smartlead/api/v1',
      keyIn: (_request, url) => url.searchParams.get('api_key'),
      reads: ({ method }) => method === 'GET',
      read: (asked) => answerSmartlead(smartlead, options.smartlead, asked),
      write: (asked) => writeSmartlead({ world: smartlead, quirks: options.smartlead.quirks, clock }, asked),
      rateLimited: smartleadRateLimited,
      errorInBody: smartleadErrorInBody,
      refused: smartleadRefused,
    },
  };
  const requests: SeenRequest[] = [];
  const writes: SeenWrite[] = [];
  const faults = new WriteFaults();
  const overrides: Override[] = [];
  const limiter = new Limiter(options.limit);
  let dns: Promise<DnsServer> | undefined;
  let days = 0;

  function nextDay(): Readonly<Record<Service, DayChanges>> {
    days += 1;
    clock.advance(DAY);
    const now = clock.iso();
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
    const { method = '' } = request;
    const body = await text(request);
    if (url.pathname.startsWith('/sandbox/')) {
      send(response, answerControl({ nextDay, clock, faults, writes }, `${method} ${url.pathname}`, body), {});
      return;
    }
    clock.settle();
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
      method,
      path,
      query: Object.fromEntries(url.searchParams),
      headers: { ...request.headers, authorization: undefined },
      sent: withoutKey(parsed(body)),
      status: 0,
      body: undefined,
    };
    requests.push(seen);
    const contentType = request.headers['content-type'] ?? '';
    const asked: Asked = { method, path, query: url.searchParams, key, contentType, text: body };
    const write: SeenWrite | undefined = simulation.reads(asked)
      ? undefined
      : { service, method, path, body: seen.sent, status: 0, done: false };
    if (write !== undefined) {
      writes.push(write);
    }
    if (options.latency > 0) {
      await sleep(options.latency);
    }
    const override = overrides.find(
      (candidate) =>
        (candidate.service ?? service) === service &&
        (candidate.key ?? sent) === sent &&
        candidate.path.test(path + url.search) &&
        candidate.times !== 0,
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
    const answer = () =>
      write === undefined
        ? simulation.read(asked)
        : perform(write, () => simulation.write(asked), faults.next(service, method, path), simulation, clock);
    const limit = limiter.take(typeof key === 'object' ? key.key : '');
    const reply = override?.reply ?? (limit.refused ? simulation.rateLimited(limit.retryAfter) : answer());
    if (reply === 'cut') {
      response.destroy();
      return;
    }
    seen.status = reply.status;
    seen.body = reply.body;
    if (write !== undefined) {
      write.status = reply.status;
    }
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
    writes,
    fault: (fault) => {
      faults.add(fault);
    },
    clearFaults: () => {
      faults.clear();
    },
    advance: (milliseconds) => {
      clock.advance(milliseconds);
    },
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

function send(response: ServerResponse, reply: Reply, headers: Readonly<Record<string, string>>): void {
  const body = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
  response.writeHead(reply.status, {
    'content-type': reply.contentType ?? 'application/json; charset=utf-8',
    ...headers,
    ...reply.headers,
  });
  response.end(body);
}
