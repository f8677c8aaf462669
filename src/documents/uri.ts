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

/** `sendmap:/<connection>/accounts/<email>.json` and its siblings. */
export function documentUri({ kind, connectionId, id }: DocumentTarget): vscode.Uri {
  if (kind === 'workspace') {
    return vscode.Uri.from({ scheme, path: `/${encode(connectionId)}/workspace.json` });
  }
  const [folder, suffix] = FOLDERS[kind];
  return vscode.Uri.from({ scheme, path: `/${encode(connectionId)}/${folder}/${encode(id)}${suffix}` });
}

/** The target of a document's URI; undefined for anything that {@link documentUri} does not make. */
export function documentTarget(uri: vscode.Uri): DocumentTarget | undefined {
  const [, connection, folder, file, rest] = uri.path.split('/');
  if (uri.scheme !== scheme || !connection || folder === undefined || rest !== undefined) {
    return undefined;
  }
  const connectionId = decode(connection);
  if (folder === 'workspace.json' && file === undefined) {
    return { kind: 'workspace', connectionId, id: '' };
  }
  // Longer suffixes first: `.tags.json` ends in `.json` too.
  const kinds = Object.entries(FOLDERS).sort(([, [, a]], [, [, b]]) => b.length - a.length);
  for (const [kind, [kindFolder, suffix]] of kinds) {
    if (folder === kindFolder && file?.endsWith(suffix) && file.length > suffix.length) {
      const id = decode(file.slice(0, -suffix.length));
      return { kind: kind as DocumentKind, connectionId, id };
    }
  }
  return undefined;
}

/** The tab title, where the identifier alone would say little: `Q4 launch, EU.senders.json`. */
export function documentTitle({ kind }: DocumentTarget, name: string): string {
  return kind === 'workspace' ? `${name} workspace.json` : `${name}${FOLDERS[kind][1]}`;
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
