import * as vscode from 'vscode';
import type { Connection } from '../connections/connection.ts';
import type { Session } from '../connections/sessions.ts';
import { commands } from '../contributions.ts';
import type { Health } from '../health/health.ts';
import type { Account, Campaign } from '../providers/model.ts';
import {
  accountExporter,
  campaignExporter,
  exportText,
  withFindings,
  type ExportedFinding,
  type Exporter,
  type ExportFormat,
  type ExportShape,
  type ExportSource,
} from '../queries/export.ts';
import type { MapView } from '../tree/mapView.ts';
import type { Node } from '../tree/nodes.ts';
import { formatNumber } from '../format.ts';
import { showInformation, withNotifiedProgress, withStatusProgress } from '../messages.ts';
import { askChoice, valueOf } from './ask.ts';
import { register, type CommandContext } from './register.ts';
import { aboutCampaigns, accountRows, campaignRows } from './rowsOfNodes.ts';
import { saveFile } from './saveFile.ts';

const { t } = vscode.l10n;

/** Export of what a view shows, with its filter, or of some of its rows, to a file. */
export function registerExportCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    register(context, commands.exportAccounts, () => exportView(context, context.accounts, accountKind())),
    register(context, commands.exportCampaigns, () => exportView(context, context.campaigns, campaignKind())),
    register(context, commands.exportRows, async ({ nodes }) =>
      aboutCampaigns(context, nodes)
        ? exportRows(context, ...(await campaignsOfNodes(context, nodes)), [])
        : exportRows(context, ...(await accountsOfNodes(context, nodes)), []),
    ),
    register(context, commands.openRows, async ({ nodes }) =>
      aboutCampaigns(context, nodes)
        ? openRows(...(await campaignsOfNodes(context, nodes)))
        : openRows(...(await accountsOfNodes(context, nodes))),
    ),
  );
}

/** How one kind of rows is exported. */
interface Kind<Row> {
  readonly exporter: Exporter<Row>;
  /** Begins the name of the file. */
  readonly name: string;
  readonly title: string;
  readonly shapes: Readonly<Record<ExportShape, string>>;
}

function accountKind(): Kind<Account> {
  return {
    exporter: accountExporter,
    name: 'accounts',
    title: t('Export accounts'),
    shapes: {
      rows: t('one row per account, with its campaigns'),
      pairs: t('one row per account and campaign'),
    },
  };
}

function campaignKind(): Kind<Campaign> {
  return {
    exporter: campaignExporter,
    name: 'campaigns',
    title: t('Export campaigns'),
    shapes: {
      rows: t('one row per campaign, with its senders'),
      pairs: t('one row per campaign and sender'),
    },
  };
}

/** The accounts that rows stand for; those of Health come with what it finds about them. */
async function accountsOfNodes(context: CommandContext, nodes: readonly Node[]) {
  const sources = await sourcesOfNodes(context, accountRows(context), nodes);
  return await fromHealth(context, nodes, accountKind(), sources, (health, account) =>
    health.rulesOfAccount(account.key).map((rule) => ({
      finding: rule.title(),
      evidence: rule.evidence(account, health.factsOfAccount(account.key)),
    })),
  );
}

/** The same for campaigns. */
async function campaignsOfNodes(context: CommandContext, nodes: readonly Node[]) {
  const sources = await sourcesOfNodes(context, campaignRows(context), nodes);
  return await fromHealth(context, nodes, campaignKind(), sources, (health, campaign) =>
    health.rulesOfCampaign(campaign.id).map((rule) => ({
      finding: rule.title(),
      evidence: rule.evidence(campaign, health.factsOfCampaign(campaign)),
    })),
  );
}

type Sources<Row> = readonly (ExportSource<Row> & { readonly session: Session })[];

async function fromHealth<Row>(
  { findings, health: keeper }: CommandContext,
  [first]: readonly Node[],
  kind: Kind<Row>,
  sources: Sources<Row>,
  findingsOf: (health: Health, row: Row) => readonly ExportedFinding[],
): Promise<readonly [Kind<Row>, Sources<Row>]> {
  if (first === undefined || !findings.has(first)) {
    return [kind, sources];
  }
  const withHealth = await Promise.all(
    sources.map(async (source) => {
      const health = (await keeper.evaluated(source.session.connection.id))?.health;
      return { ...source, findingsOf: health && ((row: Row) => findingsOf(health, row)) };
    }),
  );
  return [{ ...kind, exporter: withFindings(kind.exporter) }, withHealth];
}

