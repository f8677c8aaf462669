import assert from 'node:assert/strict';
import type { Account } from '../../../src/providers/model.ts';
import { accountFigures, SCORE_BINS, sumOf } from '../../../src/queries/figures.ts';
import { atOnce } from '../../../src/transport/turns.ts';
import { account } from '../../support/records.ts';

const figuresOf = (lists: readonly (readonly Account[])[], most = 20) => atOnce(accountFigures(lists, most));

describe('figures', () => {
  it('count nothing where there is nothing', () => {
    assert.deepEqual(figuresOf([]), {
      accounts: 0,
      states: { error: 0, warning: 0, paused: 0, unknown: 0, healthy: 0 },
      domains: 0,
      troubledDomains: 0,
      worstDomains: [],
      scores: Array.from({ length: SCORE_BINS }, () => 0),
      unscored: 0,
    });
  });

  it('count every account once, by its state and by its score, over all lists', () => {
    const one = [
      account('a@a.test', { state: 'error', warmupScore: 0 }),
      account('b@a.test', { state: 'warning', warmupScore: 9.9 }),
      account('c@b.test', { state: 'paused', warmupScore: 10 }),
      account('no domain', { state: 'unknown' }),
    ];
    const other = [
      account('d@A.TEST', { warmupScore: 89 }),
      account('e@c.test', { warmupScore: 90 }),
      account('f@c.test', { warmupScore: 100 }),
      // What no service should send counts with what is nearest.
      account('g@c.test', { warmupScore: 140 }),
      account('h@c.test', { warmupScore: -3 }),
      account('i@c.test', { state: 'done' }),
    ];
    const figures = figuresOf([one, other]);
    assert.equal(figures.accounts, 10);
    assert.deepEqual(figures.states, { error: 1, warning: 1, paused: 1, unknown: 2, healthy: 5 });
    assert.equal(sumOf(figures.states), figures.accounts);
    assert.deepEqual(figures.scores, [3, 1, 0, 0, 0, 0, 0, 0, 1, 3]);
    assert.equal(figures.unscored, 2);
    assert.equal(
      figures.scores.reduce((sum, count) => sum + count, figures.unscored),
      figures.accounts,
    );
    assert.equal(figures.domains, 3);
  });

  it('name the worst domains first, and only those with mailboxes that are broken or at risk', () => {
    const of = (domain: string, ...states: Account['state'][]) =>
      states.map((state, index) => account(`${index}@${domain}`, { state }));
    const accounts = [
      ...of('fine.test', 'healthy', 'paused', 'unknown'),
      ...of('risk.test', 'warning', 'healthy'),
      ...of('large.test', 'error', 'error', 'healthy', 'healthy'),
      ...of('burnt.test', 'error', 'error'),
      ...of('b.test', 'error'),
      ...of('a.test', 'error'),
      ...of('worse.test', 'error', 'warning'),
    ];
    const all = figuresOf([accounts]);
    assert.deepEqual(
      all.worstDomains.map(({ domain }) => domain),
      ['burnt.test', 'large.test', 'worse.test', 'a.test', 'b.test', 'risk.test'],
    );
    assert.deepEqual([all.domains, all.troubledDomains], [7, 6]);
    assert.deepEqual(all.worstDomains[1], {
      domain: 'large.test',
      accounts: 4,
      states: { error: 2, warning: 0, paused: 0, unknown: 0, healthy: 2 },
    });
    for (const most of [0, 1, 4]) {
      const cut = figuresOf([accounts.toReversed()], most);
      assert.deepEqual(cut.worstDomains, all.worstDomains.slice(0, most));
      assert.equal(cut.troubledDomains, 6);
    }
  });
});
