import { randomBytes } from 'node:crypto';
import {
  chmod,
  constants,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  utimes,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * The content of a file, at once or in pieces that never stand in memory together. No piece of text ends within a
 * character.
 */
export type Content = string | Iterable<string> | AsyncIterable<string | Uint8Array>;

export interface WriteOptions {
  /** Asked last, when the draft is complete: where it says no, the draft goes and the place stays as it is. */
  readonly wanted?: () => boolean;
  /** When the content was made, in milliseconds since the epoch. */
  readonly modified?: number;
  /** Whether it waits for the disk, so that not even a power cut leaves an empty file. */
  readonly flush?: boolean;
  /** The file's permissions, where they are not only for the owner. */
  readonly mode?: number;
}

/** A draft that nobody wrote to for this long was left by a crash; milliseconds. */
const ABANDONED = 10 * 60_000;
const DRAFT = '.tmp';

/**
 * Writes a file beside its place and moves it there, so that a reader has the old one or the new one. Only the owner
 * may read the file, and the folders that are made for it.
 *
 * @returns whether it was written.
 * @throws what the file system or the content says; no draft stays.
 */
export async function writeAtomically(path: string, content: Content, options: WriteOptions = {}): Promise<boolean> {
  const { wanted = () => true, modified, flush = true, mode } = options;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // Cut, because the name of the place may be as long as the file system allows.
  const name = basename(path).slice(0, 60);
  const draft = join(dirname(path), `${name}.${process.pid}-${randomBytes(4).toString('hex')}${DRAFT}`);
  try {
    await writeFile(draft, content, { encoding: 'utf8', flag: 'wx', mode: 0o600, flush });
    if (mode !== undefined) {
      await chmod(draft, mode);
    }
    if (modified !== undefined) {
      await utimes(draft, modified / 1000, modified / 1000);
    }
    if (wanted()) {
      await rename(draft, path);
      return true;
    }
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
  await rm(draft, { force: true });
  return false;
}

/**
 * The text of a file, and when it was modified in milliseconds since the epoch. Undefined where there is none, or where
 * something else is in its place: a pipe would never answer, and a link leads elsewhere.
 *
 * @throws what the file system says.
 */
export function readRegularFile(
  path: string,
): Promise<{ readonly text: string; readonly modified: number } | undefined> {
  return withRegularFile(path, async (file, modified) => ({ text: await file.readFile('utf8'), modified }));
}

/**
 * The bytes of a file, or at most its first `most`; undefined as in {@link readRegularFile}.
 *
 * @throws what the file system says.
 */
export function readRegularBytes(path: string, most?: number): Promise<Uint8Array | undefined> {
  return withRegularFile(path, async (file) => {
    if (most === undefined) {
      return file.readFile();
    }
    const { buffer, bytesRead } = await file.read(Buffer.alloc(most), 0, most, 0);
    return buffer.subarray(0, bytesRead);
  });
}

/**
 * When a file was modified, in milliseconds since the epoch; undefined where there is no regular file.
 *
 * @throws what the file system says.
 */
export async function modifiedAt(path: string): Promise<number | undefined> {
  try {
    const found = await lstat(path);
    return found.isFile() ? found.mtimeMs : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

/** True for a file beside its place, which is being written or was left by a crash. */
export function isDraft(name: string): boolean {
  return name.endsWith(DRAFT);
}

/**
 * Removes from a folder what is not needed and was not touched for ten minutes: another window may be writing what is
 * newer. What cannot be removed stays for the next time.
 */
export async function sweep(folder: string, unneeded: (name: string) => boolean): Promise<void> {
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const found = unneeded(name) ? await lstat(path).catch(() => undefined) : undefined;
    // One from the future was written before the clock was set back.
    if (found !== undefined && Math.abs(Date.now() - found.mtimeMs) > ABANDONED) {
      await remove(path).catch(() => undefined);
    }
  }
}

/** The names in a folder; none where it cannot be read. */
export function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** Removes whatever is in a place. @throws what the file system says, but not where nothing is there. */
export function remove(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true });
}

/** Windows has neither flag. */
const { O_NONBLOCK, O_NOFOLLOW } = constants as Partial<typeof constants>;

async function withRegularFile<T>(
  path: string,
  read: (file: FileHandle, modified: number) => Promise<T>,
): Promise<T | undefined> {
  if ((await modifiedAt(path)) === undefined) {
    return undefined;
  }
  const file = await openWithoutWaiting(path);
  try {
    // What was there a moment ago may be something else now.
    const found = await file?.stat();
    return file && found?.isFile() ? await read(file, found.mtimeMs) : undefined;
  } finally {
    await file?.close();
  }
}

async function openWithoutWaiting(path: string) {
  try {
    return await open(path, constants.O_RDONLY | (O_NONBLOCK ?? 0) | (O_NOFOLLOW ?? 0));
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ELOOP') {
      return undefined;
    }
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
