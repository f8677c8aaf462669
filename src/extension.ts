import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { SendmapApi } from './api.ts';
import { registerConnectionCommands } from './commands/connections.ts';
import { registerDocumentCommands } from './commands/documents.ts';
import type { CommandContext } from './commands/register.ts';
import { registerRowCommands } from './commands/rows.ts';
import { Network } from './connections/network.ts';
import { SampleWorkspace } from './connections/sample.ts';
import { Sessions } from './connections/sessions.ts';
import { ConnectionStore } from './connections/store.ts';
import { scheme } from './contributions.ts';
import { createApi } from './createApi.ts';
import { DocumentFileSystem } from './documents/fileSystem.ts';
import { createLog } from './log.ts';
import { AccountsView } from './tree/accountsView.ts';
import { Redactor } from './transport/redaction.ts';

/** Builds the parts and wires them. Makes no request and loads no HTTP code: that comes with the first request. */
export function activate(context: vscode.ExtensionContext): SendmapApi {
  if (vscode.l10n.bundle !== undefined) {
    l10n.config({ contents: vscode.l10n.bundle });
  }
  const redactor = new Redactor();
  const log = createLog(redactor);
  const network = new Network();
  const sample = new SampleWorkspace();
  const store = new ConnectionStore(context.globalState, context.secrets, redactor);
  const sessions = new Sessions(store, network, sample, redactor, log);
  const documents = new DocumentFileSystem(sessions);
  const view = new AccountsView(sessions);
  const commandContext: CommandContext = { sessions, sample, view, documents, log, redactor };
  context.subscriptions.push(
    log,
    network,
    sample,
    store,
    sessions,
    documents,
    view,
    vscode.workspace.registerFileSystemProvider(scheme, documents, {
      isCaseSensitive: true,
      isReadonly: new vscode.MarkdownString(
        vscode.l10n.t(
          'This is what the service answered when the document was opened or last refreshed. Change it in the web app of the service, then run "Sendmap: Refresh Document" to see it here.',
        ),
      ),
    }),
    registerConnectionCommands(commandContext),
    registerDocumentCommands(commandContext),
    registerRowCommands(commandContext),
  );
  return createApi(sessions);
}
