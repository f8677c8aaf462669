import type * as vscode from 'vscode';
import { providers, type ProviderId } from '../providers/index.ts';
import type { Sandbox } from '../sandbox/server.ts';
import { Lazy } from '../transport/lazy.ts';

/** The key of a sample connection: no secret, since it opens nothing but the sandbox on this machine. */
export function sampleKeyOf(provider: ProviderId): string {
  return `sample-${provider}-key`;
}

/** The sandbox behind the sample connections: started in this process with the first request that needs it. */
export class SampleWorkspace implements vscode.Disposable {
  readonly #sandbox = new Lazy(startSample);

  /** The base URL of a simulated service on a loopback port. */
  async baseUrl(provider: ProviderId): Promise<string> {
    return (await this.#sandbox.get()).baseUrls[provider];
  }

  /** The DNS server that knows the domains of the sample accounts, which are nowhere else. */
  async dnsServer(): Promise<string> {
    return (await this.#sandbox.get()).dnsServer();
  }

  /** Stops the sandbox; the next request starts it again. */
  async stop(): Promise<void> {
    await (await this.#sandbox.take())?.close();
  }

  dispose(): void {
    void this.stop();
  }
}

async function startSample(): Promise<Sandbox> {
  const { sample, startSandbox } = await import('../sandbox/server.ts');
  return startSandbox({
    ...sample,
    keys: (Object.keys(providers) as ProviderId[]).map((service) => ({ key: sampleKeyOf(service), service })),
  });
}
