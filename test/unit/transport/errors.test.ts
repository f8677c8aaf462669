import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import {
  errorKinds,
  internalError,
  isAbort,
  isMistake,
  isServiceError,
  nextStep,
  ServiceError,
  stackOf,
  type ErrorKind,
  type Fix,
} from '../../../src/transport/errors.ts';

/** What each kind of error says of an answer with a status and words, and what it offers. */
const WORDS: Readonly<Record<ErrorKind, readonly [message: string, fix: Fix, words: RegExp]>> = {
  badKey: ['Instantly refused the key (400: No more).', 'replaceKey', /Replace the key/],
  missingScope: ['This key lacks permission (400: No more).', 'checkKey', /Check the scopes/],
  planInactive: [
    'Instantly says that the plan of this workspace is not active (400: No more).',
    'none',
    /Check the plan of this workspace in Instantly/,
  ],
  notFound: ['Instantly could not find this (400: No more).', 'retry', /deleted or renamed/],
  rateLimited: ['Instantly rate limit reached (400: No more).', 'retry', /Wait until then/],
  unavailable: ['Instantly is not available right now (400: No more).', 'retry', /with Instantly itself/],
  blocked: ['The gateway in front of Instantly blocked the request (400: No more).', 'retry', /another network/],
  network: ['Instantly could not be reached (400: No more).', 'retry', /proxy and certificate/],
  timeout: ['Instantly did not answer in time (400: No more).', 'retry', /sendmap\.network\.timeout/],
  malformed: ['Unexpected response from Instantly (400: No more).', 'showLog', /See the log/],
  ended: ['Reading from Instantly stopped before it finished (400: No more).', 'retry', /Read again/],
  internal: ['Something went wrong in Sendmap itself. The log has the details.', 'showLog', /report it/],
  setting: ['The setting a.b is not valid (400: No more).', 'openSettings', /Correct the setting a\.b/],
  changesOff: [
    'Changes are turned off, so nothing was sent to Instantly.',
    'openSettings',
    /Turn on the setting a\.b to allow them/,
  ],
  keychain: ['Instantly could not use the keychain of this computer (400: No more).', 'retry', /Unlock or set up/],
};

describe('errors', () => {
  it('each have a sentence and a next step of their own', () => {
    const sentences = errorKinds.map((kind) => new ServiceError(kind, { service: 'Instantly', setting: 'a.b' }));
    assert.equal(new Set(sentences.map(({ message }) => message)).size, errorKinds.length);
    for (const error of sentences) {
      assert.match(error.message, /^\S.*\.$/);
      assert.match(nextStep(error).words, /^\S.*\.$/);
    }
  });

  for (const kind of errorKinds) {
    it(`say what happened and what to do: ${kind}`, () => {
      const [message, fix, words] = WORDS[kind];
      const details = { service: 'Instantly', setting: 'a.b', status: 400, serviceMessage: ' No more. ' };
      const error = new ServiceError(kind, details);
      assert.equal(error.message, message);
      assert.equal(nextStep(error).fix, fix);
      assert.match(nextStep(error).words, words);
    });
  }

  it('say no more than the service did', () => {
    const said = (details: { status?: number; serviceMessage?: string }) =>
      new ServiceError('notFound', { service: 'Instantly', ...details }).message;
    assert.equal(said({}), 'Instantly could not find this.');
    assert.equal(said({ status: 404 }), 'Instantly could not find this (404).');
    assert.equal(said({ status: 404, serviceMessage: ' . ' }), 'Instantly could not find this (404).');
    assert.equal(said({ serviceMessage: 'Gone. For good.' }), 'Instantly could not find this (Gone. For good).');
    const { message } = new ServiceError('badKey', { service: 'Instantly' });
    assert.equal(message, 'There is no key for Instantly.');
  });

  it('say when they try again', () => {
    const retryAt = Date.now() + 60_000;
    const { message } = new ServiceError('rateLimited', { service: 'Instantly', status: 429, retryAt });
    assert.match(message, /^Instantly rate limit reached; retrying at \d?\d:\d\d.* \(429\)\.$/);
  });

  it('are told from cancelled work and from mistakes in the code', () => {
    const aborted = AbortSignal.abort().reason as Error;
    const own = internalError();
    for (const [error, ...expected] of [
      [own, true, false, false],
      [Object.assign(new Error('of another bundle'), { name: 'SendmapError', kind: 'internal' }), true, false, false],
      [Object.assign(new Error('without a kind'), { name: 'SendmapError' }), false, false, false],
      [Object.assign(new Error('with a kind'), { kind: 'internal' }), false, false, false],
      [{ name: 'SendmapError', kind: 'internal' }, false, false, true],
      [aborted, false, true, false],
      [{ name: 'AbortError' }, false, false, true],
      [new TypeError('undefined is not a function'), false, false, true],
      [new Error('EACCES'), false, false, false],
      ['words', false, false, true],
      [undefined, false, false, true],
    ] as const) {
      assert.deepEqual([isServiceError(error), isAbort(error), isMistake(error)], expected, inspect(error));
    }
    assert.equal(own.service, 'Sendmap');
  });

  it('come to the log with their stack, or as what was thrown', () => {
    const error = new Error('broken');
    assert.equal(stackOf(error), error.stack);
    delete error.stack;
    assert.equal(stackOf(error), 'broken');
    assert.equal(stackOf({ a: 1 }), '{ a: 1 }');
  });

  it('offer to read again where a reading was stopped, and suspect no deletion', () => {
    const error = new ServiceError('ended', { service: 'Instantly' });
    assert.equal(error.message, 'Reading from Instantly stopped before it finished.');
    assert.deepEqual(nextStep(error), { words: 'Read again.', fix: 'retry' });
  });
});
