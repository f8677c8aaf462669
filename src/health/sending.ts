import type { Account } from '../providers/model.ts';

/** What counts for a mailbox without a daily limit, in emails a day: what is advised (Smartlead FACTS 7). */
export const UNLIMITED = 50;

/** Emails a day that an account may send, whatever its state; undefined where the service does not say. */
export function limitOf({ dailyLimit, unlimited }: Account): number | undefined {
  return unlimited === true ? UNLIMITED : dailyLimit;
}

/** Whether an account sends at all: what failed, is paused or is not set up does not. */
export function canSend({ state, setupPending }: Account): boolean {
  return state !== 'error' && state !== 'paused' && setupPending !== true;
}
