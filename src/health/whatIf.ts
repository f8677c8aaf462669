import type { Graph } from '../map/graph.ts';
import type { Steps } from '../transport/turns.ts';
import { capacity, type Capacity, type CampaignCapacity, type CapacityOptions } from './capacity.ts';

/** A campaign before and after accounts stop. */
export interface CampaignChange {
  readonly before: CampaignCapacity;
  readonly after: CampaignCapacity;
  /** Emails a day that it loses. */
  readonly lost: number;
}

/** What campaigns lose, before and after something changes. */
export interface WhatIf {
  readonly before: Capacity;
  readonly after: Capacity;
  /** Campaigns that can send something before, and nothing after; those that lose most first, as in the next two. */
  readonly stopped: readonly CampaignChange[];
  /** Campaigns that reach their limit before, and do not reach the one that they have after. */
  readonly belowLimit: readonly CampaignChange[];
  /** Other campaigns that lose. */
  readonly less: readonly CampaignChange[];
}

/** What shares are exact to, twice: before and after. Emails a day. */
const TOLERANCE = 0.002;

/** What happens if accounts stop, by the model of {@link capacity}. @param keys of the accounts; others count for nothing. */
export function* whatIf(graph: Graph, keys: readonly string[]): Steps<WhatIf> {
  return yield* compareCapacity(graph, { without: keys });
}

/** What campaigns lose where something is otherwise than the map says. Those that would not be active are not among them. */
export function* compareCapacity(graph: Graph, options: CapacityOptions): Steps<WhatIf> {
  const before = yield* capacity(graph);
  const after = yield* capacity(graph, options);
  const laterById = new Map(after.campaigns.map((campaign) => [campaign.id, campaign]));
  const changes: CampaignChange[] = [];
  for (const campaign of before.campaigns) {
    const later = laterById.get(campaign.id);
    // The shares are exact to a thousandth.
    if (later !== undefined && campaign.expected - later.expected > TOLERANCE) {
      changes.push({ before: campaign, after: later, lost: campaign.expected - later.expected });
    }
  }
  yield;
  changes.sort((a, b) => b.lost - a.lost);
  const lists = { stopped: [], belowLimit: [], less: [] } as Record<Outcome, CampaignChange[]>;
  for (const change of changes) {
    lists[outcomeOf(change)].push(change);
  }
  return { before, after, ...lists };
}

type Outcome = 'stopped' | 'belowLimit' | 'less';

function outcomeOf({ before, after }: CampaignChange): Outcome {
  if (after.expected === 0) {
    return 'stopped';
  }
  return before.shortfall === 0 && (after.shortfall ?? 0) > TOLERANCE ? 'belowLimit' : 'less';
}
