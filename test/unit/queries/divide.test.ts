import assert from 'node:assert/strict';
import type { Account } from '../../../src/providers/model.ts';
import { divide, type Division } from '../../../src/queries/divide.ts';
import { atOnce } from '../../../src/transport/turns.ts';
import { account, campaign, graphOf } from '../../support/records.ts';

describe('dividing accounts', () => {
  const [eu, us] = [
    { id: 't1', label: 'EU' },
    { id: 't2', label: 'US' },
  ];
  const accounts: readonly Account[] = [
    account('a@x.com', { clientId: '7', tags: [eu, us] }),
    account('b@y.com', { tags: [us] }),
    account('c@Y.com', { clientId: '7' }),
    account('nobody', {}),
  ];
  const graph = graphOf(accounts, [
    campaign('1', { listedSenders: ['a@x.com', 'b@y.com'] }),
    campaign('2', { name: '', listedSenders: ['b@y.com'] }),
  ]);
  const shares = (by: Division) =>
    atOnce(divide(accounts, graph, by)).map(
      ({ value, label, accounts: found }) => `${value}|${label}|${found.map(({ key }) => key).join()}`,
    );

  it('puts the largest share first and those that share nothing last', () => {
    assert.deepEqual(shares('domain'), ['y.com|y.com|b@y.com,c@Y.com', 'x.com|x.com|a@x.com', '|No domain|nobody']);
    assert.deepEqual(shares('client'), ['7|Client 7|a@x.com,c@Y.com', '|No client|b@y.com,nobody']);
  });

  it('has an account in each share that it belongs to', () => {
    assert.deepEqual(shares('tag'), ['t2|US|a@x.com,b@y.com', 't1|EU|a@x.com', '|No tag|c@Y.com,nobody']);
    assert.deepEqual(shares('campaign'), [
      '1|Campaign 1|a@x.com,b@y.com',
      '2|Campaign 2|b@y.com',
      '|No campaign|c@Y.com,nobody',
    ]);
  });

  it('has no share of nothing', () => {
    assert.deepEqual(atOnce(divide([], graph, 'domain')), []);
  });
});
