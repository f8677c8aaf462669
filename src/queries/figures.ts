import type { Account, State } from '../providers/model.ts';
import { eachInSteps, type Steps } from '../transport/turns.ts';

/** The states that a sending account can be in, the worst first; only campaigns are drafts, or done. */
export const accountStates = ['error', 'warning', 'paused', 'unknown', 'healthy'] as const satisfies readonly State[];

export type AccountState = (typeof accountStates)[number];

/** How many accounts are in each state. */
export type StateCounts = Readonly<Record<AccountState, number>>;

/** The mailboxes of one domain. */
export interface DomainFigures {
  readonly domain: string;
  readonly accounts: number;
  readonly states: StateCounts;
}

/** Sending accounts as numbers. */
export interface AccountFigures {
  readonly accounts: number;
  readonly states: StateCounts;
  /** All domains, and those with mailboxes that are broken or at risk. */
  readonly domains: number;
  readonly troubledDomains: number;
  /** The worst of them first: by broken mailboxes, then by those at risk. */
  readonly worstDomains: readonly DomainFigures[];
  /** Accounts by warmup score: 0 to 9, 10 to 19, and so on; the last of {@link SCORE_BINS} is 90 to 100. */
  readonly scores: readonly number[];
  /** Accounts without a score: warmup never ran, or the service does not say. */
  readonly unscored: number;
}

export const SCORE_BINS = 10;

/** Accounts as numbers, over the lists of any number of connections; in steps. `most`: domains that are named. */
export function* accountFigures(lists: Iterable<readonly Account[]>, most: number): Steps<AccountFigures> {
  const counts = noCounts();
  const domains = new Map<string, Record<AccountState, number>>();
  const scores = Array.from({ length: SCORE_BINS }, () => 0);
  let [accounts, unscored] = [0, 0];
  for (const list of lists) {
    yield* eachInSteps(list, ({ domain, state: given, warmupScore }) => {
      const state = accountStateOf(given);
      accounts += 1;
      counts[state] += 1;
      if (domain !== undefined) {
        let ofDomain = domains.get(domain);
        if (ofDomain === undefined) {
          ofDomain = noCounts();
          domains.set(domain, ofDomain);
        }
        ofDomain[state] += 1;
      }
      if (warmupScore === undefined) {
        unscored += 1;
      } else {
        const bin = binOf(warmupScore);
        scores[bin] = (scores[bin] ?? 0) + 1;
      }
    });
  }
  const worstDomains: DomainFigures[] = [];
  let troubledDomains = 0;
  yield* eachInSteps(domains, ([domain, ofDomain]) => {
    if (ofDomain.error + ofDomain.warning > 0) {
      troubledDomains += 1;
      keepWorst(worstDomains, { domain, states: ofDomain, accounts: sumOf(ofDomain) }, most);
    }
  });
  return { accounts, states: counts, domains: domains.size, troubledDomains, worstDomains, scores, unscored };
}

/** The state of an account, where its service gave it one that only campaigns have. */
export function accountStateOf(state: State): AccountState {
  return state === 'draft' || state === 'done' ? 'unknown' : state;
}

export function noCounts(): Record<AccountState, number> {
  return { error: 0, warning: 0, paused: 0, unknown: 0, healthy: 0 };
}

/** All that are counted, whatever their state. */
export function sumOf(counts: StateCounts): number {
  return accountStates.reduce((sum, state) => sum + counts[state], 0);
}

/** A score that is out of its range counts with the nearest. */
function binOf(score: number): number {
  return Math.max(0, Math.min(SCORE_BINS - 1, Math.floor(score / SCORE_BINS)));
}

/** Puts a domain where it belongs among the worst; the list never gets longer than `most`. */
function keepWorst(worst: DomainFigures[], domain: DomainFigures, most: number): void {
  const last = worst.at(-1);
  if (worst.length === most && last !== undefined && compareDomains(last, domain) <= 0) {
    return;
  }
  const place = worst.findIndex((other) => compareDomains(domain, other) < 0);
  worst.splice(place < 0 ? worst.length : place, 0, domain);
  worst.length = Math.min(worst.length, most);
}

function compareDomains(a: DomainFigures, b: DomainFigures): number {
  return (
    b.states.error - a.states.error ||
    b.states.warning - a.states.warning ||
    // Of two with as many, the one that has lost more of itself.
    a.accounts - b.accounts ||
    (a.domain < b.domain ? -1 : 1)
  );
}
