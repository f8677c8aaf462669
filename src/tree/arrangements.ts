import type { Session } from '../connections/sessions.ts';
import type { Arrangement } from '../queries/arrange.ts';
import { restAfter } from './repainter.ts';
import { inTurns, type Steps } from '../transport/turns.ts';

interface Entry<Row> {
  last: Arrangement<Row> | undefined;
  stale: boolean;
  /** True where the rows are to be put into a new order, whatever a sync does. */
  reordered: boolean;
  /** True where the last one is not good enough any more, however short a while ago it was worked out. */
  due: boolean;
  /** Until when the last one is good enough while a sync runs, in milliseconds on the monotonic clock. */
  restsUntil: number;
  working: Promise<Arrangement<Row>> | undefined;
}

/** The rows of each connection as a view shows them, worked out in turns where something changed. */
export class Arrangements<Row> {
  readonly #arrange: (session: Session, before: Arrangement<Row> | undefined) => Steps<Arrangement<Row>>;
  readonly #entries = new Map<string, Entry<Row>>();

  /** `before`: the arrangement whose order is kept while a sync runs; undefined where another order was asked for. */
  constructor(arrange: (session: Session, before: Arrangement<Row> | undefined) => Steps<Arrangement<Row>>) {
    this.#arrange = arrange;
  }

  /** The last one worked out; undefined before the first. */
  last(connectionId: string): Arrangement<Row> | undefined {
    return this.#entries.get(connectionId)?.last;
  }

  /**
   * The current one. It may miss what changes while it is worked out; and what a running sync changes right after, because
   * each group that is open asks for it, and pages come faster than it can be worked out for all of them.
   */
  async get(session: Session): Promise<Arrangement<Row>> {
    const entry = this.#entryOf(session.connection.id);
    if (entry.last?.settled === false && !entry.due && performance.now() < entry.restsUntil) {
      return entry.last;
    }
    // While it is worked out, the last one is old.
    const current = entry.working ?? entry.last;
    if (current !== undefined && !entry.stale) {
      return current;
    }
    // What is under way began before the change.
    const before = entry.working;
    entry.stale = false;
    entry.due = false;
    const working = (async () => {
      await before?.catch(() => undefined);
      const kept = entry.reordered ? undefined : entry.last;
      entry.reordered = false;
      const started = performance.now();
      entry.last = await inTurns(this.#arrange(session, kept));
      const now = performance.now();
      entry.restsUntil = now + restAfter(now - started);
      return entry.last;
    })().finally(() => {
      if (entry.working === working) {
        entry.working = undefined;
      }
    });
    entry.working = working;
    return working;
  }

  /** Notes that something changed. */
  invalidate(connectionId: string): void {
    this.#entryOf(connectionId).stale = true;
  }

  /** The same for what a person changed, which shows at once. */
  renew(connectionId: string): void {
    const entry = this.#entryOf(connectionId);
    entry.stale = true;
    entry.due = true;
  }

  /** Notes that all rows are to be grouped, sorted or filtered in another way. */
  reorder(): void {
    for (const entry of this.#entries.values()) {
      entry.stale = true;
      entry.due = true;
      entry.reordered = true;
    }
  }

  /** Notes that a sync has ended: rows that kept their places get their order. */
  settle(connectionId: string): void {
    const entry = this.#entryOf(connectionId);
    // What is under way may still have begun before the end.
    entry.due = entry.working !== undefined || entry.last?.settled === false;
    entry.stale ||= entry.due;
  }

  forget(connectionId: string): void {
    this.#entries.delete(connectionId);
  }

  #entryOf(connectionId: string): Entry<Row> {
    let entry = this.#entries.get(connectionId);
    if (entry === undefined) {
      entry = { last: undefined, stale: true, reordered: false, due: false, restsUntil: 0, working: undefined };
      this.#entries.set(connectionId, entry);
    }
    return entry;
  }
}
