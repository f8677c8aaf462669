import { join } from 'node:path';
import { isDraft, namesIn, readRegularBytes, remove, sweep, writeAtomically } from '../files/atomicFile.ts';
import { FileQueue } from '../files/fileQueue.ts';
import type { Graph } from '../map/graph.ts';
import { fileName } from '../map/snapshotFiles.ts';
import type { Log } from '../transport/log.ts';
import { decodeRecordHeader, encodeRecord, RECORD_HEADER_BYTES, type RecordHeader } from './record.ts';

/** Days with a record. */
export const DAYS = 35;
/** The newest so many records are kept whatever their day, so that there is one of the sync before the last. */
const NEWEST = 2;
const ENDING = '.record';
const DAY = 24 * 3_600_000;

/** Whose records: those of a connection, made with one of its keys. */
export interface RecordOwner {
  readonly connectionId: string;
  readonly keyTag: string;
}

/**
 * What maps said at the end of each sync: the last of each day for 35 days, and the last two. Each key of a connection
 * has its own, so that workspaces are never compared. They go with the connection, and with the key.
 */
export class RecordFiles {
  readonly #folder: string;
  readonly #log: Log;
  readonly #queue: FileQueue;

  /** @param allowed whether records of a connection may be on disk now. */
  constructor(folder: string, log: Log, allowed: (connectionId: string) => boolean) {
    this.#folder = folder;
    this.#log = log;
    this.#queue = new FileQueue(allowed);
  }

  /**
   * Gets the right to write records until the next removal. A failure to write one is logged: only a later comparison
   * misses it.
   */
  writer(
    owner: RecordOwner,
  ): (graph: Graph, at: number, idleSince: (number: number) => number | undefined) => Promise<void> {
    const pen = this.#queue.pen(owner.connectionId);
    return async (graph, at, idleSince) => {
      try {
        await pen(async (wanted) => {
          const path = join(this.#folderOf(owner), `${at}${ENDING}`);
          await writeAtomically(path, encodeRecord(graph, at, idleSince), { wanted, flush: false });
          const unneeded = unneededOf(await this.#timesOf(owner), at);
          await Promise.all(unneeded.map((time) => remove(join(this.#folderOf(owner), `${time}${ENDING}`))));
        });
      } catch (error) {
        this.#log.warn(`What the map of ${owner.connectionId} says cannot be recorded: ${messageOf(error)}`);
      }
    };
  }

  /** When records were made, the newest first; milliseconds since the epoch. */
  async times(owner: RecordOwner): Promise<number[]> {
    await this.#queue.idle();
    return this.#timesOf(owner);
  }

  /** The bytes of a record; undefined where it cannot be read. */
  async read(owner: RecordOwner, time: number): Promise<Uint8Array | undefined> {
    try {
      return await readRegularBytes(join(this.#folderOf(owner), `${time}${ENDING}`));
    } catch (error) {
      this.#log.warn(`A record of ${owner.connectionId} cannot be read: ${messageOf(error)}`);
      return undefined;
    }
  }

  /** What records say of themselves, the newest first; without those that cannot be read. */
  async headers(owner: RecordOwner): Promise<RecordHeader[]> {
    const found: RecordHeader[] = [];
    for (const time of await this.times(owner)) {
      try {
        const path = join(this.#folderOf(owner), `${time}${ENDING}`);
        const start = await readRegularBytes(path, RECORD_HEADER_BYTES);
        if (start !== undefined) {
          found.push(decodeRecordHeader(start));
        }
      } catch {
        // One that a later version wrote says nothing to this one.
      }
    }
    return found;
  }

  /** Removes the records of a connection or, with the tag of a key, those made with it. A failure is logged. */
  async remove(connectionId: string, keyTag?: string): Promise<void> {
    try {
      await this.#queue.remove(connectionId, () =>
        remove(join(this.#folder, fileName(connectionId), ...(keyTag === undefined ? [] : [keyTag]))),
      );
    } catch (error) {
      this.#log.warn(`The records of ${connectionId} cannot be removed: ${messageOf(error)}`);
    }
  }

  /** Removes all records. @throws what the file system says. */
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

  async #timesOf(owner: RecordOwner): Promise<number[]> {
    const names = await namesIn(this.#folderOf(owner));
    return names
      .filter((name) => /^\d{1,16}\.record$/.test(name))
      .map((name) => parseInt(name, 10))
      .sort((a, b) => b - a);
  }

  #folderOf({ connectionId, keyTag }: RecordOwner): string {
    return join(this.#folder, fileName(connectionId), keyTag);
  }
}

/**
 * Which records nobody needs any more: all but the newest two, and the newest of each local day for 35 days. Those from
 * the future were made before the clock was set back, and go.
 *
 * @param times the newest first.
 */
export function unneededOf(times: readonly number[], now: number): number[] {
  const kept = new Set(times.filter((time) => time <= now).slice(0, NEWEST));
  const days = new Set<string>();
  for (const time of times) {
    const day = new Date(time).toDateString();
    if (time <= now && now - time < DAYS * DAY && !days.has(day)) {
      days.add(day);
      kept.add(time);
    }
  }
  return times.filter((time) => !kept.has(time));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
