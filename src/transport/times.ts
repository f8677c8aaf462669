// Times and durations in words: undefined where a number is none, and never an exception, wherever it came from.

/** Whether a number is a time that can be shown: milliseconds since the epoch, within what a `Date` holds. */
export function isTime(time: number): boolean {
  return Math.abs(time) <= 8.64e15;
}

/** ISO 8601 of a time in milliseconds since the epoch; undefined for a number that is no time. */
export function isoOf(time: number): string | undefined {
  return isTime(time) ? new Date(time).toISOString() : undefined;
}

/**
 * The local time of day of a time in milliseconds since the epoch, with the date where that is not today; undefined
 * for a number that is no time. `language` is a BCP 47 tag, the process's own where it is undefined.
 */
export function clockOf(time: number, language?: string, now: number = Date.now()): string | undefined {
  if (!isTime(time)) {
    return undefined;
  }
  const today = new Date(time).toDateString() === new Date(now).toDateString();
  const style = today ? ({ timeStyle: 'medium' } as const) : ({ dateStyle: 'medium', timeStyle: 'short' } as const);
  return new Intl.DateTimeFormat(language, style).format(time);
}

/** The local date and time of a time in milliseconds since the epoch; undefined for a number that is no time. */
export function dateOf(time: number, language?: string): string | undefined {
  return isTime(time)
    ? new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(time)
    : undefined;
}

/** The local date of a time in milliseconds since the epoch; undefined for a number that is no time. */
export function dayOf(time: number, language?: string): string | undefined {
  return isTime(time) ? new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(time) : undefined;
}

/** The name of a day of the week, where 0 is Sunday; undefined for a number that is no such day. */
export function weekdayOf(day: number, style: 'long' | 'short', language?: string): string | undefined {
  // 1 January 2023 was a Sunday.
  return Number.isInteger(day) && day >= 0 && day <= 6
    ? new Intl.DateTimeFormat(language, { weekday: style, timeZone: 'UTC' }).format(Date.UTC(2023, 0, 1 + day))
    : undefined;
}

const HOUR = 60;
const DAY = 24 * HOUR;
/** In minutes, as the calendar has them on average. */
const YEAR = 365.2425 * DAY;
const MONTH = YEAR / 12;

/** How long ago something was, or how far ahead it is, in whole minutes, hours, days, months or years. Milliseconds. */
export function ageOf(past: number, language?: string): string | undefined {
  if (!isTime(past)) {
    return undefined;
  }
  const minutes = Math.round(past / 1000) / 60;
  const sign = minutes > 0 ? -1 : 1;
  const distance = Math.abs(minutes);
  const [unit, length] =
    distance < HOUR
      ? (['minute', 1] as const)
      : distance < DAY
        ? (['hour', HOUR] as const)
        : distance < 2 * MONTH
          ? (['day', DAY] as const)
          : distance < YEAR
            ? (['month', MONTH] as const)
            : (['year', YEAR] as const);
  // Only minutes and hours are read often enough to be short.
  const style = unit === 'minute' || unit === 'hour' ? 'short' : 'long';
  const relative = new Intl.RelativeTimeFormat(language, { style, numeric: 'always' });
  const words = relative.format(sign * Math.floor(distance / length), unit);
  return style === 'short' ? words.replace('.', '') : words;
}

/** A duration in words, rounded up to what matters: "2 min". Milliseconds; undefined for what is no duration. */
export function durationOf(duration: number, language?: string): string | undefined {
  if (!Number.isFinite(duration)) {
    return undefined;
  }
  const seconds = Math.ceil(duration / 1000);
  const [value, unit] = seconds < 90 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
}
