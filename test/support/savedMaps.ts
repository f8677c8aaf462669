import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { encodeSnapshot } from '../../src/map/snapshot.ts';

/** A saved map as a whole. */
export async function savedMap(...of: Parameters<typeof encodeSnapshot>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of encodeSnapshot(...of)) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The lines of a saved map, the one that says what it is first. */
export function linesOf(saved: Buffer): string[] {
  const end = saved.indexOf('\n');
  const body = gunzipSync(saved.subarray(end + 1, -32)).toString();
  return [saved.toString('utf8', 0, end), ...body.split('\n').slice(0, -1)];
}

/** A saved map with these lines, whatever they say, and with the right checksum. */
export function packed([first = '', ...lines]: readonly string[]): Buffer {
  const body = gzipSync(lines.map((line) => `${line}\n`).join(''));
  return withChecksum(Buffer.concat([Buffer.from(`${first}\n`), body]));
}

export function withChecksum(content: Uint8Array): Buffer {
  return Buffer.concat([content, createHash('sha256').update(content).digest()]);
}
