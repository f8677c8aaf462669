import { StringDecoder } from 'node:string_decoder';
import { constants, createGunzip, createGzip, type Gzip } from 'node:zlib';

/** Text that is packed at a time, in bytes: room for most lines. */
const ROOM = 256 * 1024;
/** Packed bytes in one piece. */
const PACKED = 256 * 1024;
/** Bytes that are unpacked at a time. */
const UNPACKED = 64 * 1024;
const NEWLINE = 10;

/**
 * Packs lines by gzip on another thread, and takes the next line when the one before is packed. Speed counts, because
 * maps are saved again and again while they are read. All lines go through the same bytes: thousands of buffers, which
 * are no part of the heap, would have V8 collect again and again, for up to a quarter of a second where much is alive.
 *
 * @param lines each with its line break.
 * @throws what making the lines throws.
 */
export async function* packLines(lines: Iterable<string>): AsyncGenerator<Uint8Array, void> {
  const gzip = createGzip({ level: constants.Z_BEST_SPEED, chunkSize: PACKED });
  // Those who read it get the error.
  void feed(gzip, lines).catch((error: unknown) => gzip.destroy(error as Error));
  yield* gzip as AsyncIterable<Uint8Array>;
}

async function feed(gzip: Gzip, lines: Iterable<string>): Promise<void> {
  const room = new Uint8Array(ROOM);
  const encoder = new TextEncoder();
  for (const line of lines) {
    for (let rest = line; rest !== '';) {
      const { read, written } = encoder.encodeInto(rest, room);
      await write(gzip, room.subarray(0, written));
      rest = rest.slice(read);
    }
  }
  gzip.end();
}

/** Resolves when the bytes are packed and may be used for others. */
function write(gzip: Gzip, bytes: Uint8Array): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  gzip.write(bytes, (error) => {
    if (error) {
      reject(error);
    } else {
      resolve(undefined);
    }
  });
  return promise;
}

/**
 * The lines of what {@link packLines} packed, without their line breaks. Another thread unpacks them, piece by piece.
 *
 * @param problem what is thrown where the bytes cannot be unpacked.
 */
export async function* unpackLines(packed: Uint8Array, problem: () => Error): AsyncGenerator<string, void> {
  const unpacked = createGunzip({ chunkSize: UNPACKED });
  unpacked.end(packed);
  const decoder = new StringDecoder('utf8');
  let line = '';
  try {
    for await (const chunk of unpacked as AsyncIterable<Uint8Array>) {
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
        yield line + decoder.write(chunk.subarray(start, end));
        line = '';
        start = end + 1;
      }
      line += decoder.write(chunk.subarray(start));
    }
  } catch {
    throw problem();
  }
}
