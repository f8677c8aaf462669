import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { watchChannels, type Watch } from '../support/channels.ts';
import { keys } from './world.ts';

interface Surroundings {
  readonly dispatchers: readonly unknown[];
  /** What a plain POST with an explicit content-length came to. */
  readonly post: string;
}

let before: Surroundings;
/** Listens to all suites, as another extension with tracing would. */
let watch: Watch;

/** Looks at what all extensions of this process share. */
async function look(): Promise<Surroundings> {
  const server = createServer((request, response) => {
    request.pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const post = await fetch(url, { method: 'POST', body: 'hello', headers: { 'content-length': '5' } }).then(
    (answer) => answer.text(),
    // The npm build of VS Code 1.105 loads an undici of its own that breaks this without any extension.
    (error: unknown) => `refused: ${String((error as Error).cause)}`,
  );
  server.close();
  const dispatchers = ['1', '2'].map((version): unknown =>
    Reflect.get(globalThis, Symbol.for(`undici.globalDispatcher.${version}`)),
  );
  return { dispatchers, post };
}

const httpIsLoaded = () => Object.keys(require.cache).some((path) => path.endsWith('http.cjs'));

/** The first suite: nothing of Sendmap's HTTP code is loaded yet. */
export function describeBefore(): void {
  describe('the extension host before Sendmap makes a request', () => {
    it('has the dispatchers and the fetch of VS Code', async () => {
      assert.ok(!httpIsLoaded());
      watch = watchChannels(Object.values(keys));
      before = await look();
    });
  });
}

/** The last suite: requests were made. */
export function describeAfter(): void {
  describe('the extension host after Sendmap has made requests', () => {
    it('has the very same dispatchers, and its fetch does what it did', async () => {
      assert.ok(httpIsLoaded(), 'the HTTP bundle is loaded');
      const after = await look();
      after.dispatchers.forEach((dispatcher, index) => {
        assert.ok(dispatcher === before.dispatchers[index], `dispatcher ${index + 1} is another one`);
      });
      assert.equal(after.post, before.post);
    });

    it('has published no key on any channel of the process', () => {
      watch.stop();
      assert.ok(watch.heard.has('undici:request:create'), 'the fetch of the process is heard');
      assert.ok(watch.heard.has('net.client.socket'));
      assert.deepEqual(watch.leaks, []);
    });
  });
}
