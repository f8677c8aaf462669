import assert from 'node:assert/strict';
import { changeLists } from '../../../src/health/changeLists.ts';
import type { AccountChange, Changes } from '../../../src/health/changes.ts';
import type { Account } from '../../../src/providers/model.ts';
import { account, campaign } from '../../support/records.ts';

const none: Changes = {
  since: 0,
  newlyBroken: [],
  recovered: [],
  scoreDrops: [],
  statusChanges: [],
  campaignsPausedByService: [],
  campaignChanges: [],
  joined: [],
  left: [],
  accountsAdded: [],
  accountsRemoved: [],
  campaignsAdded: [],
  campaignsRemoved: [],
};

function changed(now: Account, before: Partial<Pick<AccountChange, 'was' | 'scoreWas'>>): AccountChange {
  const { statusWords: is, warmupScore: scoreIs } = now;
  return { account: now, was: 'Active', is, scoreWas: undefined, scoreIs, ...before };
}

describe('what changed, as lists', () => {
  const listsOf = (changes: Partial<Changes>) =>
    [...changeLists({ ...none, ...changes })].map(([kind, rows]) => [kind, rows.map(({ id, change }) => [id, change])]);

  it('has for each account and campaign what it was and what it is', () => {
    const broken = account('a@x.com', { state: 'error', statusWords: 'Connection error' });
    const stopped = campaign('1', { state: 'error', statusWords: 'Bounce protect' });
    assert.deepEqual(
      listsOf({
        scoreDrops: [changed(account('b@x.com', { warmupScore: 62 }), { scoreWas: 91 })],
        newlyBroken: [changed(broken, {})],
        campaignsPausedByService: [{ campaign: stopped, was: 'Active', is: 'Bounce protect' }],
        accountsAdded: [account('c@x.com')],
      }),
      [
        ['newlyBroken', [['a@x.com', 'Active → Connection error']]],
        ['scoreDrops', [['b@x.com', '91 → 62']]],
        ['campaignsPausedByService', [['1', 'Active → Bounce protect']]],
        ['accountsAdded', [['c@x.com', undefined]]],
      ],
    );
  });

  it('does not say that something became what it was called before', () => {
    const broken = account('a@x.com', { state: 'error', statusWords: 'Active' });
    const newlyBroken = [changed(broken, {}), changed(account('b@x.com', { state: 'error' }), { was: '' })];
    assert.deepEqual(listsOf({ newlyBroken }), [
      [
        'newlyBroken',
        [
          ['a@x.com', undefined],
          ['b@x.com', undefined],
        ],
      ],
    ]);
  });

  it('has an account that joined several campaigns once', () => {
    const edge = (key: string, id: string, name: string) => ({ account: account(key), campaign: { id, name } });
    assert.deepEqual(
      listsOf({
        joined: [
          edge('a@x.com', '1', 'Q4'),
          edge('b@x.com', '2', ''),
          edge('a@x.com', '2', ''),
          edge('a@x.com', '3', 'Q1'),
        ],
      }),
      [
        [
          'joined',
          [
            ['a@x.com', 'Q4 +2'],
            ['b@x.com', 'Campaign 2'],
          ],
        ],
      ],
    );
  });
});
