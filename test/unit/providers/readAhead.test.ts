import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { ReadAhead } from '../../../src/providers/readAhead.ts';

interface Pending {
  readonly offset: number;
  readonly answer: () => void;
}

/** A list of `size` rows whose answers come when the test says so. */
class List {
  readonly offsets: number[] = [];
  readonly pending: Pending[] = [];
  readonly failing = new Set<number>();
  mostInFlight = 0;
  readonly #size: number;
  readonly #limit: number;

  constructor(size: number, limit: number) {
    this.#size = size;
    this.#limit = limit;
  }

  readonly read = (offset: number): Promise<number[]> => {
    this.offsets.push(offset);
    const { promise, resolve, reject } = Promise.withResolvers<number[]>();
    const length = Math.max(0, Math.min(this.#limit, this.#size - offset));
    const answer = () => {
      if (this.failing.has(offset)) {
        reject(new Error(`page ${offset}`));
      } else {
        resolve(Array.from({ length }, (_, row) => offset + row));
      }
    };
    this.pending.push({ offset, answer });
    this.mostInFlight = Math.max(this.mostInFlight, this.pending.length);
    return promise;
  };

  /** Answers what is under way, all of it or what `pick` names. @returns whether anything was. */
  async answer(pick = (pending: readonly Pending[]) => pending): Promise<boolean> {
    const chosen = new Set(pick(this.pending));
    const rest = this.pending.filter((one) => !chosen.has(one));
    this.pending.splice(0, this.pending.length, ...rest);
    for (const { answer } of chosen) {
      answer();
    }
    await nextTurn();
    return chosen.size > 0;
  }
}

/** Reads a whole list; `answer` answers requests until there are none. @returns its rows and how many rounds it took. */
async function readAll(
  list: List,
  ahead: ReadAhead<unknown>,
  limit: number,
  answer = () => list.answer(),
): Promise<{ rows: unknown[]; rounds: number }> {
  const rows = new Set<unknown>();
  const state = { done: false };
  const reading = (async () => {
    for (let offset = 0; !state.done; offset += limit - 1) {
      const page = await ahead.page(offset);
      for (const row of page.rows) {
        rows.add(row);
      }
      state.done = page.rows.length < limit;
    }
  })();
  let rounds = 0;
  for (; !state.done; rounds += 1) {
    await answer();
  }
  await reading;
  return { rows: [...rows], rounds };
}

const numbers = (size: number) => Array.from({ length: size }, (_, row) => row);

describe('reading pages ahead', () => {
  it('gives each row in order, reads no page twice, has no more under way than allowed, and wastes two at most', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(300),
        fc.integer({ min: 2, max: 9 }),
        fc.integer({ min: 1, max: 8 }),
        fc.infiniteStream(fc.nat()),
        async (size, limit, most, order) => {
          const list = new List(size, limit);
          const ahead = new ReadAhead(list.read, limit, limit - 1, () => most);
          const one = (pending: readonly Pending[]) => {
            const chosen = pending[(order.next().value as number) % Math.max(1, pending.length)];
            return chosen === undefined ? [] : [chosen];
          };
          const { rows } = await readAll(list, ahead, limit, () => list.answer(one));
          assert.deepEqual(rows, numbers(size));
          assert.equal(new Set(list.offsets).size, list.offsets.length);
          assert.ok(list.mostInFlight <= most, `${list.mostInFlight} of ${most}`);
          // Pages that one after the other would read: up to the first that is not full.
          const needed = Math.max(0, Math.ceil((size - limit + 1) / (limit - 1))) + 1;
          assert.ok(list.offsets.length <= needed + 2, `${list.offsets.length} for ${needed}`);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes the width that is allowed, after a few rounds', async () => {
    const list = new List(100 * 9 + 5, 10);
    const ahead = new ReadAhead(list.read, 10, 9, () => 8);
    const { rows, rounds } = await readAll(list, ahead, 10);
    assert.equal(rows.length, 905);
    assert.equal(list.mostInFlight, 8);
    assert.ok(rounds <= 101 / 8 + 8, `${rounds} rounds`);
  });

  it('reads one after the other where one may be under way, and nothing that is not needed', async () => {
    const list = new List(95, 10);
    const { rows, rounds } = await readAll(list, new ReadAhead(list.read, 10, 9, () => 1), 10);
    assert.deepEqual([rows.length, rounds, list.offsets.length], [95, 11, 11]);
  });

  it('reads nothing while no page is asked for', async () => {
    const list = new List(1000, 10);
    const ahead = new ReadAhead(list.read, 10, 9, () => 4);
    for (const offset of [0, 9, 18]) {
      const page = ahead.page(offset);
      await list.answer();
      await page;
    }
    while (await list.answer()) {
      // What is under way comes.
    }
    const before = list.offsets.length;
    await list.answer();
    assert.equal(list.offsets.length, before);
    // What is kept is bounded: four for each that may be under way.
    assert.ok(Math.max(...list.offsets) <= 18 + 4 * 4 * 9);
  });

  it('says which pages were read before they were asked for, until it is to forget them', async () => {
    const list = new List(1000, 10);
    const ahead = new ReadAhead(list.read, 10, 9, () => 4);
    const early: boolean[] = [];
    for (let offset = 0; offset < 90; offset += 9) {
      const page = ahead.page(offset);
      await list.answer();
      await list.answer();
      early.push((await page).early);
    }
    assert.equal(early[0], false);
    assert.ok(early.slice(3).every(Boolean), early.join());
    ahead.forget();
    const again = ahead.page(90);
    await list.answer();
    assert.equal((await again).early, false);
    assert.equal(list.offsets.filter((offset) => offset === 90).length, 2);
  });

  it('gives the failure of a page to those who ask for it, and reads it again when it is asked for again', async () => {
    const list = new List(1000, 10);
    const ahead = new ReadAhead(list.read, 10, 9, () => 4);
    list.failing.add(27);
    for (const offset of [0, 9, 18]) {
      const page = ahead.page(offset);
      await list.answer();
      await list.answer();
      assert.equal((await page).rows.length, 10);
    }
    const failed = assert.rejects(ahead.page(27), /page 27/);
    await list.answer();
    await failed;
    list.failing.clear();
    const page = ahead.page(27);
    await list.answer();
    assert.deepEqual((await page).rows[0], 27);
  });

  it('holds few pages where answers come faster than they are used', async () => {
    const list = new List(10_000, 10);
    const ahead = new ReadAhead(list.read, 10, 9, () => 4);
    for (let used = 1; used < 100; used += 1) {
      const page = ahead.page(9 * (used - 1));
      let goesOn = true;
      while (goesOn) {
        goesOn = await list.answer();
      }
      await page;
      assert.ok(list.offsets.length - used <= 2 * 4, `${list.offsets.length} were read, and ${used} used`);
    }
  });
});
