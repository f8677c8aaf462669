import * as vscode from 'vscode';
import { plainText } from './plainText.ts';

/** A number grouped as the editor's language groups it, e.g. 1,204. */
export function formatNumber(value: number): string {
  return new Intl.NumberFormat(vscode.env.language).format(value);
}

/** Local date and time of an ISO 8601 text; the text itself where it is not one. */
export function formatTime(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time)
    ? iso
    : new Intl.DateTimeFormat(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' }).format(time);
}

/** The local time of day. */
export function formatClock(time: number): string {
  return new Intl.DateTimeFormat(vscode.env.language, { timeStyle: 'medium' }).format(time);
}

/** The name of a day of the week, where 0 is Sunday. */
export function formatWeekday(day: number, style: 'long' | 'short' = 'long'): string {
  // 1 January 2023 was a Sunday.
  return new Intl.DateTimeFormat(vscode.env.language, { weekday: style, timeZone: 'UTC' }).format(
    Date.UTC(2023, 0, 1 + day),
  );
}

/** Text for Markdown that stays text: no markup, no links, no HTML, whatever a service put into a name. */
export function escapeMarkdown(text: string): string {
  return plainText(text)
    .replace(/[!-/:-@[-`{-~]/g, (character) => (character === '<' ? '&lt;' : `\\${character}`))
    .replace(/\s+/g, ' ');
}

/** How long ago something was, e.g. "4 min ago", or how far ahead it is. `time` in milliseconds since the epoch. */
export function formatAge(time: number, now: number = Date.now()): string {
  const seconds = Math.round((now - time) / 1000);
  const past = Math.abs(seconds);
  if (past < 60) {
    return vscode.l10n.t('just now');
  }
  const relative = new Intl.RelativeTimeFormat(vscode.env.language, { style: 'short', numeric: 'always' });
  const sign = seconds > 0 ? -1 : 1;
  if (past < 3600) {
    return relative.format(sign * Math.floor(past / 60), 'minute').replace('.', '');
  }
  return past < 86_400
    ? relative.format(sign * Math.floor(past / 3600), 'hour').replace('.', '')
    : relative.format(sign * Math.floor(past / 86_400), 'day');
}

/** A duration in words, rounded to what matters, e.g. "2 min". Milliseconds. */
export function formatDuration(duration: number): string {
  const seconds = Math.ceil(duration / 1000);
  const [value, unit] = seconds < 90 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return new Intl.NumberFormat(vscode.env.language, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
}
