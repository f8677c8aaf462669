import assert from 'node:assert/strict';
import { READ } from '../../../src/documents/reports/readWords.ts';
import { rules } from '../../../src/health/rules/index.ts';

describe('what rules look at', () => {
  const names = new Set(
    rules
      .flatMap(({ reads, readsFacts = [] }) => [...reads, ...readsFacts])
      .map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)),
  );

  it('has words in explanations, and nothing else has', () => {
    assert.deepEqual(Object.keys(READ).sort(), [...names].sort());
  });
});
