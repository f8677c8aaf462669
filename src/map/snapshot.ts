import { isObject, type Json } from '../providers/fields.ts';
import type { Account, Campaign, Schedule, State, Tag } from '../providers/model.ts';
import type { ConfirmedMappingState, MapState, SenderListState } from './state.ts';
import type { ReadingPosition, ReadingStatus } from './sync/listReader.ts';

/** What a snapshot says about itself, in its first line. */
export interface SnapshotHeader {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  readonly connectionId: string;
  readonly provider: string;
  /** Of the key it was read with; says nothing of the key. */
  readonly keyTag: string;
  /** The language of its words: the status of an account is kept as people read it. */
  readonly language: string;
  /** Milliseconds since the epoch. */
  readonly savedAt: number;
}

const FORMAT = 'sendmap.map';
/** Goes up with every change that an older version could not read. */
const VERSION = 3;

/** How the values of one property are kept. `word`: few different ones; each stands once in the file and in memory. */
type Kind = 'text' | 'word' | 'state' | 'number' | 'code' | 'flag' | 'words' | 'tags' | 'schedule' | 'own';

/** Every property of a record has to be here, or it would be lost; the compiler sees to that. */
type Columns<T> = { readonly [property in keyof Required<T>]: Kind };

const ACCOUNT: Columns<Account> = {
  key: 'text',
  email: 'text',
  name: 'text',
  status: 'code',
  statusWords: 'word',
  state: 'state',
  reason: 'word',
  others: 'words',
  own: 'own',
  providerType: 'word',
  warmupWords: 'word',
  warmupScore: 'number',
  dailyLimit: 'number',
  unlimited: 'flag',
  sentToday: 'number',
  sendingGap: 'number',
  warmupLimit: 'number',
  trackingDomain: 'word',
  trackingStatus: 'word',
  tags: 'tags',
  clientId: 'word',
  campaignIds: 'words',
  setupPending: 'flag',
  createdAt: 'text',
  updatedAt: 'text',
  warmupStartedAt: 'text',
};

const CAMPAIGN: Columns<Campaign> = {
  id: 'text',
  name: 'text',
  status: 'code',
  statusWords: 'word',
  state: 'state',
  reason: 'word',
  others: 'words',
  dailyLimit: 'number',
  notSending: 'word',
  schedule: 'schedule',
  tags: 'tags',
  newLeadsPerDay: 'number',
  parentId: 'text',
  clientId: 'word',
  listedSenders: 'words',
  senderTagIds: 'words',
  createdAt: 'text',
  updatedAt: 'text',
};

/** What stands in each column of a row. */
type Cells<T> = { readonly [property in keyof Required<T>]: (row: number) => T[property] };

// Written out, because an object that is made as a whole takes half the memory of one that grows by its properties.
const accountAt = (cells: Cells<Account>, row: number): Account => ({
  key: cells.key(row),
  email: cells.email(row),
  name: cells.name(row),
  status: cells.status(row),
  statusWords: cells.statusWords(row),
  state: cells.state(row),
  reason: cells.reason(row),
  others: cells.others(row),
  own: cells.own(row),
  providerType: cells.providerType(row),
  warmupWords: cells.warmupWords(row),
  warmupScore: cells.warmupScore(row),
  dailyLimit: cells.dailyLimit(row),
  unlimited: cells.unlimited(row),
  sentToday: cells.sentToday(row),
  sendingGap: cells.sendingGap(row),
  warmupLimit: cells.warmupLimit(row),
  trackingDomain: cells.trackingDomain(row),
  trackingStatus: cells.trackingStatus(row),
  tags: cells.tags(row),
  clientId: cells.clientId(row),
  campaignIds: cells.campaignIds(row),
  setupPending: cells.setupPending(row),
  createdAt: cells.createdAt(row),
  updatedAt: cells.updatedAt(row),
  warmupStartedAt: cells.warmupStartedAt(row),
});

