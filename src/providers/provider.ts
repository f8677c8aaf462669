import type { Client, ReadOptions } from '../transport/client.ts';
import type { ServiceProfile } from '../transport/profile.ts';
import type { ChangesOfService, ServiceChanges } from './changes.ts';
import type { Step } from './emails.ts';
import type { ProviderId } from './index.ts';
import type { Json } from './fields.ts';
import type { Reading } from './json.ts';
import type { Account, Campaign, Code, InvalidRecord, Page, SenderList, Tag } from './model.ts';
import type { Path, Properties } from './properties.ts';

/** The documents that a service can be asked for. */
export type DocumentKind =
  | 'account'
  | 'account-campaigns'
  | 'account-tags'
  | 'campaign'
  | 'campaign-senders'
  | 'campaign-sequences'
  | 'campaign-tags'
  | 'tag'
  | 'workspace';

/** How one read that Sendmap needs fared with the key. */
export interface ReadCheck {
  /** What is read, in words. */
  readonly what: string;
  /** The scope that allows it, where the service has scopes. */
  readonly scope?: string | undefined;
  readonly result: 'allowed' | 'missingScope' | 'refused' | 'failed';
  /** The service's own words where it was not allowed. */
  readonly message?: string | undefined;
}

/**
 * The campaigns of one account as the service itself lists them. `campaigns` where it names them, `ids` where it only
 * lists their ids, and neither where it has no such answer: then the campaigns have to be asked for their senders.
 */
export interface Mapping {
  readonly campaigns?: readonly Campaign[];
  readonly ids?: readonly string[] | undefined;
  /** The account itself, where its ids came with it. */
  readonly account?: Account;
  readonly invalid: readonly InvalidRecord[];
  /** True where there may be more campaigns, which the service's paging hides: this mapping then only adds to others. */
  readonly partial?: boolean;
}

/** The tags on campaigns, which are labels. Those through which a campaign selects senders are in the campaign itself. */
export interface CampaignTags {
  /** By the id of the campaign, as it was asked for; one that is not there has no tags. */
  readonly tags: ReadonlyMap<string, readonly Tag[]>;
  readonly invalid: readonly InvalidRecord[];
}

/** The campaigns of one account, found by asking campaigns for their senders. */
export interface ScannedCampaigns {
  readonly ids: readonly string[];
  /** Campaigns asked, of all there are. */
  readonly scanned: number;
  readonly total: number;
  /** When the last of them answered, in milliseconds since the epoch. */
  readonly scannedAt: number;
}

/** The JSON Schema of what can be set; closed, so what is not among its properties cannot be. */
export interface CampaignSchema extends Json {
  readonly properties: Json;
}

/** A limit of a day, and how much of it is used. */
export interface DailyUse {
  readonly limit?: number | undefined;
  readonly used?: number | undefined;
  readonly met?: boolean | undefined;
}

/** Why a campaign sends at the moment, or does not, as the service itself says it. Any part may be unknown. */
export interface SendingStatus {
  /** The operation that says so, e.g. `GET /campaigns/{id}/sending-status`. */
  readonly source: string;
  /** As the service sends it. */
  readonly code?: Code | undefined;
  /** What the code means, without a full stop. */
  readonly words?: string | undefined;
  /** True where the service says that it sends, false where it says what keeps it from that. */
  readonly sends?: boolean | undefined;
  /** What a person can do about it. */
  readonly step?: string | undefined;
  /** The service's own words. */
  readonly message?: string | undefined;
  /** Since when, and when all was well last: ISO 8601, as the service sent them. */
  readonly since?: string | undefined;
  readonly lastHealthySend?: string | undefined;
  /** How many of its accounts can send now, and why others cannot. */
  readonly accounts?:
    | {
        readonly connected?: number | undefined;
        readonly available?: number | undefined;
        readonly atDailyLimit?: number | undefined;
        readonly atRampLimit?: number | undefined;
        readonly disconnected?: number | undefined;
        readonly waitingForGap?: number | undefined;
      }
    | undefined;
  readonly emailsToday?: DailyUse | undefined;
  readonly newLeadsToday?: DailyUse | undefined;
  readonly inSchedule?: boolean | undefined;
  readonly followUpsWaiting?: number | undefined;
  /** Seconds until the first of them may be sent. */
  readonly nextFollowUp?: number | undefined;
  /** True where it waits for an account with the same email provider as the lead. */
  readonly waitsForMatch?: boolean | undefined;
  readonly domainsAtLimit?: number | undefined;
  readonly noLeadsReady?: boolean | undefined;
  /** What the service noted of the campaign, in a shape that is not documented, the newest last as far as it is known. */
  readonly log?: readonly Json[] | undefined;
}

