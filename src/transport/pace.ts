import { systemClock, type Clock } from './time.ts';

/** How fast a service may be asked, as far as is known before the first answer. */
export interface PaceLimits {
  /** Requests a minute that the service publishes for every plan. */
  readonly perMinute: number;
  /** Requests that may start at once after a pause. */
  readonly burst: number;
}

/** The facts of an answer that pacing learns from. */
export interface PaceSignals {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

const SECOND = 1_000;
const MINUTE = 60_000;
/** A service that names no time after a 429 is left alone this long first; each further 429 in a row doubles it. */
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 5 * MINUTE;
/** After a 429 the pace falls to this share, and each good answer gives a little back. */
const SLOW_DOWN = 0.5;
const SPEED_UP = 1.02;
const SLOWEST_PER_MINUTE = 6;
/** No named time counts for more than this: a mistake of the service must not end the work of a whole day. */
const LONGEST_WAIT = 2 * 60 * MINUTE;
/** A service that wants to be left alone is probed at most this often, in milliseconds. */
const PROBE_EVERY = 5 * SECOND;

/** When the announced window ends. */
interface Reset {
  /** Milliseconds from now. */
  readonly wait: number;
  /** On a clock that is the same for all answers of a service, to be compared. */
  readonly at: number;
}

/**
 * When the next request of one key may start. A token bucket that starts at the published limit, learns the real one
 * from `x-ratelimit-*` (Smartlead FACTS 5), stands still after a 429 for as long as `Retry-After` says or longer,
 * and recovers. It holds no timers: callers ask `delay()` and wait themselves. All its times are of the monotonic
 * clock, so that setting the computer's clock neither stops requests nor lets a burst of them go.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #limits: PaceLimits;
  readonly #cap: () => number;
  #ceiling: number;
  #perMinute: number;
  #tokens: number;
  #filledAt: number;
  #pausedUntil = 0;
  #probedAt = -Infinity;
  #refusals = 0;
  /** How long the announced limit is for, in milliseconds. One minute in every plan published so far. */
  #window = MINUTE;
  #last: { readonly remaining: number; readonly reset: number } | undefined;

  /** `cap`: requests a minute that the person allows, whatever the service says; asked anew each time. */
  constructor(
    limits: PaceLimits,
    cap: () => number = () => Infinity,
    clock: Clock = systemClock,
    random: () => number = Math.random,
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#limits = limits;
    this.#cap = cap;
    this.#ceiling = limits.perMinute;
    this.#perMinute = limits.perMinute;
    this.#filledAt = clock.monotonic();
    this.#tokens = this.#burst();
  }

