import type { CampaignCount, Graph } from '../map/graph.ts';
import type { Campaign } from '../providers/model.ts';
import type { HealthOptions } from './health.ts';
import type { AccountFacts, CampaignFacts, Trouble } from './rule.ts';
import { totalOfSenders, type SenderTotal } from './senderTotals.ts';

/** What rules know besides the record that they look at. */
export class Facts {
  readonly #graph: Graph;
  readonly #options: Pick<HealthOptions, 'thresholds' | 'before' | 'complete' | 'today'>;

  constructor(graph: Graph, options: Pick<HealthOptions, 'thresholds' | 'before' | 'complete' | 'today'>) {
    this.#graph = graph;
    this.#options = options;
  }

  ofAccount(accountKey: string): AccountFacts {
    const number = this.#graph.numberOf(accountKey);
    const campaigns = this.#graph.countOfCampaigns(accountKey);
    return number === undefined
      ? { thresholds: this.#options.thresholds, campaigns, before: undefined }
      : this.ofAccountAt(number, campaigns);
  }

  ofAccountAt(number: number, campaigns: CampaignCount | undefined): AccountFacts {
    const { thresholds, before } = this.#options;
    return { thresholds, campaigns, before: before(number) };
  }

  /**
   * @param bounceRate in percent, where somebody asked.
   * @param total what its senders add up to, where that is worked out already.
   */
  ofCampaign(campaign: Campaign, bounceRate?: number, total?: SenderTotal): CampaignFacts {
    const { thresholds, today, complete } = this.#options;
    const known = this.#graph.knowsSendersOf(campaign.id);
    let senders = total;
    return {
      thresholds,
      senders: known ? (total ?? this.#graph.countOfSenders(campaign.id)) : undefined,
      capacity: () => {
        senders ??= known ? totalOfSenders(this.#graph, campaign.id) : undefined;
        return known ? senders?.canSend : undefined;
      },
      troubles: () => (known ? this.#troublesOf(campaign.id) : []),
      emptyTags: () => (known && complete() ? this.#emptyTagsOf(campaign) : undefined),
      bounceRate,
      today: today(campaign.schedule?.endsOn === undefined ? undefined : campaign.schedule.timezone),
    };
  }

  #troublesOf(campaignId: string): readonly Trouble[] {
    const counts = new Map<string, number>();
    this.#graph.eachSender(campaignId, ({ state, statusWords }) => {
      if (state !== 'healthy') {
        counts.set(statusWords, (counts.get(statusWords) ?? 0) + 1);
      }
    });
    return Array.from(counts, ([words, count]) => ({ words, count })).sort(
      (a, b) => b.count - a.count || (a.words < b.words ? -1 : 1),
    );
  }

  #emptyTagsOf({ id, senderTagIds = [] }: Campaign): readonly string[] {
    const empty = new Set(senderTagIds);
    if (empty.size > 0) {
      this.#graph.eachSender(id, (_account, _number, reasons) => {
        for (const reason of reasons) {
          if (reason.kind === 'tag') {
            empty.delete(reason.tag.id);
          }
        }
      });
    }
    return [...empty].map((tagId) => this.#graph.tagLabel(tagId) ?? tagId);
  }
}
