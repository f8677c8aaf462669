import assert from 'node:assert/strict';
import { Pace, retryAfter } from '../../../src/transport/pace.ts';

const START = Date.UTC(2026, 10, 21);

function pace(limits: { perMinute: number; burst: number }, cap?: number) {
  const clock = { now: START };
  const subject = new Pace(
    limits,
    () => cap ?? Infinity,
    () => clock.now,
    () => 0,
  );
  return { clock, subject };
}

const ok = { status: 200, headers: {} };

describe('pace', () => {
  it('lets a burst go, and no minute has more requests than the limit', () => {
    for (const [perMinute, burst] of [
      [60, 10],
      [10, 10],
      [6000, 100],
    ] as const) {
      const { clock, subject } = pace({ perMinute, burst });
      let sent = 0;
      for (const end = START + 60_000; clock.now < end;) {
        const delay = subject.delay();
        if (delay === 0) {
          subject.take();
          sent += 1;
        } else {
          clock.now += delay;
        }
      }
      assert.ok(sent <= perMinute + 1 && sent >= perMinute * 0.9, `${sent} of ${perMinute}`);
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
    assert.equal(retryAfter('2', START), START + 2000);
    assert.equal(retryAfter(new Date(START + 5000).toUTCString(), START), START + 5000);
    assert.equal(retryAfter(undefined, START), undefined);
    assert.equal(retryAfter('soon', START), undefined);
  });
});
