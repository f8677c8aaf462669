import type { Account, Campaign } from '../providers/model.ts';
import type { CampaignCount } from '../map/graph.ts';
import type { SenderCounts } from '../map/store.ts';
import type { AccountReading, CampaignReading } from './readings.ts';
import type { RuleId } from './rules/index.ts';
import type { Thresholds } from './thresholds.ts';

/** In order, the worst first. */
export const severities = ['critical', 'warning', 'info'] as const;

export type Severity = (typeof severities)[number];

/**
 * What a finding costs, in order: emails that active campaigns lose now, emails that they may lose soon, emails that
 * nobody asks for, and nothing.
 */
export const costs = ['lost', 'risk', 'waste', 'none'] as const;

export type Cost = (typeof costs)[number];

/** What all rules have. Rules are data with small pure functions; an absent field never fires one. */
interface RuleBase<Id extends string> {
  readonly id: Id;
  readonly severity: Severity;
  readonly cost: Cost;
  /** What those that it fires for have in common, e.g. "Disconnected". */
  readonly title: () => string;
  /** What it means for sending, in a sentence. */
  readonly meaning: () => string;
  /** What to do, as the service recommends it, in a sentence. */
  readonly nextStep: () => string;
  /** Where the fact and the threshold come from: a page of the facts about the services. */
  readonly source: string;
  /** Rules that this one explains away: they do not fire where it does. */
  readonly explains?: readonly RuleId[];
}

/** A rule about accounts. */
export interface AccountRule<Id extends string = RuleId> extends RuleBase<Id> {
  readonly about: 'account';
  readonly reads: readonly (keyof Account)[];
  /** What it reads besides the account. */
  readonly readsFacts?: readonly AccountReading[];
  readonly fires: (account: Account, facts: AccountFacts) => boolean;
  /** Whether it nearly fires; only rules with a threshold have this. */
  readonly isNear?: (account: Account, facts: AccountFacts) => boolean;
  /** What shows that it nearly fires; undefined: the evidence is true of that too. */
  readonly nearEvidence?: (account: Account, facts: AccountFacts) => string;
  /** What shows it, with its number, e.g. "score 62, was 91 on November 13". */
  readonly evidence: (account: Account, facts: AccountFacts) => string;
}

/** A rule about campaigns. */
export interface CampaignRule<Id extends string = RuleId> extends RuleBase<Id> {
  readonly about: 'campaign';
  /** Whether the campaign sends nothing at all where it fires. */
  readonly stops?: true;
  readonly reads: readonly (keyof Campaign)[];
  readonly readsFacts?: readonly CampaignReading[];
  readonly fires: (campaign: Campaign, facts: CampaignFacts) => boolean;
  readonly isNear?: (campaign: Campaign, facts: CampaignFacts) => boolean;
  readonly nearEvidence?: (campaign: Campaign, facts: CampaignFacts) => string;
  readonly evidence: (campaign: Campaign, facts: CampaignFacts) => string;
}

export type Rule = AccountRule | CampaignRule;

/** What rules about accounts know besides the account. */
export interface AccountFacts {
  readonly thresholds: Thresholds;
  /** Undefined where its campaigns are not all known. */
  readonly campaigns: CampaignCount | undefined;
  /** What our own records say of it; undefined where there are none of it. */
  readonly before: Before | undefined;
}

/** An account in our own records. */
export interface Before {
  /** The oldest warmup score of the last days, and when it was noted, in milliseconds since the epoch. */
  readonly score?: number | undefined;
  readonly scoreAt: number;
  /** Since when it is in no active campaign, as far as records go back; milliseconds since the epoch. */
  readonly idleSince?: number | undefined;
}

/** A status that senders of a campaign have, in words, and how many have it. */
export interface Trouble {
  readonly words: string;
  readonly count: number;
}

/** What rules about campaigns know besides the campaign. */
export interface CampaignFacts {
  readonly thresholds: Thresholds;
  /** Undefined where its senders are not all known. */
  readonly senders: SenderCounts | undefined;
  /** What the status is of its senders that are not healthy, the most frequent first; empty where they are not all known. */
  readonly troubles: () => readonly Trouble[];
  /** Emails a day that its senders that can send may send together; undefined where they are not all known. */
  readonly capacity: () => number | undefined;
  /**
   * Labels of tags through which it selects senders that no account carries, or the id where the label is not known;
   * undefined where it is not known which do.
   */
  readonly emptyTags: () => readonly string[] | undefined;
  /** Percent of its emails that bounced; undefined where nobody asked. */
  readonly bounceRate: number | undefined;
  /** Today, `YYYY-MM-DD`. */
  readonly today: string;
}
