import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { AnswerFiles } from '../connections/answers.ts';
import type { Session, Sessions } from '../connections/sessions.ts';
import { plainText } from '../plainText.ts';
import { object, text } from '../providers/fields.ts';
import { rewriteInTurns } from '../providers/json.ts';
import { probe } from '../providers/probe.ts';
import { parseObject } from '../transport/json.ts';
import { isServiceError, nextStep, ServiceError } from '../transport/errors.ts';
import { isFresh } from '../transport/time.ts';
import { DocumentTooLarge } from './tooLarge.ts';
import { documentTarget, documentUri, type DocumentTarget } from './uri.ts';

interface Entry {
  readonly content: Uint8Array;
  /** When the service answered, in milliseconds since the epoch. */
  readonly fetchedAt: number;
  readonly createdAt: number;
}

export interface DocumentFailure {
  readonly connectionId: string;
  readonly error: unknown;
}

/** VS Code stats and reads a file several times while it opens it: these belong to one opening. */
const ONE_OPENING = 5_000;
/** The largest document for the editor, in bytes: to parse one for hints, links and hovers takes a quarter of a second. */
const LARGEST = 8_000_000;
/** The largest document that is kept to be compared with a later one, in bytes: both are parsed for that. */
export const LARGEST_KEPT = 1_000_000;
/** How long a new tab may take to become known here, in milliseconds. */
const TAB_IS_THERE = 300;

/**
 * Sendmap's documents: each fetched by its identifier when it is opened, and again on refresh. Nothing is kept once a
 * document is closed, so what is opened is always what the service says now.
 */
