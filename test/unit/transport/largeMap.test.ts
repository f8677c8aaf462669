import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LargeMap } from '../../../src/transport/largeMap.ts';

describe('a map of many keys', () => {
  it('holds what a Map holds, whatever the keys are', () => {
    const keys = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('', '__proto__', 'a', 'b'));
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, fc.nat())), fc.array(keys), (entries, others) => {
        const expected = new Map(entries);
        const subject = new LargeMap<number>();
        for (const [key, value] of entries) {
          subject.set(key, value);
        }
        for (const key of [...expected.keys(), ...others]) {
          assert.deepEqual([subject.get(key), subject.has(key)], [expected.get(key), expected.has(key)], key);
        }
      }),
      { numRuns: 500 },
    );
  });
});
