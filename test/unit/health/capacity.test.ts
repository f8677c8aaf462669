import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  bindingMailboxes,
  capacity,
  mailboxesNeeded,
  type Capacity,
  type CapacityOptions,
} from '../../../src/health/capacity.ts';
import type { Graph } from '../../../src/map/graph.ts';
import type { Account, Campaign, ProblemKind } from '../../../src/providers/model.ts';
import { atOnce } from '../../../src/transport/turns.ts';
import { account, campaign, graphOf, storeOf } from '../../support/records.ts';
import { Graph as MapGraph } from '../../../src/map/graph.ts';

/** Accounts with their limits, and campaigns with their limits and senders. */
interface Plan {
  readonly accounts: readonly number[];
  readonly campaigns: readonly { readonly limit: number | undefined; readonly senders: readonly number[] }[];
}

const plans: fc.Arbitrary<Plan> = fc
  .tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 7 }))
  .chain(([accounts, campaigns]) =>
    fc.record({
      accounts: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: accounts, maxLength: accounts }),
      campaigns: fc.array(
        fc.record({
          limit: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
          senders: fc.subarray(Array.from({ length: accounts }, (_, place) => place)),
        }),
        { minLength: campaigns, maxLength: campaigns },
      ),
    }),
  );

function accountsOf({ accounts }: Plan): Account[] {
  return accounts.map((dailyLimit, place) => account(`a${place}`, { dailyLimit }));
}

function campaignsOf({ campaigns }: Plan): Campaign[] {
  return campaigns.map(({ limit, senders }, place) =>
    campaign(`c${place}`, { dailyLimit: limit, listedSenders: senders.map((sender) => `a${sender}`) }),
  );
}

function graphOfPlan(plan: Plan): Graph {
  return graphOf(accountsOf(plan), campaignsOf(plan));
}

function capacityOf(graph: Graph, options?: CapacityOptions): Capacity {
  return atOnce(capacity(graph, options));
}

/** The most that campaigns can get together, by the theorem of the minimum cut, over every set of them. */
function mostOf({ accounts, campaigns }: Plan, among = campaigns.map((_, place) => place)): number {
  let least = Infinity;
  for (let set = 0; set < 2 ** among.length; set += 1) {
    const bound = new Set<number>();
    let cut = 0;
    for (const [bit, place] of among.entries()) {
      const { limit = Infinity, senders } = campaigns[place]!;
      if ((set >> bit) % 2 === 1) {
        cut += limit;
      } else {
        senders.forEach((sender) => bound.add(sender));
      }
    }
    for (const sender of bound) {
      cut += accounts[sender]!;
    }
    least = Math.min(least, cut);
  }
  return least;
}

/** Fair shares by the book: all rise together, and those stop that a set of them, or their own limit, holds back. */
function fairSharesOf(plan: Plan): number[] {
  const { campaigns } = plan;
  const places = campaigns.map((_, place) => place);
  const most = Array.from({ length: 2 ** places.length }, (_, set) =>
    mostOf(
      plan,
      places.filter((place) => (set >> place) % 2 === 1),
    ),
  );
  const fixed = new Map<number, number>();
  while (fixed.size < places.length) {
    let [level, held] = [Infinity, 0];
    for (let set = 1; set < most.length; set += 1) {
      const members = places.filter((place) => (set >> place) % 2 === 1);
      const rising = members.filter((place) => !fixed.has(place));
      const rest = most[set]! - members.reduce((sum, place) => sum + (fixed.get(place) ?? 0), 0);
      if (rising.length > 0 && rest / rising.length < level - 1e-12) {
        [level, held] = [rest / rising.length, set];
      }
    }
    for (const place of places.filter((one) => (held >> one) % 2 === 1 && !fixed.has(one))) {
      fixed.set(place, level);
    }
  }
  return places.map((place) => fixed.get(place)!);
}

const expectedOf = ({ campaigns }: Capacity) => campaigns.map(({ expected }) => expected);

