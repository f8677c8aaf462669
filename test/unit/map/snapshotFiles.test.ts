import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileName } from '../../../src/files/keyFiles.ts';
import { SnapshotFiles, type SnapshotOwner } from '../../../src/map/snapshotFiles.ts';
import type { MapState } from '../../../src/map/state.ts';
import { MemoryLog } from '../../support/connect.ts';
import { account, emptyState } from '../../support/records.ts';

const owner: SnapshotOwner = { connectionId: 'a', provider: 'instantly', keyTag: 'k1', language: 'en' };

function stateOf(count: number) {
  return emptyState({ accounts: Array.from({ length: count }, (_, row) => account(`a${row}@x.com`)), syncedAt: count });
}

describe('snapshot files', () => {
  let parent = '';
  let folder = '';
  let log = new MemoryLog();
  let allowed: (connectionId: string) => boolean = () => true;
  let files = new SnapshotFiles('', log, () => true);

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'sendmap-files-'));
    folder = join(parent, 'deep', 'maps');
    log = new MemoryLog();
    allowed = () => true;
    files = new SnapshotFiles(folder, log, (connectionId) => allowed(connectionId));
  });

  afterEach(() => rm(parent, { recursive: true, force: true }));

  const save = (connectionId: string, accounts = 1) => files.saver({ ...owner, connectionId })(() => stateOf(accounts));
  const count = (state: MapState | undefined) => state && [...state.accounts].length;
  const countIn = async (connectionId: string) => count(await files.load({ ...owner, connectionId }));
  const names = async () => (await readdir(folder).catch(() => [])).toSorted();

  it('has nothing where nothing was saved, and says nothing of it', async () => {
    assert.equal(await files.load(owner), undefined);
    assert.equal(await files.savedAt('a'), undefined);
    assert.deepEqual(log.lines, []);
  });

  it('gives back what was saved last, also to another window', async () => {
    await save('a', 3);
    await save('a', 2);
    assert.equal(await countIn('a'), 2);
    assert.equal(count(await new SnapshotFiles(folder, log, () => true).load(owner)), 2);
    assert.ok(((await files.savedAt('a')) ?? 0) > 0);
    assert.deepEqual(log.lines, []);
  });

  it('leaves one file and no draft', async () => {
    await Promise.all([save('a'), save('a', 5), save('a', 7), save('b')]);
    assert.deepEqual(await names(), ['a.map', 'b.map']);
    assert.equal(await countIn('a'), 7);
  });

  it('asks for the state when it writes it, not before', async () => {
    let count = 1;
    const first = files.saver(owner)(() => stateOf(count));
    const second = files.saver(owner)(() => stateOf(count));
    count = 4;
    await Promise.all([first, second]);
    assert.equal(await countIn('a'), 4);
  });

  for (const [what, damage] of [
    ['cut off', (text: string) => text.slice(0, text.length / 2)],
    ['empty', () => ''],
    ['something else', () => '{"format":"other"}\n{}\n'],
    ['no text', () => '\u0000\u0001'],
    ["another connection's", (text: string) => text.replace('"connectionId":"a"', '"connectionId":"b"')],
    ["another service's", (text: string) => text.replace('"provider":"instantly"', '"provider":"smartlead"')],
  ] as const) {
    it(`sets a file aside that is ${what}, and says so`, async () => {
      await save('a', 9);
      const path = join(folder, 'a.map');
      const damaged = damage(await readFile(path, 'latin1'));
      await writeFile(path, damaged, 'latin1');
      assert.equal(await files.load(owner), undefined);
      assert.deepEqual(await names(), ['a.map.unreadable']);
      assert.equal(await readFile(`${path}.unreadable`, 'latin1'), damaged);
      assert.equal(log.lines.length, 1);
      assert.match(log.lines[0]!, /set aside as .*a\.map\.unreadable/);
      await save('a', 2);
      assert.equal(await countIn('a'), 2);
    });
  }

  it('does not use, and does not set aside, what was read in another language or with another key', async () => {
    await save('a', 3);
    assert.equal(await files.load({ ...owner, language: 'de' }), undefined);
    assert.equal(await files.load({ ...owner, keyTag: 'k2' }), undefined);
    assert.equal(await countIn('a'), 3);
    assert.deepEqual([await names(), log.lines], [['a.map'], []]);
  });

  it('removes all files of a connection and none of another', async () => {
    const ids = ['a', 'a-b', 'a-', 'aa', 'A1', 'a.map', 'a_', 'a/b'];
    for (const id of ids) {
      await save(id);
    }
    await writeFile(join(folder, 'a.map.unreadable'), 'x');
    await writeFile(join(folder, 'a.map.12-ab.tmp'), 'x');
    await files.remove('a');
    assert.deepEqual(
      await names(),
      ids
        .slice(1)
        .map((id) => `${fileName(id)}.map`)
        .toSorted(),
    );
    for (const id of ids) {
      assert.equal(await countIn(id), id === 'a' ? undefined : 1, id);
    }
  });

  it('removes what is being saved, and nothing where there is nothing', async () => {
    await files.remove('a');
    const saving = save('a');
    await files.remove('a');
    await saving;
    assert.deepEqual(await names(), []);
  });

  it('clears everything, and saves again after that', async () => {
    await Promise.all([save('a'), save('b')]);
    const saving = save('c');
    await files.clear();
    await saving;
    assert.deepEqual(await names(), []);
    await files.clear();
    await save('a', 2);
    assert.equal(await countIn('a'), 2);
  });

  it('saves nothing more for a connection that was removed, whenever it was asked to', async () => {
    const before = files.saver(owner);
    const other = files.saver({ ...owner, connectionId: 'b' });
    const queued = before(() => stateOf(1));
    const removed = files.remove('a');
    await Promise.all([queued, removed, before(() => stateOf(2)), other(() => stateOf(3))]);
    await before(() => stateOf(4));
    assert.deepEqual([await names(), log.lines], [['b.map'], []]);
    await save('a', 5);
    assert.equal(await countIn('a'), 5);
  });

  it('saves and loads nothing where that is not allowed, also where it is forbidden meanwhile', async () => {
    await save('a');
    allowed = (connectionId) => connectionId !== 'a';
    assert.equal(files.allows('a'), false);
    await save('a', 2);
    await save('b');
    allowed = () => true;
    assert.deepEqual([await countIn('a'), await countIn('b')], [1, 1]);
    await files.saver(owner)(() => {
      allowed = () => false;
      return stateOf(3);
    });
    allowed = () => true;
    assert.deepEqual([await countIn('a'), await names(), log.lines], [1, ['a.map', 'b.map'], []]);
  });

  it('removes the map of one key, and leaves that of another', async () => {
    await save('a', 3);
    await files.remove('a', 'k2');
    assert.equal(await countIn('a'), 3);
    await files.remove('a', 'k1');
    assert.deepEqual(await names(), []);
    await files.remove('a', 'k1');
    assert.deepEqual(log.lines, []);
  });

  it('makes a folder and files that only their owner may read', async function () {
    if (process.platform === 'win32') {
      this.skip();
    }
    await save('a');
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    assert.equal((await stat(join(folder, 'a.map'))).mode & 0o777, 0o600);
  });

  it('has nothing where a pipe, a folder or a link is in the place of a file, and does not wait for it', async function () {
    if (process.platform === 'win32') {
      this.skip();
    }
    await save('b', 2);
    const path = join(folder, 'a.map');
    const places: readonly (() => unknown)[] = [
      () => execFileSync('mkfifo', [path]),
      () => mkdir(path),
      () => symlink(join(folder, 'b.map'), path),
      () => symlink('/dev/zero', path),
      () => symlink(path, path),
    ];
    for (const place of places) {
      await place();
      assert.deepEqual([await countIn('a'), await files.savedAt('a'), log.lines], [undefined, undefined, []]);
      await files.remove('a', 'k1');
      await files.remove('a');
      assert.deepEqual(await names(), ['b.map']);
      await place();
      await save('a', 4);
      assert.equal(await countIn('a'), log.lines.length === 0 ? 4 : undefined);
      await files.remove('a');
      log.lines.length = 0;
    }
    assert.equal(await countIn('b'), 2);
  });

  it('sweeps drafts that a crash left and files of connections that are gone, but nothing that is young', async () => {
    await Promise.all(['a', 'b', 'gone', 'just-gone'].map((id) => save(id)));
    await writeFile(join(folder, 'a.map.12-ab.tmp'), 'left by a crash');
    await writeFile(join(folder, 'a.map.34-cd.tmp'), 'being written');
    await writeFile(join(folder, 'gone.lease'), '{}');
    const longAgo = new Date(Date.now() - 3_600_000);
    for (const name of ['a.map', 'a.map.12-ab.tmp', 'gone.map', 'gone.lease']) {
      await utimes(join(folder, name), longAgo, longAgo);
    }
    await files.sweep(['a', 'b']);
    assert.deepEqual(await names(), ['a.map', 'a.map.34-cd.tmp', 'b.map', 'just-gone.map']);
    await new SnapshotFiles(join(parent, 'nowhere'), log, () => true).sweep([]);
    assert.deepEqual(log.lines, []);
  });

  it('logs what keeps it from saving and loading, and throws nothing', async () => {
    await mkdir(join(parent, 'deep'), { recursive: true });
    await writeFile(folder, 'a file where the folder should be');
    await save('a');
    assert.match(log.lines[0]!, /cannot be saved/);
    assert.equal(await files.load(owner), undefined);
    assert.match(log.lines[1]!, /cannot be read/);
    await files.remove('a');
  });

  it('logs a state that cannot be had, and saves the next one', async () => {
    await files.saver(owner)(() => {
      throw new Error('no state');
    });
    assert.match(log.lines[0]!, /no state/);
    await save('a', 2);
    assert.deepEqual([await countIn('a'), await names()], [2, ['a.map']]);
  });

  it('never has an unreadable file while two windows save and others read', async () => {
    const other = new SnapshotFiles(folder, log, () => true);
    await save('a', 1);
    const counts = Array.from({ length: 40 }, (_, round) => (round % 2 === 0 ? 5 : 400));
    const saves = counts.flatMap((count) => [
      files.saver(owner)(() => stateOf(count)),
      other.saver(owner)(() => stateOf(count + 1)),
    ]);
    const reader = new SnapshotFiles(folder, log, () => true);
    const still = { saving: true };
    const done = Promise.all(saves).then(() => {
      still.saving = false;
    });
    const seen = new Set<number | undefined>();
    while (still.saving) {
      seen.add(count(await reader.load(owner)));
    }
    await done;
    assert.deepEqual(
      [...seen].filter((count) => count === undefined || ![1, 5, 6, 400, 401].includes(count)),
      [],
    );
    assert.deepEqual([await names(), log.lines], [['a.map'], []]);
  });
});
