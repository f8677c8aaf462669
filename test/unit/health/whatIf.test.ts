import assert from 'node:assert/strict';
import { whatIf, type CampaignChange } from '../../../src/health/whatIf.ts';
import { atOnce } from '../../../src/transport/turns.ts';
import { account, campaign, graphOf } from '../../support/records.ts';

const shown = (changes: readonly CampaignChange[]) =>
  changes.map(({ before, after, lost }) => [before.id, before.expected, after.expected, lost]);

describe('what if accounts stop', () => {
  const graph = graphOf(
    [account('a', { dailyLimit: 30 }), account('b', { dailyLimit: 30 }), account('c', { dailyLimit: 10 })],
    [
      campaign('only a', { dailyLimit: 20, listedSenders: ['a'] }),
      campaign('a and c', { dailyLimit: 20, listedSenders: ['a', 'c'] }),
      campaign('short', { dailyLimit: 200, listedSenders: ['b', 'c'] }),
      campaign('only b', { dailyLimit: 10, listedSenders: ['b'] }),
      campaign('none', { dailyLimit: 5, listedSenders: [] }),
      campaign('paused', { state: 'paused', dailyLimit: 5, listedSenders: ['a'] }),
    ],
  );

  it('says which campaigns end, fall under their limit, lose, and keep what they have', () => {
    const { before, after, stopped, belowLimit, less } = atOnce(whatIf(graph, ['a']));
    assert.deepEqual([before.possible, after.possible], [70, 40]);
    assert.deepEqual(shown(stopped), [['only a', 20, 0, 20]]);
    assert.deepEqual(shown(belowLimit), [['a and c', 20, 10, 10]]);
    assert.deepEqual(shown(less), []);
  });

  it('tells campaigns that lose apart from those that end', () => {
    const { stopped, belowLimit, less } = atOnce(whatIf(graph, ['b']));
    assert.deepEqual(shown(stopped), [['only b', 10, 0, 10]]);
    assert.deepEqual(shown(belowLimit), [
      ['only a', 20, 15, 5],
      ['a and c', 20, 15, 5],
    ]);
    assert.deepEqual(shown(less), [['short', 20, 10, 10]]);
  });

  it('changes nothing where nobody stops, or nobody that is there', () => {
    for (const keys of [[], ['nobody']]) {
      const { before, after, ...lists } = atOnce(whatIf(graph, keys));
      assert.deepEqual(after, before);
      assert.deepEqual(lists, { stopped: [], belowLimit: [], less: [] });
    }
  });
});
