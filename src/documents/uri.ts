import * as vscode from 'vscode';
import { scheme } from '../contributions.ts';
import { documentPath, targetOfPath, titleOfPath, type DocumentTarget } from './documentPath.ts';

export { isAnswer, type AnswerTarget, type DocumentTarget, type ReportTarget } from './documentPath.ts';

/** The URI of a document: `sendmap:` and its {@link documentPath}. */
export function documentUri(target: DocumentTarget, name?: string): vscode.Uri {
  return vscode.Uri.from({ scheme, path: documentPath(target, name) });
}

/** The target of a document's URI; undefined for anything that {@link documentUri} does not make. */
export function documentTarget({ scheme: own, path }: vscode.Uri): DocumentTarget | undefined {
  return own === scheme ? targetOfPath(path) : undefined;
}

/** The name that a document's tab has, as a person knows it. */
export function tabName({ path }: vscode.Uri): string {
  return titleOfPath(path);
}
