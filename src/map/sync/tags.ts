import { t } from '@vscode/l10n';
import type { InvalidRecord } from '../../providers/model.ts';
import type { Provider } from '../../providers/provider.ts';
import type { ReadOptions } from '../../transport/client.ts';
import { isServiceError } from '../../transport/errors.ts';
import type { Log } from '../../transport/log.ts';
import type { Gaps } from '../gaps.ts';
import type { MapStore } from '../store.ts';
import { Patience } from './patience.ts';

interface TagReading {
  readonly provider: Provider;
  readonly store: MapStore;
  readonly gaps: Gaps;
  readonly log: Log;
  /** Whether the service was asked for the tags of accounts, or campaigns, and gave none. */
  readonly accountsLackTags: boolean;
  readonly campaignsLackTags: boolean;
  readonly options: ReadOptions;
}

/**
 * Reads the tags that the lists do not give: those on campaigns, where a service tells them apart from its campaigns, and
 * of the tags that select senders the labels that no account says and, where the list of accounts came without tags, the
 * accounts behind them. What cannot be read is a gap, but for labels, of which ids take the place. Only cancellation
 * rejects.
 *
 * @returns whether everything was read.
 */
export async function readTags(reading: TagReading): Promise<boolean> {
  const { provider, gaps, campaignsLackTags } = reading;
  if (provider.campaignTags === undefined) {
    const sentence = t('tags of campaigns: the service does not give them');
    gaps.set('campaign tags', campaignsLackTags ? sentence : undefined);
  }
  const read = await Promise.all([readCampaignTags(reading), readSenderTags(reading), readSenderTagLabels(reading)]);
  return !read.includes(false);
}

async function readCampaignTags({ provider, store, gaps, options }: TagReading): Promise<boolean> {
  if (provider.campaignTags === undefined) {
    return true;
  }
  const campaigns = store.campaigns.rows;
  try {
    const ids = campaigns.map(({ id }) => id);
    const found = await provider.campaignTags(ids, options);
    for (const campaign of campaigns) {
      store.tagCampaign(campaign.id, found.tags.get(campaign.id) ?? []);
    }
    gaps.setInvalid('campaign tags', t('tags of campaigns'), found.invalid);
    gaps.set('campaign tags', undefined);
    return found.invalid.length === 0;
  } catch (error) {
    if (!isServiceError(error)) {
      throw error;
    }
    gaps.set('campaign tags', t('tags of campaigns: {0}', error.message));
    return false;
  }
}

async function readSenderTags({ provider, store, gaps, accountsLackTags, options }: TagReading): Promise<boolean> {
  const wanted = accountsLackTags ? store.edges.senderTags : [];
  const resolved = new Set<string>();
  const invalid: InvalidRecord[] = [];
  const patience = new Patience();
  for (const id of wanted) {
    if (provider.accountsWithTag === undefined || patience.ended) {
      break;
    }
    try {
      const keys: string[] = [];
      for await (const page of provider.accountsWithTag(id, options)) {
        page.items.forEach(({ key }) => keys.push(key));
        page.invalid.forEach((record) => invalid.push(record));
      }
      store.edges.resolveTag(id, keys);
      resolved.add(id);
      patience.succeeded();
    } catch (error) {
      if (!isServiceError(error)) {
        throw error;
      }
      patience.failed(error);
    }
  }
  store.edges.resolveNoTagsBut(wanted);
  gaps.setInvalid('accounts by tag', t('accounts by tag'), invalid);
  gaps.set(
    'account tags',
    accountsLackTags ? t('tags of accounts: the list of accounts came without them') : undefined,
  );
  const unresolved = wanted.filter((id) => !resolved.has(id));
  gaps.set(
    'sender tags',
    unresolved.length === 0
      ? undefined
      : t('senders that campaigns select by {0} tags: the list of accounts came without tags', unresolved.length),
  );
  return unresolved.length === 0 && invalid.length === 0;
}

async function readSenderTagLabels(reading: TagReading): Promise<void> {
  const { provider, store, log, accountsLackTags, options } = reading;
  const { edges } = store;
  const wanted = edges.senderTags.filter((id) => accountsLackTags || !edges.isCarried(id));
  try {
    const tags = await provider.tagsById?.(wanted, options);
    edges.labelTags(wanted.map((id) => tags?.get(id)).filter((tag) => tag !== undefined));
  } catch (error) {
    if (!isServiceError(error)) {
      throw error;
    }
    log.warn(`${provider.info.name}: labels of tags cannot be read, their ids are shown: ${error.message}`);
  }
}
