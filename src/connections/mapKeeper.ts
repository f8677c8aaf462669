import type { RecordFiles } from '../health/recordFiles.ts';
import type { AnswerFiles } from './answers.ts';
import type { SaveMap, SnapshotFiles, SnapshotOwner } from '../map/snapshotFiles.ts';
import type { SendingMap } from '../map/sendingMap.ts';
import type { ReadingPosition } from '../map/sync/listReader.ts';
import { isFresh } from '../transport/time.ts';
import type { Connection } from './connection.ts';

/** While a sync runs its map is saved this often: a crash costs half a minute, and most syncs end before that. Milliseconds. */
const SAVE_EVERY = 30_000;
/** The share of the time between two of these saves that the first may take: a large map is saved less often. */
const SHARE = 0.1;
/** After a sync, and after a correction, the map is saved this soon; milliseconds. */
const SAVE_SOON = 500;

type ReadList = Pick<ReadingPosition, 'completedAt'>;

interface Kept {
  readonly owner: SnapshotOwner;
  readonly map: SendingMap;
  /** Writes nothing once the saved map is removed. */
  save: SaveMap;
  subscriptions: readonly { dispose(): void }[];
  timer: NodeJS.Timeout | undefined;
  /** When the timer will save, and when a running sync is saved again; milliseconds on the monotonic clock. */
  due: number;
  nextSave: number;
  changed: boolean;
  /** When the file says that it was saved, in milliseconds since the epoch. */
  savedAt: number;
  /** The load of what is saved, while one is under way, and whether it changed the map. */
  taking: Promise<boolean> | undefined;
}

/** Keeps the maps of all sessions on disk: loads each when its session starts, and saves it when it changed. */
export class MapKeeper {
  /** Kept, removed and forgotten with the maps. */
  readonly answers: AnswerFiles;
  /** The same for records of what maps said. */
  readonly records: RecordFiles;
  readonly #files: SnapshotFiles;
  readonly #language: string;
  readonly #kept = new Map<string, Kept>();
  /** Saves that were begun, those of sessions that ended included. */
  readonly #saves = new Set<Promise<void>>();

  /** @param language of the words in the maps. */
  constructor(files: SnapshotFiles, answers: AnswerFiles, records: RecordFiles, language: string) {
    this.#files = files;
    this.answers = answers;
    this.records = records;
    this.#language = language;
  }

