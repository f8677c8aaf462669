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

  /** Takes the value away, to end it: undefined where none was made, or where making it failed. */
  async take(): Promise<T | undefined> {
    const value = this.#value;
    this.#value = undefined;
    return value?.catch(() => undefined);
  }
}
