import { setImmediate as nextTurn } from 'node:timers/promises';

/** All of this work together takes so much of one turn of the event loop, in milliseconds; the rest is for others. */
const TURN = 8;

/** Work in small steps: it yields between them, and returns its result. */
export type Steps<T> = Generator<void, T, void>;

/** Lets the rest of the extension host run, which a loop over fulfilled promises would not. */
export function giveWay(): Promise<void> {
  return nextTurn();
}

/** Work that waits for its time, in its order. */
const waiting: (() => void)[] = [];
/** Milliseconds of this turn that went into work, from one {@link beginTurn} to the next. */
let used = 0;
let working = false;
let ticking = false;

/**
 * Waits until there is time for work that may begin many times at once: answers that arrive together, rows that are
 * shown together. All of it would otherwise be done before anything else in the extension host. The work is what the
 * caller does right after it, with what that leads to without waiting for anything outside.
 */
export function timeForWork(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  inTime(() => {
    resolve(undefined);
  });
  return promise;
}

/** Does work in turns, so that everything else in the extension host goes on meanwhile. Its first step is done at once. */
export function inTurns<T>(work: Steps<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const isOver = (): boolean => {
    const until = performance.now() + TURN - used;
    try {
      do {
        const step = work.next();
        if (step.done === true) {
          resolve(step.value);
          return true;
        }
      } while (performance.now() < until);
      return false;
    } catch (error) {
      reject(error);
      return true;
    }
  };
  const goOn = () => {
    if (!isOver()) {
      waiting.push(goOn);
    }
  };
  const begun = performance.now();
  const over = isOver();
  used += performance.now() - begun;
  needTurn();
  if (!over) {
    inTime(goOn);
  }
  return promise;
}

/** Does something when there is time for it: at once, or in a later turn. */
function inTime(work: () => void): void {
  waiting.push(work);
  if (!working && used < TURN) {
    void workOff();
  } else {
    needTurn();
  }
}

async function workOff(): Promise<void> {
  working = true;
  for (let next = waiting.shift(); next !== undefined; next = used < TURN ? waiting.shift() : undefined) {
    const begun = performance.now();
    next();
    // What it leads to counts too.
    await afterMicrotasks();
    used += performance.now() - begun;
  }
  working = false;
  needTurn();
}

/** Resolves when all is done that the work before it led to: ticks come after all microtasks, those of ticks first. */
function afterMicrotasks(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  queueMicrotask(() => {
    process.nextTick(resolve);
  });
  return promise;
}

function needTurn(): void {
  if (!ticking) {
    ticking = true;
    setImmediate(beginTurn);
  }
}

function beginTurn(): void {
  ticking = false;
  used = 0;
  if (waiting.length > 0 && !working) {
    void workOff();
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

/** Goes over rows in steps; the last of them ends with a step too, since there may be thousands of short lists. */
export function* eachInSteps<T>(rows: Iterable<T>, visit: (row: T) => void): Steps<void> {
  let count = 0;
  if (isList(rows)) {
    // By their places: an iterator makes an object for each of hundreds of thousands.
    for (; count < rows.length; count += 1) {
      visit(rows[count] as T);
      if (count % FEW === FEW - 1) {
        yield;
      }
    }
  } else {
    for (const row of rows) {
      visit(row);
      count += 1;
      if (count % FEW === 0) {
        yield;
      }
    }
  }
  if (count % FEW > 0) {
    yield;
  }
}

function isList<T>(rows: Iterable<T>): rows is Iterable<T> & ArrayLike<T> {
  return Array.isArray(rows) || ArrayBuffer.isView(rows);
}

/**
 * Sorts the places 0 to `length` in steps: first in stretches, which are then merged. Equal ones keep their order. It
 * sorts places and not rows, so that the collector has nothing to move while hundreds of thousands are sorted.
 */
export function* sortInSteps(length: number, compare: (a: number, b: number) => number): Steps<Uint32Array> {
  let sorted = new Uint32Array(length);
  let other = new Uint32Array(length);
  for (let start = 0; start < length; start += STEP) {
    for (let place = start; place < Math.min(start + STEP, length); place += 1) {
      sorted[place] = place;
    }
    sorted.subarray(start, start + STEP).sort((a, b) => compare(a, b) || a - b);
    yield;
  }
  for (let width = STEP; width < length; width *= 2) {
    for (let start = 0; start < length; start += 2 * width) {
      yield* merge(sorted, other, start, Math.min(start + width, length), Math.min(start + 2 * width, length), compare);
    }
    [sorted, other] = [other, sorted];
  }
  return sorted;
}

/** Merges what stands from `start` to `middle` with what stands from there to `end`. */
function* merge(
  from: Uint32Array,
  to: Uint32Array,
  start: number,
  middle: number,
  end: number,
  compare: (a: number, b: number) => number,
): Steps<void> {
  let [left, right] = [start, middle];
  for (let place = start; place < end; place += 1) {
    const one = from[left] ?? 0;
    const next = from[right] ?? 0;
    if (right >= end || (left < middle && compare(one, next) <= 0)) {
      to[place] = one;
      left += 1;
    } else {
      to[place] = next;
      right += 1;
    }
    if (place % STEP === 0) {
      yield;
    }
  }
}
