import { t } from '@vscode/l10n';
import type { Client, ReadOptions } from '../../transport/client.ts';
import { ServiceError } from '../../transport/errors.ts';
import type { HttpAnswer } from '../../transport/http.ts';
import { isoOf } from '../../transport/times.ts';
import type { ServiceChanges } from '../changes.ts';
import { checkRead } from '../checkRead.ts';
import { expectDocument, expectRecord } from '../expect.ts';
import { identifier, object, type Json } from '../fields.ts';
import { membersOf } from '../json.ts';
import type { Account, Campaign, Page, SenderList } from '../model.ts';
import { decodePage, lacksTags } from '../page.ts';
import type {
  OwnAccount,
  DocumentKind,
  DocumentOptions,
  Mapping,
  PageOptions,
  Provider,
  ReadCheck,
  SendingStatus,
  SentAndBounced,
  ServiceDocument,
} from '../provider.ts';
import { SmartleadChanges } from './changes.ts';
import { ownFindings } from './condition.ts';
import { decodeAccount, decodeBounces, decodeCampaign, decodeCampaignIds, decodeSendingStatus } from './decode.ts';
import { itemsIn, recordIn, recordOf, SmartleadEndpoints } from './endpoints.ts';
import { smartlead } from './info.ts';
import { profile } from './profile.ts';

/** Smartlead, asked with one key. */
export class SmartleadProvider implements Provider {
  readonly info = smartlead;
  readonly client: Client;
  readonly changes: ServiceChanges;
  readonly #endpoints: SmartleadEndpoints;

  constructor(client: Client) {
    this.client = client;
    this.changes = new SmartleadChanges(client);
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

  async account(key: string, options: ReadOptions = {}): Promise<OwnAccount> {
    return ownAccount(await this.#endpoints.account(key, options, recordOf));
  }

  async campaign(id: string, options: ReadOptions = {}): Promise<Campaign> {
    return expectRecord(profile.name, decodeCampaign(await this.#endpoints.campaign(id, options, recordOf)));
  }

  async mappingOf(accountKey: string, options: ReadOptions = {}): Promise<Mapping> {
    const record = await this.#endpoints.account(accountKey, options, recordOf);
    return { account: ownAccount(record), ids: decodeCampaignIds(record['campaign_ids']), invalid: [] };
  }

  async sendersOf(campaignId: string, options: ReadOptions = {}): Promise<SenderList> {
    const { items, invalid } = decodePage((await this.#endpoints.sendersOf(campaignId, options)).items, decodeAccount);
    return { senders: items.map((account) => ({ account, reasons: [{ kind: 'reported' }] })), invalid };
  }

  /** From the list of campaigns: only there is what the service noted of a campaign (Smartlead FACTS 3.1). */
  async sendingStatus(campaignId: string, options: ReadOptions = {}): Promise<SendingStatus> {
    const { items } = await this.#endpoints.campaigns(options);
    const item = items.map(object).find((row) => identifier(row?.['id']) === campaignId);
    if (item === undefined) {
      throw new ServiceError('notFound', {
        service: profile.name,
        serviceMessage: t('the campaign is not in the list'),
      });
    }
    return { source: 'GET /campaigns/', ...decodeSendingStatus(item) };
  }

  async bounces(campaignId: string, options: ReadOptions = {}): Promise<SentAndBounced | undefined> {
    return decodeBounces(await this.#endpoints.analytics(campaignId, options));
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

/** An account as its own answer has it. @throws {ServiceError} `malformed`. */
function ownAccount(record: Json): OwnAccount {
  const account = expectRecord(profile.name, decodeAccount(record));
  const findings = ownFindings(record);
  return {
    ...account,
    ...(findings.length > 0 && { own: { findings, at: Date.now() } }),
    ...(!Array.isArray(record['tags']) && { tagsUnread: true as const }),
  };
}
