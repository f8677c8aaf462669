/**
 * The neutral model: what both services have, in the field's own words. Raw codes are kept as the service sent them;
 * their words live in each provider's `codes.ts`. A field that the service left out is left out here too, and null
 * stays apart from absent where the service tells them apart.
 */

/** A status code as the service sends it: numbers on Instantly, words on Smartlead. The set is open. */
export type Code = number | string;

/** How something is, roughly: this decides its icon. In order of severity, the worst first. */
export const states = ['error', 'warning', 'paused', 'unknown', 'healthy', 'draft', 'done'] as const;

export type State = (typeof states)[number];

/** For sorting: the worst first. */
export function compareStates(a: State, b: State): number {
  return states.indexOf(a) - states.indexOf(b);
}

/** Of campaigns, the same order but for those that send: they come before those that wait. */
const campaignStates: readonly State[] = ['error', 'warning', 'healthy', 'paused', 'unknown', 'draft', 'done'];

/** The place of a campaign among others by its state: what is in trouble first, then what sends, then what waits. */
export function campaignRank(state: State): number {
  return campaignStates.indexOf(state);
}

/** The domain of an email; undefined where there is none. */
export function domainOf(email: string): string | undefined {
  const at = email.lastIndexOf('@');
  return at < 0 || at === email.length - 1 ? undefined : email.slice(at + 1).toLowerCase();
}

export interface Tag {
  readonly id: string;
  readonly label: string;
}

/** What may be the matter with an account or a campaign, as a service says it. Rules of health go by these. */
export type ProblemKind =
  | 'account-suspended'
  | 'accounts-unhealthy'
  | 'bounce-protection'
  | 'disconnected'
  | 'not-sending'
  | 'paused'
  | 'paused-by-service'
  | 'reconnect-failed'
  | 'sending-error'
  | 'setup-pending'
  | 'soft-bounce'
  | 'suspended'
  | 'tracking-domain'
  | 'warmup-banned'
  | 'warmup-blocked'
  | 'warmup-spam-unknown'
  | 'warmup-suspended';

export interface Problem {
  readonly kind: ProblemKind;
  /** What it is called, e.g. "SMTP disconnected". */
  readonly words: string;
  /** Why, in the service's or the mail server's own words. */
  readonly reason?: string | undefined;
}

/** A sending account: one mailbox. */
export interface Account {
  /** The email on Instantly, the numeric id as a string on Smartlead, where emails repeat. */
  readonly key: string;
  readonly email: string;
  /** The domain of its email; undefined where there is none. */
  readonly domain: string | undefined;
  readonly name?: string | undefined;
  readonly status?: Code | undefined;
  /** The status in words, e.g. "Connection Error": the worst of its problems. */
  readonly statusWords: string;
  readonly state: State;
  /** Why it is in that state, in the mail server's or the service's own words. */
  readonly reason?: string | undefined;
  /** What else is the matter with it, in words with their reasons, the worst first. */
  readonly others?: readonly string[] | undefined;
  /** The same as the status, the reason and the others say in words; undefined where nothing is the matter. */
  readonly problems?: readonly Problem[] | undefined;
  /** What only the account's own answer says; that lists leave it out does not undo it. */
  readonly own?: OwnAnswer | undefined;
  /** The kind of mailbox in words, e.g. "Google". */
  readonly providerType?: string | undefined;
  /** Who runs it, where that is one of the two that have rules of their own. */
  readonly host?: 'google' | 'microsoft' | undefined;
  /** Whether warmup runs; `never`: it was not set up. Undefined where the service does not say. */
  readonly warmup?: 'on' | 'off' | 'never' | undefined;
  readonly warmupWords?: string | undefined;
  /** 0 to 100; undefined where warmup never ran. */
  readonly warmupScore?: number | undefined;
  /** Campaign emails per day; undefined where it is unlimited or not given. */
  readonly dailyLimit?: number | undefined;
  /** True where the service sends without a daily limit. */
  readonly unlimited?: true | undefined;
  readonly sentToday?: number | undefined;
  /** Minutes between two emails. */
  readonly sendingGap?: number | undefined;
  readonly warmupLimit?: number | undefined;
  readonly trackingDomain?: string | undefined;
  /** As the service sends it, e.g. `CTD_ACTIVE`; its words are not documented. */
  readonly trackingStatus?: string | undefined;
  readonly tags: readonly Tag[];
  readonly clientId?: string | undefined;
  /** Campaigns it sends for, where a service's answer about it says so. Maps have them as edges, and not here. */
  readonly campaignIds?: readonly string[] | undefined;
  readonly setupPending?: boolean | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt?: number | undefined;
  readonly updatedAt?: number | undefined;
  readonly warmupStartedAt?: number | undefined;
}

