import { dayIn } from '../queries/schedule.ts';

/** What day it is where campaigns are. It stands still between two turns, so that an evaluation sees one day a zone. */
export class Calendar {
  /** By time zone; the empty one is that of this machine. */
  readonly #days = new Map<string, string>();
  #now: number;

  /** @param now in milliseconds since the epoch. */
  constructor(now: number) {
    this.#now = now;
  }

  /**
   * Goes on to another moment, to the minute, and says whether midnight has passed in a time zone that was asked for.
   *
   * @param now in milliseconds since the epoch.
   */
  turn(now: number): boolean {
    if (minuteOf(now) === minuteOf(this.#now)) {
      return false;
    }
    this.#now = now;
    let turned = false;
    for (const [timezone, day] of this.#days) {
      const next = dayAt(timezone, now);
      turned ||= next !== day;
      this.#days.set(timezone, next);
    }
    return turned;
  }

  /** The day in a time zone, as `2026-07-31`; by the clock of this machine where the zone is absent or unknown. */
  today(timezone = ''): string {
    let day = this.#days.get(timezone);
    if (day === undefined) {
      day = dayAt(timezone, this.#now);
      this.#days.set(timezone, day);
    }
    return day;
  }
}

const minuteOf = (time: number) => Math.floor(time / 60_000);

function dayAt(timezone: string, now: number): string {
  return (timezone === '' ? undefined : dayIn(timezone, now)) ?? localDay(new Date(now));
}

function localDay(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
