import { t } from '@vscode/l10n';
import type { Account, Campaign, Sender, SenderAccount } from '../providers/model.ts';
import type { Provider, ScannedCampaigns } from '../providers/provider.ts';
import type { Log } from '../transport/log.ts';
import { isAbort, isServiceError, ServiceError } from '../transport/errors.ts';
import { isFresh } from '../transport/time.ts';
import { Emitter } from './emitter.ts';
import { sameRecord } from './equal.ts';
import { Graph, type CampaignEdge } from './graph.ts';
import { Interner } from './intern.ts';
import { answeredSince, Scan, type Report } from './scan.ts';
import { Walk, type RecordChanges, type WalkPosition } from './walk.ts';

/** What changed since the last change, as small as it is known. */
export interface MapChange {
  /** Accounts or campaigns came or went. */
  readonly listed: boolean;
  /** Keys of the accounts whose own facts or campaigns changed. */
  readonly accounts: ReadonlySet<string>;
  /** Ids of the campaigns whose own facts or senders changed, or the health of a sender. */
  readonly campaigns: ReadonlySet<string>;
}

/** What the service answered about the campaigns of one account. */
export interface Check {
  readonly status: 'asking' | 'answered' | 'failed';
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly error?: ServiceError | undefined;
}

/** How far a sync has come. */
export interface SyncProgress {
  readonly running: boolean;
  readonly pages: number;
  /** Pages that the last complete sync had; undefined: there was none, and no service says how many there are. */
  readonly pagesBefore: number | undefined;
  /** Campaigns that were asked for their senders, of how many; undefined where that is not needed. */
  readonly scan: { readonly scanned: number; readonly total: number; readonly failed: number } | undefined;
  readonly requestsLeft: number | undefined;
  /** Milliseconds, guessed from the speed so far. */
  readonly timeLeft: number | undefined;
}

/** Everything that a map knows, as it is kept on disk. */
export interface MapState {
  readonly accounts: readonly Account[];
  readonly campaigns: readonly Campaign[];
  readonly accountsPosition: WalkPosition;
  readonly campaignsPosition: WalkPosition;
  readonly reported: readonly (readonly [campaignId: string, report: Report])[];
  readonly told: readonly (readonly [accountKey: string, told: Told])[];
  /** Campaigns that only a mapping named. */
  readonly named: readonly Campaign[];
  readonly syncStartedAt: number;
  readonly syncedAt: number | undefined;
}

/** The campaigns that the service's mapping of one account named. */
export interface Told {
  readonly ids: readonly string[];
  readonly at: number;
}

/** Changes are told at most this often while pages come in, in milliseconds. */
const TELL = 400;
/** An answer about one account is good for this long, in milliseconds. */
const CHECK_LIFE = 60_000;
/** Asking all campaigns costs a request for each, so the last answers are good for this long, in milliseconds. */
const SCAN_LIFE = 60_000;

/**
 * The accounts and campaigns of one connection and the edges between them: built from as few requests as the service
 * allows, corrected where the service itself says otherwise about one account, and kept. It answers everything that
 * views, documents, commands and other extensions ask, and says what changed.
 */
export class SendingMap {
  readonly accounts: Walk<Account>;
  readonly campaigns: Walk<Campaign>;
  readonly #provider: Provider;
  readonly #log: Log;
  readonly #changes = new Emitter<MapChange>();
  readonly #progress = new Emitter<void>();
  readonly #interner = new Interner();
  readonly #reports = new Map<string, Report>();
  readonly #told = new Map<string, Told>();
  readonly #named = new Map<string, Campaign>();
  readonly #checks = new Map<string, Check>();
  readonly #checking = new Map<string, Promise<void>>();
  readonly #senderFailures = new Map<string, ServiceError>();
  readonly #loadingSenders = new Map<string, Promise<unknown>>();
  readonly #disposed = new AbortController();

