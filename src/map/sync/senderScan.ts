import { campaignRank, type Campaign, type SenderList } from '../../providers/model.ts';
import type { Provider } from '../../providers/provider.ts';
import type { ReadOptions } from '../../transport/client.ts';
import { isServiceError, type ServiceError } from '../../transport/errors.ts';
import { Patience } from './patience.ts';

/** How many campaigns were asked for their senders. */
export interface ScanCounts {
  readonly scanned: number;
  readonly total: number;
  readonly failed: number;
}

/**
 * Asks campaigns for their senders: the only way to learn the campaigns of an account from a service that does not tell
 * them. Those in trouble and those that send come first (Smartlead FACTS 3.15).
 */
export class SenderScan {
  readonly failures = new Map<string, ServiceError>();
  readonly #provider: Provider;
  readonly #campaigns: readonly Campaign[];
  readonly #total: number;
  readonly #take: (campaignId: string, list: SenderList) => void;
  #asked = 0;

  /** `campaigns`: those to ask, of `total`. */
  constructor(
    provider: Provider,
    campaigns: readonly Campaign[],
    total: number,
    take: (campaignId: string, list: SenderList) => void,
  ) {
    this.#provider = provider;
    this.#campaigns = campaigns.toSorted((a, b) => campaignRank(a.state) - campaignRank(b.state));
    this.#total = total;
    this.#take = take;
  }

  get counts(): ScanCounts {
    return {
      scanned: this.#total - this.#campaigns.length + this.#asked,
      total: this.#total,
      failed: this.failures.size,
    };
  }

  /**
   * Runs to the end. A campaign that fails is remembered and does not end the scan, but a service that answers nobody
   * does: the campaigns behind it are not asked. Only cancellation rejects.
   */
  async run(
    { signal, priority }: ReadOptions & { readonly signal: AbortSignal },
    onProgress: () => void,
  ): Promise<void> {
    const waiting = [...this.#campaigns];
    const patience = new Patience();
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined && !patience.ended; next = waiting.shift()) {
        const { id } = next;
        try {
          this.#take(id, await this.#provider.sendersOf(id, { signal, priority }));
          this.#asked += 1;
          patience.succeeded();
        } catch (error) {
          if (signal.aborted || !isServiceError(error)) {
            throw error;
          }
          this.failures.set(id, error);
          patience.failed(error);
        }
        onProgress();
      }
    };
    // What a person does meanwhile goes first in the key's queue; more at once would only wait there.
    const workers = Math.min(this.#provider.client.concurrency, waiting.length);
    const results = await Promise.allSettled(Array.from({ length: workers }, work));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) {
      throw failed.reason;
    }
  }
}
