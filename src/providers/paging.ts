import { t } from '@vscode/l10n';
import { ServiceError } from '../transport/errors.ts';
import { LargeMap } from '../transport/largeMap.ts';
import { ReadAhead } from './readAhead.ts';

/** A list longer than this is a service that never ends, not a workspace: 1,000,000 records at 100 a page. */
const MOST_PAGES = 10_000;
/** Pages in a row that bring nothing new; changes meanwhile cause one or two, more mean that the list is stuck. */
const MOST_IDLE = 5;
/** Pages that are read a second time to find out what a list did meanwhile. */
const MOST_AGAIN = 10;

/** What one request of a list by cursor brought. */
export interface CursorAnswer<T> {
  readonly page: T;
  readonly count: number;
  /** True where the page has as many records as it may have, so that more of them are likely. */
  readonly full?: boolean;
  /** The cursor as it came: a string; absent, null or empty where there is none; anything else is invalid. */
  readonly next: unknown;
}

/**
 * Reads a list by its cursor. A cursor comes with the last page too, and the empty page after it has none (Instantly
 * FACTS 1.1), so the list ends without a cursor, or with the same cursor again. A cursor from further back is an error:
 * it would loop forever, and leave the rest unread. So is the same cursor with a full page, a cursor that is not text,
 * and a list that never stops sending empty pages. `from`: the cursor to continue at.
 *
 * @throws {ServiceError} `malformed` for a list that cannot be followed to its end; what `read` throws.
 */
export async function* readByCursor<T>(
  service: string,
  read: (cursor: string | undefined) => Promise<CursorAnswer<T>>,
  from?: string,
): AsyncGenerator<T, void, undefined> {
  const broken = (serviceMessage: string) => new ServiceError('malformed', { service, serviceMessage });
  const seen = new Set<string>();
  let cursor = from;
  let idle = 0;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const answer = await read(cursor);
    if (answer.count > 0) {
      yield answer.page;
    }
    const { next } = answer;
    if (next === undefined || next === null || next === '' || (next === cursor && answer.full !== true)) {
      return;
    }
    if (typeof next !== 'string') {
      throw broken(t('the cursor of the list is not text, after {0} pages', page));
    }
    if (next === cursor || seen.has(next)) {
      throw broken(t('the list repeats itself after {0} pages', page));
    }
    idle = answer.count === 0 ? idle + 1 : 0;
    if (idle >= MOST_IDLE) {
      throw broken(t('the list goes on with empty pages after {0} pages', page));
    }
    seen.add(next);
    cursor = next;
  }
  throw endless(service);
}

function endless(service: string): ServiceError {
  return new ServiceError('malformed', {
    service,
    serviceMessage: t('the list did not end after {0} pages', MOST_PAGES),
  });
}

/** One page of a list by offset, with how the list changed meanwhile. */
export interface OffsetPage<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
  readonly warning: string | undefined;
}

/** What a list by offset is made of. `T`: a row, of which many wait for their turn where pages are read ahead. */
export interface OffsetList<T> {
  /** The service's name, for errors. */
  readonly service: string;
  /** Rows that a page has at most. */
  readonly limit: number;
  /** Brings an array that nobody else holds. */
  readonly read: (offset: number, limit: number) => Promise<T[]>;
  /** The id of a row; undefined where it has none. */
  readonly idOf: (row: T) => string | undefined;
  /** Requests that may be under way at once; 1 where there is no such number. */
  readonly concurrency?: () => number;
  /** True where no row ever changes its place among the others, so that none is overlooked when others come. */
  readonly ordered?: boolean;
}

/** The rows that have been read, and where they were then. */
class RowsRead<T> {
  readonly #list: OffsetList<T>;
  readonly #places = new LargeMap<number>();
  /** Rows of pages that were read again. */
  readonly #aside = new Map<string, T>();

  constructor(list: OffsetList<T>) {
    this.#list = list;
  }

  has(id: string | undefined): boolean {
    return id !== undefined && this.#places.has(id);
  }

