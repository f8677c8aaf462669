/** A value that is made when it is first wanted, and made again after it was taken. A failure is not kept. */
export class Lazy<T> {
  readonly #make: () => Promise<T>;
  #value: Promise<T> | undefined;

  constructor(make: () => Promise<T>) {
    this.#make = make;
  }

  get(): Promise<T> {
    if (this.#value === undefined) {
      const value = this.#make();
      this.#value = value;
      value.catch(() => {
        if (this.#value === value) {
          this.#value = undefined;
        }
      });
    }
    return this.#value;
  }

  /** The value where one was made, without making one; undefined too where making it failed. */
  async made(): Promise<T | undefined> {
    return this.#value?.catch(() => undefined);
  }

  /** Takes the value away, to end it: undefined where none was made, or where making it failed. */
  async take(): Promise<T | undefined> {
    const value = this.#value;
    this.#value = undefined;
    return value?.catch(() => undefined);
  }
}

/** Disposes with the extension those of its parts that were made. */
export function disposing(...parts: readonly Lazy<{ dispose(): unknown }>[]): { dispose(): void } {
  return {
    dispose: () => {
      for (const part of parts) {
        void part.take().then((made) => made?.dispose());
      }
    },
  };
}
