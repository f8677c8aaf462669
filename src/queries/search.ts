import UFuzzy from '@leeoniya/ufuzzy';
import { fold } from './filter.ts';
import type { Graph } from '../map/graph.ts';
import type { Account, Campaign, Tag } from '../providers/model.ts';
import { inTurns, type Steps } from '../transport/turns.ts';

/** Something that was found. */
export interface Hit {
  readonly kind: 'account' | 'campaign';
  /** The account's key or the campaign's id. */
  readonly id: string;
}

/** Lines that are ranked for one connection: more than anyone reads, and few enough for a keystroke. */
const CANDIDATES = 300;
/** With typos a line costs several times as much. */
const CANDIDATES_WITH_TYPOS = 120;
/** Lines that are looked at for one word in one connection before the search gives up on it. */
const MOST_LOOKED_AT = 20_000;
/** The same for a word that may have a typo in it: its parts are common, and narrow down little. */
const MOST_LOOKED_AT_WITH_TYPOS = 3_000;
/** How much of a text is used to see how common a word is. */
const SAMPLE = 50_000;
/** Shorter words are not searched for with typos: they would match everywhere. */
const TYPO_LENGTH = 4;
/** Parts of a word that are looked for have at least so many letters. */
const PART_LENGTH = 3;

const LETTERS = {
  unicode: true,
  interSplit: "[^\\p{L}\\d']+",
  intraSplit: '\\p{Ll}\\p{Lu}',
  intraBound: '\\p{L}\\d|\\d\\p{L}|\\p{Ll}\\p{Lu}',
  intraChars: "[\\p{L}\\d']",
  intraContr: "'\\p{L}{1,2}\\b",
} as const;
const exactly = new UFuzzy(LETTERS);
// 1: one error in a word, of any kind.
const TYPOS: object = {
  intraMode: 1,
  intraRules: (word: string) => {
    const most = word.length < TYPO_LENGTH || /^\d+$/.test(word) ? 0 : 1;
    return { intraSlice: [1, Infinity], intraIns: most, intraSub: most, intraTrn: most, intraDel: most };
  },
};
const withTypos = new UFuzzy({ ...LETTERS, ...TYPOS });
/** Words in another order than in the line are tried for so many words. */
const OUT_OF_ORDER = 2;

/**
 * Everything that can be searched for in one connection as one long text with a line for each account and campaign:
 * emails, names, ids and tags. The engine finds a word in it many times faster than a pattern finds it in hundreds of
 * thousands of strings; uFuzzy ranks the few lines that are left.
 */
export class SearchIndex {
  readonly #text: string;
  /** The first part of the text, which shows how common a word is. */
  readonly #sample: string;
  /** Where each line starts, and where the one after the last would. */
  readonly #starts: Uint32Array;
  readonly #accounts: readonly string[];
  readonly #campaigns: readonly string[];

  constructor(accountRecords: Iterable<Account>, campaignRecords: Iterable<Campaign>) {
    // A line break before each line, so that a word at the start of a line can be distinguished from one in the middle.
    const lines = [''];
    const accounts: string[] = [];
    const campaigns: string[] = [];
    for (const { key, email, name, tags } of accountRecords) {
      accounts.push(key);
      lines.push(line(tags, email, name, key === email ? undefined : key));
    }
    for (const { id, name, tags } of campaignRecords) {
      campaigns.push(id);
      lines.push(line(tags, name, id));
    }
    this.#accounts = accounts;
    this.#campaigns = campaigns;
    this.#starts = new Uint32Array(lines.length);
    let at = 0;
    for (const [row, { length }] of lines.entries()) {
      at += length + 1;
      this.#starts[row] = at;
    }
    this.#text = lines.join('\n');
    this.#sample = this.#text.slice(0, SAMPLE);
  }

