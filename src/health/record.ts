import { packLines, unpackLines } from '../files/packedLines.ts';
import type { Graph } from '../map/graph.ts';
import { isObject, type Json } from '../providers/fields.ts';
import { states, type Account, type Campaign, type State } from '../providers/model.ts';
import { eachInSteps, inTurns, timeForWork } from '../transport/turns.ts';

/**
 * What a map said at one moment, as little of it as shows later what changed: of each account its state, its words, its
 * warmup score, since when it is idle, and its campaigns. A line of JSON, then lines of JSON packed by gzip.
 */
export interface RecordHeader {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly accounts: number;
  readonly campaigns: number;
  /** How many accounts were in each state, in the order of `states`. */
  readonly states: readonly number[];
}

/** What rules compare an account of today with. */
export interface RecordedScore {
  readonly key: string;
  /** Of its warmup. */
  readonly score: number | undefined;
  /** Since when it was in no active campaign, in milliseconds since the epoch; undefined where it was in one. */
  readonly idleSince: number | undefined;
}

/** An account in a record. */
export interface RecordedAccount extends RecordedScore {
  readonly email: string;
  readonly state: State;
  readonly words: string;
  /** Ids of its campaigns; undefined where they were not all known. */
  readonly campaignIds: readonly string[] | undefined;
}

/** A campaign in a record. */
export interface RecordedCampaign {
  readonly id: string;
  readonly name: string;
  readonly state: State;
  readonly words: string;
}

/** Rows that are read together, so that their readers give way between. */
export interface RecordRows {
  readonly campaigns: readonly RecordedCampaign[];
  readonly accounts: readonly RecordedAccount[];
}

const FORMAT = 'sendmap.record';
const VERSION = 1;
/** The first line is in so many bytes. */
export const RECORD_HEADER_BYTES = 1024;
/** Rows of one line. */
const ROWS = 500;
const NEWLINE = 10;
const HOUR = 3_600_000;

/** A file that is no record, or not one that this version can read. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
}

type AccountRow = readonly [
  key: string,
  email: string,
  state: number,
  words: number,
  score: number | null,
  /** In hours since the epoch; 0: it is in an active campaign. */
  idleSince: number,
  /** Places of its campaigns in the record, each as the distance from the one before; null: not all known. */
  campaigns: readonly number[] | null,
];

type CampaignRow = readonly [id: string, name: string, state: number, words: number];

interface Line {
  /** Words that come for the first time; rows name them by their places in the whole record. */
  readonly words: readonly string[];
  readonly campaigns?: readonly CampaignRow[];
  readonly accounts?: readonly AccountRow[];
}

/**
 * The bytes of a record. Gives way between lines, which another thread packs.
 *
 * @param idleSince since when an account was idle before, by its number; undefined: it was not, or nobody knows.
 */
export async function* encodeRecord(
  graph: Graph,
  at: number,
  idleSince: (number: number) => number | undefined,
): AsyncGenerator<Uint8Array, void> {
  const counts = new Map<State, number>();
  const accounts: Account[] = [];
  const campaigns = [...graph.campaigns];
  await inTurns(
    eachInSteps(graph.accounts, (account) => {
      accounts.push(account);
      counts.set(account.state, (counts.get(account.state) ?? 0) + 1);
    }),
  );
  const header: RecordHeader = {
    format: FORMAT,
    version: VERSION,
    at,
    accounts: accounts.length,
    campaigns: campaigns.length,
    states: states.map((state) => counts.get(state) ?? 0),
  };
  yield Buffer.from(`${JSON.stringify(header)}\n`);
  yield* packLines(linesOf(graph, accounts, campaigns, at, idleSince));
}

function* linesOf(
  graph: Graph,
  accounts: readonly Account[],
  campaigns: readonly Campaign[],
  at: number,
  idleSince: (number: number) => number | undefined,
): Generator<string, void> {
  const known = new Map<string, number>();
  let fresh: string[] = [];
  const placeOf = (words: string) => {
    let place = known.get(words);
    if (place === undefined) {
      place = known.size;
      known.set(words, place);
      fresh.push(words);
    }
    return place;
  };
  const line = (rows: Omit<Line, 'words'>) => {
    const text = `${JSON.stringify({ words: fresh, ...rows } satisfies Line)}\n`;
    fresh = [];
    return text;
  };
  const places = new Map<string, number>();
  for (let start = 0; start < campaigns.length; start += ROWS) {
    const rows = campaigns.slice(start, start + ROWS).map(({ id, name, state, statusWords }, index): CampaignRow => {
      places.set(id, start + index);
      return [id, name, states.indexOf(state), placeOf(statusWords)];
    });
    yield line({ campaigns: rows });
  }
  for (let start = 0; start < accounts.length; start += ROWS) {
    const rows = accounts.slice(start, start + ROWS).map((account): AccountRow => {
      const { key, email, state, statusWords, warmupScore } = account;
      const feeds = graph.countOfCampaigns(key) === undefined ? null : placesOf(graph, key, places);
      const score = warmupScore ?? null;
      const hours = Math.floor((idleSinceIn(graph, key, at, idleSince) ?? 0) / HOUR);
      return [key, email === key ? '' : email, states.indexOf(state), placeOf(statusWords), score, hours, feeds];
    });
    yield line({ accounts: rows });
  }
}

