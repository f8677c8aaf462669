import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readByCursor, readByOffset, type OffsetPage } from '../../../src/providers/paging.ts';
import { isServiceError } from '../../../src/transport/errors.ts';
import { numbers } from '../../support/records.ts';
import { numRuns } from '../../support/runs.ts';

const LIMIT = 100;

function rowsUpTo(count: number): string[] {
  return Array.from({ length: count }, (_, row) => `r${row}`);
}

/** A list by offset that changes before some of its reads, counted from 0. */
class List {
  rows: string[];
  reads = 0;
  readonly changes: Readonly<Record<number, (rows: string[]) => string[]>>;

  constructor(rows: string[], changes: List['changes'] = {}) {
    this.rows = rows;
    this.changes = changes;
  }

  async readAll(from?: string): Promise<OffsetPage<string>[]> {
    const pages: OffsetPage<string>[] = [];
    for await (const page of readByOffset({ service: 'X', limit: LIMIT, read: this.#read, idOf: String }, from)) {
      pages.push(page);
    }
    return pages;
  }

  readonly #read = (offset: number, limit: number): Promise<string[]> => {
    this.rows = this.changes[this.reads]?.(this.rows) ?? this.rows;
    this.reads += 1;
    return Promise.resolve(this.rows.slice(offset, offset + limit));
  };
}

function itemsOf(pages: readonly OffsetPage<string>[]): string[] {
  return pages.flatMap(({ items }) => items.map(String));
}

function warningsOf(pages: readonly OffsetPage<string>[]): string[] {
  return pages.flatMap(({ warning }) => warning ?? []);
}

/** Pages by the cursor that leads to them, '' for the first; each with its rows and its own cursor. */
type Chain = Readonly<Record<string, readonly [rows: number, next?: unknown]>>;

/** Reads a chain. @returns the rows of each page that came, how many were read, and how it ended. */
async function readChain(chain: Chain) {
  const pages: number[] = [];
  let reads = 0;
  let error: unknown;
  const read = (cursor: string | undefined) => {
    reads += 1;
    const [rows, next] = chain[cursor ?? ''] ?? [0];
    return Promise.resolve({ page: rows, count: rows, full: rows >= LIMIT, next });
  };
  try {
    for await (const page of readByCursor('X', read)) {
      pages.push(page);
    }
  } catch (caught) {
    error = caught;
  }
  return { pages, reads, broken: isServiceError(error) && error.kind === 'malformed' ? error.message : error };
}

describe('reading by cursor', () => {
  it('ends where no cursor comes, whatever stands in its place', async () => {
    for (const none of [undefined, null, '']) {
      const result = await readChain({ '': [100, 'a'], a: [4, none] });
      assert.deepEqual(result, { pages: [100, 4], reads: 2, broken: undefined });
    }
  });

  it('ends with the empty page that follows a last page with a cursor', async () => {
    assert.deepEqual(await readChain({ '': [13, 'a'], a: [0] }), { pages: [13], reads: 2, broken: undefined });
  });

  it('ends where a page that is not full gives the cursor that led to it', async () => {
    for (const rows of [0, 3]) {
      const { pages, broken } = await readChain({ '': [100, 'a'], a: [rows, 'a'] });
      assert.deepEqual([pages, broken], [rows === 0 ? [100] : [100, rows], undefined]);
    }
  });

  it('goes on behind an empty page with a new cursor', async () => {
    const result = await readChain({ '': [0, 'a'], a: [100, 'b'], b: [0, 'c'], c: [0, 'd'], d: [7, 'e'], e: [0] });
    assert.deepEqual(result, { pages: [100, 7], reads: 6, broken: undefined });
  });

  it('takes a list that goes on with nothing but empty pages for broken', async () => {
    const empty = Object.fromEntries(
      Array.from({ length: 50 }, (_, page) => [`c${page}`, [0, `c${page + 1}`] as const]),
    );
    const { pages, reads, broken } = await readChain({ '': [100, 'c0'], ...empty });
    assert.deepEqual(pages, [100]);
    assert.ok(reads <= 12);
    assert.match(String(broken), /empty pages/);
  });

  it('takes a cursor that is no text for broken, after what its page had', async () => {
    for (const cursor of [42, Number.NaN, true, false, 0, {}, ['a']]) {
      const { pages, broken } = await readChain({ '': [100, 'a'], a: [100, cursor] });
      assert.deepEqual(pages, [100, 100]);
      assert.match(String(broken), /cursor of the list is not text/);
    }
  });

  it('takes a loop, or a full page that leads to itself, for broken', async () => {
    for (const chain of [
      { '': [100, 'a'], a: [100, 'b'], b: [100, 'a'] },
      { '': [100, 'a'], a: [0, 'b'], b: [0, 'a'] },
      { '': [100, 'a'], a: [100, 'a'] },
    ] as const) {
      assert.match(String((await readChain(chain)).broken), /repeats itself/);
    }
  });
});

describe('reading by offset', () => {
  for (const [count, reads] of [
    [0, 1],
    [1, 1],
    [99, 1],
    [100, 2],
    [101, 2],
    [199, 3],
    [250, 3],
  ] as const) {
    it(`gives each of ${count} rows once, in ${reads} reads`, async () => {
      const list = new List(rowsUpTo(count));
      const pages = await list.readAll();
      assert.deepEqual(itemsOf(pages), rowsUpTo(count));
      assert.deepEqual(warningsOf(pages), []);
      assert.equal(list.reads, reads);
    });
  }

  it('loses no row where one before its place is deleted between two reads', async () => {
    for (const row of [0, 50, 98, 99]) {
      for (const read of [1, 2, 3]) {
        const list = new List(rowsUpTo(350), { [read]: (rows) => rows.toSpliced(row, 1) });
        const pages = await list.readAll();
        assert.deepEqual(itemsOf(pages), rowsUpTo(350), `row ${row} before read ${read}`);
        assert.deepEqual(warningsOf(pages), []);
      }
    }
  });

  it('loses no row where one is deleted before each read', async () => {
    const once = (rows: string[]) => rows.slice(1);
    const list = new List(rowsUpTo(900), Object.fromEntries(Array.from({ length: 40 }, (_, read) => [read + 1, once])));
    const pages = await list.readAll();
    assert.deepEqual(itemsOf(pages), rowsUpTo(900));
    assert.deepEqual(warningsOf(pages), []);
  });

  it('loses no row where 99 before its place are deleted', async () => {
    for (const read of [1, 2, 3]) {
      const list = new List(rowsUpTo(420), { [read]: (rows) => rows.slice(99) });
      const pages = await list.readAll();
      assert.deepEqual(itemsOf(pages), rowsUpTo(420));
      assert.deepEqual(warningsOf(pages), []);
    }
  });

  it('says so where so much is deleted that it cannot tell where it was', async () => {
    const list = new List(rowsUpTo(600), { 3: (rows) => rows.slice(250) });
    const pages = await list.readAll();
    assert.equal(warningsOf(pages).length, 1);
    assert.deepEqual(itemsOf(pages).slice(-1), ['r599']);
  });

  it('ends where the list is suddenly shorter than its place', async () => {
    for (const left of [0, 20, 150]) {
      const list = new List(rowsUpTo(600), { 3: (rows) => rows.slice(0, left) });
      const items = itemsOf(await list.readAll());
      assert.deepEqual(items.slice(0, 298), rowsUpTo(298));
      assert.ok(list.reads <= 6);
    }
  });

  it('loses nothing that was there where rows are inserted at the front', async () => {
    for (const many of [1, 30, 99, 100, 150, 250]) {
      const added = Array.from({ length: many }, (_, row) => `new${row}`);
      const list = new List(rowsUpTo(350), { 2: (rows) => [...added, ...rows] });
      const items = new Set(itemsOf(await list.readAll()));
      assert.deepEqual(
        rowsUpTo(350).filter((row) => !items.has(row)),
        [],
        `${many} rows`,
      );
    }
  });

  it('loses nothing of a list that shows a row twice', async () => {
    const rows = rowsUpTo(350).toSpliced(150, 0, 'r10').toSpliced(99, 0, 'r20');
    const pages = await new List(rows).readAll();
    assert.deepEqual(new Set(itemsOf(pages)), new Set(rows));
    assert.deepEqual(warningsOf(pages), []);
  });

  it('warns of a list that was shuffled', async () => {
    const random = numbers(3);
    const shuffled = (rows: string[]) =>
      rows
        .map((row) => ({ row, place: random() }))
        .sort((a, b) => a.place - b.place)
        .map(({ row }) => row);
    const list = new List(rowsUpTo(5000), { 2: shuffled, 3: shuffled, 4: shuffled, 5: shuffled });
    assert.ok(warningsOf(await list.readAll()).length > 0);
  });

  it('goes on from where any page said, with the rest', async () => {
    const pages = await new List(rowsUpTo(350)).readAll();
    assert.deepEqual(
      pages.map(({ next }) => next === undefined),
      [false, false, false, true],
    );
    let given = 0;
    for (const { items, next } of pages) {
      given += items.length;
      if (next !== undefined) {
        const rest = await new List(rowsUpTo(350)).readAll(next);
        assert.deepEqual(itemsOf(rest), rowsUpTo(350).slice(given));
        assert.deepEqual(warningsOf(rest), []);
      }
    }
  });

  it('goes on from where a page said though rows were deleted meanwhile', async () => {
    const [first, second] = await new List(rowsUpTo(350)).readAll();
    for (const { next } of [first!, second!]) {
      const rest = await new List(rowsUpTo(350).slice(60)).readAll(next);
      const known = next === first!.next ? 100 : 199;
      assert.deepEqual(itemsOf(rest), rowsUpTo(350).slice(known));
      assert.deepEqual(warningsOf(rest), []);
    }
  });

  it('warns of a list in which the row to go on from is gone, and gives the rest', async () => {
    const [first] = await new List(rowsUpTo(350)).readAll();
    const rest = await new List(rowsUpTo(350).toSpliced(99, 1)).readAll(first!.next);
    assert.equal(warningsOf(rest).length, 1);
    const items = new Set(itemsOf(rest));
    assert.ok(
      rowsUpTo(350)
        .slice(100)
        .every((row) => items.has(row)),
    );
  });

  it('goes on over rows without an id', async () => {
    const rows = rowsUpTo(250);
    const read = (offset: number, limit: number) => Promise.resolve(rows.slice(offset, offset + limit));
    const items: unknown[] = [];
    const idOf = (row: unknown) => (Number(String(row).slice(1)) % 3 === 0 ? undefined : String(row));
    for await (const page of readByOffset({ service: 'X', limit: LIMIT, read, idOf })) {
      items.push(...page.items);
    }
    assert.deepEqual(new Set(items), new Set(rows));
  });

  it('takes a list without an end, or one that ignores the offset, for broken', async () => {
    const endless = (offset: number, limit: number) =>
      Promise.resolve(Array.from({ length: limit }, (_, row) => offset + row));
    const stuck = (_: number, limit: number) => Promise.resolve(Array.from({ length: limit }, (_row, row) => row));
    for (const read of [endless, stuck]) {
      await assert.rejects(
        async () => {
          for await (const page of readByOffset({ service: 'X', limit: 2, read, idOf: String })) {
            assert.ok(page.items.length > 0);
          }
        },
        (error) => isServiceError(error) && error.kind === 'malformed',
      );
    }
  });

  it('passes on what a read throws, after what it had', async () => {
    const pages: OffsetPage<string>[] = [];
    const read = (offset: number) =>
      offset === 0 ? Promise.resolve(rowsUpTo(LIMIT)) : Promise.reject(new Error('no more'));
    await assert.rejects(async () => {
      for await (const page of readByOffset({ service: 'X', limit: LIMIT, read, idOf: String })) {
        pages.push(page);
      }
    }, /no more/);
    assert.equal(itemsOf(pages).length, LIMIT);
  });
});

/** A change of a list before one of its reads. Places count from the front, and beyond the end from the front again. */
interface Change {
  readonly kind: 'insert' | 'delete' | 'move';
  readonly place: number;
  readonly to: number;
}

/** A list by offset that changes while it is read, several pages at once. */
class ChangingList {
  rows: string[];
  reads = 0;
  /** Rows that were there all the time. */
  readonly stayed: Set<string>;
  readonly #changes: ReadonlyMap<number, readonly Change[]>;
  #inserted = 0;

