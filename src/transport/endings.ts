/** The signal of one request. */
export interface Ending {
  readonly signal: AbortSignal;
  /** Ends the request alone. */
  abort(reason: unknown): void;
  /** To be called when the request is over, however it went. */
  over(): void;
}

/**
 * Signals of requests that end with others, which live longer. Neither `AbortSignal.any` nor a listener of each request
 * at the long-lived signal, because thousands of pages are read with one of those: Node.js keeps weak references to the
 * signals that `any` made, and clears them all at once after V8's next large collection; and its removed listeners lead
 * from one to the next, so that answers live on until that collection.
 */
export class Endings {
  readonly #underWay = new WeakMap<AbortSignal, AbortController[]>();

  /** Begins a request that ends where one of these does, with its reason. */
  begin(...sources: readonly (AbortSignal | undefined)[]): Ending {
    const controller = new AbortController();
    const lists: AbortController[][] = [];
    for (const source of sources) {
      if (source?.aborted === true) {
        controller.abort(source.reason);
      } else if (source !== undefined) {
        const list = this.#listOf(source);
        list.push(controller);
        lists.push(list);
      }
    }
    return {
      signal: controller.signal,
      abort: (reason) => {
        controller.abort(reason);
      },
      over: () => {
        for (const list of lists) {
          const place = list.indexOf(controller);
          if (place >= 0) {
            list.splice(place, 1);
          }
        }
      },
    };
  }

  #listOf(source: AbortSignal): AbortController[] {
    const known = this.#underWay.get(source);
    if (known !== undefined) {
      return known;
    }
    const list: AbortController[] = [];
    this.#underWay.set(source, list);
    source.addEventListener(
      'abort',
      () => {
        for (const controller of [...list]) {
          controller.abort(source.reason);
        }
      },
      { once: true },
    );
    return list;
  }
}
