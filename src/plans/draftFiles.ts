import { join } from 'node:path';
import { readRegularFile, remove, writeAtomically } from '../files/atomicFile.ts';
import { fileName } from '../files/keyFiles.ts';
import { isObject, type Json } from '../providers/fields.ts';

/** Which campaign a draft is of. */
export interface DraftTarget {
  readonly connectionId: string;
  readonly id: string;
}

/** Changes of a campaign that a person has not sent. */
export interface Draft {
  /** What the campaign was called when the draft was made. */
  readonly name: string;
  /** When it was made, in milliseconds since the epoch. */
  readonly at: number;
  /** The settable properties as they were then. */
  readonly base: Json;
  /** What the person made of them: JSON, or what may become JSON. */
  readonly text: string;
}

const VERSION = 1;

/** Drafts on disk, one file each, with what they were made from. They stay until they are removed. */
export class DraftFiles {
  readonly #folder: string;

  /** @param folder of the files; made with the first draft. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * A draft, and when it was saved in milliseconds since the epoch; undefined where there is none that can be read.
   *
   * @throws what the file system says.
   */
  async read(target: DraftTarget): Promise<{ readonly draft: Draft; readonly saved: number } | undefined> {
    const file = await readRegularFile(this.#pathOf(target));
    const draft = file && decode(file.text);
    return file && draft && { draft, saved: file.modified };
  }

  /** Resolves when it is on the disk. @throws what the file system says. */
  async write(target: DraftTarget, draft: Draft): Promise<void> {
    await writeAtomically(this.#pathOf(target), JSON.stringify({ sendmap: VERSION, ...draft }));
  }

  /** @throws what the file system says. */
  remove(target: DraftTarget): Promise<void> {
    return remove(this.#pathOf(target));
  }

  /** Removes all drafts of a connection. @throws what the file system says. */
  removeAll(connectionId: string): Promise<void> {
    return remove(this.#folderOf(connectionId));
  }

  #folderOf(connectionId: string): string {
    return join(this.#folder, fileName(connectionId));
  }

  #pathOf({ connectionId, id }: DraftTarget): string {
    return join(this.#folderOf(connectionId), `${fileName(id)}.json`);
  }
}

function decode(text: string): Draft | undefined {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(stored) || stored['sendmap'] !== VERSION) {
    return undefined;
  }
  const { name, at, base, text: written } = stored;
  return typeof name === 'string' && typeof at === 'number' && isObject(base) && typeof written === 'string'
    ? { name, at, base, text: written }
    : undefined;
}
