import assert from 'node:assert/strict';
import type { Session } from '../../../src/connections/sessions.ts';
import { Arrangements } from '../../../src/tree/arrangements.ts';

describe('the arrangements of a view', () => {
  const session = { connection: { id: 'c' } } as Session;

  let made: number;
  let settled: boolean;
  /** What happens while they are worked out. */
  let meanwhile: (() => void) | undefined;
  let arrangements: Arrangements<string>;

  beforeEach(() => {
    made = 0;
    settled = true;
    meanwhile = undefined;
    arrangements = new Arrangements<string>(function* () {
      made += 1;
      const [rows, running] = [[`row ${made}`], !settled];
      meanwhile?.();
      meanwhile = undefined;
      yield;
      const group = { value: '', label: '', rows, apart: false, broken: 0, score: undefined };
      const counts = { shown: 1, total: 1, broken: 0 };
      return { groups: [group], grouped: false, saved: [], order: rows, settled: !running, ...counts };
    });
  });

  const rowsOf = async () => (await arrangements.get(session)).groups[0]?.rows;

  it('are the current ones for everybody who asks, also while they are worked out', async () => {
    assert.deepEqual(await rowsOf(), ['row 1']);
    assert.deepEqual(await rowsOf(), ['row 1']);
    arrangements.invalidate('c');
    assert.deepEqual(await Promise.all([rowsOf(), rowsOf()]), [['row 2'], ['row 2']]);
    assert.equal(made, 2);
  });

  it('rest while a sync runs', async () => {
    settled = false;
    assert.deepEqual(await rowsOf(), ['row 1']);
    arrangements.invalidate('c');
    assert.deepEqual(await rowsOf(), ['row 1']);
  });

  for (const [what, begin] of [
    [
      'where a sync has settled',
      () => {
        settled = true;
        arrangements.settle('c');
      },
    ],
    [
      'where a person changed something',
      () => {
        arrangements.renew('c');
      },
    ],
    [
      'where they get another order',
      () => {
        arrangements.reorder();
      },
    ],
  ] as const) {
    it(`are new ones ${what}, though the last ones were under way at that moment`, async () => {
      settled = false;
      meanwhile = begin;
      assert.deepEqual(await rowsOf(), ['row 1']);
      assert.deepEqual(await rowsOf(), ['row 2']);
    });
  }
});