  /** Rows whose line has all words, those that start with the rarest of them first. */
  exact(words: readonly string[], kind: Hit['kind']): Rows {
    const [rarest = '', ...others] = [...words].sort((one, other) => this.#density(one) - this.#density(other));
    const passes = (row: number) => others.every((other) => this.line(row).includes(other));
    const anywhere = this.#scan(rarest, passes, kind);
    if (anywhere.all) {
      return anywhere;
    }
    // With many hits the ones that begin with the word may come late, and they are the ones wanted.
    const { rows } = this.#scan(`\n${rarest}`, passes, kind);
    return { rows: [...new Set([...rows, ...anywhere.rows])], all: false };
  }

  /**
   * Rows whose line may have a word with one typo in it. A typo spoils one part of a word and not the others, so two of
   * three parts, or one of two, are there as they were typed. Only two swapped letters can spoil two parts, where one
   * ends and the other begins.
   */
  similar(word: string, kind: Hit['kind']): Rows {
    const count = word.length < 3 * PART_LENGTH ? 2 : 3;
    const length = Math.ceil(word.length / count);
    const parts = Array.from({ length: count }, (_, part) => word.slice(part * length, (part + 1) * length));
    const swapped = Array.from({ length: count - 1 }, (_, part) => {
      const at = (part + 1) * length;
      return word.slice(0, at - 1) + word.charAt(at) + word.charAt(at - 1) + word.slice(at + 1);
    });
    const [first = '', second = '', third = ''] = parts.sort((a, b) => this.#density(a) - this.#density(b));
    const most = MOST_LOOKED_AT_WITH_TYPOS;
    const found = [
      ...swapped.map((typed) => this.#scan(typed, () => true, kind)),
      this.#scan(first, (row) => third === '' || hasOne(this.line(row), second, third), kind, most),
      this.#scan(second, (row) => third === '' || this.line(row).includes(third), kind, most),
    ];
    return { rows: [...new Set(found.flatMap(({ rows }) => rows))], all: found.every(({ all }) => all) };
  }

  line(row: number): string {
    return this.#text.slice(this.#starts[row], (this.#starts[row + 1] ?? 1) - 1);
  }

  hit(row: number): Hit {
    const campaign = row - this.#accounts.length;
    return campaign < 0
      ? { kind: 'account', id: this.#accounts[row] ?? '' }
      : { kind: 'campaign', id: this.#campaigns[campaign] ?? '' };
  }

  #scan(word: string, passes: (row: number) => boolean, kind: Hit['kind'], most = MOST_LOOKED_AT): Rows {
    const rows: number[] = [];
    const first = kind === 'account' ? 0 : this.#accounts.length;
    const behind = kind === 'account' ? this.#accounts.length : this.#accounts.length + this.#campaigns.length;
    const stop = (this.#starts[behind] ?? 0) - 1;
    const offset = word.startsWith('\n') ? 1 : 0;
    let row = first;
    let looked = 0;
    // The break before the first line belongs to it.
    for (let at = this.#text.indexOf(word, (this.#starts[first] ?? 1) - 1); at >= 0 && at < stop; looked += 1) {
      if (rows.length >= CANDIDATES || looked >= most) {
        return { rows, all: false };
      }
      row = this.#rowAt(at + offset, row);
      if (passes(row)) {
        rows.push(row);
      }
      at = this.#text.indexOf(word, (this.#starts[row + 1] ?? 1) - 1);
    }
    return { rows, all: true };
  }

  /** How often a word occurs in the first part of the text. */
  #density(word: string): number {
    let count = 0;
    for (let at = this.#sample.indexOf(word); at >= 0; at = this.#sample.indexOf(word, at + word.length)) {
      count += 1;
    }
    return count;
  }

  #rowAt(position: number, from: number): number {
    let [low, high] = [from, this.#starts.length - 1];
    while (low < high - 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= position) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }
}

/** What can be searched for in a map, which may change. */
export interface Searchable {
  readonly graph: Graph;
  readonly version: number;
}

/** Lines of one index: few enough to be made without holding anything up. */
const LINES = 10_000;

const known = new WeakMap<Searchable, { readonly version: number; readonly indexes: readonly SearchIndex[] }>();

/**
 * Everything that can be searched for in a map, as it was known when {@link prepareSearch} last ended: one index after
 * the other.
 */
export function searchIndexesOf(map: Searchable): readonly SearchIndex[] {
  return known.get(map)?.indexes ?? [];
}

/** Prepares a map as it is now for searching, in turns. */
export async function prepareSearch(map: Searchable): Promise<void> {
  const { version } = map;
  if (known.get(map)?.version !== version) {
    const indexes = await inTurns(indexesOf(map.graph));
    known.set(map, { version, indexes });
  }
}

function* indexesOf(graph: Graph): Steps<SearchIndex[]> {
  const indexes: SearchIndex[] = [];
  let accounts: Account[] = [];
  let campaigns: Campaign[] = [];
  const end = () => {
    indexes.push(new SearchIndex(accounts, campaigns));
    [accounts, campaigns] = [[], []];
  };
  for (const account of graph.accounts) {
    accounts.push(account);
    if (accounts.length === LINES) {
      end();
      yield;
    }
  }
  for (const campaign of graph.campaigns) {
    campaigns.push(campaign);
    if (accounts.length + campaigns.length >= LINES) {
      end();
      yield;
    }
  }
  end();
  return indexes;
}

/** Rows that were found; `all` where there are no others. */
interface Rows {
  readonly rows: readonly number[];
  readonly all: boolean;
}

function hasOne(line: string, one: string, other: string): boolean {
  return line.includes(one) || line.includes(other);
}

/** A hit, and which of the searched indexes it is in. */
export interface Found extends Hit {
  readonly index: number;
}

/**
 * A search over several connections while a person types: once a keystroke has found everything there is, the next one
 * searches only within that.
 */
export class Search {
  readonly #indexes: readonly SearchIndex[];
  readonly #kinds: readonly Hit['kind'][];
  #words: readonly string[] = [];
  #exact: readonly Rows[] = [];
  #similarTo = '';
  #similar: readonly Rows[] = [];

  constructor(indexes: readonly SearchIndex[], kinds: readonly Hit['kind'][] = ['account', 'campaign']) {
    this.#indexes = indexes;
    this.#kinds = kinds;
  }

  /** True where this search is over the same indexes. */
  isOver(indexes: readonly SearchIndex[]): boolean {
    return indexes.length === this.#indexes.length && indexes.every((index, place) => index === this.#indexes[place]);
  }

  /**
   * The best hits, best first, in steps. All words have to be there, in any order; where nothing has them, `typos` are
   * allowed, which takes several times as long. A search that is left before its last step changes nothing.
   */
  *find(query: string, limit: number, typos = true): Steps<Found[]> {
    const words = fold(query).split(/\s+/).filter(Boolean);
    if (words.length === 0) {
      return [];
    }
    const exact = this.#candidates(yield* this.#exactRows(words));
    yield;
    if (exact.length > 0) {
      // uFuzzy may split a word at a sign and miss it; what was found stays found.
      return hits(new Set([...rank(exactly, words, exact), ...exact]), limit);
    }
    const longest = words.reduce((best, word) => (word.length > best.length ? word : best));
    if (!typos || longest.length < TYPO_LENGTH) {
      return [];
    }
    const similar = this.#candidates(yield* this.#similarRows(longest), CANDIDATES_WITH_TYPOS);
    yield;
    return hits(rank(withTypos, words, similar), limit);
  }

  /** What each index has, one kind after the other. */
  *#exactRows(words: readonly string[]): Steps<readonly Rows[]> {
    const extended = this.#words.length > 0 && this.#words.every((old) => words.some((word) => word.includes(old)));
    const before = extended ? this.#exact : [];
    const exact = yield* this.#each((index, kind, place) => {
      const known = before[place];
      return known?.all
        ? { rows: known.rows.filter((row) => words.every((word) => index.line(row).includes(word))), all: true }
        : index.exact(words, kind);
    });
    [this.#words, this.#exact] = [words, exact];
    return exact;
  }

  *#similarRows(word: string): Steps<readonly Rows[]> {
    const before = this.#similarTo !== '' && word.startsWith(this.#similarTo) ? this.#similar : [];
    const similar = yield* this.#each((index, kind, place) => {
      const known = before[place];
      // What is similar to the longer word is similar to its beginning.
      return known?.all ? known : index.similar(word, kind);
    });
    [this.#similarTo, this.#similar] = [word, similar];
    return similar;
  }

