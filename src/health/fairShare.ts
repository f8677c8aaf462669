import type { Steps } from '../transport/turns.ts';
import type { MaxFlow, Part } from './maxFlow.ts';

/**
 * What each demand gets where the supplies are given out fairly: as much as can be given at all, and no demand can get
 * more but at the cost of one that has as little or less (lexicographic max-min fairness). Whole numbers: each is less
 * than 1 away from what it would be in fractions, and their sum is exactly what can be given at all.
 *
 * Such a share is found by dividing (Fujishige's decomposition). All demands of a part get the same level, or their cap
 * where that is less. Where the supplies cannot do that, those that fall short of it stay short of it in every fair
 * share and keep all their supplies for themselves, and the others get at least that: each becomes a part of its own.
 *
 * @param flow with the most that each demand wants as caps, and nothing given yet.
 */
export function* fairShares(flow: MaxFlow): Steps<Float64Array> {
  const wanted = flow.caps.slice();
  yield* flow.balance();
  const first = yield* flow.fill(flow.whole());
  const parts = first === undefined ? [] : [first.short];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    for (const smaller of yield* divide(flow, part, wanted)) {
      parts.push(smaller);
    }
  }
  return flow.into.slice();
}

/** Gives the demands of a part the same, and returns the parts that it falls into where that cannot be done. */
function* divide(flow: MaxFlow, part: Part, wanted: Float64Array): Steps<readonly Part[]> {
  const level = levelOf(part, flow.supplyOf(part), wanted);
  setCaps(flow, part, wanted, level);
  const below = yield* flow.fill(part);
  if (below !== undefined) {
    return [below.short, below.full];
  }
  // All get the level. Of what is left, those that want more get one more each, as far as it reaches.
  setCaps(flow, part, wanted, level + 1);
  const above = yield* flow.fill(part);
  return above === undefined || above.full.demands.length === 0 ? [] : [above.full];
}

function setCaps(flow: MaxFlow, { demands }: Part, wanted: Float64Array, level: number): void {
  for (const demand of demands) {
    flow.caps[demand] = Math.min(level, wanted[demand] ?? 0);
  }
}

/** The highest level that a supply is enough for, were every demand linked to all of it; infinite: enough for all. */
function levelOf({ demands }: Part, supply: number, wanted: Float64Array): number {
  const sorted = Float64Array.from(demands, (demand) => wanted[demand] ?? 0).sort();
  let rest = supply;
  for (const [place, most] of sorted.entries()) {
    const level = Math.floor(rest / (sorted.length - place));
    if (level < most) {
      return level;
    }
    rest -= most;
  }
  return Infinity;
}
