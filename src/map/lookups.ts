import { t } from '@vscode/l10n';
import type { Account, Campaign, Sender, SenderAccount } from '../providers/model.ts';
import type { Provider } from '../providers/provider.ts';
import type { Log } from '../transport/log.ts';
import type { ReadOptions } from '../transport/client.ts';
import { isAbort, isServiceError, ServiceError } from '../transport/errors.ts';
import { isFresh } from '../transport/time.ts';
import type { ChangeFeed } from './changeFeed.ts';
import type { Gaps } from './gaps.ts';
import type { MapStore } from './store.ts';

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

/** Asks the service about one account or one campaign, and takes in what it says. */
export class Lookups {
  readonly #provider: Provider;
  readonly #store: MapStore;
  readonly #feed: ChangeFeed;
  readonly #log: Log;
  readonly #signal: AbortSignal;
  readonly #gaps: Gaps;
  readonly #checks = new Map<string, MappingCheck>();
  readonly #checking = new InFlight<boolean>();
  readonly #loading = new InFlight<readonly Sender[]>();
  readonly #failures = new Map<string, ServiceError>();

  constructor(provider: Provider, store: MapStore, feed: ChangeFeed, gaps: Gaps, log: Log, signal: AbortSignal) {
    this.#provider = provider;
    this.#store = store;
    this.#feed = feed;
    this.#log = log;
    this.#signal = signal;
    this.#gaps = gaps;
  }

  /** What became of asking about an account; undefined where nobody asked since the last sync began. */
  checkOf(accountKey: string): MappingCheck | undefined {
    return this.#checks.get(accountKey);
  }

  /** Forgets what was asked, so that a new sync may ask again. */
  forget(): void {
    this.#checks.clear();
    this.#failures.clear();
  }

  /**
   * Asks which campaigns an account feeds. What was answered within the last minute is good; `fresh` asks again. A
   * failure is kept in {@link checkOf} until somebody asks afresh.
   *
   * @param known whether the campaigns of the account are known otherwise.
   * @returns whether the service has such an answer.
   */
  async checkMapping(accountKey: string, fresh: boolean, known: () => boolean): Promise<boolean> {
    const last = this.#checks.get(accountKey);
    const asking = last?.status === 'asking';
    if (!fresh && !asking && last !== undefined && (last.status === 'failed' || isFresh(last.at, CHECK_LIFE))) {
      return true;
    }
    return this.#checking.get(accountKey, () => this.#check(accountKey, known));
  }

  /** The senders of a campaign, fresh, with what the map knows about each account. @throws {ServiceError} */
  async sendersOf(campaignId: string): Promise<readonly Sender[]> {
    return this.#loading.get(campaignId, async () => {
      const { senders, invalid } = await this.#ask((options) => this.#provider.sendersOf(campaignId, options));
      this.#gaps.setInvalid(`senders ${campaignId}`, sendersWords(this.#store, campaignId), invalid);
      this.#store.putSenderList(
        campaignId,
        senders.map(({ account }) => account.key),
        Date.now(),
      );
      this.#failures.delete(campaignId);
      return senders.map(({ account, reasons }) => ({ account: this.#joined(account), reasons }));
    });
  }

  /** Asks a campaign for its senders, unless that failed since the last sync began. @throws {ServiceError} */
  async loadSendersOf(campaignId: string): Promise<void> {
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

  /** Reads one account. @throws {ServiceError} */
  async refreshAccount(accountKey: string): Promise<void> {
    this.#takeAccount(await this.#ask((options) => this.#provider.account(accountKey, options)));
  }

  #takeAccount(account: Account): void {
    const before = this.#store.accounts.get(account.key);
    // What a single read never has is kept from the list: tags on Instantly, the gap on Smartlead (FACTS 2.1, 3.9).
    const after: Account = {
      ...account,
      tags: account.tags.length > 0 ? account.tags : (before?.tags ?? []),
      campaignIds: account.campaignIds ?? before?.campaignIds,
      sendingGap: account.sendingGap ?? before?.sendingGap,
    };
    this.#store.putAccount(after, Date.now());
  }

