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

/** A day in words, e.g. "November 13"; empty where there is none. Milliseconds since the epoch. */
export function day(time: number | undefined): string {
  return time === undefined || !Number.isFinite(time)
    ? ''
    : new Intl.DateTimeFormat(language, { month: 'long', day: 'numeric' }).format(time);
}
