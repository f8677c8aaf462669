import * as vscode from 'vscode';
import { bytesOf, writeChosenFile } from '../files/chosenFile.ts';
import { formatNumber } from '../format.ts';

/** Another file system takes a file only as a whole, and gets it through other processes; MiB. */
const MOST = 256;

/**
 * Saves a text where a person wants it: to a file of this computer piece by piece, to another file system at once.
 *
 * @throws what the file system or the pieces say; then the place is as it was.
 */
export async function saveFile(uri: vscode.Uri, pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  if (uri.scheme === 'file') {
    await writeChosenFile(uri.fsPath, pieces);
    return;
  }
  const bytes = await bytesOf(pieces, MOST * 1024 * 1024);
  if (bytes === undefined) {
    throw new Error(
      vscode.l10n.t(
        'More than {0} MB can only be saved to a folder on this computer. Choose one, or save less.',
        formatNumber(MOST),
      ),
    );
  }
  await vscode.workspace.fs.writeFile(uri, bytes);
}
