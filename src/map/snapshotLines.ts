import { isObject, type Json } from '../providers/fields.ts';
import {
  domainOf,
  states,
  type Account,
  type Campaign,
  type InvalidRecord,
  type State,
  type Tag,
} from '../providers/model.ts';
import { errorKinds, ServiceError } from '../transport/errors.ts';
import { LargeMap } from '../transport/largeMap.ts';
import { Interner } from './intern.ts';
import type { ReadingStatus } from './listView.ts';
import type { MapState } from './state.ts';
import type { ReadingPosition } from './sync/listReader.ts';

/** What a line has of text before it ends, in characters: making or reading one is the work of one turn. */
const LINE = 64 * 1024;
/** Senders in one row; a campaign with more has several. */
const SENDERS = 5000;

/** A snapshot that is not one, or not one that this version can read. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
}

/** What a state has much of: the lists, each by the name that its lines have. */
interface Lists {
  readonly accounts: Account;
  readonly claimTimes: number;
  readonly campaigns: Campaign;
  readonly named: Campaign;
  readonly senderLists: MapState['senderLists'][number];
  readonly confirmed: MapState['confirmed'][number];
  readonly unmetAccounts: string;
  readonly unmetCampaigns: string;
  readonly invalidAccounts: InvalidRecord;
  readonly invalidCampaigns: InvalidRecord;
}

/** How the rows of a list are written and read. */
interface Rows<T> {
  of(state: MapState): Iterable<T>;
  /** A row as JSON, in one piece or, where it may be long, in several. */
  write(row: T, keys: KeyWriter): Iterable<unknown>;
  /** Takes a piece to the rows that were read before it. */
  read(piece: unknown, rows: T[], keys: KeyReader, interner: Interner): void;
}

/** In the order in which they are written: accounts first, because the others name them by their numbers. */
const LISTS: { readonly [name in keyof Lists]: Rows<Lists[name]> } = {
  accounts: {
    of: ({ accounts }) => accounts,
    write: (account, keys) => {
      keys.add(account.key);
      // What its email says anyway.
      return [{ ...account, domain: undefined }];
    },
    read: (piece, rows, keys, interner) => {
      const row = record<Account>(piece, 'key', 'email');
      const account = interner.account({ ...row, domain: domainOf(row.email) });
      keys.add(account.key);
      rows.push(account);
    },
  },
  claimTimes: {
    of: ({ claimTimes }) => claimTimes,
    write: whole,
    read: (piece, rows) => rows.push(number(piece)),
  },
  campaigns: { of: ({ campaigns }) => campaigns, write: whole, read: readCampaign },
  named: { of: ({ named }) => named, write: whole, read: readCampaign },
  senderLists: { of: ({ senderLists }) => senderLists, write: writeSenderList, read: readSenderList },
  confirmed: {
    of: ({ confirmed }) => confirmed,
    write: ([key, { ids, at }], keys) => [[keys.write(key), ids, at]],
    read: (piece, rows, keys) => {
      const [key, ids, at] = list(piece);
      rows.push([keys.read(key), { ids: texts(ids), at: number(at) }]);
    },
  },
  unmetAccounts: {
    of: ({ accountsPosition }) => accountsPosition.unmet,
    write: (key, keys) => [keys.write(key)],
    read: (piece, rows, keys) => rows.push(keys.read(piece)),
  },
  unmetCampaigns: {
    of: ({ campaignsPosition }) => campaignsPosition.unmet,
    write: whole,
    read: (piece, rows) => rows.push(text(piece)),
  },
  invalidAccounts: { of: ({ accountsPosition }) => accountsPosition.invalid, write: whole, read: readInvalid },
  invalidCampaigns: { of: ({ campaignsPosition }) => campaignsPosition.invalid, write: whole, read: readInvalid },
};

/** What a state has little of, in one line. */
type Values = Omit<MapState, keyof Lists>;

function writeValues({ accountsPosition, campaignsPosition, ...state }: MapState): Values {
  const { tagLabels, claimsHold, tagsRead, gaps, syncStartedAt, syncedAt } = state;
  return {
    accountsPosition: { ...accountsPosition, unmet: [], invalid: [] },
    campaignsPosition: { ...campaignsPosition, unmet: [], invalid: [] },
    tagLabels,
    claimsHold,
    tagsRead,
    gaps,
    syncStartedAt,
    syncedAt,
  };
}

function readValues(line: Json): Values {
  const { tagLabels, claimsHold, syncedAt } = line;
  return {
    accountsPosition: readPosition(line['accountsPosition']),
    campaignsPosition: readPosition(line['campaignsPosition']),
    // Maps that were saved earlier have none.
    tagLabels: tagLabels === undefined ? [] : readTags(tagLabels),
    claimsHold: typeof claimsHold === 'boolean' ? claimsHold : undefined,
    tagsRead: line['tagsRead'] === true,
    gaps: texts(line['gaps']),
    syncStartedAt: number(line['syncStartedAt']),
    syncedAt: syncedAt === undefined ? undefined : number(syncedAt),
  };
}

