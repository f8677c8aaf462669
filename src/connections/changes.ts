import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { fileName } from '../files/keyFiles.ts';
import { writeAtomically } from '../files/atomicFile.ts';
import type { Items } from '../plans/make.ts';
import { checkPlan, type LookOptions } from '../plans/check.ts';
import { Journal, type RunningRecord } from '../plans/journal.ts';
import type { Plan } from '../plans/plan.ts';
import { isOpen, placesIn, type PlanRecord } from '../plans/record.ts';
import { run, type RunResult } from '../plans/runner.ts';
import { dueItems, nextLook, settle } from '../plans/settle.ts';
import { timerDelay } from '../transport/time.ts';
import { ServiceError, internalError, isAbort, isServiceError, stackOf } from '../transport/errors.ts';
import type { Log } from '../transport/log.ts';
import { expectMayChange } from './allowChanges.ts';
import { contextKeys } from '../contributions.ts';
import { OneByOne } from './oneByOne.ts';
import type { Session } from './sessions.ts';

export interface RunHandlers {
  readonly signal: AbortSignal;
  /** How many items are over, of those that this run sends. */
  readonly onProgress: (done: number) => void;
}

/** When something is looked at again that could not be read, in milliseconds. */
const ANOTHER_LOOK = 60_000;

/** What waits for the time to look at changes of a connection again. */
interface Followed {
  readonly ending: AbortController;
  timer: NodeJS.Timeout | undefined;
  /** When that is, in milliseconds since the epoch; Infinity where nothing is due. */
  next: number;
}

/** Makes plans of changes, runs them, and keeps the record of every one that was ever begun. */
export class Changes implements vscode.Disposable {
  readonly journal: Journal;
  readonly #folder: string;
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<string>();
  /** Plans that a person has not decided about, by id. They end with the window. */
  readonly #proposed = new Map<string, Plan>();
  readonly #followed = new Map<string, Followed>();
  /** One plan of a connection runs after the other. */
  readonly #order = new OneByOne();

  /** Fires with the id of a plan of which more is known. */
  readonly onDidChange = this.#changed.event;

  /** @param folder of all records, which outlive their connections. */
  constructor(folder: string, log: Log) {
    this.journal = new Journal(folder);
    this.#folder = folder;
    this.#log = log;
  }

  /** A plan that is not begun. */
  propose(
    { connection, provider }: Session,
    title: string,
    items: Items,
    rest: Pick<Plan, 'expects' | 'undoes'>,
  ): Plan {
    const at = Date.now();
    const plan: Plan = {
      id: `${new Date(at).toISOString().replace(/\W/g, '')}-${randomBytes(3).toString('hex')}`,
      at,
      connectionId: connection.id,
      connection: connection.label,
      service: provider.info.id,
      title,
      ...items,
      ...rest,
    };
    this.#proposed.set(plan.id, plan);
    return plan;
  }

  /** Forgets a plan that was declined. */
  drop(plan: Plan): void {
    this.#proposed.delete(plan.id);
    this.#changed.fire(plan.id);
  }

  /** A plan with what became of it; nothing of one that is not begun. Undefined where there is none. */
  async recordOf(id: string): Promise<PlanRecord | undefined> {
    const proposed = this.#proposed.get(id);
    return (
      (await this.journal.read(id)) ??
      (proposed && { plan: proposed, items: proposed.items.map(() => ({ state: 'planned' })) })
    );
  }

  /**
   * Begins a plan that a person has confirmed, and sends its items.
   *
   * @throws {ServiceError} where changes are not allowed, or nothing can be written down: then nothing was sent.
   */
  async begin(session: Session, plan: Plan, handlers: RunHandlers): Promise<PlanRecord> {
    expectMayChange(session.connection, session.provider.info);
    const record = await this.#written(() => this.journal.begin(plan));
    this.#proposed.delete(plan.id);
    return this.#run(session, plan, [...plan.items.keys()], record, handlers);
  }

  /** Sends the items of a plan that were never sent. @returns undefined where another window is at work on it. */
  async resume(session: Session, { plan }: PlanRecord, handlers: RunHandlers): Promise<PlanRecord | undefined> {
    expectMayChange(session.connection, session.provider.info);
    const record = await this.#written(() => this.journal.resume(plan.id));
    if (record === undefined) {
      return undefined;
    }
    // Read now that no other window is at work on it: what one has sent meanwhile is not sent again.
    const left = await this.journal.read(plan.id);
    return this.#run(session, plan, left === undefined ? [] : placesIn(left, 'planned'), record, handlers, left);
  }

  /**
   * Finds out what became of items of a plan that were sent without an answer. Sends nothing that changes something.
   *
   * @returns the plan as it is known then; undefined where another window is at work on it.
   * @throws {ServiceError} where the service cannot be asked.
   */
  async check(session: Session, id: string): Promise<PlanRecord | undefined> {
    return this.#lookAgain(session, id, checkPlan);
  }

  /**
   * Looks again, now and when it is time, at what the service may have taken back on its own. Ends with the session.
   *
   * @returns the plans of its connection that nobody is at work on, and of which something is not known or was not sent.
   */
  async follow(session: Session): Promise<readonly PlanRecord[]> {
    this.unfollow(session.connection.id);
    const followed: Followed = { ending: new AbortController(), timer: undefined, next: Infinity };
    this.#followed.set(session.connection.id, followed);
    const open: PlanRecord[] = [];
    for (const record of await this.journal.list()) {
      const { id, connectionId } = record.plan;
      if (connectionId !== session.connection.id || (await this.journal.isRunning(id))) {
        continue;
      }
      // Another window may have ended it since it was read.
      const known = isOpen(record) ? ((await this.journal.read(id)) ?? record) : record;
      if (isOpen(known)) {
        open.push(known);
      }
      this.#lookWhenDue(session, known);
    }
    return open;
  }

