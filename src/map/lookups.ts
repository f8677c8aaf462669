import { t } from '@vscode/l10n';
import type { Account, Sender, SenderAccount } from '../providers/model.ts';
import type { Provider, ScannedCampaigns } from '../providers/provider.ts';
import type { Log } from '../transport/log.ts';
import type { ReadOptions } from '../transport/client.ts';
import { isAbort, isServiceError, ServiceError } from '../transport/errors.ts';
import { isFresh } from '../transport/time.ts';
import type { ChangeFeed } from './changeFeed.ts';
import type { Gaps } from './gaps.ts';
import { Knowledge } from './knowledge.ts';
import { takeAccount, takeCampaign } from './singleReads.ts';
import type { MapStore } from './store.ts';
import type { EdgeReader } from './sync/edgeReader.ts';
import type { Lists } from './sync/lists.ts';
import type { SyncRequests } from './sync/requests.ts';
import type { Synchronizer } from './sync/synchronizer.ts';

/** What became of asking the service which campaigns an account feeds. */
export interface MappingCheck {
  readonly status: 'asking' | 'answered' | 'failed';
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly error?: ServiceError | undefined;
}

/** An answer about one account is good for this long, in milliseconds. */
const CHECK_LIFE = 60_000;

/** Joins those who ask for the same at the same time. Keeps no result: a failure is gone with those who waited for it. */
class InFlight<T> {
  readonly #promises = new Map<string, Promise<T>>();

  get(key: string, load: () => Promise<T>): Promise<T> {
    let promise = this.#promises.get(key);
    if (promise === undefined) {
      promise = load().finally(() => this.#promises.delete(key));
      this.#promises.set(key, promise);
    }
    return promise;
  }
}

export interface LookupsOptions {
  readonly provider: Provider;
  readonly store: MapStore;
  readonly feed: ChangeFeed;
  readonly lists: Lists;
  readonly edges: EdgeReader;
  readonly sync: Synchronizer;
  readonly requests: SyncRequests;
  readonly gaps: Gaps;
  readonly log: Log;
  readonly disposed: AbortSignal;
}

/** Asks the service about one account or one campaign, and takes in what it says. */
export class Lookups {
  /** Whether all campaigns of an account are known, and all senders of a campaign. */
  readonly knowledge: Knowledge;
  readonly #options: LookupsOptions;
  readonly #provider: Provider;
  readonly #store: MapStore;
  readonly #feed: ChangeFeed;
  readonly #gaps: Gaps;
  readonly #requests: SyncRequests;
  readonly #checks = new Map<string, MappingCheck>();
  readonly #checking = new InFlight<boolean>();
  readonly #loading = new InFlight<readonly Sender[]>();
  readonly #failures = new Map<string, ServiceError>();

  constructor(options: LookupsOptions) {
    const { provider, store, lists, edges } = options;
    this.#options = options;
    this.#provider = provider;
    this.#store = store;
    this.#feed = options.feed;
    this.#gaps = options.gaps;
    this.#requests = options.requests;
    const isAnswered = (accountKey: string) => this.#checks.get(accountKey)?.status === 'answered';
    this.knowledge = new Knowledge(provider.info.edgesFrom, store, lists, edges, isAnswered);
  }

  /** What became of asking which campaigns an account feeds; undefined where nobody asked since the last sync began. */
  mappingCheckOf(accountKey: string): MappingCheck | undefined {
    return this.#checks.get(accountKey);
  }

  /** Forgets what was asked, so that a new sync may ask again. */
  forget(): void {
    this.#checks.clear();
    this.#failures.clear();
  }

  /**
   * Asks which campaigns an account feeds. What was answered within the last minute is good; `fresh` asks again. A
   * failure is kept in {@link mappingCheckOf} until it is asked again. Where the service has no such answer, or gives
   * nothing but ids, the lists are read.
   */
  async checkMapping(accountKey: string, fresh = false): Promise<void> {
    const { sync, edges, lists } = this.#options;
    const answered = await this.#checkMapping(accountKey, fresh);
    if (!answered && !edges.scanned && !sync.cancelled && !sync.running) {
      // This service does not say; its campaigns have to be asked, in the background.
      void this.#requests.sync(false);
    } else if (answered && this.#provider.info.edgesFrom !== 'campaigns' && !lists.campaigns.known) {
      // Only ids came; their names are in the list of campaigns.
      await this.#requests.sync(false);
    }
    this.#feed.publish();
  }

