import type { ReadBack } from '../map/readBack.ts';
import type { Account, Campaign } from '../providers/model.ts';
import type { PlanItem, Value } from './plan.ts';

/** What an item is about does not exist. Plain data, so that it can be written down and compared. */
export const GONE = 'gone';

/** What plans read of a service; a type without what a class hides, so that a test can give another. */
export type LiveReads = Pick<ReadBack, keyof ReadBack>;

/**
 * What the service says now about the items of one request, in their order, each as {@link PlanItem.before} says it;
 * {@link GONE} where it does not know the account or the campaign, and undefined where the campaign of a property is gone.
 *
 * @throws {ServiceError} where one of them cannot be read; AbortError.
 */
export async function liveValues(
  reads: LiveReads,
  items: readonly PlanItem[],
  signal?: AbortSignal,
): Promise<readonly Value[]> {
  const [first] = items;
  switch (first?.kind) {
    case undefined:
      return [];
    case 'activate-campaign':
    case 'pause-campaign':
    case 'stop-campaign':
      return each(items, async ({ id }) => statusOf(await reads.campaign(id, signal)));
    case 'delete-campaign':
      return each(items, async ({ id }) => ((await reads.campaign(id, signal)) === undefined ? GONE : EXISTS));
    case 'pause-account':
    case 'resume-account':
    case 'mark-fixed':
      return each(items, async ({ id }) => statusOf(await reads.account(id, signal)));
    case 'daily-limit':
      return each(items, async ({ id }) => limitOf(await reads.account(id, signal)));
    case 'add-sender':
    case 'remove-sender': {
      const senders = await reads.sendersOf(first.campaign?.id ?? '', signal);
      return items.map(({ id }) => senders.has(reads.sameKey(id)));
    }
    case 'assign-tag':
    case 'remove-tag': {
      const { tag = { id: '', label: '' }, about } = first;
      const ids = items.map(({ id }) => id);
      const tagged =
        about === 'account'
          ? await reads.taggedAccounts(tag, ids, signal)
          : await reads.taggedCampaigns(tag, ids, signal);
      return ids.map((id) => tagged.has(reads.sameKey(id)));
    }
    case 'edit-campaign': {
      const properties = await reads.properties(first.id, signal);
      return items.map(({ property = '' }) =>
        // Nothing that a property may be, not even the word.
        properties === undefined ? undefined : (properties[property] ?? null),
      );
    }
  }
}

/** The campaign is there. */
export const EXISTS = 'exists';

/** The status of an account or a campaign as its service writes it. */
export function statusOf(record: Account | Campaign | undefined): Value {
  return record === undefined ? GONE : (record.status ?? null);
}

/** Emails a day; 0 where the service sends without a limit, null where it does not say. */
export function limitOf(account: Account | undefined): Value {
  return account === undefined ? GONE : account.unlimited === true ? 0 : (account.dailyLimit ?? null);
}

function each<T>(items: readonly PlanItem[], read: (item: PlanItem) => Promise<T>): Promise<readonly T[]> {
  return Promise.all(items.map(read));
}
