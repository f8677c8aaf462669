import type { Graph } from '../map/graph.ts';
import { eachInSteps, type Steps } from '../transport/turns.ts';
import type { Account, Campaign } from '../providers/model.ts';
import { isActive } from './active.ts';
import { limitOf } from './sending.ts';

/** Accounts between two yields. */
const STEP = 200;

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
  const fed = new Map<number, Campaign>();
  const note = (number: number) => {
    const campaign = graph.campaignAt(number);
    if (campaign === undefined || !isActive(campaign)) {
      return false;
    }
    fed.set(number, campaign);
    return true;
  };
  let emailsPerDay = 0;
  yield* eachInSteps(accounts, (account) => {
    const number = graph.numberOf(account.key);
    if (number !== undefined && feedsOne(graph, number, note)) {
      emailsPerDay += limitOf(account) ?? 0;
    }
  });
  const isFed = (number: number) => fed.has(number);
  let ofAll = 0;
  for (let number = 0; number < graph.accountNumbers; number += 1) {
    const account = feedsOne(graph, number, isFed) ? graph.accountAt(number) : undefined;
    ofAll += account === undefined ? 0 : (limitOf(account) ?? 0);
    if (number % STEP === 0) {
      yield;
    }
  }
  return { campaigns: [...fed.values()], emailsPerDay, ofAll };
}

/** Whether an account feeds one of some campaigns; all its campaigns are looked at. */
function feedsOne(graph: Graph, accountNumber: number, isOne: (campaignNumber: number) => boolean): boolean {
  let count = 0;
  graph.countOfCampaignsAt(accountNumber, (campaign) => {
    count += Number(isOne(campaign));
  });
  return count > 0;
}
