import { t } from '@vscode/l10n';
import type { Client, ReadOptions } from '../../transport/client.ts';
import { isServiceError, ServiceError } from '../../transport/errors.ts';
import { checkRead } from '../checkRead.ts';
import { expectDocument, expectRecord } from '../expect.ts';
import { list, object, text } from '../fields.ts';
import { membersOf } from '../json.ts';
import type { Account, Campaign, Page, Sender, SenderAccount, SenderReason, Tag } from '../model.ts';
import { decodePage } from '../page.ts';
import type { DocumentKind, Mapping, PageOptions, Provider, ProviderInfo, ReadCheck } from '../provider.ts';
import { segment } from '../segment.ts';
import { decodeAccount, decodeCampaign, decodeMapping, decodeTag } from './decode.ts';
import type { ListPage } from './accountList.ts';
import { InstantlyEndpoints, objectIn, profile } from './endpoints.ts';
import { properties } from './properties.ts';

/** The least scopes of a key that only reads (Instantly FACTS 1). */
const SCOPES = [
  'accounts:read',
  'campaigns:read',
  'account_campaign_mappings:read',
  'custom_tags:read',
  'custom_tag_mappings:read',
  'workspaces:read',
];

const inPath = (id: string) => segment(id, profile.name);

/** The first request behind each document; lists go on with `starting_after`. */
const PATHS: Partial<Readonly<Record<DocumentKind, (id: string) => string>>> = {
  account: (id) => `/accounts/${inPath(id)}`,
  'account-campaigns': (id) => `/account-campaign-mappings/${inPath(id)}?limit=100`,
  'account-tags': (id) => `/custom-tag-mappings?limit=100&resource_ids=${inPath(id)}`,
  campaign: (id) => `/campaigns/${inPath(id)}`,
  'campaign-senders': (id) => `/campaigns/${inPath(id)}`,
  'campaign-tags': (id) => `/custom-tag-mappings?limit=100&resource_ids=${inPath(id)}`,
  tag: (id) => `/custom-tags/${inPath(id)}`,
  workspace: () => '/workspaces/current',
};

export const instantly: ProviderInfo = {
  id: 'instantly',
  name: profile.name,
  keyPage: 'https://app.instantly.ai/app/settings/integrations',
  keyAdvice: () => t('An API v2 key with at least these scopes: {0}', SCOPES.join(', ')),
  defaultBaseUrl: 'https://api.instantly.ai',
  profile,
  campaignsListSenders: true,
  documents: new Set<DocumentKind>([
    'account',
    'account-campaigns',
    'account-tags',
    'campaign',
    'campaign-senders',
    'campaign-tags',
    'tag',
    'workspace',
  ]),
  shellRequest: (kind, id) => ({
    url: `/api/v2${PATHS[kind]?.(id) ?? ''}`,
    header: 'Authorization: Bearer $INSTANTLY_API_KEY',
  }),
  properties,
  campaignPage: (id) => `https://app.instantly.ai/app/campaign/${inPath(id)}/analytics`,
  connect: (client) => new InstantlyProvider(client),
};

class InstantlyProvider implements Provider {
  readonly info = instantly;
  readonly client: Client;
  readonly #endpoints: InstantlyEndpoints;