  /** Reads one campaign. @throws {ServiceError} */
  async refreshCampaign(campaignId: string): Promise<void> {
    this.#failures.delete(campaignId);
    const campaign = await this.#ask((options) => this.#provider.campaign(campaignId, options));
    const before = this.#store.campaigns.get(campaignId);
    const tags = campaign.tags.length > 0 ? campaign.tags : (before?.tags ?? []);
    this.#store.putCampaign({ ...campaign, ...this.#pauseReason(before, campaign), tags }, Date.now());
  }

  /** What a list said of a pause, where the campaign's own answer is silent about it. */
  #pauseReason(before: Campaign | undefined, { status, reason }: Campaign): Partial<Campaign> {
    const kept = this.#provider.info.pauseReasonsInLists === true && reason === undefined;
    return kept && before?.status === status && before?.reason !== undefined
      ? { state: before.state, statusWords: before.statusWords, reason: before.reason, others: before.others }
      : {};
  }

  /** Asks the service. @throws {ServiceError} `ended` where the map is disposed meanwhile. */
  async #ask<T>(question: (options: ReadOptions) => Promise<T>): Promise<T> {
    try {
      return await question({ signal: this.#signal });
    } catch (error) {
      throw isAbort(error) ? new ServiceError('ended', { service: this.#provider.info.name }) : error;
    }
  }

  async #check(accountKey: string, known: () => boolean): Promise<boolean> {
    const { error: earlier } = this.#checks.get(accountKey) ?? {};
    this.#setCheck(accountKey, { status: 'asking', at: Date.now(), error: earlier }, known);
    try {
      const mapping = await this.#ask((options) => this.#provider.mappingOf(accountKey, options));
      const ids = this.#takeMapping(accountKey, mapping);
      this.#setCheck(accountKey, { status: 'answered', at: Date.now() }, known);
      return ids !== undefined;
    } catch (error) {
      if (!isServiceError(error) || error.kind === 'ended') {
        this.#checks.delete(accountKey);
        throw error;
      }
      this.#setCheck(accountKey, { status: 'failed', at: Date.now(), error }, known);
      return true;
    }
  }

  #takeMapping(accountKey: string, mapping: Awaited<ReturnType<Provider['mappingOf']>>): readonly string[] | undefined {
    for (const campaign of mapping.campaigns ?? []) {
      this.#store.nameCampaign(campaign);
    }
    if (mapping.account !== undefined && this.#store.accounts.has(accountKey)) {
      this.#takeAccount(mapping.account);
    }
    this.#gaps.setInvalid(`campaigns ${accountKey}`, t('campaigns of {0}', accountKey), mapping.invalid);
    const ids = mapping.ids ?? mapping.campaigns?.map(({ id }) => id);
    const account = this.#store.accounts.number(accountKey);
    if (ids === undefined) {
      return undefined;
    }
    if (mapping.ids !== undefined) {
      // The account itself says them, and newer than the list did.
      this.#store.edges.claim(account, ids, Date.now());
      return ids;
    }
    const before = new Set<string>();
    this.#store.edges.campaignsOf(account, (campaign) => before.add(this.#store.campaigns.keyAt(campaign)));
    const named = new Set(ids);
    const more = [...named].filter((id) => !before.has(id)).length;
    const fewer = [...before].filter((id) => !named.has(id)).length;
    if (more + fewer > 0) {
      this.#log.info(
        `${this.#provider.info.name}: the mapping of an account has ${more} campaigns more and ${fewer} fewer than its lists; it adds and does not remove`,
      );
    }
    const earlier = mapping.partial === true ? (this.#store.edges.confirmed.get(account)?.campaigns ?? []) : [];
    const hidden = earlier.map((campaign) => this.#store.campaigns.keyAt(campaign));
    this.#store.edges.confirm(account, [...ids, ...hidden], Date.now());
    return ids;
  }

  #setCheck(accountKey: string, check: MappingCheck, known: () => boolean): void {
    const before = this.#checks.get(accountKey);
    const visible = (one: MappingCheck | undefined) =>
      one?.error !== undefined || (one?.status === 'asking' && !known());
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

/** What a list of senders is called where rows of it cannot be read. */
export function sendersWords(store: MapStore, campaignId: string): string {
  const name = store.campaigns.get(campaignId)?.name;
  return t('senders of {0}', name === undefined || name === '' ? campaignId : name);
}

function definedOf(account: SenderAccount): Partial<Account> {
  return Object.fromEntries(Object.entries(account).filter(([, value]) => value !== undefined));
}
