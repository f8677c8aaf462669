import { createHash } from 'node:crypto';
import { packLines, unpackLines } from '../files/packedLines.ts';
import { inTurns, timeForWork, type Steps } from '../transport/turns.ts';
import { linesOf, number, parseLine, SnapshotError, StateReader, text } from './snapshotLines.ts';
import type { MapState } from './state.ts';

export { SnapshotError } from './snapshotLines.ts';

/** What a snapshot says about itself, in its first line. */
export interface SnapshotHeader {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  readonly connectionId: string;
  readonly provider: string;
  /** Of the key it was read with; says nothing of the key. */
  readonly keyTag: string;
  /** The language of its words: the status of an account is kept as people read it. */
  readonly language: string;
  /** Milliseconds since the epoch. */
  readonly savedAt: number;
}

const FORMAT = 'sendmap.map';
/** Goes up with every change that an older version could not read. */
const VERSION = 6;

/** The first line of a snapshot is in its first bytes, as many as this. */
export const HEADER_BYTES = 4096;
/** Bytes that are looked at in one turn. */
const STEP = 64 * 1024;

const CHECKSUM = 'sha256';
const CHECKSUM_BYTES = 32;

/**
 * The bytes of a snapshot: a line of JSON that says what it is, then lines of JSON packed by gzip, each with some rows
 * of one list, and then the checksum of all that. Gives way between lines.
 */
export async function* encodeSnapshot(
  header: Omit<SnapshotHeader, 'format' | 'version'>,
  state: MapState,
): AsyncGenerator<Uint8Array, void> {
  const checksum = createHash(CHECKSUM);
  const start = Buffer.from(`${JSON.stringify({ format: FORMAT, version: VERSION, ...header })}\n`);
  checksum.update(start);
  yield start;
  for await (const chunk of packLines(linesOf(state))) {
    checksum.update(chunk);
    yield chunk;
  }
  yield checksum.digest();
}

/** Gives way between lines. @throws {SnapshotError} for anything that {@link encodeSnapshot} does not make. */
export async function decodeSnapshot(
  bytes: Uint8Array,
): Promise<{ readonly header: SnapshotHeader; readonly state: MapState }> {
  const header = decodeHeader(bytes);
  const content = bytes.subarray(0, -CHECKSUM_BYTES);
  const checksum = await inTurns(checksumOf(content));
  if (!checksum.equals(bytes.subarray(-CHECKSUM_BYTES))) {
    throw new SnapshotError('it is damaged');
  }
  const reader = new StateReader();
  const packed = content.subarray(content.indexOf(NEWLINE) + 1);
  for await (const line of unpackLines(packed, () => new SnapshotError('it cannot be unpacked'))) {
    // Dozens of lines are unpacked at once.
    await timeForWork();
    reader.take(parseLine(line));
  }
  return { header, state: reader.end() };
}

/** @param start the first {@link HEADER_BYTES}, or more. @throws {SnapshotError} */
export function decodeHeader(start: Uint8Array): SnapshotHeader {
  const end = start.subarray(0, HEADER_BYTES).indexOf(NEWLINE);
  if (end < 0) {
    throw new SnapshotError('it is not a saved map');
  }
  const header = parseLine(textOf(start.subarray(0, end)));
  if (header['format'] !== FORMAT) {
    throw new SnapshotError('it is not a saved map');
  }
  if (header['version'] !== VERSION) {
    const version = JSON.stringify(header['version'] ?? null);
    throw new SnapshotError(`it is of version ${version}, and this is version ${VERSION}`);
  }
  const { connectionId, provider, keyTag, language } = header;
  return {
    format: FORMAT,
    version: VERSION,
    connectionId: text(connectionId),
    provider: text(provider),
    keyTag: text(keyTag),
    language: text(language),
    savedAt: number(header['savedAt']),
  };
}

const NEWLINE = 10;

function* checksumOf(bytes: Uint8Array): Steps<Buffer> {
  const checksum = createHash(CHECKSUM);
  for (let start = 0; start < bytes.length; start += STEP) {
    checksum.update(bytes.subarray(start, start + STEP));
    yield;
  }
  return checksum.digest();
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
