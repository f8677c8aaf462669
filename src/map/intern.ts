import type { Account, Campaign, Tag } from '../providers/model.ts';

/**
 * Keeps one copy of the words, tags and ids that many records share: hundreds of thousands of accounts have a few
 * hundred different ones, and each answer of a service brings them again.
 */
export class Interner {
  readonly #texts = new Map<string, string>();
  readonly #tags = new Map<string, Tag>();
  readonly #tagLists = new Map<string, readonly Tag[]>();
  readonly #idLists = new Map<string, readonly string[]>();

  account(account: Account): Account {
    return {
      ...account,
      statusWords: this.#text(account.statusWords),
      reason: this.#text(account.reason),
      providerType: this.#text(account.providerType),
      warmupWords: this.#text(account.warmupWords),
      trackingDomain: this.#text(account.trackingDomain),
      trackingStatus: this.#text(account.trackingStatus),
      clientId: this.#text(account.clientId),
      tags: this.#tagsOf(account.tags),
      campaignIds: this.#idsOf(account.campaignIds),
    };
  }

  campaign(campaign: Campaign): Campaign {
    return {
      ...campaign,
      statusWords: this.#text(campaign.statusWords),
      notSending: this.#text(campaign.notSending),
      clientId: this.#text(campaign.clientId),
      tags: this.#tagsOf(campaign.tags),
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
    const name = tags.map(({ id, label }) => `${id} ${label}`).join('\n');
    const known = this.#tagLists.get(name);
    if (known !== undefined) {
      return known;
    }
    const list = tags.map((tag) => {
      const tagName = `${tag.id} ${tag.label}`;
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
    const name = ids.join();
    const known = this.#idLists.get(name);
    if (known !== undefined) {
      return known;
    }
    const list = ids.map((id) => this.#text(id));
    this.#idLists.set(name, list);
    return list;
  }
}
