import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { UnreadableCode } from './http.ts';

const unpackers: ReadonlyMap<string, () => Transform> = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/** A service and a gateway in front of it may each pack an answer; nobody packs it more often. */
const MOST_ENCODINGS = 2;

/** A body that gives no text. `detail`: the bytes that had come of one too large, or the encoding. */
export class UnreadableBody extends Error {
  readonly code: UnreadableCode;
  readonly detail: number | string;

  constructor(code: UnreadableCode, detail: number | string) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
  }
}

export interface BodyLimits {
  /** The most bytes that may come, packed or at any stage of unpacking. */
  readonly limit: number;
  /** Keeps this many bytes of the text and leaves the rest unread; undefined: what is over the limit is refused. */
  readonly keep: number | undefined;
}

/**
 * Reads a body while it comes and unpacks it, so that never much more of it is in memory than is allowed. Not by
 * `pipeline`: what that makes survives V8's small collections, and then thousands of answers need large ones.
 *
 * @param encodings the value of `content-encoding`.
 * @param signal ends the unpacking too, which may go on when all of the body has come.
 * @throws {UnreadableBody} and what the streams throw; the body is destroyed then.
 */
export async function readBody(
  body: Readable,
  encodings: string | undefined,
  { limit, keep }: BodyLimits,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly cut: boolean }> {
  const bytes = new Bytes();
  const most = keep ?? limit;
  // Destroying a body emits an error, which nothing handles before it is read.
  body.on('error', () => undefined);
  let unpacking: Readable | undefined;
  const end = () => unpacking?.destroy(signal.reason as Error);
  signal.addEventListener('abort', end);
  try {
    unpacking = unpacked(body, encodings, limit);
    for await (const chunk of unpacking as AsyncIterable<Buffer>) {
      const size = bytes.length + chunk.length;
      bytes.append(chunk.subarray(0, most - bytes.length));
      if (size > most) {
        throw new UnreadableBody('TOO_LARGE', size);
      }
    }
    return { text: bytes.end(), cut: false };
  } catch (error) {
    const wasRead = body.readableDidRead;
    body.destroy();
    if (!wasRead && isDamage(error)) {
      // An answer without a body may name an encoding all the same.
      return { text: '', cut: false };
    }
    const problem = isDamage(error) ? new UnreadableBody('DAMAGED', error.code) : error;
    if (keep !== undefined && problem instanceof UnreadableBody) {
      return { text: bytes.toString(), cut: true };
    }
    throw problem;
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** The body without its encodings. No stage takes more than the limit. */
function unpacked(body: Readable, encodings: string | undefined, limit: number): Readable {
  return unpackersOf(encodings).reduce<Readable>((stage, unpack) => {
    let size = 0;
    stage.on('data', ({ length }: Buffer) => {
      size += length;
      if (size > limit) {
        unpack.destroy(new UnreadableBody('TOO_LARGE', size));
      }
    });
    stage.on('error', (error) => unpack.destroy(error));
    unpack.on('close', () => stage.destroy());
    return stage.pipe(unpack);
  }, body);
}

/** What undoes the encodings, the last applied first. */
function unpackersOf(encodings = ''): Transform[] {
  const names = encodings
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  const makers = names.map((name) => unpackers.get(name)).filter((make) => make !== undefined);
  if (makers.length < names.length || names.length > MOST_ENCODINGS) {
    throw new UnreadableBody('UNKNOWN_ENCODING', encodings);
  }
  return makers.reverse().map((make) => make());
}

/** Buffers of bodies that were read, for those that come next: thousands of new ones would keep the collector busy. */
const spare: Buffer[] = [];
/** Buffers that are kept, and their bytes: pages of lists fit. */
const MOST_SPARE = 8;
const LARGEST_SPARE = 1_000_000;

/** Bytes in one buffer that grows: chunks that are kept would each hold all of what they were read into. */
class Bytes {
  length = 0;
  #buffer = spare.pop() ?? Buffer.alloc(0);

  append(chunk: Buffer): void {
    const needed = this.length + chunk.length;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#buffer.length));
      this.#buffer.copy(larger, 0, 0, this.length);
      this.#buffer = larger;
    }
    chunk.copy(this.#buffer, this.length);
    this.length = needed;
  }

  toString(): string {
    return this.#buffer.toString('utf8', 0, this.length);
  }

  /** The text, when nothing more can come: another body gets the buffer. */
  end(): string {
    const text = this.toString();
    if (spare.length < MOST_SPARE && this.#buffer.length <= LARGEST_SPARE) {
      spare.push(this.#buffer);
    }
    this.#buffer = Buffer.alloc(0);
    return text;
  }
}

/** True for what zlib says of data that it cannot unpack. */
function isDamage(error: unknown): error is Error & { readonly code: string } {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(Z_|ERR__ERROR_)/.test(error.code)
  );
}
