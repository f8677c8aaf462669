import { setTimeout as sleep } from 'node:timers/promises';

/** How long something may take that a test waits for, in milliseconds: long enough for a busy machine. */
const PATIENCE = 30_000;
const EVERY = 20;

/** Waits until something is so that nothing tells about. @throws {Error} where it never is. */
export async function until(check: () => boolean | Promise<boolean>, what = check.toString()): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  while (!(await check())) {
    if (performance.now() > deadline) {
      throw new Error(`Waited in vain for: ${what}`);
    }
    await sleep(EVERY);
  }
}
