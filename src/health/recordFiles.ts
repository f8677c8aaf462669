import { join } from 'node:path';
import { namesIn, readRegularBytes, remove, writeAtomically } from '../files/atomicFile.ts';
import { KeyFiles, type KeyOwner } from '../files/keyFiles.ts';
import type { Graph } from '../map/graph.ts';
import { decodeRecordHeader, encodeRecord, RECORD_HEADER_BYTES, type RecordHeader } from './record.ts';

/** Days with a record. */
export const DAYS = 35;
/** The newest so many records are kept whatever their day, so that there is one of the sync before the last. */
const NEWEST = 2;
const ENDING = '.record';
const DAY = 24 * 3_600_000;

/** What maps said at the end of each sync: the last of each day for 35 days, and the last two. */
export class RecordFiles extends KeyFiles {
  protected readonly what = 'records';

  /**
   * Gets the right to write records until the next removal. A failure to write one is logged: only a later comparison
   * misses it.
   */
  writer(
    owner: KeyOwner,
  ): (graph: Graph, at: number, idleSince: (number: number) => number | undefined) => Promise<void> {
    const pen = this.pen(owner);
    return async (graph, at, idleSince) => {
      try {
        await pen(async (wanted) => {
          const path = this.#path(owner, at);
          await writeAtomically(path, encodeRecord(graph, at, idleSince), { wanted, flush: false });
          const unneeded = unneededOf(await this.#timesOf(owner), at);
          await Promise.all(unneeded.map((time) => remove(this.#path(owner, time))));
        });
      } catch (error) {
        this.warn(`What the map of ${owner.connectionId} says cannot be recorded`, error);
      }
    };
  }

  /** When records were made, the newest first; milliseconds since the epoch. */
  async times(owner: KeyOwner): Promise<number[]> {
    await this.idle();
    return this.#timesOf(owner);
  }

  /** The bytes of a record; undefined where it cannot be read. */
  async read(owner: KeyOwner, time: number): Promise<Uint8Array | undefined> {
    try {
      return await readRegularBytes(this.#path(owner, time));
    } catch (error) {
      this.warn(`A record of ${owner.connectionId} cannot be read`, error);
      return undefined;
    }
  }

  /** What records say of themselves, the newest first; without those that cannot be read. */
  async headers(owner: KeyOwner): Promise<RecordHeader[]> {
    const found: RecordHeader[] = [];
    for (const time of await this.times(owner)) {
      try {
        const start = await readRegularBytes(this.#path(owner, time), RECORD_HEADER_BYTES);
        if (start !== undefined) {
          found.push(decodeRecordHeader(start));
        }
      } catch {
        // One that a later version wrote says nothing to this one.
      }
    }
    return found;
  }

  async #timesOf(owner: KeyOwner): Promise<number[]> {
    const names = await namesIn(this.folderOf(owner));
    return names
      .filter((name) => /^\d{1,16}\.record$/.test(name))
      .map((name) => parseInt(name, 10))
      .sort((a, b) => b - a);
  }

  #path(owner: KeyOwner, time: number): string {
    return join(this.folderOf(owner), `${time}${ENDING}`);
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