  /** Requests a minute at this moment, the burst included. */
  get perMinute(): number {
    return Math.max(1, Math.min(this.#perMinute, this.#cap()));
  }

  /** For how many milliseconds more the service asked to be left alone; 0: it did not. At most two hours. */
  get pausedFor(): number {
    return Math.max(0, this.#pausedUntil - this.#clock.monotonic());
  }

  /** The same as a time to show, in milliseconds since the epoch; undefined: the service did not ask. */
  get pausedUntil(): number | undefined {
    const { pausedFor } = this;
    return pausedFor > 0 ? Math.round(this.#clock.wall() + pausedFor) : undefined;
  }

  /** Milliseconds until a request may start; 0 means now. */
  delay(): number {
    this.#fill(this.#clock.monotonic());
    const missing = this.#tokens >= 1 ? 0 : ((1 - this.#tokens) / this.#refill()) * MINUTE;
    return Math.ceil(Math.max(this.pausedFor, missing));
  }

  /** Counts a request that starts now. */
  take(): void {
    this.#fill(this.#clock.monotonic());
    this.#tokens -= 1;
  }

  /** True where the last probe of a pause is long enough ago for another one, which counts from now on. */
  probe(): boolean {
    const now = this.#clock.monotonic();
    const due = now - this.#probedAt >= PROBE_EVERY;
    this.#probedAt = due ? now : this.#probedAt;
    return due;
  }

  /**
   * Takes in what an answer says about the limit. `probe`: the request was sent during a pause, to see whether the
   * service still means it, so its answer is newer than what was said before.
   *
   * @returns whether the service asks to be left alone until another time than before.
   */
  learn({ status, headers }: PaceSignals, probe = false): boolean {
    const before = this.#pausedUntil;
    const now = this.#clock.monotonic();
    if (status === 429) {
      this.#refuse(now, headers, probe);
    } else if (status >= 500) {
      // A service in trouble says nothing about the limit, but it may say when to come back.
      this.#pause(this.#named(headers, now), probe);
    } else {
      if (probe) {
        this.#pause(now, probe);
      }
      this.#accept(now, headers);
    }
    return this.#pausedUntil !== before;
  }

  #accept(now: number, headers: PaceSignals['headers']): void {
    this.#refusals = 0;
    const limit = positive(headers['x-ratelimit-limit']);
    const remaining = positive(headers['x-ratelimit-remaining']);
    const reset = this.#reset(headers, now);
    if (limit !== undefined && limit > 0) {
      this.#learnWindow(remaining, reset);
      this.#ceiling = limit * (MINUTE / this.#window);
    }
    this.#perMinute = Math.min(this.#ceiling, this.#perMinute * SPEED_UP + (this.#ceiling - this.#perMinute) * 0.1);
    if (remaining !== undefined && reset !== undefined && reset.wait > 0) {
      if (remaining === 0) {
        this.#pause(now + reset.wait);
      } else {
        this.#tokens = Math.min(this.#tokens, remaining);
      }
    }
  }

  /**
   * The headers name the requests of one window and its end, but not its length: that is the time between two ends,
   * when the requests that remain went up between them. An end that moves along with the time tells nothing.
   */
  #learnWindow(remaining: number | undefined, reset: Reset | undefined): void {
    const last = this.#last;
    if (remaining === undefined || reset === undefined) {
      return;
    }
    this.#last = { remaining, reset: reset.at };
    if (last !== undefined && remaining > last.remaining) {
      const between = reset.at - last.reset;
      if (reset.wait <= between + SECOND && between >= SECOND && between <= MINUTE) {
        this.#window = Math.min(this.#window, between);
      }
    }
  }

  #refuse(now: number, headers: PaceSignals['headers'], probe: boolean): void {
    const reset = this.#reset(headers, now);
    const named = this.#named(headers, now) ?? (reset && now + reset.wait);
    if (now < this.#pausedUntil) {
      // One of several that were under way together, or a probe: the same refusal, told more than once.
      this.#pause(named, probe);
      this.#filledAt = this.#pausedUntil;
      return;
    }
    const backoff = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#refusals) * (1 + this.#random() * 0.25);
    // The first refusal trusts the named time. A key that is still refused after it (Smartlead FACTS 5, "8+ min")
    // is backed off beyond what the header says.
    const until = this.#refusals === 0 && named !== undefined ? named : Math.max(named ?? 0, now + backoff);
    this.#pause(until);
    this.#refusals += 1;
    this.#tokens = 1;
    this.#filledAt = Math.max(now, this.#pausedUntil);
    this.#perMinute = Math.max(SLOWEST_PER_MINUTE, this.#perMinute * SLOW_DOWN);
  }

  /** Of several times the last counts, but what a probe is told replaces all that was said before it. */
  #pause(until: number | undefined, probe = false): void {
    if (until !== undefined && (probe || until > this.#pausedUntil)) {
      this.#pausedUntil = until;
      // Tokens come again after the pause, also after one that became shorter.
      this.#filledAt = Math.min(this.#filledAt, until);
    }
  }

  /** When the pause that `Retry-After` asks for ends. */
  #named(headers: PaceSignals['headers'], now: number): number | undefined {
    const wait = retryAfter(headers['retry-after'], this.#clock.wall());
    return wait === undefined ? undefined : now + wait;
  }

  /**
   * `x-ratelimit-reset` is Unix seconds where it was seen (Smartlead FACTS 5); small numbers are taken as seconds from
   * now. One in the past or more than two hours ahead says nothing: it is more likely of another unit than meant.
   */
  #reset(headers: PaceSignals['headers'], now: number): Reset | undefined {
    const value = positive(headers['x-ratelimit-reset']);
    if (value === undefined) {
      return undefined;
    }
    const fromNow = value < 1e9;
    const at = value * SECOND + (fromNow ? now : 0);
    const wait = at - (fromNow ? now : this.#clock.wall());
    return wait >= 0 && wait <= LONGEST_WAIT ? { wait, at } : undefined;
  }

  #fill(now: number): void {
    if (now <= this.#filledAt) {
      return;
    }
    this.#tokens = Math.min(this.#burst(), this.#tokens + ((now - this.#filledAt) / MINUTE) * this.#refill());
    this.#filledAt = now;
  }

  /** A burst is at most a fifth of a minute's requests, so that a low limit is not spent at once. */
  #burst(): number {
    return Math.max(1, Math.min(this.#limits.burst, this.perMinute / 5));
  }

  /** Tokens a minute. With the burst they make up the limit, so that no minute has more requests than that. */
  #refill(): number {
    return Math.max(1, this.perMinute - this.#burst());
  }
}

/** The dates that HTTP has, and ISO 8601. `Date.parse` also finds dates in "-5" and "2, 5". */
const DATE = /^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? |\d{4}-\d{2}-\d{2})/i;

/**
 * How long a `Retry-After` header asks to wait, in seconds or as a date, as milliseconds from now. More than two hours
 * count as two: it is clear that the service wants to be left alone, and it can say so again. What names no time, as
 * "-5" and "soon", is undefined: then the pace backs off as if there were no header.
 *
 * @param now in milliseconds since the epoch.
 */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  const seconds = text === '' ? Number.NaN : Number(text);
  const wait = DATE.test(text) ? Math.max(0, Date.parse(text) - now) : seconds * SECOND;
  return wait >= 0 ? Math.min(wait, LONGEST_WAIT) : undefined;
}

function positive(header: string | undefined): number | undefined {
  const value = header === undefined || header.trim() === '' ? Number.NaN : Number(header);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
