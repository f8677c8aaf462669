import type { ReadOptions } from '../../transport/client.ts';
import type { Query } from '../../transport/wire.ts';
import { pageOptions } from '../../transport/client.ts';
import { isServiceError, type ErrorKind } from '../../transport/errors.ts';
import { text } from '../fields.ts';
import { readByCursor, readByOffset, type CursorAnswer } from '../paging.ts';
import type { PageOptions } from '../provider.ts';

/** A page of accounts. */
export interface AccountPage<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
  /** True where it has as many rows as it may have. */
  readonly full: boolean;
}

/** What reading accounts needs of the client. `T`: a row, of which many wait for their turn where pages are read ahead. */
export interface AccountSource<T> {
  readonly service: string;
  /** Rows that a page has at most. */
  readonly limit: number;
  readonly read: (query: Query, options: ReadOptions) => Promise<CursorAnswer<AccountPage<T>>>;
  readonly emailOf: (row: T) => string | undefined;
  readonly concurrency: () => number;
}

/** Emails are unique, and stay what they are: no other order is as sure to be the same from one page to the next. */
const BY_EMAIL = { sort_by: 'email', sort_order: 'asc' } as const;
/** Begins a position in a list that is read by `skip`; no cursor does (Instantly FACTS 1.1). */
const SKIP = 'skip ';
/** Begins a position in the list in the order of emails that is read by its cursor. */
const EMAIL = 'email ';
/** Full pages after which `skip` is tried: a shorter list is read before it could be of use. */
const LONG = 3;
/** Failures that say something about a request, and not about the key or the network. */
const REFUSALS: ReadonlySet<ErrorKind> = new Set(['malformed', 'notFound', 'timeout', 'unavailable']);

/**
 * The list of all accounts. By its cursor pages come one after the other. `skip` with `sort_by` lets several come at
 * once; both are documented but unproven (Instantly FACTS 2.1, 6). So the second page of a long list is read both ways,
 * in the same order, and `skip` is used where they agree. Where they do not, the cursor is used from then on; where
 * `skip` fails later, the cursor of the last page continues from there.
 */
export class AccountList<T> {
  readonly #source: AccountSource<T>;
  #skip: 'untried' | 'works' | 'fails' = 'untried';

  constructor(source: AccountSource<T>) {
    this.#source = source;
  }

  /** All accounts; some come twice where it changes from one way to the other. */
  async *pages(options: PageOptions): AsyncGenerator<AccountPage<T>, void, undefined> {
    const { from } = options;
    if (from?.startsWith(EMAIL) === true) {
      yield* this.#byEmail(options, from.slice(EMAIL.length));
      return;
    }
    const position = from?.startsWith(SKIP) === true ? from.slice(SKIP.length) : undefined;
    if (position !== undefined || (from === undefined && this.#skip === 'works')) {
      yield* this.#bySkip(options, position);
      return;
    }
    let full = 0;
    for await (const page of this.#byCursor(options, from)) {
      yield page;
      full += page.items.length >= this.#source.limit ? 1 : 0;
      if (from === undefined && full === LONG && this.#skip === 'untried') {
        const first = await this.#trySkip(options);
        this.#skip = first === undefined ? 'fails' : 'works';
        if (first !== undefined) {
          yield* this.#bySkip(options, undefined, first);
          return;
        }
      }
    }
  }

  #byCursor(options: PageOptions, from: string | undefined): AsyncGenerator<AccountPage<T>, void, undefined> {
    const { service, read } = this.#source;
    const page = (cursor: string | undefined) =>
      read({ starting_after: cursor }, pageOptions(options, cursor === from));
    return readByCursor(service, page, from);
  }

