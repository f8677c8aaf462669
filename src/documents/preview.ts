import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import type { Step, Variant } from '../providers/emails.ts';
import { markupTokens } from '../transport/markup.ts';

const STYLE = `
body { margin: 0 auto; padding: 1em 2em 3em; max-width: 90em; color: var(--vscode-foreground); background: var(--vscode-editor-background); font: var(--vscode-font-size, 13px)/1.5 var(--vscode-font-family, sans-serif); }
h1 { font-size: 1.5em; font-weight: 600; margin: 0.5em 0; overflow-wrap: anywhere; }
h2 { font-size: 1.15em; font-weight: 600; margin: 2em 0 0.6em; }
h2 small, header small { font-size: 1em; font-weight: 400; color: var(--vscode-descriptionForeground); }
.variants { display: flex; flex-wrap: wrap; gap: 1em; align-items: stretch; }
article { flex: 1 1 22em; min-width: 0; max-width: 46em; box-sizing: border-box; display: flex; flex-direction: column; border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, var(--vscode-panel-border, #8884))); border-radius: 4px; }
article.disabled .email, article.disabled .subject { opacity: 0.65; }
header { padding: 0.6em 1em; border-bottom: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, var(--vscode-panel-border, #8884))); overflow-wrap: anywhere; }
.badge { font-size: 0.85em; padding: 0.1em 0.6em; border-radius: 1em; border: 1px solid var(--vscode-contrastBorder, transparent); color: var(--vscode-badge-foreground); background: var(--vscode-badge-background); }
.subject { font-weight: 600; }
.subject.none { font-weight: 400; font-style: italic; color: var(--vscode-descriptionForeground); }
.email { flex: 1; padding: 1em; max-width: 72ch; overflow: auto; overflow-wrap: anywhere; contain: content; }
.email p { margin: 0 0 1em; }
.email h1, .email h2, .email h3, .email h4, .email h5, .email h6 { font-size: 1.1em; margin: 0.8em 0 0.4em; }
.email blockquote { margin: 0.5em 0; padding-left: 1em; border-left: 3px solid var(--vscode-textBlockQuote-border, #8888); }
.email a { color: var(--vscode-textLink-foreground); text-decoration: underline; cursor: help; }
.email samp { font-family: inherit; font-size: 0.9em; padding: 0 0.4em; border: 1px dashed var(--vscode-descriptionForeground); color: var(--vscode-descriptionForeground); }
.email td, .email th { padding: 0.1em 0.6em 0.1em 0; text-align: left; vertical-align: top; }
article footer { padding: 0.4em 1em; color: var(--vscode-descriptionForeground); }
details { padding: 0.4em 1em; border-top: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, var(--vscode-panel-border, #8884))); }
summary { cursor: pointer; color: var(--vscode-descriptionForeground); }
summary:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
pre { margin: 0.6em 0; white-space: pre-wrap; overflow-wrap: anywhere; font-family: var(--vscode-editor-font-family, monospace); }
mark { color: inherit; border-radius: 3px; padding: 0 0.15em; cursor: help; background: var(--vscode-editor-findMatchHighlightBackground, #ea5c0055); }
mark.spintax { background: none; border: 1px dotted var(--vscode-charts-blue, currentColor); }
mark.spintax mark { border: none; }
.vscode-high-contrast mark, .vscode-high-contrast-light mark { background: none; border: 1px solid var(--vscode-contrastActiveBorder, currentColor); }
.vscode-high-contrast mark.spintax, .vscode-high-contrast-light mark.spintax { border-style: dotted; }
`;

/** Nothing is fetched, run, framed, sent or followed; the one style is named by its hash. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'none'",
  "base-uri 'none'",
].join('; ');

/** An email is tens of kilobytes; one that is longer is shown up to here, in characters. */
const LONGEST_EMAIL = 200_000;
const LONGEST_SUBJECT = 2000;

