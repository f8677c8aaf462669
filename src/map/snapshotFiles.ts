import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProviderId } from '../providers/model.ts';
import type { Log } from '../transport/client.ts';
import type { MapState } from './sendingMap.ts';
import { decodeSnapshot, encodeSnapshot, SnapshotError } from './snapshot.ts';

/** Whose snapshot it is, read with which of its keys, and in which language. */
export interface SnapshotOwner {
  readonly connectionId: string;
  readonly provider: ProviderId;
  readonly keyVersion: string;
  readonly language: string;
}

/**
 * The saved maps of all connections: one file each, written beside its place and moved there, so that whoever reads it
 * meanwhile, in this window or another, has the old one or the new one.
 */
export class SnapshotFiles {
  readonly #folder: string;
  readonly #log: Log;
  /** The last write of each connection, so that two of them never overtake each other. */
  readonly #writes = new Map<string, Promise<void>>();

  constructor(folder: string, log: Log) {
    this.#folder = folder;
    this.#log = log;
  }

  /** The saved map; undefined where there is none that can be read. One that cannot is set aside. */
  async load(owner: SnapshotOwner): Promise<MapState | undefined> {
    const path = this.#path(owner.connectionId);
    let source: string;
    try {
      source = await readFile(path, 'utf8');
    } catch (error) {
      if (!isMissing(error)) {
        this.#log.warn(
          `The saved map of ${owner.connectionId} cannot be read (${messageOf(error)}): it is built anew.`,
        );
      }
      return undefined;
    }
    try {
      const { header, state } = decodeSnapshot(source);
      if (header.connectionId !== owner.connectionId || header.provider !== owner.provider) {
        throw new SnapshotError('it belongs to another connection');
      }
      // Words of another language, and accounts of another key, are not damaged, only not wanted.
      return header.language === owner.language && header.keyVersion === owner.keyVersion ? state : undefined;
    } catch (error) {
      const aside = `${path}.unreadable`;
      await rename(path, aside).catch(() => undefined);
      this.#log.warn(
        `The saved map of ${owner.connectionId} cannot be used: ${messageOf(error)}. It is set aside as ${aside}, and the map is built anew.`,
      );
      return undefined;
    }
  }

  /** Saves a map. A failure is logged: the map in memory is as good, only the next session starts without it. */
  save(owner: SnapshotOwner, state: () => MapState): Promise<void> {
    const id = owner.connectionId;
    const write = (this.#writes.get(id) ?? Promise.resolve()).then(() => this.#write(owner, state));
    this.#writes.set(id, write);
    return write;
  }

  /** When a map was last saved, by whichever window, in milliseconds since the epoch; undefined: never. */
  async savedAt(connectionId: string): Promise<number | undefined> {
    return (await stat(this.#path(connectionId)).catch(() => undefined))?.mtimeMs;
  }

  /** Removes everything that was saved for a connection. */
  async remove(connectionId: string): Promise<void> {
    await this.#writes.get(connectionId);
    const name = fileName(connectionId);
    const files = await readdir(this.#folder).catch(() => []);
    await Promise.all(
      files.filter((file) => file.startsWith(`${name}.`)).map((file) => rm(join(this.#folder, file), { force: true })),
    );
  }

  /** Removes everything that was saved. */
  async clear(): Promise<void> {
    await Promise.all(this.#writes.values());
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #write(owner: SnapshotOwner, state: () => MapState): Promise<void> {
    const path = this.#path(owner.connectionId);
    const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(draft, encodeSnapshot({ ...owner, savedAt: Date.now() }, state()), 'utf8');
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      this.#log.warn(`The map of ${owner.connectionId} cannot be saved: ${messageOf(error)}`);
    }
  }

  #path(connectionId: string): string {
    return join(this.#folder, `${fileName(connectionId)}.json`);
  }
}

/** A connection's id as a file name; ids are made of letters, digits and dashes, but they come from stored state. */
export function fileName(connectionId: string): string {
  return connectionId.replace(/[^A-Za-z0-9-]/g, (character) => `_${character.charCodeAt(0).toString(16)}`);
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
