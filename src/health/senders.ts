import type { Graph } from '../map/graph.ts';
import { eachInSteps, type Steps } from '../transport/turns.ts';
import { canSend, isAtDailyLimit, limitOf } from './sending.ts';

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
  /** Those that can send, healthy or not. */
  readonly sending: number;
  /** Emails a day that they may send, in all their campaigns. */
  readonly emailsPerDay: number;
  /** Those of them whose limit is not known: they count for nothing. */
  readonly unknownLimits: number;
  /** Those of them that have sent what they may today, where the service says how much that is. */
  readonly atLimit: number;
}

/** Keys that are named for one condition. */
const EXAMPLES = 10;

/** Counts the senders of a campaign by their condition, in steps. */
export function* figuresOfSenders(graph: Graph, campaignId: string): Steps<SenderFigures> {
  const edges = graph.sendersOf(campaignId);
  const broken = new Map<string, { count: number; examples: string[] }>();
  let [healthy, sending, emailsPerDay, unknownLimits, atLimit] = [0, 0, 0, 0, 0];
  yield* eachInSteps(edges, ({ account }) => {
    if (account.state === 'healthy') {
      healthy += 1;
    } else {
      const others = broken.get(account.statusWords) ?? { count: 0, examples: [] };
      others.count += 1;
      if (others.examples.length < EXAMPLES) {
        others.examples.push(account.key);
      }
      broken.set(account.statusWords, others);
    }
    if (canSend(account)) {
      const limit = limitOf(account);
      sending += 1;
      emailsPerDay += limit ?? 0;
      unknownLimits += Number(limit === undefined);
      atLimit += Number(isAtDailyLimit(account));
    }
  });
  return {
    known: graph.knowsSendersOf(campaignId),
    senders: edges.length,
    healthy,
    broken: [...broken].map(([words, rest]) => ({ words, ...rest })).sort((a, b) => b.count - a.count),
    sending,
    emailsPerDay,
    unknownLimits,
    atLimit,
  };
}
