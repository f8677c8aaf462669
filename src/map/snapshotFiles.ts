import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { isDraft, modifiedAt, namesIn, readRegularBytes, remove, sweep, writeAtomically } from '../files/atomicFile.ts';
import { FileQueue } from '../files/fileQueue.ts';
import { fileName } from '../files/keyFiles.ts';
import type { Log } from '../transport/log.ts';
import type { MapState } from './state.ts';
import { decodeHeader, decodeSnapshot, encodeSnapshot, HEADER_BYTES, SnapshotError } from './snapshot.ts';

/** Whose snapshot it is, read with which key, and in which language. */
export interface SnapshotOwner {
  readonly connectionId: string;
  readonly provider: string;
  readonly keyTag: string;
  readonly language: string;
}

/** Saves a map. A failure is logged: the map in memory is as good, only the next session starts without it. */
export type SaveMap = (state: () => MapState | Promise<MapState>) => Promise<void>;

/**
 * The saved maps of all connections: one file each, written beside its place and moved there, so that a reader
 * meanwhile, in this window or another, has the old one or the new one.
 */
export class SnapshotFiles {
  readonly #folder: string;
  readonly #log: Log;
  readonly #allowed: (connectionId: string) => boolean;
  readonly #queue: FileQueue;

  /** @param allowed whether the map of a connection may be on disk now. */
  constructor(folder: string, log: Log, allowed: (connectionId: string) => boolean) {
    this.#folder = folder;
    this.#log = log;
    this.#allowed = allowed;
    this.#queue = new FileQueue(allowed);
  }

  /** Whether the map of a connection may be on disk now. */
  allows(connectionId: string): boolean {
    return this.#allowed(connectionId);
  }

  /** The saved map; undefined where there is none that can be read. One that cannot is set aside. */
  async load(owner: SnapshotOwner): Promise<MapState | undefined> {
    const path = this.#path(owner.connectionId);
    let bytes: Uint8Array | undefined;
    try {
      bytes = await readRegularBytes(path);
    } catch (error) {
      this.#log.warn(`The saved map of ${owner.connectionId} cannot be read (${messageOf(error)}): it is built again.`);
    }
    if (bytes === undefined) {
      return undefined;
    }
    try {
      const header = decodeHeader(bytes);
      if (header.connectionId !== owner.connectionId || header.provider !== owner.provider) {
        throw new SnapshotError('it belongs to another connection');
      }
      // Words of another language, and accounts of another key, are not damaged, only not wanted.
      const wanted = header.language === owner.language && header.keyTag === owner.keyTag;
      return wanted ? (await decodeSnapshot(bytes)).state : undefined;
    } catch (error) {
      const aside = `${path}.unreadable`;
      await rename(path, aside).catch(() => undefined);
      this.#log.warn(
        `The saved map of ${owner.connectionId} cannot be used: ${messageOf(error)}. It is set aside as ${aside}, and the map is built again.`,
      );
      return undefined;
    }
  }

  /** What saves the maps of an owner, until the next removal for its connection. */
  saver(owner: SnapshotOwner): SaveMap {
    const { connectionId } = owner;
    const pen = this.#queue.pen(connectionId);
    return async (state) => {
      try {
        await pen(async (wanted) => {
          const content = encodeSnapshot({ ...owner, savedAt: Date.now() }, await state());
          await writeAtomically(this.#path(connectionId), content, { wanted });
        });
      } catch (error) {
        this.#log.warn(`The map of ${connectionId} cannot be saved: ${messageOf(error)}`);
      }
    };
  }

  /** When a map was last saved, by whichever window, in milliseconds since the epoch; undefined: never. */
  async savedAt(connectionId: string): Promise<number | undefined> {
    return modifiedAt(this.#path(connectionId)).catch(() => undefined);
  }

  /**
   * Removes everything that was saved for a connection or, with the tag of a key, the map that was read with that key.
   * A failure is logged: the next session tries again.
   */
  async remove(connectionId: string, keyTag?: string): Promise<void> {
    try {
      await this.#queue.remove(connectionId, async () => {
        if (keyTag === undefined || keyTag === (await this.keyTagOf(connectionId))) {
          await this.#removeFiles((name) => name.startsWith(`${fileName(connectionId)}.`));
        }
      });
    } catch (error) {
      this.#log.warn(`The saved map of ${connectionId} cannot be removed: ${messageOf(error)}`);
    }
  }

  /** Removes everything that was saved. @throws what the file system says. */
  clear(): Promise<void> {
    return this.#queue.remove(undefined, () => this.#removeFiles(() => true));
  }

  /** Removes what a crash left, and what is of connections that are gone. */
  sweep(connectionIds: readonly string[]): Promise<void> {
    const known = new Set(connectionIds.map(fileName));
    return sweep(this.#folder, (name) => isDraft(name) || !known.has(name.split('.', 1)[0] ?? ''));
  }

  /** Ends when nothing is being saved or removed. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  async #removeFiles(which: (name: string) => boolean): Promise<void> {
    const names = await namesIn(this.#folder);
    await Promise.all(names.filter(which).map((name) => remove(join(this.#folder, name))));
  }

  /** Which key the saved map was read with; undefined where nothing says so. */
  async keyTagOf(connectionId: string): Promise<string | undefined> {
    try {
      const start = await readRegularBytes(this.#path(connectionId), HEADER_BYTES);
      return start && decodeHeader(start).keyTag;
    } catch {
      return undefined;
    }
  }

  #path(connectionId: string): string {
    return join(this.#folder, `${fileName(connectionId)}.map`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