  constructor(rows: string[], changes: ReadonlyMap<number, readonly Change[]>) {
    this.rows = rows;
    this.stayed = new Set(rows);
    this.#changes = changes;
  }

  /** Reads to the end. @returns what came, and whether it was said that something may be missing. */
  async readAll(limit: number, concurrency: number): Promise<{ items: string[]; warned: boolean }> {
    const items: string[] = [];
    let warned = false;
    const read = (offset: number): Promise<string[]> => {
      this.#change(this.#changes.get(this.reads) ?? []);
      this.reads += 1;
      return Promise.resolve(this.rows.slice(offset, offset + limit));
    };
    try {
      for await (const page of readByOffset({
        service: 'X',
        limit,
        read,
        idOf: String,
        concurrency: () => concurrency,
      })) {
        items.push(...page.items.map(String));
        warned ||= page.warning !== undefined;
      }
    } catch (error) {
      assert.ok(isServiceError(error) && error.kind === 'malformed', String(error));
      warned = true;
    }
    return { items, warned };
  }

  #change(changes: readonly Change[]): void {
    for (const { kind, place, to } of changes) {
      const { length } = this.rows;
      if (kind === 'insert') {
        this.rows.splice(place % (length + 1), 0, `new${(this.#inserted += 1)}`);
      } else if (length > 0) {
        const [row = ''] = this.rows.splice(place % length, 1);
        if (kind === 'move') {
          this.rows.splice(to % length, 0, row);
        } else {
          this.stayed.delete(row);
        }
      }
    }
  }
}

