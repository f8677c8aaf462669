import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DraftFiles } from '../../../src/plans/draftFiles.ts';

const target = { connectionId: 'northwind-1', id: '0190-a' };
const draft = { name: 'Q4 launch', at: 5, base: { name: 'Q4 launch' }, text: '{ "name": ' };

describe('drafts on disk', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sendmap-drafts-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are there after a restart as they were saved, with what they were made from', async () => {
    await new DraftFiles(folder).write(target, draft);
    const found = await new DraftFiles(folder).read(target);
    assert.deepEqual(found?.draft, draft);
    assert.ok(Math.abs(Date.now() - found.saved) < 60_000);
  });

  it('are of one connection and campaign', async () => {
    const files = new DraftFiles(folder);
    await files.write(target, draft);
    assert.equal(await files.read({ ...target, id: 'other' }), undefined);
    assert.equal(await files.read({ ...target, connectionId: 'other' }), undefined);
  });

  it('go one by one, or with their connection', async () => {
    const files = new DraftFiles(folder);
    const other = { connectionId: 'other', id: '1' };
    for (const one of [target, { ...target, id: '2' }, other]) {
      await files.write(one, draft);
    }
    await files.remove(target);
    assert.equal(await files.read(target), undefined);
    assert.ok(await files.read({ ...target, id: '2' }));
    await files.removeAll(target.connectionId);
    assert.equal(await files.read({ ...target, id: '2' }), undefined);
    assert.ok(await files.read(other));
  });

  it('stay in their folder, whatever an identifier says', async () => {
    const files = new DraftFiles(join(folder, 'drafts'));
    await files.write({ connectionId: '../..', id: '../../x' }, draft);
    assert.deepEqual(await readdir(folder), ['drafts']);
    assert.ok(await files.read({ connectionId: '../..', id: '../../x' }));
  });

  it('are nothing where the file says nothing', async () => {
    const files = new DraftFiles(folder);
    await files.write(target, draft);
    const [connection] = await readdir(folder);
    const [name] = await readdir(join(folder, connection!));
    for (const text of ['', '{', '[]', '{"sendmap":2}', '{"sendmap":1,"name":"a","at":1,"base":[],"text":""}']) {
      await writeFile(join(folder, connection!, name!), text);
      assert.equal(await files.read(target), undefined, text);
    }
  });
});
