import { domainOf, type Account, type Campaign, type SenderReason } from '../providers/model.ts';
import type { Steps } from '../transport/turns.ts';
import type { Knowledge } from './knowledge.ts';
import type { MapStore, SenderCounts } from './store.ts';

/** A campaign of an account, and why the account is one of its senders. */
export interface CampaignEdge {
  readonly campaign: Campaign;
  readonly reasons: readonly SenderReason[];
}

/** A sender of a campaign, and why it is one. */
export interface SenderEdge {
  readonly account: Account;
  readonly reasons: readonly SenderReason[];
}

/** What the graph cannot see in the store. */
export interface GraphOptions {
  /** What is said of an account or a campaign that something names, but no list has. */
  readonly unlistedAccount: () => string;
  readonly unlistedCampaign: () => string;
  readonly knowledge: Pick<Knowledge, 'ofCampaigns' | 'ofCampaignsAt' | 'ofSenders'>;
}

/** How many campaigns an account is in. */
export interface CampaignCount {
  readonly all: number;
  /** Those that send. */
  readonly active: number;
}

/**
 * Accounts, campaigns and the edges between them, both ways, as the map knows them now. Accounts and campaigns that only
 * an edge names are part of it, after the ones that are listed.
 */
export class Graph {
  readonly #store: MapStore;
  readonly #options: GraphOptions;

  constructor(store: MapStore, options: GraphOptions) {
    this.#store = store;
    this.#options = options;
  }

  /** True where the campaigns of an account are all known, whether it was asked for or not. */
  knowsCampaignsOf(accountKey: string): boolean {
    return this.#options.knowledge.ofCampaigns(accountKey);
  }

  /** True where the senders of a campaign are all known. */
  knowsSendersOf(campaignId: string): boolean {
    return this.#options.knowledge.ofSenders(campaignId);
  }

  /** How many edges there are, counted in steps: each campaign's senders, of which the store remembers the result. */
  *countEdges(): Steps<number> {
    let size = 0;
    for (let campaign = 0; campaign < this.#store.campaigns.numbers; campaign += 1) {
      size += this.#store.countsOf(campaign).senders;
      yield;
    }
    return size;
  }

  /** All accounts, those that only campaigns name at the end. */
  get accounts(): Iterable<Account> {
    return this.#allAccounts();
  }

  /** All campaigns, those that only accounts or subsequences name at the end. */
  get campaigns(): Iterable<Campaign> {
    return this.#allCampaigns();
  }

  account(key: string): Account | undefined {
    const number = this.#store.accounts.numberOf(key);
    return number === undefined ? undefined : this.#account(number);
  }

  campaign(id: string): Campaign | undefined {
    const number = this.#store.campaigns.numberOf(id);
    return number === undefined ? undefined : this.#campaign(number);
  }

  campaignsOf(accountKey: string): CampaignEdge[] {
    const found: CampaignEdge[] = [];
    const number = this.#store.accounts.numberOf(accountKey);
    if (number !== undefined) {
      this.#store.edges.campaignsOf(number, (other, reasons) => {
        found.push({ campaign: this.#campaign(other) ?? this.#unlistedCampaign(other), reasons });
      });
    }
    return found;
  }

  sendersOf(campaignId: string): SenderEdge[] {
    const found: SenderEdge[] = [];
    const number = this.#store.campaigns.numberOf(campaignId);
    if (number !== undefined) {
      this.#store.edges.sendersOf(number, (other, reasons) => {
        found.push({ account: this.#account(other) ?? this.#unlistedAccount(other), reasons });
      });
    }
    return found;
  }

  /** How many accounts have a number, from 0 up. */
  get accountNumbers(): number {
    return this.#store.accounts.numbers;
  }

  /** The number of an account, the same for as long as the map lives; undefined where nothing names it. */
  numberOf(accountKey: string): number | undefined {
    return this.#store.accounts.numberOf(accountKey);
  }

  /** How many campaigns have a number, from 0 up. */
  get campaignNumbers(): number {
    return this.#store.campaigns.numbers;
  }

  /** The number of a campaign, the same for as long as the map lives; undefined where nothing names it. */
  campaignNumberOf(campaignId: string): number | undefined {
    return this.#store.campaigns.numberOf(campaignId);
  }

  /** The campaign with a number; undefined where nothing names it any more. */
  campaignAt(number: number): Campaign | undefined {
    return this.#campaign(number);
  }