  /** Ends what {@link follow} waits for. */
  unfollow(connectionId: string): void {
    const followed = this.#followed.get(connectionId);
    followed?.ending.abort();
    clearTimeout(followed?.timer);
    this.#followed.delete(connectionId);
  }

  /** Writes what is about to be deleted to a file that nothing of Sendmap removes. @throws what the file system says. */
  async keepCopy(id: string, content: string): Promise<vscode.Uri> {
    const name = `${new Date().toISOString().replace(/\W/g, '')}-${fileName(id)}.json`;
    const path = join(this.#folder, 'deleted', name);
    await writeAtomically(path, content);
    return vscode.Uri.file(path);
  }

  dispose(): void {
    for (const id of [...this.#followed.keys()]) {
      this.unfollow(id);
    }
    this.#changed.dispose();
  }

  /** Looks at a plan again when the first of its items is due, and nothing is due before. */
  #lookWhenDue(session: Session, record: PlanRecord): void {
    const next = nextLook(record, session.provider.info.changes);
    if (next !== undefined) {
      this.#lookAt(session, next);
    }
  }

  /** @param next in milliseconds since the epoch. */
  #lookAt(session: Session, next: number): void {
    const followed = this.#followed.get(session.connection.id);
    if (followed === undefined || next >= followed.next) {
      return;
    }
    followed.next = next;
    clearTimeout(followed.timer);
    followed.timer = setTimeout(
      () => {
        followed.next = Infinity;
        this.#lookAtDue(session, followed.ending.signal).catch((error: unknown) => {
          if (!isAbort(error)) {
            // It stays due, and the next session looks again.
            this.#log.warn(
              `A change cannot be looked at again: ${error instanceof Error ? error.message : String(error)}`,
            );
          }
        });
      },
      timerDelay(Math.max(0, next - Date.now())),
    );
    followed.timer.unref();
  }

  async #lookAtDue(session: Session, signal: AbortSignal): Promise<void> {
    const { connection, provider } = session;
    for (const record of await this.journal.list()) {
      if (record.plan.connectionId !== connection.id) {
        continue;
      }
      const now = Date.now();
      const isDue = dueItems(record, provider.info.changes, now).length > 0;
      let known: PlanRecord | undefined;
      try {
        known = isDue
          ? await this.#lookAgain(session, record.plan.id, (before, options) =>
              settle(before, { ...options, signal }, now),
            )
          : record;
      } catch (error) {
        signal.throwIfAborted();
        this.#log.warn(`A change cannot be looked at again: ${error instanceof Error ? error.message : String(error)}`);
        this.#lookAt(session, now + ANOTHER_LOOK);
        continue;
      }
      signal.throwIfAborted();
      // What another window is at work on is followed by that one.
      if (known !== undefined) {
        this.#lookWhenDue(session, known);
      }
    }
  }

  /** What is written about a plan is written by the one window that has claimed it. */
  async #lookAgain(
    { map, provider }: Session,
    id: string,
    look: (before: PlanRecord, options: LookOptions) => Promise<void>,
  ): Promise<PlanRecord | undefined> {
    const record = await this.#written(() => this.journal.resume(id));
    if (record === undefined) {
      return undefined;
    }
    try {
      const before = await this.journal.read(id);
      if (before !== undefined) {
        await look(before, { reads: map.readBack, changes: provider.info.changes, record });
      }
    } finally {
      await record.close();
      this.#changed.fire(id);
    }
    return this.journal.read(id);
  }

  async #run(
    session: Session,
    plan: Plan,
    places: readonly number[],
    record: RunningRecord,
    { signal, onProgress }: RunHandlers,
    earlier?: PlanRecord,
  ): Promise<PlanRecord> {
    const { provider, map } = session;
    let result: RunResult;
    try {
      // Two plans that replace the same list would undo what the other did.
      const ended = await this.#order.run(session.connection.id, signal, () =>
        run(plan, places, {
          reads: map.readBack,
          writes: provider.changes,
          changes: provider.info.changes,
          record,
          signal,
          earlier,
          onProgress: (done) => {
            this.#changed.fire(plan.id);
            onProgress(done);
          },
        }),
      );
      result = ended ?? { how: 'cancelled' };
      if (result.how === 'cancelled') {
        await windowAnswers();
      }
      await record.write({ at: Date.now(), end: result.how, why: result.why });
    } catch (error) {
      this.#log.error(`The plan ${plan.id} ended early: ${stackOf(error)}`);
      throw isServiceError(error) ? error : internalError();
    } finally {
      await record.close();
      this.#changed.fire(plan.id);
    }
    const written = await this.journal.read(plan.id);
    if (written === undefined) {
      throw internalError();
    }
    this.#lookWhenDue(session, written);
    return written;
  }

  /** What cannot be written down is not sent. */
  async #written<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      this.#log.error(`A plan cannot be written down: ${stackOf(error)}`);
      throw new ServiceError('internal', { service: 'Sendmap' });
    }
  }
}

/**
 * Resolves where the window is there. One that closes cancels what it shows the progress of, as a person does, but
 * answers nothing any more: then a plan has no end, and the next session offers to go on with it.
 */
async function windowAnswers(): Promise<void> {
  await vscode.commands.executeCommand('setContext', contextKeys.started, true);
}
