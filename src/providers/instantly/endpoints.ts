import { t } from '@vscode/l10n';
import { pageOptions, type Client, type ReadOptions } from '../../transport/client.ts';
import type { Query } from '../../transport/wire.ts';
import { ServiceError } from '../../transport/errors.ts';
import type { HttpAnswer } from '../../transport/http.ts';
import { parseObject } from '../../transport/json.ts';
import { isObject, list, object, text, type Json } from '../fields.ts';
import { readByCursor, type CursorAnswer } from '../paging.ts';
import type { PageOptions } from '../provider.ts';
import { segment } from '../segment.ts';
import { AccountList, type AccountPage } from './accountList.ts';
import { API, profile } from './profile.ts';

/** Ids in one request: as URLs of 2,000 characters, which everything between here and the service takes. */
export const MOST_IDS = 50;

/** At most 100; more is a 400 (Instantly FACTS 1.1). */
const PAGE = 100;
/** Pages longer than this, in characters, are followed by ones with fewer records. */
const LARGE_PAGE = 3_000_000;

/** A page as read, with the text it came as for documents that show it untouched. */
export interface ListPage extends AccountPage<unknown> {
  readonly text: string;
}

/** The requests that Sendmap makes to Instantly, each an operation of its OpenAPI document. */
export class InstantlyEndpoints {
  readonly #client: Client;
  readonly #accounts: AccountList<unknown>;

  constructor(client: Client) {
    this.#client = client;
    this.#accounts = new AccountList({
      service: profile.name,
      limit: PAGE,
      read: async (query, options) => {
        const { page, ...answer } = await this.#page(
          '/accounts',
          '/accounts',
          { include_tags: true, ...query },
          options,
        );
        // Without its text, which is as large: pages wait for their turn.
        return { ...answer, page: { items: page.items, next: page.next, full: page.full } };
      },
      emailOf: (row) => text(object(row)?.['email']),
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

  /** Why a campaign sends, or does not (Instantly FACTS 2.3). */
  async sendingStatus(id: string, options: ReadOptions): Promise<Json> {
    const path = `/campaigns/${segment(id, profile.name)}/sending-status`;
    return this.#object('/campaigns/{id}/sending-status', path, {}, options);
  }

  /** The numbers of one campaign, in a bare array; without the count of leads, which takes long (Instantly FACTS 2.3). */
  async analytics(id: string, options: ReadOptions): Promise<readonly unknown[]> {
    const route = '/campaigns/analytics';
    const answer = await this.#answer(route, route, { id, exclude_total_leads_count: true }, options);
    const rows = parseObject(answer.text);
    if (!Array.isArray(rows)) {
      throw malformed(answer, t('a list was expected'));
    }
    return rows as readonly unknown[];
  }

  /** What is wrong with the domains of these emails; a POST that reads (Instantly FACTS 2.1). */
  async vitals(accounts: readonly string[], options: ReadOptions): Promise<Json> {
    return objectIn(await this.#client.ask(`${API}/accounts/test/vitals`, { accounts }, options));
  }

  /**
   * The newest entries in the feed of the workspace's deliverability agent; undefined where none is deployed (Instantly
   * FACTS, addendum: documented, not recorded).
   */
  async agentFeed(options: ReadOptions): Promise<readonly Json[] | undefined> {
    const route = '/ai-agents/deliverability';
    const agents = await this.#object(route, route, {}, options);
    const [first] = list(agents['items'], object) ?? [];
    const id = text((object(agents['agent']) ?? first ?? agents)['id']);
    if (id === undefined) {
      return undefined;
    }
    const path = `${route}/${segment(id, profile.name)}/feed-items`;
    const feed = await this.#object(`${route}/{id}/feed-items`, path, { limit: PAGE }, options);
    return list(feed['items'], object) ?? [];
  }

  /** All accounts with their tags. */
  accounts(options: PageOptions): AsyncGenerator<AccountPage<unknown>, void, undefined> {
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
    let limit = PAGE;
    const read = async (cursor: string | undefined) => {
      const pageQuery = { ...query, limit, starting_after: cursor };
      const answer = await this.#page(route, path, pageQuery, pageOptions(options, cursor === options.from));
      // A hundred campaigns that list ten thousand senders each are 30 MB, which block the extension host to parse.
      const fits = Math.floor((Math.max(1, answer.count) * LARGE_PAGE) / answer.page.text.length);
      limit = Math.min(PAGE, Math.max(1, fits));
      return answer;
    };
    return readByCursor(profile.name, read, options.from);
  }

  async #page(
    route: string,
    path: string,
    { limit = PAGE, starting_after, ...query }: Query,
    options: ReadOptions,
  ): Promise<CursorAnswer<ListPage>> {
    const page = { ...query, limit, starting_after };
    const answer = await this.#client.get(`${API}${route}`, `${API}${path}`, page, options);
    const body = parseObject(answer.text);
    const items = isObject(body) ? body['items'] : undefined;
    if (!isObject(body) || !Array.isArray(items)) {
      throw malformed(answer, t('a list without "items"'));
    }
    const next = body['next_starting_after'];
    const full = items.length >= Number(limit);
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

/** An answer that is not what was asked for. */
export function malformed(answer: HttpAnswer, problem: string): ServiceError {
  return new ServiceError('malformed', { service: profile.name, status: answer.status, serviceMessage: problem });
}
