import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import { inspect } from 'node:util';

/** Every channel of undici, and those of Node that a request may touch. Server channels belong to the tests' servers. */
export const channelNames: readonly string[] = [
  ...['beforeConnect', 'connected', 'connectError', 'sendHeaders'].map((name) => `undici:client:${name}`),
  ...[
    'create',
    'bodySent',
    'bodyChunkSent',
    'bodyChunkReceived',
    'headers',
    'trailers',
    'error',
    'pending-requests',
  ].map((name) => `undici:request:${name}`),
  ...['open', 'close', 'socket_error', 'ping', 'pong'].map((name) => `undici:websocket:${name}`),
  'undici:proxy:connected',
  ...['created', 'start', 'error'].map((name) => `http.client.request.${name}`),
  'http.client.response.finish',
  ...['created', 'start', 'error', 'finish', 'close', 'bodyChunkSent', 'bodySent'].map(
    (name) => `http2.client.stream.${name}`,
  ),
  ...['net.client.socket', 'net.server.socket', 'udp.socket'],
  ...['start', 'end', 'asyncStart', 'asyncEnd', 'error'].map((name) => `tracing:net.server.listen:${name}`),
  ...['log', 'info', 'debug', 'warn', 'error'].map((name) => `console.${name}`),
];

export interface Watch {
  /** The channels on which anything was published. */
  readonly heard: Set<string>;
  /** Where a secret was found. */
  readonly leaks: string[];
  /** Looks once more at what tracing reads of the sockets, and ends. */
  stop(): void;
}

/** Subscribes to all channels, as tracing in another extension does, and searches what is published for secrets. */
export function watchChannels(secrets: readonly string[]): Watch {
  const heard = new Set<string>();
  const leaks: string[] = [];
  const sockets = new Set<Socket>();
  const listen = (message: unknown, channel: string | symbol) => {
    const name = String(channel);
    heard.add(name);
    const shown = inspect(message, { depth: 8, showHidden: true, maxStringLength: Infinity });
    const place = secrets.some((secret) => shown.includes(secret)) ? 'what is shown of it' : find(message, secrets);
    if (place !== undefined) {
      leaks.push(`${name}: ${place}`);
    }
    if (typeof message === 'object' && message !== null && 'socket' in message && message.socket instanceof Socket) {
      sockets.add(message.socket);
    }
  };
  for (const name of channelNames) {
    subscribe(name, listen);
  }
  return {
    heard,
    leaks,
    stop() {
      for (const name of channelNames) {
        unsubscribe(name, listen);
      }
      for (const socket of sockets) {
        const attributes = JSON.stringify(attributesOf(socket));
        leaks.push(...secrets.filter((secret) => attributes.includes(secret)).map(() => `later: ${attributes}`));
      }
    },
  };
}

/** What tracing records of a socket: everything with a name that is a plain value, and its addresses. */
function attributesOf(socket: Socket): unknown[] {
  const attributes: unknown[] = [socket.address(), socket.remoteAddress, socket.localAddress];
  for (const name in socket) {
    const value: unknown = Reflect.get(socket, name);
    if (typeof value !== 'object' && typeof value !== 'function') {
      attributes.push([name, value]);
    }
  }
  return attributes;
}

/** More objects than a message of any channel has; a socket may lead to everything there is. */
const MOST_OBJECTS = 50_000;

/** The way to a secret in anything that a value leads to, hidden and symbol properties included. */
function find(start: unknown, secrets: readonly string[]): string | undefined {
  const seen = new Set<unknown>();
  const queue: { readonly value: unknown; readonly path: string }[] = [{ value: start, path: '' }];
  for (let next = queue.shift(); next !== undefined && seen.size < MOST_OBJECTS; next = queue.shift()) {
    const { value, path } = next;
    if (typeof value === 'string' || Buffer.isBuffer(value)) {
      if (secrets.some((secret) => value.includes(secret))) {
        return path;
      }
    } else if (((typeof value === 'object' && value !== null) || typeof value === 'function') && !seen.has(value)) {
      seen.add(value);
      for (const name of Reflect.ownKeys(value)) {
        const held: unknown = Object.getOwnPropertyDescriptor(value, name)?.value;
        queue.push({ value: held, path: `${path}.${String(name)}` });
      }
      if (value instanceof Map || value instanceof Set) {
        queue.push({ value: [...value.entries()], path: `${path}.entries` });
      }
    }
  }
  return undefined;
}
