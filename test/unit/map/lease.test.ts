import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeLease } from '../../../src/map/lease.ts';

const START = Date.UTC(2026, 10, 21);
const LIFE = 90_000;

describe('lease', () => {
  let folder = '';
  let path = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sendmap-lease-'));
    path = join(folder, 'deep', 'a.lease');
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('goes to the first who asks, who keeps it while it asks again', async () => {
    assert.equal(await takeLease(path, 'one', START), true);
    for (let now = START; now < START + 10 * LIFE; now += LIFE - 1) {
      assert.equal(await takeLease(path, 'one', now), true);
      assert.equal(await takeLease(path, 'two', now + 1), false);
      assert.equal(await takeLease(path, 'three', now + LIFE - 1), false);
    }
  });

  it('goes to another after 90 seconds without a word of its holder, and to no one before', async () => {
    await takeLease(path, 'one', START);
    assert.equal(await takeLease(path, 'two', START + LIFE - 1), false);
    assert.equal(await takeLease(path, 'two', START + LIFE), true);
    assert.equal(await takeLease(path, 'one', START + LIFE), false);
    assert.equal(await takeLease(path, 'one', START + 2 * LIFE), true);
  });

  it('is free where the file is damaged', async () => {
    await takeLease(path, 'one', START);
    const whole = await readFile(path, 'utf8');
    for (const text of ['', 'x', '{', 'null', '[]', '{"holder":1,"at":2}', '{"holder":"one"}', whole.slice(0, -3)]) {
      await writeFile(path, text);
      assert.equal(await takeLease(path, 'two', START), true, text);
    }
  });

  it('is free where it was taken in the future, before the clock was set back', async () => {
    await takeLease(path, 'one', START + 10 * LIFE);
    assert.equal(await takeLease(path, 'two', START), true);
  });

  it('leaves no draft behind', async () => {
    await Promise.all(['one', 'two', 'three'].map((holder) => takeLease(path, holder, START)));
    assert.deepEqual(await readdir(join(folder, 'deep')), ['a.lease']);
  });

  it('goes to one where many ask at once, when it is free and when its holder is gone', async () => {
    const holders = Array.from({ length: 20 }, (_, number) => `holder-${number}`);
    for (const now of [START, START + LIFE, START + 2 * LIFE]) {
      const taken = await Promise.all(holders.map((holder) => takeLease(path, holder, now)));
      const winners = holders.filter((_, number) => taken[number]);
      assert.equal(winners.length, 1, winners.join());
      const next: boolean[] = [];
      for (const holder of holders) {
        next.push(await takeLease(path, holder, now));
      }
      assert.equal(next.filter(Boolean).length, 1);
      assert.ok(winners.every((winner) => next[holders.indexOf(winner)]));
    }
  });

  it('is free again after a process that ended while it took it', async () => {
    await takeLease(path, 'one', START);
    const guard = `${path}.taking`;
    await writeFile(guard, 'two');
    assert.equal(await takeLease(path, 'three', START + LIFE), false);
    assert.equal(await takeLease(path, 'three', START + LIFE), false);
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(guard, longAgo, longAgo);
    assert.equal(await takeLease(path, 'three', START + LIFE), false);
    assert.equal(await takeLease(path, 'three', START + LIFE), true);
  });

  it('is free where a pipe is in its place, or in that of its guard, and does not wait for it', async function () {
    if (process.platform === 'win32') {
      this.skip();
    }
    await mkdir(join(folder, 'deep'));
    execFileSync('mkfifo', [path]);
    assert.equal(await takeLease(path, 'one', START), true);
    execFileSync('mkfifo', [`${path}.taking`]);
    assert.equal(await takeLease(path, 'one', START), false);
  });

  it('throws where nothing can be written', async () => {
    await writeFile(join(folder, 'deep'), 'a file');
    await assert.rejects(takeLease(path, 'one', START));
  });
});