export interface Campaign {
  readonly id: string;
  /** May be empty and need not be unique. */
  readonly name: string;
  readonly status?: Code | undefined;
  /** The worst of its problems, or its status where it has none. */
  readonly statusWords: string;
  readonly state: State;
  /** Why it is in that state, in the service's own words. */
  readonly reason?: string | undefined;
  /** What else is the matter with it, in words with their reasons, the worst first. */
  readonly others?: readonly string[] | undefined;
  /** As {@link Account.problems}. */
  readonly problems?: readonly Problem[] | undefined;
  /** Emails per day (Instantly). */
  readonly dailyLimit?: number | undefined;
  /** Why it sends nothing at the moment, in words (Instantly). */
  readonly notSending?: string | undefined;
  readonly schedule?: Schedule | undefined;
  readonly tags: readonly Tag[];
  /** New leads per day. */
  readonly newLeadsPerDay?: number | undefined;
  /** The campaign that this one is a subsequence of. */
  readonly parentId?: string | undefined;
  readonly clientId?: string | undefined;
  /** Keys of the accounts that it lists as senders (Instantly). */
  readonly listedSenders?: readonly string[] | undefined;
  /** Ids of the tags through which it selects senders (Instantly). */
  readonly senderTagIds?: readonly string[] | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt?: number | undefined;
  readonly updatedAt?: number | undefined;
}

/** One thing that a service says about how an account or a campaign is. */
export interface Finding {
  readonly state: State;
  readonly words: string;
  /** Why, in the service's or the mail server's own words. */
  readonly reason?: string | undefined;
  /** True for what is worth knowing but no problem: it is listed with the others, and never sets the state. */
  readonly note?: boolean | undefined;
  readonly problem?: ProblemKind | undefined;
}

/** What the answer about one account says beyond the lists. */
export interface OwnAnswer {
  readonly findings: readonly Finding[];
  /** When it said so, in milliseconds since the epoch. */
  readonly at: number;
}

/** When a campaign sends. */
export interface Schedule {
  /** 0 is Sunday, on both services (Instantly FACTS 2.3, Smartlead FACTS 3.1). */
  readonly days: readonly number[];
  /** `HH:MM`. */
  readonly from: string;
  readonly to: string;
  readonly timezone?: string | undefined;
  /** The first and the last day of sending as the service sends them: a date, or a time in ISO 8601. */
  readonly startsOn?: string | undefined;
  readonly endsOn?: string | undefined;
}

/** Why an account sends for a campaign, and so how we know. */
export type SenderReason =
  { readonly kind: 'listed' } | { readonly kind: 'tag'; readonly tag: Tag } | { readonly kind: 'reported' };

/** An account in a campaign. */
export interface Sender {
  readonly account: SenderAccount;
  readonly reasons: readonly SenderReason[];
}

/** The senders of a campaign. */
export interface SenderList {
  readonly senders: readonly Sender[];
  readonly invalid: readonly InvalidRecord[];
}

/** As much of the account as the answer about its campaign holds; the key is always there. */
export type SenderAccount = Pick<Account, 'key' | 'email'> & Partial<Account>;

/** A record that could not be understood, kept so that a list says what is wrong with it instead of dropping it. */
export interface InvalidRecord {
  /** Whatever identifies it best. */
  readonly label: string;
  readonly problem: string;
}

/** One page of a list. */
export interface Page<T> {
  /** In an array that nobody else holds: who has taken what is in it empties it. */
  readonly items: T[];
  readonly invalid: readonly InvalidRecord[];
  /** Where the next page starts: opaque, to be passed back as `from`. Undefined: reading cannot continue from here. */
  readonly next?: string | undefined;
  /** Why there may be more records than came, in words, e.g. how the list changed while it was read. */
  readonly warning?: string | undefined;
  /** What was requested and is in none of the records, e.g. where a service ignores or refuses the parameter for it. */
  readonly lacks?: 'tags' | undefined;
}
