import { t } from '@vscode/l10n';
import { pageOptions, type Client, type Query, type ReadOptions } from '../../transport/client.ts';
import { isServiceError, ServiceError } from '../../transport/errors.ts';
import type { HttpAnswer } from '../../transport/http.ts';
import { isJson, LONGEST_LOOK, parseObject } from '../../transport/json.ts';
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
   * Whether a route takes the parameters that add to its answer: they are documented, but nobody has shown them, and the
   * service refuses what it does not know (Smartlead FACTS 2, 3.8 and 9). Not there: untried.
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

  async campaign(id: string, options: ReadOptions): Promise<string> {
    const route = '/campaigns/{campaign_id}';
    const path = `/campaigns/${segment(id, profile.name)}`;
    const answer = await this.#withAdditions(route, { include_tags: true }, (additions) =>
      this.#client.get(route, path, additions, options),
    );
    // A campaign that does not exist is 200 with {} or nothing at all (Smartlead FACTS 3.2).
    if (isNothing(answer)) {
      throw notFound(answer);
    }
    return this.#expectObject(answer);
  }

  async account(id: string, options: ReadOptions): Promise<string> {
    const route = '/email-accounts/{email_account_id}/';
    const path = `/email-accounts/${segment(id, profile.name)}/`;
    // Both parameters are documented together, so a service that refuses one is spared the other.
    const answer = await this.#withAdditions(route, { fetch_campaigns: true, fetch_tags: true }, (additions) =>
      this.#client.get(route, path, additions, options),
    );
    if (isNothing(answer)) {
      throw notFound(answer);
    }
    return this.#expectObject(answer);
  }

  /** The senders of one campaign; a bare array, or one of the wrappers of the documentation (Smartlead FACTS 3.7). */
  async sendersOf(campaignId: string, options: ReadOptions): Promise<ListAnswer> {
    const route = '/campaigns/{campaign_id}/email-accounts';
    const path = `/campaigns/${segment(campaignId, profile.name)}/email-accounts`;
    return this.#withAdditions(route, { include_tags: true }, (additions) =>
      this.#list(route, path, additions, { ...options, limit: answerLimits.list }),
    );
  }

  /** The same as text, for a document. */
  async sendersText(campaignId: string, options: ReadOptions): Promise<string> {
    const route = '/campaigns/{campaign_id}/email-accounts';
    const path = `/campaigns/${segment(campaignId, profile.name)}/email-accounts`;
    return this.#withAdditions(route, { include_tags: true }, (additions) =>
      this.#listText(route, path, additions, { ...options, limit: answerLimits.list }),
    );
  }

  /** The steps of one campaign with their emails, which the campaign itself lacks (Smartlead FACTS 3.12). */
  async sequencesText(campaignId: string, options: ReadOptions): Promise<string> {
    const path = `/campaigns/${segment(campaignId, profile.name)}/sequences`;
    return this.#listText('/campaigns/{campaign_id}/sequences', path, {}, options);
  }

  /** One row, to see whether a key may read accounts at all. */
  anyAccount(options: ReadOptions): Promise<ListAnswer> {
    return this.#list('/email-accounts/', '/email-accounts/', { offset: 0, limit: 1 }, options);
  }

  /** All accounts, with the ids of their campaigns where the service tells them. */
  accounts(options: PageOptions): AsyncGenerator<OffsetPage, void, undefined> {
    const route = '/email-accounts/';
    const first = Number(options.from?.split(' ', 1)[0] ?? 0);
    const read = async (offset: number, limit: number) => {
      const page = await this.#withAdditions(route, { fetch_campaigns: true }, (additions) =>
        this.#list(route, route, { offset, limit, ...additions }, pageOptions(options, offset === first)),
      );
      return page.items;
    };
    const list: OffsetList = {
      service: profile.name,
      limit: PAGE,
      read,
      idOf: (row) => identifier(object(row)?.['id']),
      concurrency: () => this.#client.concurrency,
    };
    return readByOffset(list, options.from);
  }

  /** Asks with parameters that add to the answer, and once more without them where the route refuses them. */
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
      // Only now is it sure that the parameters were what the service did not like.
      this.#additions.set(route, 'refused');
      return answer;
    }
  }

  async #list(route: string, path: string, query: Query, options: ReadOptions): Promise<ListAnswer> {
    const answer = await this.#client.get(route, path, query, options);
    const items = itemsIn(answer.text);
    if (items === undefined) {
      throw noList(answer);
    }
    return { items, text: answer.text };
  }

  /** A long list is not parsed for its rows, which nobody looks at here. */
  async #listText(route: string, path: string, query: Query, options: ReadOptions): Promise<string> {
    const answer = await this.#client.get(route, path, query, options);
    if (answer.text.length > LONGEST_LOOK ? !isJson(answer) : itemsIn(answer.text) === undefined) {
      throw noList(answer);
    }
    return answer.text;
  }

  #expectObject(answer: HttpAnswer): string {
    if (!isJson(answer) || !/^\s*\{/.test(answer.text)) {
      throw new ServiceError('malformed', {
        service: profile.name,
        status: answer.status,
        serviceMessage: t('an object was expected'),
      });
    }
    return answer.text;
  }
}

/** An array, or the array in a wrapper; the wrapper `{success, data: {}}` and `{}` are empty (Smartlead FACTS 3.7). */
function itemsIn(source: string): readonly unknown[] | undefined {
  const body: unknown = parseObject(source);
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

/** The record in an answer of a single read: bare, or in the wrapper of other routes (Smartlead FACTS 3). */
export function recordIn(source: string): Json {
  const body = parseObject(source);
  return isObject(body) ? (isWrapper(body) ? (object(body['data']) ?? {}) : body) : {};
}

/** Nothing where a record would be: an empty answer, `{}`, or a wrapper around nothing. */
function isNothing({ text }: HttpAnswer): boolean {
  if (text.trim() === '') {
    return true;
  }
  // Only a short answer can have nothing in it.
  const body = text.length <= LONGEST_NOTHING ? parseObject(text) : undefined;
  const record = isObject(body) && isWrapper(body) ? body['data'] : body;
  return record === null || (isObject(record) && Object.keys(record).length === 0);
}

/** The longest answer with nothing in it, in characters: `{"success": true, "data": {}}`, with room for a message. */
const LONGEST_NOTHING = 500;

function isWrapper(body: Json): boolean {
  return !('id' in body) && 'data' in body && body['success'] !== false && body['ok'] !== false;
}

function noList({ status }: HttpAnswer): ServiceError {
  return new ServiceError('malformed', {
    service: profile.name,
    status,
    serviceMessage: t('a list was expected'),
  });
}

function notFound(answer: HttpAnswer): ServiceError {
  return new ServiceError('notFound', {
    service: profile.name,
    status: answer.status,
    serviceMessage: t('an empty answer, which is how it says that there is none'),
  });
}
