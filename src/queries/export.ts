import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Account, Campaign, SenderReason } from '../providers/model.ts';
import type { Graph } from '../map/graph.ts';
import { isoOf } from '../transport/times.ts';
import { csvLine, type Cell } from './csv.ts';

/** What is exported of one connection. */
export interface ExportSource<T> {
  /** The connection's label. */
  readonly connection: string;
  /** The service's name. */
  readonly service: string;
  readonly graph: Graph;
  /** In the order of the view. */
  readonly rows: readonly T[];
  /** What Health finds about a row, the worst first; undefined where the export does not say. */
  readonly findingsOf?: ((row: T) => readonly ExportedFinding[]) | undefined;
}

/** What is wrong, and what shows it, in words. */
export interface ExportedFinding {
  readonly finding: string;
  readonly evidence: string;
}

export type ExportShape = 'rows' | 'pairs';
export type ExportFormat = 'csv' | 'json';

type Cells = Readonly<Record<string, Cell>>;

/** Rows written before other work gets its turn, and the progress is reported. */
const CHUNK = 500;
/** A piece of the text is passed on as soon as it is this long, in characters. */
const PIECE = 256 * 1024;

/** An object whose last property is a list, which may be longer than a text can be. */
interface Listing {
  readonly record: object;
  readonly list: string;
  readonly members: Iterable<object>;
}

/** A way to export a view: what becomes a line of a table, and what becomes an object. */
export interface Exporter<T> {
  readonly columns: Readonly<Record<ExportShape, readonly string[]>>;
  readonly cells: (source: ExportSource<T>, row: T) => Cells;
  readonly pairs: (source: ExportSource<T>, row: T) => Iterable<Cells>;
  readonly json: (source: ExportSource<T>, row: T) => Listing;
}

export const accountExporter: Exporter<Account> = {
  columns: {
    rows: [
      'connection', 'service', 'email', 'account_id', 'name', 'status', 'reason', 'provider_type', 'warmup',
      'warmup_score', 'daily_limit', 'sent_today', 'tags', 'client_id', 'campaigns',
      'active_campaigns', 'campaign_names', 'campaign_ids', 'created_at', 'updated_at',
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
      daily_limit: account.unlimited ? 'unlimited' : account.dailyLimit,
      sent_today: account.sentToday,
      tags: joined(account.tags.map(({ label }) => label)),
      client_id: account.clientId,
      campaigns: graph.countOfCampaigns(account.key)?.all,
      active_campaigns: graph.countOfCampaigns(account.key)?.active,
      campaign_names: joined(campaigns.map(({ name }) => name)),
      campaign_ids: joined(campaigns.map(({ id }) => id)),
      created_at: iso(account.createdAt),
      updated_at: iso(account.updatedAt),
    };
  },
  pairs: (source, account) =>
    oneByOne(source.graph.campaignsOf(account.key), ({ campaign, reasons }) =>
      pair(source.connection, source.service, account, campaign, reasons),
    ),
  json: ({ connection, service, graph }, account) => ({
    record: {
      connection,
      service,
      ...withDates(account),
      // An empty list would say that there are none.
      campaignsKnown: graph.countOfCampaigns(account.key) === undefined ? false : undefined,
    },
    list: 'campaigns',
    members: oneByOne(graph.campaignsOf(account.key), ({ campaign: { id, name, statusWords }, reasons }) => ({
      id,
      name,
      statusWords,
      reasons,
    })),
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
      senders: graph.countOfSenders(campaign.id)?.senders,
      healthy_senders: graph.countOfSenders(campaign.id)?.healthy,
      sender_emails: joined(senders.map(({ account }) => account.email)),
      tags: joined(campaign.tags.map(({ label }) => label)),
      client_id: campaign.clientId,
      created_at: iso(campaign.createdAt),
      updated_at: iso(campaign.updatedAt),
    };
  },
  pairs: (source, campaign) =>
    oneByOne(source.graph.sendersOf(campaign.id), ({ account, reasons }) =>
      pair(source.connection, source.service, account, campaign, reasons),
    ),
  json: ({ connection, service, graph }, campaign) => ({
    record: {
      connection,
      service,
      ...withDates(campaign),
      // Its senders include what these two say, with all the reasons.
      listedSenders: undefined,
      senderTagIds: undefined,
      sendersKnown: graph.countOfSenders(campaign.id) === undefined ? false : undefined,
    },
    list: 'senders',
    members: oneByOne(graph.sendersOf(campaign.id), ({ account: { key, email, statusWords }, reasons }) => ({
      key,
      email,
      statusWords,
      reasons,
    })),
  }),
};

