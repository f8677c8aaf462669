import { t } from '@vscode/l10n';
import type { Account, Campaign, Sender, SenderAccount } from '../providers/model.ts';
import type { Provider, ScannedCampaigns } from '../providers/provider.ts';
import { isServiceError, ServiceError } from '../transport/errors.ts';
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

/** How the campaigns of an account are known. */
type Edges =
  | { readonly status: 'reading' }
  /** The list of accounts says them; it is looked at again each time, so a newer list is a newer answer. */
  | { readonly status: 'listed' }
  | { readonly status: 'told'; readonly ids: readonly string[] }
  | { readonly status: 'scanned' }
  | { readonly status: 'failed'; readonly error: ServiceError; readonly before: Edges | undefined };

/** A scan asks every campaign, so whoever asks again within this time gets the last one's answer, in milliseconds. */
const SCAN_LIFE = 60_000;

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
  readonly #readings = new Map<string, Promise<void>>();
  /** Accounts whose campaigns are shown as they were, and asked again when next wanted. */
  readonly #stale = new Set<string>();
  readonly #disposed = new AbortController();
  #scan: Scan | undefined;
  #scanning: { readonly promise: Promise<Scan>; readonly end: AbortController } | undefined;

  /** `pageCap`: pages that a walk reads by itself; 0: all. */
  constructor(provider: Provider, pageCap: () => number) {
    this.#provider = provider;
    const service = provider.info.name;
    // Somebody looks at the first page; the others come behind whatever a person does meanwhile.
    const options = (signal: AbortSignal) => ({ signal, laterPages: 'background' as const });
    this.accounts = new Walk({
      service,
      pages: (signal) => provider.accountPages(options(signal)),
      keyOf: (account) => account.key,
      cap: pageCap,
      onChange: () => {
        this.#changes.fire({ kind: 'accounts' });
      },
    });
    this.campaigns = new Walk({
      service,
      pages: (signal) => provider.campaignPages(options(signal)),
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

  /** True where the campaigns of an account were never asked for, or are out of date. A failure is kept until a retry. */
  wantsCampaignsOf(accountKey: string): boolean {
    return !this.#edges.has(accountKey) || this.#stale.has(accountKey);
  }

  /** How many campaigns an account feeds, where that is known without asking for it. */
  campaignCount(accountKey: string): number | undefined {
    const known = this.campaignsOf(accountKey);
    return known?.status === 'complete' ? known.campaigns.length : this.#listed(accountKey)?.length;
  }

  /**
   * Asks the service which campaigns an account feeds. Where it does not tell, every campaign is asked for its
   * senders, once for all accounts; `fresh` asks again what was known. Whoever asks meanwhile shares the answer.
   */
  async loadCampaignsOf(accountKey: string, fresh = false): Promise<MappedCampaigns> {
    const known = this.#edges.get(accountKey);
    const stale = this.#stale.delete(accountKey);
    let reading = this.#readings.get(accountKey);
    if (reading === undefined && (fresh || stale || known === undefined || known.status === 'failed')) {
      reading = this.#read(accountKey, known, fresh).finally(() => this.#readings.delete(accountKey));
      this.#readings.set(accountKey, reading);
    }
    await reading;
    return this.campaignsOf(accountKey) ?? { status: 'reading', campaigns: [] };
  }

  /** The campaigns of an account, complete. @throws {ServiceError} where they could not be read. */
  async allCampaignsOf(accountKey: string): Promise<readonly Campaign[]> {
    const mapped = await this.loadCampaignsOf(accountKey, true);
    if (mapped.error !== undefined) {
      throw mapped.error;
    }
    if (this.#edges.get(accountKey)?.status !== 'scanned') {
      return mapped.campaigns;
    }
    const scan = await this.#freshScan();
    const [failure] = scan.failures.values();
    if (failure !== undefined) {
      throw failure;
    }
    return this.#named(scan.campaignsOf.get(accountKey) ?? []);
  }

  /** The campaigns of an account by scanning, for documents of services that do not tell them. @throws {ServiceError} */
  async scannedCampaignsOf(accountKey: string): Promise<ScannedCampaigns> {
    const { campaignsOf, scanned, total, scannedAt } = await this.#freshScan();
    return { ids: campaignsOf.get(accountKey) ?? [], scanned, total, scannedAt };
  }

  /** The senders of a campaign, fresh, with what the map knows about each account. @throws {ServiceError} */
  async sendersOf(campaignId: string): Promise<readonly Sender[]> {
    const senders = await this.#provider.sendersOf(campaignId, { signal: this.#disposed.signal });
    return senders.map(({ account, reasons }) => ({ account: this.#joined(account), reasons }));
  }

  /** Reads the list of accounts anew; the campaigns of an account are asked again when somebody next wants to see them. */
  async refresh(): Promise<void> {
    this.#scanning?.end.abort();
    this.#scanning = undefined;
    for (const key of this.#edges.keys()) {
      this.#stale.add(key);
    }
    this.campaigns.expire();
    await this.accounts.restart();
  }

  /** Reads one account and its campaigns anew: that row and nothing else. @throws {ServiceError} */
  async refreshAccount(accountKey: string): Promise<void> {
    const [account] = await Promise.all([
      this.#provider.account(accountKey, { signal: this.#disposed.signal }),
      this.#edges.has(accountKey) ? this.loadCampaignsOf(accountKey, true) : undefined,
    ]);
    const before = this.accounts.records.get(accountKey);
    // What a single read never has is kept from the list: tags on Instantly, the gap on Smartlead (FACTS 2.1, 3.9).
    this.accounts.records.set(accountKey, {
      ...account,
      tags: account.tags.length > 0 ? account.tags : (before?.tags ?? []),
      campaignIds: account.campaignIds ?? before?.campaignIds,
      sendingGap: account.sendingGap ?? before?.sendingGap,
    });
    this.#changes.fire({ kind: 'account', keys: [accountKey] });
  }

  /** Ends everything under way. Whoever still waits for an answer of this map is told that it ended. */
  dispose(): void {
    this.#disposed.abort();
    this.accounts.dispose();
    this.campaigns.dispose();
    this.#changes.dispose();
  }

  async #read(accountKey: string, known: Edges | undefined, fresh: boolean): Promise<void> {
    if (known === undefined || known.status === 'failed') {
      this.#setEdges(accountKey, { status: 'reading' });
    }
    try {
      this.#setEdges(accountKey, await this.#readEdges(accountKey, fresh));
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

  async #readEdges(accountKey: string, fresh: boolean): Promise<Edges> {
    const { signal } = this.#disposed;
    if (!fresh && this.#listed(accountKey) !== undefined) {
      await this.campaigns.all();
      return { status: 'listed' };
    }
    const mapping = await this.#provider.mappingOf(accountKey, { signal });
    if (mapping.campaigns !== undefined) {
      for (const campaign of mapping.campaigns) {
        this.#learn(campaign);
      }
      return { status: 'told', ids: mapping.campaigns.map((campaign) => campaign.id) };
    }
    await this.campaigns.all();
    if (mapping.ids !== undefined) {
      return { status: 'told', ids: mapping.ids };
    }
    // Its progress shows in the row; who needs all of it waits for it elsewhere.
    this.#freshScan().catch(() => undefined);
    return { status: 'scanned' };
  }

  /** Takes in a campaign as a mapping names it, which has fewer fields than the campaign list and no status for some. */
  #learn(campaign: Campaign): void {
    const known = this.campaigns.records.get(campaign.id);
    const { name, status, statusWords, state } = campaign;
    const told = status === undefined ? { name } : { name, status, statusWords, state };
    this.campaigns.records.set(campaign.id, known === undefined ? campaign : { ...known, ...told });
  }

  /** The list has the most to say about an account; the senders' route fills what it leaves open (Smartlead FACTS 3.7). */
  #joined(account: SenderAccount): SenderAccount {
    const known = this.accounts.records.get(account.key);
    return known === undefined
      ? account
      : { ...definedOf(account), ...definedOf(known), key: known.key, email: known.email };
  }

  #listed(accountKey: string): readonly string[] | undefined {
    return this.accounts.records.get(accountKey)?.campaignIds;
  }

  /** The running scan, the last one while it is young, or a new one. @throws {ServiceError} */
  #freshScan(): Promise<Scan> {
    if (this.#scan?.finished && Date.now() - this.#scan.scannedAt > SCAN_LIFE) {
      this.#scanning = undefined;
    }
    if (this.#scanning === undefined) {
      const end = new AbortController();
      const scanning = { end, promise: this.#runScan(AbortSignal.any([end.signal, this.#disposed.signal])) };
      this.#scanning = scanning;
      scanning.promise.catch(() => {
        if (this.#scanning === scanning) {
          this.#scanning = undefined;
        }
      });
    }
    return this.#scanning.promise;
  }

  async #runScan(signal: AbortSignal): Promise<Scan> {
    const campaigns = await this.campaigns.all();
    const scan = new Scan(this.#provider, campaigns.values(), () => {
      const keys = [...this.#edges].filter(([, edges]) => edges.status === 'scanned').map(([key]) => key);
      this.#changes.fire({ kind: 'account', keys });
    });
    this.#scan = scan;
    await scan.run(signal).catch((error: unknown) => {
      throw isServiceError(error) ? error : interrupted(this.#provider.info.name);
    });
    return scan;
  }

  #resolve(accountKey: string, edges: Edges | undefined): MappedCampaigns | undefined {
    switch (edges?.status) {
      case undefined:
        return undefined;
      case 'failed': {
        const before = this.#resolve(accountKey, edges.before)?.campaigns ?? [];
        return { status: 'failed', campaigns: before, error: edges.error };
      }
      case 'told':
        return { status: 'complete', campaigns: this.#named(edges.ids) };
      case 'listed':
        return { status: 'complete', campaigns: this.#named(this.#listed(accountKey) ?? []) };
      case 'reading':
        return { status: 'reading', campaigns: [] };
      case 'scanned':
        return this.#fromScan(accountKey);
    }
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
      (id) =>
        this.campaigns.records.get(id) ?? {
          id,
          name: '',
          statusWords: t('Status not given'),
          state: 'unknown',
          tags: [],
        },
    );
  }

  #setEdges(accountKey: string, edges: Edges): void {
    this.#edges.set(accountKey, edges);
    this.#changes.fire({ kind: 'account', keys: [accountKey] });
  }
}

/** What whoever waits is told when the connection goes, or its key is replaced, or a refresh starts anew. */
function interrupted(service: string): ServiceError {
  return new ServiceError('notFound', {
    service,
    serviceMessage: t('the reading was ended: the connection, its key or the list was replaced meanwhile'),
  });
}

function definedOf(account: SenderAccount): Partial<Account> {
  return Object.fromEntries(Object.entries(account).filter(([, value]) => value !== undefined));
}
