import { t } from '@vscode/l10n';
import type { Graph } from '../map/graph.ts';
import type { Account } from '../providers/model.ts';
import type { Steps } from '../transport/turns.ts';
import { campaignValues, clientValues, domainValues, grow, many, tagValues, type Value } from './groups.ts';

/** What long lists of accounts are divided by. */
export const divisions = ['domain', 'client', 'tag', 'campaign'] as const;

export type Division = (typeof divisions)[number];

/** Accounts that have something in common. */
export interface Share {
  /** The same in every division; empty for those without it. */
  readonly value: string;
  readonly label: string;
  readonly accounts: readonly Account[];
}

/** Divides accounts, the largest share first and those that share nothing last. One may be in several. In steps. */
export function* divide(accounts: readonly Account[], graph: Graph, by: Division): Steps<Share[]> {
  const shares = yield* grow(accounts, valuesOf(graph, by));
  return shares
    .map(({ value: { value, label }, rows }) => ({ value, label, accounts: rows }))
    .sort(
      (a, b) =>
        Number(a.value === '') - Number(b.value === '') ||
        b.accounts.length - a.accounts.length ||
        (a.label < b.label ? -1 : 1),
    );
}

function valuesOf(graph: Graph, by: Division): (account: Account) => readonly Value[] {
  switch (by) {
    case 'domain':
      return domainValues();
    case 'client':
      return clientValues;
    case 'tag':
      return tagValues;
    case 'campaign':
      return ({ key }) => many(campaignValues(key, graph), t('No campaign'));
  }
}