/** What a state says, in lines of JSON, each of which is made when it is asked for. */
export function* linesOf(state: MapState): Generator<string, void> {
  yield `${JSON.stringify(writeValues(state))}\n`;
  const keys = new KeyWriter(namesAccounts(state));
  for (const name of Object.keys(LISTS) as (keyof Lists)[]) {
    yield* linesOfList(name, state, keys);
  }
}

/** True where a list names accounts that another has written. */
function namesAccounts({ senderLists, confirmed, accountsPosition }: MapState): boolean {
  const [unmet] = accountsPosition.unmet;
  return senderLists.length > 0 || confirmed.length > 0 || unmet !== undefined;
}

function* linesOfList(list: keyof Lists, state: MapState, keys: KeyWriter): Generator<string, void> {
  const rows: Rows<unknown> = LISTS[list];
  let pieces: string[] = [];
  let length = 0;
  const line = () => `{"list":"${list}","rows":[${pieces.join()}]}\n`;
  for (const row of rows.of(state)) {
    for (const piece of rows.write(row, keys)) {
      const json = JSON.stringify(piece);
      pieces.push(json);
      length += json.length;
      if (length >= LINE) {
        yield line();
        [pieces, length] = [[], 0];
      }
    }
  }
  if (pieces.length > 0) {
    yield line();
  }
}

/** Puts together what {@link linesOf} took apart. Throws a SnapshotError for any other line. */
export class StateReader {
  readonly #keys = new KeyReader();
  readonly #interner = new Interner();
  readonly #lists: { readonly [name in keyof Lists]: Lists[name][] } = {
    accounts: [],
    claimTimes: [],
    campaigns: [],
    named: [],
    senderLists: [],
    confirmed: [],
    unmetAccounts: [],
    unmetCampaigns: [],
    invalidAccounts: [],
    invalidCampaigns: [],
  };
  #values: Values | undefined;

  take(line: Json): void {
    if (this.#values === undefined) {
      this.#values = readValues(line);
      return;
    }
    const name = line['list'];
    if (typeof name !== 'string' || !isList(name)) {
      throw new SnapshotError('a line says not what it is');
    }
    this.#takeRows(name, list(line['rows']));
  }

  end(): MapState {
    if (this.#values === undefined) {
      throw new SnapshotError('it is empty');
    }
    const { accountsPosition, campaignsPosition, ...values } = this.#values;
    const { unmetAccounts, unmetCampaigns, invalidAccounts, invalidCampaigns, ...lists } = this.#lists;
    return {
      ...values,
      ...lists,
      accountsPosition: { ...accountsPosition, unmet: unmetAccounts, invalid: invalidAccounts },
      campaignsPosition: { ...campaignsPosition, unmet: unmetCampaigns, invalid: invalidCampaigns },
    };
  }

  #takeRows(name: keyof Lists, pieces: readonly unknown[]): void {
    const rows: Rows<unknown> = LISTS[name];
    for (const piece of pieces) {
      rows.read(piece, this.#lists[name], this.#keys, this.#interner);
    }
  }
}

function isList(name: string): name is keyof Lists {
  return Object.hasOwn(LISTS, name);
}

/** Keys of accounts are written once, where they come first; after that they are numbers, in the order of their coming. */
class KeyWriter {
  readonly #named: boolean;
  readonly #numbers = new LargeMap<number>();
  #next = 0;

  /** @param named whether any key is written more than once; the numbers of hundreds of thousands take megabytes. */
  constructor(named: boolean) {
    this.#named = named;
  }

  /** Notes a key that is written as it is. */
  add(key: string): void {
    if (this.#named) {
      this.#numbers.set(key, this.#next);
    }
    this.#next += 1;
  }

  write(key: string): string | number {
    const number = this.#numbers.get(key);
    if (number === undefined) {
      this.add(key);
    }
    return number ?? key;
  }
}

/** See {@link KeyWriter}. */
class KeyReader {
  readonly #keys: string[] = [];

  add(key: string): void {
    this.#keys.push(key);
  }

  read(value: unknown): string {
    const key = typeof value === 'number' ? this.#keys[value] : text(value);
    if (key === undefined) {
      throw new SnapshotError('it names an account that is not there');
    }
    if (typeof value === 'string') {
      this.add(key);
    }
    return key;
  }
}

function whole(row: unknown): [unknown] {
  return [row];
}

