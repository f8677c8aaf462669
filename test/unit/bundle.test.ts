import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { installBuild } from '../support/install.ts';
import { root, versions } from '../support/paths.ts';

const run = promisify(execFile);

/** Loads the built HTTP bundle, uses it, and says what became of the process around it. */
const PROBE = `
  const symbols = ['undici.globalDispatcher.1', 'undici.globalDispatcher.2'].map((name) => Symbol.for(name));
  const state = () => symbols.map((symbol) => typeof globalThis[symbol]);
  (async () => {
    const before = state();
    const { createHttpClient } = require(process.argv[1]);
    const client = createHttpClient({ noProxy: [], useProxy: true, strictTls: true, systemCertificates: true, timeout: 5000 });
    const answer = await client.get({ url: new URL(process.argv[2]), headers: {}, signal: new AbortController().signal });
    const after = state();
    const post = await fetch(process.argv[2], { method: 'POST', body: 'hello', headers: { 'content-length': '5' } });
    console.log(JSON.stringify({ before, after, status: answer.status, post: post.status }));
    await client.close();
  })();
`;

describe('the built bundles', () => {
  for (const [name, node] of [
    ['the Node of the tests', () => Promise.resolve(process.execPath)],
    ['the Node of the oldest supported VS Code', async () => (await installBuild(versions.oldest)).node],
  ] as const) {
    it(`change nothing process-wide on ${name}`, async () => {
      const server = createServer((_, response) => response.end('{}'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      const { stdout } = await run(await node(), ['-e', PROBE, `${root}/dist/http.cjs`, url]);
      server.close();
      const { before, after, status, post } = JSON.parse(stdout) as Record<string, unknown>;
      assert.deepEqual(after, before);
      assert.deepEqual([status, post], [200, 200]);
    }).timeout(120_000);
  }

  it('keep HTTP code and the sandbox out of the bundle that activation loads', () => {
    const extension = readFileSync(`${root}/dist/extension.cjs`, 'utf8');
    for (const foreign of [
      'undici.globalDispatcher',
      'EnvHttpProxyAgent',
      'llhttp',
      'RATE_LIMIT_EXCEEDED',
      'allowVulnerableTags',
    ]) {
      assert.ok(!extension.includes(foreign), foreign);
    }
    for (const module of ['node:http', 'node:https', 'node:tls', 'undici']) {
      assert.ok(!extension.includes(`require("${module}")`), module);
    }
  });
});
