import { KeyMask, MASK } from './keyMask.ts';

/**
 * Names of credentials, in snake case. Smartlead returns mailbox passwords, in plain text on some routes (Smartlead
 * FACTS 3.7 to 3.9); Instantly's key routes return keys (Instantly FACTS 2.4).
 */
const CREDENTIAL_NAME = new RegExp(
  [
    'pass_?(?:word|wd|phrase|code)',
    'secret(?!ar)',
    '(?:^|_)(?:api|private|access|signing|encryption|ssh)_?keys?(?:_|$)',
    '(?:^|_)(?:pwd|credentials?|authorization|jwt)(?:_|$)',
    '(?:^|_)cookies?$',
    // `allPass` is the outcome of a test (Instantly FACTS 2.1), so a bare "pass" is only one after what it opens.
    '^(?:(?:smtp|imap|pop3?|mail|email|mailbox|proxy|user|db|ftp|app|login)_?)?pass$',
    '^(?:x|basic|proxy|smtp|imap)?_?auth$',
    // Other tokens than these continue a list.
    '(?<!(?:page|next|prev(?:ious)?|continuation|cursor|sync)_?)token$',
    'token_value$',
  ].join('|'),
);

/** Names of what is known about a credential, such as when it was changed. */
const ABOUT_CREDENTIAL =
  /^(?:is|has|had|have|use|uses|can|needs?|requires?|show|hide|allow|enable|disable|num|count)_|_(?:changed|updated|at|on|set|count|length|required|needed|missing|enabled|exists|present|valid|invalid|verified|status|state|type|method|url|uri|id|ids|error|errors|policy|strength|version|expired|expires|expires_(?:at|in|on)|expiry|expiration|ttl|age|date|time)$/;

/** What all of these names have in them: a cheap no to almost every property of a page. */
const CREDENTIAL_HINT = /pass|pwd|secret|key|cred|cookie|auth|jwt|token/i;

