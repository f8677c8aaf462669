import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { OneByOne } from '../../../src/connections/oneByOne.ts';

describe('works one by one', () => {
  const never = new AbortController().signal;
  let order: OneByOne;
  let begun: string[];
  let ends: Map<string, { resolve: (value: string) => void; reject: (error: Error) => void }>;

  beforeEach(() => {
    order = new OneByOne();
    begun = [];
    ends = new Map();
  });

  function start(work: string, name = 'c', signal = never): Promise<string | undefined> {
    return order.run(name, signal, () => {
      begun.push(work);
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      ends.set(work, { resolve, reject });
      return promise;
    });
  }

  it('begin in the order in which they came, each when the one before is over, also where that failed', async () => {
    const [a, b, c] = [start('a'), start('b'), start('c')];
    await turn();
    assert.deepEqual(begun, ['a']);
    ends.get('a')!.reject(new Error('no'));
    await assert.rejects(a, /no/);
    await turn();
    assert.deepEqual(begun, ['a', 'b']);
    ends.get('b')!.resolve('done');
    assert.equal(await b, 'done');
    await turn();
    assert.deepEqual(begun, ['a', 'b', 'c']);
    ends.get('c')!.resolve('done');
    await c;
    void start('d');
    await turn();
    assert.equal(begun.at(-1), 'd');
  });

  it('do not wait for those of another name', async () => {
    void start('a');
    void start('b', 'other');
    await turn();
    assert.deepEqual(begun, ['a', 'b']);
  });

  it('are never begun where they are cancelled while they wait, and those behind them still wait', async () => {
    const leaving = new AbortController();
    void start('a');
    const b = start('b', 'c', leaving.signal);
    void start('c');
    await turn();
    leaving.abort();
    assert.equal(await b, undefined);
    await turn();
    assert.deepEqual(begun, ['a']);
    ends.get('a')!.resolve('done');
    await turn();
    await turn();
    assert.deepEqual(begun, ['a', 'c']);
  });
});
