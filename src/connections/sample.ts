import type * as vscode from 'vscode';
import type { ProviderId } from '../providers/model.ts';
import type { Sandbox } from '../sandbox/server.ts';
import { Lazy } from './lazy.ts';

/** The keys of the sample connections: no secrets, since they open nothing but the sandbox on this machine. */
export const sampleKeys: Readonly<Record<ProviderId, string>> = {
  instantly: 'sample-instantly-key',
  smartlead: 'sample-smartlead-key',
};

/** The sandbox behind the sample connections: started in this process with the first request that needs it. */
export class SampleWorkspace implements vscode.Disposable {
  readonly #sandbox = new Lazy(startSample);

  /** The base URL of a simulated service on a loopback port. */
  async baseUrl(provider: ProviderId): Promise<string> {
    return (await this.#sandbox.get()).baseUrls[provider];
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
  const { startSandbox } = await import('../sandbox/server.ts');
  return startSandbox({
    // Small enough to see both services at once, and with something wrong in each.
    seed: 4944,
    oddities: false,
    instantly: { accounts: 16, campaigns: 10, tags: 5 },
    smartlead: { accounts: 12, campaigns: 8 },
    keys: [
      { key: sampleKeys.instantly, service: 'instantly' },
      { key: sampleKeys.smartlead, service: 'smartlead' },
    ],
    latency: 60,
  });
}
