import { join } from 'node:path';
import { isDraft, namesIn, remove, sweep } from './atomicFile.ts';
import { FileQueue, type Pen } from './fileQueue.ts';

/** Whose files: those of a connection, made with one of its keys. */
export interface KeyOwner {
  readonly connectionId: string;
  readonly keyTag: string;
}

/** Where it is written down that something went wrong. */
interface Warnings {
  warn(line: string): void;
}

/**
 * Files of connections, in a folder for each key, so that what is of two workspaces never meets. They go with the
 * connection, and with the key.
 */
export abstract class KeyFiles {
  readonly #folder: string;
  readonly #log: Warnings;
  readonly #queue: FileQueue;

  /** @param allowed whether there may be files of a connection now. */
  constructor(folder: string, log: Warnings, allowed: (connectionId: string) => boolean) {
    this.#folder = folder;
    this.#log = log;
    this.#queue = new FileQueue(allowed);
  }

  /** What the files are, in the log, e.g. "records". */
  protected abstract readonly what: string;

  /**
   * Removes the files of a connection or, with the tag of a key, those made with it. A failure is logged: the next
   * session tries again.
   */
  async remove(connectionId: string, keyTag?: string): Promise<void> {
    try {
      await this.#queue.remove(connectionId, () =>
        remove(keyTag === undefined ? this.#folderOfConnection(connectionId) : this.folderOf({ connectionId, keyTag })),
      );
    } catch (error) {
      this.warn(`The ${this.what} of ${connectionId} cannot be removed`, error);
    }
  }

  /** Removes all files. @throws what the file system says. */
  clear(): Promise<void> {
    return this.#queue.remove(undefined, async () => {
      const names = await namesIn(this.#folder);
      await Promise.all(names.map((name) => remove(join(this.#folder, name))));
    });
  }

  /** Removes what a crash left behind, and what belongs to connections that are gone. */
  async sweep(connectionIds: readonly string[]): Promise<void> {
    const known = new Set(connectionIds.map(fileName));
    await sweep(this.#folder, (name) => !known.has(name));
    for (const connection of await namesIn(this.#folder)) {
      for (const key of await namesIn(join(this.#folder, connection))) {
        await sweep(join(this.#folder, connection, key), isDraft);
      }
    }
  }

  /** Resolves when nothing is being written or removed. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  /** Gives the right to write for an owner until its files are removed. */
  protected pen({ connectionId }: KeyOwner): Pen {
    return this.#queue.pen(connectionId);
  }

  protected folderOf({ connectionId, keyTag }: KeyOwner): string {
    return join(this.#folderOfConnection(connectionId), keyTag);
  }

  /** The tags of the keys of a connection that there are files of. */
  protected keyTagsOf(connectionId: string): Promise<string[]> {
    return namesIn(this.#folderOfConnection(connectionId));
  }

  protected warn(words: string, error: unknown): void {
    this.#log.warn(`${words}: ${error instanceof Error ? error.message : String(error)}`);
  }

  #folderOfConnection(connectionId: string): string {
    return join(this.#folder, fileName(connectionId));
  }
}

/** The name of nothing, which no id has: without a name, the path would be that of the folder of all connections. */
const EMPTY = '_';

/**
 * A connection's id as a file name, which is never empty; ids are made of letters, digits and dashes, but they come from
 * stored state and from paths of documents.
 */
export function fileName(connectionId: string): string {
  return connectionId === ''
    ? EMPTY
    : connectionId.replace(/[^A-Za-z0-9-]/g, (character) => `_${character.charCodeAt(0).toString(16)}`);
}