/** True where a property of an answer holds a credential; flags and facts such as `dfy_password_changed` do not. */
export function isCredential(name: string, value: unknown): boolean {
  if (typeof value === 'boolean' || !CREDENTIAL_HINT.test(name)) {
    return false;
  }
  const words = name
    .replace(/([a-z\d])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3_$2$4')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '_');
  return CREDENTIAL_NAME.test(words) && !ABOUT_CREDENTIAL.test(words);
}

/** A property name in quotes with its colon, in JSON that may itself stand in a string or in HTML. */
const PROPERTY = /(?<!\\)(?<quote>\\*["']|&quot;|&#34;)(?<name>[\w$. -]{1,64})\k<quote>\s*:\s*/g;

/** A name with its sign in a query string, a form or a header. */
const ASSIGNMENT = /(?:(?<![\w-])|(?<=%[\da-f]{2}))(?<name>[a-z][\w-]{2,63})\s{0,4}(?:[:=]|%3d)\s{0,4}/gi;

/** What may follow an {@link ASSIGNMENT}. */
const ASSIGNED = /"[^"]*"?|'[^']*'?|(?:(?:bearer|basic|digest|token)\s+)?[^&\s"'<>,]+/iy;

/** What may follow a {@link PROPERTY} where it is no string. The properties of an object have names of their own. */
const UNQUOTED = /\[[^\]]*\]?|(?!true\b|false\b|null\b|\{)[^\s,;}\]"'\\]+/y;

/** `user:password@` of a URL, up to the colon, and the password. */
const URL_PASSWORD = /(:(?:\\*\/){2}[^\s/\\?#@:"'<>]*):[^\s/\\?#"'<>]+@/g;

/**
 * Masks credentials inside the text of a string: the passwords of URLs, and what has a credential's name in JSON, also
 * where that stands in a string of JSON again.
 */
export function maskInner(text: string): string {
  return maskValues(text, PROPERTY, endOfProperty).replace(URL_PASSWORD, `$1:${MASK}@`);
}

/** Masks what follows the names of credentials. `endOf` says where it ends; undefined where there is nothing to mask. */
function maskValues(
  text: string,
  names: RegExp,
  endOf: (text: string, start: number, quote: string) => number | undefined,
): string {
  let result = '';
  let done = 0;
  for (const { index, 0: match, groups = {} } of text.matchAll(names)) {
    const start = index + match.length;
    const { name = '', quote = '' } = groups;
    const end = start >= done && isCredential(name, '') ? endOf(text, start, quote) : undefined;
    if (end !== undefined) {
      result += text.slice(done, start) + quote + MASK + quote;
      done = end;
    }
  }
  return result + text.slice(done);
}

function endOfProperty(text: string, start: number, quote: string): number | undefined {
  if (!text.startsWith(quote, start)) {
    return endOfMatch(UNQUOTED, text, start);
  }
  const mark = quote.startsWith('\\') ? quote.slice(-1) : quote;
  const escapes = quote.length - mark.length;
  for (let at = text.indexOf(mark, start + quote.length); at >= 0; at = text.indexOf(mark, at + 1)) {
    let before = at;
    while (text[before - 1] === '\\') {
      before -= 1;
    }
    // A quote with more backslashes than the one at the beginning is part of the value.
    if (at - before <= escapes) {
      return at + mark.length;
    }
  }
  return text.length;
}

function endOfMatch(pattern: RegExp, text: string, start: number): number | undefined {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** A cookie header has many values. */
const COOKIES = /(?<![\w-])((?:set-)?cookie\s{0,4}:)[^\r\n"]+/gi;

/** Addresses, also in URLs and in HTML. */
const EMAIL = /(?<![^\s"'<>()[\]{},;:=&?/\\@])[^\s"'<>()[\]{},;:=&?/\\@]+(?:@|%40|&#64;)[^\s"'<>()[\]{},;:=&?/\\@]+/g;

/** Ids in the order in which they are looked for. */
const IDS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // Sendmap's documents and what they are compared with.
  [/\bsendmap[\w-]{0,20}:\/(?:[^\n"]{0,400}?\.json\b|\S*)/gi, `sendmap:/${MASK}`],
  [EMAIL, MASK],
  [/[\da-f]{8}(?:-?[\da-f]{4}){3}-?[\da-f]{12}|\b[\da-f]{16,}\b/gi, MASK],
  // A connection's id begins with its label, which may be an address; what follows tells connections apart.
  [/(?<![\w-])[a-z\d-]+-([\da-f]{6})(?![\w-])/g, `${MASK}-$1`],
  [
    /\b((?:[a-z]{1,20}_)?(?:id|account|campaign|client|lead|mailbox|sequence|tag|user|workspace)(?:_?id)?s?)([\s"':=#([]{1,4})\d+(?:,\s?\d+)*/gi,
    `$1$2${MASK}`,
  ],
  // Any other number of that length, but for the figures of Sendmap's own lines.
  [/(?<!\d)\d{5,}(?!\d)(?! ms\b| characters\b)/g, MASK],
];

/**
 * Removes secrets from text on its way to a log, an error or a dialog. It looks for three things, because each alone
 * has gaps: known key values in any encoding, what query parameters and headers with a credential's name say, and
 * credential properties in JSON.
 */
export class Redactor {
  readonly #keys = new KeyMask();

  /** Registers a key, so that its value is masked wherever it turns up. */
  add(secret: string): void {
    this.#keys.add(secret);
  }

  redact(text: string): string {
    const masked = maskInner(this.#keys.mask(text)).replace(COOKIES, `$1 ${MASK}`);
    return maskValues(masked, ASSIGNMENT, (source, start) => endOfMatch(ASSIGNED, source, start)).replace(
      /\bbearer\s+[\w.~+/=-]{8,}/gi,
      `Bearer ${MASK}`,
    );
  }

  /** For the log, which is passed on to others: without addresses and ids too, wherever they come from. */
  redactForLog(text: string): string {
    return IDS.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), this.redact(text));
  }
}
