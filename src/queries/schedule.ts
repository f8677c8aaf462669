import type { Schedule } from '../providers/model.ts';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Whether a campaign may send by its schedule. */
export type Opening = 'open' | 'closed' | 'notYet' | 'over' | 'never';

/**
 * Whether a schedule is open; undefined where that cannot be known: the time zone is missing or unknown here, or its
 * hours go over midnight, which no page describes.
 *
 * @param now in milliseconds since the epoch.
 */
export function openingOf({ days, from, to, timezone, startsOn, endsOn }: Schedule, now: number): Opening | undefined {
  if (days.length === 0) {
    return 'never';
  }
  const local = timezone === undefined ? undefined : localTime(now, timezone);
  if (local === undefined) {
    return undefined;
  }
  const [start, end] = [dayOf(startsOn, timezone), dayOf(endsOn, timezone)];
  if (end !== undefined && local.day > end) {
    return 'over';
  }
  if (start !== undefined && local.day < start) {
    return 'notYet';
  }
  if (!HOUR.test(from) || !HOUR.test(to) || from >= to) {
    return undefined;
  }
  return days.includes(local.weekday) && local.time >= from && local.time < to ? 'open' : 'closed';
}

const HOUR = /^\d\d:\d\d$/;

/** A day as `2026-07-31`: a date is one, and a time with its zone is one in the time zone of the schedule. */
function dayOf(value: string | undefined, timezone: string | undefined): string | undefined {
  if (value === undefined || /^\d{4}-\d\d-\d\d$/.test(value)) {
    return value;
  }
  const at = Date.parse(value);
  return Number.isNaN(at) || timezone === undefined ? undefined : localTime(at, timezone)?.day;
}

/** The day in a time zone, as `2026-07-31`; undefined where the zone is not known here. `now` as in {@link openingOf}. */
export function dayIn(timezone: string | undefined, now: number): string | undefined {
  return timezone === undefined ? undefined : localTime(now, timezone)?.day;
}

function localTime(at: number, timeZone: string): { day: string; weekday: number; time: string } | undefined {
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
    }).formatToParts(at);
    const part = (name: Intl.DateTimeFormatPartTypes) => parts.find(({ type }) => type === name)?.value ?? '';
    return {
      day: `${part('year')}-${part('month')}-${part('day')}`,
      weekday: WEEKDAYS.indexOf(part('weekday')),
      time: `${part('hour')}:${part('minute')}`,
    };
  } catch {
    // A time zone that this runtime does not know.
    return undefined;
  }
}
