import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import { settings } from '../contributions.ts';
import { takeLease } from '../map/lease.ts';
import { fileName } from '../files/keyFiles.ts';
import { cacheEnabled } from './cache.ts';
import type { MapKeeper } from './mapKeeper.ts';
import { setting } from './network.ts';
import type { Sessions } from './sessions.ts';

/** How often it checks whether anything is due, in milliseconds. */
const LOOK = 30_000;
/** Refreshing more often than this would waste the services' limits, in minutes; the setting takes multiples of it. */
const LEAST_INTERVAL = 5;

/**
 * Refreshes the maps of the connections in use at the interval in the settings, if any, while a Sendmap view is
 * visible. Only one of several windows does it; the others load what it saved.
 */
export class AutoRefresh implements vscode.Disposable {
  readonly #sessions: Sessions;
  readonly #keeper: MapKeeper;
  readonly #folder: string;
  readonly #visible: () => boolean | Promise<boolean>;
  readonly #holder = randomBytes(6).toString('hex');
  readonly #timer: NodeJS.Timeout;

  constructor(sessions: Sessions, keeper: MapKeeper, folder: string, visible: () => boolean | Promise<boolean>) {
    this.#sessions = sessions;
    this.#keeper = keeper;
    this.#folder = folder;
    this.#visible = visible;
    this.#timer = setInterval(() => {
      void this.look();
    }, LOOK);
  }

  /** Does what is due now. */
  async look(): Promise<void> {
    const minutes = setting(settings.refreshInterval, 0);
    if (minutes === 0 || !(await this.#visible())) {
      return;
    }
    const interval = Math.ceil(minutes / LEAST_INTERVAL) * LEAST_INTERVAL * 60_000;
    for (const { connection, map } of this.#sessions.ready()) {
      // Without saved maps there is nothing to follow, so each window looks after itself.
      const mine = !cacheEnabled() || (await this.#takeLease(connection.id));
      if (!mine) {
        await this.#keeper.follow(connection.id);
      } else if (!map.empty) {
        map.ensureFresh(interval, 'automatic');
      }
    }
  }

  dispose(): void {
    clearInterval(this.#timer);
  }

  async #takeLease(connectionId: string): Promise<boolean> {
    try {
      return await takeLease(join(this.#folder, `${fileName(connectionId)}.lease`), this.#holder);
    } catch {
      // A folder that cannot be written to keeps no leases; then each window refreshes for itself.
      return true;
    }
  }
}
