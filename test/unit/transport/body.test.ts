import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { readBody, UnreadableBody } from '../../../src/transport/body.ts';

const LIMITS = { limit: 1000, keep: undefined };

describe('body', () => {
  const { signal } = new AbortController();
  const bodyOf = (...chunks: readonly (string | Buffer)[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk)));

  it('is its text, whatever stands in which chunk', async () => {
    const [first, second] = [Buffer.from('a€').subarray(0, 2), Buffer.from('a€').subarray(2)];
    assert.deepEqual(await readBody(bodyOf(first, second), undefined, LIMITS, signal), { text: 'a€', cut: false });
  });

  it('is whole where it has as many bytes as are kept, and cut after them where it has more', async () => {
    for (const encoding of [undefined, 'gzip']) {
      const read = (text: string) => {
        const bytes = encoding === undefined ? Buffer.from(text) : gzipSync(text);
        return readBody(
          bodyOf(...Array.from(bytes, (byte) => Buffer.of(byte))),
          encoding,
          { ...LIMITS, keep: 5 },
          signal,
        );
      };
      assert.deepEqual(await read('12345'), { text: '12345', cut: false });
      assert.deepEqual(await read('123456'), { text: '12345', cut: true });
    }
    const once = readBody(bodyOf('123456789'), undefined, { ...LIMITS, keep: 5 }, signal);
    assert.deepEqual(await once, { text: '12345', cut: true });
  });

  it('is empty where an encoding is named and nothing comes', async () => {
    assert.deepEqual(await readBody(bodyOf(), 'gzip', LIMITS, signal), { text: '', cut: false });
    assert.deepEqual(await readBody(bodyOf(), 'gzip', { ...LIMITS, keep: 5 }, signal), { text: '', cut: false });
  });

  it('ends where it cannot be unpacked, with what was read where some of it is kept', async () => {
    const damaged = Buffer.concat([gzipSync('first'), Buffer.from('no gzip')]);
    const body = bodyOf(damaged.subarray(0, -20), 'x'.repeat(50));
    await assert.rejects(readBody(body, 'gzip', LIMITS, signal), (error) => {
      return error instanceof UnreadableBody && error.code === 'DAMAGED';
    });
    assert.ok(body.destroyed);
  });

  it('fails as its stream does, whatever that says', async () => {
    for (const code of ['ECONNRESET', 'NOT_Z_', 7, undefined]) {
      const problem = Object.assign(new Error('gone'), code === undefined ? {} : { code });
      for (const encoding of [undefined, 'gzip']) {
        const body = new Readable({ read: () => undefined });
        const read = readBody(body, encoding, { ...LIMITS, keep: 5 }, signal);
        body.push(gzipSync('some').subarray(0, 4));
        setImmediate(() => body.destroy(problem));
        await assert.rejects(read, (error) => error === problem);
        assert.ok(body.destroyed);
      }
    }
  });

  it('ends at once where it is aborted, though nothing comes', async () => {
    for (const encoding of [undefined, 'gzip', 'gzip, br']) {
      const aborted = new AbortController();
      const body = new Readable({ read: () => undefined });
      const read = readBody(body, encoding, LIMITS, aborted.signal);
      const reason = new Error('left');
      setImmediate(() => {
        aborted.abort(reason);
      });
      await assert.rejects(read, (error) => error === reason);
      assert.ok(body.destroyed);
    }
  });

  it('leaves no listener at a signal that lives on', async () => {
    await readBody(bodyOf('a'), undefined, LIMITS, signal);
    await assert.rejects(readBody(bodyOf('a'), 'unheard-of', LIMITS, signal), UnreadableBody);
    await assert.rejects(readBody(bodyOf('a'.repeat(1001)), undefined, LIMITS, signal), UnreadableBody);
    assert.deepEqual(getEventListeners(signal, 'abort'), []);
  });
});
