import { t } from '@vscode/l10n';
import type { Graph } from '../map/graph.ts';
import type { Account, Campaign } from '../providers/model.ts';
import { accountFacets, campaignFacets, type Facets } from '../queries/filter.ts';
import type { Health } from './health.ts';
import type { Rule } from './rule.ts';

/** The facet that asks for what Health finds, as in `finding:disconnected`. */
export const FINDING = 'finding';

/** The health of a map; undefined where it is not kept. */
export type HealthOf = (graph: Graph) => Health | undefined;

/** What accounts can be filtered by, with what Health finds. */
export function accountFacetsWith(healthOf: HealthOf): Facets<Account> {
  return withFindings(accountFacets, healthOf, (health, { key }) => health.rulesOfAccount(key));
}

/** The same for campaigns. */
export function campaignFacetsWith(healthOf: HealthOf): Facets<Campaign> {
  return withFindings(campaignFacets, healthOf, (health, { id }) => health.rulesOfCampaign(id));
}

function withFindings<T>(
  known: Facets<T>,
  healthOf: HealthOf,
  rulesOf: (health: Health, record: T) => readonly Rule[],
): Facets<T> {
  return {
    ...known,
    facets: [
      ...known.facets,
      {
        kind: 'text',
        name: FINDING,
        words: () => t('finding of Health'),
        values: (record, graph) => {
          const health = healthOf(graph);
          return health === undefined ? [] : rulesOf(health, record).map(({ id }) => id);
        },
        complete: (_, graph) => healthOf(graph)?.evaluated === true,
        // `warmup` means all that begin with it; `ended` does not mean `suspended`.
        is: (value, wanted) => value.startsWith(wanted),
      },
    ],
  };
}