const campaignAt = (cells: Cells<Campaign>, row: number): Campaign => ({
  id: cells.id(row),
  name: cells.name(row),
  status: cells.status(row),
  statusWords: cells.statusWords(row),
  state: cells.state(row),
  reason: cells.reason(row),
  others: cells.others(row),
  dailyLimit: cells.dailyLimit(row),
  notSending: cells.notSending(row),
  schedule: cells.schedule(row),
  tags: cells.tags(row),
  newLeadsPerDay: cells.newLeadsPerDay(row),
  parentId: cells.parentId(row),
  clientId: cells.clientId(row),
  listedSenders: cells.listedSenders(row),
  senderTagIds: cells.senderTagIds(row),
  createdAt: cells.createdAt(row),
  updatedAt: cells.updatedAt(row),
});

const STATES: readonly string[] = [
  'healthy',
  'paused',
  'done',
  'draft',
  'warning',
  'error',
  'unknown',
] satisfies readonly State[];
const STATUSES: readonly ReadingStatus[] = ['idle', 'reading', 'capped', 'stopped', 'complete', 'failed'];

/** A snapshot that is not one, or not one that this version can read. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
}

/**
 * The text of a snapshot in pieces: a line that says what it is, and a line with everything, column by column. It is of
 * this moment, whatever changes before the last piece is taken.
 */
export function encodeSnapshot(header: Omit<SnapshotHeader, 'format' | 'version'>, state: MapState): Iterable<string> {
  const { accounts, campaigns, named, ...rest } = state;
  const start = `${JSON.stringify({ format: FORMAT, version: VERSION, ...header })}\n${JSON.stringify(rest).slice(0, -1)}`;
  return piecesOf(start, [...accounts], [...campaigns], [...named]);
}

function* piecesOf(
  start: string,
  accounts: readonly Account[],
  campaigns: readonly Campaign[],
  named: readonly Campaign[],
): Generator<string, void> {
  yield start;
  yield* encodeTable('accounts', ACCOUNT, accounts);
  yield* encodeTable('campaigns', CAMPAIGN, campaigns);
  yield* encodeTable('named', CAMPAIGN, named);
  yield '}\n';
}

/** @throws {SnapshotError} for anything that {@link encodeSnapshot} does not make. */
export function decodeSnapshot(source: string): { readonly header: SnapshotHeader; readonly state: MapState } {
  const end = source.indexOf('\n');
  const header = decodeHeader(end < 0 ? source : source.slice(0, end));
  const body = parse(source.slice(end + 1));
  return {
    header,
    state: {
      accounts: decodeTable(ACCOUNT, accountAt, body['accounts'], ['key', 'email', 'statusWords', 'state', 'tags']),
      campaigns: decodeTable(CAMPAIGN, campaignAt, body['campaigns'], ['id', 'name', 'statusWords', 'state', 'tags']),
      named: decodeTable(CAMPAIGN, campaignAt, body['named'], ['id', 'name', 'statusWords', 'state', 'tags']),
      accountsPosition: decodePosition(body['accountsPosition']),
      campaignsPosition: decodePosition(body['campaignsPosition']),
      senderLists: decodeEntries(body['senderLists'], (value): SenderListState => ({
        keys: texts(value['keys']),
        at: time(value['at']),
      })),
      confirmed: decodeEntries(body['confirmed'], (value): ConfirmedMappingState => ({
        ids: texts(value['ids']),
        at: time(value['at']),
      })),
      claimsHold: typeof body['claimsHold'] === 'boolean' ? body['claimsHold'] : undefined,
      tagsRead: body['tagsRead'] === true,
      gaps: texts(body['gaps']),
      syncStartedAt: time(body['syncStartedAt']),
      syncedAt: body['syncedAt'] === undefined ? undefined : time(body['syncedAt']),
    },
  };
}

