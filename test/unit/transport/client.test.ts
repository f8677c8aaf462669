import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { profile } from '../../../src/providers/instantly/profile.ts';
import { isServiceError, type ErrorKind, type ServiceError } from '../../../src/transport/errors.ts';
import { createHttpClient } from '../../../src/transport/undici.ts';
import { createClient, MemoryLog, network, type ConnectOptions } from '../../support/connect.ts';
import { until } from '../../support/until.ts';

const KEY = 'planted-key-7c1f';

describe('client', () => {
  let server: Server | undefined;
  const seen: IncomingMessage[] = [];

  async function serve(handler: RequestListener): Promise<string> {
    seen.length = 0;
    server = createServer((request, response) => {
      seen.push(request);
      handler(request, response);
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });

  const client = (baseUrl: string, options: Partial<ConnectOptions> = {}) =>
    createClient(profile, { baseUrl, key: KEY, ...options });

  const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

  /** Answers in turn; the last one again and again. */
  const inTurn = (...answers: readonly RequestListener[]): RequestListener => {
    let turn = 0;
    return (request, response) => {
      answers[Math.min(turn, answers.length - 1)]?.(request, response);
      turn += 1;
    };
  };
  const good: RequestListener = (_, response) => {
    json(response, 200, { fine: true });
  };

  async function failure(promise: Promise<unknown>): Promise<ServiceError> {
    try {
      await promise;
    } catch (error) {
      assert.ok(isServiceError(error), String(error));
      assert.ok(!error.message.includes(KEY), error.message);
      return error;
    }
    return assert.fail('it should have failed');
  }

  it('sends the key in the header, an explicit agent, and decodes compressed answers', async () => {
    const base = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"fine":true}'));
    });
    const answer = await client(base).get('/x', '/x', { limit: 5, none: undefined });
    assert.equal(answer.text, '{"fine":true}');
    assert.equal(seen[0]?.url, '/x?limit=5');
    assert.equal(seen[0].headers.authorization, `Bearer ${KEY}`);
    assert.match(seen[0].headers['user-agent'] ?? '', /^Sendmap\//);
    assert.equal(seen[0].headers['content-type'], undefined);
  });

  const VITALS = '/api/v2/accounts/test/vitals';

  it('posts the questions that the service declares to be reads, and tries them again as it does with reads', async () => {
    const bodies: unknown[] = [];
    const base = await serve((request, response) => {
      void text(request).then((body) => {
        bodies.push(JSON.parse(body));
        json(response, bodies.length === 1 ? 503 : 200, { fine: true });
      });
    });
    const log = new MemoryLog();
    const answer = await client(base, { log }).ask(VITALS, { accounts: ['a@b.c'] });
    assert.equal(answer.text, '{"fine":true}');
    assert.deepEqual(bodies, [{ accounts: ['a@b.c'] }, { accounts: ['a@b.c'] }]);
    assert.deepEqual(
      seen.map(({ method, url, headers }) => [method, url, headers['content-type'], headers.authorization]),
      Array(2).fill(['POST', VITALS, 'application/json', `Bearer ${KEY}`]),
    );
    assert.match(log.lines.join('\n'), /POST \/api\/v2\/accounts\/test\/vitals 200/);
    assert.doesNotMatch(log.lines.join('\n'), /a@b\.c/);
  });

  it('posts nothing else', async () => {
    const base = await serve(good);
    for (const path of ['/api/v2/accounts/pause', `${VITALS}/`, `${VITALS}?x=1`, '/', '/api/v2/campaigns/1/activate']) {
      await assert.rejects(client(base).ask(path, {}), TypeError);
    }
    const silent = createClient({ ...profile, postReads: [] }, { baseUrl: base, key: KEY });
    await assert.rejects(silent.ask(VITALS, {}), TypeError);
    assert.equal(seen.length, 0);
  });

  for (const [status, body, kind] of [
    [401, { statusCode: 401, error: 'Unauthorized', message: 'Invalid API key' }, 'badKey'],
    [
      402,
      { statusCode: 402, error: 'Payment Required', message: 'Workspace does not have an active paid plan' },
      'planInactive',
    ],
    [403, { statusCode: 403, error: 'Forbidden', message: 'Missing required scope' }, 'missingScope'],
    [404, { message: 'Resource not found' }, 'notFound'],
    [400, { message: 'params/id must match format "uuid"' }, 'notFound'],
    [400, { message: 'querystring/limit must be <= 100' }, 'malformed'],
    [302, {}, 'malformed'],
  ] as const satisfies readonly (readonly [number, object, ErrorKind])[]) {
    it(`tells ${status} ${JSON.stringify(body)} as ${kind}, without a second try`, async () => {
      const base = await serve((_, response) => {
        json(response, status, body);
      });
      const error = await failure(client(base).get('/x', '/x'));
      assert.equal(error.kind, kind);
      assert.equal(error.status, status);
      assert.equal(seen.length, 1);
      if ('message' in body) {
        assert.equal(error.serviceMessage, body.message);
      }
    });
  }

  it('does not take the gateway for the service: a 403 that is not JSON is no bad key', async () => {
    const base = await serve((_, response) => {
      response.writeHead(403, { 'content-type': 'text/html' }).end('<title>x</title><h1>Error 1010</h1><p>banned</p>');
    });
    const error = await failure(client(base).get('/x', '/x'));
    assert.equal(error.kind, 'blocked');
    assert.equal(error.serviceMessage, 'Error 1010 banned');
  });

  it('retries a 429 after Retry-After, in seconds and as a date', async () => {
    for (const headerOf of [() => '1', () => new Date(Date.now() + 2000).toUTCString()]) {
      const header = headerOf();
      const base = await serve(
        inTurn((_, response) => {
          json(response, 429, { message: 'Rate limit exceeded' }, { 'retry-after': header });
        }, good),
      );
      const subject = client(base);
      const waits: (number | undefined)[] = [];
      subject.onWait((until) => waits.push(until));
      const answer = await subject.get('/x', '/x');
      assert.equal(answer.status, 200);
      assert.equal(seen.length, 2);
      assert.equal(waits.length, 1, header);
    }
  });

  it('says until when, instead of letting a person wait for minutes', async () => {
    const base = await serve((_, response) => {
      json(response, 429, { message: 'Slow down' }, { 'retry-after': '120' });
    });
    const subject = client(base);
    const error = await failure(subject.get('/x', '/x'));
    assert.equal(error.kind, 'rateLimited');
    assert.equal(error.serviceMessage, 'Slow down');
    assert.ok((error.retryAt ?? 0) > Date.now() + 100_000);
    assert.equal((await failure(subject.get('/y', '/y'))).kind, 'rateLimited');
    assert.equal(seen.length, 1);
  });

  it('tells a person who already waits in the queue, while background work is patient', async () => {
    const waits = Promise.withResolvers<undefined>();
    const base = await serve((_, response) => {
      void waits.promise.then(() => {
        json(response, 429, { message: 'Slow down' }, { 'retry-after': '120' });
      });
    });
    const subject = client(base, { settings: { concurrency: () => 1 } });
    const ended = new AbortController();
    const background = subject.get('/b', '/b', {}, { priority: 'background', signal: ended.signal });
    await until(() => seen.length === 1);
    const interactive = subject.get('/i', '/i');
    waits.resolve(undefined);
    assert.equal((await failure(interactive)).kind, 'rateLimited');
    ended.abort();
    await assert.rejects(background, { name: 'AbortError' });
    assert.equal(seen.length, 1);
  });

  describe('paused for long', () => {
    const refuse =
      (retryAfter: string): RequestListener =>
      (_, response) => {
        json(response, 429, { message: 'Slow down' }, { 'retry-after': retryAfter });
      };

    /** A client that was asked to wait for hours, and has been answered like that from then on. */
    async function paused(...answers: readonly RequestListener[]) {
      const base = await serve(inTurn(refuse('1e30'), ...answers));
      const subject = client(base);
      const error = await failure(subject.get('/x', '/x'));
      const wait = (error.retryAt ?? 0) - Date.now();
      assert.ok(wait > 7_190_000 && wait <= 7_200_000, String(wait));
      seen.length = 0;
      return { subject, probe: () => subject.probe((options) => subject.get('/probe', '/probe', {}, options)) };
    }

    it('lets one request through for a person, and goes on after a good answer', async () => {
      const { subject, probe } = await paused(good);
      const waits: (number | undefined)[] = [];
      subject.onWait((until) => waits.push(until));
      await Promise.all([probe(), probe(), probe()]);
      assert.deepEqual(
        seen.map(({ url }) => url),
        ['/probe'],
      );
      assert.deepEqual([waits, subject.waitingUntil], [[undefined], undefined]);
      assert.equal((await subject.get('/x', '/x')).status, 200);
      await probe();
      assert.equal(seen.length, 2, 'without a pause there is nothing to find out');
    });

    it('refuses all others while it does, and after another refusal', async () => {
      const { subject, probe } = await paused(refuse('7000'));
      const probing = probe();
      assert.equal((await failure(subject.get('/x', '/x'))).kind, 'rateLimited');
      await probing;
      const error = await failure(subject.get('/x', '/x'));
      assert.ok((error.retryAt ?? 0) - Date.now() < 7_001_000, 'the newer time counts');
      // Within a few seconds there is no other.
      await probe();
      assert.equal(seen.length, 1);
    });

    for (const [name, answer] of [
      ['a service in trouble', (response: ServerResponse) => response.writeHead(503).end()],
      ['a broken connection', (response: ServerResponse) => response.destroy()],
    ] as const) {
      it(`stays paused after ${name}, and asks no second time`, async () => {
        const { subject, probe } = await paused((_, response) => {
          answer(response);
        });
        await probe();
        assert.equal(seen.length, 1);
        assert.ok(subject.waitingUntil !== undefined);
      });
    }

    it('lets what waits in the background go on', async () => {
      const base = await serve(inTurn(refuse('120'), good));
      const subject = client(base);
      const background = subject.get('/b', '/b', {}, { priority: 'background' });
      await until(() => subject.waitingUntil !== undefined);
      await subject.probe((options) => subject.get('/probe', '/probe', {}, options));
      assert.equal((await background).status, 200);
    });
  });

  it('waits for Retry-After of a 503, as far as a person would', async () => {
    const base = await serve(
      inTurn((_, response) => {
        json(response, 503, {}, { 'retry-after': '1' });
      }, good),
    );
    const started = Date.now();
    assert.equal((await client(base).get('/x', '/x')).status, 200);
    assert.ok(Date.now() - started >= 990);
  });

  it('goes on with the new HTTP client where the settings change between two tries', async () => {
    const base = await serve(
      inTurn((_, response) => {
        json(response, 500, {});
      }, good),
    );
    let made = 0;
    const subject = client(base, {
      settings: {
        http: () => {
          made += 1;
          return Promise.resolve(createHttpClient(network));
        },
      },
    });
    await subject.get('/x', '/x');
    assert.equal(made, 2);
  });

  for (const status of [500, 502, 503, 524]) {
    it(`retries a ${status}`, async () => {
      const base = await serve(
        inTurn((_, response) => {
          response.writeHead(status).end('<html>bad gateway</html>');
        }, good),
      );
      assert.equal((await client(base).get('/x', '/x')).status, 200);
      assert.equal(seen.length, 2);
    });
  }

  it('gives up on a service that stays down, and says so', async () => {
    const base = await serve((_, response) => {
      json(response, 503, { message: 'maintenance' });
    });
    const error = await failure(client(base).get('/x', '/x'));
    assert.equal(error.kind, 'unavailable');
    assert.equal(seen.length, 4);
  });

  it('retries a connection that breaks in the middle of an answer', async () => {
    const base = await serve(
      inTurn((_, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"fi', () => response.destroy());
      }, good),
    );
    assert.equal((await client(base).get('/x', '/x')).text, '{"fine":true}');
  });

  it('tells a refused connection as a network failure', async () => {
    const base = await serve(good);
    server?.close();
    const error = await failure(client(base).get('/x', '/x'));
    assert.equal(error.kind, 'network');
    assert.match(error.message, /connection was refused/);
  });

  it('times out on headers that do not come and on a body that does not end', async () => {
    for (const handler of [
      () => undefined,
      (_: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200);
        // Byte by byte: an idle timeout would never fire.
        const drip = setInterval(() => response.write(' '), 50);
        response.on('close', () => {
          clearInterval(drip);
        });
      },
    ] as const) {
      const base = await serve(handler);
      const subject = client(base, { network: { timeout: 300 } });
      const error = await failure(subject.get('/x', '/x'));
      assert.equal(error.kind, 'timeout');
      server?.closeAllConnections();
      server?.close();
    }
  }).timeout(30_000);

  it('follows no redirect, so no other origin sees the key', async () => {
    let leaked = 0;
    const other = createServer((_, response) => {
      leaked += 1;
      response.end('{}');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const base = await serve((_, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${(other.address() as AddressInfo).port}/` }).end();
    });
    const error = await failure(client(base).get('/x', '/x'));
    assert.equal(error.kind, 'malformed');
    assert.equal(leaked, 0);
    other.close();
  });

  it('aborts what is under way and what waits, on a signal and on disposal', async () => {
    const base = await serve(() => undefined);
    const aborted = new AbortController();
    const subject = client(base, { settings: { concurrency: () => 1 } });
    const first = subject.get('/1', '/1', {}, { signal: aborted.signal });
    const second = subject.get('/2', '/2');
    await until(() => seen.length === 1);
    aborted.abort();
    await assert.rejects(first, { name: 'AbortError' });
    await until(() => seen.length === 2);
    subject.dispose();
    await assert.rejects(second, { name: 'AbortError' });
    await assert.rejects(subject.get('/3', '/3'), { name: 'AbortError' });
    assert.equal(seen.length, 2);
  });

  it('has as many requests under way as the person sets, within bounds, and else as suits the service', () => {
    for (const [set, expected] of [
      [0, profile.concurrency],
      [0.5, profile.concurrency],
      [2.7, 2],
      [16, 16],
      [1e9, 16],
    ] as const) {
      const subject = client('http://127.0.0.1:9', { settings: { concurrency: () => set } });
      assert.equal(subject.concurrency, expected, String(set));
      subject.dispose();
    }
  });

  it('lets what a person waits for go ahead of background work', async () => {
    const base = await serve(good);
    const subject = client(base, { settings: { concurrency: () => 1 } });
    const background = [1, 2, 3].map((n) => subject.get('/b', `/b${n}`, {}, { priority: 'background' }));
    const interactive = subject.get('/i', '/i');
    await Promise.all([...background, interactive]);
    assert.deepEqual(
      seen.map((request) => request.url),
      ['/b1', '/i', '/b2', '/b3'],
    );
  });

  it('logs the route, and neither the key nor the address in the path', async () => {
    const log = new MemoryLog();
    const base = await serve((_, response) => {
      json(response, 200, {});
    });
    await client(base, { log }).get('/accounts/{email}', '/accounts/dana%40example.com', { q: KEY });
    assert.equal(log.lines.length, 1);
    assert.match(log.lines[0] ?? '', /^#\d+ Instantly GET \/accounts\/\{email\} 200 \d+ ms/);
  });

  it('masks a key that the service echoes in an error', async () => {
    const base = await serve((_, response) => {
      json(response, 400, { message: `bad request /x?api_key=${KEY} with ${KEY}` });
    });
    const error = await failure(client(base).get('/x', '/x'));
    assert.match(error.message, /api_key=•••/);
  });
});
