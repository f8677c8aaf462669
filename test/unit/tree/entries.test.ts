import assert from 'node:assert/strict';
import { dividedChanges, entriesOfShare, type Entry } from '../../../src/tree/entries.ts';
import { LONGEST_LIST } from '../../../src/tree/layout.ts';
import { account, graphOf } from '../../support/records.ts';

describe('accounts that changed', () => {
  const emails = (count: number, domains: number) =>
    Array.from({ length: count }, (_, index) => `u${index}@d${index % domains}.test`);
  const entriesOf = (keys: readonly string[]): Entry[] =>
    keys.map((id) => ({ kind: 'account', id, change: `${id} fell` }));
  const divided = (keys: readonly string[], entries = entriesOf(keys)) =>
    dividedChanges(entries, graphOf(keys.map((key) => account(key))), 'domain');

  it('are one list where a list can show them', async () => {
    const entries = entriesOf(emails(LONGEST_LIST, 4));
    assert.equal(await divided(emails(LONGEST_LIST, 4), entries), entries);
  });

  it('are divided where there are more, and keep what became of them', async () => {
    const keys = emails(LONGEST_LIST + 1, 4);
    const shares = await divided(keys);
    assert.deepEqual(
      shares.map((entry) => (entry.kind === 'share' ? [entry.share.value, entry.share.accounts.length] : entry)),
      [
        ['d0.test', 251],
        ['d1.test', 250],
        ['d2.test', 250],
        ['d3.test', 250],
      ],
    );
    const below = shares.flatMap((entry) => (entry.kind === 'share' ? entriesOfShare(entry) : []));
    assert.deepEqual(
      below.map((entry) => JSON.stringify(entry)).sort(),
      entriesOf(keys)
        .map((entry) => JSON.stringify(entry))
        .sort(),
    );
  });

  it('stay one list where nothing divides them, and lose none that is gone', async () => {
    const keys = emails(LONGEST_LIST + 1, 1);
    assert.equal((await divided(keys)).length, LONGEST_LIST + 1);
    const gone: Entry = { kind: 'account', id: 'gone@x.test' };
    const shares = await divided(emails(LONGEST_LIST, 2), [...entriesOf(emails(LONGEST_LIST, 2)), gone]);
    assert.deepEqual(shares.at(-1), gone);
    assert.equal(shares.length, 3);
  });
});
