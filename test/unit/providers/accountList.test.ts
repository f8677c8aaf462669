import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ListReader } from '../../../src/map/sync/listReader.ts';
import { Table } from '../../../src/map/table.ts';
import { AccountList, type AccountPage, type AccountSource } from '../../../src/providers/instantly/accountList.ts';
import type { Page } from '../../../src/providers/model.ts';
import { readByOffset, type CursorAnswer } from '../../../src/providers/paging.ts';
import type { Query } from '../../../src/transport/wire.ts';
import { ServiceError } from '../../../src/transport/errors.ts';
import { MemoryLog } from '../../support/connect.ts';
import { numRuns } from '../../support/runs.ts';

/** What a service does with `skip` and `sort_by`. */
const SKIPS = [
  'works',
  'worksWithoutCursor',
  'ignored',
  'unsorted',
  'refused',
  'refusedFar',
  'refusedFarAndLies',
] as const;
/** Pages that may be skipped at most, where that is refused far behind. */
const FAR = 5;

interface Row {
  readonly email: string;
  /** The time of its creation, which orders the list by cursor: newest first. */
  readonly created: number;
}

/** What happens to the list before one of its reads. A move gives a row another time, as no account gets one. */
interface Change {
  readonly kind: 'insert' | 'delete' | 'move';
  readonly place: number;
  readonly to: number;
}

type Changes = ReadonlyMap<number, readonly Change[]>;

/** Accounts as Instantly lists them: by a cursor that names the last row, and by `skip` in the order of emails. */
class Service {
  rows: Row[];
  reads = 0;
  /** Emails that were there all the time. */
  readonly stayed: Set<string>;
  /** False: the cursor is a bare time, as it was before April 2026 (Instantly FACTS 1.1). */
  readonly namesRow: boolean;
  readonly #limit: number;
  readonly #skip: (typeof SKIPS)[number];
  readonly #changes: Changes;
  #inserted = 0;

  constructor(rows: Row[], limit: number, skip: (typeof SKIPS)[number], changes: Changes = new Map(), namesRow = true) {
    this.rows = rows;
    this.stayed = new Set(rows.map(({ email }) => email));
    this.#limit = limit;
    this.#skip = skip;
    this.#changes = changes;
    this.namesRow = namesRow;
  }

  list(concurrency: number): AccountList<Row> {
    return new AccountList(this.source(concurrency));
  }

  source(concurrency: number): AccountSource<Row> {
    return {
      service: 'X',
      limit: this.#limit,
      read: (query) => this.#read(query),
      emailOf: ({ email }) => email,
      concurrency: () => concurrency,
    };
  }

