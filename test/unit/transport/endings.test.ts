import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { Endings } from '../../../src/transport/endings.ts';

describe('the signals of requests', () => {
  const reason = new Error('enough');

  it('end with any of those that they were begun with, with its reason', () => {
    for (const which of [0, 1]) {
      const sources = [new AbortController(), new AbortController()];
      const { signal } = new Endings().begin(...sources.map((source) => source.signal), undefined);
      assert.equal(signal.aborted, false);
      sources[which]?.abort(reason);
      assert.equal(signal.reason, reason);
    }
  });

  it('have ended where one of those has', () => {
    const { signal } = new Endings().begin(new AbortController().signal, AbortSignal.abort(reason));
    assert.equal(signal.reason, reason);
  });

  it('end alone, and no more once they are over', () => {
    const source = new AbortController();
    const endings = new Endings();
    const [one, other, last] = [0, 1, 2].map(() => endings.begin(source.signal));
    one?.abort(reason);
    other?.over();
    other?.over();
    source.abort(new Error('later'));
    assert.equal(one?.signal.reason, reason);
    assert.equal(other?.signal.aborted, false);
    assert.equal(last?.signal.aborted, true);
  });

  it('all end, also where one of them is over through the end of another', () => {
    const source = new AbortController();
    const endings = new Endings();
    const all = Array.from({ length: 5 }, () => endings.begin(source.signal));
    for (const ending of all) {
      ending.signal.addEventListener('abort', () => {
        ending.over();
      });
    }
    source.abort(reason);
    assert.ok(all.every(({ signal }) => signal.aborted));
  });

  it('leave one listener at a signal, however many requests there were', () => {
    const source = new AbortController();
    const endings = new Endings();
    for (let request = 0; request < 100; request += 1) {
      endings.begin(source.signal).over();
    }
    assert.equal(getEventListeners(source.signal, 'abort').length, 1);
  });
});
