import { Transform, Writable, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
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
 * Reads a body while it comes and unpacks it, so that never much more of it is in memory than is allowed.
 *
 * @param encodings the value of `content-encoding`.
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
  const collect = new Writable({
    write(chunk: Buffer, _, done) {
      const size = bytes.length + chunk.length;
      bytes.append(chunk.subarray(0, most - bytes.length));
      done(size > most ? new UnreadableBody('TOO_LARGE', size) : null);
    },
  });
  // Destroying a body emits an error, which nothing handles before the pipeline does.
  body.on('error', () => undefined);
  try {
    const stages = unpackersOf(encodings).flatMap((unpack) => [bounded(limit), unpack]);
    await pipeline([body, ...stages, collect], { signal });
    return { text: bytes.end(), cut: false };
  } catch (error) {
    body.destroy();
    if (signal.aborted) {
      throw error;
    }
    if (!body.readableDidRead && isDamage(error)) {
      // An answer without a body may name an encoding all the same.
      return { text: '', cut: false };
    }
    const problem = isDamage(error) ? new UnreadableBody('DAMAGED', error.code) : error;
    if (keep !== undefined && problem instanceof UnreadableBody) {
      return { text: bytes.toString(), cut: true };
    }
    throw problem;
  }
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

/** Lets bytes through up to a limit. */
function bounded(limit: number): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      size += chunk.length;
      done(size > limit ? new UnreadableBody('TOO_LARGE', size) : null, chunk);
    },
  });
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
