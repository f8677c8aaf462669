import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { Gaps } from '../../../src/map/gaps.ts';
import type { EdgeReader } from '../../../src/map/sync/edgeReader.ts';
import type { Lists } from '../../../src/map/sync/lists.ts';
import { Synchronizer } from '../../../src/map/sync/synchronizer.ts';
import { MemoryLog } from '../../support/connect.ts';

/** A synchronizer whose lists stand where the test puts them; a reading of them ends when the test says so. */
function standing() {
  const { promise: reading, resolve: end } = Promise.withResolvers<undefined>();
  const list = () => ({
    pages: 0,
    pagesBefore: 0,
    status: 'idle',
    records: { size: 0, numbers: 0 },
    mayLack: false,
    read: () => reading,
  });
  const lists = { accounts: list(), campaigns: list(), read: false };
  const edges = {
    scan: undefined as { scanned: number; total: number; failed: number } | undefined,
    scanCounts: { scanned: 0, total: 0, failed: 0 },
    startOver: () => undefined,
    read: () => Promise.resolve(),
  };
  const synchronizer = new Synchronizer(
    lists as unknown as Lists,
    edges as unknown as EdgeReader,
    new Gaps(),
    new MemoryLog(),
    { onProgress: () => undefined, onEnd: () => undefined },
  );
  return { lists, edges, synchronizer, end };
}

describe('how far a sync has come', () => {
  afterEach(() => {
    mock.restoreAll();
  });

  it('is not known before anything says how much there is', () => {
    const { synchronizer, lists } = standing();
    lists.accounts.pages = 2;
    const { running, pages, pagesBefore, requestsLeft, timeLeft } = synchronizer.progress;
    assert.deepEqual(
      [running, pages, pagesBefore, requestsLeft, timeLeft],
      [false, 2, undefined, undefined, undefined],
    );
  });

  it('goes by the pages that there were the last time', () => {
    const { synchronizer, lists } = standing();
    Object.assign(lists.accounts, { pages: 3, pagesBefore: 10 });
    Object.assign(lists.campaigns, { pages: 1, pagesBefore: 4 });
    assert.deepEqual([synchronizer.progress.pagesBefore, synchronizer.progress.requestsLeft], [14, 10]);
    // There are more campaigns than there were.
    lists.campaigns.pages = 6;
    assert.deepEqual([synchronizer.progress.pagesBefore, synchronizer.progress.requestsLeft], [16, 7]);
    lists.accounts.pages = 30;
    assert.equal(synchronizer.progress.requestsLeft, 0);
  });

  it('goes in a first sync by the accounts that campaigns name, once those are all read', () => {
    const { synchronizer, lists } = standing();
    Object.assign(lists.accounts, { pages: 2, records: { size: 200, numbers: 930 } });
    lists.campaigns.pages = 5;
    assert.equal(synchronizer.progress.requestsLeft, undefined);
    lists.campaigns.status = 'complete';
    assert.equal(synchronizer.progress.requestsLeft, 8);
    lists.accounts.records = { size: 200, numbers: 200 };
    assert.equal(synchronizer.progress.requestsLeft, undefined);
    Object.assign(lists.accounts, { pages: 0, records: { size: 0, numbers: 930 } });
    assert.equal(synchronizer.progress.requestsLeft, undefined);
    Object.assign(lists.accounts, { pages: 1 });
    assert.equal(synchronizer.progress.requestsLeft, undefined);
  });

  it('counts the campaigns that are to be asked for their senders, but those that failed', () => {
    const { synchronizer, lists, edges } = standing();
    Object.assign(lists.accounts, { pages: 3, pagesBefore: 10 });
    edges.scan = { scanned: 5, total: 20, failed: 2 };
    assert.equal(synchronizer.progress.requestsLeft, 7 + 13);
    lists.read = true;
    assert.deepEqual([synchronizer.progress.requestsLeft, synchronizer.progress.scan], [13, edges.scan]);
    edges.scan = undefined;
    assert.equal(synchronizer.progress.requestsLeft, 0);
  });

  it('takes of time what the requests of this sync took so far, once there are three', async () => {
    const now = mock.method(performance, 'now', () => 1000);
    const { synchronizer, lists, edges, end } = standing();
    Object.assign(lists.accounts, { pages: 4, pagesBefore: 20, status: 'reading' });
    // Pages and campaigns that were read before it began do not count.
    edges.scanCounts = { scanned: 6, total: 20, failed: 0 };
    edges.scan = { scanned: 6, total: 20, failed: 0 };
    synchronizer.startedAt = Date.now();
    const syncing = synchronizer.sync({ again: false, cap: 0, priority: 'background' });
    now.mock.mockImplementation(() => 4000);
    lists.accounts.pages = 5;
    edges.scan = { scanned: 7, total: 20, failed: 0 };
    assert.deepEqual([synchronizer.progress.running, synchronizer.progress.timeLeft], [true, undefined]);
    lists.accounts.pages = 6;
    // 3 requests in 3 seconds; 14 pages and 13 campaigns are left.
    assert.deepEqual([synchronizer.progress.requestsLeft, synchronizer.progress.timeLeft], [27, 27_000]);
    end(undefined);
    await syncing;
    assert.deepEqual([synchronizer.progress.running, synchronizer.progress.timeLeft], [false, undefined]);
  });
});
