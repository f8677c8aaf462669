import * as vscode from 'vscode';
import { settings } from '../contributions.ts';
import type { AnswerFiles } from './answers.ts';
import type { SnapshotFiles, SnapshotOwner } from '../map/snapshotFiles.ts';
import type { MapState, SendingMap } from '../map/sendingMap.ts';
import { isFresh } from '../transport/time.ts';
import type { Connection } from './connection.ts';

/** While a sync runs its map is saved this often, so that a crash costs little; milliseconds. */
const SAVE_EVERY = 10_000;
/** After a sync, and after a correction, the map is saved so soon; milliseconds. */
const SAVE_SOON = 500;

interface Kept {
  readonly owner: SnapshotOwner;
  readonly map: SendingMap;
  readonly subscription: vscode.Disposable;
  timer: NodeJS.Timeout | undefined;
  /** When the timer will save, and when it did last; milliseconds on the monotonic clock. */
  due: number;
  lastSave: number;
  changed: boolean;
  /** What the file says about when it was saved, in milliseconds since the epoch. */
  savedAt: number;
}

/** Keeps the maps of all sessions on disk: loads each when its session starts, and saves it when it changed. */
export class MapKeeper implements vscode.Disposable {
  readonly #files: SnapshotFiles;
  readonly #answers: AnswerFiles;
  readonly #kept = new Map<string, Kept>();
  readonly #subscription: vscode.Disposable;

  constructor(files: SnapshotFiles, answers: AnswerFiles) {
    this.#files = files;
    this.#answers = answers;
    this.#subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(settings.cacheEnabled) && !cacheEnabled()) {
        void files.clear();
        void answers.remove();
      }
    });
  }

  /** Gives a new map what an earlier session knew, and saves it from then on. */
  async keep(connection: Connection, map: SendingMap): Promise<void> {
    const owner = ownerOf(connection);
    if (cacheEnabled()) {
      const state = await this.#files.load(owner);
      if (state !== undefined) {
        map.restore(state);
      }
    }
    this.release(connection.id);
    const kept: Kept = {
      owner,
      map,
      timer: undefined,
      due: 0,
      lastSave: performance.now(),
      changed: false,
      savedAt: Date.now(),
      subscription: vscode.Disposable.from(
        map.onDidChange(() => {
          this.#saveLater(kept);
        }),
        map.onDidProgress(() => {
          this.#saveLater(kept);
        }),
      ),
    };
    this.#kept.set(connection.id, kept);
  }

  /**
   * Takes over what another window saved, where that is newer than what this window knows.
   *
   * @returns whether it was.
   */
  async follow(connectionId: string): Promise<boolean> {
    const kept = this.#kept.get(connectionId);
    const savedAt = kept && (await this.#files.savedAt(connectionId));
    if (kept === undefined || savedAt === undefined || savedAt === kept.savedAt || savedAt <= past(kept.savedAt)) {
      return false;
    }
    const state = await this.#files.load(kept.owner);
    const { accounts, campaigns, progress } = kept.map;
    if (progress.running || accounts.status === 'reading' || campaigns.status === 'reading') {
      return false;
    }
    kept.savedAt = savedAt;
    if (state === undefined || newest(state) <= newest(kept.map.save())) {
      return false;
    }
    kept.map.restore(state);
    kept.changed = false;
    return true;
  }

  /** Stops saving the map of a session that ended. What was not saved yet is. */
  release(connectionId: string): void {
    const kept = this.#kept.get(connectionId);
    if (kept !== undefined) {
      this.#kept.delete(connectionId);
      kept.subscription.dispose();
      void this.#save(kept);
    }
  }

  /** Forgets the map of a connection that is gone, or whose key is another one now. */
  async forget(connectionId: string): Promise<void> {
    const kept = this.#kept.get(connectionId);
    if (kept !== undefined) {
      this.#kept.delete(connectionId);
      kept.subscription.dispose();
      clearTimeout(kept.timer);
    }
    await Promise.all([this.#files.remove(connectionId), this.#answers.remove(connectionId)]);
  }

  /** Removes all saved maps and answers. Those in memory stay, and are saved again when they change. */
  async clear(): Promise<void> {
    for (const kept of this.#kept.values()) {
      clearTimeout(kept.timer);
      kept.timer = undefined;
      kept.changed = false;
    }
    await Promise.all([this.#files.clear(), this.#answers.remove()]);
  }

  /** Saves everything that is not saved yet, before the window goes. */
  async flush(): Promise<void> {
    await Promise.all([...this.#kept.values()].map((kept) => this.#save(kept)));
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const id of [...this.#kept.keys()]) {
      this.release(id);
    }
  }

  #saveLater(kept: Kept): void {
    kept.changed = true;
    const due = kept.map.progress.running ? kept.lastSave + SAVE_EVERY : performance.now() + SAVE_SOON;
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

  async #save(kept: Kept): Promise<void> {
    clearTimeout(kept.timer);
    kept.timer = undefined;
    if (!kept.changed || !cacheEnabled()) {
      return;
    }
    if (await this.follow(kept.owner.connectionId)) {
      // Another window has read everything since: its map is better than this one with a correction in it.
      return;
    }
    kept.changed = false;
    kept.savedAt = Date.now();
    kept.lastSave = performance.now();
    await this.#files.save(kept.owner, () => kept.map.save());
    kept.savedAt = (await this.#files.savedAt(kept.owner.connectionId)) ?? kept.savedAt;
  }
}

/** When the lists of a map were last read to their ends, in milliseconds since the epoch. */
function newest({ accountsPosition, campaignsPosition }: MapState): number {
  return Math.max(past(accountsPosition.completedAt ?? 0), past(campaignsPosition.completedAt ?? 0));
}

/** A time from the future was noted before the clock was set back, and is older than any other. */
function past(time: number): number {
  return isFresh(time, Infinity) ? time : 0;
}

function ownerOf({ id, provider, keyVersion }: Connection): SnapshotOwner {
  return { connectionId: id, provider, keyVersion, language: vscode.env.language };
}

export function cacheEnabled(): boolean {
  return vscode.workspace.getConfiguration().get<unknown>(settings.cacheEnabled) !== false;
}
