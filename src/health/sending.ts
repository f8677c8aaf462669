import type { Account, ProblemKind } from '../providers/model.ts';

/** What counts for a mailbox without a daily limit, in emails a day: what is advised (Smartlead FACTS 7). */
export const UNLIMITED = 50;

/** No limit means more: what is above is none, and sums stay exact. Emails a day. */
const MOST = 1_000_000;

/** Problems with which a mailbox sends nothing; with all others, such as a banned warmup, it goes on sending. */
const STOPS: ReadonlySet<ProblemKind> = new Set([
  'disconnected',
  'paused',
  'reconnect-failed',
  'setup-pending',
  'soft-bounce',
  'suspended',
]);

/** Emails a day that an account may send, whatever its state; undefined where the service does not say. */
export function limitOf({ dailyLimit, unlimited }: Account): number | undefined {
  return dailyLimit === undefined ? (unlimited === true ? UNLIMITED : undefined) : wholeEmails(dailyLimit);
}

/** Whether an account sends at all. */
export function canSend({ state, problems }: Account): boolean {
  return problems === undefined
    ? state !== 'error' && state !== 'paused'
    : !problems.some(({ kind }) => STOPS.has(kind));
}

/** Whether an account has sent what it may send today, where the service says how much that is. */
export function isAtDailyLimit({ sentToday, dailyLimit }: Account): boolean {
  return sentToday !== undefined && dailyLimit !== undefined && dailyLimit > 0 && sentToday >= dailyLimit;
}

/** A limit in whole emails a day. */
export function wholeEmails(limit: number): number {
  return Number.isNaN(limit) ? 0 : Math.floor(Math.min(Math.max(limit, 0), MOST));
}
