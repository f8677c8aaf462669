/** The API that other extensions get from `vscode.extensions.getExtension('sendmap.sendmap').activate()`. */

import type { Finding } from './health/findings.ts';
import type { SendmapChanges } from './health/publicChanges.ts';
import type { Account, Campaign, Sender, SenderReason } from './providers/model.ts';

export type { Finding } from './health/findings.ts';
export type {
  SendmapAccountChange,
  SendmapCampaignChange,
  SendmapChanges,
  SendmapEdgeChange,
} from './health/publicChanges.ts';
export type { Severity } from './health/rule.ts';
export type { RuleId } from './health/rules/index.ts';
export type {
  Account,
  Campaign,
  Code,
  Problem,
  ProblemKind,
  Schedule,
  Sender,
  SenderAccount,
  SenderReason,
  State,
  Tag,
} from './providers/model.ts';

/**
 * Reads only. Nothing here returns a key, and nothing changes anything in a service. Records are frozen, because they
 * are the ones that Sendmap itself works with; lists belong to the caller.
 */
export interface SendmapApi {
  readonly apiVersion: 1;
  /** The connections of this user, without their keys. */
  connections(): readonly SendmapConnection[];
  /** All sending accounts of a connection. Rejects with a {@link SendmapError}, never resolves with a part of them. */
  accounts(connectionId: string): Promise<readonly Account[]>;
  /** All campaigns of a connection. Rejects with a {@link SendmapError}, never resolves with a part of them. */
  campaigns(connectionId: string): Promise<readonly Campaign[]>;
  /** The campaigns that an account feeds. `accountKey`: the email on Instantly, the numeric id on Smartlead. */
  campaignsOf(connectionId: string, accountKey: string): Promise<readonly Campaign[]>;
  /** The accounts that a campaign sends from, each with the reasons why it is one of them. */
  sendersOf(connectionId: string, campaignId: string): Promise<readonly Sender[]>;
  /**
   * The whole map of a connection, as complete as it can get: a sync is run, or joined, where it is not complete yet.
   * Never a silent part: `missing` names what could not be read, and why.
   */
  map(connectionId: string): Promise<SendmapMap>;
  /**
   * What is wrong, the worst first, as the map knows it now. Mailboxes of a domain that fail in the same way are one
   * finding. Rules that are turned off, and what is snoozed, are left out. The README lists the rules.
   */
  findings(connectionId: string): Promise<readonly Finding[]>;
  /**
   * What the active campaigns can really send a day, where mailboxes are shared: a model, as the README describes it.
   *
   * @param options `without`: keys of accounts to leave out, to see what happens if they stop.
   */
  capacity(connectionId: string, options?: { readonly without?: readonly string[] }): Promise<SendmapCapacity>;
  /**
   * What changed since the last record that is not younger than `since`, or since the oldest there is. Records are made
   * at the end of each sync and kept for 35 days; while a sync runs, only some of what it reads is there. Undefined
   * where there is no record yet.
   */
  changes(connectionId: string, since: Date): Promise<SendmapChanges | undefined>;
  /** Calls back with the id of a connection whose map says something else than before. */
  onDidChangeMap(listener: (connectionId: string) => void): { dispose(): void };
}

/** All accounts and campaigns of a connection, and which account sends for which campaign. */
export interface SendmapMap {
  readonly complete: boolean;
  /** What is missing, each in a sentence for a person; empty where the map is complete. */
  readonly missing: readonly string[];
  readonly accounts: readonly Account[];
  readonly campaigns: readonly Campaign[];
  /** One for each account in each campaign. A campaign may list an account that `accounts` does not have. */
  readonly senders: readonly SendmapEdge[];
  /** When the map was last complete, in milliseconds since the epoch; undefined: never. */
  readonly syncedAt: number | undefined;
}

/** In emails a day. */
export interface SendmapCapacity {
  /** The most that all active campaigns together can send. */
  readonly possible: number;
  readonly campaigns: readonly SendmapCampaignCapacity[];
  /** Accounts that send, and whose daily limit is not known: they count as 0, so that more may be possible. */
  readonly unknownLimits: number;
  /** What the map lacks, as {@link SendmapMap} has it: what is not known cannot count. */
  readonly missing: readonly string[];
}

/** In emails a day. */
export interface SendmapCampaignCapacity {
  readonly id: string;
  /** Its daily limit; undefined where the service has none for all of its emails. */
  readonly wanted: number | undefined;
  /** What it could send if its senders sent for nothing else. */
  readonly possible: number;
  /** What it can expect where mailboxes are shared fairly. */
  readonly expected: number;
  /** False where not all of its senders are known: it may be able to send more. */
  readonly sendersKnown: boolean;
}

export interface SendmapEdge {
  readonly accountKey: string;
  readonly campaignId: string;
  readonly reasons: readonly SenderReason[];
}

export interface SendmapConnection {
  readonly id: string;
  /** The id of its service, e.g. `instantly`. The set is open. */
  readonly provider: string;
  readonly label: string;
}

/**
 * What every method of the API rejects with: a new error each time, with nothing else in it. The message is a sentence
 * for a person.
 */
export interface SendmapError extends Error {
  readonly name: 'SendmapError';
  readonly kind:
    | 'badKey'
    | 'missingScope'
    | 'planInactive'
    | 'notFound'
    | 'rateLimited'
    | 'unavailable'
    | 'blocked'
    | 'network'
    | 'timeout'
    | 'malformed'
    /** The reading was stopped before it ended: it was cancelled, its key was replaced, or its connection removed. */
    | 'ended'
    | 'setting'
    | 'keychain'
    /** Changes are turned off; only commands that change something reject with it. */
    | 'changesOff'
    /** An error in Sendmap itself; its log has the details. */
    | 'internal';
  /** The service's name, e.g. "Instantly". */
  readonly service: string;
  /** HTTP status, where an answer arrived. */
  readonly status: number | undefined;
  /** The service's own words. */
  readonly serviceMessage: string | undefined;
  /** When the service will listen again, in milliseconds since the epoch. */
  readonly retryAt: number | undefined;
}