const change = (kinds: readonly Change['kind'][]) =>
  fc.record({ kind: fc.constantFrom(...kinds), place: fc.nat(120), to: fc.nat(120) });
const shape = {
  count: fc.nat(120),
  limit: fc.integer({ min: 2, max: 12 }),
  concurrency: fc.constantFrom(1, 2, 3, 4, 8),
};

async function assertNothingLost(
  { count, limit, concurrency }: { count: number; limit: number; concurrency: number },
  changes: ReadonlyMap<number, readonly Change[]>,
): Promise<void> {
  const list = new ChangingList(rowsUpTo(count), changes);
  const { items, warned } = await list.readAll(limit, concurrency);
  const came = new Set(items);
  const lost = [...list.stayed].filter((row) => !came.has(row));
  assert.ok(warned || lost.length === 0, `lost without a warning: ${lost.join()}`);
  assert.equal(items.length, came.size, 'a row came twice');
}

describe('reading by offset, several pages at once', () => {
  for (const concurrency of [1, 4]) {
    it(`finds a row that moved to the front, ${concurrency} at once`, async () => {
      for (const place of [100, 199, 249]) {
        const list = new ChangingList(rowsUpTo(250), new Map([[1, [{ kind: 'move', place, to: 0 }]]]));
        const { items, warned } = await list.readAll(LIMIT, concurrency);
        assert.equal(new Set(items).size, 250);
        assert.equal(warned, false);
      }
    });
  }

  it('goes on from where any page said, with the rest', async () => {
    const rows = rowsUpTo(1234);
    const read = (offset: number) => Promise.resolve(rows.slice(offset, offset + LIMIT));
    const list = { service: 'X', limit: LIMIT, read, idOf: String, concurrency: () => 8 };
    let given = 0;
    for await (const { items, next } of readByOffset(list)) {
      given += items.length;
      if (next !== undefined) {
        const rest: unknown[] = [];
        for await (const page of readByOffset(list, next)) {
          rest.push(...page.items);
        }
        assert.deepEqual(rest, rows.slice(given));
      }
    }
  });

  it('reads nothing that nobody asks for', async () => {
    let reads = 0;
    const read = (offset: number) => {
      reads += 1;
      return Promise.resolve(rowsUpTo(1000).slice(offset, offset + LIMIT));
    };
    const pages = readByOffset({ service: 'X', limit: LIMIT, read, idOf: String, concurrency: () => 8 });
    await pages.next();
    assert.equal(reads, 1);
    await pages.next();
    assert.equal(reads, 2);
    await pages.return();
  });

  it('gives each row once and in order, with at most two requests in vain', async () => {
    await fc.assert(
      fc.asyncProperty(fc.record({ ...shape, count: fc.nat(2000) }), async ({ count, limit, concurrency }) => {
        const list = new ChangingList(rowsUpTo(count), new Map());
        assert.deepEqual(await list.readAll(limit, concurrency), { items: rowsUpTo(count), warned: false });
        const needed = count < limit ? 1 : Math.floor((count - limit) / (limit - 1)) + 2;
        assert.ok(list.reads <= needed + 2, `${list.reads} reads, ${needed} needed`);
      }),
      { numRuns: 500 },
    );
  });

  it('loses nothing without a warning while rows are inserted and deleted anywhere, at any time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record(shape),
        fc.array(fc.tuple(fc.nat(60), fc.array(change(['insert', 'delete']), { maxLength: 4 })), { maxLength: 12 }),
        (size, changes) => assertNothingLost(size, new Map(changes)),
      ),
      { numRuns },
    );
  });

  it('loses no row that moves to the front while it goes back for another', async () => {
    const list = { count: 40, limit: 2, concurrency: 8 };
    const back: Change = { kind: 'move', place: 8, to: 6 };
    await assertNothingLost(
      list,
      new Map([
        [9, [back]],
        [49, [{ kind: 'move', place: 9, to: 0 }]],
      ]),
    );
  });

  it('loses no row that came with a page that had to be read again', async () => {
    const list = { count: 45, limit: 2, concurrency: 8 };
    await assertNothingLost(
      list,
      new Map([
        [5, [{ kind: 'move', place: 13, to: 12 }]],
        [45, [{ kind: 'delete', place: 0, to: 0 }]],
      ]),
    );
  });

  it('loses nothing without a warning while a row is moved, or rows are one after the other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record(shape),
        fc.nat(60),
        fc.array(change(['insert', 'delete', 'move']), { minLength: 1, maxLength: 4 }),
        (size, first, changes) => {
          // What happens between two looks at the same place can undo itself, and then nobody could notice; the more
          // pages are read ahead, the farther apart two looks are.
          const apart = size.concurrency > 4 ? 80 : 40;
          return assertNothingLost(size, new Map(changes.map((one, index) => [first + index * apart, [one]])));
        },
      ),
      { numRuns },
    );
  });
});
