import { t } from '@vscode/l10n';
import { pageOptions, type Client, type ReadOptions } from '../../transport/client.ts';
import type { Query } from '../../transport/wire.ts';
import { isServiceError, ServiceError } from '../../transport/errors.ts';
import type { HttpAnswer } from '../../transport/http.ts';
import { parseObject } from '../../transport/json.ts';
import { answerLimits } from '../../transport/limits.ts';
import { identifier, isObject, object, type Json } from '../fields.ts';
import { readByOffset, type OffsetList, type OffsetPage } from '../paging.ts';
import type { PageOptions } from '../provider.ts';
import { segment } from '../segment.ts';
import { profile } from './profile.ts';

/** At most 100; more was seen to answer no rows at all (Smartlead FACTS 3.8). */
const PAGE = 100;

/** A page or list as read, with the text it came as. */
export interface ListAnswer {
  readonly items: readonly unknown[];
  readonly text: string;
}

/** The requests that Sendmap makes to Smartlead, each an operation of its OpenAPI document. */
export class SmartleadEndpoints {
  readonly #client: Client;
  /**
   * Whether a route takes the parameters that add to its answer: they are documented but unproven, and the service
   * refuses what it does not know (Smartlead FACTS 2, 3.8 and 9). Not there: untried.
   */
  readonly #additions = new Map<string, 'taken' | 'refused'>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** All campaigns: there is no paging (Smartlead FACTS 3.1). */
  campaigns(options: ReadOptions): Promise<ListAnswer> {
    const route = '/campaigns/';
    return this.#withAdditions(route, { include_tags: true }, (additions) =>
      this.#list(route, route, additions, { ...options, limit: answerLimits.list }),
    );
  }

  /** One campaign, as `read` reads it. */
  async campaign<T>(id: string, options: ReadOptions, read: ReadAnswer<T>): Promise<T> {
    const route = '/campaigns/{campaign_id}';
    const path = `/campaigns/${segment(id, profile.name)}`;
    return this.#withAdditions(route, { include_tags: true }, async (additions) =>
      read(await this.#client.get(route, path, additions, options)),
    );
  }

  /** One account, as `read` reads it. */
  async account<T>(id: string, options: ReadOptions, read: ReadAnswer<T>): Promise<T> {
    const route = '/email-accounts/{email_account_id}/';
    const path = `/email-accounts/${segment(id, profile.name)}/`;
    // Both parameters are documented together, so a service that refuses one is spared the other.
    return this.#withAdditions(route, { fetch_campaigns: true, fetch_tags: true }, async (additions) =>
      read(await this.#client.get(route, path, additions, options)),
    );
  }

  /** The senders of one campaign; a bare array, or one of the wrappers of the documentation (Smartlead FACTS 3.7). */
  async sendersOf(campaignId: string, options: ReadOptions): Promise<ListAnswer> {
    const route = '/campaigns/{campaign_id}/email-accounts';
    const path = `/campaigns/${segment(campaignId, profile.name)}/email-accounts`;
    return this.#withAdditions(route, { include_tags: true }, (additions) =>
      this.#list(route, path, additions, { ...options, limit: answerLimits.list }),
    );
  }

  /** The same as `read` reads it, for a document: a long list is not parsed for its rows. */
  async sendersAnswer<T>(campaignId: string, options: ReadOptions, read: ReadAnswer<T>): Promise<T> {
    const route = '/campaigns/{campaign_id}/email-accounts';
    const path = `/campaigns/${segment(campaignId, profile.name)}/email-accounts`;
    return this.#withAdditions(route, { include_tags: true }, async (additions) =>
      read(await this.#client.get(route, path, additions, { ...options, limit: answerLimits.list })),
    );
  }

  /** The steps of one campaign with their emails, which the campaign itself lacks (Smartlead FACTS 3.12). */
  async sequencesAnswer<T>(campaignId: string, options: ReadOptions, read: ReadAnswer<T>): Promise<T> {
    const path = `/campaigns/${segment(campaignId, profile.name)}/sequences`;
    return read(await this.#client.get('/campaigns/{campaign_id}/sequences', path, {}, options));
  }

  /** The numbers of one campaign, as text (Smartlead FACTS 3.12). */
  async analytics(campaignId: string, options: ReadOptions): Promise<Json> {
    const path = `/campaigns/${segment(campaignId, profile.name)}/analytics`;
    return recordOf(await this.#client.get('/campaigns/{campaign_id}/analytics', path, {}, options));
  }

  /** One row, to see whether a key may read accounts at all. */
  anyAccount(options: ReadOptions): Promise<ListAnswer> {
    return this.#list('/email-accounts/', '/email-accounts/', { offset: 0, limit: 1 }, options);
  }

  /** All accounts, with the ids of their campaigns where the service gives them. */
  accounts(options: PageOptions): AsyncGenerator<OffsetPage<unknown>, void, undefined> {
    const route = '/email-accounts/';
    const first = Number(options.from?.split(' ', 1)[0] ?? 0);
    const read = async (offset: number, limit: number) => {
      const page = await this.#withAdditions(route, { fetch_campaigns: true }, (additions) =>
        this.#list(route, route, { offset, limit, ...additions }, pageOptions(options, offset === first)),
      );
      return [...page.items];
    };
    const list: OffsetList<unknown> = {
      service: profile.name,
      limit: PAGE,
      read,
      idOf: (row) => identifier(object(row)?.['id']),
      concurrency: () => this.#client.concurrency,
    };
    return readByOffset(list, options.from);
  }

  /** Asks with parameters that add to the answer, and again without them where the route refuses them. */
  async #withAdditions<T>(route: string, additions: Query, read: (additions: Query) => Promise<T>): Promise<T> {
    if (this.#additions.get(route) === 'refused') {
      return read({});
    }
    try {
      const answer = await read(additions);
      this.#additions.set(route, 'taken');
      return answer;
    } catch (error) {
      const refused =
        isServiceError(error) && error.kind !== 'notFound' && (error.status === 400 || error.status === 422);
      if (!refused || this.#additions.get(route) === 'taken') {
        throw error;
      }
      const answer = await read({});
      // Only now is it certain that the service refused the parameters.
      this.#additions.set(route, 'refused');
      return answer;
    }
  }

  async #list(route: string, path: string, query: Query, options: ReadOptions): Promise<ListAnswer> {
    const answer = await this.#client.get(route, path, query, options);
    return { items: itemsIn(answer, parseObject(answer.text)), text: answer.text };
  }
}

