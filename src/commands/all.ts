import * as vscode from 'vscode';
import { registerCompareCommands } from './compare.ts';
import { registerConnectionCommands } from './connections.ts';
import { registerCopyCommands } from './copy.ts';
import { registerDocumentCommands } from './documents.ts';
import { registerExportCommands } from './export.ts';
import { registerFindCommands } from './find.ts';
import { registerPreviewCommands } from './preview.ts';
import { showError, type CommandContext } from './register.ts';
import { registerRowCommands } from './rows.ts';
import { registerSavedFilterCommands } from './savedFilters.ts';
import { registerSyncCommands } from './sync.ts';
import { registerViewCommands } from './views.ts';

/** What a person can do, and what they are shown where something failed. */
export interface Commands {
  readonly handlers: CommandContext['handlers'];
  readonly showError: (thrown: unknown, connectionId: string) => void;
  readonly dispose: () => void;
}

/** All commands, none of them registered. */
export function createCommands(parts: Omit<CommandContext, 'handlers'>): Commands {
  const context: CommandContext = { ...parts, handlers: new Map() };
  const registered = vscode.Disposable.from(
    registerCompareCommands(context),
    registerCopyCommands(context),
    registerConnectionCommands(context),
    registerDocumentCommands(context),
    registerPreviewCommands(context),
    registerRowCommands(context),
    registerFindCommands(context),
    registerViewCommands(context),
    registerSavedFilterCommands(context),
    registerSyncCommands(context),
    registerExportCommands(context),
  );
  return {
    handlers: context.handlers,
    showError: (thrown, connectionId) => {
      void showError(context, thrown, context.sessions.store.get(connectionId));
    },
    dispose: () => {
      registered.dispose();
    },
  };
}