  #version = 0;
  #graph: Graph | undefined;
  /** The graph of the last change that was told. */
  #toldGraph: Graph | undefined;
  #edgesChanged = false;
  #pending = noChanges();
  /** When that was, on the monotonic clock. */
  #toldAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  #syncing: Promise<void> | undefined;
  #generation = 0;
  #syncStartedAt = 0;
  #syncedAt: number | undefined;
  /** When the last sync of this session ended, complete or not. */
  #endedAt: number | undefined;
  /** When the sync at hand began or went on, on the monotonic clock, and the requests that were done before. */
  #runStartedAt = 0;
  #doneAtStart = 0;
  /** True while somebody asks for everything, whatever the settings read by themselves. */
  #uncapped = false;
  #wasKnown = false;
  #cancelled = false;
  #scan: Scan | undefined;
  #scanning: { readonly promise: Promise<Scan>; readonly end: AbortController } | undefined;

  /** `pageCap`: pages of accounts that a sync reads by itself; 0: all. */
  constructor(provider: Provider, pageCap: () => number, log: Log) {
    this.#provider = provider;
    this.#log = log;
    const service = provider.info.name;
    // Somebody looks at the first page; the others come behind whatever a person does meanwhile.
    const options = (signal: AbortSignal, from: string | undefined) =>
      ({
        signal,
        from,
        priority: from === undefined ? 'interactive' : 'background',
        laterPages: 'background',
      }) as const;
    const onProgress = () => {
      if (!this.#wasKnown && this.accounts.known && this.campaigns.known) {
        // From now on an account that is not in the list is not in the list, and no longer just not read yet.
        this.#wasKnown = true;
        this.#edgesChanged = true;
        this.#pending.listed = true;
        this.#tellSoon();
      }
      this.#progress.fire();
    };
    this.accounts = new Walk({
      service,
      log,
      pages: (signal, from) => provider.accountPages(options(signal, from)),
      keyOf: (account) => account.key,
      cap: () => (this.#uncapped ? 0 : pageCap()),
      keep: (account, before) => this.#keepAccount(account, before),
      onRecords: (changes) => {
        this.#add(changes, this.#pending.accounts);
      },
      onProgress,
    });
    this.campaigns = new Walk({
      service,
      log,
      pages: (signal, from) => provider.campaignPages(options(signal, from)),
      keyOf: (campaign) => campaign.id,
      cap: () => 0,
      keep: (campaign, before) => this.#keepCampaign(campaign, before),
      onRecords: (changes) => {
        this.#add(changes, this.#pending.campaigns);
      },
      onProgress,
    });
  }

  /** Fires when what the map says changed; never for a refresh that found everything as it was. */
  onDidChange(listener: (change: MapChange) => void): { dispose(): void } {
    return this.#changes.on(listener);
  }

  /** Fires when a sync begins, moves on or ends. */
  onDidProgress(listener: () => void): { dispose(): void } {
    return this.#progress.on(listener);
  }

  /** The edges as they are known now. */
  get graph(): Graph {
    if (this.#graph === undefined || this.#edgesChanged) {
      this.#edgesChanged = false;
      this.#graph = new Graph(this.accounts.records, this.campaigns.records, {
        reported: new Map([...this.#reports].map(([id, { keys }]) => [id, keys])),
        told: new Map([...this.#told].map(([key, { ids }]) => [key, ids])),
        namedAccount: (key) => ({
          key,
          email: key,
          statusWords: this.#unlisted(this.accounts),
          state: 'unknown',
          tags: [],
        }),
        namedCampaign: (id) =>
          this.#named.get(id) ?? {
            id,
            name: '',
            statusWords: this.#unlisted(this.campaigns),
            state: 'unknown',
            tags: [],
          },
      });
    }
    // Whoever asks for the first time knows this one, and has to be told what differs from it.
    this.#toldGraph ??= this.#graph;
    return this.#graph;
  }

  /** Goes up with each change; what was worked out of the map at another version is old. */
  get version(): number {
    return this.#version;
  }

  /**
   * When the last complete sync ended, in milliseconds since the epoch; undefined where there was none, or where it
   * ended in the future: before the clock was set back.
   */
  get syncedAt(): number | undefined {
    const { completedAt = 0 } = this.accounts;
    // Lists that somebody asked for one by one make up a whole map too.
    const at = this.#syncedAt ?? (this.complete ? Math.max(completedAt, this.campaigns.completedAt ?? 0) : undefined);
    return at !== undefined && isFresh(at, Infinity) ? at : undefined;
  }

  /** True where the map is all there is, as of {@link syncedAt}. */
  get complete(): boolean {
    return this.missing().length === 0;
  }

  /** True where nothing was read yet, in this session or an earlier one. */
  get empty(): boolean {
    return this.accounts.status === 'idle' && this.accounts.records.size === 0;
  }

  get progress(): SyncProgress {
    const scan = this.#scanInfo();
    const running = this.#syncing !== undefined;
    const pages = this.accounts.pages + this.campaigns.pages;
    const known = this.accounts.pagesBefore > 0;
    const pagesBefore = known
      ? this.accounts.pagesBefore + Math.max(this.campaigns.pagesBefore, this.campaigns.pages)
      : undefined;
    const scansLeft = scan === undefined ? 0 : scan.total - scan.scanned - scan.failed;
    const requestsLeft =
      pagesBefore === undefined && !this.#walked
        ? undefined
        : Math.max(0, this.#walked ? 0 : (pagesBefore ?? 0) - pages) + scansLeft;
    const done = pages + (scan?.scanned ?? 0) - this.#doneAtStart;
    const perRequest = (performance.now() - this.#runStartedAt) / Math.max(1, done);
    return {
      running,
      pages,
      pagesBefore,
      scan,
      requestsLeft,
      timeLeft: running && requestsLeft !== undefined && done >= 3 ? requestsLeft * perRequest : undefined,
    };
  }

  /** What is missing, each in a sentence; empty where the map is complete. */
  missing(): string[] {
    const missing: string[] = [];
    const lists = [
      [this.accounts, t('accounts')],
      [this.campaigns, t('campaigns')],
    ] as const;
    for (const [walk, what] of lists) {
      const { size } = walk.records;
      if (walk.status !== 'complete') {
        const why = walk.error?.message ?? stillWords(walk.status);
        missing.push(
          walk.known
            ? t('{0} that changed since the last sync, from page {1} on: {2}', what, walk.pages + 1, why)
            : t('{0} after the first {1}, from page {2} on: {3}', what, size, walk.pages + 1, why),
        );
      }
      for (const { label, problem } of walk.invalid) {
        missing.push(t('{0}: the record "{1}" {2}', what, label, problem));
      }
      for (const doubt of new Set(walk.doubts)) {
        missing.push(t('maybe some {0}: {1}', what, doubt));
      }
    }
    const scan = this.#scanInfo();
    if (scan !== undefined && scan.scanned < scan.total) {
      missing.push(t('senders of {0} of {1} campaigns', scan.total - scan.scanned, scan.total));
    }
    return missing;
  }

  /**
   * Syncs where nothing was read yet, where an earlier session left the last sync undone, or where it ended longer ago
   * than `age` milliseconds, well or not: views open maps all the time, and must not repeat what just failed. A sync
   * that a person cancelled stays cancelled.
   */
  open(age: number): void {
    const { complete } = this;
    const ended = complete ? this.syncedAt : this.#endedAt;
    const due = ended === undefined || !isFresh(ended, age);
    const barred = !complete && this.#cancelled;
    const capped = this.accounts.status === 'capped';
    if (this.#syncing === undefined && due && !barred) {
      void this.sync(complete || capped || (ended !== undefined && this.#walked));
    }
  }

  /**
   * Reads what is missing or, with `anew`, everything again; whoever calls meanwhile joins. Ends when the map is
   * complete or can get no further; what went wrong is in {@link missing}.
   */
  sync(anew = false): Promise<void> {
    if (this.#syncing !== undefined && !anew) {
      return this.#syncing;
    }
    this.#cancelled = false;
    const generation = ++this.#generation;
    this.#scanning?.end.abort();
    this.#scanning = undefined;
    const begun = this.#syncStartedAt > 0 && isFresh(this.#syncStartedAt, Infinity);
    if (anew || this.accounts.status === 'idle' || !begun) {
      this.#checks.clear();
      this.#senderFailures.clear();
      this.#syncStartedAt = Date.now();
    }
    this.#runStartedAt = performance.now();
    this.#doneAtStart = anew ? 0 : this.accounts.pages + this.campaigns.pages + (this.#scanInfo()?.scanned ?? 0);
    const sync = this.#run(anew, () => this.#generation === generation).finally(() => {
      if (this.#syncing === sync) {
        this.#syncing = undefined;
        this.#endedAt = Date.now();
        this.#tellNow();
        this.#progress.fire();
      }
    });
    this.#syncing = sync;
    return sync;
  }

  /** Reads everything, whatever the page cap says, until the map is complete or can get no further. */
  async whole(): Promise<void> {
    if (this.complete && this.#syncing === undefined) {
      return;
    }
    this.#uncapped = true;
    try {
      do {
        await this.sync();
      } while (this.#syncing !== undefined);
    } finally {
      this.#uncapped = false;
    }
  }

  /** Stops the sync under way; the next one goes on from there. */
  cancel(): void {
    this.#cancelled = true;
    this.#generation += 1;
    this.accounts.stop();
    this.campaigns.stop();
    this.#scanning?.end.abort();
    this.#scanning = undefined;
    this.#syncing = undefined;
    this.#tellNow();
    this.#progress.fire();
  }

  /** Goes on after the page cap of the settings. */
  async more(): Promise<void> {
    await this.accounts.more();
    await this.sync();
  }

  /** True where the campaigns of an account are all known, whether it was asked for or not. */
  knowsCampaignsOf(accountKey: string): boolean {
    if (this.#told.has(accountKey)) {
      return true;
    }
    const account = this.accounts.records.get(accountKey);
    if (account?.campaignIds !== undefined) {
      return true;
    }
    return account !== undefined && (this.#provider.info.campaignsListSenders ? this.campaigns.known : this.#scanned);
  }

  /** True where the senders of a campaign are all known. */
  knowsSendersOf(campaignId: string): boolean {
    return this.#reports.has(campaignId) || (this.accounts.known && (!this.#needsScan || this.#scanned));
  }

  /** How many campaigns an account feeds; undefined where that is not known. */
  campaignCount(accountKey: string): number | undefined {
    return this.knowsCampaignsOf(accountKey) ? this.graph.countOfCampaigns(accountKey) : undefined;
  }

  /** What the service answered about the campaigns of one account; undefined where it was not asked. */
  checkOf(accountKey: string): Check | undefined {
    return this.#checks.get(accountKey);
  }

  /**
   * Asks the service which campaigns an account feeds and corrects the map where it says otherwise. What was answered
   * within the last minute is good; `fresh` asks again. A failure is kept in {@link checkOf} until somebody asks anew.
   */
  async checkCampaignsOf(accountKey: string, fresh = false): Promise<void> {
    let checking = this.#checking.get(accountKey);
    if (checking === undefined) {
      const last = this.#checks.get(accountKey);
      if (!fresh && last !== undefined && (last.status === 'failed' || isFresh(last.at, CHECK_LIFE))) {
        return;
      }
      checking = this.#check(accountKey).finally(() => this.#checking.delete(accountKey));
      this.#checking.set(accountKey, checking);
    }
    await checking;
  }

  /** The campaigns of an account, complete and fresh. @throws {ServiceError} where they could not be read. */
  async allCampaignsOf(accountKey: string): Promise<readonly CampaignEdge[]> {
    await this.checkCampaignsOf(accountKey, true);
    const { error } = this.#checks.get(accountKey) ?? {};
    if (error !== undefined) {
      throw error;
    }
    if (this.#needsScan || !this.knowsCampaignsOf(accountKey)) {
      const [failure] = (await this.#freshScan()).failures.values();
      if (failure !== undefined) {
        throw failure;
      }
    }
    return this.graph.campaignsOf(accountKey);
  }

  /** The campaigns of an account by scanning, for documents of services that do not tell them. @throws {ServiceError} */
  async scannedCampaignsOf(accountKey: string): Promise<ScannedCampaigns> {
    const { scanned, total } = await this.#freshScan();
    const reports = [...this.#reports];
    return {
      ids: reports.filter(([, { keys }]) => keys.includes(accountKey)).map(([id]) => id),
      scanned,
      total,
      scannedAt: reports.reduce((latest, [, { at }]) => Math.max(latest, at), 0),
    };
  }

  /** The senders of a campaign, fresh, with what the map knows about each account. @throws {ServiceError} */
  async sendersOf(campaignId: string): Promise<readonly Sender[]> {
    const senders = await this.#provider.sendersOf(campaignId, { signal: this.#disposed.signal });
    this.#takeReport(campaignId, senders);
    return senders.map(({ account, reasons }) => ({ account: this.#joined(account), reasons }));
  }

  /** Asks a campaign for its senders where they are not known otherwise. @throws {ServiceError} */
  async loadSendersOf(campaignId: string): Promise<void> {
    if (this.#provider.info.campaignsListSenders || this.knowsSendersOf(campaignId)) {
      return;
    }
    const failure = this.#senderFailures.get(campaignId);
    if (failure !== undefined) {
      // Kept until somebody refreshes: a row that is painted again must not ask again.
      throw failure;
    }
    let loading = this.#loadingSenders.get(campaignId);
    if (loading === undefined) {
      loading = this.sendersOf(campaignId)
        .catch((error: unknown) => {
          if (isServiceError(error)) {
            this.#senderFailures.set(campaignId, error);
          }
          throw error;
        })
        .finally(() => this.#loadingSenders.delete(campaignId));
      this.#loadingSenders.set(campaignId, loading);
    }
    await loading;
  }

  /** Reads one account and its campaigns anew: that row and nothing else. @throws {ServiceError} */
  async refreshAccount(accountKey: string): Promise<void> {
    const [account] = await Promise.all([
      this.#provider.account(accountKey, { signal: this.#disposed.signal }),
      this.checkCampaignsOf(accountKey, true),
    ]);
    const before = this.accounts.records.get(accountKey);
    // What a single read never has is kept from the list: tags on Instantly, the gap on Smartlead (FACTS 2.1, 3.9).
    const after = this.#keepAccount(
      {
        ...account,
        tags: account.tags.length > 0 ? account.tags : (before?.tags ?? []),
        campaignIds: account.campaignIds ?? before?.campaignIds,
        sendingGap: account.sendingGap ?? before?.sendingGap,
      },
      before,
    );
    if (!sameRecord(before, after)) {
      this.accounts.records.set(accountKey, after);
      this.#add(
        { listed: before === undefined, changed: new Set([accountKey]), removed: new Set() },
        this.#pending.accounts,
      );
    }
    this.#tellNow();
  }

  /** Reads one campaign anew, and its senders where only it can tell them. @throws {ServiceError} */
  async refreshCampaign(campaignId: string): Promise<void> {
    const { signal } = this.#disposed;
    this.#senderFailures.delete(campaignId);
    const before = this.campaigns.records.get(campaignId);
    const [campaign] = await Promise.all([
      this.#provider.campaign(campaignId, { signal }),
      this.#needsScan || this.#reports.has(campaignId) ? this.sendersOf(campaignId) : undefined,
    ]);
    const after = this.#keepCampaign(
      { ...campaign, tags: campaign.tags.length > 0 ? campaign.tags : (before?.tags ?? []) },
      before,
    );
    if (!sameRecord(before, after)) {
      this.campaigns.records.set(campaignId, after);
      this.#add(
        { listed: before === undefined, changed: new Set([campaignId]), removed: new Set() },
        this.#pending.campaigns,
      );
    }
    this.#tellNow();
  }

  /** Everything the map knows, to be kept on disk. */
  save(): MapState {
    return {
      accounts: this.accounts.records.rows,
      campaigns: this.campaigns.records.rows,
      accountsPosition: this.accounts.position,
      campaignsPosition: this.campaigns.position,
      reported: [...this.#reports],
      told: [...this.#told],
      named: [...this.#named.values()],
      syncStartedAt: this.#syncStartedAt,
      syncedAt: this.#syncedAt,
    };
  }

  /** Takes what an earlier session, or another window, knew. Only while no sync is under way. */
  restore(state: MapState): void {
    this.accounts.restore(state.accounts, state.accountsPosition);
    this.campaigns.restore(state.campaigns, state.campaignsPosition);
    for (const key of this.#pending.accounts) {
      // Their health counts for the campaigns that they feed.
      this.#toldGraph?.campaignsOf(key).forEach(({ campaign }) => this.#pending.campaigns.add(campaign.id));
    }
    replace(this.#reports, state.reported);
    replace(this.#told, state.told);
    replace(
      this.#named,
      state.named.map((campaign) => [campaign.id, campaign]),
    );
    this.#wasKnown = this.accounts.known && this.campaigns.known;
    this.#syncStartedAt = state.syncStartedAt;
    this.#syncedAt = state.syncedAt;
    this.#shareKeys();
    this.#edgesChanged = true;
    this.#tellNow();
    this.#progress.fire();
  }

  /** Ends everything under way. Whoever still waits for an answer of this map is told that it ended. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#generation += 1;
    this.#disposed.abort();
    this.accounts.dispose();
    this.campaigns.dispose();
    this.#changes.dispose();
    this.#progress.dispose();
  }

  async #run(anew: boolean, current: () => boolean): Promise<void> {
    const read = async (walk: Walk<Account> | Walk<Campaign>) => {
      if (anew || walk.doubtful) {
        await walk.restart();
      } else if (walk.status === 'capped' && this.#uncapped) {
        await walk.more(true);
      } else if (walk.status !== 'complete' && walk.status !== 'capped') {
        await walk.load();
      }
    };
    await Promise.all([read(this.accounts), read(this.campaigns)]);
    if (!current()) {
      return;
    }
    if (this.#needsScan && this.campaigns.status === 'complete') {
      await this.#freshScan(this.#syncStartedAt).catch(() => undefined);
    }
    if (current() && this.#walked) {
      this.#finish();
    }
  }

  #finish(): void {
    for (const [key, { at }] of this.#told) {
      // What the lists say now is newer than what was told before they were read, or nobody knows when.
      if (at <= this.#syncStartedAt || !isFresh(at, Infinity)) {
        this.#told.delete(key);
        this.#edgesChanged = true;
      }
    }
    this.#shareKeys();
    for (const id of this.#reports.keys()) {
      if (!this.campaigns.records.has(id)) {
        this.#reports.delete(id);
        this.#edgesChanged = true;
      }
    }
    const before = this.#syncedAt ?? 0;
    if (this.complete && (before < this.#syncStartedAt || !isFresh(before, Infinity))) {
      this.#syncedAt = Date.now();
    }
  }

  /** The same emails stand in accounts and in campaigns: once in memory instead of once for each campaign. */
  #shareKeys(): void {
    for (const campaign of this.campaigns.records.rows) {
      if (campaign.listedSenders !== undefined) {
        const listedSenders = campaign.listedSenders.map((key) => this.accounts.records.get(key)?.key ?? key);
        this.campaigns.records.set(campaign.id, { ...campaign, listedSenders });
      }
    }
  }

  async #check(accountKey: string): Promise<void> {
    const { signal } = this.#disposed;
    const { error: earlier } = this.#checks.get(accountKey) ?? {};
    this.#setCheck(accountKey, { status: 'asking', at: Date.now(), error: earlier });
    try {
      const mapping = await this.#provider.mappingOf(accountKey, { signal });
      for (const campaign of mapping.campaigns ?? []) {
        this.#learn(campaign);
      }
      const ids = mapping.ids ?? mapping.campaigns?.map(({ id }) => id);
      if (ids === undefined) {
        // This service does not tell; its campaigns have to be asked, in the background.
        if (!this.#scanned && !this.#cancelled && this.#scan === undefined) {
          void this.sync();
        }
      } else {
        this.#takeMapping(accountKey, ids);
        if (mapping.campaigns === undefined && !this.campaigns.known) {
          // Only ids came; their names are in the list of campaigns.
          await this.campaigns.load();
        }
      }
      this.#setCheck(accountKey, { status: 'answered', at: Date.now() });
    } catch (error) {
      if (!isServiceError(error)) {
        throw error;
      }
      this.#setCheck(accountKey, { status: 'failed', at: Date.now(), error });
    }
  }

  #takeMapping(accountKey: string, ids: readonly string[]): void {
    const derived = this.knowsCampaignsOf(accountKey);
    const known = new Set(this.graph.campaignsOf(accountKey).map(({ campaign }) => campaign.id));
    const more = ids.filter((id) => !known.has(id)).length;
    const fewer = known.size - (ids.length - more);
    if (derived && more + fewer === 0) {
      return;
    }
    if (derived) {
      this.#log.warn(
        `${this.#provider.info.name}: the mapping of an account has ${more} campaigns more and ${fewer} fewer than its lists; the mapping counts`,
      );
    }
    this.#told.set(accountKey, { ids, at: Date.now() });
    this.#edgesChanged = true;
    this.#pending.accounts.add(accountKey);
  }

  #setCheck(accountKey: string, check: Check): void {
    const before = this.#checks.get(accountKey);
    const visible = (one: Check | undefined) =>
      one?.error !== undefined || (one?.status === 'asking' && !this.knowsCampaignsOf(accountKey));
    this.#checks.set(accountKey, check);
    // Who looks at this account sees that it is being asked for where nothing is known yet, and what failed.
    if (visible(before) || visible(check) || this.#pending.accounts.has(accountKey)) {
      this.#pending.accounts.add(accountKey);
      this.#tellNow();
    }
  }

  /** Takes in a campaign as a mapping names it, which has fewer fields than the campaign list and no status for some. */
  #learn(campaign: Campaign): void {
    const known = this.campaigns.records.get(campaign.id);
    const { name, status, statusWords, state } = campaign;
    const told = status === undefined ? { name } : { name, status, statusWords, state };
    if (known === undefined) {
      if (!sameRecord(this.#named.get(campaign.id), campaign)) {
        this.#named.set(campaign.id, campaign);
        this.#edgesChanged = true;
      }
      return;
    }
    const after = { ...known, ...told };
    if (!sameRecord(known, after)) {
      this.campaigns.records.set(campaign.id, after);
      this.#pending.campaigns.add(campaign.id);
    }
  }

  #takeReport(campaignId: string, senders: readonly Sender[]): void {
    if (this.#provider.info.campaignsListSenders) {
      return;
    }
    const keys = senders.map(({ account }) => this.accounts.records.get(account.key)?.key ?? account.key);
    const news = !sameRecord(this.#reports.get(campaignId)?.keys, keys);
    this.#reports.set(campaignId, { keys, at: Date.now() });
    if (news) {
      this.#edgesChanged = true;
      this.#pending.campaigns.add(campaignId);
      this.#tellSoon();
    }
  }

  /** The list has the most to say about an account; the senders' route fills what it leaves open (Smartlead FACTS 3.7). */
  #joined(account: SenderAccount): SenderAccount {
    const known = this.accounts.records.get(account.key);
    return known === undefined
      ? account
      : { ...definedOf(account), ...definedOf(known), key: known.key, email: known.email };
  }

  #keepAccount(account: Account, before: Account | undefined): Account {
    const kept = this.#interner.account(account);
    if (before !== undefined) {
      this.#edgesChanged ||= !sameRecord(before.tags, kept.tags) || !sameRecord(before.campaignIds, kept.campaignIds);
      if (before.state !== kept.state) {
        for (const { campaign } of this.#toldGraph?.campaignsOf(kept.key) ?? []) {
          this.#pending.campaigns.add(campaign.id);
        }
      }
    }
    return kept;
  }

  #keepCampaign(campaign: Campaign, before: Campaign | undefined): Campaign {
    const kept = this.#interner.campaign(campaign);
    this.#edgesChanged ||=
      before !== undefined &&
      (!sameRecord(before.listedSenders, kept.listedSenders) ||
        !sameRecord(before.senderTagIds, kept.senderTagIds) ||
        before.parentId !== kept.parentId);
    if (before !== undefined && before.parentId !== kept.parentId) {
      // Both the campaign that it stood under and the one that it stands under now look different.
      for (const id of [before.parentId, kept.parentId]) {
        this.#pending.campaigns.add(id ?? kept.id);
      }
      this.#pending.listed = true;
    }
    return kept;
  }

  #add({ listed, changed, removed }: RecordChanges, keys: Set<string>): void {
    this.#pending.listed ||= listed;
    this.#edgesChanged ||= listed;
    for (const key of [...changed, ...removed]) {
      keys.add(key);
    }
    this.#tellSoon();
  }

  #tellSoon(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#tellNow();
      },
      Math.max(0, TELL - (performance.now() - this.#toldAt)),
    );
  }

  #tellNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#toldAt = performance.now();
    const before = this.#toldGraph;
    if (before !== undefined && (this.#edgesChanged || this.#graph !== before)) {
      const now = this.graph;
      const { accounts, campaigns } = now.differences(before);
      accounts.forEach((key) => this.#pending.accounts.add(key));
      campaigns.forEach((id) => this.#pending.campaigns.add(id));
    }
    this.#toldGraph = this.#graph;
    const { listed, accounts, campaigns } = this.#pending;
    if (listed || accounts.size > 0 || campaigns.size > 0) {
      this.#pending.listed = false;
      this.#version += 1;
      const change = { listed, accounts: new Set(accounts), campaigns: new Set(campaigns) };
      accounts.clear();
      campaigns.clear();
      this.#changes.fire(change);
    }
  }

  get #walked(): boolean {
    return this.accounts.status === 'complete' && this.campaigns.status === 'complete';
  }

  /** True where neither accounts nor campaigns say how they belong together. */
  get #needsScan(): boolean {
    const { rows } = this.accounts.records;
    return (
      !this.#provider.info.campaignsListSenders &&
      rows.length > 0 &&
      !rows.some(({ campaignIds }) => campaignIds !== undefined)
    );
  }

  /** True where every campaign has answered at some time. */
  get #scanned(): boolean {
    return this.campaigns.known && this.campaigns.records.rows.every(({ id }) => this.#reports.has(id));
  }

  #scanInfo(): SyncProgress['scan'] {
    if (!this.#needsScan || this.campaigns.records.size === 0) {
      return undefined;
    }
    const { rows } = this.campaigns.records;
    return {
      scanned: rows.filter(({ id }) => answeredSince(this.#reports.get(id), this.#syncStartedAt)).length,
      total: rows.length,
      failed: this.#scan?.failures.size ?? 0,
    };
  }

  /** The running scan, or one that asks what was not asked since then. @throws {ServiceError} */
  #freshScan(since = Date.now() - SCAN_LIFE): Promise<Scan> {
    if (this.#scanning === undefined) {
      const end = new AbortController();
      const signal = AbortSignal.any([end.signal, this.#disposed.signal]);
      const scanning = { end, promise: this.#runScan(since, signal) };
      this.#scanning = scanning;
      const over = () => {
        if (this.#scanning === scanning) {
          this.#scanning = undefined;
        }
      };
      scanning.promise.then(over, over);
    }
    return this.#scanning.promise;
  }

  async #runScan(since: number, signal: AbortSignal): Promise<Scan> {
    const campaigns = await this.campaigns.all();
    const scan = new Scan(this.#provider, campaigns.rows, this.#reports, since, (campaignId) => {
      if (campaignId !== undefined) {
        this.#edgesChanged = true;
        this.#pending.campaigns.add(campaignId);
        this.#tellSoon();
      }
      this.#progress.fire();
    });
    this.#scan = scan;
    await scan.run(signal).catch((error: unknown) => {
      throw isServiceError(error) || !isAbort(error) ? error : interrupted(this.#provider.info.name);
    });
    return scan;
  }

  #unlisted(walk: Walk<Account> | Walk<Campaign>): string {
    if (!walk.known) {
      return t('Not read yet');
    }
    return walk === this.accounts ? t('Not in the list of accounts') : t('Not in the list of campaigns');
  }
}

function noChanges() {
  return { listed: false, accounts: new Set<string>(), campaigns: new Set<string>() };
}

/** What whoever waits is told when the connection goes, or its key is replaced, or a refresh starts anew. */
function interrupted(service: string): ServiceError {
  return new ServiceError('notFound', {
    service,
    serviceMessage: t('the reading was ended: the connection, its key or the list was replaced meanwhile'),
  });
}

function stillWords(status: Walk<Account>['status']): string {
  switch (status) {
    case 'reading':
      return t('still being read');
    case 'capped':
      return t('as many as the settings read by themselves');
    case 'stopped':
      return t('the sync was stopped');
    default:
      return t('not read yet');
  }
}

function replace<K, V>(map: Map<K, V>, entries: Iterable<readonly [K, V]>): void {
  map.clear();
  for (const [key, value] of entries) {
    map.set(key, value);
  }
}

function definedOf(account: SenderAccount): Partial<Account> {
  return Object.fromEntries(Object.entries(account).filter(([, value]) => value !== undefined));
}
