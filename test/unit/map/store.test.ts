import assert from 'node:assert/strict';
import fc from 'fast-check';
import { takeAccount } from '../../../src/map/singleReads.ts';
import { account, campaign, storeOf } from '../../support/records.ts';

describe('what accounts claim', () => {
  const reported = { senderLists: {} };
  const claimOf = ({ store }: ReturnType<typeof storeOf>, key: string) =>
    store.edges.claims(store.accounts.number(key));

  it('stays where it was said before the list met the account, and the list says nothing', () => {
    const world = storeOf({ ...reported, campaigns: [campaign('1')] });
    const { store } = world;
    store.claim(store.accounts.number('a'), ['1'], 5);
    store.putAccount(account('a'), 6, 1);
    assert.deepEqual([claimOf(world, 'a'), store.withoutClaims], [['1'], 0]);
  });

  it('goes where a list said it, and says nothing any more', () => {
    const world = storeOf({ ...reported, campaigns: [campaign('1')] });
    const { store } = world;
    store.putAccount(account('a', { campaignIds: ['1'] }), 5, 1);
    store.putAccount(account('a'), 6, 2);
    assert.deepEqual([claimOf(world, 'a'), store.withoutClaims], [undefined, 1]);
  });

  it('stays as old as it is where the own answer of an account does not have it', () => {
    const { store } = storeOf({ ...reported, campaigns: [campaign('1')] });
    store.putAccount(account('a', { campaignIds: ['1'] }), 5, 1);
    store.putSenderList('1', [], 6);
    const campaigns = () => {
      const found: number[] = [];
      store.edges.campaignsOf(store.accounts.number('a'), (number) => found.push(number));
      return found;
    };
    assert.deepEqual(campaigns(), []);
    takeAccount(store, account('a'));
    assert.deepEqual(campaigns(), [], 'what the campaign said later still counts');
    takeAccount(store, account('a', { campaignIds: ['1'] }));
    assert.deepEqual(campaigns(), [store.campaigns.number('1')]);
  });

  it('is in no record, and counted as it is, whatever happens', () => {
    const ids = fc.option(fc.subarray(['1', '2', '3']), { nil: undefined });
    const step = fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      act: fc.constantFrom('list', 'alone', 'claim', 'drop'),
      ids,
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { store } = storeOf(reported);
        let at = 2;
        for (const { key, act, ids: campaignIds } of steps) {
          const number = store.accounts.number(key);
          at += 1;
          if (act === 'drop') {
            store.dropAccount(number);
          } else if (act === 'claim') {
            store.claim(number, campaignIds ?? [], at);
          } else {
            store.putAccount(account(key, { campaignIds }), at, act === 'list' ? at : undefined);
          }
          const listed = store.accounts.rows;
          const lacking = listed.filter((row) => !store.edges.hasClaim(store.accounts.number(row.key)));
          assert.equal(store.withoutClaims, lacking.length);
          assert.ok(listed.every((row) => row.campaignIds === undefined));
        }
      }),
    );
  });

  it('has other words in what campaigns show, where a sender has others', () => {
    const { store, feed } = storeOf({ accounts: [account('a')], campaigns: [campaign('1', { listedSenders: ['a'] })] });
    const changed: string[] = [];
    feed.onDidChange(({ campaigns }) => changed.push(...campaigns));
    store.putAccount(account('a', { statusWords: 'Slow' }), 3);
    feed.publish();
    assert.deepEqual(changed, ['1']);
  });
});
