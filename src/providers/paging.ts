import { t } from '@vscode/l10n';
import { ServiceError } from '../transport/errors.ts';

/** A walk longer than this is a service that never ends, not a workspace: 1,000,000 records at 100 a page. */
const MOST_PAGES = 10_000;

/** What one request of a walk by cursor brought. */
export interface CursorAnswer<T> {
  readonly page: T;
  readonly count: number;
  /** Absent or null on an answer without one. */
  readonly next: string | null | undefined;
}

/**
 * Walks a list by its cursor. A cursor comes with the last page too (Instantly FACTS 1.1), so the walk ends with an
 * empty page, without a cursor, or with the same cursor again; one from further back would loop for ever, and is an
 * error, because what lies behind it stays unread.
 *
 * @throws {ServiceError} `malformed` for a looping or endless list; what `read` throws.
 */
export async function* walkCursor<T>(
  service: string,
  read: (cursor: string | undefined) => Promise<CursorAnswer<T>>,
): AsyncGenerator<T, void, undefined> {
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const answer = await read(cursor);
    if (answer.count === 0) {
      return;
    }
    yield answer.page;
    const { next } = answer;
    if (next === undefined || next === null || next === '' || next === cursor) {
      return;
    }
    if (seen.has(next)) {
      throw new ServiceError('malformed', {
        service,
        serviceMessage: t('the list repeats itself after {0} pages', page),
      });
    }
    seen.add(next);
    cursor = next;
  }
  throw new ServiceError('malformed', {
    service,
    serviceMessage: t('the list did not end after {0} pages', MOST_PAGES),
  });
}
