import { t } from '@vscode/l10n';
import type { Client, ReadOptions } from '../../transport/client.ts';
import type { HttpAnswer } from '../../transport/http.ts';
import { parseObject } from '../../transport/json.ts';
import { isServiceError, ServiceError } from '../../transport/errors.ts';
import type { ServiceChanges } from '../changes.ts';
import { checkRead } from '../checkRead.ts';
import { expectDocument, expectRecord } from '../expect.ts';
import { list, object, text, type Json } from '../fields.ts';
import { membersOf } from '../json.ts';
import type { Account, Campaign, InvalidRecord, Page, SenderAccount, SenderList, SenderReason, Tag } from '../model.ts';
import { decodePage, labelOf, someLackTags } from '../page.ts';
import type {
  CampaignTags,
  DocumentKind,
  DocumentOptions,
  DomainVitals,
  Mapping,
  PageOptions,
  Provider,
  ReadCheck,
  SendingStatus,
  SentAndBounced,
  ServiceDocument,
} from '../provider.ts';
import { InstantlyChanges } from './changes.ts';
import type { AccountPage } from './accountList.ts';
import {
  decodeAccount,
  decodeBounces,
  decodeCampaign,
  decodeMapping,
  decodeSendingStatus,
  decodeTag,
  decodeTagMapping,
  decodeVitals,
  type TagMapping,
} from './decode.ts';
import { expectObject, InstantlyEndpoints, MOST_IDS, objectIn, type ListPage } from './endpoints.ts';
import { instantly, sameKey } from './info.ts';
import { profile } from './profile.ts';

/** Pages full of unrequested mappings: after this many the service is known to return those of everyone. */
const MOST_STRAY_PAGES = 5;

/** Instantly, asked with one key. */
export class InstantlyProvider implements Provider {
  readonly info = instantly;
  readonly client: Client;
  readonly changes: ServiceChanges;
  readonly #endpoints: InstantlyEndpoints;

  constructor(client: Client) {
    this.client = client;
    this.changes = new InstantlyChanges(client);
    this.#endpoints = new InstantlyEndpoints(client);
  }

