import * as vscode from 'vscode';
import { draftScheme } from '../contributions.ts';
import type { DraftTarget } from '../plans/draftFiles.ts';
import type { ProviderId } from '../providers/index.ts';
import { documentPath, targetOfPath } from './documentPath.ts';

/**
 * The URI of a draft: the path of its campaign's document, with the service before it, by which the manifest names the
 * schema.
 *
 * @param name of the campaign, for the tab.
 */
export function draftUri(provider: ProviderId, target: DraftTarget, name: string): vscode.Uri {
  const path = documentPath({ kind: 'campaign', ...target }, vscode.l10n.t('{0} (draft)', name));
  return vscode.Uri.from({ scheme: draftScheme, authority: provider, path });
}

/** The campaign of a draft's URI; undefined for anything that {@link draftUri} does not make. */
export function draftTarget({ scheme, path }: vscode.Uri): DraftTarget | undefined {
  const target = scheme === draftScheme ? targetOfPath(path) : undefined;
  return target?.kind === 'campaign' ? { connectionId: target.connectionId, id: target.id } : undefined;
}