/** Emails that a campaign has sent since it began, and those that bounced. */
export interface SentAndBounced {
  readonly sent: number;
  readonly bounced: number;
}

/** What the service found in the DNS of a domain; a check that it does not name is undefined. */
export interface DomainVitals {
  /** The operation that says so. */
  readonly source: string;
  readonly mx?: boolean | undefined;
  readonly spf?: boolean | undefined;
  readonly dkim?: boolean | undefined;
  readonly dmarc?: boolean | undefined;
}

export interface PageOptions extends ReadOptions {
  /** The `next` of the page to go on after; undefined: from the start. */
  readonly from?: string | undefined;
}

/** A document of a service, without credentials and otherwise as the service sent it. */
export interface ServiceDocument {
  /** JSON in UTF-8. */
  readonly content: Uint8Array;
  /** The characters of the answer where the content is only its beginning, because it has too many bytes. */
  readonly cutFrom: number | undefined;
  /** What it calls its subject: one of the `nameProperties`. */
  readonly name: string | undefined;
}

export interface DocumentOptions extends ReadOptions, Reading {
  /** Finds the campaigns of an account where the service does not list them. */
  readonly scan?: ((accountKey: string) => Promise<ScannedCampaigns>) | undefined;
}

/** An account as its own answer has it. */
export interface OwnAccount extends Account {
  /** True where the answer does not say its tags, so that none does not mean that there are none (Smartlead FACTS 3.9). */
  readonly tagsUnread?: true;
}

/** A request for a shell, where the key is named by a variable. It is in the header or at the end of the URL. */
export interface ShellRequest {
  /** The path below the base URL with its query, percent-encoded. */
  readonly url: string;
  readonly urlEnd?: string;
  readonly header?: string;
}

/**
 * What says which accounts send for which campaigns: the campaigns list their senders, or the accounts list their
 * campaigns, or each campaign has to be asked. Accounts that should list their campaigns and do not are made up for by
 * asking, too.
 */
export type EdgeSource = 'campaigns' | 'accounts' | 'scan';

/** What is known of a service before anyone connects to it. Activation loads it, so what is not small is loaded later. */
export interface ProviderInfo {
  readonly id: ProviderId;
  readonly name: string;
  /** The codicon that tells its connections from others in a list. */
  readonly icon: string;
  /** Where a person makes a key. */
  readonly keyPage: string;
  /** What kind of key it needs, in words. */
  readonly keyAdvice: () => string;
  readonly defaultBaseUrl: string;
  readonly profile: ServiceProfile;
  readonly documents: ReadonlySet<DocumentKind>;
  readonly edgesFrom: EdgeSource;
  /** An identifier as it is compared: two that give the same text name the same record, however they are written. */
  sameKey(text: string): string;
  /** What the key of an account looks like. Typed text that does not match names none, and is not asked for. */
  readonly accountKeyPattern: RegExp;
  /** The same for the id of a campaign. */
  readonly campaignIdPattern: RegExp;
  /** True where only lists say why a campaign is paused: a campaign that is read alone keeps what its list said. */
  readonly pauseReasonsInLists?: boolean;
  /** What can be changed there, and how. */
  readonly changes: ChangesOfService;
  /** The JSON Schema of the properties of a campaign that can be set, where they can be edited one by one. */
  readonly campaignSchema?: () => Promise<CampaignSchema>;
  /**
   * What those are called of them that capacity depends on: the limit in emails a day, the keys of the senders, and the
   * ids of the tags that select senders.
   */
  readonly capacityProperties?: { readonly dailyLimit: string; readonly senders: string; readonly senderTags: string };
  /** True where a daily limit of 0 is no limit at all. */
  readonly zeroIsUnlimited?: boolean;
  /** The document of a campaign that holds its emails, and how they are read: as far as they can be. */
  readonly emails: { readonly kind: DocumentKind; readonly stepsOf: (document: unknown) => Promise<Step[]> };
  /** Properties that call the subject of a document by name, the best one first; for the title of its tab. */
  readonly nameProperties: readonly string[];
  /** What its connection is called in the sample workspace. */
  readonly sampleLabel: () => string;
  /** Where a document says why a value, such as a status, is a bad one; undefined where it does not say, or it is fine. */
  reasonPath(kind: DocumentKind, path: Path, value: unknown): Path | undefined;
  /** Whether one of the {@link properties} differs in almost every answer, so that a comparison leaves it out. */
  isVolatile(properties: Properties, path: Path): boolean;
  /** The request behind a document. @throws {ServiceError} `notFound` for an identifier that no path can hold. */
  shellRequest(kind: DocumentKind, id: string): ShellRequest;
  /** What the properties of its documents mean; loaded when it is first asked for. */
  readonly properties: (kind: DocumentKind) => Promise<Properties>;
  /** The page of a campaign in the service's web app. @throws {ServiceError} as {@link shellRequest}. */
  campaignPage(id: string): string;
  /** The service with the key of a client; what asks it is loaded with the first one. */
  connect(client: Client): Promise<Provider>;
}

