import { compareStates, type Finding, type Problem, type State } from './model.ts';

export type { Finding } from './model.ts';

/** The condition of an account or a campaign, as its record says it. */
export interface Condition {
  readonly state: State;
  readonly statusWords: string;
  readonly reason: string | undefined;
  readonly others: readonly string[] | undefined;
  readonly problems: readonly Problem[] | undefined;
}

/**
 * The worst finding wins; of two that are equally bad, the one named first. The others follow in words, the worst
 * first, without the healthy ones; notes come last. What a service leaves out is not a finding.
 *
 * @param otherwise the condition where nothing is found.
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
    problems: problemsOf([worst, ...rest]),
  };
}

/** A condition with more findings from elsewhere; what it says already is not repeated. */
export function withFindings<T extends Omit<Condition, 'others' | 'problems' | 'reason'> & Partial<Condition>>(
  record: T,
  findings: readonly Finding[],
): T {
  const said = new Set([record.statusWords, ...(record.others ?? [])]);
  const fresh = findings.filter((finding) => !said.has(finding.words) && !said.has(wordsOf(finding)));
  if (fresh.length === 0) {
    return record;
  }
  const own: Finding = { state: record.state, words: record.statusWords, reason: record.reason };
  const { others = [], problems: more = [], ...condition } = conditionOf([own, ...fresh], own);
  const problems = [...(record.problems ?? []), ...more];
  return {
    ...record,
    ...condition,
    others: [...others, ...(record.others ?? [])],
    problems: problems.length === 0 ? undefined : problems,
  };
}

function problemsOf(findings: readonly Finding[]): readonly Problem[] | undefined {
  const problems = findings.flatMap(({ problem, words, reason }): Problem[] =>
    problem === undefined ? [] : [{ kind: problem, words, reason }],
  );
  return problems.length === 0 ? undefined : problems;
}

function wordsOf({ words, reason }: Finding): string {
  return reason === undefined ? words : `${words}: ${reason}`;
}
