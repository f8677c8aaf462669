import PQueue from 'p-queue';
import type { Pace } from './pace.ts';
import { timerDelay } from './time.ts';

/**
 * What a request is for: a person who waits, background work that a person started, or an automatic refresh. Each goes
 * ahead of those after it, and may spend more of what the service allows.
 */
export type Priority = 'interactive' | 'background' | 'automatic';

const ORDER: Readonly<Record<Priority, number>> = { interactive: 2, background: 1, automatic: 0 };
const HIGHEST_FIRST = ['interactive', 'background', 'automatic'] as const;

/**
 * The queue of one key. p-queue orders by priority and bounds what runs at once; this class only holds it back while
 * {@link Pace} says to wait, so that waiting never takes a place from a request that a person makes meanwhile.
 */
export class KeyQueue {
  readonly #queue: PQueue;
  readonly #pace: Pace;
  readonly #waiting: Record<Priority, number> = { interactive: 0, background: 0, automatic: 0 };
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(pace: Pace, concurrency: number) {
    this.#pace = pace;
    this.#queue = new PQueue({ concurrency });
  }

  set concurrency(value: number) {
    this.#queue.concurrency = value;
  }

  /** Runs a task in its turn. An aborted signal takes it out of the queue and rejects with an AbortError. */
  async run<T>(task: () => Promise<T>, priority: Priority, signal: AbortSignal): Promise<T> {
    let waiting = 1;
    const start = async () => {
      this.#waiting[priority] -= waiting;
      waiting = 0;
      this.#pace.take(priority);
      this.holdBack();
      try {
        return await task();
      } finally {
        this.#pace.release();
      }
    };
    this.#waiting[priority] += 1;
    // What may start is only known once this one is in line.
    this.#queue.pause();
    const result = this.#queue.add(start, { priority: ORDER[priority], signal });
    this.holdBack();
    try {
      return await result;
    } finally {
      this.#waiting[priority] -= waiting;
      this.holdBack();
    }
  }

  /**
   * Pauses the queue for as long as the pace asks of the request that is next. Called whenever the pace may have
   * changed. The pace never asks less of a lower priority, so nothing that may go waits behind one that may not.
   */
  holdBack(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#disposed) {
      return;
    }
    const next = HIGHEST_FIRST.find((priority) => this.#waiting[priority] > 0);
    const delay = next === undefined ? 0 : this.#pace.delay(next);
    if (delay === 0) {
      this.#queue.start();
      return;
    }
    this.#queue.pause();
    this.#timer = setTimeout(() => {
      this.holdBack();
    }, timerDelay(delay));
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#queue.clear();
  }
}