export class DocumentFileSystem implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #sessions: Sessions;
  readonly #answers: AnswerFiles;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #entries = new Map<string, Entry>();
  readonly #fetches = new Map<string, Promise<Entry>>();
  readonly #subscription: vscode.Disposable;

  readonly #failed = new vscode.EventEmitter<DocumentFailure>();
  readonly #reportedAt = new Map<string, number>();

  readonly onDidChangeFile = this.#changed.event;
  /** Fires where the document that a person looks at cannot be read: its tab says that it failed, but not why. */
  readonly onDidFail = this.#failed.event;

  constructor(sessions: Sessions, answers: AnswerFiles) {
    this.#sessions = sessions;
    this.#answers = answers;
    this.#subscription = vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      const target = documentTarget(uri);
      if (target !== undefined && openUris(target).length === 0) {
        this.#entries.delete(idOf(target));
      }
    });
  }

  /** When the service gave the answer that a document shows, in milliseconds since the epoch. */
  fetchedAt(uri: vscode.Uri): number | undefined {
    const target = documentTarget(uri);
    return target && this.#entries.get(idOf(target))?.fetchedAt;
  }

  /** A fresh answer for what shows it in its own way, as the service sent it. @throws {ServiceError | DocumentTooLarge} */
  async source(target: DocumentTarget): Promise<string> {
    const source = await sourceOf(await this.#sessions.get(target.connectionId), target);
    if (source.length > LARGEST) {
      throw new DocumentTooLarge(documentUri(target), source.length);
    }
    return source;
  }

  /** A fresh answer as a file, however large. @throws {ServiceError} */
  async file(target: DocumentTarget): Promise<Uint8Array> {
    return print(target, await sourceOf(await this.#sessions.get(target.connectionId), target), Infinity);
  }

  /** A fresh answer to be compared, without opening it. @throws {ServiceError | DocumentTooLarge} */
  async answer(target: DocumentTarget): Promise<string> {
    return new TextDecoder().decode((await this.#fetch(target)).content);
  }

  /** Fetches a document for opening. @returns its URI: that of its tab, where it has one. @throws {ServiceError | DocumentTooLarge} */
  async prepare(target: DocumentTarget, name: string): Promise<vscode.Uri> {
    const { content } = await this.#fetch(target);
    const [open] = openUris(target);
    if (open !== undefined) {
      return open;
    }
    const { provider } = await this.#sessions.get(target.connectionId);
    return documentUri(target, name === target.id ? nameIn(content, provider.info.nameProperties) : name);
  }

  /** Fetches an open document again. @returns whether its content changed. @throws {ServiceError | DocumentTooLarge} */
  async refresh(uri: vscode.Uri): Promise<boolean> {
    const target = documentTarget(uri);
    if (target === undefined) {
      return false;
    }
    const { provider } = await this.#sessions.get(target.connectionId);
    await probe(provider);
    const before = this.#entries.get(idOf(target));
    const after = await this.#fetch(target);
    return before === undefined || !Buffer.from(before.content).equals(after.content);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    if (isFolder(uri)) {
      return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    }
    const { content, createdAt, fetchedAt } = await this.#entry(uri);
    return { type: vscode.FileType.File, ctime: createdAt, mtime: fetchedAt, size: content.byteLength };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.#entry(uri)).content;
  }

  watch(): vscode.Disposable {
    // Changes are announced by refresh(); there is nothing to watch on the service's side.
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
    this.#failed.dispose();
  }

  async #entry(uri: vscode.Uri): Promise<Entry> {
    const target = documentTarget(uri);
    if (target === undefined) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    const known = this.#entries.get(idOf(target));
    if (known !== undefined && (openUris(target).length > 0 || isFresh(known.fetchedAt, ONE_OPENING))) {
      return known;
    }
    try {
      return await this.#fetch(target);
    } catch (error) {
      void this.#reportOnce(uri, target, error);
      // Not FileNotFound, which would hide the service's words behind the editor's own and offer to create the file.
      if (error instanceof DocumentTooLarge) {
        throw vscode.FileSystemError.Unavailable(plainText(error.message));
      }
      throw isServiceError(error)
        ? vscode.FileSystemError.Unavailable(plainText(`${error.message} ${nextStep(error).words}`))
        : error;
    }
  }

  async #reportOnce(uri: vscode.Uri, target: DocumentTarget, error: unknown): Promise<void> {
    const id = idOf(target);
    if (isFresh(this.#reportedAt.get(id) ?? 0, ONE_OPENING)) {
      return;
    }
    this.#reportedAt.set(id, Date.now());
    // The tab may reach this side later than a quick refusal does.
    await sleep(TAB_IS_THERE);
    const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
    if (input instanceof vscode.TabInputText && input.uri.toString() === uri.toString()) {
      this.#failed.fire({ connectionId: target.connectionId, error });
    }
  }

  #fetch(target: DocumentTarget): Promise<Entry> {
    const id = idOf(target);
    const running = this.#fetches.get(id);
    if (running !== undefined) {
      return running;
    }
    const fetch = this.#read(target).finally(() => this.#fetches.delete(id));
    this.#fetches.set(id, fetch);
    return fetch;
  }

  async #read(target: DocumentTarget): Promise<Entry> {
    const session = await this.#sessions.get(target.connectionId);
    const keep = this.#answers.keeper({ connectionId: target.connectionId, keyTag: session.keyTag });
    const content = await print(target, await sourceOf(session, target), LARGEST);
    const id = idOf(target);
    const before = this.#entries.get(id);
    const fetchedAt = Date.now();
    const entry: Entry = {
      content,
      fetchedAt,
      createdAt: before?.createdAt ?? fetchedAt,
    };
    this.#entries.set(id, entry);
    if (content.byteLength <= LARGEST_KEPT) {
      // For "Compare with Saved": what the service says now is what a later answer is compared with.
      const { info } = session.provider;
      const [properties, { sameContent }] = await Promise.all([
        info.properties(target.kind),
        import('./comparable.ts'),
      ]);
      void keep(id, new TextDecoder().decode(content), fetchedAt, (one, other) =>
        sameContent(one, other, (path) => info.isVolatile(properties, path)),
      );
    }
    if (before !== undefined) {
      this.#changed.fire(openUris(target).map((uri) => ({ type: vscode.FileChangeType.Changed, uri })));
    }
    return entry;
  }
}

/** The one place where the text of a document comes from, whatever then becomes of it. */
async function sourceOf({ provider, map }: Session, target: DocumentTarget): Promise<string> {
  if (!provider.info.documents.has(target.kind)) {
    throw new ServiceError('notFound', {
      service: provider.info.name,
      serviceMessage: vscode.l10n.t('it has no such document'),
    });
  }
  const source = await provider.document(target.kind, target.id, {
    scan: (accountKey) => map.scannedCampaignsOf(accountKey),
  });
  if (!map.empty && (target.kind === 'account' || target.kind === 'account-campaigns')) {
    // A person who opens an account wants to know what is true of it: its campaigns are compared with the service's answer.
    map.checkMapping(target.id).catch(() => undefined);
  }
  return source;
}

/**
 * The file of a document, pretty-printed as the person's settings say; others get their turn meanwhile.
 *
 * @param most bytes
 * @throws {DocumentTooLarge} for more than that.
 */
async function print(target: DocumentTarget, source: string, most: number): Promise<Uint8Array> {
  const uri = documentUri(target);
  const pieces: Buffer[] = [];
  let size = 0;
  if (source.length <= most) {
    for await (const piece of rewriteInTurns(source, indentation(uri))) {
      const bytes = Buffer.from(piece);
      pieces.push(bytes);
      size += bytes.byteLength;
      if (size > most) {
        break;
      }
    }
  }
  if (Math.max(source.length, size) > most) {
    throw new DocumentTooLarge(uri, Math.max(source.length, size));
  }
  return Buffer.concat([...pieces, Buffer.from('\n')]);
}

/** One document may be open under two names, where its name changed meanwhile: it is still one document. */
export function idOf(target: DocumentTarget): string {
  return documentUri(target).toString();
}

function openUris(target: DocumentTarget): vscode.Uri[] {
  const id = idOf(target);
  return vscode.workspace.textDocuments
    .filter(({ isClosed, uri }) => {
      const open = isClosed ? undefined : documentTarget(uri);
      return open !== undefined && idOf(open) === id;
    })
    .map(({ uri }) => uri);
}

/** What a fetched document calls its subject, for a title where nobody knew a name before. */
function nameIn(content: Uint8Array, properties: readonly string[]): string | undefined {
  const document = object(parseObject(new TextDecoder().decode(content)));
  const names = properties.map((property) => text(document?.[property]));
  return names.find((name) => name !== undefined);
}

function isFolder(uri: vscode.Uri): boolean {
  return !uri.path.endsWith('.json');
}

/** Two spaces, unless the person's settings say something else for JSON or for everything. */
function indentation(uri: vscode.Uri): string {
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
