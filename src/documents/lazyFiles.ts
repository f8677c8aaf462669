import * as vscode from 'vscode';

/** A file system whose code is loaded with the first file. Nothing is watched: it announces its changes. */
export function lazyFiles(
  files: () => Promise<vscode.FileSystemProvider>,
  onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]>,
): vscode.FileSystemProvider {
  return {
    onDidChangeFile,
    watch: () => new vscode.Disposable(() => undefined),
    stat: async (uri) => (await files()).stat(uri),
    readFile: async (uri) => (await files()).readFile(uri),
    readDirectory: async (uri) => (await files()).readDirectory(uri),
    createDirectory: async (uri) => (await files()).createDirectory(uri),
    writeFile: async (uri, content, options) => (await files()).writeFile(uri, content, options),
    delete: async (uri, options) => (await files()).delete(uri, options),
    rename: async (from, to, options) => (await files()).rename(from, to, options),
  };
}
