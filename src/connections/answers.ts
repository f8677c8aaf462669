import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileName } from '../map/snapshotFiles.ts';
import type { Log } from '../transport/client.ts';

/** Answers kept for one connection; the ones that were not looked at for longest go first. */
const MOST = 400;

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
  keep(connectionId: string, document: string, text: string, at: number): Promise<void> {
    this.#last = this.#last
      .then(() => this.#keep(connectionId, document, text, at))
      .catch((error: unknown) => {
        this.#log.warn(`An answer cannot be saved: ${error instanceof Error ? error.message : String(error)}`);
      });
    return this.#last;
  }

  /** The last answer that was different from this one; undefined where none is saved. */
  async before(connectionId: string, document: string, text: string): Promise<SavedAnswer | undefined> {
    await this.#last;
    const path = this.#path(connectionId, document);
    for (const candidate of [path, `${path}.before`]) {
      const saved = await read(candidate);
      if (saved !== undefined && saved.text !== text) {
        return saved;
      }
    }
    return undefined;
  }

  /** Removes what was saved for a connection, or for all. */
  async remove(connectionId?: string): Promise<void> {
    await this.#last;
    const folder = connectionId === undefined ? this.#folder : join(this.#folder, fileName(connectionId));
    await rm(folder, { recursive: true, force: true });
  }

  async #keep(connectionId: string, document: string, text: string, at: number): Promise<void> {
    const folder = join(this.#folder, fileName(connectionId));
    const path = this.#path(connectionId, document);
    await mkdir(folder, { recursive: true });
    const saved = await read(path);
    if (saved !== undefined && saved.text !== text) {
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
    const ages = await Promise.all(
      files.map(async (file) => ({ file, at: (await stat(join(folder, file)).catch(() => undefined))?.mtimeMs ?? 0 })),
    );
    const oldest = ages.sort((a, b) => a.at - b.at).slice(0, files.length - MOST);
    await Promise.all(oldest.map(({ file }) => rm(join(folder, file), { force: true })));
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
