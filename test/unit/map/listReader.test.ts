import assert from 'node:assert/strict';
import { ListReader } from '../../../src/map/sync/listReader.ts';
import { Table } from '../../../src/map/table.ts';
import type { Page } from '../../../src/providers/model.ts';
import { ServiceError } from '../../../src/transport/errors.ts';
import { MemoryLog } from '../../support/connect.ts';

/** A reader of pages, and what it has read. */
function readerOf(pages: (signal: AbortSignal, from: string | undefined) => AsyncIterable<Page<string>>) {
  const table = new Table<string>();
  const log = new MemoryLog();
  const reader = new ListReader<string>({
    log,
    table,
    pages,
    put: (record, _, reading) => {
      const number = table.number(record);
      table.set(number, record, record);
      table.meet(number, reading);
    },
    drop: (number) => {
      table.delete(number);
    },
    onProgress: () => undefined,
  });
  const { signal } = new AbortController();
  const read = (restart = false, cap = 0) => reader.read({ signal, restart, cap: () => cap });
  return { reader, table, log, read };
}

const page = (items: string[], next?: string, rest: Partial<Page<string>> = {}): Page<string> => ({
  items,
  invalid: [],
  next,
  ...rest,
});

describe('list reader', () => {
  it('keeps hundreds of thousands of invalid records of one page', async () => {
    const invalid = Array.from({ length: 300_000 }, (_, row) => ({ label: `r${row}`, problem: 'is not an object' }));
    const { reader, read } = readerOf(async function* () {
      yield await Promise.resolve(page(['a'], undefined, { invalid }));
    });
    await read();
    assert.equal(reader.error, undefined);
    assert.deepEqual([reader.status, reader.invalid.length, reader.mayLack], ['complete', 300_000, true]);
  });

  it('empties each page when it has what is in it, so that nothing old keeps the records', async () => {
    const pages = [page(['a', 'b'], '1'), page(['c'])];
    const { table, read } = readerOf(async function* () {
      await Promise.resolve();
      yield* pages;
    });
    await read();
    assert.deepEqual(table.rows, ['a', 'b', 'c']);
    assert.deepEqual(
      pages.map(({ items }) => items),
      [[], []],
    );
  });

  it('goes on where the cap or a failure stopped it, and starts over where it is asked to', async () => {
    const froms: (string | undefined)[] = [];
    let broken = false;
    const { reader, table, read } = readerOf(async function* (_, from) {
      froms.push(from);
      await Promise.resolve();
      for (let at = Number(from ?? 0); at < 4; at += 1) {
        if (broken && at === 2) {
          throw new ServiceError('unavailable', { service: 'X' });
        }
        yield page([`row${at}`], at < 3 ? String(at + 1) : undefined);
      }
    });
    await read(false, 1);
    assert.deepEqual([reader.status, table.rows], ['capped', ['row0']]);
    broken = true;
    await read();
    assert.deepEqual([reader.status, reader.error?.kind, table.size, reader.pages], ['failed', 'unavailable', 2, 2]);
    broken = false;
    await read();
    assert.deepEqual([reader.status, table.size, reader.pages, reader.known], ['complete', 4, 4, true]);
    await read(true);
    assert.deepEqual(froms, [undefined, '1', '2', undefined]);
  });

  it('drops at its end what it has not met, but nothing where the list may have hidden rows', async () => {
    let pages = [page(['a', 'b', 'c'])];
    const { reader, table, read } = readerOf(async function* () {
      await Promise.resolve();
      yield* pages;
    });
    await read();
    pages = [page(['b'], undefined, { warning: 'it moved' })];
    await read(true);
    assert.deepEqual([table.rows, reader.warnings], [['a', 'b', 'c'], ['it moved']]);
    pages = [page(['c', 'd'])];
    await read(true);
    assert.deepEqual(table.rows, ['c', 'd']);
  });

  it('is stopped by its signal, and superseded by another reading', async () => {
    const gate = Promise.withResolvers<undefined>();
    const { reader, table } = readerOf(async function* (_, from) {
      yield page([`first ${from ?? ''}`], '1');
      await gate.promise;
      yield page(['second']);
    });
    const stop = new AbortController();
    const first = reader.read({ signal: stop.signal, restart: false, cap: () => 0 });
    await Promise.resolve();
    stop.abort();
    const second = reader.read({ signal: new AbortController().signal, restart: true, cap: () => 0 });
    gate.resolve(undefined);
    await Promise.all([first, second]);
    assert.deepEqual([reader.status, table.rows], ['complete', ['first ', 'second']]);
  });

  it('says of a mistake in a page that it is one of its own, and logs the details', async () => {
    const { reader, log, read } = readerOf(() => {
      throw new TypeError('x is not a function');
    });
    await read();
    assert.equal(reader.error?.kind, 'internal');
    assert.ok(log.lines.some((line) => line.includes('x is not a function')));
  });
});
