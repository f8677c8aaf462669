/** A stretch of text, or a tag with its angle brackets. */
export interface MarkupToken {
  readonly tag: boolean;
  readonly text: string;
}

/** Elements whose content is no text of the page. */
const UNSEEN = /^<(script|style|title)\b/i;
const UNSEEN_ENDS: Readonly<Record<string, RegExp>> = {
  script: /<\/script\b/gi,
  style: /<\/style\b/gi,
  title: /<\/title\b/gi,
};

/** The tags of markup and what is between them, in one pass. A `<` that nothing closes is text, with all after it. */
export function* markupTokens(markup: string): Generator<MarkupToken> {
  let at = 0;
  while (at < markup.length) {
    const opens = markup.indexOf('<', at);
    const closes = opens === -1 ? -1 : markup.indexOf('>', opens);
    const end = closes === -1 ? markup.length : opens;
    if (end > at) {
      yield { tag: false, text: markup.slice(at, end) };
    }
    if (closes === -1) {
      return;
    }
    const text = markup.slice(opens, closes + 1);
    yield { tag: true, text };
    at = behind(markup, closes + 1, UNSEEN.exec(text)?.[1]);
  }
}

/** Where to go on: at the end tag of an element whose content is not seen. */
function behind(markup: string, at: number, unseen: string | undefined): number {
  const end = unseen === undefined ? undefined : UNSEEN_ENDS[unseen.toLowerCase()];
  if (end === undefined) {
    return at;
  }
  end.lastIndex = at;
  return end.exec(markup)?.index ?? markup.length;
}

/** The readable words of a page, with single spaces between them. */
export function wordsOf(markup: string): string {
  const words: string[] = [];
  for (const { tag, text } of markupTokens(markup)) {
    words.push(tag ? ' ' : text);
  }
  return words.join('').replace(/\s+/g, ' ').trim();
}
