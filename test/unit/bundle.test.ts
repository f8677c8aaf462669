import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Metafile } from 'esbuild';
import { activationFiles } from '../support/bundles.ts';
import { channelNames } from '../support/channels.ts';
import { installBuild } from '../support/install.ts';
import { root, versions } from '../support/paths.ts';
import type { Findings } from '../support/probe.ts';

const run = promisify(execFile);

const KEY = 'planted-key-5d20';
/** In bytes. */
const MOST_AT_ACTIVATION = 47 * 1024;

describe('the built bundles', () => {
  for (const [name, node] of [
    ['the Node of the tests', () => Promise.resolve(process.execPath)],
    ['the Node of the oldest supported VS Code', async () => (await installBuild(versions.oldest)).node],
  ] as const) {
    it(`change nothing process-wide on ${name}, and publish no key`, async () => {
      const server = createServer((_, response) => response.end('{}'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      const { stdout, stderr } = await run(
        await node(),
        [`${root}/test/support/probe.ts`, `${root}/dist/http.cjs`, url, KEY],
        // undici writes its requests out where these are named.
        { env: { ...process.env, NODE_DEBUG: 'undici,fetch' } },
      );
      server.close();
      const found = JSON.parse(stdout) as Findings;
      assert.deepEqual(found.after, found.before);
      assert.deepEqual([...found.status, found.post], [200, 200, 200]);
      assert.deepEqual(found.leaks, []);
      // Node's own fetch publishes on the channels of the same names: it was heard, so the others would have been.
      assert.ok(found.heard.includes('undici:request:create'));
      assert.ok(found.heard.includes('net.client.socket'));
      assert.ok(!stderr.includes(KEY));
    }).timeout(120_000);
  }

  it('are searched on every channel that undici has', () => {
    const sources = readdirSync(`${root}/node_modules/undici/lib`, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.js'))
      .map((path) => readFileSync(`${root}/node_modules/undici/lib/${path}`, 'utf8'));
    const names = sources.flatMap((source) => [...source.matchAll(/\.channel\('([^']+)'\)/g)].map(([, name]) => name!));
    assert.ok(names.length > 10);
    assert.deepEqual(
      names.filter((name) => !channelNames.includes(name)),
      [],
    );
  });

  it('keep what activation does not need out of what it loads', () => {
    const { text, bytes, paths } = activationFiles();
    assert.deepEqual(paths, [`${root}/dist/extension.cjs`]);
    for (const foreign of [
      'undici.globalDispatcher',
      'EnvHttpProxyAgent',
      'llhttp',
      'RATE_LIMIT_EXCEEDED',
      'allowVulnerableTags',
      // Redaction, the pace of requests, services, saved maps, rows and documents.
      'pass_?(?:word',
      'x-ratelimit',
      'next_starting_after',
      'it belongs to another connection',
      'testing.iconPassed',
      'insertSpaces',
      // Search, export, and what the properties of documents mean.
      'intraChars',
      'record_delimiter',
      'A page of Instantly says that 1 is Gmail',
      // What the API answers, and the paths of documents.
      'an account is named by its key',
      '.senders.json',
      // The overview.
      'patternUnits',
    ]) {
      assert.ok(!text.includes(foreign), foreign);
    }
    for (const module of ['node:http', 'node:https', 'node:tls', 'undici']) {
      assert.ok(!text.includes(`require("${module}")`), module);
    }
    assert.ok(bytes < MOST_AT_ACTIVATION, `${bytes} bytes`);
  });

  it('hold no module twice, so that all share its state', () => {
    const { outputs } = JSON.parse(readFileSync(`${root}/dist/meta.json`, 'utf8')) as Metafile;
    const modules = Object.values(outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
    );
    assert.ok(modules.length > 150);
    assert.deepEqual(
      modules.filter((path, index) => modules.indexOf(path) !== index),
      [],
    );
  });
});
