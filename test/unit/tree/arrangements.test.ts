import assert from 'node:assert/strict';
import type { Session } from '../../../src/connections/sessions.ts';
import { Arrangements } from '../../../src/tree/arrangements.ts';

describe('the arrangements of a view', () => {
  const session = { connection: { id: 'c' } } as Session;

  it('are the current ones for everybody who asks, also while they are worked out', async () => {
    let made = 0;
    const arrangements = new Arrangements<string>(function* () {
      made += 1;
      const rows = [`row ${made}`];
      yield;
      const group = { value: '', label: '', rows, apart: false, broken: 0, score: undefined };
      const counts = { shown: 1, total: 1, broken: 0 };
      return { groups: [group], grouped: false, saved: [], order: rows, settled: true, ...counts };
    });
    const rowsOf = async () => (await arrangements.get(session)).groups[0]?.rows;
    assert.deepEqual(await rowsOf(), ['row 1']);
    assert.deepEqual(await rowsOf(), ['row 1']);
    arrangements.invalidate('c');
    assert.deepEqual(await Promise.all([rowsOf(), rowsOf()]), [['row 2'], ['row 2']]);
    assert.equal(made, 2);
  });
});
