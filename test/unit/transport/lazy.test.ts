import assert from 'node:assert/strict';
import { disposing, Lazy } from '../../../src/transport/lazy.ts';

describe('a value that is made when it is first wanted', () => {
  it('is made once, and not by asking whether it was', async () => {
    let made = 0;
    const lazy = new Lazy(() => Promise.resolve((made += 1)));
    assert.equal(await lazy.made(), undefined);
    assert.deepEqual(await Promise.all([lazy.get(), lazy.get(), lazy.made()]), [1, 1, 1]);
    assert.equal(made, 1);
  });

  it('is made again where making it failed, which is no value', async () => {
    let tries = 0;
    const lazy = new Lazy(() => ((tries += 1) === 1 ? Promise.reject(new Error('first')) : Promise.resolve(tries)));
    await assert.rejects(Promise.all([lazy.get(), lazy.made()]), /first/);
    assert.equal(await lazy.made(), undefined);
    assert.equal(await lazy.get(), 2);
  });

  it('ends with what it belongs to, where it was made', async () => {
    const made: string[] = [];
    const { promise: ended, resolve: end } = Promise.withResolvers<string>();
    const part = (name: string) =>
      new Lazy(() => {
        made.push(name);
        return Promise.resolve({
          dispose: () => {
            end(name);
          },
        });
      });
    const [used, unused] = [part('used'), part('unused')];
    await used.get();
    disposing(unused, used).dispose();
    assert.equal(await ended, 'used');
    assert.deepEqual(made, ['used']);
  });
});
