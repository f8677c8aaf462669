import type { Graph } from '../map/graph.ts';
import type { Steps } from '../transport/turns.ts';
import type { Facets } from './facets.ts';
import type { Filter, Term } from './filter.ts';
import { plain } from './tokens.ts';

interface Connection<T> {
  readonly rows: readonly T[];
  readonly graph: Graph;
}

/** Texts that are named as near. */
const NAMED = 3;
/** Different words that are compared before the search for near ones ends. */
const MOST_WORDS = 200_000;
/** A text that is named is cut here. */
const LONGEST = 60;
/** Rows between two yields. */
const FEW = 50;

/**
 * Why a filter shows none of the rows that there are, in a sentence: the first part of it that finds nothing alone,
 * with what is near. In steps.
 */
export function* whyNothing<T>(
  { nothing }: Pick<Facets<T>, 'nothing'>,
  { terms }: Filter<T>,
  connections: readonly Connection<T>[],
): Steps<string> {
  const open = new Set(terms);
  yield* visit(connections, (row, graph) => {
    for (const term of open) {
      if (term.answer(row, graph) === true) {
        open.delete(term);
      }
    }
    return open.size > 0;
  });
  const [term] = open;
  if (term === undefined) {
    return nothing.together();
  }
  const part = term.source.includes('"') ? term.source : `"${term.source}"`;
  const near = yield* nearOf(term, connections);
  return near.length === 0 ? nothing.matches(part) : nothing.near(part, near.join(', '));
}

function* nearOf<T>({ search, negated }: Term<T>, connections: readonly Connection<T>[]): Steps<readonly string[]> {
  if (search === undefined || negated) {
    return [];
  }
  const { wanted, texts } = search;
  const seen = new Set<string>();
  const found = new Map<string, { readonly text: string; readonly distance: number }>();
  yield* visit(connections, (row, graph) => {
    for (const text of texts(row, graph)) {
      if (text === undefined) {
        continue;
      }
      for (const word of wordsOf(plain(text))) {
        if (!seen.has(word)) {
          seen.add(word);
          const distance = wanted.reduce((least, part) => Math.min(least, distanceOf(part, word)), Infinity);
          const before = found.get(text)?.distance ?? Infinity;
          if (distance < before) {
            found.set(text, { text, distance });
          }
        }
      }
    }
    return seen.size < MOST_WORDS;
  });
  return [...found.values()]
    .sort((a, b) => a.distance - b.distance)
    .slice(0, NAMED)
    .map(({ text }) => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`));
}

/** Goes over all rows in steps, until `look` says that it has seen enough. */
function* visit<T>(connections: readonly Connection<T>[], look: (row: T, graph: Graph) => boolean): Steps<void> {
  let count = 0;
  for (const { rows, graph } of connections) {
    for (const row of rows) {
      if (!look(row, graph)) {
        return;
      }
      count += 1;
      if (count % FEW === 0) {
        yield;
      }
    }
  }
}

/** A text and the words in it. */
function wordsOf(text: string): readonly string[] {
  return [text, ...text.split(/[^\p{L}\d]+/u)].filter((word) => word !== '');
}

/** How many letters may be wrong in a text of that length. */
function allowed(length: number): number {
  return length < 3 ? 0 : length < 6 ? 1 : 2;
}

/** How far a word is from what is wanted; infinite where it is not near. What contains it is nearer than any typo. */
function distanceOf(wanted: string, word: string): number {
  const most = allowed(wanted.length);
  if (word.includes(wanted)) {
    return 0;
  }
  return Math.abs(wanted.length - word.length) > most ? Infinity : edits(wanted, word, most);
}

/** Letters to insert, delete, replace or swap with their neighbor, to make one word of another; infinite beyond `most`. */
function edits(one: string, other: string, most: number): number {
  let [beforeLast, last]: number[][] = [[], Array.from({ length: other.length + 1 }, (_, place) => place)];
  for (let row = 1; row <= one.length; row += 1) {
    const next = [row];
    let least = row;
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      const distance = Math.min(
        (last?.[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (last?.[column - 1] ?? 0) + Number(!same),
        swapped ? (beforeLast?.[column - 2] ?? 0) + 1 : Infinity,
      );
      next.push(distance);
      least = Math.min(least, distance);
    }
    if (least > most) {
      return Infinity;
    }
    [beforeLast, last] = [last, next];
  }
  const distance = last?.at(-1) ?? Infinity;
  return distance <= most ? distance : Infinity;
}
