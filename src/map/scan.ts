import type { Campaign } from '../providers/model.ts';
import type { Provider } from '../providers/provider.ts';
import { isAbort, isServiceError, type ServiceError } from '../transport/errors.ts';

/** Campaigns that send now come first: their senders are what a person wants to see (Smartlead FACTS 3.15). */
const ORDER: readonly string[] = ['good', 'paused', 'warning', 'error', 'unknown', 'draft', 'done'];

/**
 * Asks every campaign for its senders and inverts the answer: the only way to learn the campaigns of an account from
 * a service that does not tell them.
 */
export class Scan {
  /** Campaign ids by account key. */
  readonly campaignsOf = new Map<string, string[]>();
  readonly failures = new Map<string, ServiceError>();
  readonly total: number;
  scanned = 0;
  finished = false;
  /** When the last answer came, in milliseconds since the epoch. */
  scannedAt = Date.now();

  readonly #provider: Provider;
  readonly #campaigns: readonly Campaign[];
  readonly #onProgress: () => void;

  constructor(provider: Provider, campaigns: Iterable<Campaign>, onProgress: () => void) {
    this.#provider = provider;
    this.#campaigns = [...campaigns].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
    this.#onProgress = onProgress;
    this.total = this.#campaigns.length;
  }

  /** Runs to the end. A campaign that fails is remembered and does not end the scan; only cancellation rejects. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#campaigns.map((campaign) => this.#ask(campaign.id, signal)));
    this.finished = true;
    this.#onProgress();
  }

  async #ask(campaignId: string, signal: AbortSignal): Promise<void> {
    try {
      // The key's queue holds all but a few of them back, and lets what a person does meanwhile go first.
      const senders = await this.#provider.sendersOf(campaignId, { signal, priority: 'background' });
      for (const { account } of senders) {
        const campaigns = this.campaignsOf.get(account.key);
        if (campaigns === undefined) {
          this.campaignsOf.set(account.key, [campaignId]);
        } else {
          campaigns.push(campaignId);
        }
      }
      this.scanned += 1;
      this.scannedAt = Date.now();
    } catch (error) {
      if (isAbort(error) || !isServiceError(error)) {
        throw error;
      }
      this.failures.set(campaignId, error);
    }
    this.#onProgress();
  }
}
