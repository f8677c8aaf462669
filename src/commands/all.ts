import * as vscode from 'vscode';
import { registerCapacityCommands } from './capacity.ts';
import { registerChangeLogCommands } from './changeLog.ts';
import { registerChangeCommands } from './changes.ts';
import { registerTagCommands } from './changeTags.ts';
import { registerFindingPlanCommands } from './findingPlan.ts';
import { registerCompareCommands } from './compare.ts';
import { registerConnectionCommands } from './connections.ts';
import { registerCopyCommands } from './copy.ts';
import { registerDocumentCommands } from './documents.ts';
import { registerDraftCommands } from './drafts.ts';
import { registerExportCommands } from './export.ts';
import { registerFindCommands } from './find.ts';
import { registerHealthCommands } from './health.ts';
import { registerOverviewCommands } from './overview.ts';
import { registerPreviewCommands } from './preview.ts';
import { showError, type CommandContext } from './register.ts';
import { registerReportCommands } from './reports.ts';
import { registerRowCommands } from './rows.ts';
import { registerSavedFilterCommands } from './savedFilters.ts';
import { registerSenderCommands } from './senders.ts';
import { registerSnoozeCommands } from './snoozes.ts';
import { registerSyncCommands } from './sync.ts';
import { registerViewCommands } from './views.ts';
import { registerCommandsWithoutRow } from './withoutRow.ts';

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
    registerHealthCommands(context),
    registerSnoozeCommands(context),
    registerPreviewCommands(context),
    registerReportCommands(context),
    registerOverviewCommands(context),
    registerRowCommands(context),
    registerFindCommands(context),
    registerViewCommands(context),
    registerSavedFilterCommands(context),
    registerSyncCommands(context),
    registerExportCommands(context),
    registerCommandsWithoutRow(context),
    registerCapacityCommands(context),
    registerChangeCommands(context),
    registerSenderCommands(context),
    registerTagCommands(context),
    registerFindingPlanCommands(context),
    registerChangeLogCommands(context),
    registerDraftCommands(context),
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