/** The same with what Health finds about each row. Pairs are about edges, and have none. */
export function withFindings<T>(exporter: Exporter<T>): Exporter<T> {
  const findingsOf = ({ findingsOf: of }: ExportSource<T>, row: T) => of?.(row) ?? [];
  return {
    ...exporter,
    columns: { ...exporter.columns, rows: [...exporter.columns.rows, 'findings', 'evidence'] },
    cells: (source, row) => {
      const found = findingsOf(source, row);
      return {
        ...exporter.cells(source, row),
        findings: joined(found.map(({ finding }) => finding)),
        evidence: joined(found.map(({ evidence }) => evidence)),
      };
    },
    json: (source, row) => {
      const { record, ...list } = exporter.json(source, row);
      return { ...list, record: { ...record, findings: findingsOf(source, row) } };
    },
  };
}

/**
 * The text of an export in pieces: the whole may be longer than a string can be. No piece is much longer than one
 * record.
 *
 * @param onProgress called now and then with how many rows are done and how many records that made; throws to end the
 * export.
 */
export async function* exportText<T>(
  exporter: Exporter<T>,
  sources: readonly ExportSource<T>[],
  shape: ExportShape,
  format: ExportFormat,
  onProgress: (done: number, count: number) => void,
): AsyncGenerator<string, void> {
  const columns = exporter.columns[shape];
  const [head, between, end] = format === 'csv' ? [csvLine(columns), '', ''] : ['[\n', ',\n', '\n]\n'];
  const recordsOf = format === 'csv' ? csvRecords : jsonRecords;
  let piece = head;
  let done = 0;
  let count = 0;
  for (const source of sources) {
    for (const row of source.rows) {
      for (const record of recordsOf(exporter, source, row, shape)) {
        piece += count === 0 ? '' : between;
        count += 1;
        for (const part of record) {
          piece += part;
          if (piece.length >= PIECE) {
            yield piece;
            piece = '';
            onProgress(done, count);
            await nextTurn();
          }
        }
      }
      done += 1;
      if (done % CHUNK === 0) {
        onProgress(done, count);
        await nextTurn();
      }
    }
  }
  onProgress(done, count);
  yield piece + end;
}

/** The records of a row, each in parts. */
function* csvRecords<T>(
  exporter: Exporter<T>,
  source: ExportSource<T>,
  row: T,
  shape: ExportShape,
): Generator<Iterable<string>, void> {
  for (const cells of shape === 'rows' ? [exporter.cells(source, row)] : exporter.pairs(source, row)) {
    yield [csvLine(exporter.columns[shape].map((column) => cells[column]))];
  }
}

function* jsonRecords<T>(
  exporter: Exporter<T>,
  source: ExportSource<T>,
  row: T,
  shape: ExportShape,
): Generator<Iterable<string>, void> {
  if (shape === 'rows') {
    yield printed(exporter.json(source, row));
    return;
  }
  for (const cells of exporter.pairs(source, row)) {
    yield [JSON.stringify(cells, undefined, 2)];
  }
}

/** What `JSON.stringify` with two spaces would make of an object with its list, member by member. */
function* printed({ record, list, members }: Listing): Generator<string, void> {
  yield `${JSON.stringify(record, undefined, 2).slice(0, -'\n}'.length)},\n  "${list}": [`;
  let separator = '';
  for (const member of members) {
    yield `${separator}\n    ${JSON.stringify(member, undefined, 2).replaceAll('\n', '\n    ')}`;
    separator = ',';
  }
  yield separator === '' ? ']\n}' : '\n  ]\n}';
}

function* oneByOne<T, U>(items: readonly T[], make: (item: T) => U): Generator<U, void> {
  for (const item of items) {
    yield make(item);
  }
}

/** A record with its dates as people and spreadsheets read them, in ISO 8601. */
export function withDates(record: Account | Campaign): Readonly<Record<string, unknown>> {
  const { createdAt, updatedAt } = record;
  const started = 'warmupStartedAt' in record ? record.warmupStartedAt : undefined;
  return { ...record, createdAt: iso(createdAt), updatedAt: iso(updatedAt), warmupStartedAt: iso(started) };
}

function iso(time: number | undefined): string | undefined {
  return time === undefined ? undefined : isoOf(time);
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
