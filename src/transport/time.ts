/** Where the time comes from; tests have clocks of their own. Milliseconds. */
export interface Clock {
  /** Only ever goes forward, at an even pace. It counts from anywhere: for durations alone. */
  monotonic(): number;
  /** Since the epoch. A person, or a time server, may set it forward or back at any moment. */
  wall(): number;
}

export const systemClock: Clock = { monotonic: () => performance.now(), wall: () => Date.now() };

/** The longest that Node lets a timer wait, in milliseconds. A longer one fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;
/** Two clocks that are both right differ by less than this, in milliseconds. */
const SKEW = 5_000;

/**
 * True where something is not older than `life` milliseconds. A time from the future was noted before the clock was
 * set back: nothing is known of its age, so it is never fresh, however long `life` is.
 *
 * @param at in milliseconds since the epoch.
 */
export function isFresh(at: number, life: number, now: number = Date.now()): boolean {
  const age = now - at;
  return age >= -SKEW && age <= life;
}

/** A delay in milliseconds as a timer can take it. A timer that fires early has to look whether it is time. */
export function timerDelay(delay: number): number {
  return Math.min(Math.max(0, delay), LONGEST_TIMER);
}
