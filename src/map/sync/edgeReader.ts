import { t } from '@vscode/l10n';
import type { Campaign, SenderList } from '../../providers/model.ts';
import type { Provider } from '../../providers/provider.ts';
import type { ReadOptions } from '../../transport/client.ts';
import { isServiceError, type ServiceError } from '../../transport/errors.ts';
import type { Log } from '../../transport/log.ts';
import { isFresh } from '../../transport/time.ts';
import type { Gaps } from '../gaps.ts';
import type { MapState } from '../state.ts';
import type { MapStore } from '../store.ts';
import type { Lists } from './lists.ts';
import { SenderScan, type ScanCounts } from './senderScan.ts';
import { readTags } from './tags.ts';

/** Asking all campaigns costs a request for each, so the last answers are good for this long, in milliseconds. */
const SCAN_LIFE = 60_000;
/** Campaigns that are asked to find out whether accounts name their campaigns truly. */
const MOST_COMPARED = 3;

export interface EdgeReaderOptions {
  readonly provider: Provider;
  readonly store: MapStore;
  readonly lists: Lists;
  readonly gaps: Gaps;
  readonly log: Log;
  readonly onProgress: () => void;
}

type Asking = ReadOptions & { readonly signal: AbortSignal };

/**
 * Reads what the two lists do not say of the edges: tags, whether accounts name their campaigns truly and, where they do
 * not, the senders of each campaign.
 */
export class EdgeReader {
  readonly #options: EdgeReaderOptions;
  #scan: SenderScan | undefined;
  #scanning: Promise<SenderScan> | undefined;
  /** Campaigns that an earlier session asked in the sync that it left. */
  #scannedBefore = 0;
  /** Whether the claims of accounts agree with what a campaign answers; undefined: nothing has shown it yet. */
  #claimsHold: boolean | undefined;
  /** True where no campaign could be asked, so that nobody knows whether they do. */
  #doubtful = false;
  /** True where this sync has compared them. */
  #compared = false;
  /** When the list of campaigns was read that the tags were read for, in milliseconds since the epoch. */
  #taggedAt: number | undefined;

  constructor(options: EdgeReaderOptions) {
    this.#options = options;
  }

  /** Whether the claims of accounts agree with what a campaign answered; undefined: not compared. */
  get claimsHold(): boolean | undefined {
    return this.#claimsHold;
  }

  /** True where accounts claim campaigns, and nothing shows whether they claim them all. */
  get doubtful(): boolean {
    return this.#doubtful;
  }

  /** True where the tags are read that the lists do not give. */
  get tagsRead(): boolean {
    const { lists } = this.#options;
    return lists.read && this.#taggedAt === lists.campaigns.completedAt;
  }

  /** True where accounts do not say, or not truly, which campaigns they feed, and campaigns do not list their senders. */
  get needsScan(): boolean {
    const { provider, store } = this.#options;
    return (
      provider.info.edgesFrom !== 'campaigns' &&
      store.accounts.size > 0 &&
      (store.withoutClaims > 0 || this.#claimsHold === false)
    );
  }

  /** True where every campaign has said its senders at some time. */
  get scanned(): boolean {
    return this.#options.lists.campaigns.known && this.#options.store.withoutStatement === 0;
  }

  /** Undefined where campaigns need not be asked. */
  get scan(): ScanCounts | undefined {
    return this.needsScan && this.#options.store.campaigns.size > 0 ? this.scanCounts : undefined;
  }

  get scanCounts(): ScanCounts {
    const total = this.#options.store.campaigns.size;
    return this.#scan?.counts ?? { scanned: this.#scannedBefore, total, failed: 0 };
  }

  /** A new sync begins: what an earlier one compared or asked does not count for it. */
  startOver(): void {
    this.#compared = false;
    this.#scan = undefined;
    this.#scannedBefore = 0;
  }

  /** Takes what an earlier session, or another window, noted. The lists are restored before. */
  restore({ syncStartedAt, claimsHold, tagsRead }: MapState): void {
    const { provider, store, lists, gaps } = this.#options;
    this.#setClaimsHold(claimsHold);
    this.#compared = claimsHold !== undefined;
    this.#setDoubtful(claimsHold === undefined && lists.accounts.known && this.#canCompare);
    this.#taggedAt = tagsRead ? lists.campaigns.completedAt : undefined;
    if (!tagsRead && lists.read && provider.campaignTags !== undefined) {
      gaps.set('campaign tags', t('tags of campaigns: not read yet'));
    }
    this.#scan = undefined;
    this.#scannedBefore = store.campaigns.rows.filter(({ id }) => this.#answered(id, syncStartedAt)).length;
  }

  /**
   * Reads all that is missing, once the list of campaigns is read. `since`: campaigns that answered later are not asked
   * again, in milliseconds since the epoch.
   *
   * @throws {AbortError} and what nobody foresaw.
   */
  async read(since: number, options: Asking): Promise<void> {
    await this.#readTags(options);
    if (this.#options.lists.accounts.status === 'complete') {
      await this.#compareClaims(options);
    }
    if (this.needsScan) {
      await this.#scanSince(since, options);
    }
  }

  /**
   * The scan that is under way, or one that asks the campaigns that have not answered within the last minute.
   *
   * @throws {ServiceError} where the list of campaigns could not be read; AbortError.
   */
  freshScan(options: Asking): Promise<SenderScan> {
    return this.#scanSince(Date.now() - SCAN_LIFE, options);
  }

  async #readTags(options: Asking): Promise<void> {
    const { provider, store, gaps, log, lists } = this.#options;
    const { completedAt } = lists.campaigns;
    if (this.#taggedAt !== completedAt || lists.accounts.lacksTags) {
      const whole = await readTags({
        provider,
        store,
        gaps,
        log,
        accountsLackTags: lists.accounts.lacksTags,
        campaignsLackTags: lists.campaigns.lacksTags,
        options,
      });
      this.#taggedAt = whole ? completedAt : undefined;
    }
  }

