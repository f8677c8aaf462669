import { defaultKeys } from '../../src/sandbox/options.ts';
import { startSandbox, type Sandbox, type SeenWrite, type Service, type WriteFault } from '../../src/sandbox/server.ts';

export interface Sending {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, whatever `body` says. */
  readonly text?: string;
  /** Undefined: JSON where there is something to send, and otherwise none. */
  readonly contentType?: string;
  /** Undefined: the one that may do everything. */
  readonly key?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON. */
  readonly body: Record<string, unknown>;
}

/** A sandbox in which writes go wrong. The fault that is named first is tried last. */
export async function startWithFaults(
  faults: readonly WriteFault[],
  settings?: Parameters<typeof startSandbox>[0],
): Promise<Sandbox> {
  const sandbox = await startSandbox(settings);
  for (const fault of faults) {
    sandbox.fault(fault);
  }
  return sandbox;
}

/** The writes that the sandbox says it received, in their order. */
export async function receivedWrites(sandbox: Sandbox): Promise<SeenWrite[]> {
  const answer = await fetch(new URL('/sandbox/writes', sandbox.baseUrls.instantly));
  return (await answer.json()) as SeenWrite[];
}

/** The same as lines such as `POST /api/v2/campaigns/1/pause`, for comparing. */
export async function writeLines(sandbox: Sandbox): Promise<string[]> {
  return (await receivedWrites(sandbox)).map(({ method, path }) => `${method} ${path}`);
}

/**
 * Sends a request over real HTTP.
 *
 * @param path below `/api/v2` or `/api/v1`, with its query.
 * @throws {TypeError} where the connection is cut.
 */
export async function sendTo(
  sandbox: Sandbox,
  service: Service,
  method: string,
  path: string,
  { body, text: raw, contentType, key = defaultKeys[service] }: Sending = {},
): Promise<Answer> {
  const isInstantly = service === 'instantly';
  const url = new URL(`${sandbox.baseUrls[service]}${isInstantly ? '/api/v2' : ''}${path}`);
  const headers = new Headers();
  if (isInstantly) {
    headers.set('authorization', `Bearer ${key}`);
  } else {
    url.searchParams.set('api_key', key);
  }
  const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const type = contentType ?? (sent === undefined ? undefined : 'application/json');
  if (type !== undefined) {
    headers.set('content-type', type);
  }
  const answer = await fetch(url, { method, headers, body: sent ?? null });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    get body() {
      return JSON.parse(text) as Record<string, unknown>;
    },
  };
}
