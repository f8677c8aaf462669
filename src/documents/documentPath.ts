import { plainText } from '../plainText.ts';
import { isIdentifier } from '../providers/fields.ts';
import type { DocumentKind } from '../providers/provider.ts';
import { isReport, reports, type ReportKind } from './reports.ts';

/** What a document shows: identifiers only, never content and never a key. */
interface Target<Kind> {
  readonly kind: Kind;
  readonly connectionId: string;
  /** The account's key, the campaign's id, or what else the document is about; empty for the workspace. */
  readonly id: string;
}

/** A document that is an answer of a service. */
export type AnswerTarget = Target<DocumentKind>;

/** A document that Sendmap makes itself. */
export type ReportTarget = Target<ReportKind>;

export type DocumentTarget = AnswerTarget | ReportTarget;

/** False for reports. */
export function isAnswer(target: DocumentTarget): target is AnswerTarget {
  return !isReport(target.kind);
}

type FiledKind = Exclude<DocumentKind, 'workspace'>;

/** The folder of reports, each kind in its own. */
const REPORTS = 'reports';

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

const KINDS = [...Object.keys(PLACES), ...Object.keys(reports)] as (FiledKind | ReportKind)[];

function placeOf(kind: FiledKind | ReportKind): readonly [folder: string, ending: string] {
  return isReport(kind) ? [`${REPORTS}/${kind}`, reports[kind].ending] : PLACES[kind];
}

/**
 * `/<connection>/accounts/<email>.json` and its siblings, `/<connection>/reports/<kind>/<id>.<ending>.json` for reports. Where an identifier says nothing to a person, a name may
 * follow it, so that the tab has a title: `/<connection>/campaigns/<id>/Q4 launch, EU.json`. The name only decorates;
 * the identifier before it is what counts.
 */
export function documentPath({ kind, connectionId, id }: DocumentTarget, name?: string): string {
  if (kind === 'workspace') {
    return `/${encode(connectionId)}/workspace.json`;
  }
  const [folder, ending] = placeOf(kind);
  const title = name === undefined || name === id ? '' : fileName(name);
  const file = title === '' ? `${encode(id)}${ending}` : `${encode(id)}/${title}${ending}`;
  return `/${encode(connectionId)}/${folder}/${file}`;
}

/** The target of a document's path; undefined for anything that {@link documentPath} does not make. */
export function targetOfPath(path: string): DocumentTarget | undefined {
  const [, connection, ...parts] = path.split('/');
  const depth = parts[0] === REPORTS ? 2 : 1;
  const folder = parts.slice(0, depth).join('/');
  const [first, second, rest] = parts.slice(depth);
  if (!connection || rest !== undefined) {
    return undefined;
  }
  const connectionId = decode(connection);
  if (folder === 'workspace.json' && first === undefined) {
    return { kind: 'workspace', connectionId, id: '' };
  }
  const kind = KINDS.find((candidate) => placeOf(candidate)[0] === folder);
  const ending = kind === undefined ? '' : placeOf(kind)[1];
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
