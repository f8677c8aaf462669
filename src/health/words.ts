import { ageOf } from '../transport/times.ts';
import type { Trouble } from './rule.ts';

/** The language of the editor, for numbers and days; as l10n, it is set once. */
let language: string | undefined;
let numbers = new Intl.NumberFormat();

/** @param code a language tag, e.g. `de`. */
export function setLanguage(code: string): void {
  language = code;
  numbers = new Intl.NumberFormat(code);
}

/** A number as the language groups it, with one digit behind the point at most. */
export function formatNumber(value: number): string {
  return numbers.format(Math.round(value * 10) / 10);
}

/** What is the matter with senders, e.g. "Connection Error", or "Connection Error 5, Paused 2, +1". */
export function troubleWords(troubles: readonly Trouble[]): string {
  const [first, second, ...others] = troubles;
  if (first === undefined || second === undefined) {
    return first?.words ?? '';
  }
  const rest = others.reduce((sum, { count }) => sum + count, 0);
  const parts = [first, second].map(({ words, count }) => `${words} ${formatNumber(count)}`);
  return [...parts, ...(rest > 0 ? [`+${formatNumber(rest)}`] : [])].join(', ');
}

/** A day in words, e.g. "November 13"; empty where there is none. Milliseconds since the epoch. */
export function day(time: number | undefined): string {
  return time === undefined || !Number.isFinite(time)
    ? ''
    : new Intl.DateTimeFormat(language, { month: 'long', day: 'numeric' }).format(time);
}

/** How long ago a moment was, e.g. "9 days ago"; empty where there is none. Milliseconds since the epoch. */
export function ago(time: number | undefined): string {
  return time === undefined ? '' : (ageOf(Date.now() - time, language) ?? '');
}
