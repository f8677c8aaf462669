import { Health, type HealthOptions } from '../../src/health/health.ts';
import { defaultThresholds } from '../../src/health/thresholds.ts';
import type { Graph } from '../../src/map/graph.ts';
import { atOnce } from '../../src/transport/turns.ts';

/** The health of a complete map without records, where nothing is set or snoozed; nothing is evaluated yet. */
export function newHealth(graph: Graph, rest: Partial<HealthOptions> = {}): Health {
  return new Health(graph, {
    thresholds: defaultThresholds,
    off: new Set(),
    before: () => undefined,
    snoozed: () => undefined,
    complete: () => true,
    today: () => '2026-11-20',
    ...rest,
  });
}

/** The same, evaluated. */
export function healthOf(graph: Graph, rest: Partial<HealthOptions> = {}): Health {
  const health = newHealth(graph, rest);
  atOnce(health.evaluate());
  return health;
}
