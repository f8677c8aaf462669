import type { CampaignCount, Graph } from '../map/graph.ts';
import type { SenderCounts } from '../map/store.ts';
import type { Account } from '../providers/model.ts';
import { canSend, limitOf } from './sending.ts';

/** What the senders of one campaign add up to. */
export interface SenderTotal extends SenderCounts {
  /** Emails a day that those that can send may send together; undefined where one of them does not say. */
  readonly canSend: number | undefined;
  /** Emails a day that all may send together; undefined where one of them does not say. */
  readonly limit: number | undefined;
}

/** An account as its campaigns count it. Emails a day; NaN: it does not say, so that no sum says anything either. */
interface Share {
  readonly healthy: number;
  readonly canSend: number;
  readonly limit: number;
}

/**
 * What the senders of all campaigns add up to, by one pass over the accounts: to ask each campaign for its senders would
 * look each account up once more for every campaign that it feeds.
 */
export class SenderTotals {
  readonly #graph: Graph;
  readonly #senders: Uint32Array;
  readonly #healthy: Uint32Array;
  readonly #canSend: Float64Array;
  readonly #limit: Float64Array;

  constructor(graph: Graph) {
    const size = graph.campaignNumbers;
    this.#graph = graph;
    this.#senders = new Uint32Array(size);
    this.#healthy = new Uint32Array(size);
    this.#canSend = new Float64Array(size);
    this.#limit = new Float64Array(size);
  }

  /**
   * Adds the account with a number to its campaigns.
   * @returns how many campaigns it has; undefined where that is not known.
   */
  add(accountNumber: number, account: Account | undefined): CampaignCount | undefined {
    const { healthy, canSend: canSendOne, limit } = shareOf(account);
    return this.#graph.countOfCampaignsAt(accountNumber, (campaign) => {
      // A campaign that came since is beyond the end, where nothing is kept.
      this.#senders[campaign] = (this.#senders[campaign] ?? 0) + 1;
      this.#healthy[campaign] = (this.#healthy[campaign] ?? 0) + healthy;
      this.#canSend[campaign] = (this.#canSend[campaign] ?? 0) + canSendOne;
      this.#limit[campaign] = (this.#limit[campaign] ?? 0) + limit;
    });
  }

  /** Undefined where the campaign is newer than these totals. */
  of(campaignNumber: number): SenderTotal | undefined {
    const senders = this.#senders[campaignNumber];
    return senders === undefined
      ? undefined
      : {
          senders,
          healthy: this.#healthy[campaignNumber] ?? 0,
          canSend: known(this.#canSend[campaignNumber]),
          limit: known(this.#limit[campaignNumber]),
        };
  }
}

/** What the senders of one campaign add up to. */
export function totalOfSenders(graph: Graph, campaignId: string): SenderTotal {
  let [senders, healthy, sending, limit] = [0, 0, 0, 0];
  graph.eachSender(campaignId, (account) => {
    const share = shareOf(account);
    senders += 1;
    healthy += share.healthy;
    sending += share.canSend;
    limit += share.limit;
  });
  return { senders, healthy, canSend: known(sending), limit: known(limit) };
}

/** No account: something names it, and nothing is known of it. */
function shareOf(account: Account | undefined): Share {
  if (account === undefined) {
    return UNKNOWN;
  }
  const limit = limitOf(account) ?? NaN;
  return { healthy: Number(account.state === 'healthy'), canSend: canSend(account) ? limit : 0, limit };
}

const UNKNOWN: Share = { healthy: 0, canSend: NaN, limit: NaN };

function known(emails = NaN): number | undefined {
  return Number.isNaN(emails) ? undefined : emails;
}