/** @throws {SnapshotError} */
export function decodeHeader(line: string): SnapshotHeader {
  const header = parse(line);
  if (header['format'] !== FORMAT) {
    throw new SnapshotError('it is not a saved map');
  }
  if (header['version'] !== VERSION) {
    const version = JSON.stringify(header['version'] ?? null);
    throw new SnapshotError(`it is of version ${version}, and this is version ${VERSION}`);
  }
  const { connectionId, provider, keyTag, language } = header;
  if (
    typeof connectionId !== 'string' ||
    typeof provider !== 'string' ||
    typeof keyTag !== 'string' ||
    typeof language !== 'string'
  ) {
    throw new SnapshotError('its first line is damaged');
  }
  const savedAt = time(header['savedAt']);
  return { format: FORMAT, version: VERSION, connectionId, provider, keyTag, language, savedAt };
}

/** Values that repeat stand once; the rows name them by number, and -1 where there is none. */
interface Dictionary {
  readonly values: readonly unknown[];
  readonly rows: readonly unknown[];
}

/** A member of the body; each column is a piece. */
function* encodeTable<T extends object>(
  name: string,
  columns: Columns<T>,
  records: readonly T[],
): Generator<string, void> {
  yield `,"${name}":{"rows":${records.length}`;
  for (const [property, kind] of Object.entries(columns) as [keyof T & string, Kind][]) {
    const values = records.map((record) => record[property]);
    if (values.some((value) => value !== undefined)) {
      yield `,"${property}":${JSON.stringify(encodeColumn(kind, values))}`;
    }
  }
  yield '}';
}

function encodeColumn(kind: Kind, values: readonly unknown[]): unknown {
  switch (kind) {
    case 'word':
    case 'state':
      return dictionary(values, (value, number) => number(value));
    case 'tags':
      // Lists of tags repeat as a whole.
      return dictionary(values, (value, number) => number(value === undefined ? undefined : JSON.stringify(value)));
    case 'words':
      return dictionary(values, (value, number) =>
        value === undefined ? -1 : (value as readonly string[]).map(number),
      );
    default:
      return values.map((value) => value ?? null);
  }
}

function dictionary(
  values: readonly unknown[],
  encode: (value: unknown, number: (value: unknown) => number) => unknown,
): Dictionary {
  const numbers = new Map<unknown, number>();
  const number = (value: unknown): number => {
    if (value === undefined) {
      return -1;
    }
    let known = numbers.get(value);
    if (known === undefined) {
      known = numbers.size;
      numbers.set(value, known);
    }
    return known;
  };
  const rows = values.map((value) => encode(value, number));
  return { values: [...numbers.keys()], rows };
}

function decodeTable<T>(
  columns: Columns<T>,
  recordAt: (cells: Cells<T>, row: number) => T,
  value: unknown,
  required: readonly (keyof T & string)[],
): T[] {
  const table = expectObject(value);
  const count = table['rows'];
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) {
    throw new SnapshotError('it does not say how many rows it has');
  }
  const names = Object.keys(columns) as (keyof T & string)[];
  const cells = Object.fromEntries(
    names.map((name) => {
      const encoded = table[name];
      if (encoded === undefined) {
        if (count > 0 && required.includes(name)) {
          throw new SnapshotError(`it lacks "${name}"`);
        }
        return [name, () => undefined];
      }
      const column = decodeColumn(columns[name], encoded, name);
      if (column.length !== count) {
        throw new SnapshotError(`"${name}" has not as many rows as it should`);
      }
      if (required.includes(name) && column.includes(undefined)) {
        throw new SnapshotError(`"${name}" is missing in a row`);
      }
      return [name, (row: number) => column[row]];
    }),
  ) as unknown as Cells<T>;
  return Array.from({ length: count }, (_, row) => recordAt(cells, row));
}

