import PQueue from 'p-queue';
import type { Pace } from './pace.ts';
import { timerDelay } from './time.ts';

/** What a person waits for goes ahead of what runs in the background. */
export type Priority = 'interactive' | 'background';

const ORDER: Readonly<Record<Priority, number>> = { interactive: 1, background: 0 };

/**
 * The queue of one key. p-queue orders by priority and bounds what runs at once; this class only holds it back while
 * {@link Pace} says to wait, so that waiting never takes a place from a request that a person makes meanwhile.
 */
export class KeyQueue {
  readonly #queue: PQueue;
  readonly #pace: Pace;
  #timer: NodeJS.Timeout | undefined;

  constructor(pace: Pace, concurrency: number) {
    this.#pace = pace;
    this.#queue = new PQueue({ concurrency });
  }

  set concurrency(value: number) {
    this.#queue.concurrency = value;
  }

  /** Runs a task in its turn. An aborted signal takes it out of the queue and rejects with an AbortError. */
  async run<T>(task: () => Promise<T>, priority: Priority, signal: AbortSignal): Promise<T> {
    const result = this.#queue.add(
      () => {
        this.#pace.take();
        this.holdBack();
        return task();
      },
      { priority: ORDER[priority], signal },
    );
    this.holdBack();
    return result;
  }

  /** Pauses the queue for as long as the pace asks. Called whenever the pace may have changed. */
  holdBack(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const delay = this.#pace.delay();
    if (delay === 0) {
      this.#queue.start();
      return;
    }
    this.#queue.pause();
    if (this.#queue.size > 0) {
      this.#timer = setTimeout(() => {
        this.holdBack();
      }, timerDelay(delay));
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#queue.clear();
  }
}