  constructor(client: Client) {
    this.client = client;
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
    yield await checkRead(t('Workspace'), 'workspaces:read', () => api.workspace(options));
    let anyEmail: string | undefined;
    yield await checkRead(t('Accounts'), 'accounts:read', async () => {
      const first = list(objectIn(await api.anyAccount(options))['items'], object)?.[0];
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
      yield { ...decodePage(page.items, decodeAccount), next: page.next };
    }
  }

  async *campaignPages(options: PageOptions = {}): AsyncGenerator<Page<Campaign>> {
    for await (const page of this.#endpoints.campaigns(options)) {
      yield { ...decodePage(page.items, decodeCampaign), next: page.next };
    }
  }

  async account(key: string, options: ReadOptions = {}): Promise<Account> {
    return expectRecord(profile.name, decodeAccount(objectIn(await this.#endpoints.account(key, options))));
  }

  async campaign(id: string, options: ReadOptions = {}): Promise<Campaign> {
    return expectRecord(profile.name, decodeCampaign(objectIn(await this.#endpoints.campaign(id, options))));
  }

  async mappingOf(accountKey: string, options: ReadOptions = {}): Promise<Mapping> {
    const campaigns = new Map<string, Campaign>();
    for await (const page of this.#endpoints.mappings(accountKey, options)) {
      for (const campaign of decodePage(page.items, decodeMapping).items) {
        campaigns.set(campaign.id, campaign);
      }
    }
    return { campaigns: [...campaigns.values()] };
  }

  async sendersOf(campaignId: string, options: ReadOptions = {}): Promise<readonly Sender[]> {
    return (await this.#senders(campaignId, options)).senders;
  }

  async document(kind: DocumentKind, id: string, options: ReadOptions = {}): Promise<string> {
    const api = this.#endpoints;
    switch (kind) {
      case 'workspace':
        return expectDocument(profile.name, await api.workspace(options));
      case 'account':
        return expectDocument(profile.name, await api.account(id, options));
      case 'campaign':
        return expectDocument(profile.name, await api.campaign(id, options));
      case 'tag':
        return expectDocument(profile.name, await api.tag(id, options));
      case 'account-campaigns':
        return expectDocument(profile.name, `{"items":[${(await rawItems(api.mappings(id, options))).join(',')}]}`);
      case 'account-tags':
      case 'campaign-tags':
        return expectDocument(profile.name, await this.#tagDocument(id, options));
      case 'campaign-senders':
        return expectDocument(profile.name, await this.#sendersDocument(id, options));
      case 'campaign-sequences':
        // They are in the campaign itself (Instantly FACTS 2.3).
        throw new ServiceError('notFound', {
          service: profile.name,
          serviceMessage: t('it has no such document'),
        });
    }
  }

  /**
   * The senders of a campaign: `email_list` names accounts, `email_tag_list` names tags, and every account with such
   * a tag sends too (Instantly FACTS 2.4, "Two different tag uses").
   */
  async #senders(campaignId: string, options: ReadOptions) {
    const campaign = await this.campaign(campaignId, options);
    const tagIds = campaign.senderTagIds ?? [];
    const tags = await this.#tagsById(tagIds, options);
    const senders = new Map<string, { account: SenderAccount; reasons: SenderReason[] }>();
    for (const email of campaign.listedSenders ?? []) {
      senders.set(email, { account: { key: email, email }, reasons: [{ kind: 'listed' }] });
    }
    for (const id of tagIds) {
      const tag = tags.get(id) ?? { id, label: id };
      for await (const page of this.#endpoints.accountsWithTag(id, options)) {
        for (const account of decodePage(page.items, decodeAccount).items) {
          const known = senders.get(account.key);
          const reason: SenderReason = { kind: 'tag', tag };
          senders.set(account.key, { account, reasons: [...(known?.reasons ?? []), reason] });
        }
      }
    }
    return {
      campaign,
      tags: tagIds.map((id) => tags.get(id) ?? { id, label: undefined }),
      senders: [...senders.values()],
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
    const mappings = await rawItems(this.#endpoints.tagMappings(resourceId, options));
    const ids = new Set(mappings.map((raw) => text(objectIn(raw)['tag_id'])).filter((id) => id !== undefined));
    const tags = new Map<string, string>();
    if (ids.size > 0) {
      for (const raw of await rawItems(this.#endpoints.tags([...ids], options))) {
        tags.set(text(objectIn(raw)['id']) ?? '', raw);
      }
    }
    const joined = mappings.map((raw) => {
      const tag = tags.get(text(objectIn(raw)['tag_id']) ?? '') ?? 'null';
      return `${raw.slice(0, raw.lastIndexOf('}'))},"tag":${tag}}`;
    });
    return `{"items":[${joined.join(',')}]}`;
  }

  async #tagsById(ids: readonly string[], options: ReadOptions): Promise<Map<string, Tag>> {
    const tags = new Map<string, Tag>();
    if (ids.length === 0) {
      return tags;
    }
    for await (const page of this.#endpoints.tags(ids, options)) {
      for (const tag of list(page.items, decodeTag) ?? []) {
        tags.set(tag.id, tag);
      }
    }
    return tags;
  }
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
