import { withFindings } from '../providers/condition.ts';
import type { Account, Campaign, Tag } from '../providers/model.ts';
import type { ChangeFeed } from './changeFeed.ts';
import { Edges, type StatementKind } from './edges.ts';
import { sameRecord } from './equal.ts';
import { Interner } from './intern.ts';
import { Table } from './table.ts';

/** What the store knows about the senders of campaigns. */
export interface StoreOptions {
  /** How campaigns of this service state their senders. */
  readonly statement: StatementKind;
  /** What two spellings of a key have in common. */
  readonly comparedKey?: ((key: string) => string) | undefined;
  /** True where tags on campaigns are read apart from the campaigns: a list that meets a campaign again keeps those it has. */
  readonly tagsApart?: boolean | undefined;
}

/**
 * All that is known of a connection: its accounts and campaigns, those that only something else names, and the edges
 * between them, with counters kept as rows change. Marks in the change feed what changes; knows nothing of how and when
 * it is read.
 */
export class MapStore {
  readonly accounts: Table<Account>;
  readonly campaigns: Table<Campaign>;
  readonly edges: Edges;
  /** Campaigns that only a mapping named, with the little that it said of them. */
  readonly #named = new Map<number, Campaign>();
  /** Subsequences of each campaign. */
  readonly #subsequences = new Map<number, number[]>();
  /** How many senders a campaign has, until something about them changes. */
  readonly #counts = new Map<number, SenderCounts>();
  readonly #feed: ChangeFeed;
  readonly #statement: StatementKind;
  readonly #tagsApart: boolean;
  readonly #interner = new Interner();
  #withoutClaims = 0;
  #withoutStatement = 0;

  constructor(feed: ChangeFeed, { statement, comparedKey, tagsApart = false }: StoreOptions) {
    this.#feed = feed;
    this.accounts = new Table(comparedKey);
    this.campaigns = new Table(comparedKey);
    this.edges = new Edges(
      this.accounts,
      this.campaigns,
      (account) => {
        this.#feed.markAccount(account);
      },
      (campaign) => {
        this.#touch(campaign);
      },
    );
    this.#statement = statement;
    this.#tagsApart = tagsApart;
  }

  /** Listed accounts that do not say which campaigns they feed. */
  get withoutClaims(): number {
    return this.#withoutClaims;
  }

  /** Listed campaigns that have not said their senders. */
  get withoutStatement(): number {
    return this.#withoutStatement;
  }

  /**
   * Takes an account as the service gave it. The campaigns that it claims are kept as edges, not in its record.
   *
   * @param at when it did, in milliseconds since the epoch.
   * @param reading the reading of the list that met it; undefined: it was read alone.
   */
  putAccount(given: Account, at: number, reading?: number): void {
    const number = this.accounts.number(given.key);
    const before = this.accounts.at(number);
    const own = before?.own;
    // A list takes nothing back of what it never says.
    const whole = reading !== undefined && own !== undefined ? { ...withFindings(given, own.findings), own } : given;
    const { campaignIds } = whole;
    const account = { ...whole, campaignIds: undefined };
    if (reading !== undefined) {
      this.accounts.meet(number, reading);
    }
    const lacked = before !== undefined && !this.edges.hasClaim(number);
    if (before === undefined || !sameRecord(before, account)) {
      this.#setAccount(number, before, this.#interner.account(account));
    }
    // Where it says the same again, that is newer. A list that says nothing takes back what an earlier one said; its own
    // answer may just not have it, and then what the list said stays as old as it is.
    if (campaignIds !== undefined || (reading !== undefined && before !== undefined && !lacked)) {
      this.edges.claim(number, campaignIds, at);
    }
    this.#withoutClaims += Number(!this.edges.hasClaim(number)) - Number(lacked);
  }

  /** Takes the campaigns that an account says it feeds, whether it is listed or not. */
  claim(number: number, campaignIds: readonly string[], at: number): void {
    const lacked = this.accounts.at(number) !== undefined && !this.edges.hasClaim(number);
    this.edges.claim(number, campaignIds, at);
    this.#withoutClaims -= Number(lacked);
  }

