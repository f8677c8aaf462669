import type { AccountRule, CampaignRule, Rule } from '../rule.ts';
import { accountsUnhealthy } from './accountsUnhealthy.ts';
import { accountSuspended } from './accountSuspended.ts';
import { atDailyLimit } from './atDailyLimit.ts';
import { bounceProtection } from './bounceProtection.ts';
import { bounceRate } from './bounceRate.ts';
import { disconnected } from './disconnected.ts';
import { ended } from './ended.ts';
import { idle } from './idle.ts';
import { limitBeyondSenders } from './limitBeyondSenders.ts';
import { limitHigh } from './limitHigh.ts';
import { limitUnlimited } from './limitUnlimited.ts';
import { neverOpens } from './neverOpens.ts';
import { noHealthySenders } from './noHealthySenders.ts';
import { noSenders } from './noSenders.ts';
import { notSending } from './notSending.ts';
import { overused } from './overused.ts';
import { pausedByService } from './pausedByService.ts';
import { reconnectFailed } from './reconnectFailed.ts';
import { sendersUnhealthy } from './sendersUnhealthy.ts';
import { sendingError } from './sendingError.ts';
import { sendingGapShort } from './sendingGapShort.ts';
import { setupPending } from './setupPending.ts';
import { softBounce } from './softBounce.ts';
import { suspended } from './suspended.ts';
import { tagEmpty } from './tagEmpty.ts';
import { trackingDomain } from './trackingDomain.ts';
import { warmupBanned } from './warmupBanned.ts';
import { warmupBlocked } from './warmupBlocked.ts';
import { warmupOff } from './warmupOff.ts';
import { warmupScoreDrop } from './warmupScoreDrop.ts';
import { warmupScoreLow } from './warmupScoreLow.ts';
import { warmupSpamUnknown } from './warmupSpamUnknown.ts';
import { warmupSuspended } from './warmupSuspended.ts';

const accounts = [
  disconnected,
  softBounce,
  sendingError,
  warmupBanned,
  warmupSuspended,
  warmupSpamUnknown,
  warmupBlocked,
  reconnectFailed,
  trackingDomain,
  setupPending,
  suspended,
  warmupOff,
  warmupScoreLow,
  warmupScoreDrop,
  atDailyLimit,
  limitUnlimited,
  limitHigh,
  idle,
  overused,
  sendingGapShort,
] as const;

const campaigns = [
  accountSuspended,
  accountsUnhealthy,
  bounceProtection,
  pausedByService,
  notSending,
  noSenders,
  noHealthySenders,
  sendersUnhealthy,
  limitBeyondSenders,
  ended,
  neverOpens,
  tagEmpty,
  bounceRate,
] as const;

/** The stable name of a rule. */
export type RuleId = (typeof accounts)[number]['id'] | (typeof campaigns)[number]['id'];

/** Rules about accounts, in the order in which they come where they cost the same. */
export const accountRules: readonly AccountRule[] = accounts;

/** Rules about campaigns. */
export const campaignRules: readonly CampaignRule[] = campaigns;

export const rules: readonly Rule[] = [...accountRules, ...campaignRules];

const byId = new Map(rules.map((rule) => [rule.id, rule]));

export function ruleOf(id: RuleId): Rule {
  const rule = byId.get(id);
  if (rule === undefined) {
    throw new TypeError(`There is no rule "${id}".`);
  }
  return rule;
}
