import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isTransportFailure, type HttpRequest, type TransportFailure } from '../../../src/transport/http.ts';
import { answerLimits } from '../../../src/transport/limits.ts';
import { createHttpClient } from '../../../src/transport/undici.ts';
import { network } from '../../support/connect.ts';

describe('HTTP client', () => {
  let server: Server;
  let handler: RequestListener;
  let connections = 0;
  const { signal } = new AbortController();
  const client = createHttpClient(network);

  before(async () => {
    server = createServer((request, response) => {
      handler(request, response);
    });
    server.on('connection', () => (connections += 1));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    await client.close();
    server.close();
    await once(server, 'close');
  });

  const request = (more: Partial<HttpRequest> = {}): HttpRequest => ({
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/x?a=1`),
    headers: {},
    signal,
    limit: answerLimits.page,
    ...more,
  });
  async function failureOf(sent: Promise<unknown>): Promise<TransportFailure> {
    const error: unknown = await sent.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(isTransportFailure(error), String(error));
    return error;
  }
  /** Writes until the connection has ended. */
  const flood = (response: ServerResponse) => {
    const write = () => {
      while (!response.destroyed && response.write(Buffer.alloc(64_000, 'x')));
    };
    response.on('drain', write);
    write();
  };

  it('sends what it is given, and gives what it gets', async () => {
    let got: unknown;
    handler = (incoming, response) => {
      const { method, url, headers } = incoming;
      incoming.setEncoding('utf8').on('data', (body: string) => {
        got = { method, url, body, key: headers['x-key'], encodings: headers['accept-encoding'] };
        response.writeHead(201, [
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2'],
          ['X-Rest', '7'],
        ] as unknown as string[]);
        response.end('done');
      });
    };
    const answer = await client.send('PATCH', request({ headers: { 'x-key': 'k' }, body: '{"a":1}' }));
    assert.deepEqual(got, {
      method: 'PATCH',
      url: '/x?a=1',
      body: '{"a":1}',
      key: 'k',
      encodings: 'gzip, deflate, br',
    });
    assert.equal(answer.status, 201);
    assert.equal(answer.text, 'done');
    assert.equal(answer.cut, false);
    assert.equal(answer.headers['set-cookie'], 'a=1, b=2');
    assert.equal(answer.headers['x-rest'], '7');
  });

  it('takes hints that come before an answer for no answer', async () => {
    handler = (_, response) => {
      response.writeProcessing();
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      setImmediate(() => response.writeHead(200, { 'x-a': 'b' }).end('real'));
    };
    const { status, headers, text } = await client.send('GET', request());
    assert.deepEqual([status, headers['x-a'], text], [200, 'b', 'real']);
  });

  for (const status of [300, 404, 500]) {
    it(`keeps the beginning of an error that never ends, and hangs up: ${status}`, async () => {
      const closed = new Promise((resolve) => {
        handler = (_, response) => {
          response.on('close', resolve);
          flood(response.writeHead(status));
        };
      });
      const answer = await client.send('GET', request());
      assert.equal(answer.status, status);
      assert.equal(answer.text, 'x'.repeat(answerLimits.error));
      assert.equal(answer.cut, true);
      await closed;
    });
  }

  for (const status of [200, 299]) {
    it(`refuses a good answer that is longer than it may be, and hangs up: ${status}`, async () => {
      const closed = new Promise((resolve) => {
        handler = (_, response) => {
          response.on('close', resolve);
          flood(response.writeHead(status));
        };
      });
      const { reason, code, detail } = await failureOf(client.send('GET', request({ limit: 100_000 })));
      assert.deepEqual([reason, code], ['malformed', 'TOO_LARGE']);
      assert.ok(Number(detail) > 100_000);
      await closed;
    });
  }

  it('uses its connections again', async () => {
    handler = (_, response) => response.end('a');
    const before = connections;
    for (let times = 0; times < 20; times += 1) {
      await client.send('GET', request());
    }
    // undici opens a second one where the first has only just had its answer.
    assert.ok(connections - before <= 2, String(connections - before));
  });

  it('sends nothing that was cancelled before, and hangs up where it is cancelled later', async () => {
    const reason = new Error('left');
    let asked = 0;
    handler = () => (asked += 1);
    await assert.rejects(
      client.send('GET', request({ signal: AbortSignal.abort(reason) })),
      (error) => error === reason,
    );
    assert.equal(asked, 0);
    for (const begin of [false, true]) {
      const left = new AbortController();
      const closed = new Promise((resolve) => {
        handler = (_, response) => {
          response.on('close', resolve);
          if (begin) {
            response.writeHead(200).write('begun');
          }
          setImmediate(() => {
            left.abort(reason);
          });
        };
      });
      await assert.rejects(client.send('GET', request({ signal: left.signal })), (error) => error === reason);
      assert.deepEqual(getEventListeners(left.signal, 'abort'), []);
      await closed;
    }
  });

  it('hangs up where it takes too long, before the headers and after them', async () => {
    const impatient = createHttpClient({ ...network, timeout: 100 });
    for (const begin of [false, true]) {
      const closed = new Promise((resolve) => {
        handler = (_, response) => {
          response.on('close', resolve);
          if (begin) {
            response.writeHead(200).write('begun');
          }
        };
      });
      const { reason, detail } = await failureOf(impatient.send('GET', request()));
      assert.deepEqual([reason, detail], ['timeout', undefined]);
      await closed;
    }
    assert.deepEqual(getEventListeners(signal, 'abort'), []);
    await impatient.close();
  });

  it('names what is wrong with the network by its code, also behind another error', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    gone.close();
    await once(gone, 'close');
    const refused = await failureOf(client.send('GET', request({ url: new URL(`http://127.0.0.1:${port}/`) })));
    assert.deepEqual([refused.reason, refused.code], ['network', 'ECONNREFUSED']);
    // A name with several addresses fails with one error of all of them.
    const named = await failureOf(client.send('GET', request({ url: new URL(`http://localhost:${port}/`) })));
    assert.deepEqual([named.reason, named.code], ['network', 'ECONNREFUSED']);
    handler = ({ socket }) => socket.destroy();
    const ended = await failureOf(client.send('GET', request()));
    assert.deepEqual([ended.reason, ended.code], ['network', 'UND_ERR_SOCKET']);
    handler = ({ socket }) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
    const half = await failureOf(client.send('GET', request()));
    assert.equal(half.reason, 'network');
  });

  it('ends its connections when it is closed', async () => {
    const other = createHttpClient(network);
    const ended = new Promise((resolve) => {
      handler = ({ socket }, response) => {
        socket.on('close', resolve);
        response.end('a');
      };
    });
    await other.send('GET', request());
    await other.close();
    await ended;
    await assert.rejects(other.send('GET', request()));
  });
});
