import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { AnswerFiles, Same } from '../connections/answers.ts';
import type { Session, Sessions } from '../connections/sessions.ts';
import { plainText } from '../plainText.ts';
import { probe } from '../providers/probe.ts';
import { isServiceError, nextStep, type ErrorKind, type ServiceError } from '../transport/errors.ts';
import { isFresh } from '../transport/time.ts';
import { reopenFailed } from './failedTabs.ts';
import { KeptLists } from './keptLists.ts';
import { buildReport, ended, readFile, readForEditor, readSaved, readSource, type ShownDocument } from './reading.ts';
import type { ReportOptions } from './reports.ts';
import { DocumentTooLarge } from './tooLarge.ts';
import { documentTarget, documentUri, isAnswer, type AnswerTarget, type DocumentTarget } from './uri.ts';

/** How current a document is. */
export interface Currency {
  /** When the service gave the answer that the document shows, in milliseconds since the epoch. */
  readonly fetchedAt: number;
  /** Why the document does not show what the service says now; undefined where it does, as of then. */
  readonly failure: ServiceError | undefined;
}

/** A document that is being read. */
interface Fetch {
  readonly entry: Promise<Entry>;
  readonly stop: AbortController;
}

interface Entry extends Currency {
  readonly target: DocumentTarget;
  readonly content: Uint8Array;
  /** What the document calls its subject. */
  readonly name: string | undefined;
  readonly createdAt: number;
  /** When the service was last asked for it, in milliseconds since the epoch. */
  readonly askedAt: number;
  /** True where it belongs to a key that the connection no longer has: what shows it asks again. */
  readonly ofFormerKey: boolean;
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
/**
 * Failures that an older answer does not stand in for: what is gone is gone, what was stopped can go on, and a mistake
 * of ours says nothing about the service.
 */
const NEVER_COVERED: ReadonlySet<ErrorKind> = new Set(['notFound', 'ended', 'internal']);
/** How long a new tab may take to become known here, in milliseconds. */
const TAB_IS_THERE = 300;

/**
 * Sendmap's documents: the answers of services, and reports that it makes itself. Each is fetched by its identifier when it is opened, again on refresh, and again where its connection
 * has another key. Nothing is kept in memory once a document is closed, so what is opened is what the service says now.
 * Where it says nothing, the last answer that was saved is shown as what it is: with its age and the reason.
 */
export class DocumentFileSystem implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #sessions: Sessions;
  readonly #answers: AnswerFiles;
  readonly #health: ReportOptions['health'];
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #entries = new Map<string, Entry>();
  readonly #fetches = new Map<string, Fetch>();
  readonly #subscription: vscode.Disposable;

  /** What the identifiers of reports about lists stand for. */
  readonly lists = new KeptLists();
  readonly #disposed = new AbortController();
  readonly #failed = new vscode.EventEmitter<DocumentFailure>();
  readonly #aged = new vscode.EventEmitter<void>();
  readonly #reportedAt = new Map<string, number>();

  readonly onDidChangeFile = this.#changed.event;
  /** Fires where the document that a person looks at cannot be read: its tab says that it failed, but not why. */
  readonly onDidFail = this.#failed.event;
  /** Fires where a document shows what the service says now, or does not any more; see {@link currencyOf}. */
  readonly onDidChangeCurrency = this.#aged.event;

