import { setImmediate as nextTurn } from 'node:timers/promises';
import * as vscode from 'vscode';
import { settings } from '../contributions.ts';
import { ServiceError } from '../transport/errors.ts';
import type { HttpClient, NetworkOptions } from '../transport/http.ts';
import { Lazy } from '../transport/lazy.ts';

/**
 * The HTTP client that all connections share, made with the first request from VS Code's `http.*` settings and
 * Sendmap's own, and made again when one of them changes.
 */
export class Network implements vscode.Disposable {
  readonly #client = new Lazy(createClient);
  /** The current settings, cached: each request needs them, and reading them from VS Code is slow. */
  readonly #values = new Map<string, unknown>();
  readonly #subscription: vscode.Disposable;

  constructor() {
    this.#subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      this.#values.clear();
      if (event.affectsConfiguration('http') || event.affectsConfiguration(settings.timeout)) {
        void this.#drop();
      }
    });
  }

  /** @throws {ServiceError} `setting`, where the proxy settings cannot be used. */
  client(): Promise<HttpClient> {
    return this.#client.get();
  }

  /** A numeric setting of Sendmap, of which 0 leaves the choice to the service. */
  setting(name: string): number {
    return numberOr(this.value(name), 0);
  }

  /** A setting of Sendmap, as it is: settings.json may hold anything. */
  value(name: string): unknown {
    if (!this.#values.has(name)) {
      this.#values.set(name, vscode.workspace.getConfiguration().get<unknown>(name));
    }
    return this.#values.get(name);
  }

  dispose(): void {
    this.#subscription.dispose();
    void this.#drop();
  }

  async #drop(): Promise<void> {
    await (await this.#client.take())?.close();
  }
}

async function createClient(): Promise<HttpClient> {
  // The import is a bundle of its own (see esbuild.js), so that activation evaluates no HTTP code. It takes as long as the
  // bundle of commands, which is often loaded for the same click: others have their turn between the two.
  await nextTurn();
  const { createHttpClient } = await import('../transport/undici.ts');
  try {
    return createHttpClient(networkOptions());
  } catch (error) {
    throw new ServiceError('setting', {
      service: 'VS Code',
      setting: 'http.proxy',
      serviceMessage: error instanceof Error ? error.message : String(error),
    });
  }
}

function networkOptions(): NetworkOptions {
  const http = vscode.workspace.getConfiguration('http');
  const proxy = http.get<string>('proxy')?.trim();
  return {
    proxy: proxy === '' ? undefined : proxy,
    noProxy: http.get<string[]>('noProxy') ?? [],
    proxyAuthorization: http.get<string | null>('proxyAuthorization') ?? undefined,
    useProxy: http.get<string>('proxySupport') !== 'off',
    strictTls: http.get<boolean>('proxyStrictSSL') ?? true,
    systemCertificates: http.get<boolean>('systemCertificates') ?? true,
    // The bounds of package.json: settings.json may hold any number, and a timer cannot wait for all of them.
    timeout: Math.min(600, Math.max(1, setting(settings.timeout, 30))) * 1000,
  };
}

/** A numeric setting of Sendmap; what is not a number counts as unset. */
export function setting(name: string, otherwise: number): number {
  return numberOr(vscode.workspace.getConfiguration().get<unknown>(name), otherwise);
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : otherwise;
}
