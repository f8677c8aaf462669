import { t } from '@vscode/l10n';
import type { Graph } from '../map/graph.ts';
import { eachInSteps, type Steps } from '../transport/turns.ts';
import type { Facet, Facets, NumberFacet } from './facets.ts';
import { comparisonOf, plain, quoted, tokensOf, type Alternate, type Token } from './tokens.ts';

export { accountFacets, campaignFacets, limitOf, type Facets } from './facets.ts';
export { fold } from './tokens.ts';

/** A part of a filter that was understood. */
export interface Term<T> {
  /** As it was typed. */
  readonly source: string;
  /** The facet that it asks for; undefined for free words. */
  readonly facet: string | undefined;
  readonly negated: boolean;
  /** Whether it lets a record through; undefined where that is not known. */
  readonly answer: (record: T, graph: Graph) => boolean | undefined;
  /** What it looks for, folded, and the texts that it looks in; absent where it looks for numbers. */
  readonly search?: {
    readonly wanted: readonly string[];
    readonly texts: (record: T, graph: Graph) => readonly (string | undefined)[];
  };
}

/** A filter that was understood. All of its terms have to match. */
export interface Filter<T> {
  readonly source: string;
  /** What could not be understood, each in a sentence that says what to do. */
  readonly problems: readonly string[];
  readonly terms: readonly Term<T>[];
  readonly matches: (record: T, graph: Graph) => boolean;
}

/** Whether a record matches; undefined where that is not known. */
type Test<T> = (record: T, graph: Graph) => boolean | undefined;

/**
 * Reads a filter as a person types it: `dana status:error|paused -campaign:"Q4 launch" warmup:<80`. What stands between
 * quotes has to be equal, what does not has to be contained; free words are contained either way.
 */
export function parseFilter<T>(facets: Facets<T>, source: string): Filter<T> {
  const read = tokensOf(source).map((token) => termOf(facets, source, token));
  const terms = read.flatMap(({ term }) => (term === undefined ? [] : [term]));
  return {
    source,
    problems: read.flatMap(({ problem }) => (problem === undefined ? [] : [problem])),
    terms,
    // What is not known matches neither a term nor its opposite.
    matches: (record, graph) => terms.every(({ answer }) => answer(record, graph) === true),
  };
}

interface Read<T> {
  readonly term?: Term<T>;
  readonly problem?: string;
}

function termOf<T>({ facets, texts }: Facets<T>, source: string, token: Token): Read<T> {
  const { name, negated } = token;
  const alternates = token.alternates.filter(({ text }) => plain(text) !== '');
  const wanted = alternates.map(({ text }) => plain(text));
  const term = (test: Test<T>, search?: Term<T>['search']): Term<T> => ({
    source: source.slice(token.start, token.end),
    facet: name?.toLowerCase(),
    negated,
    answer: negated ? (record, graph) => not(test(record, graph)) : test,
    ...(search && { search }),
  });
  if (name === undefined) {
    const test: Test<T> = (record, graph) =>
      texts(record, graph).some((text) => {
        const folded = text === undefined ? '' : plain(text);
        return wanted.some((part) => folded.includes(part));
      });
    // A minus or a quote that was just typed looks for nothing yet.
    return wanted.length === 0 ? {} : { term: term(test, { wanted, texts }) };
  }
  const facet = facets.find((known) => known.name === name.toLowerCase());
  if (facet === undefined) {
    return { problem: t('Unknown filter {0}. Use {1}.', name, facets.map((known) => known.name).join(', ')) };
  }
  if (wanted.length === 0) {
    return { problem: t('"{0}:" needs a value.', name) };
  }
  if (facet.kind === 'text') {
    return {
      term: term(anyOf(alternates.map((alternate) => textTest(facet, alternate))), { wanted, texts: facet.values }),
    };
  }
  const tests = alternates.map((alternate) => numberTest(facet, alternate));
  const wrong = alternates.find((_, place) => tests[place] === undefined);
  return wrong === undefined
    ? { term: term(anyOf(tests.filter((test) => test !== undefined))) }
    : { problem: t('"{0}" is not a number. Use {1}.', wrong.text, examplesOf(facet)) };
}

function textTest<T>(facet: Extract<Facet<T>, { kind: 'text' }>, { text, match }: Alternate): Test<T> {
  const wanted = plain(text);
  const is =
    match === 'whole'
      ? (value: string) => value === wanted
      : partTest(wanted, facet.is ?? ((value, part) => value.includes(part)));
  return (record, graph) =>
    facet.values(record, graph).some((value) => value !== undefined && is(plain(value))) ||
    (facet.complete?.(record, graph) === false ? undefined : false);
}

function partTest(wanted: string, is: (value: string, wanted: string) => boolean): (value: string) => boolean {
  return (value) => is(value, wanted);
}

function numberTest<T>({ number, named }: NumberFacet<T>, { text }: Alternate): Test<T> | undefined {
  const word = plain(text);
  if (named?.words.includes(word)) {
    return (record) => named.of(record).includes(word);
  }
  const comparison = comparisonOf(text);
  return (
    comparison &&
    ((record, graph) => {
      const known = number(record, graph);
      return known === undefined ? undefined : comparison.holds(known);
    })
  );
}

