import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AutoRefresh } from '../../src/connections/autoRefresh.ts';
import type { MapKeeper } from '../../src/connections/mapKeeper.ts';
import type { Sessions } from '../../src/connections/sessions.ts';
import { settings } from '../../src/contributions.ts';
import { configure } from './world.ts';

export function describeAutoRefresh(): void {
  describe('automatic refresh', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sendmap-lease-'));
    const windows: AutoRefresh[] = [];

    /** A window with one connection, and what it did. */
    function window(visible: () => boolean) {
      const did: string[] = [];
      const sessions = {
        ready: () => [
          {
            connection: { id: 'northwind' },
            map: {
              empty: false,
              ensureFresh: (age: number, priority: string) => did.push(`${priority} after ${age / 60_000} min`),
            },
          },
        ],
      } as unknown as Sessions;
      const keeper = { follow: () => Promise.resolve(did.push('follow') > 0) } as unknown as MapKeeper;
      const subject = new AutoRefresh(sessions, keeper, folder, visible);
      windows.push(subject);
      return { did, subject };
    }

    after(async () => {
      windows.forEach((subject) => {
        subject.dispose();
      });
      rmSync(folder, { recursive: true, force: true });
      await configure(settings.refreshInterval, undefined);
    });

    it('is off unless the settings say otherwise', async () => {
      const { did, subject } = window(() => true);
      await subject.look();
      assert.deepEqual(did, []);
    });

    it('is done by one of several windows, never under five minutes, and followed by the others', async () => {
      await configure(settings.refreshInterval, 1);
      const [one, other] = [window(() => true), window(() => true)];
      await one.subject.look();
      await other.subject.look();
      await one.subject.look();
      assert.deepEqual(one.did, ['automatic after 5 min', 'automatic after 5 min']);
      assert.deepEqual(other.did, ['follow']);
    });

    it('rests while no view is visible', async () => {
      const { did, subject } = window(() => false);
      await subject.look();
      assert.deepEqual(did, []);
    });
  });
}
