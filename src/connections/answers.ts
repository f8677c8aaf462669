import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileName } from '../map/snapshotFiles.ts';
import type { Log } from '../transport/client.ts';

/** Answers kept for one connection; the ones that were not looked at for longest go first. */
const MOST = 400;

/** Whether two answers say the same, whatever always differs. */
export type Same = (one: string, other: string) => boolean;

/** An answer of a service as it was. */
export interface SavedAnswer {
  readonly text: string;
  /** When the service gave it, in milliseconds since the epoch. */
  readonly at: number;
}

/**
 * The last answers that documents showed, so that a newer one can be compared with them: for each document the newest
 * and the one before it that was different. Without credentials, as documents are.
 */
export class AnswerFiles {
  readonly #folder: string;
  readonly #log: Log;
  #last: Promise<void> = Promise.resolve();

  constructor(folder: string, log: Log) {
    this.#folder = folder;
    this.#log = log;
  }

  /** Keeps an answer. A failure is logged: only a later comparison misses it. */
  keep(connectionId: string, document: string, text: string, at: number, same: Same): Promise<void> {
    this.#last = this.#last
      .then(() => this.#keep(connectionId, document, text, at, same))
      .catch((error: unknown) => {
        this.#log.warn(`An answer cannot be saved: ${error instanceof Error ? error.message : String(error)}`);
      });
    return this.#last;
  }

  /** The last answer that was different from this one; `none` where none is saved, `same` where all say the same. */
  async before(
    connectionId: string,
    document: string,
    text: string,
    same: Same,
  ): Promise<SavedAnswer | 'none' | 'same'> {
    await this.#last;
    const path = this.#path(connectionId, document);
    const earlier = await read(`${path}.before`);
    for (const saved of [await read(path), earlier]) {
      if (saved !== undefined && !same(saved.text, text)) {
        return saved;
      }
    }
    // The newest answer is the one that is being compared.
    return earlier === undefined ? 'none' : 'same';
  }

  /** Removes what was saved for a connection, or for all. */
  remove(connectionId?: string): Promise<void> {
    const folder = connectionId === undefined ? this.#folder : join(this.#folder, fileName(connectionId));
    this.#last = this.#last.then(() => rm(folder, { recursive: true, force: true }));
    return this.#last;
  }

  async #keep(connectionId: string, document: string, text: string, at: number, same: Same): Promise<void> {
    const folder = join(this.#folder, fileName(connectionId));
    const path = this.#path(connectionId, document);
    await mkdir(folder, { recursive: true });
    const saved = await read(path);
    if (saved !== undefined && !same(saved.text, text)) {
      await rename(path, `${path}.before`);
    }
    const draft = `${path}.${randomBytes(4).toString('hex')}.tmp`;
    await writeFile(draft, text, 'utf8');
    await utimes(draft, at / 1000, at / 1000);
    await rename(draft, path);
    const files = await readdir(folder);
    if (files.length > MOST) {
      await this.#prune(folder, files);
    }
  }

  async #prune(folder: string, files: readonly string[]): Promise<void> {
    const ages = new Map<string, number>();
    for (const file of files) {
      // An answer and the one before it go together.
      const name = file.replace(/\.before$/, '');
      const { mtimeMs = 0 } = (await stat(join(folder, file)).catch(() => undefined)) ?? {};
      ages.set(name, Math.max(ages.get(name) ?? 0, mtimeMs));
    }
    const oldest = [...ages].sort(([, a], [, b]) => a - b).slice(0, Math.ceil(ages.size / 4));
    const gone = oldest.flatMap(([name]) => [name, `${name}.before`]);
    await Promise.all(gone.map((file) => rm(join(folder, file), { force: true })));
  }

  #path(connectionId: string, document: string): string {
    const name = createHash('sha256').update(document).digest('hex').slice(0, 24);
    return join(this.#folder, fileName(connectionId), `${name}.json`);
  }
}

async function read(path: string): Promise<SavedAnswer | undefined> {
  try {
    return { text: await readFile(path, 'utf8'), at: (await stat(path)).mtimeMs };
  } catch {
    return undefined;
  }
}
