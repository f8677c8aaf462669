import { compareStates, type State } from './model.ts';

/** One thing that a service says about how an account or a campaign is. */
export interface Finding {
  readonly state: State;
  readonly words: string;
  /** Why, in the service's or the mail server's own words. */
  readonly reason?: string | undefined;
  /** True for what is worth knowing and no trouble: it is listed with the others, and never the state. */
  readonly note?: boolean | undefined;
}

/** How an account or a campaign is, as its record says it. */
export interface Condition {
  readonly state: State;
  readonly statusWords: string;
  readonly reason: string | undefined;
  readonly others: readonly string[] | undefined;
}

/**
 * The worst of what is found wins; of two that are equally bad the one that is named first. The others follow in words,
 * the worst first, but for those that are in order; notes come last. What a service leaves out is no finding.
 *
 * @param otherwise how it is where nothing is found.
 */
export function conditionOf(findings: readonly (Finding | undefined)[], otherwise: Finding): Condition {
  const found = findings.filter((finding) => finding !== undefined);
  const [worst = otherwise, ...rest] = found
    .filter(({ note }) => note !== true)
    .sort((a, b) => compareStates(a.state, b.state));
  const troubles = rest.filter(({ state }) => state !== 'healthy');
  const others = [...troubles, ...found.filter(({ note }) => note === true)].map(wordsOf);
  return {
    state: worst.state,
    statusWords: worst.words,
    reason: worst.reason,
    others: others.length === 0 ? undefined : others,
  };
}

function wordsOf({ words, reason }: Finding): string {
  return reason === undefined ? words : `${words}: ${reason}`;
}
