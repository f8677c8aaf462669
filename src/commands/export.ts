import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import {
  accountExporter,
  campaignExporter,
  exportText,
  type Exporter,
  type ExportFormat,
  type ExportShape,
  type ExportSource,
} from '../queries/export.ts';
import type { MapView } from '../tree/mapView.ts';
import { formatNumber } from '../format.ts';
import { showInformation, withNotifiedProgress, withStatusProgress } from '../messages.ts';
import { askChoice } from './ask.ts';
import { register, type CommandContext } from './register.ts';
import { saveFile } from './saveFile.ts';

const { t } = vscode.l10n;

/** Export of what a view shows, with its filter, to a file. */
export function registerExportCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    register(context, commands.exportAccounts, () =>
      exportView(context, context.accounts, accountExporter, 'accounts', t('Export accounts'), {
        rows: t('one row per account, with its campaigns'),
        pairs: t('one row per account and campaign'),
      }),
    ),
    register(context, commands.exportCampaigns, () =>
      exportView(context, context.campaigns, campaignExporter, 'campaigns', t('Export campaigns'), {
        rows: t('one row per campaign, with its senders'),
        pairs: t('one row per campaign and sender'),
      }),
    ),
  );
}

/** @returns the URI of the file; undefined where the person left. */
async function exportView<Row extends object, Grouping extends string, Sort extends string>(
  context: CommandContext,
  view: MapView<Row, Grouping, Sort>,
  exporter: Exporter<Row>,
  name: string,
  title: string,
  shapes: Readonly<Record<ExportShape, string>>,
): Promise<vscode.Uri | undefined> {
  await withStatusProgress(title, () =>
    // Connections that nobody has opened yet are part of the view too.
    Promise.allSettled(context.sessions.store.list().map(({ id }) => context.sessions.get(id))),
  );
  const sources = await sourcesOf(view);
  const count = sources.reduce((sum, { rows }) => sum + rows.length, 0);
  if (count === 0) {
    void showInformation(t('There is nothing to export here yet.'));
    return undefined;
  }
  const complete = new Set(
    view
      .connections()
      .filter(({ session }) => session.map.complete)
      .map(({ session }) => session.connection.id),
  );
  const incomplete = context.sessions.store.list().filter(({ id }) => !complete.has(id));
  const answer = await askChoice(
    {
      title,
      placeholder:
        incomplete.length === 0
          ? t('{0} rows, as the view shows them', formatNumber(count))
          : t('{0} rows; not complete yet: {1}', formatNumber(count), incomplete.map(({ label }) => label).join(', ')),
    },
    (['csv', 'json'] as const).flatMap((format) =>
      (['rows', 'pairs'] as const).map((shape) => ({
        label: format.toUpperCase(),
        description: shapes[shape],
        value: { format, shape },
      })),
    ),
  );
  const choice = answer !== undefined && 'value' in answer ? answer.value : undefined;
  const file =
    choice &&
    (await vscode.window.showSaveDialog({
      title,
      filters: choice.format === 'csv' ? { CSV: ['csv'] } : { JSON: ['json'] },
      defaultUri: defaultFile(name, choice.format),
    }));
  if (choice === undefined || file === undefined) {
    return undefined;
  }
  let records = 0;
  await withNotifiedProgress(title, async (report, token) => {
    let before = 0;
    const pieces = exportText(exporter, sources, choice.shape, choice.format, (done, written) => {
      if (token.isCancellationRequested) {
        throw new DOMException('The export was cancelled', 'AbortError');
      }
      report(((done - before) / count) * 100, t('{0} of {1}', formatNumber(done), formatNumber(count)));
      before = done;
      records = written;
    });
    await saveFile(file, pieces);
  });
  const open = t('Open');
  void showInformation(t('{0} rows are in {1}.', formatNumber(records), fileName(file)), open).then((chosen) =>
    chosen === open ? vscode.commands.executeCommand('vscode.open', file) : undefined,
  );
  return file;
}

/** What the view shows of each connection: what its filter lets through, in its order, each row once. */
async function sourcesOf<Row extends object, Grouping extends string, Sort extends string>(
  view: MapView<Row, Grouping, Sort>,
): Promise<ExportSource<Row>[]> {
  return Promise.all(
    view.connections().map(async ({ session, graph }) => ({
      connection: session.connection.label,
      service: session.provider.info.name,
      graph,
      rows: await view.shownRows(session),
    })),
  );
}

function defaultFile(name: string, format: ExportFormat): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('/');
  return vscode.Uri.joinPath(folder, `sendmap-${name}-${new Date().toISOString().slice(0, 10)}.${format}`);
}

function fileName(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}