  async checkKey(options: ReadOptions = {}): Promise<{ name?: string | undefined }> {
    try {
      return { name: text(objectIn(await this.#endpoints.workspace(options))['name']) };
    } catch (error) {
      if (!isServiceError(error) || error.kind !== 'missingScope') {
        throw error;
      }
      // A key without workspaces:read is still a good key.
      await this.#endpoints.anyAccount(options);
      return {};
    }
  }

  async *checkReads(options: ReadOptions = {}): AsyncGenerator<ReadCheck> {
    const api = this.#endpoints;
    yield await checkRead(t('Workspace'), 'workspaces:read', async () => objectIn(await api.workspace(options)));
    let anyEmail: string | undefined;
    yield await checkRead(t('Accounts'), 'accounts:read', async () => {
      const first = list((await api.anyAccount(options))['items'], object)?.[0];
      anyEmail = text(first?.['email']);
    });
    yield await checkRead(t('Campaigns'), 'campaigns:read', () => api.anyCampaign(options));
    yield await checkRead(t('Campaigns of an account'), 'account_campaign_mappings:read', async () => {
      try {
        await api.anyMapping(anyEmail ?? 'nobody@example.com', options);
      } catch (error) {
        // Whether an unknown email is an empty list or a 404 is not known (Instantly FACTS 6.1); both mean: allowed.
        if (!isServiceError(error) || error.kind !== 'notFound') {
          throw error;
        }
      }
    });
    yield await checkRead(t('Tags'), 'custom_tags:read', () => api.anyTag(options));
    yield await checkRead(t('Tags of accounts and campaigns'), 'custom_tag_mappings:read', () =>
      api.anyTagMapping(options),
    );
  }

  async *accountPages(options: PageOptions = {}): AsyncGenerator<Page<Account>> {
    for await (const page of this.#endpoints.accounts(options)) {
      yield decodeAccounts(page);
    }
  }

  async *accountsWithTag(tagId: string, options: PageOptions = {}): AsyncGenerator<Page<Account>> {
    for await (const page of this.#endpoints.accountsWithTag(tagId, options)) {
      const { warning, ...accounts } = decodeAccounts(page);
      const hidden = warning === undefined ? [] : [{ label: tagId, problem: t('has accounts that may be missing') }];
      yield { ...accounts, invalid: [...accounts.invalid, ...hidden] };
    }
  }

  async *campaignPages(options: PageOptions = {}): AsyncGenerator<Page<Campaign>> {
    for await (const page of this.#endpoints.campaigns(options)) {
      const { items, invalid } = decodePage(page.items, decodeCampaign);
      yield { items, invalid: [...invalid, ...oddSenders(page.items)], next: page.next };
    }
  }

  async account(key: string, options: ReadOptions = {}): Promise<Account> {
    return expectRecord(profile.name, decodeAccount(objectIn(await this.#endpoints.account(key, options))));
  }

  async campaign(id: string, options: ReadOptions = {}): Promise<Campaign> {
    return expectRecord(profile.name, decodeCampaign(objectIn(await this.#endpoints.campaign(id, options))));
  }

  async mappingOf(accountKey: string, options: ReadOptions = {}): Promise<Mapping> {
    const { items, invalid, partial } = await readAll(this.#mappings(accountKey, options), decodeMapping);
    return { campaigns: [...new Map(items.map((campaign) => [campaign.id, campaign])).values()], invalid, partial };
  }

  async sendersOf(campaignId: string, options: ReadOptions = {}): Promise<SenderList> {
    const { senders, invalid } = await this.#senders(campaignId, options);
    return { senders, invalid };
  }

  /**
   * From the mappings of many campaigns at once, and the labels of the tags in them: two or three requests for every 50
   * campaigns. `GET /campaigns?tag_ids=` would take two for every tag there is, and most tags are on accounts only.
   */
  async campaignTags(campaignIds: readonly string[], options: ReadOptions = {}): Promise<CampaignTags> {
    const asked = new Map(campaignIds.map((id) => [sameKey(id), id]));
    const tagIds = new Map<string, Set<string>>();
    const invalid: InvalidRecord[] = [];
    const strays = { pages: 0 };
    for (const batch of batches(campaignIds)) {
      const answer = await this.#allTagMappings(batch, options, strays);
      for (const { tagId, resourceId } of answer.items) {
        const campaignId = asked.get(sameKey(resourceId)) ?? resourceId;
        tagIds.set(campaignId, (tagIds.get(campaignId) ?? new Set()).add(tagId));
      }
      answer.invalid.forEach((record) => invalid.push(record));
    }
    const known = await this.tagsById([...new Set([...tagIds.values()].flatMap((ids) => [...ids]))], options);
    const tags = [...tagIds].map(
      ([campaignId, ids]) => [campaignId, [...ids].map((id) => known.get(id) ?? { id, label: id })] as const,
    );
    return { tags: new Map(tags), invalid };
  }

  /** One list for every 50 ids, instead of a request for each (Instantly FACTS 2.4). */
  async tagsById(ids: readonly string[], options: ReadOptions = {}): Promise<ReadonlyMap<string, Tag>> {
    const tags = new Map<string, Tag>();
    for (const batch of batches(ids)) {
      for await (const page of this.#endpoints.tags(batch, options)) {
        for (const tag of list(page.items, decodeTag) ?? []) {
          tags.set(tag.id, tag);
        }
      }
    }
    return tags;
  }

  async sendingStatus(campaignId: string, options: ReadOptions = {}): Promise<SendingStatus> {
    const status = decodeSendingStatus(await this.#endpoints.sendingStatus(campaignId, options));
    return { source: 'GET /campaigns/{id}/sending-status', ...status };
  }

  async bounces(campaignId: string, options: ReadOptions = {}): Promise<SentAndBounced | undefined> {
    return decodeBounces(await this.#endpoints.analytics(campaignId, options), campaignId);
  }

  async domainVitals(email: string, options: ReadOptions = {}): Promise<DomainVitals | undefined> {
    const domain = email.slice(email.lastIndexOf('@') + 1);
    const vitals = decodeVitals(await this.#endpoints.vitals([email], options), domain);
    return vitals && { source: 'POST /accounts/test/vitals', ...vitals };
  }

  /** Where the key may not read it, or there is no agent, nothing is known of it. */
  async agentFeed(options: ReadOptions = {}): Promise<readonly Json[] | undefined> {
    try {
      return await this.#endpoints.agentFeed(options);
    } catch (error) {
      // A service without such a route answers 404, which elsewhere would mean a wrong base URL.
      if (isServiceError(error) && (error.kind === 'missingScope' || error.status === 404)) {
        return undefined;
      }
      throw error;
    }
  }

  async document(kind: DocumentKind, id: string, options: DocumentOptions = {}): Promise<ServiceDocument> {
    const api = this.#endpoints;
    const unread = { ...options, unread: true };
    const read = (answer: HttpAnswer) =>
      expectDocument(instantly, answer.text, options, (outline) => {
        this.client.refuseHiddenError(answer, outline);
        expectObject(answer, outline);
      });
    const joined = (source: string) => expectDocument(instantly, source, options);
    switch (kind) {
      case 'workspace':
        return read(await api.workspace(unread));
      case 'account':
        return read(await api.account(id, unread));
      case 'campaign':
        return read(await api.campaign(id, unread));
      case 'tag':
        return read(await api.tag(id, unread));
      case 'account-campaigns':
        return joined(`{"items":[${(await rawItems(this.#mappings(id, options))).join(',')}]}`);
      case 'account-tags':
      case 'campaign-tags':
        return joined(await this.#tagDocument(id, options));
      case 'campaign-senders':
        return joined(await this.#sendersDocument(id, options));
      case 'campaign-sequences':
        // They are in the campaign itself (Instantly FACTS 2.3).
        throw new ServiceError('notFound', {
          service: profile.name,
          serviceMessage: t('it has no such document'),
        });
    }
  }

  /** An account in no campaign may be a 404 instead of an empty list (Instantly FACTS 2.2 and 6.1). */
  async *#mappings(email: string, options: ReadOptions): AsyncGenerator<ListPage, void, undefined> {
    let begun = false;
    try {
      for await (const page of this.#endpoints.mappings(email, options)) {
        begun = true;
        yield page;
      }
    } catch (error) {
      if (begun || !isServiceError(error) || error.kind !== 'notFound' || error.status !== 404) {
        throw error;
      }
    }
  }

  /**
   * The tag mappings of these accounts or campaigns, without those of others: a service that ignores `resource_ids`
   * gives the mappings of all, of which there are millions in some workspaces (Instantly FACTS 2.4).
   *
   * @param strays counts the pages that are mostly of others.
   * @throws {ServiceError} `malformed` where there are too many of them.
   */
  async *#tagMappings(
    resourceIds: readonly string[],
    options: ReadOptions,
    strays: { pages: number },
  ): AsyncGenerator<ListPage, void, undefined> {
    const own = new Set(resourceIds.map(sameKey));
    for await (const page of this.#endpoints.tagMappings(resourceIds, options)) {
      const items = page.items.filter((item) => isOf(own, item));
      if (items.length * 2 < page.items.length) {
        strays.pages += 1;
      }
      if (strays.pages > MOST_STRAY_PAGES) {
        throw resourceIdsIgnored();
      }
      yield { ...page, items };
    }
  }

  /** Decoded, and by halves where they take more than one page: rows of the same time may hide between two pages. */
  async #allTagMappings(
    resourceIds: readonly string[],
    options: ReadOptions,
    strays: { pages: number },
  ): Promise<{ readonly items: readonly TagMapping[]; readonly invalid: readonly InvalidRecord[] }> {
    const { items, invalid, partial } = await readAll(
      this.#tagMappings(resourceIds, options, strays),
      decodeTagMapping,
    );
    if (!partial) {
      return { items, invalid };
    }
    if (strays.pages > 0) {
      throw resourceIdsIgnored();
    }
    const [only = '', ...others] = resourceIds;
    if (others.length === 0) {
      return { items, invalid: [...invalid, { label: only, problem: t('has so many tags that some may be missing') }] };
    }
    const half = Math.ceil(resourceIds.length / 2);
    const first = await this.#allTagMappings(resourceIds.slice(0, half), options, strays);
    const second = await this.#allTagMappings(resourceIds.slice(half), options, strays);
    return { items: [...first.items, ...second.items], invalid: [...first.invalid, ...second.invalid] };
  }

  /**
   * The senders of a campaign: `email_list` names accounts, `email_tag_list` names tags, and every account with such
   * a tag sends too (Instantly FACTS 2.4, "Two different tag uses").
   */
  async #senders(campaignId: string, options: ReadOptions) {
    const campaign = await this.campaign(campaignId, options);
    const tagIds = campaign.senderTagIds ?? [];
    const tags = await this.tagsById(tagIds, options);
    const senders = new Map<string, { account: SenderAccount; reasons: SenderReason[] }>();
    const invalid: InvalidRecord[] = [];
    for (const email of campaign.listedSenders ?? []) {
      senders.set(sameKey(email), { account: { key: email, email }, reasons: [{ kind: 'listed' }] });
    }
    for (const id of tagIds) {
      const tag = tags.get(id) ?? { id, label: id };
      for await (const page of this.accountsWithTag(id, options)) {
        page.invalid.forEach((record) => invalid.push(record));
        for (const account of page.items) {
          const known = senders.get(sameKey(account.key));
          const reason: SenderReason = { kind: 'tag', tag };
          senders.set(sameKey(account.key), { account, reasons: [...(known?.reasons ?? []), reason] });
        }
      }
    }
    return {
      campaign,
      tags: tagIds.map((id) => tags.get(id) ?? { id, label: undefined }),
      senders: [...senders.values()],
      invalid,
    };
  }

  async #sendersDocument(campaignId: string, options: ReadOptions): Promise<string> {
    const { campaign, tags, senders } = await this.#senders(campaignId, options);
    return JSON.stringify({
      campaign_id: campaign.id,
      campaign_name: campaign.name,
      email_tag_list: tags,
      senders: senders.map(({ account, reasons }) => ({
        email: account.email,
        because: reasons.map((reason) =>
          reason.kind === 'tag' ? { email_tag_list: reason.tag.id, label: reason.tag.label } : 'email_list',
        ),
      })),
    });
  }

  async #tagDocument(resourceId: string, options: ReadOptions): Promise<string> {
    const own = new Set([sameKey(resourceId)]);
    const all = await rawItems(this.#tagMappings([resourceId], options, { pages: 0 }));
    const mappings = all.filter((raw) => isOf(own, parseObject(raw)));
    const ids = new Set(mappings.map(tagIdIn).filter((id) => id !== undefined));
    const tags = new Map<string, string>();
    for (const batch of batches([...ids])) {
      for (const raw of await rawItems(this.#endpoints.tags(batch, options))) {
        tags.set(text(object(parseObject(raw))?.['id']) ?? '', raw);
      }
    }
    const joined = mappings.map((raw) => {
      const id = tagIdIn(raw);
      return id === undefined ? raw : `${raw.slice(0, raw.lastIndexOf('}'))},"tag":${tags.get(id) ?? 'null'}}`;
    });
    return `{"items":[${joined.join(',')}]}`;
  }
}

/** Campaigns that name senders in an unknown form: the campaign itself can be read. */
function oddSenders(items: readonly unknown[]): InvalidRecord[] {
  return items.flatMap((item) => {
    const members = ['email_list', 'email_tag_list'].flatMap((name) => list(object(item)?.[name], odd) ?? []);
    return members.length === 0
      ? []
      : [{ label: labelOf(item), problem: t('names {0} senders in a form that is not known', members.length) }];
  });
}

function odd(member: unknown): true | undefined {
  return text(member) === undefined ? true : undefined;
}

function decodeAccounts({ items, next, full }: AccountPage<unknown>): Page<Account> {
  // A cursor that is only a time, as it was before April 2026, passes over the other accounts of that time.
  const hiding = full && next !== undefined && next === text(object(items.at(-1))?.['timestamp_created']);
  const warning = hiding ? t('the list may skip some that were created at the same moment') : undefined;
  return { ...decodePage(items, decodeAccount), next, warning, lacks: someLackTags(items) };
}

function resourceIdsIgnored(): ServiceError {
  return new ServiceError('malformed', {
    service: profile.name,
    serviceMessage: t('it returns the tags of all accounts and campaigns, not only of the requested ones'),
  });
}

function tagIdIn(rawMapping: string): string | undefined {
  return text(object(parseObject(rawMapping))?.['tag_id']);
}

/** False for a mapping of another resource than these; what names none may be of these. */
function isOf(resources: ReadonlySet<string>, mapping: unknown): boolean {
  const resource = text(object(mapping)?.['resource_id']);
  return resource === undefined || resources.has(sameKey(resource));
}

function* batches(ids: readonly string[]): Generator<readonly string[], void, undefined> {
  for (let start = 0; start < ids.length; start += MOST_IDS) {
    yield ids.slice(start, start + MOST_IDS);
  }
}

/**
 * All records of a list. `partial`: its cursor is the time of the last row of a page (Instantly FACTS 1.1), so that
 * rows of the same time may have been left out between two pages.
 */
async function readAll<T>(pages: AsyncIterable<ListPage>, decode: (item: Json) => T | string) {
  const items: T[] = [];
  const invalid: InvalidRecord[] = [];
  let partial = false;
  let cursor: string | undefined;
  for await (const page of pages) {
    const decoded = decodePage(page.items, decode);
    decoded.items.forEach((item) => items.push(item));
    decoded.invalid.forEach((record) => invalid.push(record));
    partial ||= isTime(cursor) || (page.full && isTime(page.next));
    cursor = page.next;
  }
  return { items, invalid, partial };
}

function isTime(cursor: string | undefined): boolean {
  return cursor !== undefined && /^\d{4}-\d\d-\d\dT[\d:.]+Z?$/.test(cursor);
}

async function rawItems(pages: AsyncIterable<ListPage>): Promise<string[]> {
  const items: string[] = [];
  for await (const page of pages) {
    for (const item of (await membersOf(page.text, 'items')) ?? []) {
      items.push(item);
    }
  }
  return items;
}
