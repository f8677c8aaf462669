import type { Account, Campaign, SenderReason } from '../providers/model.ts';
import type { MapStore } from './store.ts';

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

/** What is said of an account or a campaign that something names, but no list has. */
export interface UnlistedWords {
  readonly account: () => string;
  readonly campaign: () => string;
}

/**
 * Accounts, campaigns and the edges between them, both ways, as the map knows them now. Accounts and campaigns that only
 * an edge names are part of it, after the ones that are listed.
 */
export class Graph {
  readonly #store: MapStore;
  readonly #unlisted: UnlistedWords;

  constructor(store: MapStore, unlisted: UnlistedWords) {
    this.#store = store;
    this.#unlisted = unlisted;
  }

  /** How many edges there are. Counts each campaign's senders, of which the store remembers the result. */
  get size(): number {
    let size = 0;
    for (let campaign = 0; campaign < this.#store.campaigns.numbers; campaign += 1) {
      size += this.#store.countsOf(campaign).senders;
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

  countOfCampaigns(accountKey: string): number {
    let count = 0;
    const number = this.#store.accounts.numberOf(accountKey);
    if (number !== undefined) {
      this.#store.edges.campaignsOf(number, () => {
        count += 1;
      });
    }
    return count;
  }

  countOfSenders(campaignId: string): number {
    const number = this.#store.campaigns.numberOf(campaignId);
    return number === undefined ? 0 : this.#store.countsOf(number).senders;
  }

  /** How many senders of a campaign are in order. */
  countOfHealthy(campaignId: string): number {
    const number = this.#store.campaigns.numberOf(campaignId);
    return number === undefined ? 0 : this.#store.countsOf(number).healthy;
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
    const named = store.edges.namesCampaign(number);
    return (
      store.campaigns.at(number) ??
      (named ? store.namedCampaign(number) : undefined) ??
      // A parent is one even where the list leaves it out (Smartlead FACTS 6).
      (named || store.subsequencesOf(number).length > 0 ? this.#unlistedCampaign(number) : undefined)
    );
  }

  #unlistedAccount(number: number): Account {
    const key = this.#store.accounts.keyAt(number);
    return { key, email: key, statusWords: this.#unlisted.account(), state: 'unknown', tags: [] };
  }

  #unlistedCampaign(number: number): Campaign {
    const id = this.#store.campaigns.keyAt(number);
    return { id, name: '', statusWords: this.#unlisted.campaign(), state: 'unknown', tags: [] };
  }
}
