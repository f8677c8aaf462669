import type { Account, Campaign, Sender } from '../providers/model.ts';
import type { Provider, ScannedCampaigns } from '../providers/provider.ts';
import { isServiceError, type ServiceError } from '../transport/errors.ts';
import { Emitter } from './emitter.ts';
import { Scan } from './scan.ts';
import { Walk } from './walk.ts';

/** What changed, as small as it is known: the connection's list of accounts, or single accounts. */
export type MapChange = { readonly kind: 'accounts' } | { readonly kind: 'account'; readonly keys: readonly string[] };

/** What is known about the campaigns of one account. */
export interface MappedCampaigns {
  readonly status: 'reading' | 'complete' | 'failed';
  readonly campaigns: readonly Campaign[];
  readonly error?: ServiceError | undefined;
  /** Where the campaigns were found by a scan: how many were asked, of how many, and how many failed. */
  readonly scan?: { readonly scanned: number; readonly total: number; readonly failed: number } | undefined;
}

type Edges =
  | { readonly status: 'reading' }
  | { readonly status: 'failed'; readonly error: ServiceError; readonly before: Edges | undefined }
  | { readonly status: 'told'; readonly ids: readonly string[] }
  | { readonly status: 'scanned' };

/**
 * The accounts and campaigns of one connection and the edges between them, as far as they were read. It asks the
 * service only for what somebody wants to see and says what changed, never more.
 */
export class SendingMap {
  readonly accounts: Walk<Account>;
  readonly campaigns: Walk<Campaign>;
  readonly #provider: Provider;
  readonly #changes = new Emitter<MapChange>();
  readonly #edges = new Map<string, Edges>();
  readonly #pending = new Map<string, AbortController>();
  /** Accounts whose campaigns are shown as they were, and asked again when next wanted. */
  readonly #stale = new Set<string>();
  readonly #disposed = new AbortController();
  #scan: Scan | undefined;
  #scanning: Promise<Scan> | undefined;

  /** `pageCap`: pages that a walk reads by itself; 0: all. */
  constructor(provider: Provider, pageCap: () => number) {
    this.#provider = provider;
    const service = provider.info.name;
    this.accounts = new Walk({
      service,
      pages: (signal) => provider.accountPages({ signal }),
      keyOf: (account) => account.key,
      cap: pageCap,
      onChange: () => {
        this.#changes.fire({ kind: 'accounts' });
      },
    });
    this.campaigns = new Walk({
      service,
      pages: (signal) => provider.campaignPages({ signal }),
      keyOf: (campaign) => campaign.id,
      cap: () => 0,
      onChange: () => undefined,
    });
  }

  onDidChange(listener: (change: MapChange) => void): { dispose(): void } {
    return this.#changes.on(listener);
  }

  /** The campaigns of an account as far as they are known; undefined where nobody has asked yet. */
  campaignsOf(accountKey: string): MappedCampaigns | undefined {
    return this.#resolve(accountKey, this.#edges.get(accountKey));
  }

  #resolve(accountKey: string, edges: Edges | undefined): MappedCampaigns | undefined {
    switch (edges?.status) {
      case undefined:
        return undefined;
      case 'failed':
        return {
          status: 'failed',
          campaigns: this.#resolve(accountKey, edges.before)?.campaigns ?? [],
          error: edges.error,
        };
      case 'told':
        return { status: 'complete', campaigns: this.#named(edges.ids) };
      case 'reading':
      case 'scanned':
        return this.#fromScan(accountKey);
    }
  }

  /** True where the campaigns of an account were never asked for, or are out of date. A failure is kept until a retry. */
  wantsCampaignsOf(accountKey: string): boolean {
    return !this.#edges.has(accountKey) || this.#stale.has(accountKey);
  }

  /** How many campaigns an account feeds, where that is known without asking for it. */
  campaignCount(accountKey: string): number | undefined {
    const known = this.campaignsOf(accountKey);
    if (known?.status === 'complete') {
      return known.campaigns.length;
    }
    return this.accounts.records.get(accountKey)?.campaignIds?.length;
  }

  /**
   * Asks the service which campaigns an account feeds. Where it does not tell, every campaign is asked for its
   * senders, once for all accounts; `fresh` asks again what was known.
   */
  async loadCampaignsOf(accountKey: string, fresh = false): Promise<MappedCampaigns> {
    const known = this.#edges.get(accountKey);
    const stale = this.#stale.delete(accountKey);
    if (fresh || stale || known === undefined || known.status === 'failed') {
      this.#pending.get(accountKey)?.abort();
      const mine = new AbortController();
      this.#pending.set(accountKey, mine);
      this.#setEdges(accountKey, known !== undefined && known.status !== 'failed' ? known : { status: 'reading' });
      try {
        const signal = AbortSignal.any([mine.signal, this.#disposed.signal]);
        const edges = await this.#readEdges(accountKey, signal, fresh);
        if (this.#pending.get(accountKey) === mine) {
          this.#pending.delete(accountKey);
          this.#setEdges(accountKey, edges);
        }
      } catch (error) {
        if (!isServiceError(error)) {
          throw error;
        }
        // What was known before is still shown, beside the error.
        this.#setEdges(accountKey, {
          status: 'failed',
          error,
          before: known?.status === 'failed' ? known.before : known,
        });
      }
    }
    return this.campaignsOf(accountKey) ?? { status: 'reading', campaigns: [] };
  }