  *#each(look: (index: SearchIndex, kind: Hit['kind'], place: number) => Rows): Steps<Rows[]> {
    const found: Rows[] = [];
    for (const kind of this.#kinds) {
      for (const index of this.#indexes) {
        found.push(look(index, kind, found.length));
        yield;
      }
    }
    return found;
  }

  /** A share from each index, few enough together to rank at a keystroke. */
  #candidates(found: readonly Rows[], most = CANDIDATES): Candidate[] {
    const share = Math.max(10, Math.floor(most / Math.max(1, found.filter(({ rows }) => rows.length > 0).length)));
    return found.flatMap(({ rows }, place) => {
      const number = place % this.#indexes.length;
      const index = this.#indexes[number];
      return index === undefined
        ? []
        : rows.slice(0, share).map((row) => ({ index: number, line: index.line(row), hit: index.hit(row) }));
    });
  }
}

function hits(candidates: Iterable<Candidate>, limit: number): Found[] {
  return [...candidates].slice(0, limit).map(({ index, hit }) => ({ index, ...hit }));
}

interface Candidate {
  readonly index: number;
  readonly line: string;
  readonly hit: Hit;
}

function rank(fuzzy: UFuzzy, words: readonly string[], among: readonly Candidate[]): Candidate[] {
  const lines = among.map((candidate) => candidate.line);
  // A single word keeps its order, although uFuzzy cuts an email into several.
  const outOfOrder = words.length === 1 ? 0 : OUT_OF_ORDER;
  // A minus before a word and quotation marks mean something to uFuzzy, and nothing here.
  const needle = words.map((word) => word.replace(/^-+|"/g, '')).join(' ');
  const [indexes, , order] = fuzzy.search(lines, needle, outOfOrder, CANDIDATES * 2);
  const matched = order?.map((place) => indexes[place]) ?? indexes ?? [];
  return matched.map((place) => (place === undefined ? undefined : among[place])).filter((one) => one !== undefined);
}

function line(tags: readonly Tag[], ...parts: readonly (string | undefined)[]): string {
  let text = '';
  // Without lists in between, of hundreds of thousands of lines.
  for (const part of parts) {
    text = withPart(text, part);
  }
  for (const { label } of tags) {
    text = withPart(text, label);
  }
  return fold(text).replace(/[\r\n]+/g, ' ');
}

function withPart(text: string, part: string | undefined): string {
  if (part === undefined || part === '') {
    return text;
  }
  return text === '' ? part : `${text} ${part}`;
}