/** The emails of a campaign as a page of its own, in which nothing that the service sent is trusted. */
export async function renderPreview(steps: readonly Step[], campaign: string): Promise<string> {
  const title = escape(t('Emails of {0}', campaign));
  const { cleanHtml, plainText } = await import('./emailHtml.ts');
  const renderVariant = ({ name, subject, html, disabled }: Variant, alone: boolean) => {
    const clean = cleanHtml(html.slice(0, LONGEST_EMAIL));
    const facts = [
      ...(alone ? [] : [`<small>${escape(t('Variant {0}', name))}</small>`]),
      ...(disabled ? [`<span class="badge">${escape(t('disabled'))}</span>`] : []),
    ];
    const heading =
      subject.trim() === ''
        ? `<div class="subject none">${escape(t('(same thread)'))}</div>`
        : `<div class="subject">${markText(escape(short(subject)))}</div>`;
    const cut =
      html.length <= LONGEST_EMAIL
        ? ''
        : `\n<footer>${escape(t('Cut after {0} characters', LONGEST_EMAIL.toLocaleString()))}</footer>`;
    return `<article${disabled ? ' class="disabled"' : ''}>
<header>${facts.join(' ')}${heading}</header>
<div class="email">${markHtml(clean)}</div>${cut}
<details><summary>${escape(t('Plain text'))}</summary><pre>${markText(escape(plainText(clean)))}</pre></details>
</article>`;
  };
  const sections: string[] = [];
  for (const { number, delay, variants } of steps) {
    const step = escape(t('Step {0}', number));
    const heading = delay === undefined ? step : `${step}<small>, ${escape(delay)}</small>`;
    const emails: string[] = [];
    for (const variant of variants) {
      emails.push(renderVariant(variant, variants.length === 1));
      await nextTurn();
    }
    sections.push(`<section><h2>${heading}</h2>
<div class="variants">${emails.length > 0 ? emails.join('\n') : `<p>${escape(t('This step has no email.'))}</p>`}</div></section>`);
  }
  const body = sections.length > 0 ? sections.join('\n') : `<p>${escape(t('This campaign has no emails yet.'))}</p>`;
  return `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${title}</h1>
${body}
</body>
</html>
`;
}

/** Marks the text between tags, and never what is in a tag. */
function markHtml(clean: string): string {
  return Array.from(markupTokens(clean), ({ tag, text }) => (tag ? text : markText(text))).join('');
}

/** No template is longer than this; a brace that is open for longer is only a brace. */
const LONGEST = 2000;

/** Marks template variables and spintax in escaped text. */
function markText(escaped: string): string {
  return markBetween(escaped, closingBraces(escaped), 0, escaped.length);
}

/** Marks what stands from one place to another; `ends` says where braces are closed again. */
function markBetween(escaped: string, ends: ReadonlyMap<number, number>, from: number, to: number): string {
  const parts: string[] = [];
  let copied = from;
  let at = escaped.indexOf('{', from);
  while (at !== -1 && at < to) {
    const end = ends.get(at);
    const marked = end === undefined ? undefined : markTemplate(escaped, ends, at, end);
    if (end !== undefined && marked !== undefined) {
      parts.push(escaped.slice(copied, at), marked);
      copied = end;
    }
    at = escaped.indexOf('{', marked === undefined ? at + 1 : copied);
  }
  parts.push(escaped.slice(copied, to));
  return parts.join('');
}

/** Of each brace that opens, where the one that closes it ends, in one pass. */
function closingBraces(source: string): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  const open: number[] = [];
  for (const { 0: brace, index } of source.matchAll(/[{}]/g)) {
    if (brace === '{') {
      open.push(index);
    } else {
      const start = open.pop();
      if (start !== undefined && index - start < LONGEST) {
        ends.set(start, index + 1);
      }
    }
  }
  return ends;
}

/** `{{name}}`, `{{name|fallback}}`, `{{RANDOM | Hi | Hello}}` and `{Hi|Hello}`; undefined for other braces. */
function markTemplate(
  escaped: string,
  ends: ReadonlyMap<number, number>,
  start: number,
  end: number,
): string | undefined {
  const double = ends.get(start + 1) === end - 1;
  const braces = double ? 2 : 1;
  const inner = escaped.slice(start + braces, end - braces);
  if (double && !/^\s*random\s*\|/i.test(inner)) {
    return inner.trim() !== '' && !/[{}]/.test(inner)
      ? `<mark class="variable" title="${escape(t('Template variable, filled in for each lead'))}">${escaped.slice(start, end)}</mark>`
      : undefined;
  }
  const open = escaped.slice(start, start + braces);
  const close = escaped.slice(end - braces, end);
  return inner.includes('|') && !inner.startsWith('%')
    ? `<mark class="spintax" title="${escape(t('Spintax: one of these is chosen for each email'))}">${open}${markBetween(escaped, ends, start + braces, end - braces)}${close}</mark>`
    : undefined;
}

/** A subject that fits what shows it. */
function short(subject: string): string {
  return subject.length <= LONGEST_SUBJECT ? subject : `${subject.slice(0, LONGEST_SUBJECT - 1)}…`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(words: string): string {
  return words.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);
}
