import assert from 'node:assert/strict';
import { Pace, retryAfter } from '../../../src/transport/pace.ts';

const START = Date.UTC(2026, 10, 21);
const HOUR = 60 * 60_000;

/** `now` is the time as it passes, and `set` by how much the computer's clock was set to another one. */
function pace(limits: { perMinute: number; burst: number }, cap?: number) {
  const clock = { now: START, set: 0 };
  const subject = new Pace(
    limits,
    () => cap ?? Infinity,
    { monotonic: () => clock.now - START + 12_345.5, wall: () => clock.now + clock.set },
    () => 0,
  );
  return { clock, subject };
}

/** Requests that start within a minute, however the clock is set after the first of them. */
function sentInAMinute(limits: { perMinute: number; burst: number }, set = 0): number {
  const { clock, subject } = pace(limits);
  let sent = 0;
  for (const end = START + 60_000; clock.now < end; clock.set = set) {
    const delay = subject.delay();
    if (delay === 0) {
      subject.take();
      sent += 1;
    } else {
      clock.now += delay;
    }
  }
  return sent;
}

const ok = { status: 200, headers: {} };

describe('pace', () => {
  it('lets a burst go, and no minute has more requests than the limit', () => {
    for (const [perMinute, burst] of [
      [60, 10],
      [10, 10],
      [6000, 100],
    ] as const) {
      const sent = sentInAMinute({ perMinute, burst });
      assert.ok(sent <= perMinute + 1 && sent >= perMinute * 0.9, `${sent} of ${perMinute}`);
    }
  });

  it('lets as many requests go where the clock is set back or forward', () => {
    const limits = { perMinute: 60, burst: 10 };
    for (const set of [-HOUR, HOUR]) {
      assert.equal(sentInAMinute(limits, set), sentInAMinute(limits));
    }
  });

  it('waits as long as it was asked to where the clock is set, and shows when that ends on the new one', () => {
    for (const header of ['30', new Date(START + 30_000).toUTCString()]) {
      for (const set of [-HOUR, HOUR]) {
        const { clock, subject } = pace({ perMinute: 60, burst: 3 });
        subject.learn({ status: 429, headers: { 'retry-after': header } });
        clock.set = set;
        assert.equal(subject.delay(), 30_000);
        assert.equal(subject.pausedUntil, START + set + 30_000);
        clock.now += 30_000;
        assert.equal(subject.delay(), 0);
        assert.equal(subject.pausedUntil, undefined);
      }
    }
  });

  it('learns for how long the announced limit is from the end of one window to the end of the next', () => {
    const { clock, subject } = pace({ perMinute: 60, burst: 10 });
    const answer = (remaining: number, reset: number) => {
      subject.learn({
        status: 200,
        headers: {
          'x-ratelimit-limit': '100',
          'x-ratelimit-remaining': String(remaining),
          'x-ratelimit-reset': String(START / 1000 + reset),
        },
      });
    };
    answer(5, 1);
    clock.now += 1200;
    for (let turn = 0; turn < 200; turn += 1) {
      answer(99, 2);
    }
    assert.ok(subject.perMinute > 5900, String(subject.perMinute));
  });

  it('takes an end that moves along for no window', () => {
    const { clock, subject } = pace({ perMinute: 60, burst: 10 });
    for (let turn = 0; turn < 200; turn += 1) {
      clock.now += 1000;
      subject.learn({
        status: 200,
        headers: {
          'x-ratelimit-limit': '100',
          'x-ratelimit-remaining': String(turn % 2 === 0 ? 90 : 91),
          'x-ratelimit-reset': String(clock.now / 1000 + 60),
        },
      });
    }
    assert.ok(subject.perMinute <= 100, String(subject.perMinute));
  });

  it('takes answers that came in another order for no window', () => {
    const { clock, subject } = pace({ perMinute: 60, burst: 10 });
    for (let turn = 0; turn < 200; turn += 1) {
      clock.now += 5;
      subject.learn({
        status: 200,
        headers: {
          'x-ratelimit-limit': '100',
          'x-ratelimit-remaining': String(turn % 2 === 0 ? 90 : 91),
          'x-ratelimit-reset': '1',
        },
      });
    }
    assert.ok(subject.perMinute <= 100, String(subject.perMinute));
  });

  it('takes refusals of requests that were under way together for one', () => {
    const { clock, subject } = pace({ perMinute: 60, burst: 3 });
    for (let refusal = 0; refusal < 4; refusal += 1) {
      subject.learn({ status: 429, headers: { 'retry-after': '1' } });
      clock.now += 5;
    }
    assert.equal(subject.pausedUntil, START + 15 + 1000);
    assert.equal(subject.perMinute, 30);
  });

  it('waits as long as a service in trouble asks for, and learns nothing else from it', () => {
    const { subject } = pace({ perMinute: 60, burst: 3 });
    subject.learn({ status: 429, headers: {} });
    const slowed = subject.perMinute;
    subject.learn({ status: 503, headers: { 'retry-after': '30' } });
    assert.equal(subject.pausedUntil, START + 30_000);
    assert.equal(subject.perMinute, slowed);
  });

  it('stands still for as long as Retry-After says, and then goes on more slowly', () => {
    const { clock, subject } = pace({ perMinute: 60, burst: 3 });
    subject.learn({ status: 429, headers: { 'retry-after': '30' } });
    assert.equal(subject.pausedUntil, START + 30_000);
    assert.equal(subject.delay(), 30_000);
    clock.now += 30_000;
    assert.equal(subject.delay(), 0);
    assert.equal(subject.perMinute, 30);
  });

  it('backs off beyond the named time where the service goes on refusing', () => {
    const { clock, subject } = pace({ perMinute: 60, burst: 3 });
    subject.learn({ status: 429, headers: { 'retry-after': '1' } });
    clock.now += 1000;
    subject.learn({ status: 429, headers: { 'retry-after': '1' } });
    assert.equal(subject.delay(), 4000);
    clock.now += 4000;
    subject.learn({ status: 429, headers: {} });
    assert.equal(subject.delay(), 8000);
  });

  it('recovers after good answers, and never beyond the limit', () => {
    const { subject } = pace({ perMinute: 60, burst: 3 });
    subject.learn({ status: 429, headers: {} });
    assert.equal(subject.perMinute, 30);
    for (let answer = 0; answer < 100; answer += 1) {
      subject.learn(ok);
    }
    assert.equal(subject.perMinute, 60);
  });

  it('learns a higher limit from the headers', () => {
    const { subject } = pace({ perMinute: 60, burst: 10 });
    const reset = String(START / 1000 + 40);
    for (let answer = 0; answer < 60; answer += 1) {
      subject.learn({
        status: 200,
        headers: { 'x-ratelimit-limit': '200', 'x-ratelimit-remaining': '150', 'x-ratelimit-reset': reset },
      });
    }
    assert.equal(Math.round(subject.perMinute), 200);
  });

  it('waits for the reset where nothing remains', () => {
    const { subject } = pace({ perMinute: 60, burst: 10 });
    const reset = String(START / 1000 + 40);
    subject.learn({
      status: 200,
      headers: { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
    });
    assert.equal(subject.delay(), 40_000);
  });

  it('keeps to what the person allows', () => {
    const { subject } = pace({ perMinute: 6000, burst: 100 }, 6);
    assert.equal(subject.perMinute, 6);
    assert.equal(pace({ perMinute: 6000, burst: 100 }, 0.5).subject.delay(), 0);
  });

  it('reads Retry-After in seconds and as a date, and nothing else', () => {
    assert.equal(retryAfter('2', START), 2000);
    assert.equal(retryAfter(new Date(START + 5000).toUTCString(), START), 5000);
    assert.equal(retryAfter('Saturday, 21-Nov-26 00:00:05 GMT', START), 5000);
    assert.equal(retryAfter(new Date(START + 5000).toISOString(), START), 5000);
    assert.equal(retryAfter(new Date(START - 5000).toUTCString(), START), 0);
    assert.equal(retryAfter(undefined, START), undefined);
    for (const nonsense of ['', ' ', 'soon', '-5', '-1e30', 'NaN', '2, 5', 'wait 5', 'Sat, 99 Foo 2026']) {
      assert.equal(retryAfter(nonsense, START), undefined, nonsense);
    }
  });

  for (const header of ['7201', '1e30', '1e400', 'Infinity', 'Fri, 31 Dec 9999 23:59:59 GMT', '9999-12-31T23:59:59Z']) {
    for (const status of [429, 503]) {
      it(`waits two hours and no longer where a ${status} says "${header}"`, () => {
        const { clock, subject } = pace({ perMinute: 60, burst: 3 });
        subject.learn({ status, headers: { 'retry-after': header } });
        assert.equal(subject.pausedUntil, START + 2 * HOUR);
        clock.now += 2 * HOUR;
        assert.equal(subject.delay(), 0);
      });
    }
  }

  for (const reset of ['1e30', '-1', 'NaN', String(START), String(START / 1000 + 7201)]) {
    it(`takes a reset "${reset}" for none`, () => {
      const { subject } = pace({ perMinute: 60, burst: 3 });
      const headers = { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
      subject.learn({ status: 200, headers });
      assert.equal(subject.pausedUntil, undefined);
      subject.learn({ status: 429, headers });
      assert.equal(subject.delay(), 2000);
    });
  }

  describe('probed during a pause', () => {
    function paused() {
      const { clock, subject } = pace({ perMinute: 60, burst: 3 });
      subject.learn({ status: 429, headers: { 'retry-after': '1e30' } });
      subject.take();
      clock.now += 1000;
      return { clock, subject };
    }

    it('goes on at once after a good answer, which one from before the pause does not bring about', () => {
      const { clock, subject } = paused();
      assert.equal(subject.learn(ok), false);
      assert.equal(subject.pausedFor, 2 * HOUR - 1000);
      assert.equal(subject.learn(ok, true), true);
      assert.equal(subject.pausedUntil, undefined);
      const delay = subject.delay();
      assert.ok(delay > 0 && delay < 3000, 'the probe was the one request that a pause leaves');
      clock.now += delay;
      assert.equal(subject.delay(), 0);
    });

    it('waits for what a good answer announces', () => {
      const { clock, subject } = paused();
      const headers = {
        'x-ratelimit-limit': '60',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(clock.now / 1000 + 40),
      };
      subject.learn({ status: 200, headers }, true);
      assert.equal(subject.pausedFor, 40_000);
    });

    for (const status of [429, 503]) {
      it(`waits until another time where a ${status} names one, and else as before`, () => {
        const { clock, subject } = paused();
        const { perMinute } = subject;
        assert.equal(subject.learn({ status, headers: {} }, true), false);
        assert.equal(subject.pausedFor, 2 * HOUR - 1000);
        assert.equal(subject.learn({ status, headers: { 'retry-after': '30' } }, true), true);
        assert.equal(subject.pausedFor, 30_000);
        assert.equal(subject.perMinute, perMinute, 'a probe says nothing about how fast it may go');
        clock.now += 30_000;
        const delay = subject.delay();
        clock.now += delay;
        assert.equal(subject.delay(), 0);
        assert.ok(delay < 3000, String(delay));
      });
    }

    it('is probed at most every five seconds', () => {
      const { clock, subject } = paused();
      assert.equal(subject.probe(), true);
      clock.now += 4999;
      clock.set = HOUR;
      assert.equal(subject.probe(), false);
      clock.now += 1;
      assert.equal(subject.probe(), true);
      assert.equal(subject.probe(), false);
    });
  });
});
