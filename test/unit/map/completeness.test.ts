import assert from 'node:assert/strict';
import { missingOf, type CompletenessFacts } from '../../../src/map/completeness.ts';
import type { ReadingStatus } from '../../../src/map/listView.ts';
import { ServiceError } from '../../../src/transport/errors.ts';

type List = CompletenessFacts['accounts'];

/** A list of so many records that came to its end, but for what a test says. */
const list = (facts: Partial<List> = {}): List => ({
  records: { size: 5 },
  status: 'complete',
  known: true,
  pages: 2,
  pagesBefore: 2,
  completedAt: 1,
  error: undefined,
  invalid: [],
  warnings: [],
  ...facts,
});

const missing = (facts: Partial<CompletenessFacts>): string[] =>
  missingOf({ accounts: list(), campaigns: list(), scan: undefined, others: [], ...facts });

describe('completeness', () => {
  it('lacks nothing where both lists came to their end', () => {
    assert.deepEqual(missing({}), []);
    assert.deepEqual(
      missing({ accounts: list({ records: { size: 0 } }), scan: { scanned: 3, total: 3, failed: 0 } }),
      [],
    );
  });

  const statuses: Readonly<Record<Exclude<ReadingStatus, 'complete'>, RegExp>> = {
    idle: /not read yet$/,
    reading: /still being read$/,
    capped: /not read automatically/,
    stopped: /the sync was stopped$/,
    failed: /not read yet$/,
  };
  for (const [status, why] of Object.entries(statuses) as [ReadingStatus, RegExp][]) {
    it(`says from which page on a list is missing that is ${status}`, () => {
      const [first, ...more] = missing({ accounts: list({ status, known: false, pages: 3, records: { size: 300 } }) });
      assert.ok(first!.startsWith('accounts after the first 300, from page 4 on: '), first);
      assert.match(first!, why);
      assert.deepEqual(more, []);
    });

    it(`says what may have changed in a list that was known before, and is ${status}`, () => {
      const [first, ...more] = missing({ campaigns: list({ status, known: true, pages: 0 }) });
      assert.ok(first!.startsWith('campaigns that changed since the last sync, from page 1 on: '), first);
      assert.match(first!, why);
      assert.deepEqual(more, []);
    });
  }

  it('says why a list failed in the words of the error', () => {
    const error = new ServiceError('unavailable', { service: 'X', serviceMessage: 'busy' });
    const [first] = missing({ accounts: list({ status: 'failed', known: false, error }) });
    assert.equal(first, `accounts after the first 5, from page 3 on: ${error.message}`);
  });

  it('names each record that cannot be read, and counts those beyond a hundred', () => {
    const records = (count: number) =>
      Array.from({ length: count }, (_, row) => ({ label: `r${row}`, problem: 'has no id' }));
    assert.deepEqual(missing({ campaigns: list({ invalid: records(2) }) }), [
      'campaigns: the record "r0" has no id',
      'campaigns: the record "r1" has no id',
    ]);
    assert.equal(missing({ accounts: list({ invalid: records(100) }) }).length, 100);
    const many = missing({ accounts: list({ invalid: records(1234) }) });
    assert.equal(many.length, 101);
    assert.equal(many.at(-1), 'accounts: 1134 more records that cannot be read');
  });

  it('says what a list did that may have hidden records, though it came to its end', () => {
    assert.deepEqual(missing({ accounts: list({ warnings: ['it moved', 'it shrank'] }) }), [
      'possibly some accounts: it moved',
      'possibly some accounts: it shrank',
    ]);
  });

  it('counts the campaigns that were not asked for their senders', () => {
    assert.deepEqual(missing({ scan: { scanned: 3, total: 10, failed: 2 } }), ['senders of 7 of 10 campaigns']);
    assert.deepEqual(missing({ scan: { scanned: 0, total: 0, failed: 0 } }), []);
  });

  it('lists all that is missing: accounts first, then campaigns, senders, and the rest', () => {
    assert.deepEqual(
      missing({
        accounts: list({
          status: 'stopped',
          invalid: [{ label: 'r', problem: 'has no email' }],
          warnings: ['it moved'],
        }),
        campaigns: list({ status: 'idle', known: false, pages: 0, records: { size: 0 } }),
        scan: { scanned: 1, total: 2, failed: 0 },
        others: ['tags of campaigns'],
      }),
      [
        'accounts that changed since the last sync, from page 3 on: the sync was stopped',
        'accounts: the record "r" has no email',
        'possibly some accounts: it moved',
        'campaigns after the first 0, from page 1 on: not read yet',
        'senders of 1 of 2 campaigns',
        'tags of campaigns',
      ],
    );
  });
});
