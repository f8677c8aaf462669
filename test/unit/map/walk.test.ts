import assert from 'node:assert/strict';
import { Walk } from '../../../src/map/walk.ts';
import type { Page } from '../../../src/providers/model.ts';
import { MemoryLog } from '../../support/connect.ts';

describe('walk', () => {
  it('keeps hundreds of thousands of invalid records of one page', async () => {
    const invalid = Array.from({ length: 300_000 }, (_, row) => ({ label: `r${row}`, problem: 'is not an object' }));
    const walk = new Walk<string>({
      service: 'X',
      log: new MemoryLog(),
      async *pages(): AsyncGenerator<Page<string>> {
        yield await Promise.resolve({ items: ['a'], invalid });
      },
      keyOf: (record) => record,
      cap: () => 0,
      onRecords: () => undefined,
      onProgress: () => undefined,
    });
    await walk.load();
    assert.equal(walk.error, undefined);
    assert.equal(walk.status, 'complete');
    assert.equal(walk.invalid.length, 300_000);
  });
});
