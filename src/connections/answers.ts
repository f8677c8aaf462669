import { createHash } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { modifiedAt, namesIn, readRegularFile, remove, writeAtomically } from '../files/atomicFile.ts';
import { KeyFiles, type KeyOwner } from '../files/keyFiles.ts';

/** Answers kept for one connection; the oldest ones go first. */
const MOST = 400;

/** Whether a saved answer says the same as the one at hand, apart from what always differs. */
export type Same = (saved: string) => Promise<boolean> | boolean;

/** Whose answers, where the key itself may be gone. */
export type FormerOwner = Pick<KeyOwner, 'connectionId'> & Partial<KeyOwner>;

/** An answer of a service as it was. */
export interface SavedAnswer {
  readonly text: string;
  /** When the service gave it, in milliseconds since the epoch. */
  readonly at: number;
}

/**
 * The last answers that documents showed, to compare a newer one with, and for when there is no newer one: for each
 * document the newest and the one before it that was different. Without credentials, as documents are.
 */
export class AnswerFiles extends KeyFiles {
  protected readonly what = 'saved answers';

  /**
   * Gets the right to save one answer, before it is requested: what is removed meanwhile does not come back with it. A
   * failure to save it is logged: only a later comparison misses it.
   */
  keeper(owner: KeyOwner): (document: string, text: string, at: number, same: Same) => Promise<void> {
    const pen = this.pen(owner);
    return async (document, text, at, same) => {
      try {
        await pen((wanted) => this.#keep(owner, document, { text, at }, same, wanted));
      } catch (error) {
        this.warn('An answer cannot be saved', error);
      }
    };
  }

  /** The last answer that was different from this one; `none` where none is saved, `same` where all say the same. */
  async before(owner: KeyOwner, document: string, text: string, same: Same): Promise<SavedAnswer | 'none' | 'same'> {
    await this.idle();
    const path = this.#path(owner, document);
    const earlier = await read(`${path}.before`);
    for (const saved of [await read(path), earlier]) {
      if (saved !== undefined && !(await isSame(saved, text, same))) {
        return saved;
      }
    }
    // The newest answer is the one that is being compared.
    return earlier === undefined ? 'none' : 'same';
  }

  /**
   * The newest answer that is saved for a document; undefined where there is none. Where the key is gone, there has to
   * be only one key with answers: with several, nobody knows which it was.
   */
  async last({ connectionId, keyTag }: FormerOwner, document: string): Promise<SavedAnswer | undefined> {
    await this.idle();
    const tags = keyTag === undefined ? await this.keyTagsOf(connectionId) : [keyTag];
    const [only, ...others] = tags;
    return only === undefined || others.length > 0
      ? undefined
      : read(this.#path({ connectionId, keyTag: only }, document));
  }

  async #keep(
    owner: KeyOwner,
    document: string,
    { text, at }: SavedAnswer,
    same: Same,
    wanted: () => boolean,
  ): Promise<void> {
    const path = this.#path(owner, document);
    const saved = await read(path);
    if (saved !== undefined && !(await isSame(saved, text, same))) {
      await rename(path, `${path}.before`);
    }
    await writeAtomically(path, text, { wanted, modified: at });
    const folder = this.folderOf(owner);
    const names = await namesIn(folder);
    if (names.length > MOST) {
      await this.#prune(folder, names);
    }
  }

  async #prune(folder: string, files: readonly string[]): Promise<void> {
    const ages = new Map<string, number>();
    for (const file of files) {
      // An answer and the one before it are removed together.
      const name = file.replace(/\.before$/, '');
      const modified = (await modifiedAt(join(folder, file)).catch(() => undefined)) ?? 0;
      ages.set(name, Math.max(ages.get(name) ?? 0, modified));
    }
    const oldest = [...ages].sort(([, a], [, b]) => a - b).slice(0, Math.ceil(ages.size / 4));
    const gone = oldest.flatMap(([name]) => [name, `${name}.before`]);
    await Promise.all(gone.map((file) => remove(join(folder, file))));
  }

  #path(owner: KeyOwner, document: string): string {
    const name = createHash('sha256').update(document).digest('hex').slice(0, 24);
    return join(this.folderOf(owner), `${name}.json`);
  }
}

async function isSame(saved: SavedAnswer, text: string, same: Same): Promise<boolean> {
  return saved.text === text || (await same(saved.text));
}

/** A saved answer; undefined where there is none, or a damaged one. */
async function read(path: string): Promise<SavedAnswer | undefined> {
  try {
    const file = await readRegularFile(path);
    JSON.parse(file?.text ?? '');
    return file && { text: file.text, at: file.modified };
  } catch {
    return undefined;
  }
}
