import type { Campaign } from '../providers/model.ts';
import type { Provider } from '../providers/provider.ts';
import { isAbort, isServiceError, type ServiceError } from '../transport/errors.ts';
import { isFresh } from '../transport/time.ts';
import { sameRecord } from './equal.ts';

/** Campaigns that send now come first: their senders are what a person wants to see (Smartlead FACTS 3.15). */
const ORDER: readonly string[] = ['healthy', 'paused', 'warning', 'error', 'unknown', 'draft', 'done'];

/** What one campaign answered when it was asked for its senders. */
export interface Report {
  readonly keys: readonly string[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** True where a campaign has answered since then. One from the future answered nobody knows when. */
export function answeredSince(report: Report | undefined, since: number): boolean {
  return report !== undefined && report.at >= since && isFresh(report.at, Infinity);
}

/**
 * Asks every campaign for its senders: the only way to learn the campaigns of an account from a service that does not
 * tell them. What was answered since `since` is not asked again.
 */
export class Scan {
  readonly failures = new Map<string, ServiceError>();
  readonly total: number;
  scanned = 0;

  readonly #provider: Provider;
  readonly #campaigns: readonly Campaign[];
  readonly #reports: Map<string, Report>;
  readonly #onReport: (campaignId: string | undefined) => void;

  /** `reports` takes the answers. `onReport` is called with each campaign whose answer is news, or undefined for the others. */
  constructor(
    provider: Provider,
    campaigns: Iterable<Campaign>,
    reports: Map<string, Report>,
    since: number,
    onReport: (campaignId: string | undefined) => void,
  ) {
    this.#provider = provider;
    this.#reports = reports;
    this.#onReport = onReport;
    const all = [...campaigns];
    this.total = all.length;
    this.#campaigns = all
      .filter(({ id }) => !answeredSince(reports.get(id), since))
      .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
    this.scanned = this.total - this.#campaigns.length;
  }

  /** Runs to the end. A campaign that fails is remembered and does not end the scan; only cancellation rejects. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#campaigns.map((campaign) => this.#ask(campaign.id, signal)));
  }

  async #ask(campaignId: string, signal: AbortSignal): Promise<void> {
    try {
      // The key's queue holds all but a few of them back, and lets what a person does meanwhile go first.
      const senders = await this.#provider.sendersOf(campaignId, { signal, priority: 'background' });
      const keys = senders.map(({ account }) => account.key);
      const news = !sameRecord(this.#reports.get(campaignId)?.keys, keys);
      this.#reports.set(campaignId, { keys, at: Date.now() });
      this.scanned += 1;
      this.#onReport(news ? campaignId : undefined);
    } catch (error) {
      if (isAbort(error) || !isServiceError(error)) {
        throw error;
      }
      this.failures.set(campaignId, error);
      this.#onReport(undefined);
    }
  }
}