/** @returns the URI of the file; undefined where the person left. */
async function exportView<Row extends object, Grouping extends string, Sort extends string>(
  context: CommandContext,
  view: MapView<Row, Grouping, Sort>,
  kind: Kind<Row>,
): Promise<vscode.Uri | undefined> {
  await withStatusProgress(kind.title, () =>
    // Connections that nobody has opened yet are part of the view too.
    Promise.allSettled(context.sessions.store.list().map(({ id }) => context.sessions.get(id))),
  );
  return exportRows(context, kind, await sourcesOf(view), context.sessions.store.list());
}

/** @param connections those that belong to the export even where they have no rows. */
async function exportRows<Row>(
  context: CommandContext,
  { exporter, name, title, shapes }: Kind<Row>,
  sources: Sources<Row>,
  connections: readonly Connection[],
): Promise<vscode.Uri | undefined> {
  const count = sources.reduce((sum, { rows }) => sum + rows.length, 0);
  if (count === 0) {
    void showInformation(t('Nothing to export here yet.'));
    return undefined;
  }
  const all = new Map(
    [...connections, ...sources.map(({ session }) => session.connection)].map((one) => [one.id, one]),
  );
  const incomplete = [...all.values()].filter(({ id }) => context.sessions.peek(id)?.map.complete !== true);
  const answer = await askChoice(
    {
      title,
      placeholder:
        incomplete.length === 0
          ? t('{0} rows, as the view shows them', formatNumber(count))
          : t('{0} rows; incomplete: {1}', formatNumber(count), incomplete.map(({ label }) => label).join(', ')),
    },
    (['csv', 'json'] as const).flatMap((format) =>
      (['rows', 'pairs'] as const).map((shape) => ({
        label: format.toUpperCase(),
        description: shapes[shape],
        value: { format, shape },
      })),
    ),
  );
  const choice = valueOf(answer);
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
  const done =
    records === 1
      ? t('Exported 1 row to {0}', fileName(file))
      : t('Exported {0} rows to {1}', formatNumber(records), fileName(file));
  void showInformation(done, open).then((chosen) =>
    chosen === open ? vscode.commands.executeCommand('vscode.open', file) : undefined,
  );
  return file;
}

/** A longer text is not opened, in characters: VS Code does not pass it to extensions. */
const LONGEST_TEXT = 20_000_000;

/** Opens rows as JSON in an editor, as an export has them. @throws {Error} with a sentence, where that is too long. */
async function openRows<Row>(
  { exporter }: Kind<Row>,
  sources: readonly ExportSource<Row>[],
): Promise<vscode.Uri | undefined> {
  if (sources.every(({ rows }) => rows.length === 0)) {
    void showInformation(t('Nothing to open here yet.'));
    return undefined;
  }
  const content = await withStatusProgress(t('Opening rows'), async () => {
    let text = '';
    for await (const piece of exportText(exporter, sources, 'rows', 'json', () => undefined)) {
      text += piece;
      if (text.length > LONGEST_TEXT) {
        throw new Error(t('These rows are too long for an editor. Export them instead.'));
      }
    }
    return text;
  });
  const document = await vscode.workspace.openTextDocument({ language: 'json', content });
  await vscode.window.showTextDocument(document);
  return document.uri;
}

/** What the view shows of each connection: what its filter lets through, in its order, each row once. */
async function sourcesOf<Row extends object, Grouping extends string, Sort extends string>(
  view: MapView<Row, Grouping, Sort>,
) {
  return Promise.all(
    view.connections().map(async ({ session }) => ({ ...describe(session), rows: await view.shownRows(session) })),
  );
}

/** The rows that nodes stand for, each once; those of another kind are left out. */
async function sourcesOfNodes<Row extends object>(
  context: CommandContext,
  rowsOf: (node: Node) => Promise<readonly Row[]>,
  nodes: readonly Node[],
) {
  const found = new Map<Session, Set<Row>>();
  for (const node of nodes) {
    const session = await context.sessions.get(node.connectionId);
    const rows = found.get(session) ?? new Set<Row>();
    found.set(session, rows);
    for (const row of await rowsOf(node)) {
      rows.add(row);
    }
  }
  return [...found].map(([session, rows]) => ({ ...describe(session), rows: [...rows] }));
}

function describe(session: Session) {
  const { connection, provider, map } = session;
  return { session, connection: connection.label, service: provider.info.name, graph: map.graph };
}

function defaultFile(name: string, format: ExportFormat): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('/');
  return vscode.Uri.joinPath(folder, `sendmap-${name}-${new Date().toISOString().slice(0, 10)}.${format}`);
}

function fileName(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}
