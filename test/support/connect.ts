import { providers } from '../../src/providers/index.ts';
import { InstantlyProvider } from '../../src/providers/instantly/provider.ts';
import type { DocumentKind, DocumentOptions, Provider } from '../../src/providers/provider.ts';
import { SmartleadProvider } from '../../src/providers/smartlead/provider.ts';
import { defaultKeys } from '../../src/sandbox/options.ts';
import type { Service } from '../../src/sandbox/server.ts';
import { Client } from '../../src/transport/client.ts';
import type { Log } from '../../src/transport/log.ts';
import type { ServiceProfile } from '../../src/transport/profile.ts';
import type { NetworkOptions } from '../../src/transport/http.ts';
import { Redactor } from '../../src/transport/redaction.ts';
import { createHttpClient } from '../../src/transport/undici.ts';
import type { ClientSettings } from '../../src/transport/wire.ts';

/** A log that keeps its lines. */
export class MemoryLog implements Log {
  readonly lines: string[] = [];
  debug = (message: string) => void this.lines.push(message);
  info = this.debug;
  warn = this.debug;
  error = this.debug;
}

export const network: NetworkOptions = {
  noProxy: [],
  useProxy: true,
  strictTls: true,
  systemCertificates: false,
  timeout: 5000,
};

export interface ConnectOptions {
  readonly baseUrl: string;
  readonly key?: string;
  readonly network?: Partial<NetworkOptions>;
  readonly settings?: Partial<ClientSettings>;
  readonly log?: Log;
  readonly redactor?: Redactor;
}

/** A client over real HTTP, as the extension makes it. */
export function createClient(profile: ServiceProfile, options: ConnectOptions): Client {
  const http = createHttpClient({ ...network, ...options.network });
  return new Client(
    options.key ?? 'a-key',
    profile,
    {
      baseUrl: () => options.baseUrl,
      concurrency: () => 4,
      requestsPerMinute: () => 0,
      mayChange: () => false,
      http: () => Promise.resolve(http),
      ...options.settings,
    },
    options.redactor ?? new Redactor(),
    options.log ?? new MemoryLog(),
  );
}

const classes = { instantly: InstantlyProvider, smartlead: SmartleadProvider } as const;

/** A provider over real HTTP, as the extension makes it. */
export function connect(service: Service, options: ConnectOptions): Provider {
  // What is tested with this is not the pace, and the sandbox has no limit unless it is given one.
  const profile = { ...providers[service].profile, limits: [{ requests: 60_000, milliseconds: 60_000 }] };
  return new classes[service](createClient(profile, { key: defaultKeys[service], ...options }));
}

export async function collect<T>(pages: AsyncIterable<{ readonly items: readonly T[] }>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) {
    all.push(...page.items);
  }
  return all;
}

/** The text of a document. */
export async function documentText(
  provider: Provider,
  kind: DocumentKind,
  id: string,
  options?: DocumentOptions,
): Promise<string> {
  return new TextDecoder().decode((await provider.document(kind, id, options)).content);
}
