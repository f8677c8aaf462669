import * as vscode from 'vscode';
import type { Same } from '../connections/answers.ts';
import type { Session } from '../connections/sessions.ts';
import { expectDocument } from '../providers/expect.ts';
import type { Path } from '../providers/properties.ts';
import type { DocumentOptions, ProviderInfo, ServiceDocument } from '../providers/provider.ts';
import { isAbort, ServiceError } from '../transport/errors.ts';
import { Facts, factsOf } from './comparable.ts';
import { DocumentTooLarge } from './tooLarge.ts';
import { reports, type ReportOptions } from './reports.ts';
import { documentUri, type AnswerTarget, type DocumentTarget, type ReportTarget } from './uri.ts';

/** A document as the editor shows it. */
export interface ShownDocument {
  /** Indented as the person's settings say. */
  readonly content: Uint8Array;
  /** What it calls its subject. */
  readonly name: string | undefined;
}

/**
 * A fresh answer for the editor. What it says is noted while it is read, to be compared with what is saved.
 *
 * @param most bytes.
 * @param mostCompared bytes of a document that `isSame` is for.
 * @throws {ServiceError | DocumentTooLarge}
 */
export async function readForEditor(
  session: Session,
  target: AnswerTarget,
  most: number,
  mostCompared: number,
): Promise<ShownDocument & { readonly isSame: Same }> {
  const { info } = session.provider;
  const properties = await info.properties(target.kind);
  const isVolatile = (path: Path) => info.isVolatile(properties, path);
  const visitor = new Facts(isVolatile, mostCompared);
  const document = await read(session, target, { indentation: indentationOf(target), most, visitor });
  return {
    content: asFile(wholeOf(target, document)),
    name: document.name,
    isSame: async (saved) => (await factsOf(saved, isVolatile)) === visitor.text,
  };
}

/** A fresh answer as the service sent it. @param most bytes. @throws {ServiceError | DocumentTooLarge} */
export async function readSource(session: Session, target: AnswerTarget, most: number): Promise<string> {
  return new TextDecoder().decode(wholeOf(target, await read(session, target, { most })));
}

/** A fresh answer as a file, however large. @throws {ServiceError} */
export async function readFile(session: Session, target: AnswerTarget): Promise<Uint8Array> {
  return asFile((await read(session, target, { indentation: indentationOf(target) })).content);
}

/** An answer that was saved. @throws {ServiceError} `malformed` where it is not JSON */
export async function readSaved(info: ProviderInfo, target: DocumentTarget, text: string): Promise<ShownDocument> {
  const { content, name } = await expectDocument(info, text, { indentation: indentationOf(target) });
  return { content: asFile(content), name };
}

/**
 * A report, built now.
 *
 * @param most bytes.
 * @throws {ServiceError | DocumentTooLarge}
 */
export async function buildReport(
  session: Session,
  target: ReportTarget,
  options: ReportOptions,
  most = Infinity,
): Promise<ShownDocument> {
  let report: object;
  try {
    report = await (await reports[target.kind].load()).build(session, target.id, options);
  } catch (error) {
    throw isAbort(error) ? ended(session) : error;
  }
  const content = asFile(Buffer.from(JSON.stringify(report, undefined, indentationOf(target))));
  if (content.byteLength > most) {
    throw new DocumentTooLarge(documentUri(target), content.byteLength);
  }
  return { content, name: undefined };
}

/** The one place where answers come from, whatever then becomes of them. @throws {ServiceError} */
async function read(session: Session, target: AnswerTarget, options: DocumentOptions): Promise<ServiceDocument> {
  const { provider, map } = session;
  if (!provider.info.documents.has(target.kind)) {
    throw new ServiceError('notFound', {
      service: provider.info.name,
      serviceMessage: vscode.l10n.t('it has no such document'),
    });
  }
  let document: ServiceDocument;
  try {
    const scan = (accountKey: string) => map.lookups.scannedCampaignsOf(accountKey);
    document = await provider.document(target.kind, target.id, { ...options, scan });
  } catch (error) {
    throw isAbort(error) ? ended(session) : error;
  }
  if (!map.empty && (target.kind === 'account' || target.kind === 'account-campaigns')) {
    // A person who opens an account wants the truth about it: its campaigns are compared with the service's answer.
    map.lookups.checkMapping(target.id).catch(() => undefined);
  }
  return document;
}

/** A reading that was stopped before its end, and can begin again. */
export function ended({ provider }: Session): ServiceError {
  return new ServiceError('ended', { service: provider.info.name });
}

/** The content of a document that the editor can show. @throws {DocumentTooLarge} */
function wholeOf(target: DocumentTarget, { content, cutFrom }: ServiceDocument): Uint8Array {
  if (cutFrom !== undefined) {
    throw new DocumentTooLarge(documentUri(target), Math.max(cutFrom, content.byteLength));
  }
  return content;
}

/** With a line break at its end, as files have it. */
function asFile(content: Uint8Array): Uint8Array {
  return Buffer.concat([content, Buffer.from('\n')]);
}

/** Two spaces, unless the person's settings say something else for JSON or for everything. */
function indentationOf(target: DocumentTarget): string {
  const uri = documentUri(target);
  const editor = vscode.workspace.getConfiguration('editor', { uri, languageId: 'json' });
  if (chosen(editor.inspect('insertSpaces')) === false) {
    return '\t';
  }
  const size = chosen(editor.inspect('tabSize'));
  return ' '.repeat(typeof size === 'number' && size >= 1 && size <= 16 ? size : 2);
}

/** What the person chose themselves; the editor's own default of four is no choice. */
function chosen(found: ReturnType<vscode.WorkspaceConfiguration['inspect']>): unknown {
  return (
    found?.workspaceFolderLanguageValue ??
    found?.workspaceLanguageValue ??
    found?.globalLanguageValue ??
    found?.workspaceFolderValue ??
    found?.workspaceValue ??
    found?.globalValue
  );
}