  constructor(sessions: Sessions, answers: AnswerFiles, health: ReportOptions['health']) {
    this.#sessions = sessions;
    this.#answers = answers;
    this.#health = health;
    this.#subscription = vscode.Disposable.from(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        const target = documentTarget(uri);
        if (target !== undefined && openUris(target).length === 0) {
          this.#entries.delete(idOf(target));
        }
      }),
      sessions.onDidEnd((connectionId) => {
        this.#forgetKey(connectionId);
      }),
      sessions.store.onDidChangeKey((connectionId) => {
        // With a session, its end says that the key is really another. Without one there was no key.
        if (sessions.peek(connectionId) === undefined) {
          this.#forgetKey(connectionId);
        }
      }),
    );
  }

  /** How current a document is; undefined where nothing of it is shown. */
  currencyOf(uri: vscode.Uri): Currency | undefined {
    const target = documentTarget(uri);
    return target && this.#entries.get(idOf(target));
  }

  /** A fresh answer as the service sent it, to be shown in another way. @throws {ServiceError | DocumentTooLarge} */
  async source(target: AnswerTarget): Promise<string> {
    const session = await this.#sessions.get(target.connectionId);
    return readSource(session, target, LARGEST);
  }

  /** A fresh answer, or a report built now, as a file, however large. @throws {ServiceError} */
  async file(target: DocumentTarget): Promise<Uint8Array> {
    const session = await this.#sessions.get(target.connectionId);
    const { signal } = this.#disposed;
    return isAnswer(target)
      ? readFile(session, target)
      : (await buildReport(session, target, { signal, lists: this.lists, health: this.#health })).content;
  }

  /** A fresh answer to be compared, without opening it. @throws {ServiceError | DocumentTooLarge} */
  async answer(target: AnswerTarget): Promise<string> {
    return new TextDecoder().decode((await this.#fetch(target)).content);
  }

  /** Fetches a document for opening. @returns its URI: that of its tab, where it has one. @throws {ServiceError | DocumentTooLarge} */
  async prepare(target: DocumentTarget, name: string): Promise<vscode.Uri> {
    const entry = await this.#fetch(target).catch(async (error: unknown) => {
      const older = await this.#olderAnswer(target, error);
      if (older === undefined) {
        throw error;
      }
      this.#report(target, error);
      return older;
    });
    const [open] = openUris(target);
    return open ?? documentUri(target, name === target.id ? entry.name : name);
  }

  /** Fetches an open document again. @returns whether its content changed. @throws {ServiceError | DocumentTooLarge} */
  async refresh(uri: vscode.Uri): Promise<boolean> {
    const target = documentTarget(uri);
    if (target === undefined) {
      return false;
    }
    await probe((await this.#sessions.get(target.connectionId)).provider);
    const before = this.#entries.get(idOf(target));
    const after = await this.#fetch(target).catch((error: unknown) => {
      this.#noteFailure(target, error);
      throw error;
    });
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
    this.#disposed.abort();
    this.#subscription.dispose();
    this.#changed.dispose();
    this.#failed.dispose();
    this.#aged.dispose();
  }

  async #entry(uri: vscode.Uri): Promise<Entry> {
    const target = documentTarget(uri);
    if (target === undefined) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    const known = this.#entries.get(idOf(target));
    if (known?.ofFormerKey === false && (openUris(target).length > 0 || isFresh(known.askedAt, ONE_OPENING))) {
      return known;
    }
    try {
      return await this.#fetchUnderAnyKey(target);
    } catch (error) {
      void this.#reportOnce(uri, target, error);
      const older = await this.#olderAnswer(target, error);
      if (older !== undefined) {
        return older;
      }
      this.#noteFailure(target, error);
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
    if (isFresh(this.#reportedAt.get(idOf(target)) ?? 0, ONE_OPENING)) {
      return;
    }
    this.#reportedAt.set(idOf(target), Date.now());
    // The tab may reach this side later than a quick refusal does.
    await sleep(TAB_IS_THERE);
    const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
    if (input instanceof vscode.TabInputText && input.uri.toString() === uri.toString()) {
      this.#report(target, error);
    }
  }

  #report(target: DocumentTarget, error: unknown): void {
    this.#reportedAt.set(idOf(target), Date.now());
    this.#failed.fire({ connectionId: target.connectionId, error });
  }

  /** For the editor: where the key is replaced meanwhile it need not fail first. */
  async #fetchUnderAnyKey(target: DocumentTarget): Promise<Entry> {
    try {
      return await this.#fetch(target);
    } catch (error) {
      const { connectionId } = target;
      const isEnded = isServiceError(error) && error.kind === 'ended';
      if (!isEnded || this.#sessions.store.get(connectionId) === undefined) {
        throw error;
      }
      return this.#fetch(target);
    }
  }

  #fetch(target: DocumentTarget): Promise<Entry> {
    const id = idOf(target);
    const running = this.#fetches.get(id);
    if (running !== undefined) {
      return running.entry;
    }
    const stop = new AbortController();
    const entry = this.#read(target, AbortSignal.any([stop.signal, this.#disposed.signal])).finally(() => {
      if (this.#fetches.get(id) === fetch) {
        this.#fetches.delete(id);
      }
    });
    const fetch: Fetch = { entry, stop };
    this.#fetches.set(id, fetch);
    return entry;
  }

  async #read(target: DocumentTarget, signal: AbortSignal): Promise<Entry> {
    const session = await this.#sessions.get(target.connectionId);
    const keep = this.#answers.keeper({ connectionId: target.connectionId, keyTag: session.keyTag });
    const { content, name, isSame } = await this.#readNow(session, target, signal);
    if (this.#sessions.peek(target.connectionId) !== session) {
      // Its answer belongs to a replaced key.
      throw ended(session);
    }
    const id = idOf(target);
    const before = this.#entries.get(id);
    const now = Date.now();
    const entry: Entry = {
      target,
      content,
      name,
      fetchedAt: now,
      createdAt: before?.createdAt ?? now,
      askedAt: now,
      failure: undefined,
      ofFormerKey: false,
    };
    this.#entries.set(id, entry);
    if (isSame !== undefined && content.byteLength <= LARGEST_KEPT) {
      // For "Compare with Saved": what the service says now is what a later answer is compared with.
      void keep(id, new TextDecoder().decode(content), now, isSame);
    }
    if (before !== undefined) {
      this.#changed.fire(openUris(target).map((uri) => ({ type: vscode.FileChangeType.Changed, uri })));
      this.#aged.fire();
    }
    return entry;
  }

  #readNow(
    session: Session,
    target: DocumentTarget,
    signal: AbortSignal,
  ): Promise<ShownDocument & { readonly isSame?: Same }> {
    return isAnswer(target)
      ? readForEditor(session, target, LARGEST, LARGEST_KEPT)
      : buildReport(session, target, { signal, lists: this.lists, health: this.#health }, LARGEST);
  }

  /** The last answer that was saved, where it may stand in for one that failed; it is shown from then on. */
  async #olderAnswer(target: DocumentTarget, error: unknown): Promise<Entry | undefined> {
    const { connectionId } = target;
    const connection = this.#sessions.store.get(connectionId);
    if (connection === undefined || !isServiceError(error) || NEVER_COVERED.has(error.kind)) {
      return undefined;
    }
    const id = idOf(target);
    const keyTag = this.#sessions.peek(connectionId)?.keyTag;
    const saved = await this.#answers.last({ connectionId, ...(keyTag === undefined ? {} : { keyTag }) }, id);
    if (saved === undefined) {
      return undefined;
    }
    const { content, name } = await readSaved(this.#sessions.providers[connection.provider], target, saved.text);
    const entry: Entry = {
      target,
      content,
      name,
      fetchedAt: saved.at,
      createdAt: this.#entries.get(id)?.createdAt ?? saved.at,
      askedAt: Date.now(),
      failure: error,
      ofFormerKey: false,
    };
    this.#entries.set(id, entry);
    this.#aged.fire();
    return entry;
  }

  /** Notes why what a document shows is not what the service says now. */
  #noteFailure(target: DocumentTarget, error: unknown): void {
    const known = this.#entries.get(idOf(target));
    if (known !== undefined && isServiceError(error)) {
      this.#entries.set(idOf(target), { ...known, failure: error });
      this.#aged.fire();
    }
  }

  /** Has the open documents of a connection read again, because its key is another one now, or is back. */
  #forgetKey(connectionId: string): void {
    for (const [id, { stop }] of this.#fetches) {
      if (documentTarget(vscode.Uri.parse(id))?.connectionId === connectionId) {
        this.#fetches.delete(id);
        stop.abort();
      }
    }
    if (this.#sessions.store.get(connectionId) === undefined) {
      return;
    }
    this.#reportedAt.clear();
    for (const [id, entry] of this.#entries) {
      if (entry.target.connectionId === connectionId) {
        this.#entries.set(id, { ...entry, ofFormerKey: true });
      }
    }
    const shown = vscode.workspace.textDocuments.filter(
      ({ isClosed, uri }) => !isClosed && documentTarget(uri)?.connectionId === connectionId,
    );
    this.#changed.fire(shown.map(({ uri }) => ({ type: vscode.FileChangeType.Changed, uri })));
    void reopenFailed(connectionId);
  }
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

function isFolder(uri: vscode.Uri): boolean {
  return !uri.path.endsWith('.json');
}
