/**
 * The most that an answer may have, in bytes, packed and unpacked alike. They are there for answers that never end or
 * unpack to a thousand times their size, so each is far above anything that a service was seen to send.
 */
export const answerLimits = {
  /** One record with all that is in it, such as a campaign with its emails: what the editor cannot hold can be saved. */
  record: 64_000_000,
  /** A page of a list, at most 100 records; the emails of a hundred campaigns are megabytes (Instantly FACTS 2.3). */
  page: 32_000_000,
  /**
   * A list that comes without pages: three times what 20,000 campaigns take at the recorded 830 bytes each
   * (Smartlead FACTS 3.1), or the senders of one campaign, 10,000 of 2 KB.
   */
  list: 64_000_000,
  /** What is kept of an error: its words are at the beginning, and an error page may go on for long after them. */
  error: 16_000,
} as const;

/**
 * The most levels of lists and objects in each other. The deepest recorded answer has ten; what walks JSON by calling
 * itself, as jsonc-parser does, gets through thousands.
 */
export const MOST_LEVELS = 100;

/**
 * The most values in lists and objects. In memory `{}` takes a hundred times its two bytes, and what is made of it as
 * much again, so the size of a text alone bounds little. Four times what 20,000 campaigns have, 25 values each
 * (Smartlead FACTS 3.1).
 */
export const MOST_VALUES = 2_000_000;

// Compared as numbers, because the texts of pages have millions of characters.
const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** What JSON has more of than any real answer. Reads the text once and does not parse it. */
export function excessOf(text: string): 'levels' | 'values' | undefined {
  let level = 0;
  let values = 0;
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case QUOTE:
        index = endOfString(text, index);
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        level += 1;
        if (level > MOST_LEVELS) {
          return 'levels';
        }
        break;
      case COMMA:
        values += 1;
        if (values >= MOST_VALUES) {
          return 'values';
        }
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        level -= 1;
        break;
    }
  }
  return undefined;
}

/** Where the string ends that starts here; the end of the text where it does not. */
function endOfString(text: string, start: number): number {
  // Most of a page is in strings, which V8 searches several times faster than code that looks at each character.
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) {
    end = text.indexOf('"', end + 1);
  }
  return end === -1 ? text.length : end;
}

/** True where an odd number of backslashes stands right before this place. Each is looked at for one quote only. */
function isEscaped(text: string, place: number): boolean {
  let before = place - 1;
  while (text.charCodeAt(before) === BACKSLASH) {
    before -= 1;
  }
  return (place - before) % 2 === 0;
}
