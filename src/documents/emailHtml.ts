import sanitizeHtml from 'sanitize-html';

/*
 * sanitize-html, because it parses as a browser does and writes balanced markup anew, so that no unclosed tag reaches
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
  let result = '';
  let preformatted = 0;
  const addresses: string[] = [];
  const endLines = (count: number) => {
    result = withoutSpaces(result);
    let have = 0;
    while (have < count && result[result.length - 1 - have] === '\n') {
      have += 1;
    }
    result += result === '' ? '' : '\n'.repeat(count - have);
  };
  for (const [token, close, name, attributes] of clean.matchAll(/<(\/?)([a-z][a-z0-9]*)([^>]*)>|[^<]+/g)) {
    if (name === undefined) {
      const words = decode(token);
      const collapsed = words.replace(/[ \t\r\n\f]+/g, ' ');
      result +=
        preformatted > 0
          ? words
          : result === '' || /\s$/.test(result.slice(-1))
            ? collapsed.replace(/^ /, '')
            : collapsed;
    } else if (name === 'br') {
      result = `${withoutSpaces(result)}\n`;
    } else if (name === 'hr') {
      endLines(1);
      result += '---\n';
    } else if (name === 'a') {
      if (close === '') {
        addresses.push(decode(/ title="([^"]*)"/.exec(attributes ?? '')?.[1] ?? ''));
      } else {
        const address = addresses.pop() ?? '';
        result += address === '' || result.endsWith(address) ? '' : ` (${address})`;
      }
    } else if (name === 'td' || name === 'th') {
      result += close === '' ? '' : ' ';
    } else if (BLOCK.has(name)) {
      endLines(APART.has(name) ? 2 : 1);
      result += name === 'li' && close === '' ? '- ' : '';
      preformatted += name === 'pre' ? (close === '' ? 1 : -1) : 0;
    }
  }
  return result
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{4,}/g, '\n\n\n')
    .trim();
}

/** Without the spaces at its end; a pattern would look for them everywhere. */
function withoutSpaces(lines: string): string {
  let end = lines.length;
  while (lines[end - 1] === ' ' || lines[end - 1] === '\t') {
    end -= 1;
  }
  return lines.slice(0, end);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** The few entities that a sanitizer writes; all others it has decoded. */
function decode(escaped: string): string {
  return escaped.replace(/&(amp|lt|gt|quot);/g, (entity, name: string) => ENTITIES[name] ?? entity);
}
