import { createHash } from 'node:crypto';
import { t } from '@vscode/l10n';
import type { Step, Variant } from './sequences.ts';

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

/** The emails of a campaign as a page of its own, in which nothing that the service sent is trusted. */
export async function renderPreview(steps: readonly Step[], campaign: string): Promise<string> {
  const title = escape(t('Emails of {0}', campaign));
  const { cleanHtml, plainText } = await import('./emailHtml.ts');
  const renderVariant = ({ name, subject, html, disabled }: Variant, alone: boolean) => {
    const clean = cleanHtml(html);
    const facts = [
      ...(alone ? [] : [`<small>${escape(t('Variant {0}', name))}</small>`]),
      ...(disabled ? [`<span class="badge">${escape(t('disabled'))}</span>`] : []),
    ];
    const heading =
      subject.trim() === ''
        ? `<div class="subject none">${escape(t('(same thread)'))}</div>`
        : `<div class="subject">${markText(escape(subject))}</div>`;
    return `<article${disabled ? ' class="disabled"' : ''}>
<header>${facts.join(' ')}${heading}</header>
<div class="email">${markHtml(clean)}</div>
<details><summary>${escape(t('Plain text'))}</summary><pre>${markText(escape(plainText(clean)))}</pre></details>
</article>`;
  };
  const sections = steps.map(({ number, delay, variants }) => {
    const step = escape(t('Step {0}', number));
    const heading = delay === undefined ? step : `${step}<small>, ${escape(delay)}</small>`;
    const emails = variants.map((variant) => renderVariant(variant, variants.length === 1));
    return `<section><h2>${heading}</h2>
<div class="variants">${emails.length > 0 ? emails.join('\n') : `<p>${escape(t('This step has no email.'))}</p>`}</div></section>`;
  });
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
  return clean.replace(/<[^>]*>|[^<]+/g, (token) => (token.startsWith('<') ? token : markText(token)));
}

/** No template is longer than this; a brace that is open for longer is only a brace. */
const LONGEST = 2000;

/** Marks template variables and spintax in escaped text. */
function markText(escaped: string): string {
  let result = '';
  let copied = 0;
  let at = escaped.indexOf('{');
  while (at !== -1) {
    const end = closing(escaped, at);
    const marked = end === undefined ? undefined : markTemplate(escaped.slice(at, end));
    if (end !== undefined && marked !== undefined) {
      result += escaped.slice(copied, at) + marked;
      copied = end;
    }
    at = escaped.indexOf('{', marked === undefined ? at + 1 : copied);
  }
  return result + escaped.slice(copied);
}

/** Where the brace that opens at a place is closed again. */
function closing(source: string, start: number): number | undefined {
  let depth = 0;
  const limit = Math.min(source.length, start + LONGEST);
  for (let at = start; at < limit; at += 1) {
    depth += source[at] === '{' ? 1 : source[at] === '}' ? -1 : 0;
    if (depth === 0) {
      return at + 1;
    }
  }
  return undefined;
}

/** `{{name}}`, `{{name|fallback}}`, `{{RANDOM | Hi | Hello}}` and `{Hi|Hello}`; undefined for other braces. */
function markTemplate(template: string): string | undefined {
  const double = template.startsWith('{{') && template.endsWith('}}') && closing(template, 1) === template.length - 1;
  const braces = double ? 2 : 1;
  const inner = template.slice(braces, -braces);
  if (double && !/^\s*random\s*\|/i.test(inner)) {
    return /^[^{}]*\S[^{}]*$/.test(inner)
      ? `<mark class="variable" title="${escape(t('Template variable, filled in for each lead'))}">${template}</mark>`
      : undefined;
  }
  const open = template.slice(0, braces);
  const close = template.slice(-braces);
  return inner.includes('|') && !inner.startsWith('%')
    ? `<mark class="spintax" title="${escape(t('Spintax, one of these is chosen for each email'))}">${open}${markText(inner)}${close}</mark>`
    : undefined;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(words: string): string {
  return words.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);
}
