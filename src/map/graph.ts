import type { Account, Campaign, SenderReason, Tag } from '../providers/model.ts';
import type { Table } from './table.ts';

/** What is known of edges beside what accounts and campaigns say themselves. */
export interface Evidence {
  /** Keys of the accounts that a campaign answered to have as senders, by campaign id. */
  readonly reported: ReadonlyMap<string, readonly string[]>;
  /** Ids of the campaigns that the service's mapping of one account named, by account key. It outweighs the rest. */
  readonly told: ReadonlyMap<string, readonly string[]>;
  /** An account that only an edge names: its campaign lists it, but the list of accounts does not have it. */
  readonly namedAccount: (key: string) => Account;
  /** A campaign that only an edge or a subsequence names. */
  readonly namedCampaign: (id: string) => Campaign;
}

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

const LISTED: SenderReason = { kind: 'listed' };
const REPORTED: SenderReason = { kind: 'reported' };

/**
 * The edges between accounts and campaigns, both ways, built once from what is known and never changed. Numbers of
 * rows in typed arrays: ten bytes an edge, because large workspaces have hundreds of thousands. Accounts and campaigns
 * that only an edge names have rows too, after the ones that are listed.
 */
export class Graph {
  readonly #accounts: Rows<Account>;
  readonly #campaigns: Rows<Campaign>;
  readonly #reasons: readonly (readonly SenderReason[])[];
  readonly #byAccount: Adjacency;
  readonly #byCampaign: Adjacency;
  /** Subsequences by the campaign that they belong to. */
  readonly #subsequences = new Map<string, string[]>();

  constructor(accounts: Table<Account>, campaigns: Table<Campaign>, evidence: Evidence) {
    this.#accounts = new Rows(accounts, evidence.namedAccount);
    this.#campaigns = new Rows(campaigns, evidence.namedCampaign);
    const edges = new EdgeBuilder(this.#accounts, this.#campaigns, evidence);
    this.#reasons = edges.reasons;
    this.#byAccount = adjacency(this.#accounts.size, edges.from, edges.to, edges.why);
    this.#byCampaign = adjacency(this.#campaigns.size, edges.to, edges.from, edges.why);
    for (const { id, parentId } of this.#campaigns) {
      if (parentId !== undefined) {
        const siblings = this.#subsequences.get(parentId);
        if (siblings === undefined) {
          this.#subsequences.set(parentId, [id]);
        } else {
          siblings.push(id);
        }
      }
    }
  }

  /** How many edges there are. */
  get size(): number {
    return this.#byAccount.ends.length;
  }

  /** All accounts, those that only campaigns name at the end. */
  get accounts(): Iterable<Account> {
    return this.#accounts;
  }

  /** All campaigns, those that only accounts or subsequences name at the end. */
  get campaigns(): Iterable<Campaign> {
    return this.#campaigns;
  }

  account(key: string): Account | undefined {
    return this.#accounts.get(key);
  }

  campaign(id: string): Campaign | undefined {
    return this.#campaigns.get(id);
  }

  campaignsOf(accountKey: string): CampaignEdge[] {
    return this.#edges(this.#byAccount, this.#accounts.rowOf(accountKey), (row, reasons) => {
      const campaign = this.#campaigns.at(row);
      return campaign && { campaign, reasons };
    });
  }

  sendersOf(campaignId: string): SenderEdge[] {
    return this.#edges(this.#byCampaign, this.#campaigns.rowOf(campaignId), (row, reasons) => {
      const account = this.#accounts.at(row);
      return account && { account, reasons };
    });
  }

  countOfCampaigns(accountKey: string): number {
    return degree(this.#byAccount, this.#accounts.rowOf(accountKey));
  }

  countOfSenders(campaignId: string): number {
    return degree(this.#byCampaign, this.#campaigns.rowOf(campaignId));
  }

  /** How many senders of a campaign are in order. */
  countOfHealthy(campaignId: string): number {
    const healthy = (row: number) => (this.#accounts.at(row)?.state === 'healthy' ? row : undefined);
    return this.#edges(this.#byCampaign, this.#campaigns.rowOf(campaignId), healthy).length;
  }

  /** Ids of the subsequences of a campaign. */
  subsequencesOf(campaignId: string): readonly string[] {
    return this.#subsequences.get(campaignId) ?? [];
  }

  /** Keys of the accounts and ids of the campaigns whose edges differ from those of an earlier graph. */
  differences(before: Graph): { readonly accounts: Set<string>; readonly campaigns: Set<string> } {
    const accounts = new Set<string>();
    const campaigns = new Set<string>();
    for (const { key } of this.#accounts) {
      if (this.#edgeWords(key) !== before.#edgeWords(key)) {
        accounts.add(key);
      }
    }
    // Both ways hold the same edges, so a campaign differs where an account at its other end does.
    for (const key of accounts) {
      const [now, then] = [this.campaignsOf(key), before.campaignsOf(key)];
      for (const { campaign } of [...now, ...then]) {
        campaigns.add(campaign.id);
      }
    }
    for (const { key } of before.#accounts) {
      if (this.#accounts.rowOf(key) === undefined) {
        for (const { campaign } of before.campaignsOf(key)) {
          campaigns.add(campaign.id);
        }
      }
    }
    return { accounts, campaigns };
  }

  /** The edges of an account in words that two graphs can be compared by. */
  #edgeWords(accountKey: string): string {
    const row = this.#accounts.rowOf(accountKey);
    const { starts, ends, why } = this.#byAccount;
    let words = '';
    for (let edge = starts[row ?? 0] ?? 0; row !== undefined && edge < (starts[row + 1] ?? 0); edge += 1) {
      words += `${this.#campaigns.at(ends[edge] ?? 0)?.id ?? ''} ${wordsOf(this.#reasons[why[edge] ?? 0])}\n`;
    }
    return words;
  }

  #edges<T>(
    side: Adjacency,
    row: number | undefined,
    read: (row: number, reasons: readonly SenderReason[]) => T | undefined,
  ): T[] {
    const found: T[] = [];
    if (row !== undefined) {
      for (let index = side.starts[row] ?? 0; index < (side.starts[row + 1] ?? 0); index += 1) {
        const edge = read(side.ends[index] ?? 0, this.#reasons[side.why[index] ?? 0] ?? []);
        if (edge !== undefined) {
          found.push(edge);
        }
      }
    }
    return found;
  }
}

/** The records of a table as they are numbered now, and after them those that are only named. */
class Rows<T> {
  readonly #rows: readonly T[];
  readonly #index: ReadonlyMap<string, number>;
  readonly #listed: number;
  readonly #named: T[] = [];
  readonly #namedIndex = new Map<string, number>();
  readonly #create: (key: string) => T;

  constructor(table: Table<T>, create: (key: string) => T) {
    this.#rows = table.rows;
    this.#index = table.index;
    this.#listed = table.size;
    this.#create = create;
  }

  get size(): number {
    return this.#listed + this.#named.length;
  }

  /** True where a row is in the service's list. */
  isListed(row: number): boolean {
    return row < this.#listed;
  }

  at(row: number): T | undefined {
    return row < this.#listed ? this.#rows[row] : this.#named[row - this.#listed];
  }

  rowOf(key: string): number | undefined {
    const row = this.#index.get(key);
    // A row that came after this graph was built is not in it.
    return row !== undefined && row < this.#listed ? row : this.#namedIndex.get(key);
  }

  get(key: string): T | undefined {
    const row = this.rowOf(key);
    return row === undefined ? undefined : this.at(row);
  }

  /** The row of a key, which gets one where it has none. */
  name(key: string): number {
    const known = this.rowOf(key);
    if (known !== undefined) {
      return known;
    }
    const row = this.size;
    this.#named.push(this.#create(key));
    this.#namedIndex.set(key, row);
    return row;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let row = 0; row < this.size; row += 1) {
      const record = this.at(row);
      if (record !== undefined) {
        yield record;
      }
    }
  }
}

