import sanitizeHtml from 'sanitize-html';
import { markupTokens } from '../transport/markup.ts';

/*
 * sanitize-html, because it parses as a browser does and writes balanced markup again, so that no unclosed tag reaches
 * what stands around an email; `xss` is smaller, but edits the text as it came. It is a bundle of its own (esbuild.js),
 * which only a preview loads.
 */

const BLOCKS = [
  'address', 'blockquote', 'center', 'dd', 'div', 'dl', 'dt', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'li', 'ol',
  'p', 'pre', 'table', 'tbody', 'td', 'tfoot', 'th', 'thead', 'tr', 'ul',
]; // prettier-ignore
const INLINE = [
  'a', 'abbr', 'b', 'br', 'cite', 'code', 'del', 'em', 'i', 'ins', 'q', 's', 'samp', 'small', 'span', 'strike',
  'strong', 'sub', 'sup', 'u',
]; // prettier-ignore
/** Dropped with all that is in them. */
const NOT_TEXT = [
  'script', 'style', 'title', 'textarea', 'option', 'noscript', 'xmp', 'template', 'math', 'svg', 'object', 'embed',
]; // prettier-ignore

/**
 * An email as text markup and nothing else: no scripts, styles, forms, frames or attributes of its own. Nothing in it
 * can be followed or fetched: links are text with their address as the title, images are `<samp>` with their text or
 * address. Tags are balanced, and `<` and `>` stand for tags only.
 */
export function cleanHtml(html: string): string {
  return sanitizeHtml(html, {
    allowedTags: [...BLOCKS, ...INLINE],
    allowedAttributes: { a: ['title'], samp: ['title'], td: ['colspan', 'rowspan'], th: ['colspan', 'rowspan'] },
    nonTextTags: NOT_TEXT,
    nestingLimit: 100,
    parseStyleAttributes: false,
    transformTags: {
      a: (_name, { href }) => ({ tagName: 'a', attribs: href ? { title: href } : {} }),
      img: (_name, { alt, src }) => ({
        tagName: 'samp',
        attribs: alt && src ? { title: addressOf(src) } : {},
        text: alt?.trim() ? alt : addressOf(src ?? ''),
      }),
      // So that only images are one.
      samp: 'code',
      td: (tagName, attribs) => ({ tagName, attribs: spans(attribs) }),
      th: (tagName, attribs) => ({ tagName, attribs: spans(attribs) }),
    },
  });
}

/** The address of an image as people read it: an embedded one is only its kind. */
function addressOf(src: string): string {
  return src.startsWith('data:') ? src.slice(0, src.search(/[;,]|$/)) : src.slice(0, LONGEST_ADDRESS);
}

const LONGEST_ADDRESS = 200;

/** A cell may span others, but not the whole screen. */
function spans(attribs: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(attribs).filter(([, value]) => /^\d{1,2}$/.test(value)));
}

/** What sets a paragraph apart from what is before and after it. */
const APART = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'dl', 'table', 'blockquote', 'pre']);
const BLOCK = new Set(BLOCKS);

/** The text of HTML that {@link cleanHtml} made: blocks and line breaks become lines, links name their address. */
export function plainText(clean: string): string {
  const lines = new Lines();
  let preformatted = 0;
  const addresses: string[] = [];
  for (const token of markupTokens(clean)) {
    const [, close, name = '', attributes = ''] = (token.tag ? TAG.exec(token.text) : null) ?? [];
    if (!token.tag) {
      const words = decode(token.text);
      if (preformatted > 0) {
        lines.addPreformatted(words);
      } else {
        lines.add(words.replace(/[ \t\r\n\f]+/g, ' '));
      }
    } else if (name === 'br') {
      lines.end();
    } else if (name === 'hr') {
      lines.endBlock(false);
      lines.add('---');
      lines.end();
    } else if (name === 'a') {
      if (close === '') {
        addresses.push(decode(/ title="([^"]*)"/.exec(attributes)?.[1] ?? ''));
      } else {
        const address = addresses.pop() ?? '';
        if (address !== '' && !lines.last.endsWith(address)) {
          lines.add(` (${address})`);
        }
      }
    } else if (name === 'td' || name === 'th') {
      if (close !== '') {
        lines.add(' ');
      }
    } else if (BLOCK.has(name)) {
      lines.endBlock(APART.has(name));
      if (name === 'li' && close === '') {
        lines.add('- ');
      }
      preformatted += name === 'pre' ? (close === '' ? 1 : -1) : 0;
    }
  }
  return lines.text;
}

const TAG = /^<(\/?)([a-z][a-z0-9]*)([^a-z0-9].*)?>$/s;

/** Lines while they are built. Only their ends are ever looked at, so the time grows with the length of the text. */
class Lines {
  readonly #ended: string[] = [];
  #parts: string[] = [];

  /** The end of the line, as it was added. */
  get last(): string {
    return this.#parts.at(-1) ?? '';
  }

  get text(): string {
    this.end();
    return this.#ended
      .join('\n')
      .replace(/\n{4,}/g, '\n\n\n')
      .trim();
  }

  /** Adds to the line, without a space at its beginning or a second one. */
  add(words: string): void {
    const added = this.#parts.length === 0 || /\s$/.test(this.last.slice(-1)) ? words.replace(/^ /, '') : words;
    if (added !== '') {
      this.#parts.push(added);
    }
  }

  addPreformatted(words: string): void {
    for (const [index, line] of words.split('\n').entries()) {
      if (index > 0) {
        this.end();
      }
      if (line !== '') {
        this.#parts.push(line);
      }
    }
  }

  /** Ends the line, empty or not. */
  end(): void {
    this.#ended.push(this.#take());
  }

  /** Ends the line if there is one, and with `apart` leaves an empty one behind it. */
  endBlock(apart: boolean): void {
    const line = this.#take();
    if (line !== '') {
      this.#ended.push(line);
    }
    if (apart && this.#ended.length > 0 && this.#ended.at(-1) !== '') {
      this.#ended.push('');
    }
  }

  /** The line without the spaces at its end; a pattern would look for them everywhere. */
  #take(): string {
    const line = this.#parts.join('');
    this.#parts = [];
    let end = line.length;
    while (line[end - 1] === ' ' || line[end - 1] === '\t') {
      end -= 1;
    }
    return line.slice(0, end);
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** The few entities that a sanitizer writes; all others it has decoded. */
function decode(escaped: string): string {
  return escaped.replace(/&(amp|lt|gt|quot);/g, (entity, name: string) => ENTITIES[name] ?? entity);
}
