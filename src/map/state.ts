import { t } from '@vscode/l10n';
import type { Account, Campaign, Tag } from '../providers/model.ts';
import { eachInSteps, type Steps } from '../transport/turns.ts';
import type { Gaps } from './gaps.ts';
import type { MapStore } from './store.ts';
import type { EdgeReader } from './sync/edgeReader.ts';
import type { ReadingPosition } from './sync/listReader.ts';
import type { Lists } from './sync/lists.ts';
import type { Synchronizer } from './sync/synchronizer.ts';
import type { Table } from './table.ts';

/** The senders that a campaign states, as they are kept on disk. */
export interface SenderListState {
  /** To be gone over once: where there are millions, each is made when it is asked for. */
  readonly keys: Iterable<string>;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The campaigns that a mapping named for an account, as they are kept on disk. */
export interface ConfirmedMappingState {
  readonly ids: readonly string[];
  readonly at: number;
}

/** Everything that a map knows at one moment, as it is kept on disk. What is in it never changes. */
export interface MapState {
  /** With the campaigns that they claim. To be gone over once: each is made when it is asked for. */
  readonly accounts: Iterable<Account>;
  /** When each of them said which campaigns it feeds, in milliseconds since the epoch; 0 where it did not. */
  readonly claimTimes: Iterable<number>;
  /** Their senders are in `senderLists`. */
  readonly campaigns: readonly Campaign[];
  readonly accountsPosition: ReadingPosition;
  readonly campaignsPosition: ReadingPosition;
  /** What campaigns list, or answered, as their senders. */
  readonly senderLists: readonly (readonly [campaignId: string, list: SenderListState])[];
  readonly confirmed: readonly (readonly [accountKey: string, mapping: ConfirmedMappingState])[];
  /** Campaigns that only a mapping named. */
  readonly named: readonly Campaign[];
  /** Tags through which campaigns select senders and whose labels no account says. */
  readonly tagLabels: readonly Tag[];
  readonly claimsHold: boolean | undefined;
  /** True where the tags are read that the lists do not give. */
  readonly tagsRead: boolean;
  /** What could not be read besides the lists, each in a sentence. */
  readonly gaps: readonly string[];
  readonly syncStartedAt: number;
  readonly syncedAt: number | undefined;
}

/** The parts of a map that know something. */
export interface MapParts {
  readonly store: MapStore;
  readonly lists: Lists;
  readonly edges: EdgeReader;
  readonly sync: Synchronizer;
  readonly gaps: Gaps;
}

/**
 * What the parts of a map know together. It is taken in one turn, so that it is of one moment; records and lists of
 * senders are not copied for that.
 */
export function stateOf({ store, lists: { accounts, campaigns }, edges: reader, sync, gaps }: MapParts): MapState {
  const { edges } = store;
  return {
    accounts: withClaims(store.accounts.rows, store.accounts.listed, edges.claims),
    claimTimes: timesAt(store.accounts.listed, edges.claimTimes),
    campaigns: store.campaigns.rows,
    accountsPosition: accounts.position,
    campaignsPosition: campaigns.position,
    senderLists: store.campaigns.rows.flatMap(({ id }): [string, SenderListState][] => {
      const campaign = store.campaigns.number(id);
      const stated = edges.statedBy(campaign);
      return stated === undefined ? [] : [[id, { keys: keysAt(stated, store.accounts), at: edges.statedAt(campaign) }]];
    }),
    confirmed: Array.from(edges.confirmed, ([account, mapping]) => [
      store.accounts.keyAt(account),
      { ids: mapping.campaigns.map((campaign) => store.campaigns.keyAt(campaign)), at: mapping.at },
    ]),
    named: [...store.named],
    tagLabels: edges.labelledTags,
    claimsHold: reader.claimsHold,
    tagsRead: reader.tagsRead,
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

/**
 * Gives the parts of a map what {@link stateOf} took of another, in steps. What is gone goes last, so that nothing on
 * screen vanishes meanwhile.
 */
export function* restoreState(state: MapState, { store, lists, edges, sync, gaps }: MapParts): Steps<void> {
  const goneAccounts = new Set<number>();
  yield* eachInSteps(store.accounts.rows, ({ key }) => goneAccounts.add(store.accounts.number(key)));
  const goneCampaigns = new Set(store.campaigns.rows.map(({ id }) => store.campaigns.number(id)));
  const claimTimes = state.claimTimes[Symbol.iterator]();
  yield* eachInSteps(state.accounts, (account) => {
    const claimedAt = claimTimes.next();
    store.putAccount(account, claimedAt.done === true ? state.accountsPosition.startedAt : claimedAt.value);
    goneAccounts.delete(store.accounts.number(account.key));
  });
  const senderLists = new Map(state.senderLists);
  for (const campaign of state.campaigns) {
    const list = senderLists.get(campaign.id);
    const keys = list && [...list.keys];
    store.putCampaign(
      { ...campaign, listedSenders: keys ?? campaign.listedSenders },
      list?.at ?? state.campaignsPosition.startedAt,
    );
    if (list !== undefined && keys !== undefined) {
      store.putSenderList(campaign.id, keys, list.at);
    }
    goneCampaigns.delete(store.campaigns.number(campaign.id));
    yield;
  }
  yield* eachInSteps(goneAccounts, (account) => {
    store.dropAccount(account);
  });
  yield* eachInSteps(goneCampaigns, (campaign) => {
    store.dropCampaign(campaign);
  });
  yield* eachInSteps([...store.edges.confirmed.keys()], (account) => {
    store.edges.unconfirm(account);
  });
  yield* eachInSteps(state.named, (campaign) => {
    store.nameCampaign(campaign);
  });
  yield* eachInSteps(state.confirmed, ([key, { ids, at: confirmedAt }]) => {
    store.edges.confirm(store.accounts.number(key), ids, confirmedAt);
  });
  store.edges.labelTags(state.tagLabels);
  yield* lists.accounts.restore(state.accountsPosition);
  yield* lists.campaigns.restore(state.campaignsPosition);
  gaps.restore(state.gaps);
  sync.restore(state);
  edges.restore(state);
}

function withClaims(
  rows: readonly Account[],
  numbers: readonly number[],
  claims: (account: number) => readonly string[] | undefined,
): Iterable<Account> {
  return {
    *[Symbol.iterator]() {
      for (const [place, row] of rows.entries()) {
        const campaignIds = claims(numbers[place] ?? -1);
        yield campaignIds === undefined ? row : { ...row, campaignIds };
      }
    },
  };
}

function timesAt(numbers: Iterable<number>, times: readonly number[]): Iterable<number> {
  return {
    *[Symbol.iterator]() {
      for (const number of numbers) {
        yield times[number] ?? 0;
      }
    },
  };
}

function keysAt(numbers: Iterable<number>, table: Table<Account>): Iterable<string> {
  return {
    *[Symbol.iterator]() {
      for (const number of numbers) {
        yield table.keyAt(number);
      }
    },
  };
}
