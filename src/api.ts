/** The API that other extensions get from `vscode.extensions.getExtension('sendmap.sendmap').activate()`. */

import type { Account, Campaign, Sender } from './providers/model.ts';

export type {
  Account,
  Campaign,
  Code,
  Schedule,
  Sender,
  SenderAccount,
  SenderReason,
  State,
  Tag,
} from './providers/model.ts';

/** Reads only. Nothing here returns a key, and nothing changes anything in a service. */
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
}

export interface SendmapConnection {
  readonly id: string;
  readonly provider: 'instantly' | 'smartlead';
  readonly label: string;
}

/** What every method of the API rejects with. The message is a sentence for a person. */
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
    | 'setting';
  /** The service's name, e.g. "Instantly". */
  readonly service: string;
  /** HTTP status, where an answer arrived. */
  readonly status: number | undefined;
  /** The service's own words. */
  readonly serviceMessage: string | undefined;
  /** When the service will listen again, in milliseconds since the epoch. */
  readonly retryAt: number | undefined;
}
