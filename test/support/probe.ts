/**
 * Loads the built HTTP bundle in a process of its own, sends a key with it as both services take theirs, and prints
 * what became of the process around it. Arguments: the bundle, the URL of a server, the key.
 */
import { createRequire } from 'node:module';
import type * as http from '../../src/transport/undici.ts';
import { watchChannels } from './channels.ts';

export interface Findings {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly status: readonly number[];
  readonly post: number;
  readonly heard: readonly string[];
  readonly leaks: readonly string[];
}

const [bundle = '', url = '', key = ''] = process.argv.slice(2);
const symbols = ['undici.globalDispatcher.1', 'undici.globalDispatcher.2'].map((name) => Symbol.for(name));
const state = () => symbols.map((symbol) => typeof Reflect.get(globalThis, symbol));

const before = state();
const { createHttpClient } = createRequire(import.meta.url)(bundle) as typeof http;
const watch = watchChannels([key]);
const options = { noProxy: [], useProxy: true, strictTls: true, systemCertificates: true, timeout: 5000 };
const client = createHttpClient(options);
const status: number[] = [];
for (const [query, headers] of [
  [`?api_key=${key}`, {}],
  ['', { authorization: `Bearer ${key}` }],
] as const) {
  const request = { url: new URL(url + query), headers, signal: new AbortController().signal, limit: 1e6 };
  status.push((await client.send('GET', request)).status);
}
// One that fails: errors have channels of their own.
const lost = { url: new URL(`http://127.0.0.1:9/?api_key=${key}`), headers: {}, limit: 1e6 };
await client.send('GET', { ...lost, signal: new AbortController().signal }).catch(() => undefined);
const after = state();
const post = await fetch(url, { method: 'POST', body: 'hello', headers: { 'content-length': '5' } });
watch.stop();
await client.close();
const { heard, leaks } = watch;
process.stdout.write(JSON.stringify({ before, after, status, post: post.status, heard: [...heard], leaks }));
