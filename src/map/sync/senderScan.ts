import type { Campaign, SenderList } from '../../providers/model.ts';
import type { Provider } from '../../providers/provider.ts';
import type { ReadOptions } from '../../transport/client.ts';
import { isAbort, isServiceError, type ServiceError } from '../../transport/errors.ts';

/** How many campaigns were asked for their senders. */
export interface ScanCounts {
  readonly scanned: number;
  readonly total: number;
  readonly failed: number;
}

/**
 * Asks campaigns for their senders: the only way to learn the campaigns of an account from a service that does not tell
 * them. The ones that send come first (Smartlead FACTS 3.15).
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
    this.#campaigns = campaigns.toSorted((a, b) => rank(a) - rank(b));
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
   * Runs to the end. A campaign that fails is remembered and does not end the scan, but a service that cannot be reached
   * does. Only cancellation rejects.
   */
  async run(
    { signal, priority }: ReadOptions & { readonly signal: AbortSignal },
    onProgress: () => void,
  ): Promise<void> {
    const unreachable = new AbortController();
    const ending = AbortSignal.any([signal, unreachable.signal]);
    let inARow = 0;
    await Promise.all(
      this.#campaigns.map(async ({ id }) => {
        try {
          // The key's queue holds all but a few of them back, and lets what a person does meanwhile go first.
          const list = await this.#provider.sendersOf(id, { signal: ending, priority });
          inARow = 0;
          this.#asked += 1;
          this.#take(id, list);
        } catch (error) {
          if (signal.aborted || (!isServiceError(error) && !(isAbort(error) && unreachable.signal.aborted))) {
            throw error;
          }
          if (isServiceError(error)) {
            this.failures.set(id, error);
            inARow += Number(error.kind === 'network' || error.kind === 'timeout');
            if (inARow >= PATIENCE) {
              unreachable.abort();
            }
          }
        }
        onProgress();
      }),
    );
  }
}

function rank({ state }: Campaign): number {
  return state === 'healthy' ? 0 : state === 'paused' ? 1 : 2;
}

/** Campaigns in a row that could not be reached before the others are not tried: each has been tried several times. */
const PATIENCE = 3;
