import { setImmediate as nextTurn } from 'node:timers/promises';

/** Long work gives way to the rest of the extension host after this long, in milliseconds. */
const TURN = 8;

/** Work in small steps: it yields between them, and returns its result. */
export type Steps<T> = Generator<void, T, void>;

/** Lets everything else in the extension host go on, where a loop over promises may find all of them fulfilled. */
export function giveWay(): Promise<void> {
  return nextTurn();
}

/** When this turn of the event loop had its first work, on the monotonic clock; undefined: it had none yet. */
let turnBegan: number | undefined;
let lastWait = Promise.resolve();

/**
 * Waits until there is time for work that a few may begin at the same moment: answers that arrive together would
 * otherwise all be read before anything else in the extension host. Of those that wait, one goes on in each turn.
 */
export async function timeForWork(): Promise<void> {
  if (turnBegan === undefined) {
    turnBegan = performance.now();
    setImmediate(() => {
      turnBegan = undefined;
    });
  } else if (performance.now() - turnBegan > TURN) {
    lastWait = lastWait.then(giveWay);
    await lastWait;
  }
}

/** Does work in turns, so that everything else in the extension host goes on meanwhile. */
export async function inTurns<T>(work: Steps<T>): Promise<T> {
  for (;;) {
    const until = performance.now() + TURN;
    do {
      const step = work.next();
      if (step.done === true) {
        return step.value;
      }
    } while (performance.now() < until);
    await nextTurn();
  }
}

/** Does work at once, where there is little of it. */
export function atOnce<T>(work: Steps<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) {
      return step.value;
    }
  }
}

/** Rows between two yields, where each may have a thousand edges. */
const FEW = 50;
/** Rows between two yields, where each costs little. */
const STEP = 1000;

/** Goes over rows in steps. */
export function* eachInSteps<T>(rows: Iterable<T>, visit: (row: T) => void): Steps<void> {
  let count = 0;
  for (const row of rows) {
    visit(row);
    count += 1;
    if (count % FEW === 0) {
      yield;
    }
  }
}

/** Sorts a copy of rows in steps: first in stretches, which are then merged. Equal rows keep their order. */
export function* sortInSteps<T>(rows: readonly T[], compare: (a: T, b: T) => number): Steps<T[]> {
  let stretches: T[][] = [];
  for (let start = 0; start < rows.length; start += STEP) {
    stretches.push(rows.slice(start, start + STEP).sort(compare));
    yield;
  }
  while (stretches.length > 1) {
    const merged: T[][] = [];
    for (let place = 0; place < stretches.length; place += 2) {
      merged.push(yield* merge(stretches[place] ?? [], stretches[place + 1] ?? [], compare));
    }
    stretches = merged;
  }
  return stretches[0] ?? [];
}

function* merge<T>(left: readonly T[], right: readonly T[], compare: (a: T, b: T) => number): Steps<T[]> {
  const result: T[] = [];
  let [at, other] = [0, 0];
  while (at < left.length || other < right.length) {
    const [one, next] = [left[at], right[other]];
    if (next === undefined || (one !== undefined && compare(one, next) <= 0)) {
      result.push(one as T);
      at += 1;
    } else {
      result.push(next);
      other += 1;
    }
    if (result.length % STEP === 0) {
      yield;
    }
  }
  return result;
}
