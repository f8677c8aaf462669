import type { Priority } from './queue.ts';
import { systemClock, type Clock } from './time.ts';

/** At most so many requests within any stretch of time of this length. */
export interface PaceWindow {
  readonly requests: number;
  readonly milliseconds: number;
}

/** How fast a service may be asked, as it publishes: all windows hold at once. */
export type PaceLimits = readonly PaceWindow[];

/** The facts of an answer that pacing learns from. */
export interface PaceSignals {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A service that names no time after a 429 is left alone this long first; each further 429 in a row doubles it. */
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 5 * MINUTE;
/** After a 429 requests go out one by one at this share of the pace, and each good answer gives a little back. */
const SLOW_DOWN = 0.5;
const SPEED_UP = 1.02;
const SLOWEST_PER_MINUTE = 6;
/** More than any plan is known to have (Smartlead FACTS 5); an announced limit is not believed beyond it. */
const MOST_PER_MINUTE = 10_000;
/** The share of an announced limit that is reserved for higher priorities. */
const RESERVE: Readonly<Record<Priority, number>> = { interactive: 0, background: 0.1, automatic: 0.5 };
/** The share of what is published for an hour or more that automatic refreshes may take. */
const AUTOMATIC_SHARE = 0.5;
/** No named time counts for more than this: a mistake of the service must not stop the work of a whole day. */
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

/** What the service announced for the window at hand. */
interface Budget {
  /** Requests in the whole window. */
  readonly limit: number;
  /** The lowest remainder in any answer: answers come in another order than they were made. */
  readonly remaining: number;
  /** On the monotonic clock. */
  readonly endsAt: number;
  /** {@link Reset.at}, which tells this window from the one before. */
  readonly resetAt: number;
}

/** When the last requests started, on the monotonic clock. */
class Starts {
  readonly #times: number[] = [];
  readonly #most: number;

  /** `most`: the requests of the largest window that will be asked about. */
  constructor(most: number) {
    this.#most = most;
  }

  get last(): number {
    return this.#times.at(-1) ?? -Infinity;
  }

  add(time: number): void {
    this.#times.push(time);
    if (this.#times.length > 2 * this.#most) {
      this.#times.splice(0, this.#times.length - this.#most);
    }
  }

  /** Milliseconds until a window has room for another one. */
  wait({ requests, milliseconds }: PaceWindow, now: number): number {
    return (this.#times.at(-requests) ?? -Infinity) + milliseconds - now;
  }
}

/**
 * When the next request of one key may start. It stays within every published window until the service announces a
 * budget in `x-ratelimit-*` (Smartlead FACTS 5), and then spends that at once, except what it reserves. After a 429 it
 * stops for as long as `Retry-After` says or longer, continues evenly, and recovers. It holds no timers: callers ask
 * `delay()` and wait themselves. All its times are of the monotonic clock, so that setting the computer's clock neither
 * stops requests nor releases a burst.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #limits: PaceLimits;
  readonly #cap: () => number;
  readonly #starts: Starts;
  readonly #automaticStarts: Starts;
  #inFlight = 0;
  /** Requests a minute after a 429, until it has recovered. */
  #slowed: number | undefined;
  #pausedUntil = 0;
  #probedAt = -Infinity;
  #refusals = 0;
  /** How long the announced limit is for, in milliseconds. One minute in every plan published so far. */
  #window = MINUTE;
  /** The announced requests of a window. */
  #announced: number | undefined;
  #budget: Budget | undefined;
  #last: { readonly remaining: number; readonly reset: number } | undefined;

  /** `cap`: requests a minute that the person allows, whatever the service says; asked for each time. */
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
    const most = limits.reduce((sum, { requests }) => Math.max(sum, requests), MOST_PER_MINUTE);
    this.#starts = new Starts(most);
    this.#automaticStarts = new Starts(most);
  }

