import assert from 'node:assert/strict';
import { FileQueue } from '../../../src/files/fileQueue.ts';

describe('file queue', () => {
  /** A queue, and what was done in it: a write says whether it was still wanted at its end. */
  function setUp(allowed: (owner: string) => boolean = () => true) {
    const did: string[] = [];
    const queue = new FileQueue(allowed);
    const write = (name: string, meanwhile?: () => unknown) => async (wanted: () => boolean) => {
      did.push(`${name} begins`);
      await Promise.resolve();
      meanwhile?.();
      await Promise.resolve();
      did.push(`${name} ${wanted() ? 'counts' : 'does not count'}`);
    };
    const remove = (owner?: string) =>
      queue.remove(owner, () => {
        did.push(`${owner ?? 'all'} removed`);
        return Promise.resolve();
      });
    return { did, queue, write, remove };
  }

  it('does one thing after the other', async () => {
    const { did, queue, write, remove } = setUp();
    const [a, b] = [queue.pen('a'), queue.pen('b')];
    await Promise.all([a(write('a')), b(write('b')), remove('c')]);
    assert.deepEqual(did, ['a begins', 'a counts', 'b begins', 'b counts', 'c removed']);
  });

  it('lets a removal win over the write under way, those that wait, and those that come later with an old pen', async () => {
    const { did, queue, write, remove } = setUp();
    const pen = queue.pen('a');
    void pen(write('first', () => void remove('a')));
    void pen(write('second'));
    await queue.idle();
    await pen(write('third'));
    await queue.pen('a')(write('fourth'));
    assert.deepEqual(did, ['first begins', 'first does not count', 'a removed', 'fourth begins', 'fourth counts']);
  });

  it('takes the pens of all away, and those of one from no other', async () => {
    const { did, queue, write, remove } = setUp();
    const [a, b] = [queue.pen('a'), queue.pen('b')];
    await remove('a');
    await a(write('a'));
    await b(write('b'));
    await remove();
    await b(write('b'));
    assert.deepEqual(did, ['a removed', 'b begins', 'b counts', 'all removed']);
  });

  it('writes nothing that is not allowed, at the beginning or at the end', async () => {
    let allowed = true;
    const { did, queue, write } = setUp((owner) => allowed && owner !== 'gone');
    await queue.pen('gone')(write('gone'));
    await queue.pen('a')(write('a', () => (allowed = false)));
    assert.deepEqual(did, ['a begins', 'a does not count']);
  });

  it('goes on after a failure, which goes to the one who asked', async () => {
    const { did, queue, write } = setUp();
    const fail = () => Promise.reject(new Error('no disk'));
    const failures = [queue.pen('a')(fail), queue.remove('a', fail), queue.remove(undefined, fail)];
    assert.ok((await Promise.allSettled(failures)).every(({ status }) => status === 'rejected'));
    await queue.pen('a')(write('a'));
    assert.deepEqual(did, ['a begins', 'a counts']);
  });
});
