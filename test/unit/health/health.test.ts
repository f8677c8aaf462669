import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Health, HealthOptions } from '../../../src/health/health.ts';
import { impactOf } from '../../../src/health/impact.ts';
import type { Account, Campaign } from '../../../src/providers/model.ts';
import { atOnce } from '../../../src/transport/turns.ts';
import { healthOf, newHealth } from '../../support/health.ts';
import { account, campaign, graphOf, storeOf } from '../../support/records.ts';

const broken = (key: string, rest: Partial<Account> = {}) =>
  account(key, {
    state: 'error',
    dailyLimit: 30,
    problems: [{ kind: 'disconnected', words: 'SMTP disconnected', reason: '535 no' }],
    ...rest,
  });

function evaluated(
  accounts: readonly Account[],
  campaigns: readonly Campaign[] = [],
  rest: Partial<HealthOptions> = {},
) {
  const parts = storeOf({ accounts, campaigns });
  return { ...parts, health: healthOf(parts.graph, rest) };
}

const summary = (health: Health) =>
  health.summaries.map(({ rule, count, emailsPerDay }) => `${rule.id} ${count} ${emailsPerDay}`);

describe('health', () => {
  it('counts what fires and what it costs, the worst first', () => {
    const { health, graph } = evaluated(
      [
        broken('a@x.com'),
        broken('b@y.com'),
        account('c@x.com', { dailyLimit: 40, warmupScore: 70 }),
        account('d@x.com', { dailyLimit: 20 }),
      ],
      [
        campaign('1', { listedSenders: ['a@x.com', 'c@x.com'], dailyLimit: 40 }),
        campaign('2', { listedSenders: ['b@y.com'], state: 'paused' }),
      ],
    );
    assert.deepEqual(summary(health), [
      'disconnected 2 30',
      'warmup-score-low 1 40',
      'senders-unhealthy 1 40',
      'idle 1 20',
    ]);
    const impact = atOnce(impactOf(graph, atOnce(health.accountsWith('disconnected'))));
    assert.deepEqual(
      { ...impact, campaigns: impact.campaigns.map(({ id }) => id) },
      { campaigns: ['1'], emailsPerDay: 30, ofAll: 70 },
    );
  });

  it('does not say twice what one rule explains', () => {
    const { health } = evaluated(
      [broken('a@x.com', { warmup: 'off', warmupScore: 10 })],
      [campaign('1', { listedSenders: ['a@x.com'] })],
    );
    assert.deepEqual(
      health.rulesOfAccount('a@x.com').map(({ id }) => id),
      ['disconnected'],
    );
    assert.deepEqual(
      health.rulesOfCampaign('1').map(({ id }) => id),
      ['no-healthy-senders'],
    );
  });

  it('says what a rule explained where that rule is off', () => {
    const { health } = evaluated(
      [broken('a@x.com', { warmupScore: 10 })],
      [campaign('1', { listedSenders: ['a@x.com'] })],
      { off: new Set(['disconnected']) },
    );
    assert.deepEqual(
      health.rulesOfAccount('a@x.com').map(({ id }) => id),
      ['warmup-score-low'],
    );
  });

  it('leaves out what is snoozed, also where that explained something', () => {
    const { health } = evaluated([broken('a@x.com'), broken('b@x.com')], [], {
      snoozed: (kind, id) => (kind === 'account' && id === 'a@x.com' ? 'all' : undefined),
    });
    assert.deepEqual(summary(health), ['disconnected 1 0']);
  });

  it('takes a domain whose mailboxes fail in the same way for one finding', () => {
    const { health } = evaluated([
      broken('a@x.com'),
      broken('b@x.com'),
      broken('c@x.com'),
      account('d@x.com'),
      broken('a@y.com'),
      broken('b@y.com'),
    ]);
    assert.equal(health.isBurnt('x.com', 'disconnected'), true);
    assert.equal(health.isBurnt('y.com', 'disconnected'), false);
    assert.equal(health.findingsOf('critical'), 3);
    assert.equal(health.mailboxesOf('x.com'), 4);
  });

  it('never takes a domain for burnt at which anyone gets a mailbox', () => {
    for (const domain of ['gmail.com', 'Outlook.com', 'yahoo.com', 'hotmail.com', 'icloud.com']) {
      const { health } = evaluated(['a', 'b', 'c', 'd'].map((name) => broken(`${name}@${domain}`)));
      assert.equal(health.isBurnt(domain.toLowerCase(), 'disconnected'), false, domain);
      assert.equal(health.findingsOf('critical'), 4, domain);
    }
    const { health } = evaluated(['a', 'b', 'c', 'd'].map((name) => broken(`${name}@mail.gmail.com.test`)));
    assert.equal(health.isBurnt('mail.gmail.com.test', 'disconnected'), true);
  });

  it('knows tags that resolve to no account, and limits beyond what senders can send', () => {
    const tag = { id: 't1', label: 'EU' };
    const { health } = evaluated(
      [account('a@x.com', { dailyLimit: 30, tags: [tag] }), broken('b@x.com')],
      [
        campaign('1', { senderTagIds: ['t1', 't2'], dailyLimit: 31 }),
        campaign('2', { listedSenders: ['a@x.com', 'b@x.com', 'c@x.com'], dailyLimit: 900 }),
      ],
    );
    assert.deepEqual(
      health.rulesOfCampaign('1').map(({ id }) => id),
      ['limit-beyond-senders', 'tag-empty'],
    );
    assert.equal(health.emailsOfCampaign('1', 'limit-beyond-senders'), 1);
    // One of its senders is in no list, so that nobody knows its limit.
    assert.deepEqual(
      health.rulesOfCampaign('2').map(({ id }) => id),
      ['senders-unhealthy'],
    );
  });

  it('fires again only where something else fires', () => {
    const { health, store } = evaluated([account('a@x.com', { warmupScore: 70 })]);
    let changes = 0;
    health.onDidChange(() => {
      changes += 1;
    });
    store.putAccount(account('a@x.com', { warmupScore: 71 }), 2);
    atOnce(health.update({ accounts: new Set(['a@x.com']), campaigns: new Set() }));
    assert.equal(changes, 0);
    store.putAccount(account('a@x.com', { warmupScore: 81 }), 2);
    atOnce(health.update({ accounts: new Set(['a@x.com']), campaigns: new Set() }));
    assert.equal(changes, 1);
  });

  it('is after any changes what it would be if it were evaluated anew', () => {
    const keys = ['a@x.com', 'b@x.com', 'c@x.com', 'd@y.com', 'e@y.com'];
    const record = fc.record({
      key: fc.constantFrom(...keys),
      gone: fc.boolean(),
      down: fc.boolean(),
      warmupScore: fc.option(fc.integer({ min: 60, max: 100 }), { nil: undefined }),
      dailyLimit: fc.option(fc.integer({ min: 0, max: 80 }), { nil: undefined }),
    });
    const lists = fc.record({
      id: fc.constantFrom('1', '2'),
      gone: fc.boolean(),
      paused: fc.boolean(),
      dailyLimit: fc.option(fc.integer({ min: 0, max: 200 }), { nil: undefined }),
      listedSenders: fc.subarray(keys),
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(record, lists), { maxLength: 20 }), (changes) => {
        const parts = storeOf({});
        const health = healthOf(parts.graph);
        parts.feed.onDidChange((change) => {
          atOnce(health.update(change));
        });
        for (const change of changes) {
          if ('key' in change) {
            const { key, gone, down, warmupScore, dailyLimit } = change;
            if (gone) {
              parts.store.dropAccount(parts.store.accounts.number(key));
            } else {
              parts.store.putAccount((down ? broken : account)(key, { warmupScore, dailyLimit }), 1);
            }
          } else {
            const { id, gone, paused, dailyLimit, listedSenders } = change;
            if (gone) {
              parts.store.dropCampaign(parts.store.campaigns.number(id));
            } else {
              parts.store.putCampaign(
                campaign(id, { state: paused ? 'paused' : 'healthy', dailyLimit, listedSenders }),
                1,
              );
            }
          }
          parts.feed.publish();
        }
        const fresh = healthOf(parts.graph);
        assert.deepEqual(summary(health), summary(fresh));
        assert.equal(health.findingsOf('critical'), fresh.findingsOf('critical'));
        parts.feed.dispose();
      }),
    );
  });

  it('finds nothing in an empty map', () => {
    const health = newHealth(graphOf([]));
    assert.equal(health.evaluated, false);
    atOnce(health.evaluate());
    assert.equal(health.evaluated, true);
    assert.deepEqual(health.summaries, []);
  });
});