  /** Requests a minute that it aims at now. */
  get perMinute(): number {
    return Math.max(1, Math.min(this.#slowed ?? this.#ceiling, this.#cap()));
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

  /**
   * Milliseconds until a request of this priority may start, if nothing else happens meanwhile; 0 means now, and
   * Infinity that an answer has to come first. Never less for a lower priority.
   */
  delay(priority: Priority = 'interactive'): number {
    const now = this.#clock.monotonic();
    let wait = Math.max(this.pausedFor, this.#waitForBudget(priority, now));
    for (const window of this.#windows()) {
      wait = Math.max(wait, this.#starts.wait(window, now));
      if (priority === 'automatic' && window.milliseconds >= HOUR) {
        const share = { ...window, requests: Math.max(1, Math.floor(window.requests * AUTOMATIC_SHARE)) };
        wait = Math.max(wait, this.#automaticStarts.wait(share, now));
      }
    }
    if (this.#slowed !== undefined) {
      wait = Math.max(wait, this.#starts.last + MINUTE / this.#slowed - now);
    }
    return Math.ceil(wait);
  }

  /** Counts a request that starts now. */
  take(priority: Priority = 'interactive'): void {
    const now = this.#clock.monotonic();
    this.#inFlight += 1;
    this.#starts.add(now);
    if (priority === 'automatic') {
      this.#automaticStarts.add(now);
    }
  }

  /** Counts a request that has ended, however it did; {@link learn} comes before it where there was an answer. */
  release(): void {
    this.#inFlight -= 1;
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
    if (limit !== undefined && limit >= 1) {
      this.#learnWindow(remaining, reset);
      this.#announced = Math.floor(Math.min(limit, (MOST_PER_MINUTE * this.#window) / MINUTE));
    }
    if (this.#slowed !== undefined) {
      const faster = this.#slowed * SPEED_UP + (this.#ceiling - this.#slowed) * 0.1;
      this.#slowed = faster < this.#ceiling ? faster : undefined;
    }
    if (remaining !== undefined && reset !== undefined && reset.wait > 0) {
      this.#announce(remaining, reset, now);
      if (remaining === 0) {
        this.#pause(now + reset.wait);
      }
    } else if (this.#budget !== undefined) {
      this.#spendUnannounced(this.#budget, now);
    }
  }

  #announce(remaining: number, { at, wait }: Reset, now: number): void {
    const limit = this.#announced ?? remaining;
    const known = this.#budget;
    // Ends that are given in whole seconds from now differ by less than one.
    if (known !== undefined && at < known.resetAt - SECOND) {
      return;
    }
    const same = known !== undefined && at < known.resetAt + SECOND;
    this.#budget = same
      ? { ...known, limit, remaining: Math.min(known.remaining, remaining, limit) }
      : { limit, remaining: Math.min(remaining, limit), endsAt: now + wait, resetAt: at };
  }

  /** An answer that announces nothing counts all the same; after the window the service announces nothing any more. */
  #spendUnannounced(budget: Budget, now: number): void {
    if (now < budget.endsAt) {
      this.#budget = { ...budget, remaining: budget.remaining - 1 };
    } else {
      this.#budget = undefined;
      this.#announced = undefined;
    }
  }

  /**
   * The headers name the requests of one window and its end, but not its length: that is the time between two ends,
   * when the requests that remain went up between them. An end that moves along with the time says nothing.
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
      // One of several that were under way together, or a probe: the same refusal, more than once.
      this.#pause(named, probe);
      return;
    }
    const backoff = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#refusals) * (1 + this.#random() * 0.25);
    // The first refusal trusts the named time. A key that is still refused after it (Smartlead FACTS 5, "8+ min")
    // is backed off beyond what the header says.
    const until = this.#refusals === 0 && named !== undefined ? named : Math.max(named ?? 0, now + backoff);
    this.#pause(until);
    this.#refusals += 1;
    this.#slowed = Math.max(SLOWEST_PER_MINUTE, (this.#slowed ?? this.#ceiling) * SLOW_DOWN);
    if (this.#budget !== undefined) {
      // What was counted does not hold: the next answer says what does.
      this.#budget = { ...this.#budget, endsAt: this.#pausedUntil };
    }
  }

  /** Of several times the last counts, but the answer to a probe replaces all that was said before it. */
  #pause(until: number | undefined, probe = false): void {
    if (until !== undefined && (probe || until > this.#pausedUntil)) {
      this.#pausedUntil = until;
    }
  }

  /** When the pause that `Retry-After` asks for ends. */
  #named(headers: PaceSignals['headers'], now: number): number | undefined {
    const wait = retryAfter(headers['retry-after'], this.#clock.wall());
    return wait === undefined ? undefined : now + wait;
  }

  /**
   * `x-ratelimit-reset` is Unix seconds where it was seen (Smartlead FACTS 5); small numbers are taken as seconds from
   * now. One in the past or more than two hours ahead says nothing: it is more likely in another unit than meant.
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

  /** Requests a minute at most: the announced limit, or the tightest published one. */
  get #ceiling(): number {
    const windows = this.#announced === undefined ? this.#limits : [this.#announcedWindow(this.#announced)];
    // What is published for an hour is a budget and no pace: it may be spent within minutes.
    const paces = windows.filter(({ milliseconds }) => milliseconds < HOUR);
    return paces.reduce(
      (least, { requests, milliseconds }) => Math.min(least, (requests / milliseconds) * MINUTE),
      MOST_PER_MINUTE,
    );
  }

  /** All the windows that hold now, at once. */
  #windows(): PaceLimits {
    const cap = this.#cap();
    const allowed = Number.isFinite(cap)
      ? [{ requests: Math.max(1, Math.floor(cap)), milliseconds: MINUTE * Math.max(1, 1 / cap) }]
      : [];
    if (this.#budget !== undefined) {
      return [{ requests: MOST_PER_MINUTE, milliseconds: MINUTE }, ...allowed];
    }
    return [...(this.#announced === undefined ? this.#limits : [this.#announcedWindow(this.#announced)]), ...allowed];
  }

  #announcedWindow(requests: number): PaceWindow {
    return { requests, milliseconds: this.#window };
  }

  /** Requests in flight count against what remains: whether an answer has counted them already cannot be known. */
  #waitForBudget(priority: Priority, now: number): number {
    const budget = this.#budget;
    if (budget === undefined) {
      return 0;
    }
    if (now >= budget.endsAt) {
      // One request finds out what the new window has: the clocks may differ, and others may share it.
      return this.#inFlight === 0 ? 0 : Infinity;
    }
    const left = budget.remaining - this.#inFlight - Math.floor(budget.limit * RESERVE[priority]);
    return left > 0 ? 0 : budget.endsAt - now;
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
