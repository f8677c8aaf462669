import { plainText } from '../plainText.ts';
import { isIdentifier } from '../providers/fields.ts';
import type { DocumentKind } from '../providers/provider.ts';

/** What a document shows: identifiers only, never content and never a key. */
export interface DocumentTarget {
  readonly kind: DocumentKind;
  readonly connectionId: string;
  /** The account's key or the campaign's id; empty for the workspace. */
  readonly id: string;
}

type FiledKind = Exclude<DocumentKind, 'workspace'>;

/** The folder says what a document is; the ending only says it to a person, in the tab's title. */
const PLACES: Readonly<Record<FiledKind, readonly [folder: string, ending: string]>> = {
  account: ['accounts', '.json'],
  'account-campaigns': ['account-campaigns', '.campaigns.json'],
  'account-tags': ['account-tags', '.tags.json'],
  campaign: ['campaigns', '.json'],
  'campaign-senders': ['campaign-senders', '.senders.json'],
  'campaign-sequences': ['campaign-sequences', '.sequences.json'],
  'campaign-tags': ['campaign-tags', '.tags.json'],
  tag: ['tags', '.tag.json'],
};

/**
 * `/<connection>/accounts/<email>.json` and its siblings. Where an identifier says nothing to a person, a name may
 * follow it, so that the tab has a title: `/<connection>/campaigns/<id>/Q4 launch, EU.json`. The name only decorates;
 * the identifier before it is what counts.
 */
export function documentPath({ kind, connectionId, id }: DocumentTarget, name?: string): string {
  if (kind === 'workspace') {
    return `/${encode(connectionId)}/workspace.json`;
  }
  const [folder, ending] = PLACES[kind];
  const title = name === undefined || name === id ? '' : fileName(name);
  const file = title === '' ? `${encode(id)}${ending}` : `${encode(id)}/${title}${ending}`;
  return `/${encode(connectionId)}/${folder}/${file}`;
}

/** The target of a document's path; undefined for anything that {@link documentPath} does not make. */
export function targetOfPath(path: string): DocumentTarget | undefined {
  const [, connection, folder, first, second, rest] = path.split('/');
  if (!connection || folder === undefined || rest !== undefined) {
    return undefined;
  }
  const connectionId = decode(connection);
  if (folder === 'workspace.json' && first === undefined) {
    return { kind: 'workspace', connectionId, id: '' };
  }
  const kind = (Object.keys(PLACES) as FiledKind[]).find((candidate) => PLACES[candidate][0] === folder);
  const ending = kind === undefined ? '' : PLACES[kind][1];
  const file = second ?? first;
  if (kind === undefined || !file?.endsWith(ending)) {
    return undefined;
  }
  const id = second === undefined ? file.slice(0, -ending.length) : first;
  const identifier = decode(id ?? '');
  return isIdentifier(identifier) ? { kind, connectionId, id: identifier } : undefined;
}

/** The name that a document's tab has, as a person knows it. */
export function titleOfPath(path: string): string {
  return decode(path.slice(path.lastIndexOf('/') + 1));
}

/** A name as the last part of a path: without what separates paths, and no longer than a tab can show. */
function fileName(name: string): string {
  return Array.from(
    plainText(name, 10 * LONGEST_NAME)
      .replace(/[\\/\p{Cc}]+/gu, '-')
      .replace(/\s/g, ' '),
  )
    .slice(0, LONGEST_NAME)
    .join('')
    .trim();
}

/** In characters as a person counts them; no tab can show more. */
const LONGEST_NAME = 80;

/**
 * Percent-encodes just what would break the path, or be more than text where VS Code shows it (in hovers of links it
 * stands in Markdown that may have commands), so that a tab shows the email as a person knows it.
 */
function encode(text: string): string {
  return text.toWellFormed().replace(/[%/\\?#<>`\p{Cc}\p{Bidi_Control}]|(?! )\s|\$(?=\()/gu, encodeURIComponent);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
