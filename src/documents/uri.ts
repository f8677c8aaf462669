import * as vscode from 'vscode';
import { scheme } from '../contributions.ts';
import type { DocumentKind } from '../providers/provider.ts';

/** What a document shows: identifiers only, never content and never a key. */
export interface DocumentTarget {
  readonly kind: DocumentKind;
  readonly connectionId: string;
  /** The account's key or the campaign's id; empty for the workspace. */
  readonly id: string;
}

const FOLDERS: Readonly<Record<Exclude<DocumentKind, 'workspace'>, readonly [folder: string, suffix: string]>> = {
  account: ['accounts', '.json'],
  'account-campaigns': ['accounts', '.campaigns.json'],
  'account-tags': ['accounts', '.tags.json'],
  campaign: ['campaigns', '.json'],
  'campaign-senders': ['campaigns', '.senders.json'],
  'campaign-tags': ['campaigns', '.tags.json'],
};

/** Longer suffixes first: `.tags.json` ends in `.json` too. */
const KINDS = (Object.entries(FOLDERS) as [Exclude<DocumentKind, 'workspace'>, readonly [string, string]][]).sort(
  ([, [, a]], [, [, b]]) => b.length - a.length,
);

/**
 * `sendmap:/<connection>/accounts/<email>.json` and its siblings. Where an identifier says nothing to a person, a name
 * may follow it, so that the tab has a title: `sendmap:/<connection>/campaigns/<id>/Q4 launch, EU.json`. The name only
 * decorates; the identifier before it is what counts.
 */
export function documentUri({ kind, connectionId, id }: DocumentTarget, name?: string): vscode.Uri {
  if (kind === 'workspace') {
    return vscode.Uri.from({ scheme, path: `/${encode(connectionId)}/workspace.json` });
  }
  const [folder, suffix] = FOLDERS[kind];
  const title = name === undefined || name === id ? '' : fileName(name);
  const file = title === '' ? `${encode(id)}${suffix}` : `${encode(id)}/${title}${suffix}`;
  return vscode.Uri.from({ scheme, path: `/${encode(connectionId)}/${folder}/${file}` });
}

/** The target of a document's URI; undefined for anything that {@link documentUri} does not make. */
export function documentTarget(uri: vscode.Uri): DocumentTarget | undefined {
  const [, connection, folder, first, second, rest] = uri.path.split('/');
  if (uri.scheme !== scheme || !connection || folder === undefined || rest !== undefined) {
    return undefined;
  }
  const connectionId = decode(connection);
  if (folder === 'workspace.json' && first === undefined) {
    return { kind: 'workspace', connectionId, id: '' };
  }
  const file = second ?? first;
  for (const [kind, [kindFolder, suffix]] of KINDS) {
    if (folder === kindFolder && file?.endsWith(suffix) && file.length > suffix.length) {
      const id = second === undefined ? file.slice(0, -suffix.length) : first;
      return id ? { kind, connectionId, id: decode(id) } : undefined;
    }
  }
  return undefined;
}

/** A name as the last part of a path: without what separates paths, and no longer than a tab can show. */
function fileName(name: string): string {
  return name
    .replace(/[\\/\p{Cc}]+/gu, '-')
    .slice(0, 80)
    .trim();
}

/** Percent-encodes just what would break the path, so that a tab shows the email as a person knows it. */
function encode(text: string): string {
  const escape = (character: string) => `%${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`;
  return text.replace(/[%/\\?#]/g, escape);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