/** The edges of each row, one row after the other. */
interface Adjacency {
  /** Where the edges of a row start; one more than there are rows. */
  readonly starts: Uint32Array;
  /** The row at the other end. */
  readonly ends: Uint32Array;
  readonly why: Uint16Array;
}

function adjacency(rows: number, from: readonly number[], to: readonly number[], why: readonly number[]): Adjacency {
  const starts = new Uint32Array(rows + 1);
  for (const row of from) {
    starts[row + 1] = (starts[row + 1] ?? 0) + 1;
  }
  for (let row = 0; row < rows; row += 1) {
    starts[row + 1] = (starts[row + 1] ?? 0) + (starts[row] ?? 0);
  }
  const fill = starts.slice();
  const ends = new Uint32Array(from.length);
  const reasons = new Uint16Array(from.length);
  for (let edge = 0; edge < from.length; edge += 1) {
    const row = from[edge] ?? 0;
    const place = fill[row] ?? 0;
    fill[row] = place + 1;
    ends[place] = to[edge] ?? 0;
    reasons[place] = why[edge] ?? 0;
  }
  return { starts, ends, why: reasons };
}

function degree(side: Adjacency, row: number | undefined): number {
  return row === undefined ? 0 : (side.starts[row + 1] ?? 0) - (side.starts[row] ?? 0);
}

const reasonWords = new WeakMap<readonly SenderReason[], string>();

function wordsOf(reasons: readonly SenderReason[] = []): string {
  let words = reasonWords.get(reasons);
  if (words === undefined) {
    words = reasons
      .map((reason) => (reason.kind === 'tag' ? `tag ${reason.tag.id} ${reason.tag.label}` : reason.kind))
      .join();
    reasonWords.set(reasons, words);
  }
  return words;
}

/** Collects edges from everything that is known of them. */
class EdgeBuilder {
  readonly reasons: SenderReason[][] = [[LISTED], [REPORTED]];
  /** Row of the account, row of the campaign and number of the reasons of each edge. */
  from: number[] = [];
  to: number[] = [];
  why: number[] = [];