/** Since when an account is idle: as before, or from now on; undefined where it is not, or nobody knows. */
export function idleSinceIn(
  graph: Graph,
  key: string,
  at: number,
  before: (number: number) => number | undefined,
): number | undefined {
  return graph.countOfCampaigns(key)?.active === 0 ? Math.min(before(graph.numberOf(key) ?? -1) ?? at, at) : undefined;
}

function placesOf(graph: Graph, key: string, places: ReadonlyMap<string, number>): number[] {
  const found = graph
    .campaignsOf(key)
    .map(({ campaign }) => places.get(campaign.id) ?? -1)
    .filter((place) => place >= 0)
    .sort((a, b) => a - b);
  return found.map((place, index) => place - (found[index - 1] ?? 0));
}

/** @param start the first {@link RECORD_HEADER_BYTES}, or more. @throws {RecordError} */
export function decodeRecordHeader(start: Uint8Array): RecordHeader {
  const end = start.subarray(0, RECORD_HEADER_BYTES).indexOf(NEWLINE);
  const header: unknown = end < 0 ? undefined : parse(Buffer.from(start.subarray(0, end)).toString('utf8'));
  if (!isObject(header) || header['format'] !== FORMAT || header['version'] !== VERSION) {
    throw new RecordError('it is not a record of this version');
  }
  const counts = header['states'];
  return {
    format: FORMAT,
    version: VERSION,
    at: number(header['at']),
    accounts: number(header['accounts']),
    campaigns: number(header['campaigns']),
    states: Array.isArray(counts) ? counts.map(number) : [],
  };
}

/** The rows of a record, campaigns first. @throws {RecordError} for anything that {@link encodeRecord} does not make. */
export async function* decodeRecord(bytes: Uint8Array): AsyncGenerator<RecordRows, void> {
  const words: string[] = [];
  const ids: string[] = [];
  for await (const line of linesIn(bytes)) {
    for (const text of list(line['words'])) {
      words.push(String(text));
    }
    const campaigns = list(line['campaigns']).map((row): RecordedCampaign => {
      const [id, name, state, place] = list(row);
      ids.push(String(id));
      return { id: String(id), name: String(name), state: stateAt(state), words: words[number(place)] ?? '' };
    });
    const accounts = list(line['accounts']).map((row): RecordedAccount => {
      const [key, email, state, place, score, hours, feeds] = list(row);
      let campaign = 0;
      return {
        ...decodeScore(key, score, hours),
        email: email === '' ? String(key) : String(email),
        state: stateAt(state),
        words: words[number(place)] ?? '',
        campaignIds: Array.isArray(feeds)
          ? feeds.map((distance) => {
              campaign += number(distance);
              return ids[campaign] ?? '';
            })
          : undefined,
      };
    });
    yield { campaigns, accounts };
  }
}

/**
 * What rules compare today's accounts with, of all accounts of a record: it is read after each sync, and the rest of a
 * record takes several times as long. @throws {RecordError} as {@link decodeRecord}.
 */
export async function* decodeScores(bytes: Uint8Array): AsyncGenerator<readonly RecordedScore[], void> {
  for await (const line of linesIn(bytes)) {
    yield list(line['accounts']).map((row) => {
      const [key, , , , score, hours] = list(row);
      return decodeScore(key, score, hours);
    });
  }
}

function decodeScore(key: unknown, score: unknown, hours: unknown): RecordedScore {
  return {
    key: String(key),
    score: typeof score === 'number' ? score : undefined,
    idleSince: hours === 0 ? undefined : number(hours) * HOUR,
  };
}

/** Each line in its turn: dozens of them are unpacked at once. */
async function* linesIn(bytes: Uint8Array): AsyncGenerator<Json, void> {
  decodeRecordHeader(bytes);
  const packed = bytes.subarray(bytes.indexOf(NEWLINE) + 1);
  for await (const json of unpackLines(packed, () => new RecordError('it cannot be unpacked'))) {
    await timeForWork();
    const line = parse(json);
    if (!isObject(line)) {
      throw new RecordError('it is damaged');
    }
    yield line;
  }
}

function stateAt(place: unknown): State {
  return states[number(place)] ?? 'unknown';
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function number(value: unknown): number {
  if (typeof value !== 'number') {
    throw new RecordError('it is damaged');
  }
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RecordError('it is damaged');
  }
}
