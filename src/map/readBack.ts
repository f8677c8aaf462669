import { t } from '@vscode/l10n';
import type { Campaign, Tag } from '../providers/model.ts';
import { object, type Json } from '../providers/fields.ts';
import type { OwnAccount, Provider } from '../providers/provider.ts';
import type { ReadOptions } from '../transport/client.ts';
import { isServiceError, ServiceError } from '../transport/errors.ts';
import { parseObject } from '../transport/json.ts';
import type { ChangeFeed } from './changeFeed.ts';
import { takeAccount, takeCampaign } from './singleReads.ts';
import type { MapStore } from './store.ts';

/**
 * Reads single accounts and campaigns for a plan, before it changes them and after, and takes in what the service says:
 * the map shows a change at once. Each method rejects with a `ServiceError`, or an AbortError of its signal.
 */
export class ReadBack {
  readonly #provider: Provider;
  readonly #store: MapStore;
  readonly #feed: ChangeFeed;

  constructor(provider: Provider, store: MapStore, feed: ChangeFeed) {
    this.#provider = provider;
    this.#store = store;
    this.#feed = feed;
  }

  /** An identifier as it is compared. */
  sameKey(id: string): string {
    return this.#provider.info.sameKey(id);
  }

  /** Undefined where the service does not know it. */
  async account(key: string, signal?: AbortSignal): Promise<OwnAccount | undefined> {
    const account = await found(this.#provider.account(key, inBackground(signal)));
    if (account !== undefined) {
      // Where accounts have to be asked for by tag, their own answer has no tags.
      takeAccount(this.#store, account, this.#provider.accountsWithTag === undefined);
      this.#feed.publish();
    }
    return account;
  }

  /** As the service answers it, with the senders that it lists. Undefined where the service does not know it. */
  async campaign(id: string, signal?: AbortSignal): Promise<Campaign | undefined> {
    const campaign = await found(this.#provider.campaign(id, inBackground(signal)));
    if (campaign !== undefined) {
      takeCampaign(this.#store, campaign, this.#provider.info);
      this.#feed.publish();
    }
    return campaign;
  }

  /**
   * The properties of a campaign as the service answers them; the map takes in the campaign. Undefined where the service
   * does not know it.
   */
  async properties(id: string, signal?: AbortSignal): Promise<Json | undefined> {
    const [document] = await Promise.all([
      found(this.#provider.document('campaign', id, inBackground(signal))),
      this.campaign(id, signal),
    ]);
    return document && object(parseObject(new TextDecoder().decode(document.content)));
  }

  /** Takes a campaign out of the map that was deleted. */
  dropCampaign(id: string): void {
    const number = this.#store.campaigns.numberOf(id);
    if (number !== undefined) {
      this.#store.dropCampaign(number);
      this.#feed.publish();
    }
  }

  /** The accounts that a campaign itself names as its senders, by {@link sameKey}; those that only a tag selects are not among them. */
  async sendersOf(campaignId: string, signal?: AbortSignal): Promise<ReadonlySet<string>> {
    if (this.#provider.info.edgesFrom === 'campaigns') {
      const campaign = await this.campaign(campaignId, signal);
      return new Set(campaign?.listedSenders?.map((key) => this.sameKey(key)));
    }
    const { senders } = await this.#provider.sendersOf(campaignId, inBackground(signal));
    const keys = senders.map(({ account }) => account.key);
    this.#store.putSenderList(campaignId, keys, Date.now());
    this.#feed.publish();
    return new Set(keys.map((key) => this.sameKey(key)));
  }

  /** Those of some accounts that carry a tag, by {@link sameKey}. */
  async taggedAccounts(tag: Tag, keys: readonly string[], signal?: AbortSignal): Promise<ReadonlySet<string>> {
    const pages = this.#provider.accountsWithTag?.(tag.id, inBackground(signal));
    const tagged = new Set<string>();
    if (pages === undefined) {
      const accounts = await Promise.all(keys.map((key) => this.account(key, signal)));
      for (const account of accounts) {
        if (account?.tagsUnread === true) {
          throw this.#malformed(t('the answer about {0} does not say its tags', account.email));
        }
        if (account?.tags.some(({ id }) => id === tag.id) === true) {
          tagged.add(this.sameKey(account.key));
        }
      }
      return tagged;
    }
    let unread = false;
    for await (const { items, invalid } of pages) {
      for (const account of items) {
        tagged.add(this.sameKey(account.key));
        takeAccount(this.#store, account);
      }
      unread ||= invalid.length > 0;
    }
    if (unread && keys.some((key) => !tagged.has(this.sameKey(key)))) {
      throw this.#malformed(t('not all accounts with the tag "{0}" can be read', tag.label));
    }
    for (const key of keys) {
      const known = tagged.has(this.sameKey(key)) ? undefined : this.#store.accounts.get(key);
      if (known?.tags.some(({ id }) => id === tag.id) === true) {
        takeAccount(this.#store, { ...known, tags: known.tags.filter(({ id }) => id !== tag.id) }, true);
      }
    }
    this.#feed.publish();
    return tagged;
  }

  /** None of them is taken for one without the tag: a plan says that it cannot be checked. */
  #malformed(serviceMessage: string): ServiceError {
    return new ServiceError('malformed', { service: this.#provider.info.name, serviceMessage });
  }

  /** The same for campaigns. */
  async taggedCampaigns(tag: Tag, ids: readonly string[], signal?: AbortSignal): Promise<ReadonlySet<string>> {
    const answer = await this.#provider.campaignTags?.(ids, inBackground(signal));
    const tagged = new Set<string>();
    if (answer !== undefined && answer.invalid.length > 0) {
      throw this.#malformed(t('not all tags of these campaigns can be read'));
    }
    for (const id of ids) {
      const tags = answer === undefined ? (await this.campaign(id, signal))?.tags : (answer.tags.get(id) ?? []);
      if (answer !== undefined) {
        this.#store.tagCampaign(id, tags ?? []);
      }
      if (tags?.some((other) => other.id === tag.id) === true) {
        tagged.add(this.sameKey(id));
      }
    }
    this.#feed.publish();
    return tagged;
  }
}

/** A plan goes behind what a person waits for, and waits as long as its changes do where the service asks for it. */
function inBackground(signal?: AbortSignal): ReadOptions {
  return { signal, priority: 'background' };
}

async function found<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isServiceError(error) && error.kind === 'notFound') {
      return undefined;
    }
    throw error;
  }
}