  /** The account with a number; undefined where nothing names it any more. */
  accountAt(number: number): Account | undefined {
    return this.#account(number);
  }

  /** Visits the senders of a campaign with their numbers, without the lists that {@link sendersOf} makes. */
  eachSender(
    campaignId: string,
    visit: (account: Account, number: number, reasons: readonly SenderReason[]) => void,
  ): void {
    const number = this.#store.campaigns.numberOf(campaignId);
    if (number !== undefined) {
      this.#store.edges.sendersOf(number, (other, reasons) => {
        visit(this.#account(other) ?? this.#unlistedAccount(other), other, reasons);
      });
    }
  }

  /** How many campaigns an account is in; undefined where that is not known. */
  countOfCampaigns(accountKey: string): CampaignCount | undefined {
    const number = this.#store.accounts.numberOf(accountKey);
    if (number !== undefined) {
      return this.countOfCampaignsAt(number);
    }
    return this.knowsCampaignsOf(accountKey) ? { all: 0, active: 0 } : undefined;
  }

  /** The same by the number of the account; visits the numbers of the campaigns that are known, where asked to. */
  countOfCampaignsAt(number: number, visit?: (campaignNumber: number) => void): CampaignCount | undefined {
    const known = this.#options.knowledge.ofCampaignsAt(number);
    if (!known && visit === undefined) {
      return undefined;
    }
    let [all, active] = [0, 0];
    this.#store.edges.campaignsOf(number, (campaign) => {
      all += 1;
      active += Number(this.#campaign(campaign)?.state === 'healthy');
      visit?.(campaign);
    });
    return known ? { all, active } : undefined;
  }

  /** How many senders a campaign has; undefined where that is not known. */
  countOfSenders(campaignId: string): SenderCounts | undefined {
    const number = this.#store.campaigns.numberOf(campaignId);
    return number === undefined || !this.knowsSendersOf(campaignId) ? undefined : this.#store.countsOf(number);
  }

  /** The label of a tag that an account carries or a campaign selects senders by; undefined where it is not known. */
  tagLabel(tagId: string): string | undefined {
    return this.#store.edges.labelOf(tagId);
  }

  /** Ids of the subsequences of a campaign. */
  subsequencesOf(campaignId: string): readonly string[] {
    const number = this.#store.campaigns.numberOf(campaignId);
    return number === undefined
      ? []
      : this.#store.subsequencesOf(number).map((subsequence) => this.#store.campaigns.keyAt(subsequence));
  }

  *#allAccounts(): Generator<Account> {
    const { accounts, edges } = this.#store;
    yield* accounts.rows;
    for (let number = 0; accounts.size < accounts.numbers && number < accounts.numbers; number += 1) {
      if (accounts.at(number) === undefined && edges.namesAccount(number)) {
        yield this.#unlistedAccount(number);
      }
    }
  }

  *#allCampaigns(): Generator<Campaign> {
    const { campaigns } = this.#store;
    yield* campaigns.rows;
    for (let number = 0; campaigns.size < campaigns.numbers && number < campaigns.numbers; number += 1) {
      const campaign = campaigns.at(number) === undefined ? this.#campaign(number) : undefined;
      if (campaign !== undefined) {
        yield campaign;
      }
    }
  }

  #account(number: number): Account | undefined {
    const { accounts, edges } = this.#store;
    return accounts.at(number) ?? (edges.namesAccount(number) ? this.#unlistedAccount(number) : undefined);
  }

  #campaign(number: number): Campaign | undefined {
    const store = this.#store;
    const listed = store.campaigns.at(number);
    if (listed !== undefined) {
      return listed;
    }
    const named = store.edges.namesCampaign(number);
    return (
      (named ? store.namedCampaign(number) : undefined) ??
      // A parent is one even where the list leaves it out (Smartlead FACTS 6).
      (named || store.subsequencesOf(number).length > 0 ? this.#unlistedCampaign(number) : undefined)
    );
  }

  #unlistedAccount(number: number): Account {
    const key = this.#store.accounts.keyAt(number);
    const statusWords = this.#options.unlistedAccount();
    return { key, email: key, domain: domainOf(key), statusWords, state: 'unknown', tags: [] };
  }

  #unlistedCampaign(number: number): Campaign {
    const id = this.#store.campaigns.keyAt(number);
    return { id, name: '', statusWords: this.#options.unlistedCampaign(), state: 'unknown', tags: [] };
  }
}
