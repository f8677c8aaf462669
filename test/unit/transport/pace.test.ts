import assert from 'node:assert/strict';
import { Pace, retryAfter, type PaceLimits } from '../../../src/transport/pace.ts';
import { KeyQueue, type Priority } from '../../../src/transport/queue.ts';

const START = Date.UTC(2026, 10, 21);
const HOUR = 60 * 60_000;

const MINUTE: PaceLimits = [{ requests: 60, milliseconds: 60_000 }];
/** As Smartlead publishes them (Smartlead FACTS 5). */
const STANDARD: PaceLimits = [
  { requests: 10, milliseconds: 1000 },
  { requests: 60, milliseconds: 60_000 },
  { requests: 1000, milliseconds: HOUR },
];

/** `now` is the time as it passes, and `set` by how much the computer's clock was set to another one. */
function pace(limits: PaceLimits = MINUTE, cap?: number, random = 0) {
  const clock = { now: START, set: 0 };
  const subject = new Pace(
    limits,
    () => cap ?? Infinity,
    { monotonic: () => clock.now - START + 12_345.5, wall: () => clock.now + clock.set },
    () => random,
  );
  return { clock, subject };
}

/**
 * Starts requests as soon as they may, each of which ends at once and says nothing.
 *
 * @returns when each started, in milliseconds from the beginning.
 */
function startsWithin(
  { clock, subject }: ReturnType<typeof pace>,
  duration: number,
  priority: Priority = 'background',
  set = 0,
): number[] {
  const starts: number[] = [];
  const end = clock.now + duration;
  for (; clock.now < end; clock.set = set) {
    const delay = subject.delay(priority);
    if (delay === 0) {
      subject.take(priority);
      subject.release();
      starts.push(clock.now - START);
    } else {
      clock.now += delay;
    }
  }
  return starts;
}

/** The most starts within any stretch of so many milliseconds. */
function mostWithin(starts: readonly number[], milliseconds: number): number {
  let first = 0;
  let most = 0;
  for (const [index, start] of starts.entries()) {
    while (start - (starts[first] ?? 0) >= milliseconds) {
      first += 1;
    }
    most = Math.max(most, index - first + 1);
  }
  return most;
}

/** A good answer with these headers; `reset` in seconds from the start. */
function announcement(limit: number | string, remaining: number | string, reset: number) {
  const headers = {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(START / 1000 + reset),
  };
  return { status: 200, headers };
}

/** How many requests may start now, one right after the other; they stay in flight. */
function startable(subject: Pace, priority: Priority): number {
  let count = 0;
  for (; count < 20_000 && subject.delay(priority) === 0; count += 1) {
    subject.take(priority);
  }
  return count;
}

const ok = { status: 200, headers: {} };

