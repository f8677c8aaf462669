import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { profile } from '../../../src/providers/instantly/profile.ts';
import { profile as smartlead } from '../../../src/providers/smartlead/profile.ts';
import type { Client } from '../../../src/transport/client.ts';
import { isServiceError, type ErrorKind, type ServiceError } from '../../../src/transport/errors.ts';
import type { WriteMethod } from '../../../src/transport/http.ts';
import { isRefusal, type Write } from '../../../src/transport/writer.ts';
import { createClient, MemoryLog, type ConnectOptions } from '../../support/connect.ts';
import { until } from '../../support/until.ts';

const KEY = 'planted-key-7c1f';
const never = new AbortController().signal;
const PAUSE: Write = { method: 'POST', route: '/campaigns/{id}/pause', path: '/campaigns/c-1/pause' };

describe('writer', () => {
  let server: Server | undefined;
  const clients: Client[] = [];
  const seen: { line: string; type: string | undefined; body: string; waits: boolean }[] = [];

  /** Serves, and notes each request when all of it is there. */
  async function serve(handler: RequestListener): Promise<string> {
    seen.length = 0;
    server = createServer((request, response) => {
      void text(request).then((body) => {
        const line = `${request.method ?? ''} ${request.url ?? ''}`;
        const waits = clients.some((client) => client.waitingUntil !== undefined);
        seen.push({ line, type: request.headers['content-type'], body, waits });
        handler(request, response);
      });
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  afterEach(() => {
    for (const client of clients.splice(0)) {
      client.dispose();
    }
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });

  function connectTo(baseUrl: string, options: Partial<ConnectOptions> = {}, of = profile): Client {
    const { settings, ...rest } = options;
    const client = createClient(of, {
      ...{ baseUrl, key: KEY, ...rest },
      settings: { mayChange: () => true, ...settings },
    });
    clients.push(client);
    return client;
  }

  const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

  async function failure(promise: Promise<unknown>): Promise<ServiceError> {
    try {
      await promise;
    } catch (error) {
      assert.ok(isServiceError(error), String(error));
      return error;
    }
    return assert.fail('it should have failed');
  }

  const lines = () => seen.map(({ line }) => line);

  /** Holds back the answers to all requests until they are let go, one by one. */
  function held(): { readonly handler: RequestListener; readonly letGo: () => void } {
    const waiting: ServerResponse[] = [];
    return {
      handler: (_, response) => waiting.push(response),
      letGo: () => {
        json(waiting.shift()!, 200, { id: 'x' });
      },
    };
  }

  for (const method of ['POST', 'PATCH', 'PUT', 'DELETE'] as const satisfies readonly WriteMethod[]) {
    it(`sends a ${method} once, whatever goes wrong with it, but says whether anything may have been done`, async () => {
      const troubles: readonly (readonly [RequestListener, ErrorKind, refused: boolean])[] = [
        [(_, response) => response.destroy(), 'network', false],
        [
          (_, response) => {
            response.writeHead(200, { 'content-length': '1000' }).write('{"id":');
            setImmediate(() => response.destroy());
          },
          'network',
          false,
        ],
        [() => undefined, 'timeout', false],
        ...[500, 502, 503, 504, 524].map((status) => [answering(status), 'unavailable', false] as const),
        [answering(408), 'unavailable', false],
        [answering(200, { error: 'The change could not be saved.' }), 'malformed', false],
        [answering(302), 'malformed', false],
        [answering(400), 'malformed', true],
        [answering(401), 'badKey', true],
        [answering(402), 'planInactive', true],
        [answering(403), 'missingScope', true],
        [answering(404), 'notFound', true],
        [answering(422), 'malformed', true],
      ];
      let handler: RequestListener = answering(200);
      const base = await serve((request, response) => {
        handler(request, response);
      });
      const { writer } = connectTo(base, { network: { timeout: 300 } });
      // Over a connection that is open already, where a client may think that it was the connection's fault.
      await writer.send({ ...PAUSE, method }, never);
      for (const [trouble, kind, refused] of troubles) {
        handler = trouble;
        seen.length = 0;
        const error = await failure(writer.send({ ...PAUSE, method, body: { x: 1 } }, never));
        assert.deepEqual([error.kind, isRefusal(error)], [kind, refused], error.message);
        assert.deepEqual(lines(), [`${method} ${PAUSE.path}`], error.message);
        handler = answering(200);
        await writer.send({ ...PAUSE, method }, never);
      }
    });
  }

  function answering(status: number, body: unknown = { message: `It is ${status}` }): RequestListener {
    return (_, response) => {
      json(response, status, body);
    };
  }

  it('sends a change again only after a 429, when the pause is over', async () => {
    let left = 1;
    const base = await serve((_, response) => {
      left -= 1;
      json(response, left >= 0 ? 429 : 200, { message: 'slow down' }, { 'retry-after': '1' });
    });
    const client = connectTo(base);
    const pauses: boolean[] = [];
    client.onWait((time) => pauses.push(time !== undefined));
    const answer = await client.writer.send({ ...PAUSE, body: { x: 1 } }, never);
    assert.equal(answer.status, 200);
    assert.deepEqual(lines(), Array(2).fill(`POST ${PAUSE.path}`));
    assert.deepEqual(
      seen.map(({ body, waits }) => [body, waits]),
      Array(2).fill(['{"x":1}', false]),
    );
    assert.ok(pauses.length > 0);
  });

  it('takes a change that a 429 holds back out of the queue, and it was never done', async () => {
    const base = await serve((_, response) => {
      json(response, 429, {}, { 'retry-after': '60' });
    });
    const client = connectTo(base);
    const leaving = new AbortController();
    const sending = client.writer.send(PAUSE, leaving.signal);
    await until(() => client.waitingUntil !== undefined);
    leaving.abort();
    await assert.rejects(sending, { name: 'AbortError' });
    assert.equal(seen.length, 1);
  });

  it('gives up where the service asks for a longer pause than background work waits', async () => {
    const base = await serve((_, response) => {
      json(response, 429, {}, { 'retry-after': '3600' });
    });
    const error = await failure(connectTo(base).writer.send(PAUSE, never));
    assert.deepEqual([error.kind, isRefusal(error), seen.length], ['rateLimited', true, 1]);
  });

  it('sends nothing where changes are not allowed, and says which setting allows them', async () => {
    const base = await serve(answering(200));
    const { writer } = connectTo(base, { settings: { mayChange: () => false } });
    const error = await failure(writer.send(PAUSE, never));
    assert.deepEqual([error.kind, error.setting, isRefusal(error)], ['changesOff', 'sendmap.allowChanges', true]);
    assert.deepEqual(seen, []);
  });

  it('sends nothing where the setting is turned off while the change waits for its turn', async () => {
    const { handler, letGo } = held();
    const base = await serve(handler);
    let allowed = true;
    const client = connectTo(base, { settings: { concurrency: () => 1, mayChange: () => allowed } });
    const reading = client.get('/x', '/x');
    await until(() => seen.length === 1);
    const refused = failure(client.writer.send(PAUSE, never));
    allowed = false;
    letGo();
    await reading;
    assert.equal((await refused).kind, 'changesOff');
    assert.deepEqual(lines(), ['GET /x']);
  });

  it('sends nothing more where the setting is turned off while a 429 holds the change back', async () => {
    let allowed = true;
    const base = await serve((_, response) => {
      allowed = false;
      json(response, 429, {}, { 'retry-after': '1' });
    });
    const error = await failure(connectTo(base, { settings: { mayChange: () => allowed } }).writer.send(PAUSE, never));
    assert.deepEqual([error.kind, seen.length], ['changesOff', 1]);
  });

  it('names JSON only where there is some', async () => {
    const base = await serve(answering(200));
    const { writer } = connectTo(base);
    for (const method of ['POST', 'DELETE'] as const) {
      await writer.send({ ...PAUSE, method }, never);
      await writer.send({ ...PAUSE, method, body: { x: 1 } }, never);
    }
    assert.deepEqual(
      seen.map(({ type, body }) => [type, body]),
      [
        [undefined, ''],
        ['application/json', '{"x":1}'],
        [undefined, ''],
        ['application/json', '{"x":1}'],
      ],
    );
  });

  for (const service of [profile, smartlead]) {
    it(`keeps the key of ${service.name} out of the log and of errors, even where the service repeats it`, async () => {
      const said = `no ${KEY} here, Bearer ${KEY}, ?api_key=${KEY}`;
      const troubles = [answering(400, { message: said, error: said }), answering(500, said)];
      let handler: RequestListener = answering(200);
      const base = await serve((request, response) => {
        handler(request, response);
      });
      const log = new MemoryLog();
      const { writer } = connectTo(base, { log }, service);
      const texts: string[] = [];
      for (const trouble of [...troubles, ((_, response) => response.destroy()) as RequestListener]) {
        handler = trouble;
        const error = await failure(writer.send({ ...PAUSE, body: { note: 'a@b.c' } }, never));
        texts.push(error.message, error.stack ?? '', JSON.stringify(error));
      }
      const all = [...texts, ...log.lines].join('\n');
      assert.match(all, /POST \/campaigns\/\{id\}\/pause/);
      assert.doesNotMatch(all, new RegExp(KEY));
      assert.doesNotMatch(log.lines.join('\n'), /a@b\.c|c-1/);
    });
  }

  it('lets what a person waits for go first', async () => {
    const { handler, letGo } = held();
    const base = await serve(handler);
    const client = connectTo(base, { settings: { concurrency: () => 1 } });
    const first = client.get('/first', '/first');
    await until(() => seen.length === 1);
    const order: string[] = [];
    const write = client.writer.send(PAUSE, never).then(() => order.push('write'));
    const read = client.get('/second', '/second').then(() => order.push('read'));
    for (const count of [1, 2, 3]) {
      await until(() => seen.length === count);
      letGo();
    }
    await Promise.all([first, write, read]);
    assert.deepEqual(lines(), ['GET /first', 'GET /second', `POST ${PAUSE.path}`]);
    assert.deepEqual(order, ['read', 'write']);
  });

  it('takes a change out of the queue by its signal', async () => {
    const { handler, letGo } = held();
    const base = await serve(handler);
    const client = connectTo(base, { settings: { concurrency: () => 1 } });
    const reading = client.get('/x', '/x');
    await until(() => seen.length === 1);
    const leaving = new AbortController();
    const sending = client.writer.send(PAUSE, leaving.signal);
    leaving.abort();
    await assert.rejects(sending, { name: 'AbortError' });
    letGo();
    await reading;
    assert.deepEqual(lines(), ['GET /x']);
    await assert.rejects(client.writer.send(PAUSE, leaving.signal), { name: 'AbortError' });
    assert.deepEqual(lines(), ['GET /x']);
  });

  it('waits for the answer to what has left, whatever its signal says then', async () => {
    const { handler, letGo } = held();
    const base = await serve(handler);
    const leaving = new AbortController();
    const sending = connectTo(base).writer.send(PAUSE, leaving.signal);
    await until(() => seen.length === 1);
    leaving.abort();
    letGo();
    assert.equal((await sending).status, 200);
    assert.equal(seen.length, 1);
  });

  it('does not know what became of a change where the client ends while it is under way', async () => {
    const { handler } = held();
    const client = connectTo(await serve(handler));
    const sending = failure(client.writer.send(PAUSE, never));
    await until(() => seen.length === 1);
    client.dispose();
    const error = await sending;
    assert.deepEqual([error.kind, isRefusal(error), seen.length], ['ended', false, 1]);
  });

  it('sends nothing where the client ends while it waits, or has ended', async () => {
    const { handler } = held();
    const client = connectTo(await serve(handler), { settings: { concurrency: () => 1 } });
    const reading = client.get('/x', '/x').catch(() => undefined);
    await until(() => seen.length === 1);
    const sending = client.writer.send(PAUSE, never);
    client.dispose();
    await assert.rejects(sending, { name: 'AbortError' });
    await assert.rejects(client.writer.send(PAUSE, never), { name: 'AbortError' });
    await reading;
    assert.deepEqual(lines(), ['GET /x']);
  });
});