  #read({ starting_after: after, sort_by: sort, skip = 0 }: Query): Promise<CursorAnswer<AccountPage<Row>>> {
    this.#change(this.#changes.get(this.reads) ?? []);
    this.reads += 1;
    if (sort !== undefined && this.#skip === 'refused') {
      return Promise.reject(new ServiceError('malformed', { service: 'X' }));
    }
    if (this.#skip.startsWith('refusedFar') && Number(skip) > FAR * this.#limit) {
      return Promise.reject(new ServiceError('malformed', { service: 'X' }));
    }
    const byEmail = sort !== undefined && this.#skip !== 'unsorted';
    const placeOf = ({ email, created }: Row) =>
      byEmail ? email : `${String(5e6 - created)}${this.namesRow ? `&${email}` : ''}`;
    const behind = this.rows
      .map((row) => ({ row, place: placeOf(row) }))
      .sort((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : a.row.email < b.row.email ? -1 : 1))
      .filter(({ place }) => after === undefined || place > String(after));
    const from = this.#skip === 'ignored' ? 0 : Number(skip);
    const page = behind.slice(from, from + this.#limit);
    const withCursor = sort === undefined || this.#skip !== 'worksWithoutCursor';
    const items = page.map(({ row }) => row);
    // The last page has a cursor too, and the empty one behind it has none.
    const lies = this.#skip === 'refusedFarAndLies' && Number(skip) > 0;
    const next = withCursor ? (lies ? behind.at(from + 2 * this.#limit) : page.at(-1))?.place : undefined;
    const full = items.length >= this.#limit;
    return Promise.resolve({ page: { items, next, full }, count: items.length, full, next });
  }

  #change(changes: readonly Change[]): void {
    for (const { kind, place, to } of changes) {
      if (kind === 'insert') {
        this.#inserted += 1;
        this.rows.push(row(`r${String(place * 8).padStart(4, '0')}-new${this.#inserted}`, to));
      } else if (this.rows.length > 0) {
        const [gone] = this.rows.splice(place % this.rows.length, 1);
        if (kind === 'move') {
          this.rows.push({ ...gone!, created: to });
        } else {
          this.stayed.delete(gone!.email);
        }
      }
    }
  }
}

const row = (name: string, created: number): Row => ({ email: `${name}@x.example`, created });
/** Rows of which neither order is that of the other. */
const rowsUpTo = (count: number): Row[] =>
  Array.from({ length: count }, (_, index) => row(`r${String((index * 37) % 1000).padStart(4, '0')}`, index * 3));
const emailIn = ({ email }: Row) => email;

async function emailsOf(list: AccountList<Row>): Promise<string[]> {
  const emails: string[] = [];
  for await (const { items } of list.pages({})) {
    items.forEach((item) => emails.push(emailIn(item)));
  }
  return emails;
}

function lost(service: Service, came: Iterable<string>): string[] {
  const had = new Set(came);
  return [...service.stayed].filter((email) => !had.has(email));
}

/** A reader of emails from pages, with what it has read. */
function readerOf(pages: (from: string | undefined) => AsyncIterable<Page<string>>) {
  const table = new Table<string>();
  const reader = new ListReader<string>({
    log: new MemoryLog(),
    table,
    pages: (_, from) => pages(from),
    put: (email, _, reading) => {
      const number = table.number(email);
      table.set(number, email, email);
      table.meet(number, reading);
    },
    drop: (number) => {
      table.delete(number);
    },
    onProgress: () => undefined,
  });
  const { signal } = new AbortController();
  /** Reads to the end, a few pages at a time. */
  const readAll = async (restart: boolean, cap: number) => {
    await reader.read({ signal, restart, cap: () => cap });
    for (let more = 0; reader.status === 'capped' && more < 500; more += 1) {
      await reader.read({ signal, restart: false, cap: () => cap });
    }
  };
  return { reader, table, readAll };
}

/** The pages of accounts as the map takes them. */
async function* pagesOf(list: AccountList<Row>, from: string | undefined): AsyncGenerator<Page<string>> {
  for await (const { items, next } of list.pages({ from })) {
    yield { items: items.map(emailIn), invalid: [], next };
  }
}

const change = (kinds: readonly Change['kind'][]) =>
  fc.record({ kind: fc.constantFrom(...kinds), place: fc.nat(120), to: fc.nat(400) });
const changes = (...kinds: Change['kind'][]): fc.Arbitrary<Changes> =>
  fc
    .array(fc.tuple(fc.nat(60), fc.array(change(kinds), { minLength: 1, maxLength: 4 })), { maxLength: 12 })
    .map((all) => new Map(all));
const shape = fc.record({
  count: fc.nat(120),
  limit: fc.integer({ min: 2, max: 12 }),
  concurrency: fc.constantFrom(1, 2, 4, 8),
  skip: fc.constantFrom(...SKIPS),
});

describe('the list of Instantly accounts', function () {
  this.timeout(60_000);

  for (const skip of SKIPS) {
    it(`has every account, where skip is ${skip}`, async () => {
      for (const count of [0, 1, 9, 10, 11, 30, 31, 100, 101]) {
        const service = new Service(rowsUpTo(count), 10, skip);
        const came = await emailsOf(service.list(4));
        assert.deepEqual(lost(service, came), []);
        assert.equal(new Set(came).size, count);
      }
    });
  }

  for (const [skip, most] of [
    // Three of the proof, and at most two tries behind the end.
    ['works', 3 + 2],
    ['worksWithoutCursor', 2],
    ['ignored', 2],
    ['unsorted', 3 + 2],
    ['refused', 2],
    // Three pages, the check of the cursor, what was under way when it was refused, and the rows that came twice.
    ['refusedFar', 3 + 1 + 4 + 1],
  ] as const) {
    it(`costs at most ${most} requests more than the cursor alone where skip is ${skip}`, async () => {
      const service = new Service(rowsUpTo(400), 10, skip);
      await emailsOf(service.list(4));
      // Each page by skip begins with the last row of the one before; behind the last page there may be another.
      const pages =
        skip === 'works' || skip === 'unsorted' ? Math.ceil(400 / 9) + 1 : skip === 'refusedFar' ? 41 + 1 : 41;
      assert.ok(service.reads <= pages + most, `${service.reads} for ${pages}`);
    });
  }

  it('fails, and does not start over, where the service goes away after skip was refused', async () => {
    const service = new Service(rowsUpTo(400), 10, 'refusedFar');
    const whole = service.source(1);
    let byCursor = 0;
    const list = new AccountList({
      ...whole,
      read: (query, options) => {
        // The first of these is the trial, the second proves the cursor.
        const sorted = 'sort_by' in query && query['starting_after'] !== undefined;
        byCursor += Number(sorted);
        return sorted && byCursor > 3
          ? Promise.reject(new ServiceError('unavailable', { service: 'X' }))
          : whole.read(query, options);
      },
    });
    await assert.rejects(emailsOf(list), { kind: 'unavailable' });
    assert.equal(byCursor, 4);
  });

  it('loses nothing while accounts come and go, whatever the service does with skip', async () => {
    await fc.assert(
      fc.asyncProperty(shape, changes('insert', 'delete'), async ({ count, limit, concurrency, skip }, during) => {
        const service = new Service(rowsUpTo(count), limit, skip, during);
        const list = service.list(concurrency);
        assert.deepEqual(lost(service, await emailsOf(list)), []);
        // What was learned about skip holds for the second time.
        assert.deepEqual(lost(service, await emailsOf(list)), []);
      }),
      { numRuns },
    );
  });

  // What no cursor can notice: the rows behind it are what the service says, and nothing repeats that could join.
  it('cannot notice an account that moves from behind the cursor to before it', async () => {
    const moved: Change = { kind: 'move', place: 0, to: 5000 };
    const service = new Service(rowsUpTo(30), 10, 'refused', new Map([[1, [moved]]]));
    const came = await emailsOf(service.list(1));
    assert.deepEqual(lost(service, came), [row('r0000', 0).email]);
  });

  it('cannot notice accounts of one time where the cursor is only a time', async () => {
    const rows = Array.from({ length: 30 }, (_, index) => row(`r${index}`, Math.floor(index / 4)));
    const service = new Service(rows, 10, 'refused', new Map(), false);
    assert.equal(lost(service, await emailsOf(service.list(1))).length > 0, true);
  });
});

describe('a reader of the list of Instantly accounts', function () {
  this.timeout(60_000);

  it('keeps what stays, drops what is gone, and is right after a quiet refresh', async () => {
    await fc.assert(
      fc.asyncProperty(
        shape,
        changes('insert', 'delete'),
        fc.array(fc.constantFrom(0, 1, 3, 5, 8), { minLength: 2, maxLength: 2 }),
        async ({ count, limit, concurrency, skip }, during, caps) => {
          const service = new Service(rowsUpTo(count), limit, skip, during);
          const list = service.list(concurrency);
          const { reader, table, readAll } = readerOf((from) => pagesOf(list, from));
          for (const [index, cap] of caps.entries()) {
            await readAll(index > 0, cap);
            assert.equal(reader.status, 'complete');
            assert.ok(reader.warnings.length > 0 || lost(service, table.rows).length === 0);
          }
          // No changes are left by now.
          service.reads = 1000;
          await readAll(true, 0);
          assert.deepEqual([...table.rows].sort(), service.rows.map(({ email }) => email).sort());
        },
      ),
      { numRuns },
    );
  });
});

describe('a reader of a list by skip that became shorter than it can find out', () => {
  for (const cap of [0, 1]) {
    it(`starts over, ${cap === 0 ? 'and reads on' : 'also where it stops right behind that page'}`, async () => {
      const service = new Service(rowsUpTo(60), 5, 'works');
      const list = service.list(1);
      await emailsOf(list);
      const { reader, table } = readerOf((from) => pagesOf(list, from));
      const { signal } = new AbortController();
      await reader.read({ signal, restart: true, cap: () => 6 });
      assert.equal(reader.status, 'capped');
      const gone = service.rows
        .map(({ email }) => email)
        .sort()
        .slice(0, 27);
      service.rows = service.rows.filter(({ email }) => !gone.includes(email));
      gone.forEach((email) => service.stayed.delete(email));
      await reader.read({ signal, restart: false, cap: () => cap });
      await reader.read({ signal, restart: false, cap: () => 0 });
      assert.equal(reader.status, 'complete');
      assert.deepEqual(lost(service, table.rows), []);
    });
  }
});

describe('a reader of a list by offset', function () {
  this.timeout(60_000);

  it('loses nothing without a sign while rows come, go or move, and drops nothing that stays', async () => {
    await fc.assert(
      fc.asyncProperty(
        shape,
        fc.nat(40),
        fc.array(change(['insert', 'delete', 'move']), { minLength: 1, maxLength: 3 }),
        async ({ count, limit, concurrency }, first, all) => {
          const rows = Array.from({ length: count }, (_, index) => `r${index}`);
          const stayed = new Set(rows);
          let reads = 0;
          const read = (offset: number) => {
            // One after the other: what undoes itself between two looks at the same place nobody can notice.
            const at = (reads - first) / 80;
            const now = Number.isInteger(at) ? all[at] : undefined;
            reads += 1;
            if (now?.kind === 'insert') {
              rows.splice(now.place % (rows.length + 1), 0, `new${reads}`);
            } else if (now !== undefined && rows.length > 0) {
              const [one = ''] = rows.splice(now.place % rows.length, 1);
              if (now.kind === 'move') {
                rows.splice(now.to % (rows.length + 1), 0, one);
              } else {
                stayed.delete(one);
              }
            }
            return Promise.resolve(rows.slice(offset, offset + limit));
          };
          const list = { service: 'X', limit, read, idOf: String, concurrency: () => concurrency };
          const { reader, table, readAll } = readerOf(async function* (from) {
            for await (const { items, next, warning } of readByOffset(list, from)) {
              yield { items: items.map(String), invalid: [], next, warning };
            }
          });
          for (const restart of [false, true]) {
            const before = new Set(table.rows);
            await readAll(restart, 0);
            const sign = reader.status === 'failed' || reader.warnings.length > 0;
            const missing = [...stayed].filter((one) => !table.has(one));
            assert.ok(sign || missing.length === 0, `lost without a sign: ${missing.join()}`);
            assert.deepEqual(
              [...stayed].filter((one) => before.has(one) && !table.has(one)),
              [],
              'dropped though it stays',
            );
          }
        },
      ),
      { numRuns },
    );
  });
});
