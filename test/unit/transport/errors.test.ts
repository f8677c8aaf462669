import assert from 'node:assert/strict';
import { errorKinds, nextStep, ServiceError } from '../../../src/transport/errors.ts';

describe('errors', () => {
  it('each have a sentence and a next step of their own', () => {
    const sentences = errorKinds.map((kind) => new ServiceError(kind, { service: 'Instantly', setting: 'a.b' }));
    assert.equal(new Set(sentences.map(({ message }) => message)).size, errorKinds.length);
    for (const error of sentences) {
      assert.match(error.message, /^\S.*\.$/);
      assert.match(nextStep(error).words, /^\S.*\.$/);
    }
  });

  it('offer to read again where a reading was stopped, and suspect no deletion', () => {
    const error = new ServiceError('ended', { service: 'Instantly' });
    assert.equal(error.message, 'Reading from Instantly stopped before it finished.');
    assert.deepEqual(nextStep(error), { words: 'Read again.', fix: 'retry' });
  });
});
