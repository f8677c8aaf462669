import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { root } from '../support/paths.ts';

describe('the declarations of the API', () => {
  it('are enough for another extension, without the sources and without options of ours', () => {
    const folder = `${root}/dist/api-consumer`;
    mkdirSync(folder, { recursive: true });
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    execFileSync(process.execPath, [tsc, '-p', `${root}/tsconfig.api.json`, '--outDir', `${folder}/types`]);
    const consumer = `
      import type { SendmapApi, SendmapEdgeChange, Account } from './types/api.js';
      export async function broken(api: SendmapApi): Promise<string[]> {
        const [connection] = api.connections();
        const accounts: readonly Account[] = await api.accounts(connection!.id);
        const senders = await api.sendersOf(connection!.id, 'x');
        return [...accounts.filter((a) => a.state === 'error').map((a) => a.email), ...senders.map((s) => s.account.key)];
      }
      export async function joined(api: SendmapApi, since: Date): Promise<readonly SendmapEdgeChange[] | undefined> {
        return (await api.changes('x', since))?.joined;
      }`;
    writeFileSync(`${folder}/consumer.ts`, consumer);
    const options = ['--ignoreConfig', '--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022'];
    execFileSync(process.execPath, [tsc, ...options, `${folder}/consumer.ts`]);
    rmSync(folder, { recursive: true });
    assert.ok(true);
  }).timeout(60_000);
});
