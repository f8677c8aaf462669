import { NOW } from './instantlyWorld.ts';

/** The time in the simulated services: it begins where their data ends, goes on as time does, and can be moved on. */
export class Clock {
  readonly #started = performance.now();
  readonly #later: { readonly due: number; readonly change: () => void }[] = [];
  #moved = 0;

  /** Milliseconds since the epoch. */
  now(): number {
    return NOW + this.#moved + Math.floor(performance.now() - this.#started);
  }

  /** The same as services write it, ISO 8601. */
  iso(): string {
    return new Date(this.now()).toISOString();
  }

  /** Makes a change in so many milliseconds. */
  after(milliseconds: number, change: () => void): void {
    this.#later.push({ due: this.now() + milliseconds, change });
  }

  /** Moves on, and makes the changes that are due then. */
  advance(milliseconds: number): void {
    this.#moved += milliseconds;
    this.settle();
  }

  /** Makes the changes that are due, in the order of their times. */
  settle(): void {
    const now = this.now();
    const due = this.#later.filter((one) => one.due <= now).sort((a, b) => a.due - b.due);
    for (const one of due) {
      this.#later.splice(this.#later.indexOf(one), 1);
      one.change();
    }
  }
}
