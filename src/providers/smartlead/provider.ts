import { t } from '@vscode/l10n';
import type { Client, ReadOptions } from '../../transport/client.ts';
import { ServiceError } from '../../transport/errors.ts';
import type { HttpAnswer } from '../../transport/http.ts';
import { isoOf } from '../../transport/times.ts';
import { checkRead } from '../checkRead.ts';
import { expectDocument, expectRecord } from '../expect.ts';
import { identifier, object } from '../fields.ts';
import { membersOf } from '../json.ts';
import type { Account, Campaign, Page, SenderList } from '../model.ts';
import { decodePage, lacksTags } from '../page.ts';
import type { Path } from '../properties.ts';
import type {
  DocumentKind,
  DocumentOptions,
  Mapping,
  PageOptions,
  Provider,
  ProviderInfo,
  ReadCheck,
  ServiceDocument,
} from '../provider.ts';
import { segment } from '../segment.ts';
import { isTimeOrCounter } from '../volatile.ts';
import { decodeAccount, decodeCampaign, decodeCampaignIds, decodeSteps } from './decode.ts';
import { itemsIn, profile, recordIn, recordOf, SmartleadEndpoints } from './endpoints.ts';

/** Times that people set, and limits that are called counts. */
const LASTING = new Set(['schedule_start_time', 'expires_at', 'warmup_min_count', 'warmup_max_count']);

/** The request behind each document, up to the key. */
function pathOf(kind: DocumentKind, rawId: string): string {
  const id = segment(rawId, profile.name);
  switch (kind) {
    case 'campaign':
      return `/campaigns/${id}?include_tags=true&api_key=`;
    case 'campaign-senders':
      return `/campaigns/${id}/email-accounts?include_tags=true&api_key=`;
    case 'campaign-sequences':
      return `/campaigns/${id}/sequences?api_key=`;
    default:
      return `/email-accounts/${id}/?fetch_campaigns=true&api_key=`;
  }
}

/** What the mail servers said, by what failed (Smartlead FACTS 3.8). */
const FAILURES: Readonly<Record<string, Path>> = {
  is_smtp_success: ['smtp_failure_error'],
  is_imap_success: ['imap_failure_error'],
};

export const smartlead: ProviderInfo = {
  id: 'smartlead',
  name: profile.name,
  keyPage: 'https://app.smartlead.ai/app/settings/profile',
  keyAdvice: () => t('Smartlead keys have no scopes: any key of this account or of one client works'),
  defaultBaseUrl: 'https://server.smartlead.ai/api/v1',
  profile,
  documents: new Set<DocumentKind>([
    'account',
    'account-campaigns',
    'campaign',
    'campaign-senders',
    'campaign-sequences',
  ]),
  campaignsListSenders: false,
  // Ids are numbers, which have no other form.
  sameKey: (text) => text,
  // An email names no account, because emails repeat; its id does.
  accountKeyPattern: /^\d+$/,
  campaignIdPattern: /^\d+$/,
  emails: { kind: 'campaign-sequences', stepsOf: decodeSteps },
  nameProperties: ['name', 'from_email'],
  sampleLabel: () => t('Client: Fabrikam (sample)'),
  reasonPath: (kind, path, value) => (kind === 'account' && value === false ? FAILURES[path.join('.')] : undefined),
  isVolatile: (properties, path) => isTimeOrCounter(properties, path, LASTING),
  // The query string is the only place where Smartlead takes a key (Smartlead FACTS 2).
  shellRequest: (kind, id) => ({ url: pathOf(kind, id), urlEnd: '$SMARTLEAD_API_KEY' }),
  properties: async (kind) => (await import('./properties.ts')).properties(kind),
  campaignPage: (id) => `https://app.smartlead.ai/app/email-campaigns-v2/${segment(id, profile.name)}/analytics`,
  connect: (client) => new SmartleadProvider(client),
};

class SmartleadProvider implements Provider {
  readonly info = smartlead;
  readonly client: Client;
  readonly #endpoints: SmartleadEndpoints;

  constructor(client: Client) {
    this.client = client;
    this.#endpoints = new SmartleadEndpoints(client);
  }

  async checkKey(options: ReadOptions = {}): Promise<{ name?: string | undefined }> {
    // One row instead of the whole campaign list, which has no paging and may be megabytes.
    await this.#endpoints.anyAccount(options);
    return {};
  }

