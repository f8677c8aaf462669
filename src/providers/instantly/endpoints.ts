import { t } from '@vscode/l10n';
import { pageOptions, type Client, type Query, type ReadOptions } from '../../transport/client.ts';
import { ServiceError } from '../../transport/errors.ts';
import type { HttpAnswer } from '../../transport/http.ts';
import { parseObject, textOf } from '../../transport/json.ts';
import type { ServiceProfile } from '../../transport/profile.ts';
import { isObject, object, text, type Json } from '../fields.ts';
import { isHiddenError } from '../hiddenError.ts';
import { walkCursor, type CursorAnswer } from '../paging.ts';
import type { PageOptions } from '../provider.ts';
import { segment } from '../segment.ts';
import { AccountList, type AccountPage, type ListPage } from './accountList.ts';

/** Ids in one request: as URLs of 2,000 characters, which everything between here and the service takes. */
export const MOST_IDS = 50;

const API = '/api/v2';
/** At most 100; more is a 400 (Instantly FACTS 1.1). */
const PAGE = 100;

export const profile: ServiceProfile = {
  name: 'Instantly',
  baseUrlSetting: 'sendmap.instantly.baseUrl',
  apiPath: API,
  // Published for a workspace (Instantly FACTS 3.3).
  limits: [
    { requests: 100, milliseconds: 1_000 },
    { requests: 6_000, milliseconds: 60_000 },
  ],
  // FACTS advise 2 to 4 at once, because parallel lists once hung. Only accounts read by `skip` come to more, and they
  // go back to the cursor where one request times out.
  concurrency: 6,
  authorize(key, _url, headers) {
    headers['authorization'] = `Bearer ${key}`;
  },
  classify(answer) {
    const message = messageOf(answer) ?? '';
    if (answer.status === 404 && (/^route\b/i.test(message) || /<html|<!doctype/i.test(answer.text))) {
      // An unknown route, not an unknown record: the base URL is wrong or the service has changed (FACTS 3.1).
      return 'malformed';
    }
    // Ids that are not UUIDs and the like: the thing that was asked for does not exist (Instantly FACTS 2.3).
    return answer.status === 400 && message.startsWith('params/') ? 'notFound' : undefined;
  },
  isError: isHiddenError,
  messageOf,
};

/** `message` tells cases apart, `error` is only the reason phrase; some routes have `error` alone (FACTS 3.1). */
function messageOf(answer: HttpAnswer): string | undefined {
  const body = parseObject(answer.text);
  if (body === undefined) {
    return textOf(answer);
  }
  return isObject(body)
    ? (text(body['message']) ?? text(body['error']) ?? text(object(body['error'])?.['message']))
    : undefined;
}

/** The requests that Sendmap makes to Instantly, each an operation of its OpenAPI document. */
export class InstantlyEndpoints {
  readonly #client: Client;
  readonly #accounts: AccountList;

