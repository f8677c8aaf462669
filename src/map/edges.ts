import type { Account, Campaign, SenderReason, Tag } from '../providers/model.ts';
import { isFresh } from '../transport/time.ts';
import { LendableList } from './lendable.ts';
import { NumberLists } from './numberLists.ts';
import type { Table } from './table.ts';

/** How a campaign states its senders: it lists them itself, or it answered when it was asked for them. */
export type StatementKind = 'listed' | 'reported';

/** Called with the other end of an edge, and why the account is a sender of the campaign. */
export type Visit = (other: number, reasons: readonly SenderReason[]) => void;

/** The campaigns of an account as a mapping named them, and when, in milliseconds since the epoch. */
export interface ConfirmedMapping {
  readonly campaigns: readonly number[];
  readonly at: number;
}

const LISTED: SenderReason = { kind: 'listed' };
const REPORTED: SenderReason = { kind: 'reported' };
const NO_NUMBERS: readonly number[] = [];

/**
 * What is known of edges between accounts and campaigns, as numbers, from every source: what campaigns state, the tags
 * through which they select senders, what accounts claim, and mappings that the service confirmed. A change costs what
 * changes and not what the map holds: an edge is worked out of its sources where it is read.
 */
export class Edges {
  readonly #accounts: Table<Account>;
  readonly #campaigns: Table<Campaign>;
  readonly #onAccount: (account: number) => void;
  readonly #onCampaign: (campaign: number) => void;

  /** The accounts that a campaign states as its senders, and when; and for each account the campaigns that state it. */
  readonly #stated: (Uint32Array | undefined)[] = [];
  readonly #statedKind: (StatementKind | undefined)[] = [];
  readonly #statedAt: number[] = [];
  readonly #statedIn: (number[] | undefined)[] = [];
  /** Ids of the tags through which a campaign selects senders, and the campaigns of each tag. */
  readonly #senderTags: (readonly string[] | undefined)[] = [];
  readonly #tagUsers = new Map<string, Set<number>>();
  /** Accounts that carry a tag, or did once; whether they still do is said by their records. */
  readonly #tagged = new Map<string, number[]>();
  /** Accounts that carry a tag, by the service's own answer about that tag, where accounts do not say their tags. */
  readonly #resolved = new Map<string, ReadonlySet<number>>();
  /** Tags by the service's own answer about them, where accounts do not say what they are called. */
  readonly #labelled = new Map<string, Tag>();
  /** The campaigns that an account claims to feed, and when; and the accounts that claimed a campaign once. */
  readonly #claims = new NumberLists();
  readonly #claimedAt = new LendableList<number>();
  readonly #claimedBy: (number[] | undefined)[] = [];
  /** The campaigns of an account as the service's mapping named them. */
  readonly #confirmed = new Map<number, ConfirmedMapping>();
  readonly #confirmedBy = new Map<number, Set<number>>();

  /** False where claims are known to be untrue, and count for nothing. */
  #claimsCount = true;

  /** When each account was met last while the senders of a campaign are collected. */
  #stamps = new Uint32Array(1024);
  #stamp = 0;

  /** `onAccount` and `onCampaign` are called where the edges at an end may have changed. */
  constructor(
    accounts: Table<Account>,
    campaigns: Table<Campaign>,
    onAccount: (account: number) => void,
    onCampaign: (campaign: number) => void,
  ) {
    this.#accounts = accounts;
    this.#campaigns = campaigns;
    this.#onAccount = onAccount;
    this.#onCampaign = onCampaign;
  }

