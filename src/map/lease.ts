import { lstat, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readRegularFile, remove, writeAtomically } from '../files/atomicFile.ts';

/** A holder that was not heard of for this long is gone; milliseconds. */
const LIFE = 90_000;
/** Taking a lease takes less than this: a process that has not ended by then never will; milliseconds. */
const TAKING = 10_000;

/**
 * Takes, or keeps, the right to do something that only one of many processes should do.
 *
 * @param holder a name that no other process has.
 * @returns true where it is this holder's, for the next 90 seconds.
 * @throws what the file system says where nothing can be written.
 */
export async function takeLease(path: string, holder: string, now: number = Date.now()): Promise<boolean> {
  if (await isTaken(path, holder, now)) {
    return false;
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // One at a time looks and writes: only one process can make a file that is not there.
  const guard = `${path}.taking`;
  try {
    await writeFile(guard, holder, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw error;
    }
    await removeAbandoned(guard);
    return false;
  }
  try {
    if (await isTaken(path, holder, now)) {
      return false;
    }
    // One that a power cut damages is free, which is what it should be then.
    return await writeAtomically(path, JSON.stringify({ holder, at: now }), { flush: false });
  } finally {
    await remove(guard);
  }
}

/** True where another has it. One from the future was written before the clock was set back. */
async function isTaken(path: string, holder: string, now: number): Promise<boolean> {
  try {
    const { text = '' } = (await readRegularFile(path)) ?? {};
    const { holder: other, at } = JSON.parse(text) as { holder?: unknown; at?: unknown };
    return typeof other === 'string' && other !== holder && typeof at === 'number' && Math.abs(now - at) < LIFE;
  } catch {
    // None yet, or a damaged one: it is free.
    return false;
  }
}

/** Removes what a process left that ended while it took the lease; the next to ask finds it free. */
async function removeAbandoned(guard: string): Promise<void> {
  const made = await lstat(guard).catch(() => undefined);
  if (made !== undefined && Math.abs(Date.now() - made.mtimeMs) > TAKING) {
    await remove(guard);
  }
}
