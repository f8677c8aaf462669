import type { Account, Campaign } from '../providers/model.ts';
import type { OwnAccount, ProviderInfo } from '../providers/provider.ts';
import type { MapStore } from './store.ts';

/**
 * Takes an account that was read alone. What a single read never has is kept from the list: tags on Instantly, the gap
 * on Smartlead (FACTS 2.1, 3.9).
 *
 * @param tagsRead true where this read has the tags, so that none means that there are none.
 */
export function takeAccount(store: MapStore, { tagsUnread, ...account }: OwnAccount, tagsRead = false): void {
  const before = store.accounts.get(account.key);
  const known = (tagsRead && tagsUnread !== true) || account.tags.length > 0;
  const after: Account = {
    ...account,
    tags: known ? account.tags : (before?.tags ?? []),
    sendingGap: account.sendingGap ?? before?.sendingGap,
  };
  store.putAccount(after, Date.now());
}

/** Takes a campaign that was read alone. */
export function takeCampaign(
  store: MapStore,
  campaign: Campaign,
  info: Pick<ProviderInfo, 'pauseReasonsInLists'>,
): void {
  const before = store.campaigns.get(campaign.id);
  const tags = campaign.tags.length > 0 ? campaign.tags : (before?.tags ?? []);
  store.putCampaign({ ...campaign, ...pauseReason(info, before, campaign), tags }, Date.now());
}

/** What a list said of a pause, where the campaign's own answer is silent about it. */
function pauseReason(
  info: Pick<ProviderInfo, 'pauseReasonsInLists'>,
  before: Campaign | undefined,
  { status, reason }: Campaign,
): Partial<Campaign> {
  const kept = info.pauseReasonsInLists === true && reason === undefined;
  return kept && before?.status === status && before?.reason !== undefined
    ? {
        state: before.state,
        statusWords: before.statusWords,
        reason: before.reason,
        others: before.others,
        problems: before.problems,
      }
    : {};
}