  /** The campaigns of an account, complete. @throws {ServiceError} where they could not be read. */
  async allCampaignsOf(accountKey: string): Promise<readonly Campaign[]> {
    const mapped = await this.loadCampaignsOf(accountKey, true);
    if (this.#edges.get(accountKey)?.status === 'scanned') {
      const scan = await this.#startScan();
      const [failure] = scan.failures.values();
      if (failure !== undefined) {
        throw failure;
      }
      return this.campaignsOf(accountKey)?.campaigns ?? [];
    }
    if (mapped.error !== undefined) {
      throw mapped.error;
    }
    return mapped.campaigns;
  }

  /** The campaigns of an account by scanning, for documents of services that do not tell them. */
  async scannedCampaignsOf(accountKey: string): Promise<ScannedCampaigns> {
    const scan = await this.#startScan();
    const { scanned, total, scannedAt } = scan;
    return { ids: scan.campaignsOf.get(accountKey) ?? [], scanned, total, scannedAt };
  }

  /** The senders of a campaign, fresh, with what the map knows about each account. */
  async sendersOf(campaignId: string): Promise<readonly Sender[]> {
    const senders = await this.#provider.sendersOf(campaignId, { signal: this.#disposed.signal });
    return senders.map(({ account, reasons }) => ({
      account: { ...this.accounts.records.get(account.key), ...account },
      reasons,
    }));
  }

  /** Reads the list of accounts anew; the campaigns of an account are asked again when somebody next wants to see them. */
  async refresh(): Promise<void> {
    this.#scanning = undefined;
    for (const key of this.#edges.keys()) {
      this.#stale.add(key);
    }
    this.campaigns.expire();
    await this.accounts.restart();
  }

  /** Reads one account and its campaigns anew: that row and nothing else. @throws {ServiceError} */
  async refreshAccount(accountKey: string): Promise<void> {
    const mapping = this.#edges.has(accountKey) ? this.loadCampaignsOf(accountKey, true) : undefined;
    const account = await this.#provider.account(accountKey, { signal: this.#disposed.signal });
    const before = this.accounts.records.get(accountKey);
    // A single read has fewer fields than the list (Smartlead FACTS 3.9, tags on Instantly): keep what it lacks.
    const merged = {
      ...before,
      ...definedOf(account),
      tags: account.tags.length > 0 ? account.tags : (before?.tags ?? []),
    };
    this.accounts.records.set(accountKey, { ...account, ...merged });
    await mapping;
    this.#changes.fire({ kind: 'account', keys: [accountKey] });
  }

  dispose(): void {
    this.#disposed.abort();
    this.accounts.dispose();
    this.campaigns.dispose();
    this.#changes.dispose();
  }

  async #readEdges(accountKey: string, signal: AbortSignal, fresh: boolean): Promise<Edges> {
    const inList = fresh ? undefined : this.accounts.records.get(accountKey)?.campaignIds;
    const mapping = inList ? { ids: inList } : await this.#provider.mappingOf(accountKey, { signal });
    if (mapping.campaigns !== undefined) {
      for (const campaign of mapping.campaigns) {
        // The mapping names fewer fields than the campaign list, so it never replaces what is known.
        const known = this.campaigns.records.get(campaign.id);
        this.campaigns.records.set(campaign.id, {
          ...known,
          ...campaign,
          ...(known && { listedSenders: known.listedSenders }),
        });
      }
      return { status: 'told', ids: mapping.campaigns.map((campaign) => campaign.id) };
    }
    if (mapping.ids !== undefined) {
      await this.campaigns.all();
      return { status: 'told', ids: mapping.ids };
    }
    void this.#startScan(fresh).catch(() => undefined);
    await this.campaigns.all();
    return { status: 'scanned' };
  }

  async #startScan(fresh = false): Promise<Scan> {
    if (fresh && this.#scan?.finished) {
      this.#scanning = undefined;
    }
    this.#scanning ??= this.#runScan().catch((error: unknown) => {
      this.#scanning = undefined;
      throw error;
    });
    return this.#scanning;
  }

  async #runScan(): Promise<Scan> {
    const campaigns = await this.campaigns.all();
    const scan = new Scan(this.#provider, campaigns.values(), () => {
      const keys = [...this.#edges].filter(([, edges]) => edges.status === 'scanned').map(([key]) => key);
      this.#changes.fire({ kind: 'account', keys });
    });
    this.#scan = scan;
    await scan.run(this.#disposed.signal);
    return scan;
  }

  #fromScan(accountKey: string): MappedCampaigns {
    const scan = this.#scan;
    if (scan === undefined) {
      return { status: 'reading', campaigns: [] };
    }
    return {
      status: scan.finished ? 'complete' : 'reading',
      campaigns: this.#named(scan.campaignsOf.get(accountKey) ?? []),
      scan: { scanned: scan.scanned, total: scan.total, failed: scan.failures.size },
    };
  }

  #named(ids: readonly string[]): Campaign[] {
    return ids.map(
      (id) => this.campaigns.records.get(id) ?? { id, name: '', statusWords: '', state: 'unknown' as const },
    );
  }

  #setEdges(accountKey: string, edges: Edges): void {
    this.#edges.set(accountKey, edges);
    this.#changes.fire({ kind: 'account', keys: [accountKey] });
  }
}

function definedOf(account: Account): Partial<Account> {
  return Object.fromEntries(Object.entries(account).filter(([, value]) => value !== undefined));
}
