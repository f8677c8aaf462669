import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeAtomically } from '../../../src/files/atomicFile.ts';
import { fileName, KeyFiles, type KeyOwner } from '../../../src/files/keyFiles.ts';
import { MemoryLog } from '../../support/connect.ts';

class Notes extends KeyFiles {
  protected readonly what = 'notes';

  write(owner: KeyOwner, text: string): Promise<void> {
    return this.pen(owner)(async (wanted) => {
      await writeAtomically(join(this.folderOf(owner), 'note'), text, { wanted });
    });
  }
}

describe('files of a key of a connection', () => {
  let folder = '';
  let log = new MemoryLog();
  let notes = new Notes('', log, () => true);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sendmap-notes-'));
    log = new MemoryLog();
    notes = new Notes(folder, log, () => true);
    for (const connectionId of ['a', 'b']) {
      await notes.write({ connectionId, keyTag: 'k1' }, 'x');
      await notes.write({ connectionId, keyTag: 'k2' }, 'x');
    }
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  const saved = async () =>
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) =>
        join(parentPath, name)
          .slice(folder.length + 1)
          .replaceAll('\\', '/'),
      )
      .toSorted();

  it('go with the key, with the connection, and all together', async () => {
    await notes.remove('a', 'k1');
    assert.deepEqual(await saved(), ['a/k2/note', 'b/k1/note', 'b/k2/note']);
    await notes.remove('b');
    assert.deepEqual(await saved(), ['a/k2/note']);
    await notes.clear();
    assert.deepEqual(await saved(), []);
    assert.deepEqual(log.lines, []);
  });

  it('stay where files of a connection without an id are removed', async () => {
    await notes.remove('');
    assert.deepEqual(await saved(), ['a/k1/note', 'a/k2/note', 'b/k1/note', 'b/k2/note']);
  });

  it('are swept where their connection is gone, and drafts of a crash', async () => {
    const draft = join(folder, 'a', 'k1', 'note.1-ab.tmp');
    await writeFile(draft, 'left by a crash');
    const longAgo = new Date(Date.now() - 3_600_000);
    for (const path of [draft, join(folder, 'b')]) {
      await utimes(path, longAgo, longAgo);
    }
    await notes.sweep(['a']);
    assert.deepEqual(await saved(), ['a/k1/note', 'a/k2/note']);
  });

  it('say in the log which cannot be removed', async function () {
    if (process.platform === 'win32') {
      this.skip();
    }
    const inFile = new Notes(join(folder, 'a', 'k1', 'note'), log, () => true);
    await inFile.remove('c');
    assert.equal(log.lines.length, 1);
    assert.match(log.lines[0]!, /The notes of c cannot be removed: ENOTDIR/);
  });

  it('are where the id of each connection has a name of its own, inside the folder', () => {
    const ids = ['a', 'A', 'a-b', 'a_b', 'a.b', '../a', '..', 'a/b', 'a\\b', 'a:b', '', 'é', 'a b', '_'];
    const made = ids.map(fileName);
    assert.equal(new Set(made).size, ids.length);
    assert.ok(made.every((name) => /^[\w-]+$/.test(name)));
  });
});