  /**
   * Gives a new map what an earlier session with the same key knew, and saves it from then on. This does nothing where
   * the connection is forgotten, or kept with another map, before that is read.
   */
  async keep({ id, provider }: Connection, keyTag: string, map: SendingMap): Promise<void> {
    const owner: SnapshotOwner = { connectionId: id, provider, keyTag, language: this.#language };
    this.release(id);
    const kept: Kept = {
      owner,
      map,
      save: this.#files.saver(owner),
      timer: undefined,
      due: 0,
      nextSave: performance.now() + SAVE_EVERY,
      changed: false,
      savedAt: Date.now(),
      subscriptions: [],
      taking: undefined,
    };
    this.#kept.set(id, kept);
    if (this.#files.allows(id)) {
      await this.#take(kept, () => this.#load(kept));
    }
    if (this.#kept.get(id) !== kept) {
      return;
    }
    kept.subscriptions = [
      map.onDidChange(() => {
        this.#saveLater(kept);
      }),
      map.onDidProgress(() => {
        this.#saveLater(kept);
      }),
    ];
  }

  /** The tag of the key that the saved map of a connection was read with; undefined where none is saved. */
  async keyTagOf(connectionId: string): Promise<string | undefined> {
    return this.#files.allows(connectionId) ? this.#files.keyTagOf(connectionId) : undefined;
  }

  /**
   * Loads what another window saved, where that is newer than what this window knows.
   *
   * @returns whether it was.
   */
  async follow(connectionId: string): Promise<boolean> {
    const kept = this.#kept.get(connectionId);
    return kept !== undefined && (await this.#follow(kept));
  }

  /** Stops saving the map of a session that ended. What was not saved yet is. */
  release(connectionId: string): void {
    const kept = this.#drop(connectionId);
    if (kept !== undefined) {
      void this.#save(kept);
    }
  }

  /** Forgets everything that was saved for a connection that is gone. */
  async forget(connectionId: string): Promise<void> {
    this.#drop(connectionId);
    await Promise.all([
      this.#files.remove(connectionId),
      this.answers.remove(connectionId),
      this.records.remove(connectionId),
    ]);
  }

  /** Forgets what was saved for a connection with a key that it does not have any more. */
  async forgetKey(connectionId: string): Promise<void> {
    const keyTag = this.#drop(connectionId)?.owner.keyTag;
    if (keyTag !== undefined) {
      await Promise.all([
        this.#files.remove(connectionId, keyTag),
        this.answers.remove(connectionId, keyTag),
        this.records.remove(connectionId, keyTag),
      ]);
    }
  }

  /** Removes all saved maps and answers. Those in memory stay, and are saved again when they change. */
  async clear(): Promise<void> {
    const cleared = [this.#files.clear(), this.answers.clear(), this.records.clear()];
    for (const kept of this.#kept.values()) {
      clearTimeout(kept.timer);
      kept.timer = undefined;
      kept.changed = false;
      kept.save = this.#files.saver(kept.owner);
    }
    await Promise.all(cleared);
  }

  /** Removes what an earlier session left by accident. */
  async sweep(connectionIds: readonly string[]): Promise<void> {
    await Promise.all([this.#files, this.answers, this.records].map((files) => files.sweep(connectionIds)));
  }

  /** Saves everything that is not saved yet before the window closes. Resolves when all writing has ended. */
  async flush(): Promise<void> {
    for (const kept of this.#kept.values()) {
      void this.#save(kept);
    }
    await Promise.all(this.#saves);
    await Promise.all([this.#files, this.answers, this.records].map((files) => files.idle()));
  }

  dispose(): void {
    for (const id of [...this.#kept.keys()]) {
      this.release(id);
    }
  }

  #drop(connectionId: string): Kept | undefined {
    const kept = this.#kept.get(connectionId);
    if (kept !== undefined) {
      this.#kept.delete(connectionId);
      clearTimeout(kept.timer);
      for (const subscription of kept.subscriptions) {
        subscription.dispose();
      }
    }
    return kept;
  }

  #follow(kept: Kept): Promise<boolean> {
    return kept.taking ?? this.#take(kept, () => this.#takeOver(kept));
  }

  /** One at a time: a map that is being restored in turns takes nothing else meanwhile. */
  async #take(kept: Kept, take: () => Promise<boolean>): Promise<boolean> {
    kept.taking = take().finally(() => {
      kept.taking = undefined;
    });
    return kept.taking;
  }

  async #load(kept: Kept): Promise<boolean> {
    const state = await this.#files.load(kept.owner);
    if (state === undefined || this.#kept.get(kept.owner.connectionId) !== kept) {
      return false;
    }
    await kept.map.restore(state);
    return true;
  }

  async #takeOver(kept: Kept): Promise<boolean> {
    const { connectionId } = kept.owner;
    const savedAt = await this.#files.savedAt(connectionId);
    if (savedAt === undefined || savedAt === kept.savedAt || savedAt <= past(kept.savedAt)) {
      return false;
    }
    const state = await this.#files.load(kept.owner);
    // Checked after the last wait: what else the map is busy with.
    const { accounts, campaigns, progress } = kept.map;
    if (progress.running || accounts.status === 'reading' || campaigns.status === 'reading') {
      return false;
    }
    kept.savedAt = savedAt;
    if (state === undefined || newest(state.accountsPosition, state.campaignsPosition) <= newest(accounts, campaigns)) {
      return false;
    }
    if (this.#kept.get(connectionId) === kept) {
      await kept.map.restore(state);
      kept.changed = false;
    }
    return true;
  }

  #saveLater(kept: Kept): void {
    kept.changed = true;
    const due = kept.map.progress.running ? kept.nextSave : performance.now() + SAVE_SOON;
    if (kept.timer !== undefined && kept.due <= due) {
      return;
    }
    clearTimeout(kept.timer);
    kept.due = due;
    kept.timer = setTimeout(
      () => {
        void this.#save(kept);
      },
      Math.max(0, due - performance.now()),
    );
  }

  /** What changed while a map was written waits for its turn. */
  #postpone(kept: Kept): void {
    if (kept.timer !== undefined && kept.map.progress.running) {
      clearTimeout(kept.timer);
      kept.timer = undefined;
      this.#saveLater(kept);
    }
  }

  #save(kept: Kept): Promise<void> {
    const save = this.#write(kept).finally(() => this.#saves.delete(save));
    this.#saves.add(save);
    return save;
  }

  async #write(kept: Kept): Promise<void> {
    clearTimeout(kept.timer);
    kept.timer = undefined;
    const { connectionId } = kept.owner;
    if (!kept.changed || !this.#files.allows(connectionId)) {
      return;
    }
    // What is removed while this waits is not saved again.
    const { save } = kept;
    kept.changed = false;
    if (await this.#follow(kept)) {
      // Another window has read everything since: its map is better than this one with a correction in it.
      return;
    }
    kept.savedAt = Date.now();
    const started = performance.now();
    kept.nextSave = started + SAVE_EVERY;
    await save(() => kept.map.save());
    kept.nextSave = started + Math.max(SAVE_EVERY, (performance.now() - started) / SHARE);
    this.#postpone(kept);
    kept.savedAt = (await this.#files.savedAt(connectionId)) ?? kept.savedAt;
  }
}

/** When the lists of a map were last read to their ends, in milliseconds since the epoch. */
function newest(accounts: ReadList, campaigns: ReadList): number {
  return Math.max(past(accounts.completedAt ?? 0), past(campaigns.completedAt ?? 0));
}

/** A time from the future was noted before the clock was set back, and is older than any other. */
function past(time: number): number {
  return isFresh(time, Infinity) ? time : 0;
}
