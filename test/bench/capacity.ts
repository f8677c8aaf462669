/**
 * What a connection can send a day, and what each campaign can expect: the size of a large agency, and 400,000 accounts
 * with three campaigns each, whose senders are chosen by tags, by neighbourhood, or at random. Needs no build.
 */
import { capacity } from '../../src/health/capacity.ts';
import { whatIf } from '../../src/health/whatIf.ts';
import type { Graph } from '../../src/map/graph.ts';
import type { Steps } from '../../src/transport/turns.ts';
import { account, campaign, graphOf, numbers } from '../support/records.ts';
import { figure } from './figure.ts';

type Shape = 'pools' | 'neighbours' | 'random';

/** Campaigns want on average this share of what their senders would have if each had them for itself. */
const WANTED = 0.5;

function mapOf(shape: Shape, accounts: number, campaigns: number, edges: number): Graph {
  const random = numbers(7);
  const senders: string[][] = Array.from({ length: campaigns }, () => []);
  const pools = Array.from({ length: 60 }, () => pick(shape, random, campaigns, 1 + Math.floor(random() * 8)));
  for (let index = 0; index < accounts; index += 1) {
    const average = edges / accounts;
    const count = Math.floor(average) + Number(random() < average % 1);
    const fed = shape === 'pools' ? pools[index % pools.length]! : pick(shape, random, campaigns, count);
    for (const place of fed) {
      senders[place]!.push(`a${index}`);
    }
  }
  return graphOf(
    Array.from({ length: accounts }, (_, index) =>
      account(`a${index}`, {
        dailyLimit: 5 + Math.floor(random() * 45),
        state: random() < 0.1 ? 'error' : 'healthy',
      }),
    ),
    senders.map((listedSenders, place) =>
      campaign(`c${place}`, {
        dailyLimit: Math.ceil(listedSenders.length * 27 * WANTED * 2 * random()),
        listedSenders,
      }),
    ),
  );
}

function pick(shape: Shape, random: () => number, campaigns: number, count: number): Set<number> {
  const chosen = new Set<number>();
  const base = Math.floor(random() * campaigns);
  while (chosen.size < count) {
    chosen.add(
      (shape === 'neighbours' ? base + Math.floor(random() * 20) : Math.floor(random() * campaigns)) % campaigns,
    );
  }
  return chosen;
}

/** Does work and prints how long it took, and its longest step, in milliseconds. */
function measure<T>(name: string, work: Steps<T>, parameters: object): T {
  let longest = 0;
  const started = performance.now();
  for (;;) {
    const begun = performance.now();
    const step = work.next();
    longest = Math.max(longest, performance.now() - begun);
    if (step.done === true) {
      figure(`${name}: time`, performance.now() - started, 'ms', parameters);
      figure(`${name}: longest step`, longest, 'ms', parameters);
      return step.value;
    }
  }
}

for (const shape of ['pools', 'neighbours', 'random'] as const) {
  for (const [accounts, campaigns, edges] of [
    [26_802, 479, 122_100],
    [400_000, 500, 1_200_000],
  ] as const) {
    const graph = mapOf(shape, accounts, campaigns, edges);
    const parameters = { accounts, campaigns, senders: shape };
    const { possible, campaigns: rows } = measure('capacity', capacity(graph), parameters);
    figure(
      'capacity: campaigns that cannot reach their limit',
      rows.filter(({ shortfall }) => shortfall !== 0).length,
      'campaigns',
      {
        ...parameters,
        possible,
      },
    );
    if (accounts < 100_000) {
      const keys = Array.from({ length: accounts / 10 }, (_, index) => `a${index}`);
      measure('what if a tenth stops', whatIf(graph, keys), parameters);
    }
  }
}