  constructor(client: Client) {
    this.#client = client;
    this.#accounts = new AccountList({
      service: profile.name,
      limit: PAGE,
      read: (query, options) => this.#page('/accounts', '/accounts', { include_tags: true, ...query }, options),
      concurrency: () => client.concurrency,
    });
  }

  /** `GET /workspaces/current` (Instantly FACTS 2.4). */
  workspace(options: ReadOptions): Promise<HttpAnswer> {
    return this.#answer('/workspaces/current', '/workspaces/current', {}, options);
  }

  /** One row, to see whether a key may read accounts at all. */
  anyAccount(options: ReadOptions): Promise<Json> {
    return this.#object('/accounts', '/accounts', { limit: 1 }, options);
  }

  anyCampaign(options: ReadOptions): Promise<Json> {
    return this.#object('/campaigns', '/campaigns', { limit: 1 }, options);
  }

  anyTag(options: ReadOptions): Promise<Json> {
    return this.#object('/custom-tags', '/custom-tags', { limit: 1 }, options);
  }

  anyTagMapping(options: ReadOptions): Promise<Json> {
    return this.#object('/custom-tag-mappings', '/custom-tag-mappings', { limit: 1 }, options);
  }

  async anyMapping(email: string, options: ReadOptions): Promise<Json> {
    const path = `/account-campaign-mappings/${segment(email, profile.name)}`;
    return this.#object('/account-campaign-mappings/{email}', path, { limit: 1 }, options);
  }

  async account(email: string, options: ReadOptions): Promise<HttpAnswer> {
    return this.#answer('/accounts/{email}', `/accounts/${segment(email, profile.name)}`, {}, options);
  }

  async campaign(id: string, options: ReadOptions): Promise<HttpAnswer> {
    return this.#answer('/campaigns/{id}', `/campaigns/${segment(id, profile.name)}`, {}, options);
  }

  /** All accounts with their tags. */
  accounts(options: PageOptions): AsyncGenerator<AccountPage, void, undefined> {
    return this.#accounts.pages(options);
  }

  /** The accounts that carry a tag. */
  accountsWithTag(tagId: string, options: PageOptions): AsyncGenerator<ListPage, void, undefined> {
    return this.#list('/accounts', '/accounts', { include_tags: true, tag_ids: tagId }, options);
  }

  /** All campaigns; without the parameter those of the AI sales agent are hidden (Instantly FACTS 0). */
  campaigns(options: PageOptions): AsyncGenerator<ListPage, void, undefined> {
    return this.#list('/campaigns', '/campaigns', { include_ai_sales_agent_campaigns: true }, options);
  }

  /** The campaigns of one account (Instantly FACTS 2.2). */
  mappings(email: string, options: ReadOptions): AsyncGenerator<ListPage, void, undefined> {
    const path = `/account-campaign-mappings/${segment(email, profile.name)}`;
    return this.#list('/account-campaign-mappings/{email}', path, {}, options);
  }

  /** The tag mappings of accounts (by email) or campaigns (by id), at most {@link MOST_IDS} (Instantly FACTS 2.4). */
  tagMappings(resourceIds: readonly string[], options: ReadOptions): AsyncGenerator<ListPage, void, undefined> {
    const query = { resource_ids: resourceIds.join(',') };
    return this.#list('/custom-tag-mappings', '/custom-tag-mappings', query, options);
  }

  /** One tag (Instantly FACTS 2.4). */
  async tag(id: string, options: ReadOptions): Promise<HttpAnswer> {
    return this.#answer('/custom-tags/{id}', `/custom-tags/${segment(id, profile.name)}`, {}, options);
  }

  /** The tags with these ids, at most {@link MOST_IDS}. */
  tags(ids: readonly string[], options: ReadOptions): AsyncGenerator<ListPage, void, undefined> {
    return this.#list('/custom-tags', '/custom-tags', { tag_ids: ids.join(',') }, options);
  }

  async #object(route: string, path: string, query: Query, options: ReadOptions): Promise<Json> {
    return objectIn(await this.#answer(route, path, query, options));
  }

  #answer(route: string, path: string, query: Query, options: ReadOptions): Promise<HttpAnswer> {
    return this.#client.get(`${API}${route}`, `${API}${path}`, query, options);
  }

  #list(route: string, path: string, query: Query, options: PageOptions): AsyncGenerator<ListPage, void, undefined> {
    const read = (cursor: string | undefined) =>
      this.#page(route, path, { ...query, starting_after: cursor }, pageOptions(options, cursor === options.from));
    return walkCursor(profile.name, read, options.from);
  }

  async #page(
    route: string,
    path: string,
    { starting_after, ...query }: Query,
    options: ReadOptions,
  ): Promise<CursorAnswer<ListPage>> {
    const page = { ...query, limit: PAGE, starting_after };
    const answer = await this.#client.get(`${API}${route}`, `${API}${path}`, page, options);
    const body = parseObject(answer.text);
    const items = isObject(body) ? body['items'] : undefined;
    if (!isObject(body) || !Array.isArray(items)) {
      throw malformed(answer, t('a list without "items"'));
    }
    const next = body['next_starting_after'];
    const full = items.length >= PAGE;
    return {
      page: { items: items as readonly unknown[], text: answer.text, next: text(next), full },
      count: items.length,
      full,
      next,
    };
  }
}

/** The object in an answer of a single read, which is parsed for it. @throws {ServiceError} as {@link expectObject} */
export function objectIn(answer: HttpAnswer): Json {
  return expectObject(answer, parseObject(answer.text));
}

/** @param body what the text says, or its outline. @throws {ServiceError} `malformed` where it is no object */
export function expectObject(answer: HttpAnswer, body: unknown): Json {
  if (!isObject(body)) {
    throw malformed(answer, t('not an object'));
  }
  return body;
}

function malformed(answer: HttpAnswer, problem: string): ServiceError {
  return new ServiceError('malformed', { service: profile.name, status: answer.status, serviceMessage: problem });
}