  async *checkReads(options: ReadOptions = {}): AsyncGenerator<ReadCheck> {
    const api = this.#endpoints;
    let accountId: string | undefined;
    let campaignId: string | undefined;
    yield await checkRead(t('Accounts'), undefined, async () => {
      const { items } = await api.anyAccount(options);
      accountId = identifier(object(items[0])?.['id']);
    });
    yield await checkRead(t('Campaigns'), undefined, async () => {
      const { items } = await api.campaigns(options);
      campaignId = identifier(object(items[0])?.['id']);
    });
    const [account, campaign] = [accountId, campaignId];
    if (account !== undefined) {
      yield await checkRead(t('One account'), undefined, () => api.account(account, options, recordOf));
    }
    if (campaign !== undefined) {
      yield await checkRead(t('Senders of a campaign'), undefined, () => api.sendersOf(campaign, options));
    }
  }

  async *accountPages(options: PageOptions = {}): AsyncGenerator<Page<Account>> {
    for await (const { items, next, warning } of this.#endpoints.accounts(options)) {
      yield { ...decodePage(items, decodeAccount), next, warning };
    }
  }

  async *campaignPages(options: PageOptions = {}): AsyncGenerator<Page<Campaign>> {
    const { items } = await this.#endpoints.campaigns(options);
    yield { ...decodePage(items, decodeCampaign), lacks: lacksTags(items) };
  }

  async account(key: string, options: ReadOptions = {}): Promise<Account> {
    return expectRecord(profile.name, decodeAccount(await this.#endpoints.account(key, options, recordOf)));
  }

  async campaign(id: string, options: ReadOptions = {}): Promise<Campaign> {
    return expectRecord(profile.name, decodeCampaign(await this.#endpoints.campaign(id, options, recordOf)));
  }

  async mappingOf(accountKey: string, options: ReadOptions = {}): Promise<Mapping> {
    const account = await this.#endpoints.account(accountKey, options, recordOf);
    const ids = decodeCampaignIds(account['campaign_ids']);
    return ids === undefined ? { invalid: [] } : { ids, invalid: [] };
  }

  async sendersOf(campaignId: string, options: ReadOptions = {}): Promise<SenderList> {
    const { items, invalid } = decodePage((await this.#endpoints.sendersOf(campaignId, options)).items, decodeAccount);
    return { senders: items.map((account) => ({ account, reasons: [{ kind: 'reported' }] })), invalid };
  }

  async document(kind: DocumentKind, id: string, options: DocumentOptions = {}): Promise<ServiceDocument> {
    const unread = { ...options, unread: true };
    const readAs = (check: (answer: HttpAnswer, outline: unknown) => unknown) => (answer: HttpAnswer) =>
      expectDocument(smartlead, answer.text, options, (outline) => {
        this.client.refuseHiddenError(answer, outline);
        check(answer, outline);
      });
    switch (kind) {
      case 'account':
        return this.#endpoints.account(id, unread, readAs(recordIn));
      case 'campaign':
        return this.#endpoints.campaign(id, unread, readAs(recordIn));
      case 'campaign-senders':
        return this.#endpoints.sendersAnswer(id, unread, readAs(itemsIn));
      case 'campaign-sequences':
        return this.#endpoints.sequencesAnswer(id, unread, readAs(itemsIn));
      case 'account-campaigns':
        return expectDocument(smartlead, await this.#campaignsDocument(id, options), options);
      default:
        throw new ServiceError('notFound', {
          service: profile.name,
          serviceMessage: t('it has no such document'),
        });
    }
  }

  /**
   * Smartlead has no route for the campaigns of an account (Smartlead FACTS 3.15): the document joins the campaign
   * list with the ids on the account, or with those of a scan, and says which.
   */
  async #campaignsDocument(key: string, options: DocumentOptions): Promise<string> {
    const listed = (await this.mappingOf(key, options)).ids;
    const scan = listed === undefined ? await options.scan?.(key) : undefined;
    const { items, text: source } = await this.#endpoints.campaigns(options);
    const members = (await membersOf(source)) ?? (await membersOf(source, 'data')) ?? [];
    const raw = new Map(members.map((member, place) => [identifier(object(items[place])?.['id']), member]));
    const campaigns = (listed ?? scan?.ids ?? []).map((id) => raw.get(id) ?? JSON.stringify({ id: Number(id) }));
    const known =
      scan === undefined
        ? { campaign_ids: 'fetch_campaigns' }
        : {
            campaigns_scanned: scan.scanned,
            campaigns_in_all: scan.total,
            scanned_at: isoOf(scan.scannedAt),
          };
    return `{"email_account_id":${JSON.stringify(Number(key))},"known_from":${JSON.stringify(known)},"campaigns":[${campaigns.join(',')}]}`;
  }
}