  /** Reads the campaigns of an account, all of them and now. @throws {ServiceError} where they could not be read. */
  async loadCampaignsOf(accountKey: string): Promise<void> {
    await this.#checkMapping(accountKey, true);
    const { error } = this.#checks.get(accountKey) ?? {};
    if (error !== undefined) {
      throw error;
    }
    if (this.#provider.info.edgesFrom === 'campaigns') {
      await this.#requests.allCampaigns();
    } else if (this.#options.edges.needsScan || !this.knowledge.ofCampaigns(accountKey)) {
      const [failure] = (await this.#requests.scan()).failures.values();
      if (failure !== undefined) {
        throw failure;
      }
    }
    this.#feed.publish();
  }

  /** The campaigns of an account by scanning, for documents of services that do not list them. @throws {ServiceError} */
  async scannedCampaignsOf(accountKey: string): Promise<ScannedCampaigns> {
    const { counts } = await this.#requests.scan();
    const { campaigns, accounts, edges } = this.#store;
    const ids: string[] = [];
    edges.campaignsOf(accounts.number(accountKey), (campaign) => ids.push(campaigns.keyAt(campaign)));
    const scannedAt = campaigns.rows.reduce((at, { id }) => Math.max(at, edges.statedAt(campaigns.number(id))), 0);
    return { ids, scanned: counts.scanned, total: counts.total, scannedAt };
  }

  /** True where the service has such an answer. */
  async #checkMapping(accountKey: string, fresh: boolean): Promise<boolean> {
    const last = this.#checks.get(accountKey);
    const asking = last?.status === 'asking';
    if (!fresh && !asking && last !== undefined && (last.status === 'failed' || isFresh(last.at, CHECK_LIFE))) {
      return true;
    }
    return this.#checking.get(accountKey, () => this.#check(accountKey));
  }

  /** The senders of a campaign, fresh, with what the map knows about each account. @throws {ServiceError} */
  async sendersOf(campaignId: string): Promise<readonly Sender[]> {
    return this.#loading.get(campaignId, async () => {
      const { senders, invalid } = await this.#ask((options) => this.#provider.sendersOf(campaignId, options));
      this.#gaps.setInvalidSenders(campaignId, this.#store.campaigns.get(campaignId)?.name, invalid);
      this.#store.putSenderList(
        campaignId,
        senders.map(({ account }) => account.key),
        Date.now(),
      );
      this.#failures.delete(campaignId);
      return senders.map(({ account, reasons }) => ({ account: this.#joined(account), reasons }));
    });
  }

  /**
   * Asks a campaign for its senders where they are not known otherwise, unless that failed since the last sync began.
   *
   * @throws {ServiceError}
   */
  async loadSendersOf(campaignId: string): Promise<void> {
    if (this.#provider.info.edgesFrom === 'campaigns' || this.knowledge.ofSenders(campaignId)) {
      return;
    }
    const failure = this.#failures.get(campaignId);
    if (failure !== undefined) {
      // A row that is painted again must not ask again.
      throw failure;
    }
    try {
      await this.sendersOf(campaignId);
    } catch (error) {
      if (isServiceError(error)) {
        this.#failures.set(campaignId, error);
      }
      throw error;
    }
  }