  /**
   * Continues in the order of emails by the cursor of a page. Where that does not lead to the `expected` emails, the list
   * is read from its start.
   *
   * @param expected undefined: the cursor is known to lead on.
   */
  async *#byEmail(
    options: PageOptions,
    from: string,
    expected?: readonly (string | undefined)[],
  ): AsyncGenerator<AccountPage<T>, void, undefined> {
    const { service, read, emailOf } = this.#source;
    const page = (cursor: string | undefined) =>
      read({ ...BY_EMAIL, starting_after: cursor }, pageOptions(options, expected === undefined && cursor === from));
    let unproven = expected;
    try {
      for await (const { next, ...rest } of readByCursor(service, page, from)) {
        const emails = rest.items.map(emailOf);
        if (unproven?.some((email, row) => email !== emails[row]) === true) {
          break;
        }
        unproven = undefined;
        yield { ...rest, next: next === undefined ? undefined : `${EMAIL}${next}` };
      }
    } catch (error) {
      // Once it is known to lead on, a failure is one of the service: the next reading resumes here.
      if (unproven === undefined || !isServiceError(error) || !REFUSALS.has(error.kind)) {
        throw error;
      }
    }
    if (unproven !== undefined) {
      yield* this.#byCursor(options, undefined);
    }
  }

  /** The first two pages in the order of emails, by their offsets; undefined where `skip` does not work. */
  async #trySkip(options: PageOptions): Promise<ReadonlyMap<number, AccountPage<T>> | undefined> {
    const { limit, read } = this.#source;
    const page = async (query: Query) => read({ ...BY_EMAIL, ...query }, pageOptions(options, false));
    try {
      const first = await page({});
      const cursor = text(first.next);
      if (first.count < limit || cursor === undefined) {
        return undefined;
      }
      const bySkip = await page({ skip: limit - 1 });
      const [joint, ...rest] = this.#emailsOf(bySkip);
      if (joint === undefined || joint !== this.#emailsOf(first).at(-1)) {
        return undefined;
      }
      const byCursor = this.#emailsOf(await page({ starting_after: cursor })).slice(0, limit - 1);
      const agree = byCursor.length === rest.length && byCursor.every((email, row) => email === rest[row]);
      return agree
        ? new Map([
            [0, first.page],
            [limit - 1, bySkip.page],
          ])
        : undefined;
    } catch (error) {
      if (isServiceError(error) && REFUSALS.has(error.kind)) {
        return undefined;
      }
      throw error;
    }
  }

  /** `known`: pages that were read already, by their offsets. */
  async *#bySkip(
    options: PageOptions,
    from: string | undefined,
    known: ReadonlyMap<number, AccountPage<T>> = new Map(),
  ): AsyncGenerator<AccountPage<T>, void, undefined> {
    const { service, limit, read, emailOf, concurrency } = this.#source;
    let first = known.size === 0;
    const step = limit - 1;
    /** The emails of the last pages, and the cursors behind them, by their offsets. */
    const pages = new Map<
      number,
      { readonly emails: readonly (string | undefined)[]; readonly next: string | undefined }
    >();
    const rowsOf = (page: AccountPage<T>, offset: number) => {
      pages.set(offset, { emails: page.items.map(emailOf), next: page.next });
      return [...page.items];
    };
    let reached = 0;
    const list = {
      service,
      limit,
      ordered: true,
      concurrency,
      idOf: emailOf,
      read: async (offset: number) => {
        const before = known.get(offset);
        if (before !== undefined) {
          return rowsOf(before, offset);
        }
        const asked = pageOptions(options, first);
        first = false;
        const { page } = await read({ ...BY_EMAIL, skip: offset }, asked);
        return rowsOf(page, offset);
      },
    };
    try {
      for await (const { items, next, warning } of readByOffset(list, from)) {
        this.#skip = warning === undefined ? 'works' : 'fails';
        // After a warning nothing may continue by `skip`, even where reading stops here: the cursor starts over.
        const behind = next === undefined || warning !== undefined ? undefined : `${SKIP}${next}`;
        // The next page begins with the last row of this one.
        reached = next === undefined ? 0 : parseInt(next, 10) - step;
        pages.delete(reached - 2 * step);
        yield { items, next: behind, full: next !== undefined };
        if (warning !== undefined) {
          break;
        }
      }
    } catch (error) {
      if (!isServiceError(error) || !REFUSALS.has(error.kind)) {
        throw error;
      }
      this.#skip = 'fails';
      // The cursor of the page before has to lead to the last page, which is known; then it leads on from there.
      const [last, before] = [pages.get(reached), pages.get(reached - step)];
      if (before?.next !== undefined && last !== undefined) {
        yield* this.#byEmail(options, before.next, last.emails.slice(1));
        return;
      }
    }
    if (this.#skip === 'fails') {
      yield* this.#byCursor(options, undefined);
    }
  }

  #emailsOf({ page }: CursorAnswer<AccountPage<T>>): (string | undefined)[] {
    return page.items.map(this.#source.emailOf);
  }
}