function readCampaign(piece: unknown, rows: Campaign[], _: KeyReader, interner: Interner): void {
  rows.push(interner.campaign(record<Campaign>(piece, 'id', 'name')));
}

function* writeSenderList([id, { keys: senders, at }]: Lists['senderLists'], keys: KeyWriter): Generator {
  let piece: (string | number)[] = [];
  for (const sender of senders) {
    if (piece.length === SENDERS) {
      yield [id, piece, at];
      piece = [];
    }
    piece.push(keys.write(sender));
  }
  yield [id, piece, at];
}

function readSenderList(piece: unknown, rows: Lists['senderLists'][], keys: KeyReader): void {
  const [id, senders, at] = list(piece);
  const read = list(senders).map((sender) => keys.read(sender));
  const before = rows.at(-1);
  if (before !== undefined && before[0] === id) {
    rows[rows.length - 1] = [before[0], { keys: [...before[1].keys, ...read], at: number(at) }];
  } else {
    rows.push([text(id), { keys: read, at: number(at) }]);
  }
}

function readInvalid(piece: unknown, rows: InvalidRecord[]): void {
  const { label, problem } = object(piece);
  rows.push({ label: text(label), problem: text(problem) });
}

/**
 * A record, looked at as far as the map could not do without: the checksum says that it is as it was written.
 *
 * @param names of properties that have to be texts.
 */
function record<T>(value: unknown, ...names: readonly (keyof T & string)[]): T {
  const row: Record<string, unknown> = object(value);
  for (const name in row) {
    // This is how JSON writes a number that is none.
    row[name] ??= undefined;
  }
  const { state, statusWords, tags, campaignIds, listedSenders, senderTagIds } = row;
  const whole =
    [...names.map((name) => row[name]), statusWords].every((property) => typeof property === 'string') &&
    states.includes(state as State) &&
    isTags(tags) &&
    [campaignIds, listedSenders, senderTagIds].every((ids) => ids === undefined || isTexts(ids));
  if (!whole) {
    throw new SnapshotError('a record is not whole');
  }
  return row as T;
}

function readTags(value: unknown): readonly Tag[] {
  if (!isTags(value)) {
    throw new SnapshotError('tags were expected');
  }
  return value;
}

function isTags(value: unknown): value is readonly Tag[] {
  return (
    Array.isArray(value) &&
    value.every((tag) => isObject(tag) && typeof tag['id'] === 'string' && typeof tag['label'] === 'string')
  );
}

const STATUSES: readonly ReadingStatus[] = ['idle', 'reading', 'capped', 'stopped', 'complete', 'failed'];

function readPosition(value: unknown): ReadingPosition {
  const position = object(value);
  const { next, completedAt } = position;
  const status = STATUSES.find((known) => known === position['status']);
  if (status === undefined) {
    throw new SnapshotError('it does not say how far it was read');
  }
  return {
    status,
    next: next === undefined ? undefined : text(next),
    pages: number(position['pages']),
    pagesBefore: number(position['pagesBefore']),
    startedAt: number(position['startedAt']),
    completedAt: completedAt === undefined ? undefined : number(completedAt),
    warnings: texts(position['warnings']),
    error: readError(position['error']),
    unmet: [],
    invalid: [],
  };
}

function readError(value: unknown): ServiceError | undefined {
  const { kind, service, status, serviceMessage, retryAt, setting } = isObject(value) ? value : {};
  const known = errorKinds.find((one) => one === kind);
  return known === undefined
    ? undefined
    : new ServiceError(known, {
        service: text(service),
        status: status === undefined ? undefined : number(status),
        serviceMessage: serviceMessage === undefined ? undefined : text(serviceMessage),
        retryAt: retryAt === undefined ? undefined : number(retryAt),
        setting: setting === undefined ? undefined : text(setting),
      });
}

/** @throws {SnapshotError} where a line is no JSON object. */
export function parseLine(source: string): Json {
  try {
    return object(JSON.parse(source));
  } catch {
    throw new SnapshotError('a line of it is no JSON object');
  }
}

function object(value: unknown): Json {
  if (!isObject(value)) {
    throw new SnapshotError('an object was expected');
  }
  return value;
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) {
    throw new SnapshotError('a list was expected');
  }
  return value;
}

function texts(value: unknown): readonly string[] {
  if (!isTexts(value)) {
    throw new SnapshotError('texts were expected');
  }
  return value;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((member) => typeof member === 'string');
}

/** @throws {SnapshotError} */
export function text(value: unknown): string {
  if (typeof value !== 'string') {
    throw new SnapshotError('a text was expected');
  }
  return value;
}

/** @throws {SnapshotError} */
export function number(value: unknown): number {
  if (typeof value !== 'number') {
    throw new SnapshotError('a number was expected');
  }
  return value;
}
