import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AnswerFiles } from '../../../src/connections/answers.ts';
import type { Connection } from '../../../src/connections/connection.ts';
import { MapKeeper } from '../../../src/connections/mapKeeper.ts';
import { SendingMap } from '../../../src/map/sendingMap.ts';
import { RecordFiles } from '../../../src/health/recordFiles.ts';
import { SnapshotFiles } from '../../../src/map/snapshotFiles.ts';
import { connect, MemoryLog } from '../../support/connect.ts';
import { account, emptyState } from '../../support/records.ts';

const connection: Connection = { id: 'a', provider: 'instantly', label: 'A', sample: false };
const MOMENTS = 120;

describe('map keeper', () => {
  let folder = '';
  let log = new MemoryLog();
  /** What the store and the settings say, in all windows. */
  let known = new Set(['a']);
  let enabled = true;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sendmap-keeper-'));
    log = new MemoryLog();
    known = new Set(['a']);
    enabled = true;
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** A window of VS Code, as far as it concerns saved maps. */
  function openWindow() {
    const mayBeSaved = (id: string) => enabled && known.has(id);
    const files = new SnapshotFiles(join(folder, 'maps'), log, mayBeSaved);
    const answers = new AnswerFiles(join(folder, 'answers'), log, mayBeSaved);
    return new MapKeeper(files, answers, new RecordFiles(join(folder, 'records'), log, mayBeSaved), 'en');
  }

  const newMap = () => new SendingMap(connect('instantly', { baseUrl: 'http://127.0.0.1:9' }), () => 0, log);

  /** What a sync does to a map, as far as its saving is concerned. `at`: when it ended. */
  async function change(map: SendingMap, accounts = 1, at = 0): Promise<void> {
    const state = emptyState({ accounts: Array.from({ length: accounts }, (_, row) => account(`a${row}@x.com`)) });
    const read = { ...state.accountsPosition, status: 'complete', completedAt: at } as const;
    await map.restore({ ...state, ...(at === 0 ? {} : { accountsPosition: read, campaignsPosition: read }) });
  }

  /** A map with something to save, kept by a window. */
  async function keptMap(keeper: MapKeeper, keyTag = 'k1', accounts = 300): Promise<SendingMap> {
    const map = newMap();
    await keeper.keep(connection, keyTag, map);
    await change(map, accounts);
    return map;
  }

  /** How many accounts another window finds saved; undefined where it finds none. */
  async function found(keyTag = 'k1'): Promise<number | undefined> {
    const map = newMap();
    await openWindow().keep(connection, keyTag, map);
    return map.empty && map.accounts.records.size === 0 ? undefined : map.accounts.records.size;
  }

  const saved = () => readdir(join(folder, 'maps')).catch(() => []);

  /** Ends in the middle of the restoring of a map that had so many accounts. */
  async function begun(map: SendingMap, before: number): Promise<void> {
    while (map.accounts.records.size === before) {
      await nextTurn();
    }
    assert.ok(map.accounts.records.size < 30_000);
  }

  /** What is saved looks as if it was saved in a second: file systems are not as exact as clocks. */
  async function saveLater(): Promise<void> {
    const later = new Date(Date.now() + 1000);
    await utimes(join(folder, 'maps', 'a.map'), later, later);
  }

  /** Some moment while a map is being saved: each step is as long as one step of a write. */
  async function wait(moment: number): Promise<void> {
    for (let step = 0; step < moment % 30; step += 1) {
      await stat(folder);
    }
  }

  it('gives a new session what an earlier one knew, and saves it before the window goes', async () => {
    const keeper = openWindow();
    await keptMap(keeper);
    await keeper.flush();
    assert.equal(await found(), 300);
  });

  it('ends a flush only when the saves of sessions that ended are on disk too', async () => {
    const keeper = openWindow();
    await keptMap(keeper);
    keeper.release('a');
    await keeper.flush();
    assert.equal(await found(), 300);
  });

  it('ends a flush only when the answers under way are on disk too', async () => {
    const files = new SnapshotFiles(join(folder, 'maps'), log, () => true);
    const answers = new AnswerFiles(join(folder, 'answers'), log, () => true);
    void answers.keeper({ connectionId: 'a', keyTag: 'k1' })('a document', '{}', Date.now(), () => true);
    await new MapKeeper(files, answers, new RecordFiles(join(folder, 'records'), log, () => true), 'en').flush();
    assert.equal((await readdir(join(folder, 'answers', 'a', 'k1'))).length, 1);
  });

  it('saves once where the window disposes everything while it is being flushed', async () => {
    const keeper = openWindow();
    await keptMap(keeper);
    const flushed = keeper.flush();
    keeper.dispose();
    await flushed;
    assert.deepEqual(await saved(), ['a.map']);
    assert.equal(await found(), 300);
  });

  it('keeps one map for a connection, where a session is started again before it is up', async () => {
    const earlier = openWindow();
    await keptMap(earlier);
    await earlier.flush();
    const keeper = openWindow();
    const [first, second] = [newMap(), newMap()];
    await Promise.all([keeper.keep(connection, 'k1', first), keeper.keep(connection, 'k1', second)]);
    assert.deepEqual([first.accounts.records.size, second.accounts.records.size], [0, 300]);
    await change(second, 8);
    await keeper.flush();
    assert.equal(await found(), 8);
  });

  it('restores nothing of another key, whatever two windows do one after the other', async () => {
    const [one, other] = [openWindow(), openWindow()];
    await keptMap(one, 'old');
    await one.flush();
    const late = await keptMap(other, 'old');
    // One replaces the key; the other has not heard of it, and saves what it read with the old one.
    await one.forgetKey('a');
    assert.deepEqual(await saved(), []);
    const map = newMap();
    await one.keep(connection, 'new', map);
    await other.flush();
    assert.equal(await found('new'), undefined);
    assert.equal(await found('old'), 300);
    // Nor is it taken over by a session that is up, however new it is.
    await change(map, 2, 1000);
    await change(late, 500, 2000);
    await other.flush();
    await saveLater();
    assert.equal(await one.follow('a'), false);
    assert.equal(map.accounts.records.size, 2);
    await change(map, 3, 3000);
    await one.flush();
    assert.equal(await found('new'), 3);
    // When the other hears of it, it removes what is of the old key only.
    await other.forgetKey('a');
    assert.equal(await found('new'), 3);
  });

  it('takes over what another window with the same key read later', async () => {
    const [one, other] = [openWindow(), openWindow()];
    const [map, later] = [await keptMap(one), newMap()];
    await other.keep(connection, 'k1', later);
    await change(later, 7, 5000);
    await other.flush();
    await saveLater();
    assert.equal(await one.follow('a'), true);
    assert.equal(map.accounts.records.size, 7);
  });

  it('takes over one map at a time, and saves no half of it', async () => {
    const [one, other] = [openWindow(), openWindow()];
    const [map, later] = [await keptMap(one), newMap()];
    await one.flush();
    await other.keep(connection, 'k1', later);
    await change(later, 30_000, 5000);
    await other.flush();
    await saveLater();
    const restored = mock.method(map, 'restore');
    const followed = [one.follow('a'), one.follow('a')];
    await begun(map, 300);
    await Promise.all([one.flush(), ...followed]);
    assert.equal(restored.mock.callCount(), 1);
    assert.deepEqual([map.accounts.records.size, await found()], [30_000, 30_000]);
  });

  it('saves nothing of a session that was forgotten while its map was restored', async () => {
    const earlier = openWindow();
    await keptMap(earlier, 'k1', 30_000);
    await earlier.flush();
    const keeper = openWindow();
    const map = newMap();
    const keeping = keeper.keep(connection, 'k1', map);
    await begun(map, 0);
    await keeper.forget('a');
    await keeping;
    await change(map, 5);
    await keeper.flush();
    assert.deepEqual(await saved(), []);
  });

  const races: Readonly<Record<string, (moment: number) => Promise<unknown>>> = {
    'the connection is removed while its map is being saved': async (moment) => {
      const keeper = openWindow();
      await keptMap(keeper);
      const saving = keeper.flush();
      await wait(moment);
      await Promise.all([keeper.forget('a'), saving]);
    },
    'the connection is removed while its session ends': async (moment) => {
      const keeper = openWindow();
      await keptMap(keeper);
      keeper.release('a');
      await wait(moment);
      await keeper.forget('a');
      await keeper.flush();
    },
    'the connection is removed while its session starts': async (moment) => {
      const earlier = openWindow();
      await keptMap(earlier);
      await earlier.flush();
      const keeper = openWindow();
      const map = newMap();
      const keeping = keeper.keep(connection, 'k1', map);
      await wait(moment);
      const forgotten = keeper.forget('a');
      await keeping;
      await change(map);
      keeper.release('a');
      await forgotten;
      await keeper.flush();
    },
    'the key is replaced while the map is being saved': async (moment) => {
      const keeper = openWindow();
      await keptMap(keeper);
      const saving = keeper.flush();
      await wait(moment);
      await Promise.all([keeper.forgetKey('a'), saving]);
    },
    'the cache is cleared while the map is being saved': async (moment) => {
      const keeper = openWindow();
      await keptMap(keeper);
      const saving = keeper.flush();
      await wait(moment);
      await Promise.all([keeper.clear(), saving]);
      await keeper.flush();
    },
    'the cache is turned off while the map is being saved': async (moment) => {
      const keeper = openWindow();
      const map = await keptMap(keeper);
      const saving = keeper.flush();
      await wait(moment);
      enabled = false;
      await Promise.all([keeper.clear(), saving]);
      await change(map, 5);
      await keeper.flush();
      keeper.dispose();
      await keeper.flush();
    },
    'the connection is removed in another window while its map is being saved': async (moment) => {
      const [here, there] = [openWindow(), openWindow()];
      await keptMap(here);
      const saving = here.flush();
      await wait(moment);
      known.delete('a');
      await there.forget('a');
      // This window hears of it later.
      await saving;
      await here.forget('a');
    },
    'the connection is removed in another window and this one saves before it hears of it': async (moment) => {
      const [here, there] = [openWindow(), openWindow()];
      const map = await keptMap(here);
      await here.flush();
      known.delete('a');
      const removed = there.forget('a');
      await wait(moment);
      await change(map, 9);
      here.dispose();
      await Promise.all([here.flush(), removed]);
    },
  };

  for (const [what, race] of Object.entries(races)) {
    it(`leaves nothing on disk where ${what}, at whatever moment`, async () => {
      for (let moment = 0; moment < MOMENTS; moment += 1) {
        known = new Set(['a']);
        enabled = true;
        await race(moment);
        assert.deepEqual(await saved(), [], `moment ${moment}`);
      }
      assert.deepEqual(log.lines, []);
    }).timeout(120_000);
  }

  it('saves again what changes after the cache was cleared, and nothing before that', async () => {
    const keeper = openWindow();
    const map = await keptMap(keeper);
    await keeper.clear();
    await keeper.flush();
    assert.deepEqual(await saved(), []);
    await change(map, 4);
    await keeper.flush();
    assert.equal(await found(), 4);
  });

  it('saves again what changes after the cache was turned on, and nothing before that', async () => {
    const keeper = openWindow();
    const map = await keptMap(keeper);
    enabled = false;
    await keeper.clear();
    await change(map, 4);
    await keeper.flush();
    assert.deepEqual(await saved(), []);
    enabled = true;
    await keeper.flush();
    assert.equal(await found(), 4);
  });
});
