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

/**
 * When the next request of one key may start. A token bucket that starts at the published limit, learns the real one
 * from `x-ratelimit-*` (Smartlead FACTS 5), stands still after a 429 for as long as `Retry-After` says or longer,
 * and recovers. It holds no timers: callers ask `delay()` and wait themselves.
 */
export class Pace {
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #limits: PaceLimits;
  readonly #cap: () => number;
  #ceiling: number;
  #perMinute: number;
  #tokens: number;
  #filledAt: number;
  #pausedUntil = 0;
  #refusals = 0;
  /** How long the announced limit is for, in milliseconds. One minute in every plan published so far. */
  #window = MINUTE;
  #last: { readonly remaining: number; readonly reset: number } | undefined;

  /** `cap`: requests a minute that the person allows, whatever the service says; asked anew each time. */
  constructor(
    limits: PaceLimits,
    cap: () => number = () => Infinity,
    now: () => number = Date.now,
    random: () => number = Math.random,
  ) {
    this.#now = now;
    this.#random = random;
    this.#limits = limits;
    this.#cap = cap;
    this.#ceiling = limits.perMinute;
    this.#perMinute = limits.perMinute;
    this.#filledAt = now();
    this.#tokens = this.#burst();
  }

  /** Requests a minute at this moment, the burst included. */
  get perMinute(): number {
    return Math.max(1, Math.min(this.#perMinute, this.#cap()));
  }

  /** Until when the service asked to be left alone, in milliseconds since the epoch; undefined: it did not. */
  get pausedUntil(): number | undefined {
    return this.#pausedUntil > this.#now() ? this.#pausedUntil : undefined;
  }

  /** Milliseconds until a request may start; 0 means now. */
  delay(): number {
    const now = this.#now();
    const paused = Math.max(0, this.#pausedUntil - now);
    this.#fill(now);
    const missing = this.#tokens >= 1 ? 0 : ((1 - this.#tokens) / this.#refill()) * MINUTE;
    return Math.ceil(Math.max(paused, missing));
  }

  /** Counts a request that starts now. */
  take(): void {
    this.#fill(this.#now());
    this.#tokens -= 1;
  }

  /** Takes in what an answer says about the limit. */
  learn({ status, headers }: PaceSignals): void {
    const now = this.#now();
    if (status === 429) {
      this.#refuse(now, headers);
      return;
    }
    if (status >= 500) {
      // A service in trouble says nothing about the limit, but it may say when to come back.
      this.#pausedUntil = Math.max(this.#pausedUntil, retryAfter(headers['retry-after'], now) ?? 0);
      return;
    }
    this.#refusals = 0;
    const limit = positive(headers['x-ratelimit-limit']);
    const remaining = positive(headers['x-ratelimit-remaining']);
    const reset = resetTime(headers['x-ratelimit-reset'], now);
    if (limit !== undefined && limit > 0) {
      this.#learnWindow(remaining, reset, now);
      this.#ceiling = limit * (MINUTE / this.#window);
    }
    this.#perMinute = Math.min(this.#ceiling, this.#perMinute * SPEED_UP + (this.#ceiling - this.#perMinute) * 0.1);
    if (remaining !== undefined && reset !== undefined && reset > now) {
      if (remaining === 0) {
        this.#pausedUntil = Math.max(this.#pausedUntil, reset);
      } else {
        this.#tokens = Math.min(this.#tokens, remaining);
      }
    }
  }

  /**
   * The headers name the requests of one window and its end, but not its length: that is the time between two ends,
   * when the requests that remain went up between them. An end that moves along with the time tells nothing.
   */
  #learnWindow(remaining: number | undefined, reset: number | undefined, now: number): void {
    const last = this.#last;
    if (remaining === undefined || reset === undefined) {
      return;
    }
    this.#last = { remaining, reset };
    if (last !== undefined && reset > last.reset && remaining > last.remaining) {
      const between = reset - last.reset;
      if (reset - now <= between + SECOND && between <= MINUTE) {
        this.#window = Math.min(this.#window, Math.max(SECOND, between));
      }
    }
  }

  #refuse(now: number, headers: Readonly<Record<string, string | undefined>>): void {
    const named = retryAfter(headers['retry-after'], now) ?? resetTime(headers['x-ratelimit-reset'], now);
    if (now < this.#pausedUntil) {
      // One of several that were under way together: the same refusal, told more than once.
      this.#pausedUntil = Math.max(this.#pausedUntil, named ?? 0);
      this.#filledAt = this.#pausedUntil;
      return;
    }
    const backoff = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#refusals) * (1 + this.#random() * 0.25);
    // The first refusal trusts the named time. A key that is still refused after it (Smartlead FACTS 5, "8+ min")
    // is backed off beyond what the header says.
    const until = this.#refusals === 0 && named !== undefined ? named : Math.max(named ?? 0, now + backoff);
    if (until > this.#pausedUntil) {
      this.#pausedUntil = until;
    }
    this.#refusals += 1;
    this.#tokens = 1;
    this.#filledAt = Math.max(now, this.#pausedUntil);
    this.#perMinute = Math.max(SLOWEST_PER_MINUTE, this.#perMinute * SLOW_DOWN);
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

/** The time that a `Retry-After` header names, in seconds or as a date; undefined where it is absent or nonsense. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  const seconds = positive(header);
  if (seconds !== undefined) {
    return now + seconds * 1000;
  }
  const date = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(now, date);
}

/** `x-ratelimit-reset` is Unix seconds where it was seen (Smartlead FACTS 5); small numbers are taken as seconds from now. */
function resetTime(header: string | undefined, now: number): number | undefined {
  const value = positive(header);
  if (value === undefined) {
    return undefined;
  }
  const time = value < 1e9 ? now + value * 1000 : value * 1000;
  // A reset that lies in the past or implausibly far ahead says nothing.
  return time >= now && time < now + 2 * 60 * MINUTE ? time : undefined;
}

function positive(header: string | undefined): number | undefined {
  const value = header === undefined || header.trim() === '' ? Number.NaN : Number(header);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
