import { t } from '@vscode/l10n';
import type { Account, Campaign } from '../providers/model.ts';
import type { Gaps } from './gaps.ts';
import type { MapStore } from './store.ts';
import type { ListReader, ReadingPosition } from './sync/listReader.ts';
import type { Synchronizer } from './sync/synchronizer.ts';

/** The senders that a campaign answered to have, as they are kept on disk. */
export interface SenderListState {
  readonly keys: readonly string[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The campaigns that a mapping named for an account, as they are kept on disk. */
export interface ConfirmedMappingState {
  readonly ids: readonly string[];
  readonly at: number;
}

/** Everything that a map knows, as it is kept on disk. */
export interface MapState {
  readonly accounts: readonly Account[];
  /** With the senders that they list. */
  readonly campaigns: readonly Campaign[];
  readonly accountsPosition: ReadingPosition;
  readonly campaignsPosition: ReadingPosition;
  readonly senderLists: readonly (readonly [campaignId: string, list: SenderListState])[];
  readonly confirmed: readonly (readonly [accountKey: string, mapping: ConfirmedMappingState])[];
  /** Campaigns that only a mapping named. */
  readonly named: readonly Campaign[];
  readonly claimsHold: boolean | undefined;
  /** True where the tags are read that the lists do not give. */
  readonly tagsRead: boolean;
  /** What could not be read besides the lists, each in a sentence. */
  readonly gaps: readonly string[];
  readonly syncStartedAt: number;
  readonly syncedAt: number | undefined;
}

/** What the parts of a map know together. */
export function stateOf(
  store: MapStore,
  accounts: ListReader<Account>,
  campaigns: ListReader<Campaign>,
  sync: Synchronizer,
  gaps: Gaps,
): MapState {
  const { edges } = store;
  const listed = sync.statement === 'listed';
  return {
    accounts: store.accounts.rows,
    campaigns: listed
      ? store.campaigns.rows.map((campaign) => ({
          ...campaign,
          listedSenders: edges.statedBy(store.campaigns.number(campaign.id)),
        }))
      : store.campaigns.rows,
    accountsPosition: accounts.position,
    campaignsPosition: campaigns.position,
    senderLists: listed
      ? []
      : store.campaigns.rows.flatMap(({ id }): [string, SenderListState][] => {
          const campaign = store.campaigns.number(id);
          const keys = edges.statedBy(campaign);
          return keys === undefined ? [] : [[id, { keys, at: edges.statedAt(campaign) }]];
        }),
    confirmed: Array.from(edges.confirmed, ([account, mapping]) => [
      store.accounts.keyAt(account),
      { ids: mapping.campaigns.map((campaign) => store.campaigns.keyAt(campaign)), at: mapping.at },
    ]),
    named: [...store.named],
    claimsHold: sync.claimsHold,
    tagsRead: sync.tagsRead,
    gaps: [
      ...gaps.sentences,
      // Which accounts carry these tags is in no record of an account.
      ...(accounts.lacksTags && edges.senderTags.length > 0
        ? [t('senders that campaigns select by tags: they have to be read again')]
        : []),
    ],
    syncStartedAt: sync.startedAt,
    syncedAt: sync.syncedAt,
  };
}

/** Gives the parts of a map what {@link stateOf} took of another. */
export function restoreState(
  state: MapState,
  store: MapStore,
  accounts: ListReader<Account>,
  campaigns: ListReader<Campaign>,
  sync: Synchronizer,
  gaps: Gaps,
): void {
  const at = state.accountsPosition.startedAt;
  const accountKeys = new Set(state.accounts.map(({ key }) => key));
  const campaignIds = new Set(state.campaigns.map(({ id }) => id));
  for (const { key } of store.accounts.rows) {
    if (!accountKeys.has(key)) {
      store.dropAccount(store.accounts.number(key));
    }
  }
  for (const { id } of store.campaigns.rows) {
    if (!campaignIds.has(id)) {
      store.dropCampaign(store.campaigns.number(id));
    }
  }
  for (const account of state.accounts) {
    store.putAccount(account, at);
  }
  for (const campaign of state.campaigns) {
    store.putCampaign(campaign, state.campaignsPosition.startedAt);
  }
  for (const [id, { keys, at: answeredAt }] of state.senderLists) {
    store.putSenderList(id, keys, answeredAt);
  }
  for (const account of [...store.edges.confirmed.keys()]) {
    store.edges.unconfirm(account);
  }
  for (const campaign of state.named) {
    store.nameCampaign(campaign);
  }
  for (const [key, { ids, at: confirmedAt }] of state.confirmed) {
    store.edges.confirm(store.accounts.number(key), ids, confirmedAt);
  }
  accounts.restore(state.accountsPosition);
  campaigns.restore(state.campaignsPosition);
  gaps.restore(state.gaps);
  sync.restore(state);
}
