/** A text without capitals: where it has none the text itself, of which V8 would make another one, for each account. */
export function lowerCaseOf(text: string): string {
  const lower = text.toLowerCase();
  return lower === text ? text : lower;
}
