import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { profile as instantly } from '../../../src/providers/instantly/profile.ts';
import { profile as smartlead } from '../../../src/providers/smartlead/profile.ts';
import type { Client, ReadOptions } from '../../../src/transport/client.ts';
import { isServiceError, type ServiceError } from '../../../src/transport/errors.ts';
import { excessOf, MOST_LEVELS, MOST_VALUES } from '../../../src/transport/limits.ts';
import { brotliBomb } from '../../support/bombs.ts';
import { createClient, type ConnectOptions } from '../../support/connect.ts';

/** A limit that is quick to pass. */
const SMALL: ReadOptions = { limit: 1_000_000 };

describe('bounds of an answer', () => {
  let server: Server;
  let bomb: Buffer;
  let requests = 0;
  let handler: RequestListener;

  before(async () => {
    bomb = await brotliBomb();
    server = createServer((request, response) => {
      requests += 1;
      handler(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const answerWith = (body: string | Buffer, headers: Record<string, string> = {}, status = 200) => {
    requests = 0;
    handler = (_, response) => response.writeHead(status, headers).end(body);
  };
  const packed = (encoding: string) => ({ 'content-encoding': encoding });
  const client = (profile = instantly, options: Partial<ConnectOptions> = {}): Client =>
    createClient(profile, { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ...options });
  const read = async (options?: ReadOptions) => (await client().get('/x', '/x', {}, options)).text;

  async function failure(promise: Promise<unknown>): Promise<ServiceError> {
    const error: unknown = await promise.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(isServiceError(error), String(error));
    return error;
  }

  describe('size', () => {
    const exact = JSON.stringify('x'.repeat(1_000_000 - 2));

    it('takes what has exactly as many bytes as it may, packed or not', async () => {
      answerWith(exact);
      assert.equal(await read(SMALL), exact);
      answerWith(gzipSync(exact), packed('gzip'));
      assert.equal(await read(SMALL), exact);
    });

    it('counts bytes, not characters', async () => {
      answerWith(JSON.stringify('ü'.repeat(600_000)));
      assert.equal((await failure(read(SMALL))).kind, 'malformed');
    });

    for (const [name, body, headers] of [
      ['plain', `${exact} `, {}],
      ['gzip', gzipSync(`${exact} `), packed('gzip')],
      ['deflate', deflateSync(`${exact} `), packed('deflate')],
      ['brotli', brotliCompressSync(`${exact} `), packed('br')],
      ['gzip in brotli', brotliCompressSync(gzipSync(`${exact} `)), packed('gzip, br')],
      ['packed bytes that unpack to nothing', Buffer.concat(Array<Buffer>(60_000).fill(gzipSync(''))), packed('gzip')],
    ] as const) {
      it(`refuses one byte more, names size and limit, and asks once: ${name}`, async () => {
        answerWith(body, headers);
        const error = await failure(read(SMALL));
        assert.equal(error.kind, 'malformed');
        assert.match(error.message, /it has 1\.\d MB or more, where 1 MB is the most/);
        assert.equal(requests, 1);
      });
    }

    it('ends the connection of a body that never ends', async () => {
      const closed = new Promise<void>((resolve) => {
        handler = (_, response) => {
          response.writeHead(200);
          const write = () => {
            while (!response.destroyed && response.write(Buffer.alloc(64_000, ' ')));
          };
          response.on('drain', write).on('close', resolve);
          write();
        };
      });
      assert.match((await failure(read())).message, /64\.\d MB or more, where 64 MB is the most/);
      await closed;
    });

    it('keeps the bytes of a body and not what they came in', async () => {
      // A byte in each chunk, with an extension that fills the buffer which the chunk is read into.
      const chunk = Buffer.from(`1;${'x'.repeat(60_000)}\r\n \r\n`);
      handler = ({ socket }) => {
        let left = 5_000;
        const write = () => {
          for (; left > 0 && socket.writableLength < 1_000_000; left -= 1) {
            socket.write(chunk);
          }
          if (left === 0) {
            socket.off('drain', write).end('0\r\n\r\n');
          }
        };
        socket.on('drain', write).write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
        write();
      };
      const before = process.resourceUsage().maxRSS;
      assert.equal(await read(), ' '.repeat(5_000));
      assert.ok(process.resourceUsage().maxRSS - before < 150_000);
    }).timeout(30_000);

    it('ends a brotli that never ends at its limit, and goes on with other work meanwhile', async () => {
      answerWith(bomb, packed('br'));
      let turns = 0;
      const turn = setInterval(() => (turns += 1));
      const error = await failure(read());
      clearInterval(turn);
      assert.match(error.message, /where 64 MB is the most/);
      assert.ok(turns > 1);
    });

    it('holds the deadline while it unpacks', async () => {
      answerWith(bomb, packed('br'));
      const subject = client(instantly, { network: { timeout: 100 } });
      const error = await failure(subject.get('/x', '/x', {}, { limit: Number.MAX_SAFE_INTEGER }));
      assert.equal(error.kind, 'timeout');
    });

    it('ends at once where it is aborted while it unpacks', async () => {
      const aborted = new AbortController();
      handler = (_, response) => {
        response.writeHead(200, packed('br')).end(bomb, () => {
          aborted.abort();
        });
      };
      const result = read({ limit: Number.MAX_SAFE_INTEGER, signal: aborted.signal });
      await assert.rejects(result, { name: 'AbortError' });
    });
  });

  describe('encodings', () => {
    for (const [encoding, body] of [
      ['GZIP', gzipSync('{"fine":true}')],
      ['x-gzip', gzipSync('{"fine":true}')],
      ['identity', Buffer.from('{"fine":true}')],
      ['', Buffer.from('{"fine":true}')],
      ['gzip, br', brotliCompressSync(gzipSync('{"fine":true}'))],
      ['identity,deflate', deflateSync('{"fine":true}')],
    ] as const) {
      it(`takes "${encoding}"`, async () => {
        answerWith(body, packed(encoding));
        assert.equal(await read(), '{"fine":true}');
      });
    }

    for (const encoding of ['zstd', 'constructor', 'gzip, gzip, gzip']) {
      it(`refuses "${encoding}" by its name`, async () => {
        answerWith(gzipSync(gzipSync(gzipSync('{}'))), packed(encoding));
        const error = await failure(read());
        assert.equal(error.kind, 'malformed');
        assert.ok(error.message.includes(`packed as "${encoding}"`), error.message);
        assert.equal(requests, 1);
      });
    }

    it('takes an empty body, whatever it is said to be packed in', async () => {
      for (const encoding of ['gzip', 'deflate', 'br', 'gzip, br']) {
        answerWith('', packed(encoding));
        assert.equal(await read(), '');
      }
    });

    it('says that a body is damaged, instead of that the service was not reached', async () => {
      const half = gzipSync(JSON.stringify('x'.repeat(1000))).subarray(0, 20);
      for (const [encoding, body] of [
        ['gzip', half],
        ['gzip', 'nonsense'],
        ['br', 'nonsense'],
      ] as const) {
        answerWith(body, packed(encoding));
        const error = await failure(read());
        assert.equal(error.kind, 'malformed');
        assert.match(error.message, /cannot be unpacked/);
      }
    });
  });

  describe('errors', () => {
    const words = 'Try again later.';
    const page = `<html><h1>${words}</h1><script>${'x < y;'.repeat(2_000_000)}</script></html>`;

    for (const [name, body, headers] of [
      ['plain', page, {}],
      ['packed', gzipSync(page), packed('gzip')],
      ['that bombs', () => bomb, packed('br')],
      ['in an unknown encoding', page, packed('zstd')],
      ['damaged', 'nonsense', packed('gzip')],
    ] as const) {
      it(`are cut and known by their status: ${name}`, async () => {
        for (const [status, kind] of [
          [401, 'badKey'],
          [402, 'planInactive'],
          [403, 'blocked'],
          [410, 'notFound'],
        ] as const) {
          answerWith(typeof body === 'function' ? body() : body, headers, status);
          const error = await failure(client().get('/x', '/x', {}, SMALL));
          assert.equal(error.kind, kind);
          assert.equal(error.status, status);
          if (name === 'plain' || name === 'packed') {
            assert.equal(error.serviceMessage, words);
          }
        }
      });
    }

    it('are JSON where they start as JSON, though the rest was cut', async () => {
      const body = JSON.stringify({ message: 'Missing scope', padding: 'x'.repeat(100_000) });
      answerWith(body, {}, 403);
      assert.equal((await failure(client(instantly).get('/x', '/x'))).kind, 'missingScope');
      assert.equal((await failure(client(smartlead).get('/x', '/x'))).kind, 'planInactive');
    });

    it('do not hang on a page of nothing but openings', async () => {
      for (const opening of ['<', '<script ', '<style><']) {
        answerWith(opening.repeat(1_000_000), {}, 401);
        assert.equal((await failure(client().get('/x', '/x'))).kind, 'badKey');
      }
    });

    it('may end anywhere, also while their connection is still open', async () => {
      handler = (_, response) => {
        response.writeHead(403);
        const write = () => {
          while (!response.destroyed && response.write('<p>'.repeat(20_000)));
        };
        response.on('drain', write);
        write();
      };
      assert.equal((await failure(client().get('/x', '/x'))).kind, 'blocked');
    });
  });

  describe('nesting', () => {
    const nested = (levels: number, [open, close] = ['[', ']']) => open.repeat(levels) + close.repeat(levels);

    it('is taken up to the bound, and refused beyond it by both its kinds', async () => {
      answerWith(nested(MOST_LEVELS));
      assert.equal(await read(), nested(MOST_LEVELS));
      for (const body of [
        nested(MOST_LEVELS + 1),
        `${'{"a":'.repeat(101)}1${'}'.repeat(101)}`,
        '['.repeat(5_000_000),
      ]) {
        answerWith(body);
        const error = await failure(read());
        assert.equal(error.kind, 'malformed');
        assert.match(error.message, /nests more than 100 levels deep/);
        assert.equal(requests, 1);
      }
    });

    it('is not what stands in strings, or side by side', () => {
      for (const value of [
        '[{'.repeat(200),
        `"${'['.repeat(200)}`,
        `\\${'['.repeat(200)}`,
        `\\"${'['.repeat(200)}\\`,
      ]) {
        assert.equal(excessOf(JSON.stringify([value, { [value]: value }])), undefined);
        assert.equal(excessOf(`${JSON.stringify(value)} ${nested(101)}`), 'levels');
      }
      assert.equal(excessOf(`[${'[],{},'.repeat(500)}[]]`), undefined);
      assert.equal(excessOf(`"never closed ${'['.repeat(200)}`), undefined);
      assert.equal(excessOf('"ends in a backslash \\'), undefined);
    });

    it('is the same whatever quotes and backslashes stand in strings', () => {
      const text = fc.string({ unit: fc.constantFrom('\\', '"', '[', ']', ',', 'a') });
      fc.assert(
        fc.property(text, text, (name, value) => {
          const record = JSON.stringify({ [name]: value });
          assert.equal(excessOf(`[${record},${nested(MOST_LEVELS - 1)}]`), undefined);
          assert.equal(excessOf(`[${record},${nested(MOST_LEVELS)}]`), 'levels');
        }),
        { numRuns: 2000 },
      );
    });

    it('is not all that is bounded: so are the values, which take much more memory than text', async () => {
      const values = (count: number) => `[${'{},'.repeat(count - 1)}{}]`;
      answerWith(values(MOST_VALUES));
      assert.equal((await read()).length, values(MOST_VALUES).length);
      answerWith(values(MOST_VALUES + 1));
      const error = await failure(read());
      assert.equal(error.kind, 'malformed');
      assert.match(error.message, /it has more than 2,000,000 values/);
      assert.equal(requests, 1);
      assert.equal(excessOf(JSON.stringify([','.repeat(MOST_VALUES)])), undefined);
    });

    it('of an error does no harm', async () => {
      answerWith('['.repeat(1_000_000), {}, 401);
      assert.equal((await failure(client().get('/x', '/x'))).kind, 'badKey');
    });
  });
});