describe('capacity', () => {
  it('is nothing where there is nothing', () => {
    assert.deepEqual(capacityOf(graphOf([])), {
      possible: 0,
      campaigns: [],
      counts: {
        sendingAccounts: 0,
        unlimitedAccounts: 0,
        unknownLimits: 0,
        stoppedCampaigns: 0,
        withoutLimit: 0,
        sendersUnknown: 0,
      },
    });
    assert.equal(capacityOf(graphOf([account('a', { dailyLimit: 30 })])).possible, 0);
    assert.deepEqual(expectedOf(capacityOf(graphOf([], [campaign('1', { dailyLimit: 10, listedSenders: [] })]))), [0]);
  });

  it('does not give what an account sends to each of its campaigns', () => {
    const { possible, campaigns } = capacityOf(
      graphOf(
        [account('a', { dailyLimit: 30 })],
        ['1', '2', '3'].map((id) => campaign(id, { dailyLimit: 20, listedSenders: ['a'] })),
      ),
    );
    assert.equal(possible, 30);
    assert.deepEqual(
      campaigns.map(({ wanted, possible: alone, expected, shortfall, binding }) => [
        wanted,
        alone,
        expected,
        shortfall,
        binding,
      ]),
      Array.from({ length: 3 }, () => [20, 20, 10, 10, 1]),
    );
  });

  it('lets those with little have what they can get before the others have more', () => {
    const { campaigns } = capacityOf(
      graphOf(
        [account('a', { dailyLimit: 30 }), account('b', { dailyLimit: 50 })],
        [
          campaign('1', { dailyLimit: 5, listedSenders: ['a'] }),
          campaign('2', { dailyLimit: 100, listedSenders: ['a'] }),
          campaign('3', { dailyLimit: 100, listedSenders: ['a', 'b'] }),
        ],
      ),
    );
    assert.deepEqual(
      campaigns.map(({ expected, shortfall, binding }) => [expected, shortfall, binding]),
      [
        [5, 0, 0],
        [25, 75, 1],
        [50, 50, 2],
      ],
    );
  });

  it('counts an account that is unwell and sends all the same', () => {
    const banned = { state: 'error', problems: [{ kind: 'warmup-banned', words: 'Banned' }] } as const;
    const graph = graphOf(
      [account('a', { dailyLimit: 30, ...banned })],
      [campaign('1', { dailyLimit: 10, listedSenders: ['a'] })],
    );
    assert.equal(atOnce(capacity(graph)).possible, 10);
  });

  it('counts no account that cannot send', () => {
    const problem = (kind: ProblemKind) => ({ problems: [{ kind, words: '' }] });
    const cases: Readonly<Record<string, Partial<Account>>> = {
      error: { state: 'error' },
      paused: { state: 'paused' },
      pending: { state: 'paused', ...problem('setup-pending') },
      suspended: { state: 'warning', ...problem('suspended') },
      disconnected: { state: 'error', ...problem('disconnected') },
      none: { dailyLimit: 0 },
      odd: { dailyLimit: -5 },
      nothing: { dailyLimit: Number.NaN },
    };
    for (const [key, rest] of Object.entries(cases)) {
      const graph = graphOf(
        [account(key, { dailyLimit: 30, ...rest })],
        [campaign('1', { dailyLimit: 10, listedSenders: [key] })],
      );
      const { possible, campaigns, counts } = capacityOf(graph);
      assert.deepEqual([possible, counts.sendingAccounts, counts.unknownLimits], [0, 0, 0], key);
      assert.deepEqual([campaigns[0]?.senders, campaigns[0]?.sending, campaigns[0]?.binding], [1, 0, 0], key);
    }
  });

  it('counts an account with a warning, or of which nothing is said, by its limit', () => {
    for (const state of ['warning', 'unknown', 'healthy'] as const) {
      const graph = graphOf(
        [account('a', { state, dailyLimit: 30.9 })],
        [campaign('1', { dailyLimit: 100.9, listedSenders: ['a'] })],
      );
      assert.deepEqual(
        [capacityOf(graph).possible, capacityOf(graph).campaigns[0]?.wanted],
        [30, 100],
        `${state}, in whole emails`,
      );
    }
  });

  it('counts 50 for an account without a limit, and nothing for one whose limit is not known, and says how many', () => {
    const { possible, counts } = capacityOf(
      graphOf(
        [account('a', { unlimited: true }), account('b'), account('c'), account('idle', { unlimited: true })],
        [campaign('1', { dailyLimit: 1000, listedSenders: ['a', 'b', 'c', 'not listed'] })],
      ),
    );
    assert.deepEqual([possible, counts.unlimitedAccounts, counts.unknownLimits], [50, 1, 3]);
  });

  it('bounds campaigns by their senders where their service has no limit for them', () => {
    const { campaigns, counts, possible } = capacityOf(
      graphOf(
        [account('a', { dailyLimit: 30 }), account('b', { dailyLimit: 10 })],
        [campaign('1', { newLeadsPerDay: 5, listedSenders: ['a', 'b'] }), campaign('2', { listedSenders: ['a'] })],
      ),
    );
    assert.deepEqual([possible, counts.withoutLimit], [40, 2]);
    assert.deepEqual(
      campaigns.map(({ wanted, possible: alone, expected, shortfall, binding }) => [
        wanted,
        alone,
        expected,
        shortfall,
        binding,
      ]),
      [
        [undefined, 40, 20, undefined, 2],
        [undefined, 30, 20, undefined, 1],
      ],
    );
  });

  it('leaves campaigns out that do not send, and says how many of them the service has stopped', () => {
    const states = ['healthy', 'error', 'warning', 'paused', 'unknown', 'draft', 'done'] as const;
    const { campaigns, counts } = capacityOf(
      graphOf(
        [account('a', { dailyLimit: 30 })],
        states.map((state) => campaign(state, { state, dailyLimit: 10, listedSenders: ['a'] })),
      ),
    );
    assert.deepEqual(
      campaigns.map(({ id }) => id),
      ['healthy'],
    );
    assert.equal(counts.stoppedCampaigns, 2);
  });

  it('says where not all senders of a campaign are known', () => {
    const { store } = storeOf({
      accounts: [account('a', { dailyLimit: 30 })],
      campaigns: [campaign('1', { dailyLimit: 10, listedSenders: ['a'] }), campaign('2', { dailyLimit: 10 })],
    });
    const graph = new MapGraph(store, {
      unlistedAccount: () => '',
      unlistedCampaign: () => '',
      knowledge: { ofCampaigns: () => true, ofCampaignsAt: () => true, ofSenders: (id) => id === '1' },
    });
    const { campaigns, counts } = capacityOf(graph);
    assert.deepEqual(
      campaigns.map(({ sendersKnown }) => sendersKnown),
      [true, false],
    );
    assert.equal(counts.sendersUnknown, 1);
  });

  it('names the mailboxes that bind on demand', () => {
    const graph = graphOf(
      [account('a', { dailyLimit: 30 }), account('b', { dailyLimit: 10 }), account('c', { state: 'error' })],
      [
        campaign('1', { dailyLimit: 100, listedSenders: ['a', 'b', 'c'] }),
        campaign('2', { dailyLimit: 1, listedSenders: ['a'] }),
      ],
    );
    const without = ['b'];
    const [first, second] = capacityOf(graph).campaigns;
    assert.deepEqual(atOnce(bindingMailboxes(graph, first!)), ['a', 'b']);
    assert.deepEqual(atOnce(bindingMailboxes(graph, second!)), []);
    const [left] = capacityOf(graph, { without }).campaigns;
    assert.deepEqual([left?.binding, atOnce(bindingMailboxes(graph, left!, { without }))], [1, ['a']]);
  });

  it('leaves out the accounts that it is told to, as if they could not send', () => {
    fc.assert(
      fc.property(plans, fc.array(fc.nat({ max: 11 })), (plan, out) => {
        const without = out.map((place) => `a${place}`);
        const stopped = { ...plan, accounts: plan.accounts.map((limit, place) => (out.includes(place) ? 0 : limit)) };
        assert.deepEqual(capacityOf(graphOfPlan(plan), { without }), capacityOf(graphOfPlan(stopped)));
      }),
    );
  });

  it('is the maximum flow, and what each campaign could get alone', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { possible, campaigns } = capacityOf(graphOfPlan(plan));
        assert.equal(possible, mostOf(plan));
        assert.deepEqual(
          campaigns.map((one) => one.possible),
          plan.campaigns.map((_, place) => mostOf(plan, [place])),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('is shared as fairly as can be, to a thousandth, and all of it', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const found = capacityOf(graphOfPlan(plan));
        for (const [place, share] of fairSharesOf(plan).entries()) {
          const { expected } = found.campaigns[place]!;
          assert.ok(Math.abs(expected - share) < 0.001, `${expected} for ${share}`);
        }
        const units = expectedOf(found).reduce((sum, share) => sum + Math.round(share * 1000), 0);
        assert.equal(units, found.possible * 1000);
      }),
      { numRuns: 300 },
    );
  });

  it('says how many more mailboxes a campaign needs, and not one too many', () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: 1, max: 25 }), (plan, dailyLimit) => {
        for (const [place, { limit }] of plan.campaigns.entries()) {
          const need = atOnce(mailboxesNeeded(graphOfPlan(plan), [`c${place}`], dailyLimit)).get(`c${place}`);
          if (limit === undefined) {
            assert.equal(need, undefined);
            continue;
          }
          const [{ mailboxes } = { mailboxes: 0 }] = need?.mailboxes ?? [];
          const reached = (more: number) => {
            const added = Array.from({ length: more }, (_, index) => plan.accounts.length + index);
            const grown: Plan = {
              accounts: [...plan.accounts, ...added.map(() => dailyLimit)],
              campaigns: plan.campaigns.map((one, other) =>
                other === place ? { ...one, senders: [...one.senders, ...added] } : one,
              ),
            };
            return capacityOf(graphOfPlan(grown)).campaigns[place]?.shortfall === 0;
          };
          assert.ok(reached(mailboxes), `${mailboxes} are enough`);
          assert.ok(mailboxes === 0 || !reached(mailboxes - 1), `${mailboxes - 1} are not`);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('takes the median of the senders for what a mailbox of each kind can send', () => {
    const graph = graphOf(
      [
        ...[20, 30, 90].map((dailyLimit) => account(`g${dailyLimit}`, { dailyLimit, providerType: 'Google' })),
        account('m', { dailyLimit: 40, providerType: 'Microsoft' }),
        account('broken', { dailyLimit: 1, providerType: 'Microsoft', state: 'error' }),
        account('other', { dailyLimit: 10 }),
      ],
      [
        campaign('1', { dailyLimit: 300, listedSenders: ['g20', 'g30', 'g90', 'm', 'broken'] }),
        campaign('2', { dailyLimit: 5, listedSenders: [] }),
        campaign('3', { dailyLimit: 5, state: 'paused', listedSenders: [] }),
      ],
    );
    assert.deepEqual(atOnce(mailboxesNeeded(graph, ['1'])).get('1'), {
      emails: 120,
      mailboxes: [
        { kind: 'Google', dailyLimit: 30, mailboxes: 4 },
        { kind: 'Microsoft', dailyLimit: 40, mailboxes: 3 },
      ],
    });
    // Without a sender of its own: what all accounts are like.
    assert.deepEqual(
      atOnce(mailboxesNeeded(graph, ['2']))
        .get('2')
        ?.mailboxes.map(({ kind, mailboxes }) => [kind, mailboxes]),
      [
        ['Google', 1],
        ['Microsoft', 1],
        [undefined, 1],
      ],
    );
    assert.equal(atOnce(mailboxesNeeded(graph, ['3'])).get('3'), undefined);
    assert.equal(atOnce(mailboxesNeeded(graph, ['nobody'])).get('nobody'), undefined);
  });

  it('gives way while there are many accounts', () => {
    const accounts = Array.from({ length: 5000 }, (_, place) => account(`a${place}`, { dailyLimit: 1 + (place % 40) }));
    const graph = graphOf(
      accounts,
      Array.from({ length: 40 }, (_, place) =>
        campaign(`c${place}`, {
          dailyLimit: 5000,
          listedSenders: accounts.filter((_, other) => (other * 7 + place * place) % 11 < 2).map(({ key }) => key),
        }),
      ),
    );
    let steps = 0;
    const work = capacity(graph);
    let step = work.next();
    for (; step.done !== true; step = work.next()) {
      steps += 1;
    }
    assert.ok(steps > 50, `${steps} steps`);
    assert.ok(step.value.possible > 0);
  });
});