  readonly #accounts: Rows<Account>;
  readonly #campaigns: Rows<Campaign>;
  readonly #evidence: Evidence;
  /** Combined reasons by the ones before and the tag that was added. */
  readonly #combined = new Map<string, Map<number, number>>();

  constructor(accounts: Rows<Account>, campaigns: Rows<Campaign>, evidence: Evidence) {
    this.#accounts = accounts;
    this.#campaigns = campaigns;
    this.#evidence = evidence;
    const listed = [...campaigns];
    for (const { parentId } of listed) {
      if (parentId !== undefined) {
        // A parent has a row of its own even where the list leaves it out (Smartlead FACTS 6).
        campaigns.name(parentId);
      }
    }
    this.#fromCampaigns(listed);
    this.#fromAccounts();
    this.#fromMappings();
  }

  /** What campaigns list, what their tags select, and what they answered. */
  #fromCampaigns(campaigns: readonly Campaign[]): void {
    const tagged = this.#accountsByTag(campaigns);
    // The last edge of each account, so that two reasons for one campaign make one edge.
    const lastEdge: number[] = [];
    for (const [to, campaign] of campaigns.entries()) {
      const edgeOf = (from: number) => {
        const edge = lastEdge[from];
        return edge !== undefined && this.to[edge] === to ? edge : undefined;
      };
      for (const key of campaign.listedSenders ?? []) {
        const from = this.#accounts.name(key);
        if (edgeOf(from) === undefined) {
          lastEdge[from] = this.#add(from, to, 0);
        }
      }
      for (const tagId of new Set(campaign.senderTagIds)) {
        const found = tagged.get(tagId);
        for (const from of found?.rows ?? []) {
          const edge = edgeOf(from);
          const reason = this.#reasonWith(edge === undefined ? undefined : this.why[edge], found?.tag, tagId);
          if (edge === undefined) {
            lastEdge[from] = this.#add(from, to, reason);
          } else {
            this.why[edge] = reason;
          }
        }
      }
      for (const key of this.#evidence.reported.get(campaign.id) ?? []) {
        const from = this.#accounts.name(key);
        // Where the account says itself which campaigns it feeds, that is the answer.
        if (this.#accounts.at(from)?.campaignIds === undefined && edgeOf(from) === undefined) {
          lastEdge[from] = this.#add(from, to, 1);
        }
      }
    }
  }

  #fromAccounts(): void {
    for (let from = 0; this.#accounts.isListed(from); from += 1) {
      for (const id of new Set(this.#accounts.at(from)?.campaignIds)) {
        this.#add(from, this.#campaigns.name(id), 1);
      }
    }
  }

  /** The service's own answer about one account replaces what was derived, and keeps the reasons where they agree. */
  #fromMappings(): void {
    const { told } = this.#evidence;
    if (told.size === 0) {
      return;
    }
    const wanted = new Map<number, Map<number, number>>();
    for (const [key, ids] of told) {
      wanted.set(this.#accounts.name(key), new Map(ids.map((id) => [this.#campaigns.name(id), 1])));
    }
    const { from, to, why } = this;
    [this.from, this.to, this.why] = [[], [], []];
    for (const [edge, row] of from.entries()) {
      const only = wanted.get(row);
      const [end, reason] = [to[edge] ?? 0, why[edge] ?? 0];
      if (only === undefined) {
        this.#add(row, end, reason);
      } else if (only.has(end)) {
        only.set(end, reason);
      }
    }
    for (const [row, ends] of wanted) {
      for (const [end, reason] of ends) {
        this.#add(row, end, reason);
      }
    }
  }

  #add(from: number, to: number, why: number): number {
    this.from.push(from);
    this.to.push(to);
    return this.why.push(why) - 1;
  }

  #accountsByTag(campaigns: readonly Campaign[]): Map<string, { tag: Tag; rows: number[] }> {
    const wanted = new Set(campaigns.flatMap(({ senderTagIds }) => senderTagIds ?? []));
    const tagged = new Map<string, { tag: Tag; rows: number[] }>();
    for (let row = 0; wanted.size > 0 && this.#accounts.isListed(row); row += 1) {
      for (const tag of this.#accounts.at(row)?.tags ?? []) {
        if (wanted.has(tag.id)) {
          const known = tagged.get(tag.id);
          if (known === undefined) {
            tagged.set(tag.id, { tag, rows: [row] });
          } else if (known.rows.at(-1) !== row) {
            known.rows.push(row);
          }
        }
      }
    }
    return tagged;
  }

  #reasonWith(before: number | undefined, tag: Tag | undefined, tagId: string): number {
    let combined = this.#combined.get(tagId);
    if (combined === undefined) {
      combined = new Map();
      this.#combined.set(tagId, combined);
    }
    let reason = combined.get(before ?? -1);
    if (reason === undefined) {
      const earlier = before === undefined ? [] : (this.reasons[before] ?? []);
      reason = this.reasons.push([...earlier, { kind: 'tag', tag: tag ?? { id: tagId, label: tagId } }]) - 1;
      combined.set(before ?? -1, reason);
    }
    return reason;
  }
}
