import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Service } from '../../src/sandbox/server.ts';
import { root } from '../support/paths.ts';
import { YIELDING } from '../support/yielding.ts';

/**
 * A sandbox in a process of its own, so that what it costs is not what the extension costs; with a low priority on Linux,
 * because a service has cores of its own.
 */
export interface Sandbox {
  readonly baseUrls: Readonly<Record<Service, string>>;
  readonly close: () => void;
}

/** @param options those of `npm run sandbox`. */
export async function startSandbox(...options: string[]): Promise<Sandbox> {
  const start = [process.execPath, `${root}/src/sandbox/cli.ts`, '--no-oddities', ...options];
  const linux = process.platform === 'linux';
  const [program = '', ...parameters] = linux ? ['sh', '-c', `${YIELDING} "$@"`, 'sh', ...start] : start;
  const child = spawn(program, parameters, { stdio: ['ignore', 'pipe', 'inherit'], detached: linux });
  const end = () => child.kill();
  process.once('exit', end);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => process.exit(1));
  }
  for await (const line of createInterface(child.stdout)) {
    return { baseUrls: JSON.parse(line) as Record<Service, string>, close: end };
  }
  throw new Error('the sandbox did not start');
}
