import type { Code } from './model.ts';
import type { Json } from './fields.ts';

/** What can be changed. Each kind is about accounts, campaigns, or accounts as senders of one campaign. */
export type ChangeKind =
  | 'activate-campaign'
  | 'pause-campaign'
  | 'stop-campaign'
  | 'delete-campaign'
  | 'edit-campaign'
  | 'pause-account'
  | 'resume-account'
  | 'mark-fixed'
  | 'daily-limit'
  | 'add-sender'
  | 'remove-sender'
  | 'assign-tag'
  | 'remove-tag';

/** How a service makes one kind of change. */
export interface ChangeMeans {
  /** The most accounts or campaigns that one request changes. */
  readonly most: number;
  /** The scope that the key needs, where the service has scopes. */
  readonly scope?: string;
  /** The status that it leads to, as the service reads it back. */
  readonly becomes?: Code;
  /** Milliseconds after which the service may still take it back on its own. */
  readonly settles?: number;
  /** Of tags: whether campaigns can have them too. */
  readonly campaigns?: true;
  /** True where it replaces what it was compared with: after a 429 it is compared again before it is sent again. */
  readonly replaces?: true;
  /** Of edits: the properties that cannot be taken away again. */
  readonly required?: readonly string[];
  /** Requests that one such change makes to read what it replaces. */
  readonly readsFirst?: number;
  /** Of tags: true where all accounts of a tag are read to know which of some carry it, a hundred at a time. */
  readonly readsTag?: true;
}

/** What a service can change; a kind that is not there it cannot. */
export type ChangesOfService = Readonly<Partial<Record<ChangeKind, ChangeMeans>>>;

/** One request that changes something; as many accounts or campaigns at once as {@link ChangeMeans.most} allows. */
export type ChangeRequest =
  | { readonly kind: CampaignChange; readonly campaign: string }
  | { readonly kind: 'edit-campaign'; readonly campaign: string; readonly properties: Json }
  | { readonly kind: 'pause-account' | 'resume-account' | 'mark-fixed'; readonly accounts: readonly string[] }
  /** Emails a day. */
  | { readonly kind: 'daily-limit'; readonly accounts: readonly string[]; readonly limit: number }
  | { readonly kind: 'add-sender' | 'remove-sender'; readonly campaign: string; readonly accounts: readonly string[] }
  | {
      readonly kind: 'assign-tag' | 'remove-tag';
      readonly on: 'account' | 'campaign';
      readonly ids: readonly string[];
      readonly tag: string;
    };

export type CampaignChange = 'activate-campaign' | 'pause-campaign' | 'stop-campaign' | 'delete-campaign';

/** Changes what a service has. Only plans call it. */
export interface ServiceChanges {
  /**
   * Sends one request, once.
   *
   * @returns the ids of which it says that it did not change them, although it changed others.
   * @throws {ServiceError} as `Writer.send`; AbortError only where nothing was sent.
   */
  send(request: ChangeRequest, signal: AbortSignal): Promise<readonly string[]>;
}
