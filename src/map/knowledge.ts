import type { EdgeSource } from '../providers/provider.ts';
import type { MapStore } from './store.ts';
import type { EdgeReader } from './sync/edgeReader.ts';
import type { Lists } from './sync/lists.ts';

/** What is known as a whole: no campaign of an account, and no sender of a campaign, is missing. */
export class Knowledge {
  readonly #source: EdgeSource;
  readonly #store: MapStore;
  readonly #lists: Lists;
  readonly #edges: EdgeReader;
  readonly #isAnswered: (accountKey: string) => boolean;

  /** `isAnswered`: whether the service answered which campaigns an account feeds. */
  constructor(
    source: EdgeSource,
    store: MapStore,
    lists: Lists,
    edges: EdgeReader,
    isAnswered: (accountKey: string) => boolean,
  ) {
    this.#source = source;
    this.#store = store;
    this.#lists = lists;
    this.#edges = edges;
    this.#isAnswered = isAnswered;
  }

  /** True where the campaigns of an account are all known, whether it was asked for or not. */
  ofCampaigns(accountKey: string): boolean {
    const number = this.#store.accounts.numberOf(accountKey);
    if (number !== undefined) {
      return this.ofCampaignsAt(number);
    }
    return this.#source === 'campaigns' ? this.#isAnswered(accountKey) : this.#edges.scanned;
  }

  /** The same by the number of the account. */
  ofCampaignsAt(number: number): boolean {
    const { accounts, edges } = this.#store;
    if (this.#source === 'campaigns') {
      return accounts.at(number) === undefined ? this.#isAnswered(accounts.keyAt(number)) : this.#lists.campaigns.known;
    }
    const believed = this.#edges.claimsHold !== false && !this.#edges.doubtful;
    return (edges.hasClaim(number) && believed) || this.#edges.scanned;
  }

  /** True where the senders of a campaign are all known. */
  ofSenders(campaignId: string): boolean {
    const { campaigns, edges } = this.#store;
    const number = campaigns.numberOf(campaignId);
    const answered = number !== undefined && this.#source !== 'campaigns' && edges.statedAt(number) > 0;
    const { needsScan, doubtful, scanned } = this.#edges;
    return answered || (this.#lists.accounts.known && ((!needsScan && !doubtful) || scanned));
  }
}
