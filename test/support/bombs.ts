import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { constants, createBrotliCompress, gzipSync } from 'node:zlib';

const ZEROS = Buffer.alloc(10_000_000);

/** 10 MB that unpack to 10 GB. */
export function gzipBomb(): Buffer {
  return Buffer.concat(Array<Buffer>(1000).fill(gzipSync(ZEROS)));
}

/** Less than a kilobyte that unpacks to 1 GB; made piece by piece, so that making it takes no memory. */
export async function brotliBomb(): Promise<Buffer> {
  const zeros = Readable.from(Array<Buffer>(100).fill(ZEROS));
  return buffer(zeros.pipe(createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })));
}