  #setAccount(number: number, before: Account | undefined, after: Account): void {
    this.edges.setTags(number, before?.tags ?? [], after.tags);
    this.accounts.set(number, after.key, after);
    if (before === undefined) {
      this.#feed.markListed();
    }
    if (
      before?.state !== after.state ||
      before.statusWords !== after.statusWords ||
      !sameRecord(before.problems, after.problems)
    ) {
      // Its health counts for the campaigns that it feeds, and findings of theirs name it.
      this.edges.campaignsOf(number, (campaign) => {
        this.#touch(campaign);
      });
    }
    this.#feed.markAccount(number);
  }

  dropAccount(number: number): void {
    const account = this.accounts.at(number);
    if (account === undefined) {
      return;
    }
    this.edges.campaignsOf(number, (campaign) => {
      this.#touch(campaign);
    });
    this.edges.setTags(number, account.tags, []);
    this.accounts.delete(number);
    this.#withoutClaims -= Number(!this.edges.hasClaim(number));
    this.edges.claim(number, undefined, 0);
    this.edges.unconfirm(number);
    this.#feed.markAccount(number);
    this.#feed.markListed();
  }

  /** Takes a campaign as the service gave it; see {@link putAccount}. Its senders are kept as edges, not in its record. */
  putCampaign(campaign: Campaign, at: number, reading?: number): void {
    const number = this.campaigns.number(campaign.id);
    const before = this.campaigns.at(number);
    if (reading !== undefined) {
      this.campaigns.meet(number, reading);
    }
    if (this.#statement === 'listed') {
      this.edges.state(number, campaign.listedSenders ?? [], 'listed', at);
    }
    this.edges.setSenderTags(number, campaign.senderTagIds);
    const after = this.#interner.campaign({
      ...campaign,
      listedSenders: undefined,
      tags: this.#tagsApart && reading !== undefined ? (before?.tags ?? campaign.tags) : campaign.tags,
    });
    if (before !== undefined && sameRecord(before, after)) {
      return;
    }
    if (before?.parentId !== after.parentId) {
      this.#moveSubsequence(number, before?.parentId, after.parentId);
    }
    if (before === undefined) {
      this.#withoutStatement += Number(this.edges.statedAt(number) === 0);
      this.#feed.markListed();
    }
    this.#setCampaign(number, before, after);
  }

  #setCampaign(number: number, before: Campaign | undefined, after: Campaign): void {
    this.campaigns.set(number, after.id, after);
    if (before?.state !== after.state) {
      // Its accounts count the campaigns that send.
      this.edges.sendersOf(number, (account) => {
        this.#feed.markAccount(account);
      });
    }
    this.#touch(number);
  }

  dropCampaign(number: number): void {
    const campaign = this.campaigns.at(number);
    if (campaign !== undefined) {
      this.#withoutStatement -= Number(this.edges.statedAt(number) === 0);
      this.edges.state(number, undefined, this.#statement, 0);
      this.edges.setSenderTags(number, undefined);
      this.#moveSubsequence(number, campaign.parentId, undefined);
      this.campaigns.delete(number);
      this.#touch(number);
      this.#feed.markListed();
    }
  }

  /** Takes the tags that are on a campaign, where the campaign itself does not tell them. */
  tagCampaign(campaignId: string, tags: readonly Tag[]): void {
    const number = this.campaigns.number(campaignId);
    const known = this.campaigns.at(number);
    if (known !== undefined && !sameRecord(known.tags, tags)) {
      this.campaigns.set(number, known.id, this.#interner.campaign({ ...known, tags }));
      this.#touch(number);
    }
  }

  /** Takes the senders that a campaign answered to have. */
  putSenderList(campaignId: string, keys: readonly string[], at: number): void {
    if (this.#statement === 'reported') {
      const number = this.campaigns.number(campaignId);
      const first = this.edges.statedAt(number) === 0 && this.campaigns.at(number) !== undefined;
      this.edges.state(number, keys, 'reported', at);
      this.#withoutStatement -= Number(first);
    }
  }

  /** Takes a campaign as a mapping names it, which has fewer fields than the list and no status for some. */
  nameCampaign(campaign: Campaign): void {
    const number = this.campaigns.number(campaign.id);
    const known = this.campaigns.at(number);
    if (known === undefined) {
      if (!sameRecord(this.#named.get(number), campaign)) {
        this.#named.set(number, campaign);
        this.#touch(number);
      }
      return;
    }
    const { name, status, statusWords, state, reason, others, problems } = campaign;
    // It says less than the list: of a status that is the same, the list knows more.
    const changed = status !== undefined && status !== known.status;
    const after = { ...known, name, ...(changed ? { status, statusWords, state, reason, others, problems } : {}) };
    if (!sameRecord(known, after)) {
      this.#setCampaign(number, known, after);
    }
  }

  /** Campaigns that only a mapping named. */
  get named(): Iterable<Campaign> {
    return this.#named.values();
  }

  namedCampaign(number: number): Campaign | undefined {
    return this.#named.get(number);
  }

  /** Numbers of the subsequences of a campaign. */
  subsequencesOf(campaign: number): readonly number[] {
    return this.#subsequences.get(campaign) ?? [];
  }

  /** How many senders a campaign has, and how many of them are healthy. */
  countsOf(campaign: number): SenderCounts {
    let counts = this.#counts.get(campaign);
    if (counts === undefined) {
      let [senders, healthy] = [0, 0];
      this.edges.sendersOf(campaign, (account) => {
        senders += 1;
        healthy += Number(this.accounts.at(account)?.state === 'healthy');
      });
      counts = { senders, healthy };
      this.#counts.set(campaign, counts);
    }
    return counts;
  }

  #moveSubsequence(campaign: number, before: string | undefined, after: string | undefined): void {
    if (before !== undefined) {
      const above = this.campaigns.number(before);
      this.#subsequences.set(
        above,
        this.subsequencesOf(above).filter((other) => other !== campaign),
      );
      this.#touch(above);
    }
    if (after !== undefined) {
      const above = this.campaigns.number(after);
      this.#subsequences.set(above, [...this.subsequencesOf(above), campaign]);
      this.#touch(above);
    }
    this.#feed.markListed();
  }

  #touch(campaign: number): void {
    this.#counts.delete(campaign);
    this.#feed.markCampaign(campaign);
  }
}

/** How many senders a campaign has. */
export interface SenderCounts {
  readonly senders: number;
  readonly healthy: number;
}
