/** A minimal typed event, because nothing in `map/` may import `vscode`. */
export class Emitter<T> {
  readonly #listeners = new Set<(event: T) => void>();

  on(listener: (event: T) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** True where an event would have a listener. */
  get heard(): boolean {
    return this.#listeners.size > 0;
  }

  fire(event: T): void {
    for (const listener of [...this.#listeners]) {
      listener(event);
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
