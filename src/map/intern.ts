import type { Account, Campaign, Tag } from '../providers/model.ts';

/** A record with a place for each of its properties; the compiler misses those that are left out. */
type Whole<T> = { -readonly [property in keyof Required<T>]: T[property] };

/** What few accounts have: a record has a place for it only where it is there. */
type Rare = 'campaignIds' | 'others' | 'own' | 'problems' | 'reason' | 'setupPending' | 'trackingStatus' | 'unlimited';

/**
 * Keeps one copy of the words, tags and ids that many records share: hundreds of thousands of accounts have a few
 * hundred different ones, and each answer of a service brings them again. Records are written out property by property,
 * because those that are all of one shape, and made as a whole, take half the memory.
 */
export class Interner {
  readonly #texts = new Map<string, string>();
  readonly #tags = new Map<string, Tag>();
  readonly #tagLists = new Map<string, readonly Tag[]>();
  readonly #idLists = new Map<string, readonly string[]>();

  account(account: Account): Account {
    const common: Whole<Omit<Account, Rare>> = {
      key: account.key,
      // Where the email is the key (Instantly FACTS 2.1), it stands in memory once.
      email: account.email === account.key ? account.key : account.email,
      domain: this.#text(account.domain),
      name: account.name,
      status: account.status,
      statusWords: this.#text(account.statusWords),
      state: this.#text(account.state),
      providerType: this.#text(account.providerType),
      host: account.host,
      warmup: this.#text(account.warmup),
      warmupWords: this.#text(account.warmupWords),
      warmupScore: account.warmupScore,
      dailyLimit: account.dailyLimit,
      sentToday: account.sentToday,
      sendingGap: account.sendingGap,
      warmupLimit: account.warmupLimit,
      trackingDomain: this.#text(account.trackingDomain),
      tags: this.#tagsOf(account.tags),
      clientId: this.#text(account.clientId),
      createdAt: account.createdAt,
      updatedAt: account.updatedAt,
      warmupStartedAt: account.warmupStartedAt,
    };
    const rare: Whole<Pick<Account, Rare>> = {
      campaignIds: this.#idsOf(account.campaignIds),
      // As long as they are: what built them left room for more.
      others: account.others?.slice(),
      own: account.own,
      problems: account.problems?.slice(),
      reason: this.#text(account.reason),
      setupPending: account.setupPending,
      trackingStatus: this.#text(account.trackingStatus),
      unlimited: account.unlimited,
    };
    return withDefined(common, rare);
  }

  campaign(campaign: Campaign): Whole<Campaign> {
    return {
      id: campaign.id,
      name: campaign.name,
      status: campaign.status,
      statusWords: this.#text(campaign.statusWords),
      state: this.#text(campaign.state),
      reason: campaign.reason,
      others: campaign.others,
      problems: campaign.problems,
      dailyLimit: campaign.dailyLimit,
      notSending: this.#text(campaign.notSending),
      schedule: campaign.schedule,
      tags: this.#tagsOf(campaign.tags),
      newLeadsPerDay: campaign.newLeadsPerDay,
      parentId: campaign.parentId,
      clientId: this.#text(campaign.clientId),
      listedSenders: campaign.listedSenders,
      senderTagIds: campaign.senderTagIds,
      createdAt: campaign.createdAt,
      updatedAt: campaign.updatedAt,
    };
  }

  #text<T extends string | undefined>(text: T): T {
    if (text === undefined) {
      return text;
    }
    const known = this.#texts.get(text);
    if (known !== undefined) {
      return known as T;
    }
    this.#texts.set(text, text);
    return text;
  }

  #tagsOf(tags: readonly Tag[]): readonly Tag[] {
    // As JSON, because no separator is in no label.
    const name = JSON.stringify(tags);
    const known = this.#tagLists.get(name);
    if (known !== undefined) {
      return known;
    }
    const list = tags.map((tag) => {
      const tagName = JSON.stringify(tag);
      const same = this.#tags.get(tagName) ?? tag;
      this.#tags.set(tagName, same);
      return same;
    });
    this.#tagLists.set(name, list);
    return list;
  }

  #idsOf(ids: readonly string[] | undefined): readonly string[] | undefined {
    if (ids === undefined) {
      return undefined;
    }
    const name = JSON.stringify(ids);
    const known = this.#idLists.get(name);
    if (known !== undefined) {
      return known;
    }
    const list = ids.map((id) => this.#text(id));
    this.#idLists.set(name, list);
    return list;
  }
}

/** Adds those properties to a record that are there. */
function withDefined<T extends object, R extends object>(record: T, properties: R): T & Partial<R> {
  const whole: T & Partial<R> = record;
  for (const name in properties) {
    if (properties[name] !== undefined) {
      Object.assign(whole, { [name]: properties[name] });
    }
  }
  return whole;
}
