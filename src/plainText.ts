/** The longest text that is shown in one piece, in UTF-16 units: VS Code cuts notifications there. */
export const longestText = 1000;

/** Stands between two characters without being seen, and without a place to break the line. */
const JOINER = '\u2060';

/** What reorders or hides the characters around it, so that a name looks like another: bidirectional and tag characters. */
const DECEPTIVE = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u{E0000}-\u{E007F}]/gu;

/**
 * Text from a service or a person as VS Code may show it. In notifications and boxes VS Code turns `[x](command:…)`
 * into links and, in places, `$(name)` into icons, and in Markdown `<command:…>` too: all are taken apart here by a
 * character that nobody sees. Half a surrogate pair becomes a replacement character. Cleaning a text twice changes
 * nothing more.
 *
 * @param longest in UTF-16 units; what is beyond it is cut.
 */
export function plainText(text: string, longest = longestText): string {
  return (
    cut(text, longest)
      .toWellFormed()
      .replace(DECEPTIVE, '')
      .replaceAll('](', `]${JOINER}(`)
      .replaceAll('$(', `$${JOINER}(`)
      // In Markdown `<command:…>` is a link too, also inside another one.
      .replace(/<(?=[a-z/!?])/gi, `<${JOINER}`)
      // VS Code puts some texts into Markdown links of its own and escapes their brackets, except after a backslash.
      .replaceAll('\\]', `\\${JOINER}]`)
  );
}

/** A text of at most that many UTF-16 units, never ending in half a character. */
function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