  add(ids: readonly (string | undefined)[], offset: number): void {
    for (const [row, id] of ids.entries()) {
      if (id !== undefined && !this.#places.has(id)) {
        this.#places.set(id, offset + row);
      }
    }
  }

  /** Keeps the rows of a page that is read again: one of them may have moved to a place that is not read. */
  putAside(rows: readonly T[]): void {
    for (const row of rows) {
      const id = this.#list.idOf(row);
      if (id !== undefined) {
        this.#aside.set(id, row);
      }
    }
  }

  /** The rows that came with no page but one that was read again. */
  leftAside(): readonly T[] {
    return [...this.#aside].filter(([id]) => !this.has(id)).map(([, row]) => row);
  }

  /** True where any of these rows is no longer where it was, or too many pages would have to be read to tell. */
  async haveMoved(ids: readonly string[]): Promise<boolean> {
    const places = ids.map((id) => ({ id, place: this.#places.get(id) ?? 0 })).sort((a, b) => a.place - b.place);
    let from = 0;
    let rows: readonly T[] = [];
    let reads = 0;
    for (const { id, place } of places) {
      if (place >= from + rows.length) {
        reads += 1;
        if (reads > MOST_AGAIN) {
          return true;
        }
        rows = await this.#list.read(place, this.#list.limit);
        from = place;
      }
      const row = rows[place - from];
      if (row === undefined || this.#list.idOf(row) !== id) {
        return true;
      }
    }
    return false;
  }

  /**
   * Reads the list again from its front, up to an offset, until this many unknown rows have come, and then a known one.
   */
  async front(count: number, offset: number): Promise<{ readonly rows: T[]; readonly found: boolean }> {
    const { limit, idOf, read } = this.#list;
    const rows: T[] = [];
    let from = 0;
    for (let page = 1; page <= MOST_AGAIN && from <= offset; page += 1) {
      const again = await read(from, limit);
      const last = again.at(-1);
      const joins = last !== undefined && this.has(idOf(last));
      for (const [row, item] of again.entries()) {
        const id = idOf(item);
        if (id !== undefined && !this.has(id)) {
          this.#places.set(id, from + row);
          rows.push(item);
        }
      }
      if (rows.length >= count && joins) {
        return { rows, found: true };
      }
      if (again.length < limit) {
        break;
      }
      from += limit - 1;
    }
    return { rows, found: false };
  }
}

/**
 * Reads a list by offset and limit, where a page shorter than the limit is the last and nothing says how many there
 * are (Smartlead FACTS 3.8). Rows move while the list is read, and then a simple read misses some without a trace; so
 * each page starts with the last row of the page before it. Pages are read ahead as long as they do; one that does not
 * is read again, together with all after it:
 *
 * - Where the row is farther down, the list was shifted, and what shifted it may be among the rows that were read
 *   already: the front is read again until all of that is found.
 * - Where it is not there, the list became shorter: the reading goes back, by a page at most, to where it left off.
 * - Where a row comes a second time that has left its first place, others may have changed places with it.
 *
 * What cannot be cleared up becomes a warning. A row without an id cannot be found again, so a page ends with its last
 * row that has one.
 *
 * @param from where a page's `next` said to go on.
 * @throws {ServiceError} `malformed` for a list that is endless or stands still; what `read` throws.
 */
export async function* readByOffset<T>(
  list: OffsetList<T>,
  from?: string,
): AsyncGenerator<OffsetPage<T>, void, undefined> {
  const { service, limit, idOf } = list;
  const pages = new ReadAhead((offset) => list.read(offset, limit), limit, limit - 1, list.concurrency ?? (() => 1));
  const [, start = '0', lastId] = /^(\d+)(?: (.*))?$/s.exec(from ?? '0') ?? [];
  const read = new RowsRead(list);
  let offset = Number(start);
  /** The row that the page has to start with. */
  let joint = lastId;
  let resumed = lastId !== undefined;
  /** By how many rows it went back from where this page should have begun. */
  let back = 0;
  /** True where the page before had nothing but rows that were known: this one may start with more of them. */
  let behind = false;
  /** True where this page begins before the place where the one before left off. */
  let wentBack = false;
  let warning: string | undefined;
  let warned = false;
  let idle = 0;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    let answer = await pages.page(offset);
    const [first] = answer.rows;
    if (answer.early && joint !== undefined && (first === undefined || idOf(first) !== joint)) {
      read.putAside(answer.rows);
      pages.forget();
      answer = await pages.page(offset);
    }
    const { rows } = answer;
    const ids = rows.map(idOf);
    const at = joint === undefined ? -1 : ids.indexOf(joint);
    // Asked once a row: among hundreds of thousands each look takes its time.
    const known = ids.map((id) => read.has(id));
    const unknown = known.indexOf(false);
    const leading = unknown < 0 ? ids.length : unknown;
    // Where it goes on after an earlier reading it knows one row only, which may have moved anywhere.
    const lost = joint !== undefined && at < 0 && leading === 0;
    if (lost && back < limit - 1 && offset > 0) {
      // Most often a few rows are gone; a whole page back would bring little that is new.
      const farther = back === 0 ? Math.ceil(limit / 4) : limit - 1;
      offset = Math.max(0, offset + back - farther);
      back = farther;
      behind = true;
      wentBack = true;
      read.putAside(rows);
      pages.forget();
      continue;
    }
    // The last row of this page that was read before.
    const left: number = at < 0 || behind ? Math.max(at, leading - 1) : at;
    const full = rows.length >= limit;
    const last = ids.findLastIndex((id) => id !== undefined);
    // The first row is where the page before left off: a page that has no other with an id is passed as a whole.
    const overlaps = full && last > 0;
    const end = overlaps ? last + 1 : rows.length;
    const fresh = rows.filter((_, row) => {
      const id = ids[row];
      return row >= (resumed ? left + 1 : 0) && row < end && (id === undefined ? row > left : known[row] !== true);
    });
    let found: readonly T[] = [];
    if (joint !== undefined && !warned) {
      // Where it went back, known rows say nothing. After that more of them may follow the joint, but none precedes it.
      const telling = list.ordered === true || !behind ? end : wentBack ? 0 : Math.max(at, 0);
      const twice = ids
        .slice(0, telling)
        .filter((id, row): id is string => id !== undefined && id !== joint && known[row] === true);
      const disordered = known.slice(left + 1, end).includes(true);
      const suspect = list.ordered === true ? disordered : twice.length > 0;
      const moved = suspect && (at < 0 || (await read.haveMoved(twice)));
      read.add(ids.slice(0, end), offset);
      const front = moved ? await read.front(twice.length, offset) : undefined;
      found = front?.rows ?? [];
      // What shifted the list since an earlier reading looks the same as what that one knew.
      warned = lost || front?.found === false || (resumed && !behind && at > 0 && list.ordered !== true);
      warning = warned ? t('list changed while loading') : undefined;
    }
    read.add(ids.slice(0, end), offset);
    const items = [...fresh, ...found, ...(full ? [] : read.leftAside())];
    const step = overlaps ? Math.min(last, limit - 1) : limit;
    const next = full ? `${offset + step}${overlaps ? ` ${ids[last] ?? ''}` : ''}` : undefined;
    if (items.length > 0 || (warning !== undefined && !full)) {
      yield { items, next, warning };
      warning = undefined;
    }
    if (!full) {
      return;
    }
    idle = items.length === 0 ? idle + 1 : 0;
    if (idle >= MOST_IDLE) {
      throw new ServiceError('malformed', {
        service,
        serviceMessage: t('the list repeats itself after {0} pages', page),
      });
    }
    offset += step;
    joint = overlaps ? ids[last] : undefined;
    behind = overlaps && left >= last;
    resumed = false;
    wentBack = false;
    // Going back found nothing that was missed: doing so again would never end.
    back = back > 0 && items.length === 0 ? limit : 0;
  }
  throw endless(service);
}
