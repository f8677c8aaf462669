import * as vscode from 'vscode';
import { formatNumber } from '../format.ts';

/** A document that the editor, and what works on it there, would take seconds for. It can still be saved as a file. */
export class DocumentTooLarge extends Error {
  readonly uri: vscode.Uri;

  /** @param size in bytes */
  constructor(uri: vscode.Uri, size: number) {
    super(
      vscode.l10n.t(
        'This document is {0} MB, too large for the editor. Save it as a file instead.',
        formatNumber(Math.ceil(size / 1_000_000)),
      ),
    );
    this.uri = uri;
  }
}
