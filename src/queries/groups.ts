import { t } from '@vscode/l10n';
import type { Graph } from '../map/graph.ts';
import type { Account, State, Tag } from '../providers/model.ts';
import { eachInSteps, type Steps } from '../transport/turns.ts';
import { campaignLabel } from './campaignLabel.ts';

/** Rows that stand together. */
export interface Group<T> {
  /** What they have in common, the same in every arrangement; empty for the rows without it. */
  readonly value: string;
  readonly label: string;
  /** All its rows in the order of the view, those of its own groups too. */
  readonly rows: readonly T[];
  /** Its rows divided once more; undefined where they are few, or nothing divides them. */
  readonly groups?: readonly Group<T>[] | undefined;
  /** The state that all its rows have, where that is what they have in common. */
  readonly state?: State | undefined;
  /** True where its value is the domain of its accounts. */
  readonly ofDomain?: boolean | undefined;
  /** True where none of its rows can stand in a group beside it. */
  readonly apart: boolean;
  /** How many of its rows have an error. */
  readonly broken: number;
  /** The average warmup score of its rows, as far as they have one; whole. */
  readonly score: number | undefined;
}

/** What rows have in common. */
export interface Value {
  readonly value: string;
  readonly label: string;
  /** Groups are ordered by this first, and by their labels where it is the same. */
  readonly rank?: number;
  readonly state?: State;
  readonly ofDomain?: boolean;
}

/** The rank of rows that lack what the others have. */
export const NONE_LAST = Number.MAX_SAFE_INTEGER;

/** What is counted of the rows of a group. */
export interface Measured {
  readonly state: State;
  readonly warmupScore?: number | undefined;
}

/** A group as its rows come. */
export class Growing<T extends Measured> {
  readonly rows: T[] = [];
  readonly value: Value;
  broken = 0;
  /** Rows that soon may not send, and the sum of the warmup scores with how many there are. */
  atRisk = 0;
  #scores = 0;
  #scored = 0;

  constructor(value: Value) {
    this.value = value;
  }

  get score(): number | undefined {
    return this.#scored === 0 ? undefined : Math.round(this.#scores / this.#scored);
  }

  add(row: T): void {
    this.rows.push(row);
    this.count(row);
  }

  /** Counts a row that stands in a list of its own. */
  count(row: T): void {
    this.broken += Number(row.state === 'error');
    this.atRisk += Number(row.state === 'warning');
    if (row.warmupScore !== undefined) {
      this.#scores += row.warmupScore;
      this.#scored += 1;
    }
  }

  group(apart: boolean, rows: readonly T[] = this.rows): Group<T> {
    const { broken, score } = this;
    const { value, label, state, ofDomain } = this.value;
    return { value, label, rows, state, ...(ofDomain === true && { ofDomain }), apart, broken, score };
  }
}

/** Rows by what they have in common, in the order in which it comes; one may be in several. In steps. */
export function* grow<T extends Measured>(
  rows: readonly T[],
  valuesOf: (row: T) => readonly Value[],
): Steps<readonly Growing<T>[]> {
  const groups = new Map<string, Growing<T>>();
  yield* eachInSteps(rows, (row) => {
    for (const value of valuesOf(row)) {
      let group = groups.get(value.value);
      if (group === undefined) {
        group = new Growing(value);
        groups.set(value.value, group);
      }
      group.add(row);
    }
  });
  return [...groups.values()];
}

/** The domain of an account as a value, made once for each domain. */
export function domainValues(): (account: Account) => readonly Value[] {
  const made = new Map<string, readonly Value[]>();
  return ({ domain }) => {
    let values = made.get(domain ?? '');
    if (values === undefined) {
      values =
        domain === undefined ? one(undefined, t('No domain')) : [{ value: domain, label: domain, ofDomain: true }];
      made.set(domain ?? '', values);
    }
    return values;
  };
}

export function tagValues({ tags }: { readonly tags: readonly Tag[] }): readonly Value[] {
  return many(
    tags.map(({ id, label }) => ({ value: id, label })),
    t('No tag'),
  );
}

/** The campaigns of an account that are known. */
export function campaignValues(key: string, graph: Graph): readonly Value[] {
  return graph.campaignsOf(key).map(({ campaign }) => ({ value: campaign.id, label: campaignLabel(campaign) }));
}

export function clientValues({ clientId }: { clientId?: string | undefined }): readonly Value[] {
  return clientId === undefined
    ? one(undefined, t('No client'))
    : [{ value: clientId, label: t('Client {0}', clientId) }];
}

/** A value, or that there is none. */
export function one(value: string | undefined, otherwise: string): readonly Value[] {
  return [value === undefined ? { value: '', label: otherwise, rank: NONE_LAST } : { value, label: value }];
}

/** Values, or that there are none. */
export function many(values: readonly Value[], otherwise: string): readonly Value[] {
  return values.length > 0 ? values : one(undefined, otherwise);
}
