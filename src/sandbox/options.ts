/** How large and how difficult the simulated services are. Everything has a default; see `defaults`. */
export interface SandboxOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly seed: number;
  /** Milliseconds that every answer takes longer. */
  readonly latency: number;
  /** Unknown fields and codes now and then, as the real services grow them. */
  readonly oddities: boolean;
  readonly instantly: {
    readonly accounts: number;
    readonly campaigns: number;
    readonly tags: number;
    readonly workspace: string;
    /** What it does with `skip` and `sort_by`, which are documented but unproven (Instantly FACTS 2.1, 6). */
    readonly skip: 'supported' | 'supportedWithoutCursor' | 'ignored' | 'refused';
  };
  readonly smartlead: {
    readonly accounts: number;
    readonly campaigns: number;
    readonly clients: number;
    /** What it does with `fetch_campaigns`, which is documented but unproven (Smartlead FACTS 3.8). */
    readonly fetchCampaigns: 'answered' | 'ignored' | 'refused';
    /** What more than 100 rows a page get: the documented 422 or, as seen, silently none (Smartlead FACTS 3.8). */
    readonly overLimit: 'refused' | 'silent';
    /** What happens to one account before each page of the list but the first: its order is unknown (FACTS 3.8). */
    readonly unrest: 'none' | 'inserts' | 'deletes' | 'moves';
  };
  /** Keys and what they may do; a service knows no key but these. */
  readonly keys: readonly SandboxKey[];
  /** Requests that one key may make in a window, and whether answers say so in headers. */
  readonly limit: { readonly requests: number; readonly seconds: number; readonly headers: boolean } | undefined;
}

export interface SandboxKey {
  readonly key: string;
  readonly service: 'instantly' | 'smartlead';
  /** Instantly's scopes; undefined: all. */
  readonly scopes?: readonly string[] | undefined;
  readonly plan?: 'active' | 'inactive' | undefined;
}

export const defaultKeys = {
  instantly: 'sandbox-instantly-key',
  smartlead: 'sandbox-smartlead-key',
} as const;

export const defaults: SandboxOptions = {
  port: 0,
  seed: 1,
  latency: 0,
  oddities: true,
  instantly: { accounts: 48, campaigns: 12, tags: 5, workspace: 'Northwind outbound', skip: 'supportedWithoutCursor' },
  smartlead: {
    accounts: 36,
    campaigns: 10,
    clients: 3,
    fetchCampaigns: 'answered',
    overLimit: 'refused',
    unrest: 'none',
  },
  keys: [
    { key: defaultKeys.instantly, service: 'instantly' },
    { key: defaultKeys.smartlead, service: 'smartlead' },
  ],
  limit: undefined,
};
