import type { AccountFigures, StateCounts } from '../queries/figures.ts';

/** What the overview shows, as plain data: no part of it knows where it comes from. */
export interface OverviewData {
  /** All that can be chosen. */
  readonly connections: readonly Choice[];
  /** The id of the connection that is shown; undefined: all of them together. */
  readonly chosen: string | undefined;
  readonly notices: readonly Notice[];
  /** Undefined while no account is known. */
  readonly accounts: AccountFigures | undefined;
  /** Undefined while no campaign is known, or no sender of one. */
  readonly emails: EmailFigures | undefined;
  /** From the first day of which something is known to today; empty where only today is known. */
  readonly days: readonly Day[];
}

/** A connection that can be chosen. */
export interface Choice {
  readonly id: string;
  readonly label: string;
}

/** Something that a person should know about what they see, in a sentence, with the one step that helps. */
export interface Notice {
  readonly kind: 'busy' | 'problem';
  readonly text: string;
  readonly action?: Action | undefined;
}

export interface Action {
  readonly title: string;
  readonly link: string;
}

/** What campaigns want to send a day, and what their senders can, where shared ones are shared fairly. */
export interface EmailFigures {
  /** Campaigns that send. */
  readonly campaigns: number;
  /** Those that have a daily limit, and those that cannot reach theirs. */
  readonly limited: number;
  readonly short: number;
  /** Emails a day that all of them can send, and that they lack. */
  readonly possible: number;
  readonly lacking: number;
  /** Campaigns whose senders are not all known. */
  readonly sendersUnknown: number;
  /** Accounts that send and have no known limit: they count as 0. */
  readonly unknownLimits: number;
  /** Those that lack most first, then those that send most. */
  readonly worst: readonly CampaignEmails[];
}

export interface CampaignEmails {
  readonly connectionId: string;
  readonly id: string;
  readonly name: string;
  /** Its daily limit; undefined where it has none. Emails a day, as all of these. */
  readonly wanted: number | undefined;
  /** What it can expect. */
  readonly possible: number;
  readonly lacking: number;
}

/** How mailboxes were on one day. */
export interface Day {
  /** ISO 8601, without a time. */
  readonly date: string;
  /** Undefined where nothing is known of it. */
  readonly states: StateCounts | undefined;
  /** When the last record of it was made, in milliseconds since the epoch; undefined where there is none. */
  readonly since?: number | undefined;
  /** True where some connection was not known yet, so that it is not compared with other days. */
  readonly partial?: true;
}

/** Numbers and days in the words of the person's language. */
export interface Formats {
  /** A tag as in HTML, e.g. `en`. */
  readonly language: string;
  readonly number: (value: number) => string;
  /** A part of a whole, from 0 to 1. */
  readonly share: (value: number) => string;
  /** `date` in ISO 8601, without a time. */
  readonly day: (date: string) => string;
}
