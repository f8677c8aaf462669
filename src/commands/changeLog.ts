import * as vscode from 'vscode';
import type { Session } from '../connections/sessions.ts';
import { commands } from '../contributions.ts';
import { changeLogUri, type LogFilter } from '../documents/changeLog.ts';
import { formatTime } from '../format.ts';
import { showInformation, withStatusProgress } from '../messages.ts';
import { changeLogCsv } from '../plans/csv.ts';
import { countStates, isOpen, type PlanRecord } from '../plans/record.ts';
import { canUndo, undoItems } from '../plans/undo.ts';
import { ServiceError } from '../transport/errors.ts';
import { askChoice, valueOf } from './ask.ts';
import { goOn, propose, resultOf, sayIsBusy, sayWhatBecameOf, type ChangeResult } from './proposal.ts';
import { register, requested, type Call, type CommandContext } from './register.ts';
import { saveFile } from './saveFile.ts';

const { t } = vscode.l10n;

/** What was changed from this machine, and what takes it back. */
export function registerChangeLogCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    register(context, commands.openChangeLog, ({ node, request }) =>
      open(changeLogUri({ connectionId: node?.connectionId ?? requested(request, 'connectionId') })),
    ),
    register(context, commands.filterChangeLog, () => filterLog(context)),
    register(context, commands.exportChangeLog, () => exportLog(context)),
    register(context, commands.undoChange, (call) => undo(context, call)),
    register(context, commands.resumeChange, (call) => resume(context, call)),
  );
}

/** @returns the URI of the document. */
async function open(uri: vscode.Uri): Promise<vscode.Uri> {
  await vscode.commands.executeCommand('vscode.open', uri);
  return uri;
}

async function filterLog(context: CommandContext): Promise<vscode.Uri | undefined> {
  const records = await context.changes.journal.list();
  const connections = new Map(records.map(({ plan }) => [plan.connectionId, plan.connection]));
  const answer = await askChoice<LogFilter>({ title: t('Filter change log'), placeholder: t('Which changes?') }, [
    { label: t('All changes'), value: {} },
    { label: t('With something that failed, is unknown or was not sent'), value: { open: true } },
    ...[...connections].map(([connectionId, label]) => ({ label, value: { connectionId } })),
  ]);
  const filter = valueOf(answer);
  return filter && open(changeLogUri(filter));
}

/** One row an item. @returns the URI of the file; undefined where the person left. */
async function exportLog(context: CommandContext): Promise<vscode.Uri | undefined> {
  const records = await context.changes.journal.list();
  if (records.length === 0) {
    void showInformation(t('No change was sent yet from this machine.'));
    return undefined;
  }
  const uri = await vscode.window.showSaveDialog({ title: t('Export change log'), filters: { CSV: ['csv'] } });
  if (uri !== undefined) {
    await saveFile(uri, changeLogCsv(records));
  }
  return uri;
}

/** @throws {ServiceError} where there is no such change, or its connection is gone. */
async function undo(context: CommandContext, call: Call): Promise<ChangeResult | undefined> {
  const found = await recordFor(context, call, t('Undo change'), (record, changes) => canUndo(record, changes));
  if (found === undefined) {
    return undefined;
  }
  const { record, session } = found;
  return propose(context, session, {
    title: t('Undo: {0}', record.plan.title),
    items: undoItems(record, session.provider.info.changes),
    warning: t('Only what is still as the change left it is set back.'),
    undoes: record.plan.id,
  });
}

/** Finds out what became of a change that was interrupted, and goes on with what was never sent of it. */
async function resume(context: CommandContext, call: Call): Promise<ChangeResult | undefined> {
  const found = await recordFor(
    context,
    call,
    t('Resume change'),
    (record) => isOpen(record) || countStates(record).planned > 0,
  );
  if (found === undefined) {
    return undefined;
  }
  const { session } = found;
  const record = await withStatusProgress(t('Checking'), () => context.changes.check(session, found.record.plan.id));
  if (record === undefined) {
    sayIsBusy();
    return undefined;
  }
  if (countStates(record).planned > 0) {
    return goOn(context, session, record);
  }
  void sayWhatBecameOf(session, record);
  return resultOf(record);
}

/** The change that a request names, or one of those that fit that the person picks. */
async function recordFor(
  context: CommandContext,
  { request }: Call,
  title: string,
  fits: (record: PlanRecord, changes: Session['provider']['info']['changes']) => boolean,
): Promise<{ readonly record: PlanRecord; readonly session: Session } | undefined> {
  const id = requested(request, 'id');
  const record = id === undefined ? await pickRecord(context, title, fits) : await context.changes.journal.read(id);
  if (record === undefined) {
    if (id !== undefined) {
      throw new ServiceError('notFound', { service: 'Sendmap', serviceMessage: t('there is no change "{0}"', id) });
    }
    return undefined;
  }
  return { record, session: await context.sessions.get(record.plan.connectionId) };
}

async function pickRecord(
  context: CommandContext,
  title: string,
  fits: (record: PlanRecord, changes: Session['provider']['info']['changes']) => boolean,
): Promise<PlanRecord | undefined> {
  const { store, providers } = context.sessions;
  const records = (await context.changes.journal.list()).filter((record) => {
    const connection = store.get(record.plan.connectionId);
    return connection !== undefined && fits(record, providers[connection.provider].changes);
  });
  if (records.length === 0) {
    void showInformation(t('There is no change that this fits.'));
    return undefined;
  }
  const answer = await askChoice(
    { title, placeholder: t('Choose a change') },
    records.map((record) => ({
      label: record.plan.title,
      description: `${record.plan.connection} · ${formatTime(record.plan.at)}`,
      value: record,
    })),
  );
  return valueOf(answer);
}
