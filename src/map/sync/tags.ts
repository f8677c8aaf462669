import { t } from '@vscode/l10n';
import type { Provider } from '../../providers/provider.ts';
import type { ReadOptions } from '../../transport/client.ts';
import { isServiceError } from '../../transport/errors.ts';
import type { Gaps } from '../gaps.ts';
import type { MapStore } from '../store.ts';

interface TagReading {
  readonly provider: Provider;
  readonly store: MapStore;
  readonly gaps: Gaps;
  /** Whether the service was asked for the tags of accounts, or campaigns, and gave none. */
  readonly accountsLackTags: boolean;
  readonly campaignsLackTags: boolean;
  readonly options: ReadOptions;
}

/**
 * Reads the tags that the lists do not give: those on campaigns, where a service tells them apart from its campaigns, and
 * the accounts behind the tags that select senders, where the list of accounts came without tags. What cannot be read is
 * a gap. Only cancellation rejects.
 *
 * @returns whether everything was read.
 */
export async function readTags(reading: TagReading): Promise<boolean> {
  const { provider, gaps, campaignsLackTags } = reading;
  if (provider.campaignTags === undefined) {
    const sentence = t('tags of campaigns: the service does not give them');
    gaps.set('campaign tags', campaignsLackTags ? sentence : undefined);
  }
  const read = await Promise.all([readCampaignTags(reading), readSenderTags(reading)]);
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
    gaps.setInvalid(t('tags of campaigns'), found.invalid);
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
  const unresolved: string[] = [];
  for (const id of wanted) {
    const keys: string[] = [];
    try {
      if (provider.accountsWithTag === undefined) {
        unresolved.push(id);
        continue;
      }
      for await (const page of provider.accountsWithTag(id, options)) {
        for (const { key } of page.items) {
          keys.push(key);
        }
      }
      store.edges.resolveTag({ id, label: id }, keys);
    } catch (error) {
      if (!isServiceError(error)) {
        throw error;
      }
      unresolved.push(id);
    }
  }
  gaps.set(
    'sender tags',
    unresolved.length === 0
      ? undefined
      : t('senders that campaigns select by {0} tags: the list of accounts came without tags', unresolved.length),
  );
  return unresolved.length === 0;
}
