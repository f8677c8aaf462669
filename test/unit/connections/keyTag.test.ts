import assert from 'node:assert/strict';
import { keyTagOf } from '../../../src/connections/keyTag.ts';

describe('key tag', () => {
  it('is the same for the same key of the same connection, and for no other', async () => {
    const tag = await keyTagOf('a', 'key-1');
    assert.equal(await keyTagOf('a', 'key-1'), tag);
    const others = await Promise.all([
      keyTagOf('a', 'key-2'),
      keyTagOf('b', 'key-1'),
      keyTagOf('a', ''),
      keyTagOf('', ''),
    ]);
    assert.equal(new Set([tag, ...others]).size, 5);
  });

  it('is a file name, and has nothing of the key in it', async () => {
    assert.match(await keyTagOf('a', 'é/../\u0000'), /^[0-9a-f]{32}$/);
  });
});