  /** Reads one account and its campaigns: that row and nothing else. @throws {ServiceError} */
  async refreshAccount(accountKey: string): Promise<void> {
    await Promise.all([this.#readAccount(accountKey), this.checkMapping(accountKey, true)]);
    this.#feed.publish();
  }

  /** Reads one campaign, and its senders where only it can list them. @throws {ServiceError} */
  async refreshCampaign(campaignId: string): Promise<void> {
    const { campaigns, edges } = this.#store;
    const answers = this.#provider.info.edgesFrom !== 'campaigns';
    const asked = answers && (this.#options.edges.needsScan || edges.statedAt(campaigns.number(campaignId)) > 0);
    await Promise.all([this.#readCampaign(campaignId), asked ? this.sendersOf(campaignId) : undefined]);
    this.#feed.publish();
  }

  async #readAccount(accountKey: string): Promise<void> {
    takeAccount(this.#store, await this.#ask((options) => this.#provider.account(accountKey, options)));
  }

  async #readCampaign(campaignId: string): Promise<void> {
    this.#failures.delete(campaignId);
    const campaign = await this.#ask((options) => this.#provider.campaign(campaignId, options));
    takeCampaign(this.#store, campaign, this.#provider.info);
  }

  /** Asks the service. @throws {ServiceError} `ended` where the map is disposed meanwhile. */
  async #ask<T>(question: (options: ReadOptions) => Promise<T>): Promise<T> {
    try {
      return await question({ signal: this.#options.disposed });
    } catch (error) {
      throw isAbort(error) ? new ServiceError('ended', { service: this.#provider.info.name }) : error;
    }
  }

  async #check(accountKey: string): Promise<boolean> {
    const { error: earlier } = this.#checks.get(accountKey) ?? {};
    this.#setCheck(accountKey, { status: 'asking', at: Date.now(), error: earlier });
    try {
      const mapping = await this.#ask((options) => this.#provider.mappingOf(accountKey, options));
      const ids = this.#takeMapping(accountKey, mapping);
      this.#setCheck(accountKey, { status: 'answered', at: Date.now() });
      return ids !== undefined;
    } catch (error) {
      if (!isServiceError(error) || error.kind === 'ended') {
        this.#checks.delete(accountKey);
        throw error;
      }
      this.#setCheck(accountKey, { status: 'failed', at: Date.now(), error });
      return true;
    }
  }

  #takeMapping(accountKey: string, mapping: Awaited<ReturnType<Provider['mappingOf']>>): readonly string[] | undefined {
    for (const campaign of mapping.campaigns ?? []) {
      this.#store.nameCampaign(campaign);
    }
    if (mapping.account !== undefined && this.#store.accounts.has(accountKey)) {
      takeAccount(this.#store, mapping.account);
    }
    this.#gaps.setInvalid(`campaigns ${accountKey}`, t('campaigns of {0}', accountKey), mapping.invalid);
    const ids = mapping.ids ?? mapping.campaigns?.map(({ id }) => id);
    const account = this.#store.accounts.number(accountKey);
    if (ids === undefined) {
      return undefined;
    }
    if (mapping.ids !== undefined) {
      // The account itself says them, and newer than the list did.
      this.#store.claim(account, ids, Date.now());
      return ids;
    }
    const before = new Set<string>();
    this.#store.edges.campaignsOf(account, (campaign) => before.add(this.#store.campaigns.keyAt(campaign)));
    const named = new Set(ids);
    const more = [...named].filter((id) => !before.has(id)).length;
    const fewer = [...before].filter((id) => !named.has(id)).length;
    if (more + fewer > 0) {
      this.#options.log.info(
        `${this.#provider.info.name}: the mapping of an account has ${more} campaigns more and ${fewer} fewer than its lists; it adds and does not remove`,
      );
    }
    const earlier = mapping.partial === true ? (this.#store.edges.confirmed.get(account)?.campaigns ?? []) : [];
    const hidden = earlier.map((campaign) => this.#store.campaigns.keyAt(campaign));
    this.#store.edges.confirm(account, [...ids, ...hidden], Date.now());
    return ids;
  }

  #setCheck(accountKey: string, check: MappingCheck): void {
    const before = this.#checks.get(accountKey);
    const visible = (one: MappingCheck | undefined) =>
      one?.error !== undefined || (one?.status === 'asking' && !this.knowledge.ofCampaigns(accountKey));
    this.#checks.set(accountKey, check);
    // Who looks at this account sees that it is being asked for where nothing is known yet, and what failed.
    if (visible(before) || visible(check)) {
      this.#feed.markAccount(this.#store.accounts.number(accountKey));
      this.#feed.publish();
    }
  }

  /** The list has the most to say about an account; the senders' route fills what it leaves open (Smartlead FACTS 3.7). */
  #joined(account: SenderAccount): SenderAccount {
    const known = this.#store.accounts.get(account.key);
    return known === undefined
      ? account
      : { ...definedOf(account), ...definedOf(known), key: known.key, email: known.email };
  }
}

function definedOf(account: SenderAccount): Partial<Account> {
  return Object.fromEntries(Object.entries(account).filter(([, value]) => value !== undefined));
}
