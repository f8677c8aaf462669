import assert from 'node:assert/strict';
import { possibleOf } from '../../../src/health/senders.ts';
import type { Account, Campaign } from '../../../src/providers/model.ts';
import { atOnce } from '../../../src/transport/turns.ts';
import { account, campaign, graphOf, storeOf } from '../../support/records.ts';

describe('what a campaign wants against what its senders can send', () => {
  const down: Partial<Account> = { state: 'error', problems: [{ kind: 'disconnected', words: 'SMTP disconnected' }] };
  const senders = [
    account('a@x.com', { dailyLimit: 30 }),
    account('b@x.com', { dailyLimit: 60 }),
    account('c@x.com', { dailyLimit: 100, ...down }),
  ];
  const said = (accounts: readonly Account[], rest: Partial<Campaign>) => {
    const row = campaign('1', { listedSenders: accounts.map(({ key }) => key), ...rest });
    return atOnce(possibleOf(graphOf(accounts, [row]), row));
  };

  it('counts those that can send, and no others', () => {
    assert.equal(
      said(senders, { dailyLimit: 1500 }),
      'Wants 1,500 emails a day; its 2 working senders can send at most 90',
    );
    assert.equal(
      said(senders.slice(1), { dailyLimit: 50 }),
      'Wants 50 emails a day; its 1 working sender can send at most 60',
    );
    assert.equal(said(senders.slice(2), { dailyLimit: 50 }), 'Wants 50 emails a day; none of its senders can send');
  });

  it('says what is possible where nobody says what is wanted', () => {
    assert.equal(said(senders, {}), 'Its 2 working senders can send at most 90 emails a day');
    assert.equal(said(senders.slice(1), {}), 'Its 1 working sender can send at most 60 emails a day');
    assert.equal(said(senders.slice(2), {}), 'None of its senders can send');
  });

  it('counts those apart whose limit is not known', () => {
    const [one, other] = [account('d@x.com'), account('e@x.com')];
    assert.equal(
      said([...senders, one], { dailyLimit: 500 }),
      'Wants 500 emails a day; its 2 working senders can send at most 90; the limit of 1 more is not known',
    );
    assert.match(
      said([...senders, one, other], {}) ?? '',
      /at most 90 emails a day; the limits of 2 more are not known$/,
    );
    assert.equal(said([one, other], { dailyLimit: 500 }), undefined);
  });

  it('says nothing where it is not known, or of a campaign that is not active', () => {
    assert.equal(said([], { dailyLimit: 500 }), undefined);
    assert.equal(said(senders, { dailyLimit: 500, state: 'paused' }), undefined);
    const row = campaign('1', { listedSenders: ['a@x.com'], dailyLimit: 500 });
    const { graph } = storeOf({ accounts: senders, campaigns: [row], known: false });
    assert.equal(atOnce(possibleOf(graph, row)), undefined);
  });
});