function examplesOf<T>({ name, named }: NumberFacet<T>): string {
  return ['0', '<80', '>=5', ...(named?.words ?? [])].map((value) => `${name}:${value}`).join(', ');
}

function not(answer: boolean | undefined): boolean | undefined {
  return answer === undefined ? undefined : !answer;
}

function anyOf<T>(tests: readonly Test<T>[]): Test<T> {
  return (record, graph) => {
    let answer: boolean | undefined = false;
    for (const test of tests) {
      const one = test(record, graph);
      if (one === true) {
        return true;
      }
      answer = one === undefined ? undefined : answer;
    }
    return answer;
  };
}

/** A completion of a filter. */
export interface Completion {
  /** The whole filter with it. */
  readonly source: string;
  readonly label: string;
  readonly description: string;
}

/** Values that are offered for a facet. */
const OFFERED = 50;

/**
 * What could come next where a person types: names of facets, or values of the one they are typing, each with the
 * number of rows that the whole filter shows with it. In steps.
 */
export function* completeFilter<T>(
  facets: Facets<T>,
  source: string,
  connections: readonly { readonly rows: readonly T[]; readonly graph: Graph }[],
): Steps<Completion[]> {
  const last = tokensOf(source).at(-1);
  const typing = last?.end === source.length ? last : undefined;
  const begun = typing?.alternates.at(-1);
  const sign = typing?.negated ? '-' : '';
  const before = source.slice(0, typing?.start ?? source.length);
  if (typing?.name === undefined || begun === undefined) {
    const start = begun?.text.toLowerCase() ?? '';
    return (typing?.alternates.length ?? 0) > 1
      ? []
      : facets.facets
          .filter(({ name }) => name.startsWith(start))
          .map(({ name, words }) => ({
            source: `${before}${sign}${name}:`,
            label: `${sign}${name}:`,
            description: words(),
          }));
  }
  const facet = facets.facets.find(({ name }) => name === typing.name?.toLowerCase());
  const valuesOf = facet && offering(facet);
  if (facet === undefined || valuesOf === undefined) {
    return [];
  }
  const counts = new Counts(facets, before, { ...typing, alternates: typing.alternates.slice(0, -1) }, facet);
  for (const { rows, graph } of connections) {
    yield* eachInSteps(rows, (row) => {
      counts.take(row, graph, valuesOf(row, graph));
    });
  }
  const part = plain(begun.text);
  const head = source.slice(0, begun.start);
  return counts
    .shown(typing.negated)
    .filter(([value]) => value.includes(part) && !(begun.match === 'whole' && value === part))
    .sort(([a, , many], [b, , more]) => more - many || (a < b ? -1 : 1))
    .slice(0, OFFERED)
    .map(([, label, count]) => ({
      source: `${head}${facet.kind === 'number' ? label : quoted(label)} `,
      label: `${sign}${facet.name}:${label}`,
      description: String(count),
    }));
}

/** The values of a facet that can be offered; undefined where there are only numbers. */
function offering<T>(facet: Facet<T>): ((record: T, graph: Graph) => readonly (string | undefined)[]) | undefined {
  return facet.kind === 'text' ? facet.values : facet.named?.of;
}

/** How many rows a filter shows with each value of a facet, beside what is typed already. */
class Counts<T> {
  readonly #others: Filter<T>;
  readonly #typed: Test<T>;
  readonly #complete: (record: T, graph: Graph) => boolean;
  readonly #values = new Map<string, { readonly label: string; with: number; without: number }>();
  /** Rows that what is typed lets through, and rows that it certainly does not. */
  #through = 0;
  #left = 0;

  /** `before`: the filter without the token that is typed; `typed`: that token with the values that are there. */
  constructor(facets: Facets<T>, before: string, typed: Token, facet: Facet<T>) {
    this.#others = parseFilter(facets, before);
    const term = typed.alternates.length === 0 ? undefined : termOf(facets, '', { ...typed, negated: false }).term;
    this.#typed = term?.answer ?? (() => false);
    this.#complete = (record, graph) => facet.complete?.(record, graph) !== false;
  }

  take(record: T, graph: Graph, values: readonly (string | undefined)[]): void {
    if (!this.#others.matches(record, graph)) {
      return;
    }
    const answer = this.#typed(record, graph);
    if (answer === true) {
      this.#through += 1;
    }
    const out = answer === false && this.#complete(record, graph);
    this.#left += Number(out);
    const seen = new Set<string>();
    for (const value of values) {
      const folded = value === undefined ? '' : plain(value);
      // What a filter cannot name is not offered.
      if (value === undefined || folded === '' || seen.has(folded)) {
        continue;
      }
      seen.add(folded);
      let entry = this.#values.get(folded);
      if (entry === undefined) {
        entry = { label: value, with: 0, without: 0 };
        this.#values.set(folded, entry);
      }
      entry.with += Number(answer !== true);
      entry.without += Number(out);
    }
  }

  /** Each value as it is compared and as it is written, with the rows that are shown with it. */
  shown(negated: boolean): [value: string, label: string, count: number][] {
    return [...this.#values].map(([value, entry]) => [
      value,
      entry.label,
      negated ? this.#left - entry.without : this.#through + entry.with,
    ]);
  }
}