/** Reads an answer. What it throws is taken for the answer of the route, e.g. where the service refuses parameters. */
export type ReadAnswer<T> = (answer: HttpAnswer) => T | Promise<T>;

/** The record in the answer of a single read, which is parsed for it. @throws {ServiceError} as {@link recordIn} */
export function recordOf(answer: HttpAnswer): Json {
  return recordIn(answer, parseObject(answer.text));
}

/**
 * The record in the answer of a single read: bare, or in the wrapper of other routes (Smartlead FACTS 3).
 *
 * @param body what the text says, or its outline.
 * @throws {ServiceError} `notFound` where there is none, `malformed` for a list.
 */
export function recordIn(answer: HttpAnswer, body: unknown): Json {
  if (isNothing(answer, body)) {
    throw new ServiceError('notFound', {
      service: profile.name,
      status: answer.status,
      serviceMessage: t('an empty answer, which is how it says that there is none'),
    });
  }
  if (!isObject(body)) {
    throw new ServiceError('malformed', {
      service: profile.name,
      status: answer.status,
      serviceMessage: t('an object was expected'),
    });
  }
  return isWrapper(body) ? (object(body['data']) ?? {}) : body;
}

/** The rows in the answer of a list; of its outline none. @throws {ServiceError} `malformed` where it is no list */
export function itemsIn({ status }: HttpAnswer, body: unknown): readonly unknown[] {
  const items = listIn(body);
  if (items === undefined) {
    throw new ServiceError('malformed', {
      service: profile.name,
      status,
      serviceMessage: t('a list was expected'),
    });
  }
  return items;
}

/** An array, or the array in a wrapper; the wrapper `{success, data: {}}` and `{}` are empty (Smartlead FACTS 3.7). */
function listIn(body: unknown): readonly unknown[] | undefined {
  if (isArray(body)) {
    return body;
  }
  if (!isObject(body)) {
    return undefined;
  }
  const inner = body['data'] ?? body['email_accounts'];
  if (isArray(inner)) {
    return inner;
  }
  const empty = (value: unknown) => isObject(value) && Object.keys(value).length === 0;
  return empty(body) || (body['success'] === true && empty(inner)) ? [] : undefined;
}

function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/**
 * Nothing where a record would be: an empty answer, `{}`, or a wrapper around nothing. A campaign that does not exist is
 * 200 with {} or nothing at all (Smartlead FACTS 3.2).
 */
function isNothing({ text: source }: HttpAnswer, body: unknown): boolean {
  const record = isObject(body) && isWrapper(body) ? body['data'] : body;
  return source.trim() === '' || record === null || (isObject(record) && Object.keys(record).length === 0);
}

function isWrapper(body: Json): boolean {
  return !('id' in body) && 'data' in body && body['success'] !== false && body['ok'] !== false;
}
