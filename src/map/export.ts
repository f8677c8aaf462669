import { setImmediate as nextTurn } from 'node:timers/promises';
import { stringify } from 'csv-stringify/sync';
import type { Account, Campaign, SenderReason } from '../providers/model.ts';
import type { Graph } from './graph.ts';

/** What is exported of one connection. */
export interface ExportSource<T> {
  /** The connection's label. */
  readonly connection: string;
  /** The service's name. */
  readonly service: string;
  readonly graph: Graph;
  /** In the order of the view. */
  readonly rows: readonly T[];
}

export type ExportShape = 'rows' | 'pairs';
export type ExportFormat = 'csv' | 'json';

type Cell = string | number | undefined;
type Cells = Readonly<Record<string, Cell>>;

/** Rows written before others get their turn, and the progress is told. */
const CHUNK = 500;

/** A way to export a view: what becomes a line of a table, and what becomes an object. */
export interface Exporter<T> {
  readonly columns: Readonly<Record<ExportShape, readonly string[]>>;
  readonly cells: (source: ExportSource<T>, row: T) => Cells;
  readonly pairs: (source: ExportSource<T>, row: T) => Cells[];
  readonly json: (source: ExportSource<T>, row: T) => object;
}

export const accountExporter: Exporter<Account> = {
  columns: {
    rows: [
      'connection', 'service', 'email', 'account_id', 'name', 'status', 'reason', 'provider_type', 'warmup',
      'warmup_score', 'daily_limit', 'sent_today', 'tags', 'client_id', 'campaigns', 'campaign_names', 'campaign_ids',
      'created_at', 'updated_at',
    ], // prettier-ignore
    pairs: [
      'connection', 'service', 'email', 'account_id', 'account_status', 'campaign_id', 'campaign_name',
      'campaign_status', 'because',
    ], // prettier-ignore
  },
  cells: ({ connection, service, graph }, account) => {
    const campaigns = graph.campaignsOf(account.key).map(({ campaign }) => campaign);
    return {
      connection,
      service,
      email: account.email,
      account_id: account.key,
      name: account.name,
      status: account.statusWords,
      reason: account.reason,
      provider_type: account.providerType,
      warmup: account.warmupWords,
      warmup_score: account.warmupScore,
      daily_limit: account.dailyLimit,
      sent_today: account.sentToday,
      tags: joined(account.tags.map(({ label }) => label)),
      client_id: account.clientId,
      campaigns: campaigns.length,
      campaign_names: joined(campaigns.map(({ name }) => name)),
      campaign_ids: joined(campaigns.map(({ id }) => id)),
      created_at: account.createdAt,
      updated_at: account.updatedAt,
    };
  },
  pairs: (source, account) =>
    source.graph
      .campaignsOf(account.key)
      .map(({ campaign, reasons }) => pair(source.connection, source.service, account, campaign, reasons)),
  json: ({ connection, service, graph }, account) => ({
    connection,
    service,
    ...account,
    campaigns: graph
      .campaignsOf(account.key)
      .map(({ campaign: { id, name, statusWords }, reasons }) => ({ id, name, statusWords, reasons })),
  }),
};

export const campaignExporter: Exporter<Campaign> = {
  columns: {
    rows: [
      'connection', 'service', 'campaign_id', 'campaign_name', 'status', 'subsequence_of', 'daily_limit', 'senders',
      'healthy_senders', 'sender_emails', 'tags', 'client_id', 'created_at', 'updated_at',
    ], // prettier-ignore
    pairs: accountExporter.columns.pairs,
  },
  cells: ({ connection, service, graph }, campaign) => {
    const senders = graph.sendersOf(campaign.id);
    return {
      connection,
      service,
      campaign_id: campaign.id,
      campaign_name: campaign.name,
      status: campaign.statusWords,
      subsequence_of: campaign.parentId,
      daily_limit: campaign.dailyLimit,
      senders: senders.length,
      healthy_senders: graph.countOfHealthy(campaign.id),
      sender_emails: joined(senders.map(({ account }) => account.email)),
      tags: joined(campaign.tags.map(({ label }) => label)),
      client_id: campaign.clientId,
      created_at: campaign.createdAt,
      updated_at: campaign.updatedAt,
    };
  },
  pairs: (source, campaign) =>
    source.graph
      .sendersOf(campaign.id)
      .map(({ account, reasons }) => pair(source.connection, source.service, account, campaign, reasons)),
  json: ({ connection, service, graph }, campaign) => ({
    connection,
    service,
    ...campaign,
    // Said by its senders, with all the reasons there are.
    listedSenders: undefined,
    senderTagIds: undefined,
    senders: graph
      .sendersOf(campaign.id)
      .map(({ account: { key, email, statusWords }, reasons }) => ({ key, email, statusWords, reasons })),
  }),
};

/**
 * The text of an export, and how many records are in it.
 *
 * @param onProgress told how many rows are done, now and then; throws to end the export.
 */
export async function exportText<T>(
  exporter: Exporter<T>,
  sources: readonly ExportSource<T>[],
  shape: ExportShape,
  format: ExportFormat,
  onProgress: (done: number) => void,
): Promise<{ readonly text: string; readonly count: number }> {
  const columns = exporter.columns[shape];
  const parts: string[] = [format === 'csv' ? csv([columns]) : ''];
  const objects: string[] = [];
  let done = 0;
  let count = 0;
  for (const source of sources) {
    for (let start = 0; start < source.rows.length; start += CHUNK) {
      const rows = source.rows.slice(start, start + CHUNK);
      if (format === 'csv') {
        const lines = rows.flatMap((row) =>
          shape === 'rows' ? [exporter.cells(source, row)] : exporter.pairs(source, row),
        );
        count += lines.length;
        parts.push(csv(lines.map((line) => columns.map((column) => line[column]))));
      } else {
        const members = rows.flatMap((row): object[] =>
          shape === 'rows' ? [exporter.json(source, row)] : exporter.pairs(source, row),
        );
        count += members.length;
        for (const member of members) {
          objects.push(JSON.stringify(member, undefined, 2));
        }
      }
      done += rows.length;
      onProgress(done);
      await nextTurn();
    }
  }
  return { text: format === 'csv' ? parts.join('') : `[\n${objects.join(',\n')}\n]\n`, count };
}

function pair(
  connection: string,
  service: string,
  account: Account,
  campaign: Campaign,
  reasons: readonly SenderReason[],
): Cells {
  return {
    connection,
    service,
    email: account.email,
    account_id: account.key,
    account_status: account.statusWords,
    campaign_id: campaign.id,
    campaign_name: campaign.name,
    campaign_status: campaign.statusWords,
    because: joined(reasons.map((reason) => (reason.kind === 'tag' ? `tag ${reason.tag.label}` : reason.kind))),
  };
}

function joined(texts: readonly string[]): string {
  return texts.join('; ');
}

function csv(lines: readonly (readonly Cell[])[]): string {
  return stringify(
    lines.map((line) => line.map((cell) => (typeof cell === 'string' ? guard(cell) : cell))),
    // A cell with half a line break is not quoted by itself.
    { record_delimiter: '\r\n', quoted_match: /[\r\n]/ },
  );
}

/**
 * A text that a spreadsheet takes for a formula gets an apostrophe before it, and so does one that begins with an
 * apostrophe: whoever reads the file takes away one leading apostrophe and has exactly what was exported.
 */
export function guard(text: string): string {
  return /^['=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
}
