import * as vscode from 'vscode';
import { plainText } from './plainText.ts';
import { ageOf, clockOf, dateOf, dayOf, durationOf, isTime, weekdayOf } from './transport/times.ts';

/** A number grouped as the editor's language groups it, e.g. 1,204. */
export function formatNumber(value: number): string {
  numbers ??= new Intl.NumberFormat(vscode.env.language);
  return numbers.format(value);
}

/** A number cut short, e.g. 12.4k; for rows, where there is no room. */
export function formatCompact(value: number): string {
  compact ??= new Intl.NumberFormat(vscode.env.language, { notation: 'compact', maximumFractionDigits: 1 });
  return compact.format(value);
}

let compact: Intl.NumberFormat | undefined;

/** A day of this year in short, e.g. "Nov 19". Milliseconds since the epoch. */
export function formatShortDay(time: number): string {
  return isTime(time)
    ? new Intl.DateTimeFormat(vscode.env.language, { month: 'short', day: 'numeric' }).format(time)
    : unknown();
}

/** Made once: it takes longer than all else in a row. */
let numbers: Intl.NumberFormat | undefined;

/** Local date and time of milliseconds since the epoch or of an ISO 8601 text; the text itself where it is not one. */
export function formatTime(time: number | string): string {
  const words = dateOf(typeof time === 'string' ? Date.parse(time) : time, vscode.env.language);
  return words ?? (typeof time === 'string' ? time : unknown());
}

/** The local date of milliseconds since the epoch; "unknown" where there is none. */
export function formatDay(time: number | undefined): string {
  return (time === undefined ? undefined : dayOf(time, vscode.env.language)) ?? unknown();
}

/** The local time of day, with the date where that is not today. Milliseconds since the epoch. */
export function formatClock(time: number): string {
  return clockOf(time, vscode.env.language) ?? unknown();
}

/** The name of a day of the week, where 0 is Sunday. */
export function formatWeekday(day: number, style: 'long' | 'short' = 'long'): string {
  return weekdayOf(day, style, vscode.env.language) ?? unknown();
}

/** No name, reason or address that a person reads as a whole is longer, in characters. */
const LONGEST = 5000;

/** Text for Markdown that stays text: no markup, no links, no HTML, whatever a service put into a name. */
export function escapeMarkdown(text: string): string {
  return plainText(text, LONGEST)
    .replace(/[!-/:-@[-`{-~]/g, (character) => (character === '<' ? '&lt;' : `\\${character}`))
    .replace(/\s+/g, ' ');
}

/** How long ago something was, e.g. "4 min ago", or how far ahead it is. `time` in milliseconds since the epoch. */
export function formatAge(time: number, now: number = Date.now()): string {
  const past = now - time;
  return isTime(time) && Math.abs(Math.round(past / 1000)) < 60
    ? vscode.l10n.t('just now')
    : (ageOf(past, vscode.env.language) ?? unknown());
}

/** A duration in words, rounded to what matters, e.g. "2 min". Milliseconds. */
export function formatDuration(duration: number): string {
  return durationOf(duration, vscode.env.language) ?? unknown();
}

function unknown(): string {
  return vscode.l10n.t('unknown');
}

/** E.g. "5 active of 9 campaigns": drafts and completed ones do not make a mailbox used. */
export function formatCampaigns({ all, active }: { readonly all: number; readonly active: number }): string {
  if (all === 0) {
    return vscode.l10n.t('no campaigns');
  }
  return all === 1
    ? vscode.l10n.t('{0} active of 1 campaign', formatNumber(active))
    : vscode.l10n.t('{0} active of {1} campaigns', formatNumber(active), formatNumber(all));
}
