import { constants } from 'node:fs';
import { mkdir, open, writeFile, type FileHandle } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { modifiedAt, namesIn, readRegularFile, remove } from '../files/atomicFile.ts';
import type { Plan } from './plan.ts';
import { firstLine, lineOf, readRecord, type Entry, type PlanRecord } from './record.ts';

const ENDING = '.jsonl';
/** Files that are read at once. */
const AT_ONCE = 50;
const CLAIM = '.running';
/** How far the times of files and of the machine may be apart; milliseconds. */
const SKEW = 60_000;

/** The claims of this process. */
const held = new Set<string>();

/**
 * Every change that was ever sent from this machine, one file a plan: windows never write to the same file, and a line
 * is on the disk before what it says is done. The files hold no credentials, outlive their connection, and are never
 * rewritten.
 */
export class Journal {
  readonly #folder: string;

  /** @param folder of the files; made with the first plan. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes a plan down before its first item is sent. @throws what the file system says; then nothing may be sent. */
  async begin(plan: Plan): Promise<RunningRecord> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const claim = await this.#claim(plan.id);
    if (claim === undefined) {
      throw new Error(`the plan ${plan.id} is under way`);
    }
    return RunningRecord.begin(this.#pathOf(plan.id), claim, firstLine(plan));
  }

  /**
   * Goes on with a plan; undefined where a window is at work on it, this one too. Read the plan after that: before, the
   * other one may still have sent some of it.
   *
   * @throws what the file system says, also where there is no such plan.
   */
  async resume(id: string): Promise<RunningRecord | undefined> {
    const claim = await this.#claim(id);
    return claim === undefined ? undefined : RunningRecord.resume(this.#pathOf(id), claim);
  }

  /** All plans that were begun, the newest first. */
  async list(): Promise<readonly PlanRecord[]> {
    const names = (await namesIn(this.#folder)).filter((name) => name.endsWith(ENDING)).sort();
    const records: PlanRecord[] = [];
    // A process may have only so many files open at once.
    for (let from = 0; from < names.length; from += AT_ONCE) {
      const some = names.slice(from, from + AT_ONCE).map((name) => this.read(name.slice(0, -ENDING.length)));
      for (const record of await Promise.all(some)) {
        if (record !== undefined) {
          records.push(record);
        }
      }
    }
    return records.reverse();
  }

  /** Undefined where there is no such plan, or it cannot be read. */
  async read(id: string): Promise<PlanRecord | undefined> {
    const file = await readRegularFile(this.#pathOf(id)).catch(() => undefined);
    return file === undefined ? undefined : readRecord(file.text);
  }

  /** True where a window is at work on a plan. */
  async isRunning(id: string): Promise<boolean> {
    return held.has(this.#claimOf(id, process.pid)) || (await this.#isElsewhere(id));
  }

  /**
   * One window works on a plan. Each process claims it by a file of its own and looks at those of the others then: of
   * two at once, at most one goes on. The claim of a process that is gone does not count.
   */
  async #claim(id: string): Promise<Claim | undefined> {
    const path = this.#claimOf(id, process.pid);
    if (held.has(path)) {
      return undefined;
    }
    held.add(path);
    const release = async () => {
      await remove(path);
      held.delete(path);
    };
    try {
      await writeFile(path, '', { mode: 0o600 });
      if (!(await this.#isElsewhere(id))) {
        return { release };
      }
    } catch (error) {
      await release();
      throw error;
    }
    await release();
    return undefined;
  }

  async #isElsewhere(id: string): Promise<boolean> {
    for (const name of await namesIn(this.#folder)) {
      const pid =
        name.startsWith(`${id}.`) && name.endsWith(CLAIM) ? Number(name.slice(id.length + 1, -CLAIM.length)) : 0;
      if (Number.isInteger(pid) && pid > 0 && pid !== process.pid && isAlive(pid)) {
        // After a restart of the machine, the process with that number is another one.
        const claimed = (await modifiedAt(join(this.#folder, name))) ?? 0;
        if (claimed > Date.now() - uptime() * 1000 - SKEW) {
          return true;
        }
      }
    }
    return false;
  }

  #pathOf(id: string): string {
    return join(this.#folder, `${id}${ENDING}`);
  }

  #claimOf(id: string, pid: number): string {
    return join(this.#folder, `${id}.${pid}${CLAIM}`);
  }
}

interface Claim {
  release(): Promise<void>;
}

/** The record of a plan that this window is at work on. */
export class RunningRecord {
  readonly #file: FileHandle;
  readonly #claim: Claim;
  /** Whether the last line may have no end: what is written next stays a line of its own. */
  #torn: boolean;

  private constructor(file: FileHandle, claim: Claim, torn: boolean) {
    this.#file = file;
    this.#claim = claim;
    this.#torn = torn;
  }

  /** @throws what the file system says, also where there is such a file; the claim is given back then. */
  static async begin(path: string, claim: Claim, text: string): Promise<RunningRecord> {
    return orRelease(claim, async () => {
      const record = new RunningRecord(await open(path, 'ax', 0o600), claim, false);
      await record.#append(text).catch(async (error: unknown) => {
        await record.#file.close();
        throw error;
      });
      return record;
    });
  }

  /** @throws what the file system says, also where there is no such file; the claim is given back then. */
  static async resume(path: string, claim: Claim): Promise<RunningRecord> {
    const file = () => open(path, constants.O_WRONLY | constants.O_APPEND);
    return orRelease(claim, async () => new RunningRecord(await file(), claim, true));
  }

  /** Resolves when it is on the disk. @throws what the file system says; then nothing may be sent. */
  write(entry: Entry): Promise<void> {
    return this.#append(lineOf(entry));
  }

  async close(): Promise<void> {
    try {
      await this.#file.close();
    } finally {
      await this.#claim.release();
    }
  }

  async #append(text: string): Promise<void> {
    const line = this.#torn ? `\n${text}` : text;
    this.#torn = true;
    await this.#file.appendFile(line);
    this.#torn = false;
    await this.#file.sync();
  }
}

async function orRelease<T>(claim: Claim, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await claim.release();
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
