import * as vscode from 'vscode';
import type { Draft, DraftFiles, DraftTarget } from '../plans/draftFiles.ts';
import { draftTarget } from './draftUri.ts';

/** Drafts of campaigns as files that a person edits. Saving one keeps it on this machine, and sends nothing. */
export class DraftFileSystem implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #files: DraftFiles;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();

  readonly onDidChangeFile = this.#changed.event;

  constructor(files: DraftFiles) {
    this.#files = files;
  }

  /** Undefined where there is no draft of a campaign. @throws what the file system says. */
  async find(target: DraftTarget): Promise<Draft | undefined> {
    return (await this.#files.read(target))?.draft;
  }

  /** Keeps a new draft. @throws what the file system says. */
  create(target: DraftTarget, draft: Draft): Promise<void> {
    return this.#files.write(target, draft);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  /** The time and the size of what is on the disk: by them VS Code sees that another window saved the draft. */
  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { draft, saved } = await this.#read(uri);
    return { type: vscode.FileType.File, ctime: draft.at, mtime: saved, size: Buffer.byteLength(draft.text) };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return Buffer.from((await this.#read(uri)).draft.text);
  }

  /** A draft that is over does not come back by saving what an editor still shows. */
  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const { draft, target } = await this.#read(uri);
    await this.#files.write(target, { ...draft, text: new TextDecoder().decode(content) });
    this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  async delete(uri: vscode.Uri): Promise<void> {
    const target = draftTarget(uri);
    if (target !== undefined) {
      await this.#files.remove(target);
      this.#changed.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
    }
  }

  /** What goes with its connection. @throws what the file system says. */
  removeAll(connectionId: string): Promise<void> {
    return this.#files.removeAll(connectionId);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #read(
    uri: vscode.Uri,
  ): Promise<{ readonly target: DraftTarget; readonly draft: Draft; readonly saved: number }> {
    const target = draftTarget(uri);
    const found = target && (await this.#files.read(target));
    if (target === undefined || found === undefined) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    return { target, ...found };
  }
}
