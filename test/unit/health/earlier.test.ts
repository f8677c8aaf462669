import assert from 'node:assert/strict';
import { Earlier } from '../../../src/health/earlier.ts';
import { encodeRecord } from '../../../src/health/record.ts';
import type { Graph } from '../../../src/map/graph.ts';
import type { Account } from '../../../src/providers/model.ts';
import { account, campaign, storeOf } from '../../support/records.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The records of a map, in memory, with the times of those that were read. */
class Shelf {
  readonly bytes = new Map<number, Uint8Array>();
  readonly read: number[] = [];
  readonly damaged: unknown[] = [];

  async write(graph: Graph, at: number, idleSince: (number: number) => number | undefined = () => undefined) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of encodeRecord(graph, at, idleSince)) {
      chunks.push(chunk);
    }
    this.bytes.set(at, Buffer.concat(chunks));
  }

  earlier(graph: Graph): Earlier {
    const records = {
      times: () => Promise.resolve([...this.bytes.keys()].sort((a, b) => b - a)),
      read: (time: number) => {
        this.read.push(time);
        return Promise.resolve(this.bytes.get(time));
      },
    };
    return new Earlier(graph, records, (error) => this.damaged.push(error));
  }
}

describe('what earlier days say', () => {
  const now = Math.floor(Date.now() / HOUR) * HOUR;
  const mapOf = (...accounts: Account[]) =>
    storeOf({ accounts, campaigns: [campaign('1', { listedSenders: ['busy@x.com'] })] });
  const busy = (warmupScore?: number) => account('busy@x.com', { warmupScore });
  const idle = (warmupScore?: number) => account('idle@x.com', { warmupScore });

  it('is the highest score of the last seven days with its time, and since when an account is idle', async () => {
    const shelf = new Shelf();
    await shelf.write(mapOf(busy(100), idle(100)).graph, now - 8 * DAY);
    await shelf.write(mapOf(busy(91), idle(0)).graph, now - 2 * DAY);
    await shelf.write(mapOf(busy(80), idle()).graph, now - DAY, () => now - 5 * DAY);
    const { graph } = mapOf(busy(70), idle(70));
    const earlier = shelf.earlier(graph);
    await earlier.update();
    const of = (key: string) => earlier.of(graph.numberOf(key) ?? -1);
    assert.deepEqual(of('busy@x.com'), { score: 91, scoreAt: now - 2 * DAY, idleSince: undefined });
    assert.deepEqual(of('idle@x.com'), { score: 0, scoreAt: now - 2 * DAY, idleSince: now - 5 * DAY });
    assert.equal(earlier.of(99), undefined);
    assert.deepEqual(shelf.read, [now - DAY, now - 2 * DAY]);
  });

  it('is the same whether a record was just made or is read again, and each is read once', async () => {
    const shelf = new Shelf();
    await shelf.write(mapOf(busy(91), idle(60)).graph, now - 2 * DAY, () => now - 9 * DAY);
    const { graph } = mapOf(busy(95), idle(50));
    const earlier = shelf.earlier(graph);
    await earlier.update();
    await shelf.write(graph, now, (number) => earlier.idleSince(number));
    await earlier.update(now);
    const read = [...shelf.read];
    assert.deepEqual(read, [now - 2 * DAY]);
    const again = shelf.earlier(graph);
    await again.update();
    for (const key of ['busy@x.com', 'idle@x.com']) {
      const number = graph.numberOf(key) ?? -1;
      assert.deepEqual(earlier.of(number), again.of(number), key);
    }
    assert.equal(earlier.idleSince(graph.numberOf('idle@x.com') ?? -1), now - 9 * DAY);
  });

  it('leaves out a record that is gone, that was never written, or that is damaged', async () => {
    const shelf = new Shelf();
    await shelf.write(mapOf(busy(91)).graph, now - DAY);
    await shelf.write(mapOf(busy(80)).graph, now - HOUR);
    const { graph } = mapOf(busy(70));
    const earlier = shelf.earlier(graph);
    const score = () => earlier.of(graph.numberOf('busy@x.com') ?? -1)?.score;
    await earlier.update();
    assert.equal(score(), 91);
    shelf.bytes.delete(now - DAY);
    // As where nothing may be kept on disk.
    await earlier.update(now);
    assert.equal(score(), 80);
    shelf.bytes.set(now - 2 * HOUR, Buffer.from('nonsense'));
    await earlier.update();
    assert.equal(score(), 80);
    assert.equal(shelf.damaged.length, 1);
  });

  it('reads a record again once accounts that it names are known', async () => {
    const shelf = new Shelf();
    await shelf.write(mapOf(busy(91), idle(60)).graph, now - DAY);
    const { graph, store } = mapOf(busy(70));
    const earlier = shelf.earlier(graph);
    await earlier.update();
    await earlier.update();
    assert.deepEqual(shelf.read, [now - DAY]);
    store.putAccount(idle(50), now);
    await earlier.update();
    assert.equal(earlier.of(graph.numberOf('idle@x.com') ?? -1)?.score, 60);
    assert.deepEqual(shelf.read, [now - DAY, now - DAY]);
  });
});
