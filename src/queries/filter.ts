import { t } from '@vscode/l10n';
import type { Account, Campaign } from '../providers/model.ts';
import type { Graph } from '../map/graph.ts';
import { eachInSteps, type Steps } from '../transport/turns.ts';

/** One facet that a filter can ask for, as `name:value`. */
export interface Facet<T> {
  readonly name: string;
  /** What it is about, shown while a filter is typed. */
  readonly words: () => string;
  /** The texts that a value is looked for in, or the number that it is compared with. */
  readonly values: (record: T, graph: Graph) => readonly (string | undefined)[] | number | undefined;
  readonly numeric?: true;
  /** True where a number may be infinite, which is asked for as `name:unlimited`. */
  readonly unlimited?: true;
  /** Whether a value matches what is looked for, both folded; without this function, it has to contain it. */
  readonly is?: (value: string, wanted: string) => boolean;
}

/** What a view can be filtered by. */
export interface Facets<T> {
  readonly facets: readonly Facet<T>[];
  /** The texts that free words are looked for in. */
  readonly texts: (record: T, graph: Graph) => readonly (string | undefined)[];
}

export const accountFacets: Facets<Account> = {
  texts: ({ email, name, key, tags }) => [email, name, key, ...tags.map(({ label }) => label)],
  facets: [
    {
      name: 'status',
      words: () => t('status of the account'),
      values: ({ state, statusWords, others = [] }) => [state, statusWords, ...others],
    },
    { name: 'tag', words: () => t('tag'), values: ({ tags }) => tags.map(({ label }) => label) },
    { name: 'domain', words: () => t('domain of the email'), values: ({ email }) => [domainOf(email)], is: isDomain },
    { name: 'type', words: () => t('kind of mailbox'), values: ({ providerType }) => [providerType] },
    {
      name: 'client',
      words: () => t('client'),
      values: ({ clientId }) => [clientId],
      is: (value, wanted) => value === wanted,
    },
    {
      name: 'campaign',
      words: () => t('a campaign that it feeds'),
      values: ({ key }, graph) => graph.campaignsOf(key).flatMap(({ campaign: { name, id } }) => [name, id]),
    },
    {
      name: 'campaigns',
      words: () => t('number of campaigns'),
      values: ({ key }, graph) => graph.countOfCampaigns(key)?.all,
      numeric: true,
    },
    {
      name: 'active',
      words: () => t('number of campaigns that are sending'),
      values: ({ key }, graph) => graph.countOfCampaigns(key)?.active,
      numeric: true,
    },
    { name: 'warmup', words: () => t('warmup score'), values: ({ warmupScore }) => warmupScore, numeric: true },
    { name: 'limit', words: () => t('daily limit'), values: limitOf, numeric: true, unlimited: true },
  ],
};

export const campaignFacets: Facets<Campaign> = {
  texts: ({ id, name, tags }) => [name, id, ...tags.map(({ label }) => label)],
  facets: [
    {
      name: 'status',
      words: () => t('status of the campaign'),
      values: ({ state, statusWords, others = [] }) => [state, statusWords, ...others],
    },
    { name: 'tag', words: () => t('tag'), values: ({ tags }) => tags.map(({ label }) => label) },
    {
      name: 'client',
      words: () => t('client'),
      values: ({ clientId }) => [clientId],
      is: (value, wanted) => value === wanted,
    },
    {
      name: 'sender',
      words: () => t('email of a sender'),
      values: ({ id }, graph) => graph.sendersOf(id).map(({ account }) => account.email),
    },
    {
      name: 'domain',
      words: () => t('domain of a sender'),
      values: ({ id }, graph) => graph.sendersOf(id).map(({ account }) => domainOf(account.email)),
      is: isDomain,
    },
    {
      name: 'senders',
      words: () => t('number of senders'),
      values: ({ id }, graph) => graph.countOfSenders(id)?.senders,
      numeric: true,
    },
    {
      name: 'healthy',
      words: () => t('number of healthy senders'),
      values: ({ id }, graph) => graph.countOfSenders(id)?.healthy,
      numeric: true,
    },
    { name: 'limit', words: () => t('daily limit'), values: ({ dailyLimit }) => dailyLimit, numeric: true },
  ],
};

/** A filter that was understood: free words and facets. All of them have to match. */
export interface Filter<T> {
  readonly source: string;
  /** What could not be understood, each in a sentence that says what to do. */
  readonly problems: readonly string[];
  readonly matches: (record: T, graph: Graph) => boolean;
}

type Test<T> = (record: T, graph: Graph) => boolean;

