/**
 * Runs works of the same name one after the other, in the order in which they came. p-queue would give up a work that
 * runs when its signal aborts; here a work that was begun always ends itself, and what it says is kept.
 */
export class OneByOne {
  /** What is over when the last work of a name is. */
  readonly #last = new Map<string, Promise<unknown>>();

  /**
   * Runs a work when all that came before it are over, well or not.
   *
   * @returns what the work does; undefined where the signal aborts while it waits: then it is never begun.
   */
  async run<T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T | undefined> {
    const before = this.#last.get(name);
    const { promise: over, resolve: end } = Promise.withResolvers<undefined>();
    const last = Promise.all([before, over]);
    this.#last.set(name, last);
    try {
      await Promise.race([before, abortOf(signal)]);
      return signal.aborted ? undefined : await work();
    } finally {
      end(undefined);
      if (this.#last.get(name) === last) {
        this.#last.delete(name);
      }
    }
  }
}

function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
    }
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}