describe('pace', () => {
  it('stays within every published window at once, and lets the first minute go as fast as the second allows', () => {
    const starts = startsWithin(pace(STANDARD), 2 * HOUR);
    assert.equal(starts[59]! < 6000, true, String(starts[59]));
    for (const { requests, milliseconds } of STANDARD) {
      assert.equal(mostWithin(starts, milliseconds), requests, `${milliseconds} ms`);
    }
    assert.equal(starts.length, 2000);
  });

  it('leaves half of an hour to what people ask for, whatever refreshes automatically', () => {
    const trial = pace(STANDARD);
    assert.equal(mostWithin(startsWithin(trial, 3 * HOUR, 'automatic'), HOUR), 500);
    // The last minute of it is full either way.
    trial.clock.now += 60_000;
    assert.equal(trial.subject.delay('background'), 0);
  });

  it('lets people go on at once where automatic refreshes have had their half of an hour', () => {
    const { clock, subject } = pace(STANDARD);
    let starts = 0;
    for (; subject.delay('automatic') <= 60_000; starts += 1) {
      clock.now += subject.delay('automatic');
      subject.take('automatic');
      subject.release();
    }
    assert.equal(starts, 500);
    // The last minute is full either way.
    clock.now += 60_000;
    assert.ok(subject.delay('automatic') > 0);
    assert.equal(subject.delay('background'), 0);
    assert.equal(subject.delay('interactive'), 0);
  });

  it('gives automatic refreshes all of what is published for less than an hour', () => {
    assert.equal(mostWithin(startsWithin(pace(MINUTE), 5 * 60_000, 'automatic'), 60_000), 60);
  });

  it('lets as many requests go where the clock is set back or forward', () => {
    for (const set of [-HOUR, HOUR]) {
      assert.deepEqual(startsWithin(pace(STANDARD), 60_000, 'background', set), startsWithin(pace(STANDARD), 60_000));
    }
  });

  describe('with an announced budget', () => {
    const announced = (limit: number | string, remaining: number | string, reset = 40) => {
      const trial = pace(STANDARD);
      trial.subject.take();
      trial.subject.learn(announcement(limit, remaining, reset));
      trial.subject.release();
      return trial;
    };

    it('spends it at once, but for a tenth that is left to people and half that is not for automatic refreshes', () => {
      for (const [priority, reserve] of [
        ['interactive', 0],
        ['background', 20],
        ['automatic', 100],
      ] as const) {
        const { subject } = announced(200, 199);
        assert.equal(startable(subject, priority), 199 - reserve, priority);
        assert.equal(subject.delay(priority), 40_000);
      }
      const { subject } = announced(200, 199);
      startable(subject, 'background');
      assert.equal(startable(subject, 'interactive'), 20);
    });

    it('counts requests in flight against what remains, in whichever order their answers come', () => {
      const { subject } = announced(100, 30);
      for (let request = 0; request < 5; request += 1) {
        subject.take('background');
      }
      // The service counted all five; their answers come in the reverse order.
      for (const remaining of [25, 26, 27, 28, 29]) {
        subject.learn(announcement(100, remaining, 40));
        subject.release();
      }
      assert.equal(startable(subject, 'background'), 15);
      assert.equal(startable(subject, 'interactive'), 10);
    });

    it('counts answers that announce nothing', () => {
      const { subject } = announced(100, 12);
      subject.take('background');
      subject.learn(ok);
      subject.release();
      assert.equal(startable(subject, 'background'), 1);
    });

    it('finds out with one request what a new window has, and then spends it', () => {
      const { clock, subject } = announced(200, 20);
      assert.equal(subject.delay('background'), 40_000);
      clock.now += 40_000;
      assert.equal(subject.delay('background'), 0);
      subject.take('background');
      assert.equal(subject.delay('background'), Infinity, 'the others wait for its answer');
      subject.learn(announcement(200, 199, 100));
      subject.release();
      assert.equal(startable(subject, 'background'), 179);
    });

    it('takes an answer of the window before for no news of this one', () => {
      const { clock, subject } = announced(200, 20);
      clock.now += 40_000;
      subject.learn(announcement(200, 199, 100));
      clock.set = -5000;
      subject.learn(announcement(200, 1, 40));
      assert.equal(startable(subject, 'background'), 179);
    });

    it('goes back to what is published where the service announces no more', () => {
      const { clock, subject } = announced(200, 20);
      clock.now += 2 * HOUR;
      subject.take('background');
      subject.learn(ok);
      subject.release();
      assert.equal(startable(subject, 'background'), 9);
    });

    for (const limit of ['1e30', '10001', String(Number.MAX_VALUE)]) {
      it(`believes no more than 10,000 a minute where the limit is ${limit}`, () => {
        const { subject } = announced(limit, limit);
        assert.equal(subject.perMinute, 10_000);
        assert.equal(startable(subject, 'interactive'), 9_999);
      });
    }

    it('keeps what the person allows', () => {
      const { subject } = pace(STANDARD, 5);
      subject.learn(announcement(200, 199, 40));
      assert.equal(startable(subject, 'background'), 5);
    });

    it('lets a person go ahead in the queue while background work waits for the reset', async () => {
      const { subject } = announced(100, 11);
      const queue = new KeyQueue(subject, 1);
      const { signal } = new AbortController();
      const order: string[] = [];
      const run = (name: string, priority: Priority) =>
        queue.run(
          () => {
            order.push(name);
            return Promise.resolve();
          },
          priority,
          signal,
        );
      await run('the last that is left', 'background');
      subject.learn(announcement(100, 10, 40));
      void run('background', 'background');
      await run('person', 'interactive');
      assert.deepEqual(order, ['the last that is left', 'person']);
      queue.dispose();
    });
  });

  it('waits as long as it was asked to where the clock is set, and shows when that ends on the new one', () => {
    for (const header of ['30', new Date(START + 30_000).toUTCString()]) {
      for (const set of [-HOUR, HOUR]) {
        const { clock, subject } = pace();
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
    const { clock, subject } = pace();
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
    const { clock, subject } = pace();
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
    const { clock, subject } = pace();
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
    const { clock, subject } = pace();
    for (let refusal = 0; refusal < 4; refusal += 1) {
      subject.learn({ status: 429, headers: { 'retry-after': '1' } });
      clock.now += 5;
    }
    assert.equal(subject.pausedUntil, START + 15 + 1000);
    assert.equal(subject.perMinute, 30);
  });

  it('waits as long as a service in trouble asks for, and learns nothing else from it', () => {
    const { subject } = pace();
    subject.learn({ status: 429, headers: {} });
    const slowed = subject.perMinute;
    subject.learn({ status: 503, headers: { 'retry-after': '30' } });
    assert.equal(subject.pausedUntil, START + 30_000);
    assert.equal(subject.perMinute, slowed);
  });

  it('waits as long as each kind of trouble asks for, and not after an answer of another kind', () => {
    for (const status of [429, 500, 502, 599]) {
      const { subject } = pace();
      assert.equal(subject.learn({ status, headers: { 'retry-after': '30' } }), true);
      assert.equal(subject.pausedFor, 30_000, String(status));
    }
    for (const status of [200, 404, 499]) {
      const { subject } = pace();
      assert.equal(subject.learn({ status, headers: { 'retry-after': '30' } }), false);
      assert.equal(subject.pausedFor, 0, String(status));
      assert.equal(subject.pausedUntil, undefined);
    }
  });

  it('backs off by up to a quarter more, so that windows of one key do not come back together', () => {
    const { clock, subject } = pace(MINUTE, undefined, 1);
    for (const pause of [2500, 5000, 10_000]) {
      subject.learn({ status: 429, headers: {} });
      assert.equal(subject.pausedFor, pause);
      clock.now += pause;
    }
    for (let refusal = 0; refusal < 10; refusal += 1) {
      subject.learn({ status: 429, headers: {} });
      clock.now += subject.pausedFor;
    }
    subject.learn({ status: 429, headers: {} });
    assert.equal(subject.pausedFor, 5 * 60_000 * 1.25);
  });

  it('stands still for as long as Retry-After says, and then goes on more slowly', () => {
    const { clock, subject } = pace();
    subject.learn({ status: 429, headers: { 'retry-after': '30' } });
    assert.equal(subject.pausedUntil, START + 30_000);
    assert.equal(subject.delay(), 30_000);
    clock.now += 30_000;
    assert.equal(subject.delay(), 0);
    assert.equal(subject.perMinute, 30);
  });

  it('backs off beyond the named time where the service goes on refusing', () => {
    const { clock, subject } = pace();
    subject.learn({ status: 429, headers: { 'retry-after': '1' } });
    clock.now += 1000;
    subject.learn({ status: 429, headers: { 'retry-after': '1' } });
    assert.equal(subject.delay(), 4000);
    clock.now += 4000;
    subject.learn({ status: 429, headers: {} });
    assert.equal(subject.delay(), 8000);
  });

  it('recovers after good answers, and never beyond the limit', () => {
    const { subject } = pace();
    subject.learn({ status: 429, headers: {} });
    assert.equal(subject.perMinute, 30);
    for (let answer = 0; answer < 100; answer += 1) {
      subject.learn(ok);
    }
    assert.equal(subject.perMinute, 60);
  });

  it('learns a higher limit from the headers', () => {
    const { subject } = pace();
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
    const { subject } = pace();
    const reset = String(START / 1000 + 40);
    subject.learn({
      status: 200,
      headers: { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
    });
    assert.equal(subject.delay(), 40_000);
  });

  it('takes a small reset for seconds from now, and one that cannot be meant for none', () => {
    for (const [reset, pause] of [
      ['30', 30_000],
      [' 30 ', 30_000],
      ['0.5', 500],
      ['7200', 7_200_000],
      ['7201', 0],
      ['999999999', 0],
      [String(START / 1000 + 40), 40_000],
      [String(START / 1000 - 1), 0],
      [String(START / 1000 + 7201), 0],
      [String(START + 40_000), 0],
      ['', 0],
      [' ', 0],
      ['soon', 0],
      ['-30', 0],
      ['Infinity', 0],
      [undefined, 0],
    ] as const) {
      const { subject } = pace();
      subject.learn({ status: 200, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset } });
      assert.equal(subject.pausedFor, pause, String(reset));
    }
  });

  it('waits for nothing where what remains is not said', () => {
    for (const remaining of ['', ' ', 'none', '-1', undefined]) {
      const { subject } = pace();
      subject.learn({ status: 200, headers: { 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': '30' } });
      assert.equal(subject.pausedFor, 0, String(remaining));
    }
  });

  it('believes a limit from one request a minute to more than any plan has, and no other', () => {
    for (const [limit, perMinute] of [
      ['0', 60],
      ['0.5', 60],
      ['', 60],
      ['many', 60],
      ['1', 1],
      ['1.5', 1],
      ['200', 200],
      ['10000', 10_000],
      ['1000000', 10_000],
    ] as const) {
      const { subject } = pace();
      subject.learn({ status: 200, headers: { 'x-ratelimit-limit': limit } });
      assert.equal(subject.perMinute, perMinute, limit);
    }
  });

  it('keeps to what the person allows', () => {
    assert.equal(pace(MINUTE, 6).subject.perMinute, 6);
    assert.equal(mostWithin(startsWithin(pace(MINUTE, 6), 5 * 60_000), 60_000), 6);
    assert.equal(startsWithin(pace(MINUTE, 0.5), 5 * 60_000).length, 3);
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
        const { clock, subject } = pace();
        subject.learn({ status, headers: { 'retry-after': header } });
        assert.equal(subject.pausedUntil, START + 2 * HOUR);
        clock.now += 2 * HOUR;
        assert.equal(subject.delay(), 0);
      });
    }
  }

  for (const reset of ['1e30', '-1', 'NaN', String(START), String(START / 1000 + 7201)]) {
    it(`takes a reset "${reset}" for none`, () => {
      const { subject } = pace();
      const headers = { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
      subject.learn({ status: 200, headers });
      assert.equal(subject.pausedUntil, undefined);
      subject.learn({ status: 429, headers });
      assert.equal(subject.delay(), 2000);
    });
  }

  describe('probed during a pause', () => {
    function paused() {
      const { clock, subject } = pace();
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
