import { t } from '@vscode/l10n';
import type { Graph } from '../map/graph.ts';
import type { Campaign } from '../providers/model.ts';
import { eachInSteps, type Steps } from '../transport/turns.ts';
import { isActive } from './active.ts';
import { canSend, isAtDailyLimit, limitOf } from './sending.ts';
import { formatNumber } from './words.ts';

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

/**
 * What an active campaign wants against what its senders can send, in a sentence; undefined where it is not active, or
 * where that is not known. Senders whose limit is not known are counted apart. In steps.
 */
export function* possibleOf(graph: Graph, campaign: Campaign): Steps<string | undefined> {
  if (!isActive(campaign)) {
    return undefined;
  }
  const figures = yield* figuresOfSenders(graph, campaign.id);
  const { known, senders, sending, unknownLimits } = figures;
  if (!known || senders === 0 || (sending > 0 && sending === unknownLimits)) {
    return undefined;
  }
  const possible = possibleWords(campaign, sending - unknownLimits, figures.emailsPerDay);
  switch (unknownLimits) {
    case 0:
      return possible;
    case 1:
      return t('{0}; the limit of 1 more is not known', possible);
    default:
      return t('{0}; the limits of {1} more are not known', possible, formatNumber(unknownLimits));
  }
}

/** @param working senders that can send. @param emails what they can send in a day. */
function possibleWords({ dailyLimit }: Campaign, working: number, emails: number): string {
  const most = formatNumber(emails);
  if (dailyLimit === undefined) {
    return working === 0
      ? t('None of its senders can send')
      : working === 1
        ? t('Its 1 working sender can send at most {0} emails a day', most)
        : t('Its {0} working senders can send at most {1} emails a day', formatNumber(working), most);
  }
  const wanted = formatNumber(dailyLimit);
  return working === 0
    ? t('Wants {0} emails a day; none of its senders can send', wanted)
    : working === 1
      ? t('Wants {0} emails a day; its 1 working sender can send at most {1}', wanted, most)
      : t('Wants {0} emails a day; its {1} working senders can send at most {2}', wanted, formatNumber(working), most);
}
