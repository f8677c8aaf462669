/** How large and how difficult the simulated services are. Everything has a default; see `defaults`. */
export interface SandboxOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly seed: number;
  /** Milliseconds that every answer takes longer. */
  readonly latency: number;
  /** Unknown fields and codes now and then, as the real services grow them. */
  readonly oddities: boolean;
  /**
   * Workspaces in which everything is in order but for what is planted: a case of each finding, and what nearly is one.
   * `accounts` are then those in order, and campaigns and tags are as many as the plants need.
   */
  readonly plants: boolean;
  readonly instantly: {
    readonly accounts: number;
    readonly campaigns: number;
    readonly tags: number;
    /** Accounts that each campaign lists as its senders; undefined: a few hundred at most, as in most workspaces. */
    readonly senders?: number | undefined;
    readonly workspace: string;
    /** What it does with `skip` and `sort_by`, which are documented but unproven (Instantly FACTS 2.1, 6). */
    readonly skip: 'supported' | 'supportedWithoutCursor' | 'ignored' | 'refused';
    readonly quirks: readonly InstantlyQuirk[];
  };
  readonly smartlead: {
    readonly accounts: number;
    readonly campaigns: number;
    readonly clients: number;
    /** Accounts that each campaign sends from, one after the other; undefined: a few hundred at most. */
    readonly senders?: number | undefined;
    /** What it does with `fetch_campaigns`, which is documented but unproven (Smartlead FACTS 3.8). */
    readonly fetchCampaigns: 'answered' | 'ignored' | 'refused';
    /** What more than 100 rows a page get: the documented 422 or, as seen, silently none (Smartlead FACTS 3.8). */
    readonly overLimit: 'refused' | 'silent';
    /** What happens to one account before each page of the list but the first: its order is unknown (FACTS 3.8). */
    readonly unrest: 'none' | 'inserts' | 'deletes' | 'moves';
    readonly quirks: readonly SmartleadQuirk[];
  };
  /** Keys and what they may do; a service knows no key but these. */
  readonly keys: readonly SandboxKey[];
  /** Requests that one key may make in a window, and whether answers say so in headers. */
  readonly limit: { readonly requests: number; readonly seconds: number; readonly headers: boolean } | undefined;
}

/** What Instantly was never seen to do, or does at times: nothing rules it out (Instantly FACTS 2.1 to 2.4 and 6). */
export type InstantlyQuirk =
  /** Accounts come without tags, whatever `include_tags` says. */
  | 'tagsLeftOut'
  /** `custom-tag-mappings` returns those of everyone, whatever `resource_ids` says. */
  | 'resourceIdsIgnored'
  /** The mapping of an account has no campaigns that use it through a tag. */
  | 'mappingsLackTagged'
  /** The mapping of an account in no campaign is a 404. */
  | 'mappingsNotFound'
  /** The mapping of an account has a row without a `campaign_id`. */
  | 'mappingsDamaged'
  /** Campaigns write the emails of their senders in another case than the accounts do. */
  | 'emailsInCapitals'
  /** Unknown and read-only properties are refused, as published, and not dropped as seen (Instantly FACTS 1). */
  | 'unknownRefused';

/** The same for Smartlead (Smartlead FACTS 3.1 to 3.9 and 9). */
export type SmartleadQuirk =
  /** `include_tags` is a 400, for campaigns and for their senders. */
  | 'includeTagsRefused'
  /** A campaign or an account that is read by its id comes in `data`. */
  | 'recordsWrapped'
  /** Every fourth account has no `campaign_ids`, and another fourth has null. */
  | 'campaignIdsPartial'
  /** `campaign_ids` is empty for every account. */
  | 'campaignIdsEmpty'
  /** `campaign_ids` are objects with an `id`. */
  | 'campaignIdsObjects'
  /** Nothing in the list of accounts says that the warmup is blocked. */
  | 'blocksOnlyById'
  /** Among the senders of each campaign is one without an id. */
  | 'sendersDamaged'
  /** The status of a campaign is set by PATCH, and POST is a route that is not there (Smartlead FACTS 3.3). */
  | 'statusByPatch';

/** The services that the sandbox simulates. */
export type Service = 'instantly' | 'smartlead';

export interface SandboxKey {
  readonly key: string;
  readonly service: Service;
  /** Instantly's scopes; undefined: all. */
  readonly scopes?: readonly string[] | undefined;
  readonly plan?: 'active' | 'inactive' | undefined;
}

export const defaultKeys: Readonly<Record<Service, string>> = {
  instantly: 'sandbox-instantly-key',
  smartlead: 'sandbox-smartlead-key',
};

export const defaults: SandboxOptions = {
  port: 0,
  seed: 1,
  latency: 0,
  oddities: true,
  plants: false,
  instantly: {
    accounts: 48,
    campaigns: 12,
    tags: 5,
    workspace: 'Northwind outbound',
    skip: 'supportedWithoutCursor',
    quirks: [],
  },
  smartlead: {
    accounts: 36,
    campaigns: 10,
    clients: 3,
    fetchCampaigns: 'answered',
    overLimit: 'refused',
    unrest: 'none',
    quirks: [],
  },
  keys: [
    { key: defaultKeys.instantly, service: 'instantly' },
    { key: defaultKeys.smartlead, service: 'smartlead' },
  ],
  limit: undefined,
};

/** The sample workspace: small enough to see all services at once, and with something wrong in each. */
export const sample = {
  seed: 4944,
  oddities: false,
  instantly: { accounts: 16, campaigns: 10, tags: 5 },
  smartlead: { accounts: 12, campaigns: 8 },
  latency: 60,
};
