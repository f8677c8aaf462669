import PQueue from 'p-queue';

/**
 * Writes for one owner.
 *
 * @param task is given what it must ask last, before it makes a lasting change.
 */
export type Pen = (task: (wanted: () => boolean) => Promise<void>) => Promise<void>;

/**
 * Writes and removals of the files of many owners, one after the other. A removal wins: a pen that was given before
 * writes nothing any more, whenever it is used, and the removal waits for the write that is under way.
 */
export class FileQueue {
  readonly #allowed: (owner: string) => boolean;
  readonly #queue = new PQueue({ concurrency: 1 });
  readonly #removals = new Map<string, number>();
  #removalsOfAll = 0;

  /** @param allowed whether there may be files of an owner now; asked before each write and at its end. */
  constructor(allowed: (owner: string) => boolean) {
    this.#allowed = allowed;
  }

  /** A pen that writes until the owner's files are removed. */
  pen(owner: string): Pen {
    const removals = this.#removalsOf(owner);
    const wanted = () => this.#removalsOf(owner) === removals && this.#allowed(owner);
    return (task) =>
      this.#queue.add(async () => {
        if (wanted()) {
          await task(wanted);
        }
      });
  }

  /** Takes the pens of an owner away, or all, and then removes. @throws what the task throws. */
  remove(owner: string | undefined, task: () => Promise<void>): Promise<void> {
    if (owner === undefined) {
      this.#removalsOfAll += 1;
    } else {
      this.#removals.set(owner, (this.#removals.get(owner) ?? 0) + 1);
    }
    return this.#queue.add(task);
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    return this.#queue.onIdle();
  }

  #removalsOf(owner: string): number {
    return this.#removalsOfAll + (this.#removals.get(owner) ?? 0);
  }
}
