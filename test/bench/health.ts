/** All rules over whole maps, and after one changed account; the longest block of everything else meanwhile. */
import { impactOf } from '../../src/health/impact.ts';
import type { Account, Campaign } from '../../src/providers/model.ts';
import { Random } from '../../src/sandbox/random.ts';
import { atOnce, inTurns } from '../../src/transport/turns.ts';
import { newHealth } from '../support/health.ts';
import { account, campaign, storeOf } from '../support/records.ts';
import { figure } from './figure.ts';

/** Milliseconds between two ticks of the timer that notices blocks. */
const TICK = 5;

/** An agency: a third is disconnected, some warmups are blocked, and campaigns share mailboxes (Smartlead FACTS 6). */
function agency(accounts: number, campaigns: number, edges: number) {
  const random = new Random(7);
  const rows = Array.from({ length: accounts }, (_, index): Account => {
    const email = `m${index}@domain-${Math.floor(index / 3)}.com`;
    const rest = { warmupScore: random.between(70, 100), dailyLimit: 30, warmup: 'on', host: 'google' } as const;
    if (random.chance(0.34)) {
      const problem = { kind: 'disconnected', words: 'SMTP disconnected', reason: '535 5.7.8 no' } as const;
      return account(email, { ...rest, state: 'error', statusWords: problem.words, problems: [problem] });
    }
    return account(email, rest);
  });
  const lists = Array.from({ length: campaigns }, (): string[] => []);
  for (let edge = 0; edge < edges; edge += 1) {
    lists[random.between(0, campaigns - 1)]?.push(rows[edge % rows.length]?.key ?? '');
  }
  const all = lists.map((listedSenders, index): Campaign => campaign(`c${index}`, { dailyLimit: 2000, listedSenders }));
  return { ...storeOf({ accounts: rows, campaigns: all }), rows };
}

async function measured(work: () => Promise<void>) {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - TICK);
    last = now;
  }, TICK);
  const started = performance.now();
  await work();
  const time = performance.now() - started;
  // The timer notices a block when it is over.
  await new Promise((resolve) => setTimeout(resolve, 3 * TICK));
  clearInterval(timer);
  return { time, longest };
}

for (const [accounts, campaigns, edges] of [
  [26_802, 479, 122_100],
  [400_000, 1000, 1_200_000],
] as const) {
  const parameters = { accounts, campaigns, edges };
  const { graph, store, rows } = agency(accounts, campaigns, edges);
  const health = newHealth(graph);
  const all = await measured(() => inTurns(health.evaluate()));
  figure('health: all rules', all.time, 'ms', parameters);
  figure('health: longest block', all.longest, 'ms', parameters);
  const one = rows[5] ?? account('');
  store.putAccount({ ...one, warmupScore: 12 }, 2);
  let started = performance.now();
  atOnce(health.update({ accounts: new Set([one.key]), campaigns: new Set() }));
  figure('health: one changed account', performance.now() - started, 'ms', parameters);
  store.putAccount({ ...one, state: 'paused' }, 2);
  const touched = new Set(graph.campaignsOf(one.key).map(({ campaign: { id } }) => id));
  started = performance.now();
  atOnce(health.update({ accounts: new Set([one.key]), campaigns: touched }));
  figure('health: one account that stopped', performance.now() - started, 'ms', parameters);
  started = performance.now();
  const broken = await inTurns(health.accountsWith('disconnected'));
  const impact = await inTurns(impactOf(graph, broken));
  figure('health: what one finding costs', performance.now() - started, 'ms', {
    ...parameters,
    broken: broken.length,
    emails: impact.emailsPerDay,
  });
}
