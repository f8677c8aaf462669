import { t } from '@vscode/l10n';
import { ServiceError } from '../transport/errors.ts';

/** A walk longer than this is a service that never ends, not a workspace: 1,000,000 records at 100 a page. */
const MOST_PAGES = 10_000;
/** Pages in a row that bring nothing new; changes meanwhile make one or two, more are a list that stands still. */
const MOST_IDLE = 10;

/** What one request of a walk by cursor brought. */
export interface CursorAnswer<T> {
  readonly page: T;
  readonly count: number;
  /** True where the page has as many records as it may have, so that more of them are likely. */
  readonly full?: boolean;
  /** The cursor as it came: a string; absent, null or empty where there is none; anything else is none of ours. */
  readonly next: unknown;
}

/**
 * Walks a list by its cursor. A cursor comes with the last page too, and the empty page behind it has none (Instantly
 * FACTS 1.1), so the walk ends without a cursor, or with the same cursor again; one from further back would loop for
 * ever, and is an error, because what lies behind it stays unread; so is the same cursor with a full page, a cursor that
 * is no text, and a list that goes on and on with empty pages. `from`: the cursor to go on at.
 *
 * @throws {ServiceError} `malformed` for a list that cannot be followed to its end; what `read` throws.
 */
export async function* walkCursor<T>(
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
      throw broken(t('the cursor of the list is not a text, after {0} pages', page));
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

/** One page of a list by offset, with what it did meanwhile. */
export interface OffsetPage {
  readonly items: readonly unknown[];
  readonly next: string | undefined;
  readonly warning: string | undefined;
}

/**
 * Walks a list by offset and limit, where a page shorter than the limit is the last and nothing says how many there
 * are (Smartlead FACTS 3.8). Rows move up when one before them is deleted meanwhile, and then a plain walk steps over
 * one without a trace; so each page starts with the last row of the page before it. Where that row is not there, the
 * walk goes back by a page and finds where it left off; where it does not, it goes on and says so. A row without an id
 * cannot be found again, so a page ends with its last row that has one.
 *
 * @param from where a page's `next` said to go on.
 * @throws {ServiceError} `malformed` for a list that is endless or stands still; what `read` throws.
 */
export async function* walkOffsets(
  service: string,
  limit: number,
  read: (offset: number, limit: number) => Promise<readonly unknown[]>,
  idOf: (item: unknown) => string | undefined,
  from?: string,
): AsyncGenerator<OffsetPage, void, undefined> {
  const [start, lastId] = (from ?? '0').split(' ');
  let offset = Number(start);
  // Of all pages: a row that a changed list shows a second time must not hide those before it.
  const known = new Set(lastId === undefined ? [] : [lastId]);
  let resumed = lastId !== undefined;
  let overlaps = resumed;
  let wentBack = false;
  let idle = 0;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const rows = await read(offset, limit);
    const ids = rows.map(idOf);
    const left = ids.findLastIndex((id) => id !== undefined && known.has(id));
    // Where it goes on after an earlier walk it knows one row only, which may have moved anywhere.
    const lost = overlaps && (resumed ? left < 0 : ids[0] === undefined || !known.has(ids[0]));
    if (lost && !wentBack && offset > 0) {
      wentBack = true;
      offset = Math.max(0, offset - limit + 1);
      continue;
    }
    const full = rows.length >= limit;
    const last = ids.findLastIndex((id) => id !== undefined);
    // The first row is where the page before left off: a page that has no other with an id is passed as a whole.
    overlaps = full && last > 0;
    const end = overlaps ? last + 1 : rows.length;
    const early = resumed ? left + 1 : 0;
    const items = rows.filter((_, row) => {
      const id = ids[row];
      return row >= early && row < end && (id === undefined ? row > left : !known.has(id));
    });
    const step = overlaps ? Math.min(last, limit - 1) : limit;
    const next = full ? `${offset + step}${overlaps ? ` ${ids[last] ?? ''}` : ''}` : undefined;
    const warning = lost ? t('the list changed its order while it was read') : undefined;
    if (items.length > 0 || warning !== undefined) {
      yield { items, next, warning };
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
    for (const id of ids.slice(0, end)) {
      if (id !== undefined) {
        known.add(id);
      }
    }
    resumed = false;
    // Going back found nothing that was overlooked: doing so again would go on for ever.
    wentBack = wentBack && items.length === 0;
  }
  throw endless(service);
}
