import { access, constants, realpath, stat } from 'node:fs/promises';
import { t } from '@vscode/l10n';
import { writeAtomically, type Content } from './atomicFile.ts';

/**
 * Writes a file to a place that a person chose. One that is there keeps its permissions, and a link to it stays.
 *
 * @throws what the file system or the content says; then the place is as it was.
 */
export async function writeChosenFile(path: string, content: Content): Promise<void> {
  const place = await realpath(path).catch(() => path);
  const there = await stat(place).catch(() => undefined);
  if (there !== undefined) {
    if (!there.isFile()) {
      throw new Error(t('{0} is not a file.', path));
    }
    // Moving a draft there would not ask.
    await access(place, constants.W_OK);
  }
  await writeAtomically(place, content, there && { mode: there.mode & 0o777 });
}

/** All bytes of a content; undefined where there are more than `most`. */
export async function bytesOf(
  content: Iterable<string> | AsyncIterable<string>,
  most: number,
): Promise<Uint8Array | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of content) {
    const bytes = Buffer.from(piece);
    size += bytes.length;
    if (size > most) {
      return undefined;
    }
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}