/** One service, asked with one key. Every method rejects with a `ServiceError`, or an AbortError. */
export interface Provider {
  readonly info: ProviderInfo;
  readonly client: Client;
  /** Checks the key with the cheapest read there is. The name is the workspace's, where the key may know it. */
  checkKey(options?: ReadOptions): Promise<{ readonly name?: string | undefined }>;
  /** Tries every read that Sendmap needs, one after the other. */
  checkReads(options?: ReadOptions): AsyncIterable<ReadCheck>;
  /** All accounts, page by page, until there are no more. */
  accountPages(options?: PageOptions): AsyncIterable<Page<Account>>;
  /** All campaigns, page by page, until there are no more. */
  campaignPages(options?: PageOptions): AsyncIterable<Page<Campaign>>;
  account(key: string, options?: ReadOptions): Promise<OwnAccount>;
  campaign(id: string, options?: ReadOptions): Promise<Campaign>;
  mappingOf(accountKey: string, options?: ReadOptions): Promise<Mapping>;
  sendersOf(campaignId: string, options?: ReadOptions): Promise<SenderList>;
  /** The accounts that carry a tag, page by page; only where campaigns select senders by tags. */
  accountsWithTag?(tagId: string, options?: PageOptions): AsyncIterable<Page<Account>>;
  /** Tags by their ids, without those that the service does not know; only where campaigns select senders by tags. */
  tagsById?(ids: readonly string[], options?: ReadOptions): Promise<ReadonlyMap<string, Tag>>;
  /** The tags on these campaigns; only where the campaigns themselves do not have them. */
  campaignTags?(campaignIds: readonly string[], options?: ReadOptions): Promise<CampaignTags>;
  /** Why a campaign sends, or does not; only where the service says so. */
  sendingStatus?(campaignId: string, options?: ReadOptions): Promise<SendingStatus>;
  /** What a campaign has sent and what bounced; undefined where the service has no numbers for it. */
  bounces?(campaignId: string, options?: ReadOptions): Promise<SentAndBounced | undefined>;
  /** Has the service check the DNS of an email's domain; undefined where its answer does not have the domain. */
  domainVitals?(email: string, options?: ReadOptions): Promise<DomainVitals | undefined>;
  /**
   * The newest entries of a feed in which the service says what it did on its own, as they come: their shape is not
   * documented. Undefined where there is none, or the key may not read it.
   */
  agentFeed?(options?: ReadOptions): Promise<readonly Json[] | undefined>;
  /** Changes what the service has; only plans do. */
  readonly changes: ServiceChanges;
  /** The answer of the service, complete over all its pages, read once: credentials are left out in the same pass. */
  document(kind: DocumentKind, id: string, options?: DocumentOptions): Promise<ServiceDocument>;
}