/** Reads a filter as a person types it: `dana status:error campaign:"Q4 launch" warmup:<80`. */
export function parseFilter<T>({ facets, texts }: Facets<T>, source: string): Filter<T> {
  const tests: Test<T>[] = [];
  const problems: string[] = [];
  for (const { name, value } of tokensOf(source)) {
    if (name === undefined) {
      const wanted = fold(value);
      tests.push((record, graph) =>
        texts(record, graph).some((text) => text !== undefined && plain(text).includes(wanted)),
      );
      continue;
    }
    const facet = facets.find((candidate) => candidate.name === name.toLowerCase());
    if (facet === undefined) {
      problems.push(t('There is no facet "{0}"; there are {1}.', name, facets.map((known) => known.name).join(', ')));
    } else if (value === '') {
      problems.push(t('"{0}:" needs a value.', name));
    } else if (facet.numeric) {
      const compare = facet.unlimited && fold(value) === 'unlimited' ? isUnlimited : comparison(value);
      if (compare === undefined) {
        problems.push(t('"{1}" is not a number. Use {0}:0, {0}:<80 or {0}:>=5.', name, value));
      } else {
        tests.push((record, graph) => {
          const number = facet.values(record, graph);
          return typeof number === 'number' && compare(number);
        });
      }
    } else {
      const wanted = fold(value);
      const is = facet.is ?? ((text: string, part: string) => text.includes(part));
      tests.push((record, graph) => {
        const values = facet.values(record, graph);
        return (
          Array.isArray(values) &&
          values.some((text: string | undefined) => text !== undefined && is(plain(text), wanted))
        );
      });
    }
  }
  return { source, problems, matches: (record, graph) => tests.every((test) => test(record, graph)) };
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

/** What could come next where a person types: names of facets, or values of the one they are typing. In steps. */
export function* completeFilter<T>(
  { facets }: Facets<T>,
  source: string,
  connections: readonly { readonly rows: readonly T[]; readonly graph: Graph }[],
): Steps<Completion[]> {
  const last = tokensOf(source).at(-1);
  const typing = last?.end === source.length ? last : undefined;
  const before = source.slice(0, typing?.start ?? source.length);
  if (typing?.name === undefined) {
    const begun = typing?.value.toLowerCase() ?? '';
    return facets
      .filter(({ name }) => name.startsWith(begun))
      .map(({ name, words }) => ({ source: `${before}${name}:`, label: `${name}:`, description: words() }));
  }
  const facet = facets.find(({ name }) => name === typing.name?.toLowerCase());
  if (facet === undefined || facet.numeric) {
    return [];
  }
  const counts = new Map<string, number>();
  for (const { rows, graph } of connections) {
    yield* eachInSteps(rows, (row) => {
      const values = facet.values(row, graph);
      for (const value of new Set(Array.isArray(values) ? (values as readonly (string | undefined)[]) : [])) {
        // What a filter cannot name is not offered.
        if (value !== undefined && plain(value).trim() !== '') {
          counts.set(value, (counts.get(value) ?? 0) + 1);
        }
      }
    });
  }
  const begun = fold(typing.value);
  return [...counts]
    .filter(([value]) => plain(value).includes(begun) && plain(value) !== begun)
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .slice(0, OFFERED)
    .map(([value, count]) => ({
      source: `${before}${facet.name}:${/[\s"]/.test(value) ? `"${value.replaceAll('"', '')}"` : value} `,
      label: `${facet.name}:${value}`,
      description: String(count),
    }));
}

interface Token {
  readonly name: string | undefined;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

function tokensOf(source: string): Token[] {
  return [...source.matchAll(/(?<![A-Za-z])([A-Za-z]+):("[^"]*"?|[^\s"]*)|"([^"]*)"?|[^\s"]+/g)].map((match) => {
    const [whole, name, value, quoted] = match;
    return {
      name,
      value: (name === undefined ? (quoted ?? whole) : (value ?? '')).replaceAll('"', '').trim(),
      start: match.index,
      end: match.index + whole.length,
    };
  });
}

/** The daily limit of an account as a number to compare: the highest where it is unlimited. */
export function limitOf({ dailyLimit, unlimited }: Account): number | undefined {
  return unlimited ? Infinity : dailyLimit;
}

function isUnlimited(number: number): boolean {
  return number === Infinity;
}

function comparison(value: string): ((number: number) => boolean) | undefined {
  const match = /^(<=|>=|<|>|=)?(\d+(?:\.\d+)?)$/.exec(value);
  if (match === null) {
    return undefined;
  }
  const wanted = Number(match[2]);
  switch (match[1]) {
    case '<':
      return (number) => number < wanted;
    case '<=':
      return (number) => number <= wanted;
    case '>':
      return (number) => number > wanted;
    case '>=':
      return (number) => number >= wanted;
    default:
      return (number) => number === wanted;
  }
}

/** As a filter can name it: there is no way to type a quotation mark in one. */
function plain(text: string): string {
  return fold(text).replaceAll('"', '');
}

/** A whole domain matches itself and the ones below it; a part of one may be anywhere. */
function isDomain(value: string, wanted: string): boolean {
  return wanted.includes('.') ? value === wanted || value.endsWith(`.${wanted}`) : value.includes(wanted);
}

/** The domain of an email; undefined where there is none. */
export function domainOf(email: string): string | undefined {
  const at = email.lastIndexOf('@');
  return at < 0 || at === email.length - 1 ? undefined : email.slice(at + 1).toLowerCase();
}

/** Text without case and accents, so that `sao` finds `São`. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  // eslint-disable-next-line no-control-regex -- the range of ASCII, which needs no folding and is nearly everything
  return /^[\x00-\x7f]*$/.test(lower) ? lower : lower.normalize('NFD').replace(/\p{M}+/gu, '');
}
