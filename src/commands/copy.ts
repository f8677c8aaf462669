import * as vscode from 'vscode';
import { commands, scheme } from '../contributions.ts';
import { treeOf, valueAt } from '../documents/positions.ts';
import { documentTarget, isAnswer, tabName, type DocumentTarget } from '../documents/uri.ts';
import { showDone, withStatusProgress } from '../messages.ts';
import { curlOf } from './curl.ts';
import { register, type CommandContext } from './register.ts';
import { saveFile } from './saveFile.ts';

const { t } = vscode.l10n;

/** Taking something out of a document: the request, the place of a value, the file. */
export function registerCopyCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    register(context, commands.copyCurl, ({ document }) => copyCurl(context, document)),
    register(context, commands.copyPath, () => copyPath()),
    register(context, commands.saveJson, ({ document }) => saveJson(context, document)),
  );
}

/** The request behind a document for a shell. The key is named by a variable: it never leaves SecretStorage here. */
async function copyCurl(context: CommandContext, document: vscode.Uri | undefined): Promise<void> {
  const target = targetOf(document);
  const connection = target && context.sessions.store.get(target.connectionId);
  if (target === undefined || !isAnswer(target) || connection === undefined) {
    return;
  }
  const base = await context.sessions.baseUrlOf(connection);
  await vscode.env.clipboard.writeText(
    curlOf(context.sessions.providers[connection.provider], base, target.kind, target.id),
  );
  showDone(t('Copied; set the variable to your key before you run it'));
}

/** Where the value at the cursor stands, e.g. `$.warmup.limit`. */
async function copyPath(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const root = editor?.document.uri.scheme === scheme ? treeOf(editor.document) : undefined;
  const value = editor && root && valueAt(root, editor.document.offsetAt(editor.selection.active));
  if (value !== undefined) {
    const path = value.path.map((segment) =>
      typeof segment === 'string' && /^[A-Za-z_]\w*$/.test(segment) ? `.${segment}` : `[${JSON.stringify(segment)}]`,
    );
    await vscode.env.clipboard.writeText(`$${path.join('')}`);
  }
}

/** Saves a document as a file: as it is on the screen, or fresh where it is not open. @throws {ServiceError} */
async function saveJson(context: CommandContext, document: vscode.Uri | undefined): Promise<vscode.Uri | undefined> {
  const uri = document ?? vscode.window.activeTextEditor?.document.uri;
  const target = uri && documentTarget(uri);
  if (uri === undefined || target === undefined) {
    return undefined;
  }
  const name = tabName(uri).replace(/[\\/:*?"<>|]+/g, '-');
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('/');
  const file = await vscode.window.showSaveDialog({
    title: t('Save JSON as'),
    defaultUri: vscode.Uri.joinPath(folder, name),
    filters: { JSON: ['json'] },
  });
  if (file !== undefined) {
    const open = vscode.workspace.textDocuments.find((other) => other.uri.toString() === uri.toString());
    await saveFile(file, [open === undefined ? await fetchFile(context, target) : open.getText()]);
  }
  return file;
}

async function fetchFile(context: CommandContext, target: DocumentTarget): Promise<string> {
  const content = await withStatusProgress(t('Saving JSON'), () => context.documents.file(target));
  return new TextDecoder().decode(content);
}

function targetOf(document: vscode.Uri | undefined) {
  const uri = document ?? vscode.window.activeTextEditor?.document.uri;
  return uri && documentTarget(uri);
}
