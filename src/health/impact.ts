import type { Graph } from '../map/graph.ts';
import { eachInSteps, type Steps } from '../transport/turns.ts';
import type { Account, Campaign } from '../providers/model.ts';
import { isActive } from './active.ts';
import { limitOf } from './sending.ts';

/** What accounts mean to the active campaigns that they feed. */
export interface Impact {
  /** Active campaigns that one of them feeds. */
  readonly campaigns: readonly Campaign[];
  /** What they may send a day, for those campaigns. */
  readonly emailsPerDay: number;
  /** What all senders of those campaigns may send a day, each counted once. */
  readonly ofAll: number;
}

/** In steps. Accounts without a known limit count for nothing. */
export function* impactOf(graph: Graph, accounts: readonly Account[]): Steps<Impact> {
  const campaigns = new Map<string, Campaign>();
  let emailsPerDay = 0;
  yield* eachInSteps(accounts, (account) => {
    let feeds = false;
    for (const { campaign } of graph.campaignsOf(account.key)) {
      if (isActive(campaign)) {
        feeds = true;
        campaigns.set(campaign.id, campaign);
      }
    }
    emailsPerDay += feeds ? (limitOf(account) ?? 0) : 0;
  });
  const met = new Uint8Array(graph.accountNumbers);
  let ofAll = 0;
  for (const id of campaigns.keys()) {
    graph.eachSender(id, (account, number) => {
      if (met[number] === 0) {
        met[number] = 1;
        ofAll += limitOf(account) ?? 0;
      }
    });
    yield;
  }
  return { campaigns: [...campaigns.values()], emailsPerDay, ofAll };
}
