import type { Graph } from '../map/graph.ts';
import type { Account } from '../providers/model.ts';
import { eachInSteps, type Steps } from '../transport/turns.ts';

/** Senders of a campaign that are in the same bad condition. */
export interface BrokenSenders {
  readonly words: string;
  readonly count: number;
  /** Keys of the first few. */
  readonly examples: readonly string[];
}

/** What the map knows of the senders of one campaign. */
export interface SenderFigures {
  /** False where there may be more than these. */
  readonly known: boolean;
  readonly senders: number;
  readonly healthy: number;
  /** By what is wrong with them, the most first. */
  readonly broken: readonly BrokenSenders[];
  /** Emails a day that the healthy ones with a daily limit may send, in all their campaigns. */
  readonly dailyLimits: number;
  /** Healthy ones that have no daily limit, or say none. */
  readonly withoutLimit: number;
  /** Healthy ones that have sent what they may today, where the service says how much that is. */
  readonly atLimit: number;
}

/** Keys that are named for one condition. */
const EXAMPLES = 10;

/** Counts the senders of a campaign by their condition, in steps. */
export function* figuresOfSenders(graph: Graph, campaignId: string): Steps<SenderFigures> {
  const edges = graph.sendersOf(campaignId);
  const broken = new Map<string, { count: number; examples: string[] }>();
  let [healthy, dailyLimits, withoutLimit, atLimit] = [0, 0, 0, 0];
  yield* eachInSteps(edges, ({ account }) => {
    if (account.state !== 'healthy') {
      const others = broken.get(account.statusWords) ?? { count: 0, examples: [] };
      others.count += 1;
      if (others.examples.length < EXAMPLES) {
        others.examples.push(account.key);
      }
      broken.set(account.statusWords, others);
      return;
    }
    healthy += 1;
    dailyLimits += account.dailyLimit ?? 0;
    withoutLimit += Number(account.dailyLimit === undefined);
    atLimit += Number(isAtLimit(account));
  });
  return {
    known: graph.knowsSendersOf(campaignId),
    senders: edges.length,
    healthy,
    broken: [...broken].map(([words, rest]) => ({ words, ...rest })).sort((a, b) => b.count - a.count),
    dailyLimits,
    withoutLimit,
    atLimit,
  };
}

function isAtLimit({ dailyLimit, sentToday }: Account): boolean {
  return dailyLimit !== undefined && sentToday !== undefined && sentToday >= dailyLimit;
}