  /**
   * That accounts say their campaigns is documented and unproven (Smartlead FACTS 3.8): they are believed where a
   * campaign answers that it has senders, and the same ones. What sends is asked first; where nothing proves them, all
   * campaigns are asked.
   */
  async #compareClaims(options: Asking): Promise<void> {
    const { provider, store, gaps, log } = this.#options;
    const { campaigns, accounts, edges } = store;
    if (!this.#canCompare || this.#compared) {
      gaps.set('claims', undefined);
      this.#setDoubtful(false);
      return;
    }
    const numbered = campaigns.rows.map((campaign) => ({ campaign, number: campaigns.number(campaign.id) }));
    const fed = ({ number }: (typeof numbered)[number]) => edges.isClaimed(number);
    // Those that send first: of them those that accounts name, because they have senders to compare.
    const candidates = bySending([...numbered.filter(fed), ...numbered.filter((one) => !fed(one))]);
    let failure: ServiceError | undefined;
    let holds: boolean | undefined;
    for (const { campaign, number } of candidates.slice(0, MOST_COMPARED)) {
      try {
        const list = await provider.sendersOf(campaign.id, options);
        const answered = new Set(list.senders.map(({ account }) => account.key).filter((key) => accounts.has(key)));
        const claimers = edges.claimersOf(number).map((account) => accounts.keyAt(account));
        if (answered.size !== claimers.length || !claimers.every((key) => answered.has(key))) {
          log.warn(
            `${provider.info.name}: accounts name ${claimers.length} senders of a campaign that answers with ${answered.size}; all campaigns are asked`,
          );
          this.#take(campaign.id, list);
          holds = false;
          break;
        }
        this.#noteInvalid(campaign.id, list);
        if (answered.size > 0) {
          holds = true;
          break;
        }
      } catch (error) {
        if (!isServiceError(error)) {
          throw error;
        }
        failure = error;
      }
    }
    this.#compared = holds !== undefined || failure === undefined;
    if (this.#compared) {
      this.#setClaimsHold(holds ?? false);
    }
    // A campaign that cannot be asked proves nothing, and what was proven before counts until it can.
    const doubtful = !this.#compared && this.#claimsHold === undefined;
    this.#setDoubtful(doubtful);
    gaps.set(
      'claims',
      doubtful ? t('whether accounts name all their campaigns: {0}', failure?.message ?? '') : undefined,
    );
  }

  /** True where accounts name campaigns, and there are campaigns to compare that with. */
  get #canCompare(): boolean {
    const { provider, store } = this.#options;
    const { accounts, campaigns, withoutClaims } = store;
    return provider.info.edgesFrom !== 'campaigns' && accounts.size > 0 && withoutClaims === 0 && campaigns.size > 0;
  }

  #setDoubtful(doubtful: boolean): void {
    if (doubtful !== this.#doubtful) {
      this.#doubtful = doubtful;
      this.#options.store.edges.markClaims();
    }
  }

  #setClaimsHold(hold: boolean | undefined): void {
    this.#claimsHold = hold;
    this.#options.store.edges.claimsCount = hold !== false;
  }

  async #scanSince(since: number, options: Asking): Promise<SenderScan> {
    this.#scanning ??= this.#runScan(since, options).finally(() => {
      this.#scanning = undefined;
    });
    return this.#scanning;
  }

  async #runScan(since: number, options: Asking): Promise<SenderScan> {
    const { provider, store, onProgress } = this.#options;
    const { rows } = store.campaigns;
    const due = rows.filter(({ id }) => !this.#answered(id, since));
    const scan = new SenderScan(provider, due, rows.length, (id, list) => {
      this.#take(id, list);
    });
    this.#scan = scan;
    onProgress();
    await scan.run(options, onProgress);
    return scan;
  }

  #noteInvalid(campaignId: string, { invalid }: SenderList): void {
    const { gaps, store } = this.#options;
    gaps.setInvalidSenders(campaignId, store.campaigns.get(campaignId)?.name, invalid);
  }

  #take(campaignId: string, list: SenderList): void {
    this.#noteInvalid(campaignId, list);
    this.#options.store.putSenderList(
      campaignId,
      list.senders.map(({ account }) => account.key),
      Date.now(),
    );
  }

  #answered(campaignId: string, since: number): boolean {
    const { campaigns, edges } = this.#options.store;
    const at = edges.statedAt(campaigns.number(campaignId));
    return at >= since && isFresh(at, Infinity);
  }
}

/** Those that send first. */
function bySending<T extends { readonly campaign: Campaign }>(campaigns: readonly T[]): readonly T[] {
  const waits = ({ campaign }: T) => Number(campaign.state !== 'healthy');
  return campaigns.toSorted((a, b) => waits(a) - waits(b));
}
