import { t } from '@vscode/l10n';
import type { Graph } from '../map/graph.ts';
import type { Account } from '../providers/model.ts';
import { eachInSteps, type Steps } from '../transport/turns.ts';
import { domainOf } from './filter.ts';

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
  const shares = new Map<string, { value: string; label: string; accounts: Account[] }>();
  yield* eachInSteps(accounts, (account) => {
    for (const { value, label } of valuesOf(account, graph, by)) {
      const share = shares.get(value);
      if (share === undefined) {
        shares.set(value, { value, label, accounts: [account] });
      } else {
        share.accounts.push(account);
      }
    }
  });
  return [...shares.values()].sort(
    (a, b) =>
      Number(a.value === '') - Number(b.value === '') ||
      b.accounts.length - a.accounts.length ||
      (a.label < b.label ? -1 : 1),
  );
}

interface Value {
  readonly value: string;
  readonly label: string;
}

function valuesOf({ key, email, clientId, tags }: Account, graph: Graph, by: Division): readonly Value[] {
  switch (by) {
    case 'domain': {
      const domain = domainOf(email);
      return domain === undefined ? none(t('No domain')) : [{ value: domain, label: domain }];
    }
    case 'client':
      return clientId === undefined ? none(t('No client')) : [{ value: clientId, label: t('Client {0}', clientId) }];
    case 'tag':
      return tags.length === 0 ? none(t('No tag')) : tags.map(({ id, label }) => ({ value: id, label }));
    case 'campaign': {
      const campaigns = graph.campaignsOf(key).map(({ campaign: { id, name } }) => ({
        value: id,
        label: name === '' ? t('Campaign {0}', id) : name,
      }));
      return campaigns.length === 0 ? none(t('No campaign')) : campaigns;
    }
  }
}

function none(label: string): readonly Value[] {
  return [{ value: '', label }];
}
