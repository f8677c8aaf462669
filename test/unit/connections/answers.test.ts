import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AnswerFiles } from '../../../src/connections/answers.ts';
import type { KeyOwner } from '../../../src/files/keyFiles.ts';
import { MemoryLog } from '../../support/connect.ts';

const owner: KeyOwner = { connectionId: 'a', keyTag: 'k1' };
const sameAs = (text: string) => (saved: string) =>
  JSON.stringify(JSON.parse(saved)) === JSON.stringify(JSON.parse(text));

describe('answer files', () => {
  let parent = '';
  let folder = '';
  let log = new MemoryLog();
  let allowed = true;
  let files = new AnswerFiles('', log, () => true);

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'sendmap-answers-'));
    folder = join(parent, 'answers');
    log = new MemoryLog();
    allowed = true;
    files = new AnswerFiles(folder, log, () => allowed);
  });

  afterEach(() => rm(parent, { recursive: true, force: true }));

  const keep = (of: KeyOwner, text: string, at = 1000, document = 'd') =>
    files.keeper(of)(document, text, at, sameAs(text));
  const before = (of: KeyOwner, text: string, document = 'd') => files.before(of, document, text, sameAs(text));
  const saved = async () =>
    (await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []))
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name);

  it('give the last answer that was different, and when it was given', async () => {
    assert.equal(await before(owner, '1'), 'none');
    await keep(owner, '1', 1000);
    assert.equal(await before(owner, '1'), 'none');
    await keep(owner, '2', 2000);
    await keep(owner, ' 2 ', 3000);
    assert.deepEqual(await before(owner, '2'), { text: '1', at: 1000 });
    assert.deepEqual(await before(owner, '3'), { text: ' 2 ', at: 3000 });
    assert.deepEqual(log.lines, []);
  });

  it('give the newest one for when there is none from the service', async () => {
    assert.equal(await files.last(owner, 'd'), undefined);
    await keep(owner, '1', 1000);
    void keep(owner, '2', 2000);
    assert.deepEqual(await files.last(owner, 'd'), { text: '2', at: 2000 });
    assert.equal(await files.last(owner, 'another'), undefined);
    assert.equal(await files.last({ ...owner, keyTag: 'k2' }, 'd'), undefined);
  });

  it('give it without the key where only one key has answers, because nobody knows which it was', async () => {
    await keep(owner, '1', 1000);
    assert.deepEqual(await files.last({ connectionId: 'a' }, 'd'), { text: '1', at: 1000 });
    await keep({ ...owner, keyTag: 'k2' }, '2', 2000);
    assert.equal(await files.last({ connectionId: 'a' }, 'd'), undefined);
    assert.equal(await files.last({ connectionId: 'b' }, 'd'), undefined);
  });

  it('are of one key: what was answered for another is neither found nor changed', async () => {
    const other = { ...owner, keyTag: 'k2' };
    await keep(owner, '1');
    assert.equal(await before(other, '2'), 'none');
    await keep(other, '2');
    await keep(owner, '3');
    assert.deepEqual(await before(owner, '3'), { text: '1', at: 1000 });
    assert.equal(await before(other, '2'), 'none');
    await files.remove('a', 'k1');
    assert.deepEqual([await before(owner, '9'), await before(other, '9')], ['none', { text: '2', at: 1000 }]);
  });

  it('are for their owner only', async function () {
    if (process.platform === 'win32') {
      this.skip();
    }
    await keep(owner, '1');
    const [name] = await saved();
    assert.equal((await stat(join(folder, 'a', 'k1', name!))).mode & 0o777, 0o600);
    assert.equal((await stat(join(folder, 'a', 'k1'))).mode & 0o777, 0o700);
  });

  it('are built again where a file is damaged, or something else is in its place', async function () {
    await keep(owner, '1');
    const path = join(folder, 'a', 'k1', (await saved())[0]!);
    await writeFile(path, '{ cut o');
    assert.equal(await before(owner, '2'), 'none');
    await keep(owner, '2');
    assert.equal(await readFile(path, 'utf8'), '2');
    if (process.platform === 'win32') {
      this.skip();
    }
    await rm(path);
    execFileSync('mkfifo', [path]);
    assert.equal(await before(owner, '2'), 'none');
    await keep(owner, '3');
    assert.equal(await readFile(path, 'utf8'), '3');
    assert.deepEqual(log.lines, []);
  });

  it('do not come back with an answer that was asked for before they were removed', async () => {
    const late = files.keeper(owner);
    await files.remove('a');
    await late('d', '1', 1000, sameAs('1'));
    assert.deepEqual(await saved(), []);
    await keep(owner, '2');
    assert.equal((await saved()).length, 1);
  });

  it('go on being saved after a removal that failed', async () => {
    await writeFile(folder, 'a file where the folder should be');
    await keep(owner, '1');
    assert.match(log.lines[0]!, /cannot be saved/);
    await files.remove('a').catch(() => undefined);
    await rm(folder);
    await keep(owner, '2');
    assert.deepEqual(await before(owner, '3'), { text: '2', at: 1000 });
  });

  it('are swept where a crash left drafts, and where their connection is gone', async () => {
    await keep(owner, '1');
    await keep({ connectionId: 'gone', keyTag: 'k' }, '1');
    const draft = join(folder, 'a', 'k1', 'x.json.1-ab.tmp');
    await writeFile(draft, 'left by a crash');
    await writeFile(join(folder, 'a', 'k1', 'x.json.2-cd.tmp'), 'being written');
    const longAgo = new Date(Date.now() - 3_600_000);
    for (const path of [draft, join(folder, 'gone'), join(folder, 'a'), join(folder, 'a', 'k1')]) {
      await utimes(path, longAgo, longAgo);
    }
    await files.sweep(['a']);
    assert.deepEqual(await readdir(folder), ['a']);
    assert.deepEqual((await saved()).map((name) => name.replace(/^[0-9a-f]+/, '…')).toSorted(), [
      'x.json.2-cd.tmp',
      '….json',
    ]);
  });

  it('keep no more than they should of one connection', async () => {
    for (let document = 0; document < 420; document += 1) {
      await files.keeper(owner)(String(document), '1', document * 1000, sameAs('1'));
    }
    const { length } = await saved();
    assert.ok(length <= 401 && length >= 300, String(length));
    assert.deepEqual(await before(owner, '2', '419'), { text: '1', at: 419_000 });
    assert.equal(await before(owner, '2', '0'), 'none');
  }).timeout(60_000);

  for (const [what, remove] of [
    ['its connection is removed', () => files.remove('a')],
    ['its key is replaced', () => files.remove('a', 'k1')],
    ['the cache is cleared', () => files.clear()],
    [
      'the cache is turned off',
      () => {
        allowed = false;
        return files.clear();
      },
    ],
  ] as const) {
    it(`leave nothing where ${what} while one is being saved, at whatever moment`, async () => {
      for (let moment = 0; moment < 120; moment += 1) {
        allowed = true;
        const keeping = [keep(owner, String(moment)), keep(owner, String(moment + 1), 2000)];
        for (let step = 0; step < moment % 30; step += 1) {
          // As long as one step of a write takes.
          await stat(parent);
        }
        await Promise.all([remove(), ...keeping]);
        assert.deepEqual(await saved(), [], `moment ${moment}`);
      }
      assert.deepEqual(log.lines, []);
      await mkdir(folder, { recursive: true });
    }).timeout(60_000);
  }
});
