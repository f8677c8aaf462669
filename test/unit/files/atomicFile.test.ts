import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  modifiedAt,
  readRegularBytes,
  readRegularFile,
  sweep,
  writeAtomically,
} from '../../../src/files/atomicFile.ts';
import { bytesOf, writeChosenFile } from '../../../src/files/chosenFile.ts';

const posix = process.platform !== 'win32';

describe('atomic file', () => {
  let folder = '';
  let path = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sendmap-atomic-'));
    path = join(folder, 'deep', 'file.json');
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  const names = async (of = join(folder, 'deep')) => (await readdir(of).catch(() => [])).toSorted();

  async function* pieces(count: number, failsAt = -1): AsyncGenerator<string> {
    for (let piece = 0; piece < count; piece += 1) {
      if (piece === failsAt) {
        throw new Error('no more pieces');
      }
      await Promise.resolve();
      yield `${piece} é 😀\n`;
    }
  }

  it('has the whole content, given at once or in pieces, and no draft beside it', async () => {
    for (const [content, text] of [
      ['a 😀', 'a 😀'],
      [['a', ' ', '😀'], 'a 😀'],
      ['', ''],
      [[], ''],
    ] as const) {
      assert.equal(await writeAtomically(path, content), true);
      assert.equal(await readFile(path, 'utf8'), text);
    }
    await writeAtomically(path, pieces(3000));
    assert.equal((await readFile(path, 'utf8')).split('\n').length, 3001);
    assert.deepEqual(await names(), ['file.json']);
  });

  it('takes bytes as they are, and gives them back, or as many of the first as are asked for', async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, place) => place % 256);
    async function* halves(): AsyncGenerator<Uint8Array> {
      await Promise.resolve();
      yield bytes.subarray(0, 35_001);
      yield bytes.subarray(35_001);
    }
    await writeAtomically(path, halves());
    assert.deepEqual(new Uint8Array((await readRegularBytes(path))!), bytes);
    assert.deepEqual(new Uint8Array((await readRegularBytes(path, 300))!), bytes.subarray(0, 300));
    assert.deepEqual(new Uint8Array((await readRegularBytes(path, 100_000))!), bytes);
    assert.equal(await readRegularBytes(join(folder, 'nowhere'), 10), undefined);
  });

  it('has the old content until the new one is complete', async () => {
    await writeAtomically(path, 'old');
    const seen: string[] = [];
    async function* watched(): AsyncGenerator<string> {
      for await (const piece of pieces(3)) {
        seen.push(await readFile(path, 'utf8'));
        yield piece;
      }
    }
    await writeAtomically(path, watched());
    assert.deepEqual(seen, ['old', 'old', 'old']);
  });

  it('leaves the old file and no draft where a piece fails, or where it cannot take its place', async () => {
    await writeAtomically(path, 'old');
    for (const failsAt of [0, 1, 50]) {
      await assert.rejects(writeAtomically(path, pieces(100, failsAt)), /no more pieces/);
    }
    assert.equal(await readFile(path, 'utf8'), 'old');
    await mkdir(join(folder, 'deep', 'a folder', 'with something'), { recursive: true });
    await assert.rejects(writeAtomically(join(folder, 'deep', 'a folder'), 'new'));
    assert.deepEqual(await names(), ['a folder', 'file.json']);
  });

  it('asks last whether it is still wanted, and leaves the place as it is where not', async () => {
    await writeAtomically(path, 'old');
    let complete = false;
    async function* content(): AsyncGenerator<string> {
      yield* pieces(10);
      complete = true;
    }
    const wanted = () => {
      assert.ok(complete);
      return false;
    };
    assert.equal(await writeAtomically(path, content(), { wanted }), false);
    assert.equal(await readFile(path, 'utf8'), 'old');
    assert.deepEqual(await names(), ['file.json']);
  });

  it('is for its owner only, and says when its content was made', async () => {
    await writeAtomically(path, 'x', { modified: Date.UTC(2026, 1, 3) });
    assert.equal(await modifiedAt(path), Date.UTC(2026, 1, 3));
    if (posix) {
      assert.equal((await stat(path)).mode & 0o777, 0o600);
      assert.equal((await stat(join(folder, 'deep'))).mode & 0o777, 0o700);
    }
  });

  it('takes the longest name that there is', async () => {
    for (const name of ['n'.repeat(250), `${'日'.repeat(80)}.json`]) {
      await writeAtomically(join(folder, name), 'x');
      assert.equal(await readFile(join(folder, name), 'utf8'), 'x');
    }
  });

  it('reads regular files and nothing else, without waiting for an answer', async function () {
    assert.equal(await readRegularFile(path), undefined);
    await writeAtomically(path, 'é', { modified: 5000 });
    assert.deepEqual(await readRegularFile(path), { text: 'é', modified: 5000 });
    if (!posix) {
      this.skip();
    }
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const link = join(folder, 'link');
    await symlink(path, link);
    for (const other of [pipe, link, folder, '/dev/zero', '/dev/tty']) {
      assert.equal(await readRegularFile(other), undefined, other);
      assert.equal(await modifiedAt(other), undefined, other);
    }
    await assert.rejects(readRegularFile(join(path, 'below a file')));
  });

  it('sweeps what is unneeded and old, whatever it is', async () => {
    await mkdir(join(folder, 'old.folder', 'deep'), { recursive: true });
    for (const name of ['old.a', 'old.b', 'young.a', 'future.a']) {
      await writeFile(join(folder, name), 'x');
    }
    const longAgo = new Date(Date.now() - 11 * 60_000);
    const ahead = new Date(Date.now() + 11 * 60_000);
    for (const name of ['old.a', 'old.b', 'old.folder']) {
      await utimes(join(folder, name), longAgo, longAgo);
    }
    await utimes(join(folder, 'future.a'), ahead, ahead);
    await sweep(folder, (name) => !name.endsWith('.b'));
    assert.deepEqual(await names(folder), ['old.b', 'young.a']);
    await sweep(join(folder, 'nowhere'), () => true);
  });

  describe('in a place that a person chose', () => {
    it('keeps the permissions of the file that was there, and the link to it', async function () {
      if (!posix) {
        this.skip();
      }
      const shared = join(folder, 'shared.csv');
      const link = join(folder, 'link.csv');
      await writeFile(shared, 'old');
      await chmod(shared, 0o664);
      await symlink(shared, link);
      await writeChosenFile(link, pieces(2));
      assert.equal(await readFile(shared, 'utf8'), '0 é 😀\n1 é 😀\n');
      assert.equal((await stat(shared)).mode & 0o777, 0o664);
      await writeChosenFile(join(folder, 'new.csv'), ['x']);
      assert.equal((await stat(join(folder, 'new.csv'))).mode & 0o777, 0o600);
      assert.deepEqual(await names(folder), ['link.csv', 'new.csv', 'shared.csv']);
    });

    it('replaces nothing but a file, and leaves no draft', async function () {
      await assert.rejects(writeChosenFile(folder, 'x'), /is not a file/);
      const kept = join(folder, 'kept.csv');
      await writeFile(kept, 'old');
      await assert.rejects(writeChosenFile(kept, pieces(9, 5)), /no more pieces/);
      assert.equal(await readFile(kept, 'utf8'), 'old');
      assert.deepEqual(await names(folder), ['kept.csv']);
      if (posix) {
        const pipe = join(folder, 'pipe');
        execFileSync('mkfifo', [pipe]);
        await assert.rejects(writeChosenFile(pipe, 'x'), /is not a file/);
      }
    });

    it('does not replace a file that may not be written', async function () {
      if (!posix || process.getuid?.() === 0) {
        this.skip();
      }
      const kept = join(folder, 'kept.csv');
      await writeFile(kept, 'old', { mode: 0o400 });
      await assert.rejects(writeChosenFile(kept, 'x'), /EACCES/);
    });
  });

  describe('as bytes', () => {
    it('is whole up to a bound, and nothing beyond it', async () => {
      const all = await bytesOf(pieces(100), 10_000);
      assert.equal(Buffer.from(all!).toString().split('\n').length, 101);
      assert.equal(await bytesOf(['é', 'é'], 3), undefined);
      assert.equal((await bytesOf(['é', 'é'], 4))?.length, 4);
    });

    it('takes no more pieces than the bound lets it, and lets go of the others', async () => {
      let taken = 0;
      let ended = false;
      function* endless(): Generator<string> {
        try {
          for (;;) {
            taken += 1;
            yield 'x'.repeat(1000);
          }
        } finally {
          ended = true;
        }
      }
      assert.equal(await bytesOf(endless(), 10_000), undefined);
      assert.deepEqual([taken, ended], [11, true]);
    });
  });
});