  /** What a campaign states as its senders; undefined: it states nothing. `at` in milliseconds since the epoch. */
  state(campaign: number, senders: readonly string[] | undefined, kind: StatementKind, at: number): void {
    const before = this.#stated[campaign];
    const since = this.#statedAt[campaign] ?? 0;
    this.#statedAt[campaign] = at;
    if (senders === undefined) {
      this.#statedKind[campaign] = undefined;
      this.#stated[campaign] = undefined;
      this.#moveStatement(campaign, before, undefined);
      return;
    }
    const numbers = new Set<number>();
    for (const key of senders) {
      numbers.add(this.#accounts.number(key));
    }
    const after = Uint32Array.from(numbers);
    this.#statedKind[campaign] = kind;
    this.#stated[campaign] = after;
    if (!sameNumbers(before, after)) {
      this.#moveStatement(campaign, before, after);
    }
    this.#recheckClaims(campaign, since);
  }

  /** When a campaign stated its senders, in milliseconds since the epoch; 0: never. */
  statedAt(campaign: number): number {
    return this.#stated[campaign] === undefined ? 0 : (this.#statedAt[campaign] ?? 0);
  }

  /** The accounts that a campaign states, in a list that never changes; undefined where it states nothing. */
  statedBy(campaign: number): Iterable<number> | undefined {
    return this.#stated[campaign];
  }

  /** The tags through which a campaign selects senders. */
  setSenderTags(campaign: number, tagIds: readonly string[] | undefined): void {
    const before = this.#senderTags[campaign] ?? [];
    const after = [...new Set(tagIds)];
    if (before.length === after.length && before.every((id, place) => id === after[place])) {
      return;
    }
    this.#senderTags[campaign] = after.length === 0 ? undefined : after;
    for (const id of new Set([...before, ...after])) {
      if (before.includes(id) !== after.includes(id)) {
        const users = this.#tagUsers.get(id) ?? new Set();
        this.#tagUsers.set(id, users);
        if (after.includes(id)) {
          users.add(campaign);
        } else {
          users.delete(campaign);
        }
        this.#carriers(id, this.#onAccount);
      }
    }
    this.#onCampaign(campaign);
  }

  /** Ids of all tags that some campaign selects senders by. */
  get senderTags(): string[] {
    return [...this.#tagUsers].filter(([, users]) => users.size > 0).map(([id]) => id);
  }

  senderTagsOf(campaign: number): readonly string[] {
    return this.#senderTags[campaign] ?? [];
  }

  /** The tags of an account changed from one list to another. Called before its record changes. */
  setTags(account: number, before: readonly Tag[], after: readonly Tag[]): void {
    for (const tag of after) {
      if (!before.some(({ id }) => id === tag.id)) {
        const known = this.#tagged.get(tag.id);
        if (known === undefined) {
          this.#tagged.set(tag.id, [account]);
        } else {
          known.push(account);
        }
        this.#tagUsers.get(tag.id)?.forEach(this.#onCampaign);
      }
    }
    for (const tag of before) {
      if (!after.some(({ id }) => id === tag.id)) {
        this.#tagUsers.get(tag.id)?.forEach(this.#onCampaign);
      }
    }
  }

  /** All accounts that carry a tag, as the service answered for that tag. */
  resolveTag(id: string, keys: Iterable<string>): void {
    const before = this.#resolved.get(id) ?? new Set<number>();
    const after = new Set<number>();
    for (const key of keys) {
      after.add(this.#accounts.number(key));
    }
    this.#resolved.set(id, after);
    let changed = false;
    for (const account of new Set([...before, ...after])) {
      if (before.has(account) !== after.has(account)) {
        changed = true;
        this.#onAccount(account);
      }
    }
    if (changed) {
      this.#tagUsers.get(id)?.forEach(this.#onCampaign);
    }
  }

  /** Forgets the accounts of all other tags: their own records say which tags they carry. */
  resolveNoTagsBut(ids: readonly string[]): void {
    for (const id of [...this.#resolved.keys()]) {
      if (!ids.includes(id)) {
        this.resolveTag(id, []);
        this.#resolved.delete(id);
      }
    }
  }

  /** Takes what the service answered about tags, in place of all such answers before. */
  labelTags(tags: readonly Tag[]): void {
    const before = new Map(this.#labelled);
    this.#labelled.clear();
    for (const tag of tags) {
      this.#labelled.set(tag.id, tag);
    }
    for (const id of new Set([...before.keys(), ...this.#labelled.keys()])) {
      if (before.get(id)?.label !== this.#labelled.get(id)?.label) {
        this.#resolved.get(id)?.forEach(this.#onAccount);
        this.#tagUsers.get(id)?.forEach(this.#onCampaign);
      }
    }
  }

  /** Tags as the service answered about them. */
  get labelledTags(): readonly Tag[] {
    return [...this.#labelled.values()];
  }

  /** The label of a tag, of which what accounts say is the newest; undefined where nothing says it. */
  labelOf(tagId: string): string | undefined {
    return (this.#carriedTag(tagId) ?? this.#labelled.get(tagId))?.label;
  }

  /** True where the record of an account has a tag. */
  isCarried(tagId: string): boolean {
    return this.#carriedTag(tagId) !== undefined;
  }

  #carriedTag(id: string): Tag | undefined {
    for (const account of this.#tagged.get(id) ?? NO_NUMBERS) {
      const tag = this.#tagIn(account, id);
      if (tag !== undefined) {
        return tag;
      }
    }
    return undefined;
  }

  /** The campaigns that an account claims to feed; undefined: it does not say. `at` in milliseconds since the epoch. */
  claim(account: number, ids: readonly string[] | undefined, at: number): void {
    const before = this.#claims.at(account);
    const since = this.#claimedAt.items[account] ?? 0;
    this.#claimedAt.own[account] = ids === undefined ? 0 : at;
    const after = ids && [...new Set(ids.map((id) => this.#campaigns.number(id)))].sort((a, b) => a - b);
    this.#claims.set(account, after);
    for (const campaign of after ?? NO_NUMBERS) {
      if (before?.includes(campaign) !== true) {
        (this.#claimedBy[campaign] ??= []).push(account);
        this.#onCampaign(campaign);
      }
    }
    for (const campaign of before ?? NO_NUMBERS) {
      if (after?.includes(campaign) !== true) {
        this.#onCampaign(campaign);
      }
    }
    if (before === undefined || after === undefined || !sameNumbers(before, after)) {
      this.#onAccount(account);
      // A newer claim may say no to what a campaign stated before.
      this.#statedIn[account]?.forEach(this.#onCampaign);
      return;
    }
    for (const campaign of new Set([...after, ...(this.#statedIn[account] ?? NO_NUMBERS)])) {
      const statedAt = this.#statedAt[campaign] ?? 0;
      const overtakes = since < statedAt && statedAt <= at;
      if (overtakes && this.#statedIn[account]?.includes(campaign) !== after.includes(campaign)) {
        this.#onAccount(account);
        this.#onCampaign(campaign);
      }
    }
  }

  /** Whether what accounts claim counts; it does until something shows that it is untrue. */
  get claimsCount(): boolean {
    return this.#claimsCount;
  }

  set claimsCount(count: boolean) {
    if (count !== this.#claimsCount) {
      this.#claimsCount = count;
      this.markClaims();
    }
  }

  /** Marks all that claim something and all that is claimed as changed: other things are known of them now. */
  markClaims(): void {
    for (const account of this.#claims.rows()) {
      this.#onAccount(account);
      this.#claims.at(account)?.forEach(this.#onCampaign);
      this.#statedIn[account]?.forEach(this.#onCampaign);
    }
  }

  /** True where an account claims campaigns, or that it has none. */
  hasClaim(account: number): boolean {
    return this.#claims.has(account);
  }

  /** What accounts claim now, whatever they claim later: the ids of campaigns by the number of the account. */
  get claims(): (account: number) => readonly string[] | undefined {
    const claims = this.#claims.lend();
    return (account) => this.#idsOf(claims.at(account));
  }

  #idsOf(campaigns: readonly number[] | undefined): readonly string[] | undefined {
    return campaigns?.map((campaign) => this.#campaigns.keyAt(campaign));
  }

  /** When each account claimed its campaigns, by its number, in milliseconds since the epoch; 0: it did not. */
  get claimTimes(): readonly number[] {
    return this.#claimedAt.lend();
  }

  /** The campaigns that a mapping named for an account. It adds edges, and is older than what is read after it. */
  confirm(account: number, ids: readonly string[], at: number): void {
    this.#setConfirmed(account, { campaigns: [...new Set(ids.map((id) => this.#campaigns.number(id)))], at });
  }

  unconfirm(account: number): void {
    this.#setConfirmed(account, undefined);
  }

  /** Forgets the mappings that are not newer than that, or nobody knows when they were named; milliseconds. */
  unconfirmBefore(at: number): void {
    for (const [account, mapping] of [...this.#confirmed]) {
      if (mapping.at <= at || !isFresh(mapping.at, Infinity)) {
        this.unconfirm(account);
      }
    }
  }

  #setConfirmed(account: number, mapping: ConfirmedMapping | undefined): void {
    const before = this.#campaignSetOf(account);
    for (const campaign of this.#confirmed.get(account)?.campaigns ?? NO_NUMBERS) {
      this.#confirmedBy.get(campaign)?.delete(account);
    }
    if (mapping === undefined) {
      this.#confirmed.delete(account);
    } else {
      this.#confirmed.set(account, mapping);
    }
    for (const campaign of mapping?.campaigns ?? NO_NUMBERS) {
      const accounts = this.#confirmedBy.get(campaign) ?? new Set();
      this.#confirmedBy.set(campaign, accounts.add(account));
    }
    // Most mappings say what the lists say.
    const after = this.#campaignSetOf(account);
    const changed = [...before, ...after].filter((campaign) => before.has(campaign) !== after.has(campaign));
    if (changed.length > 0) {
      changed.forEach(this.#onCampaign);
      this.#onAccount(account);
    }
  }

  #campaignSetOf(account: number): Set<number> {
    const campaigns = new Set<number>();
    this.campaignsOf(account, (campaign) => campaigns.add(campaign));
    return campaigns;
  }

  /** Mappings that the service confirmed, by account. */
  get confirmed(): ReadonlyMap<number, ConfirmedMapping> {
    return this.#confirmed;
  }

  /** True where something names an account besides its record. */
  namesAccount(account: number): boolean {
    return (this.#statedIn[account]?.length ?? 0) > 0 || this.#confirmed.has(account);
  }

  /** True where an account names a campaign. */
  namesCampaign(campaign: number): boolean {
    return (this.#confirmedBy.get(campaign)?.size ?? 0) > 0 || (this.#claimsCount && this.isClaimed(campaign));
  }

  /** True where an account claims to feed a campaign, whether that counts or not. */
  isClaimed(campaign: number): boolean {
    return (this.#claimedBy[campaign] ?? NO_NUMBERS).some((account) => this.#claimsIt(account, campaign));
  }

  /** The accounts that claim to feed a campaign, whether that counts or not. */
  claimersOf(campaign: number): readonly number[] {
    const claimers = (this.#claimedBy[campaign] ?? NO_NUMBERS).filter((account) => this.#claimsIt(account, campaign));
    return [...new Set(claimers)];
  }

  #claimsIt(account: number, campaign: number): boolean {
    return this.#claims.includes(account, campaign);
  }

  /** Visits the campaigns of an account, each once. */
  campaignsOf(account: number, visit: Visit): void {
    const stated = this.#statedIn[account] ?? NO_NUMBERS;
    const claims = this.#claims.at(account) ?? NO_NUMBERS;
    if (this.#hasOneSource(account, stated, claims)) {
      // Nearly every account: nothing can come twice.
      for (const campaign of stated.length > 0 ? stated : claims) {
        const reasons = this.#reasons(account, campaign, stated.length > 0);
        if (reasons.length > 0) {
          visit(campaign, reasons);
        }
      }
      return;
    }
    const met = new Set<number>();
    const look = (campaign: number, stated = false) => {
      if (!met.has(campaign)) {
        met.add(campaign);
        const reasons = this.#reasons(account, campaign, stated);
        if (reasons.length > 0) {
          visit(campaign, reasons);
        }
      }
    };
    for (const campaign of stated) {
      look(campaign, true);
    }
    const others = (campaign: number) => {
      look(campaign);
    };
    for (const { id } of this.#accounts.at(account)?.tags ?? []) {
      this.#tagUsers.get(id)?.forEach(others);
    }
    for (const [id, accounts] of this.#resolved) {
      if (accounts.has(account)) {
        this.#tagUsers.get(id)?.forEach(others);
      }
    }
    claims.forEach(others);
    this.#confirmed.get(account)?.campaigns.forEach(others);
  }

  /** True where only one of the sources names campaigns of an account. */
  #hasOneSource(account: number, stated: readonly number[], claims: readonly number[]): boolean {
    const others =
      (this.#tagUsers.size > 0 && (this.#resolved.size > 0 || (this.#accounts.at(account)?.tags.length ?? 0) > 0)) ||
      this.#confirmed.has(account);
    return !others && (stated.length === 0 || claims.length === 0);
  }

  /** Visits the senders of a campaign, each once. */
  sendersOf(campaign: number, visit: Visit): void {
    if (this.#stamps.length < this.#accounts.numbers) {
      const grown = new Uint32Array(this.#accounts.numbers * 2);
      grown.set(this.#stamps);
      this.#stamps = grown;
    }
    this.#stamp += 1;
    const stamp = this.#stamp;
    const look = (account: number, stated = false) => {
      if (this.#stamps[account] !== stamp) {
        this.#stamps[account] = stamp;
        const reasons = this.#reasons(account, campaign, stated);
        if (reasons.length > 0) {
          visit(account, reasons);
        }
      }
    };
    for (const account of this.#stated[campaign] ?? NO_NUMBERS) {
      look(account, true);
    }
    const others = (account: number) => {
      look(account);
    };
    for (const id of this.#senderTags[campaign] ?? []) {
      this.#carriers(id, others);
    }
    this.#claimedBy[campaign]?.forEach(others);
    this.#confirmedBy.get(campaign)?.forEach(others);
  }

  /** Why an account is a sender of a campaign; empty where it is none. `stated`: whether the campaign states it. */
  #reasons(account: number, campaign: number, stated: boolean): readonly SenderReason[] {
    const kind = this.#statedKind[campaign];
    const tags = this.#senderTags[campaign];
    if (tags === undefined && stated && kind === 'listed') {
      return ONLY_LISTED;
    }
    const reasons: SenderReason[] = stated && kind === 'listed' ? [LISTED] : [];
    if (tags !== undefined) {
      for (const id of tags) {
        const tag = this.#tagOf(account, id);
        if (tag !== undefined) {
          reasons.push({ kind: 'tag', tag });
        }
      }
    }
    return reasons.length === 0 && this.#isReported(account, campaign, stated && kind === 'reported')
      ? ONLY_REPORTED
      : reasons;
  }

  /** Of what the account claims and what the campaign answered, the newer counts; a mapping adds what is newer. */
  #isReported(account: number, campaign: number, reported: boolean): boolean {
    const claims = this.#claimsCount && this.#claims.has(account);
    const claimed = claims && this.#claims.includes(account, campaign);
    const asked = this.#statedKind[campaign] === 'reported';
    const newer = (this.#claimedAt.items[account] ?? 0) >= (this.#statedAt[campaign] ?? 0);
    if (claims && asked ? (newer ? claimed : reported) : claimed || reported) {
      return true;
    }
    const confirmed = this.#confirmed.get(account);
    return confirmed?.campaigns.includes(campaign) === true && confirmed.at >= (this.#statedAt[campaign] ?? 0);
  }

  #tagOf(account: number, id: string): Tag | undefined {
    return (
      this.#tagIn(account, id) ??
      (this.#resolved.get(id)?.has(account) === true ? (this.#labelled.get(id) ?? { id, label: id }) : undefined)
    );
  }

  #tagIn(account: number, id: string): Tag | undefined {
    return this.#accounts.at(account)?.tags.find((tag) => tag.id === id);
  }

  /** Accounts that carry a tag, or did once. */
  #carriers(id: string, visit: (account: number) => void): void {
    this.#tagged.get(id)?.forEach(visit);
    this.#resolved.get(id)?.forEach(visit);
  }

  #moveStatement(campaign: number, before: Uint32Array | undefined, after: Uint32Array | undefined): void {
    const kept = new Set(after);
    let changed = before === undefined || after === undefined;
    for (const account of before ?? NO_NUMBERS) {
      if (!kept.delete(account)) {
        const campaigns = this.#statedIn[account];
        const place = campaigns?.indexOf(campaign) ?? -1;
        campaigns?.splice(place, place < 0 ? 0 : 1);
        changed = true;
        this.#onAccount(account);
      }
    }
    for (const account of kept) {
      (this.#statedIn[account] ??= []).push(campaign);
      changed = true;
      this.#onAccount(account);
    }
    if (changed) {
      this.#onCampaign(campaign);
    }
  }

  /** A statement may be newer now than what accounts claimed, or mappings named, and count instead. */
  #recheckClaims(campaign: number, since: number): void {
    const statedAt = this.#statedAt[campaign] ?? 0;
    const overtakes = (at: number | undefined) => at !== undefined && at >= since && at < statedAt;
    const recheck = (account: number, at: number | undefined) => {
      if (overtakes(at)) {
        this.#onAccount(account);
        this.#onCampaign(campaign);
      }
    };
    for (const account of this.#confirmedBy.get(campaign) ?? []) {
      recheck(account, this.#confirmed.get(account)?.at);
    }
    if (this.#statedKind[campaign] === 'reported') {
      for (const account of [...(this.#claimedBy[campaign] ?? NO_NUMBERS), ...(this.#stated[campaign] ?? NO_NUMBERS)]) {
        const agrees =
          !this.#claims.has(account) ||
          this.#claimsIt(account, campaign) === this.#statedIn[account]?.includes(campaign);
        if (!agrees) {
          recheck(account, this.#claimedAt.items[account]);
        }
      }
    }
  }
}

const ONLY_REPORTED: readonly SenderReason[] = [REPORTED];
const ONLY_LISTED: readonly SenderReason[] = [LISTED];

function sameNumbers(a: ArrayLike<number> | undefined, b: ArrayLike<number> | undefined): boolean {
  if (a === undefined || b === undefined) {
    return a === b;
  }
  if (a.length !== b.length) {
    return false;
  }
  for (let place = 0; place < a.length; place += 1) {
    if (a[place] !== b[place]) {
      return false;
    }
  }
  return true;
}
