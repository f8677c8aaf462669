import type { Capacity } from '../health/capacity.ts';
import type { Graph } from '../map/graph.ts';
import type { CampaignEmails, EmailFigures } from './data.ts';

/** What the active campaigns of a connection can send. */
export interface ConnectionCapacity {
  readonly connectionId: string;
  readonly graph: Pick<Graph, 'campaign'>;
  readonly campaigns: Capacity['campaigns'];
  /** Accounts that send and have no known limit: they count as 0. */
  readonly unknownLimits: number;
}

/** What the campaigns of connections can send together. `most`: campaigns that are named. */
export function emailFigures(connections: readonly ConnectionCapacity[], most: number): EmailFigures {
  const all: CampaignEmails[] = [];
  let [limited, short, possible, lacking, sendersUnknown, unknownLimits] = [0, 0, 0, 0, 0, 0];
  for (const { connectionId, graph, campaigns, unknownLimits: ofConnection } of connections) {
    unknownLimits += ofConnection;
    for (const { id, wanted, expected, sendersKnown } of campaigns) {
      const sends = Math.round(expected);
      const lacks = wanted === undefined ? 0 : Math.max(0, wanted - sends);
      const name = graph.campaign(id)?.name ?? '';
      all.push({ connectionId, id, name, wanted, possible: sends, lacking: lacks });
      limited += Number(wanted !== undefined);
      short += Number(lacks > 0);
      possible += expected;
      lacking += lacks;
      sendersUnknown += Number(!sendersKnown);
    }
  }
  const worst = all.sort((a, b) => b.lacking - a.lacking || b.possible - a.possible).slice(0, most);
  return {
    campaigns: all.length,
    limited,
    short,
    possible: Math.round(possible),
    lacking,
    sendersUnknown,
    unknownLimits,
    worst,
  };
}
