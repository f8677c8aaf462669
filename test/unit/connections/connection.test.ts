import assert from 'node:assert/strict';
import { connectionId, decodeConnection } from '../../../src/connections/connection.ts';
import { providers } from '../../../src/providers/index.ts';

describe('connection', () => {
  it('has an id, or what is stored is none', () => {
    const decode = (id: unknown) => decodeConnection({ id, provider: 'instantly', label: 'A' }, providers)?.id;
    assert.equal(decode('a-1'), 'a-1');
    for (const id of ['', undefined, null, 1, {}]) {
      assert.equal(decode(id), undefined);
    }
  });

  it('gets an id also where its label has nothing that could be in one', () => {
    assert.equal(connectionId('Q4: Größe', '0a1b2c'), 'q4-gro-e-0a1b2c');
    assert.equal(connectionId('日本', '0a1b2c'), '0a1b2c');
  });
});