function decodeColumn(kind: Kind, encoded: unknown, name: string): unknown[] {
  if (kind === 'word' || kind === 'state' || kind === 'tags' || kind === 'words') {
    const { values, rows } = expectObject(encoded);
    const known = expectArray(values).map((value) => {
      if (typeof value !== 'string' || (kind === 'state' && !STATES.includes(value))) {
        throw new SnapshotError(`"${name}" has a value of the wrong kind`);
      }
      return kind === 'tags' ? decodeTags(value) : value;
    });
    const at = (number: unknown): unknown => {
      if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number >= known.length) {
        throw new SnapshotError(`"${name}" names a value that is not there`);
      }
      return known[number];
    };
    const read = kind === 'words' ? (row: unknown) => expectArray(row).map(at) : at;
    return expectArray(rows).map((row) => (row === -1 ? undefined : read(row)));
  }
  const fits = FITS[kind];
  return expectArray(encoded).map((value) => {
    if (value === null) {
      return undefined;
    }
    if (!fits(value)) {
      throw new SnapshotError(`"${name}" has a value of the wrong kind`);
    }
    return value;
  });
}

const FITS: Readonly<Record<Exclude<Kind, 'word' | 'state' | 'words' | 'tags'>, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  code: (value) => typeof value === 'number' || typeof value === 'string',
  flag: (value) => typeof value === 'boolean',
  schedule: isSchedule,
  own: isObject,
};

function isSchedule(value: unknown): value is Schedule {
  return (
    isObject(value) &&
    Array.isArray(value['days']) &&
    value['days'].every((day) => typeof day === 'number') &&
    typeof value['from'] === 'string' &&
    typeof value['to'] === 'string' &&
    (value['timezone'] === undefined || typeof value['timezone'] === 'string')
  );
}

function decodeTags(source: string): readonly Tag[] {
  return expectArray(parseJson(source)).map((tag) => {
    const { id, label } = expectObject(tag);
    if (typeof id !== 'string' || typeof label !== 'string') {
      throw new SnapshotError('a tag is damaged');
    }
    return { id, label };
  });
}

function decodePosition(value: unknown): ReadingPosition {
  const position = expectObject(value);
  const status = STATUSES.find((known) => known === position['status']);
  const { next, completedAt } = position;
  if (status === undefined || (next !== undefined && typeof next !== 'string')) {
    throw new SnapshotError('it does not say how far it was read');
  }
  return {
    status,
    next,
    pages: time(position['pages']),
    pagesBefore: time(position['pagesBefore']),
    startedAt: time(position['startedAt']),
    completedAt: completedAt === undefined ? undefined : time(completedAt),
    unmet: texts(position['unmet']),
    warnings: texts(position['warnings']),
    invalid: expectArray(position['invalid'] ?? []).map((record) => {
      const { label, problem } = expectObject(record);
      const [shown, why] = texts([label, problem]);
      return { label: shown ?? '', problem: why ?? '' };
    }),
  };
}

function decodeEntries<T>(value: unknown, read: (value: Json) => T): [string, T][] {
  return expectArray(value).map((entry) => {
    const [key, content] = expectArray(entry);
    if (typeof key !== 'string') {
      throw new SnapshotError('an entry has no key');
    }
    return [key, read(expectObject(content))];
  });
}

function texts(value: unknown): string[] {
  return expectArray(value).map((member) => {
    if (typeof member !== 'string') {
      throw new SnapshotError('a text was expected');
    }
    return member;
  });
}

function time(value: unknown): number {
  if (typeof value !== 'number') {
    throw new SnapshotError('a number was expected');
  }
  return value;
}

function parse(source: string): Json {
  return expectObject(parseJson(source));
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    throw new SnapshotError('it ends in the middle, or is no JSON');
  }
}

function expectObject(value: unknown): Json {
  if (!isObject(value)) {
    throw new SnapshotError('an object was expected');
  }
  return value;
}

function expectArray(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) {
    throw new SnapshotError('a list was expected');
  }
  return value as readonly unknown[];
}
