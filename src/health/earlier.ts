import type { Graph } from '../map/graph.ts';
import { isFresh } from '../transport/time.ts';
import { eachInSteps, inTurns } from '../transport/turns.ts';
import { decodeScores, idleSinceIn } from './record.ts';
import type { Before } from './rule.ts';
import { SCORE_DAYS } from './thresholds.ts';

const DAY = 24 * 3_600_000;
const HOUR = 3_600_000;

/** The records of one map. */
export interface Records {
  /** When they were made, the newest first; milliseconds since the epoch. */
  times(): Promise<readonly number[]>;
  /** The bytes of one; undefined where it cannot be read. */
  read(time: number): Promise<Uint8Array | undefined>;
}

/** What a record says of accounts, by their numbers. */
interface Recorded {
  /** Warmup scores, one higher, because 0 is a score; 0 where there was none. */
  readonly scores: Uint8Array;
  /** Since when they were idle, in hours since the epoch; 0 where they were not. Undefined where a newer one says it. */
  readonly hours: Uint32Array | undefined;
  /** Where it names accounts that had no number: how many numbers there were, because another one may be theirs. */
  readonly numbers: number | undefined;
}

/**
 * What rules need of earlier days: the highest score of each account, and since when it is idle. Each record is read
 * once. That of a sync that just ended is not read at all: it has what the map says.
 */
export class Earlier {
  readonly #graph: Graph;
  readonly #records: Records;
  readonly #onDamaged: (error: unknown) => void;
  #recorded: ReadonlyMap<number, Recorded> = new Map();
  /** Those of the last days, the newest first. */
  #fresh: readonly (readonly [number, Uint8Array])[] = [];
  #hours: Uint32Array | undefined;

  /** `onDamaged`: a record that cannot be understood says nothing. */
  constructor(graph: Graph, records: Records, onDamaged: (error: unknown) => void) {
    this.#graph = graph;
    this.#records = records;
    this.#onDamaged = onDamaged;
  }

  /** What earlier days say of an account, by its number; undefined where they say nothing. */
  of(number: number): Before | undefined {
    let [score, scoreAt] = [0, 0];
    for (const [time, scores] of this.#fresh) {
      const then = scores[number] ?? 0;
      if (then > score) {
        [score, scoreAt] = [then, time];
      }
    }
    const hours = this.#hours?.[number] ?? 0;
    return score === 0 && hours === 0
      ? undefined
      : {
          score: score === 0 ? undefined : score - 1,
          scoreAt,
          idleSince: hours === 0 ? undefined : hours * HOUR,
        };
  }

  /** Since when an account is idle, in milliseconds since the epoch; undefined where nothing says that it is. */
  idleSince(number: number): number | undefined {
    return this.of(number)?.idleSince;
  }

  /** Takes the records that are there now. `written`: the time of one that was just made of the graph. */
  async update(written?: number): Promise<void> {
    const times = await this.#records.times();
    const [newest] = times;
    const fresh = times.filter((time) => isFresh(time, SCORE_DAYS * DAY));
    const recorded = new Map<number, Recorded>();
    for (const time of new Set([...times.slice(0, 1), ...fresh])) {
      const known = this.#recorded.get(time);
      const still = known !== undefined && this.#isWhole(known, time === newest) ? known : undefined;
      const found = still ?? (time === written ? await this.#now(time) : await this.#read(time));
      if (found !== undefined) {
        recorded.set(time, time === newest ? found : { ...found, hours: undefined });
      }
    }
    this.#recorded = recorded;
    this.#fresh = fresh.flatMap((time) => {
      const scores = recorded.get(time)?.scores;
      return scores === undefined ? [] : [[time, scores] as const];
    });
    this.#hours = newest === undefined ? undefined : recorded.get(newest)?.hours;
  }

  #isWhole({ hours, numbers }: Recorded, newest: boolean): boolean {
    return (hours !== undefined || !newest) && (numbers === undefined || numbers === this.#graph.accountNumbers);
  }

  async #now(at: number): Promise<Recorded> {
    const graph = this.#graph;
    const [scores, hours] = [new Uint8Array(graph.accountNumbers), new Uint32Array(graph.accountNumbers)];
    await inTurns(
      eachInSteps(graph.accounts, ({ key, warmupScore }) => {
        const number = graph.numberOf(key);
        if (number !== undefined) {
          scores[number] = kept(warmupScore);
          hours[number] = Math.floor((idleSinceIn(graph, key, at, (place) => this.idleSince(place)) ?? 0) / HOUR);
        }
      }),
    );
    return { scores, hours, numbers: undefined };
  }

  async #read(time: number): Promise<Recorded | undefined> {
    const graph = this.#graph;
    const numbers = graph.accountNumbers;
    const [scores, hours] = [new Uint8Array(numbers), new Uint32Array(numbers)];
    let whole = true;
    try {
      const bytes = await this.#records.read(time);
      if (bytes === undefined) {
        return undefined;
      }
      for await (const accounts of decodeScores(bytes)) {
        for (const { key, score, idleSince } of accounts) {
          const number = graph.numberOf(key);
          if (number === undefined || number >= numbers) {
            whole = false;
          } else {
            scores[number] = kept(score);
            hours[number] = Math.floor((idleSince ?? 0) / HOUR);
          }
        }
      }
    } catch (error) {
      this.#onDamaged(error);
      return undefined;
    }
    return { scores, hours, numbers: whole ? undefined : numbers };
  }
}

/** A score as it is kept: undefined, as 0, is not the score 0. */
function kept(score: number | undefined): number {
  return score === undefined ? 0 : Math.min(254, Math.max(0, Math.round(score))) + 1;
}
