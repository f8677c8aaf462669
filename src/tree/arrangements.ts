import type { Session } from '../connections/sessions.ts';
import type { Arrangement } from '../queries/arrange.ts';
import { inTurns, type Steps } from '../transport/turns.ts';

interface Entry<Row> {
  last: Arrangement<Row> | undefined;
  stale: boolean;
  working: Promise<Arrangement<Row>> | undefined;
}

/** The rows of each connection as a view shows them, worked out in turns where something changed. */
export class Arrangements<Row> {
  readonly #arrange: (session: Session) => Steps<Arrangement<Row>>;
  readonly #entries = new Map<string, Entry<Row>>();

  constructor(arrange: (session: Session) => Steps<Arrangement<Row>>) {
    this.#arrange = arrange;
  }

  /** The last one worked out; undefined before the first. */
  last(connectionId: string): Arrangement<Row> | undefined {
    return this.#entries.get(connectionId)?.last;
  }

  /** The current one. It may miss what changes while it is worked out. */
  async get(session: Session): Promise<Arrangement<Row>> {
    const entry = this.#entryOf(session.connection.id);
    if (entry.last !== undefined && !entry.stale && entry.working === undefined) {
      return entry.last;
    }
    if (entry.working === undefined || entry.stale) {
      // What is under way began before the change.
      const before = entry.working;
      entry.stale = false;
      const working = (async () => {
        await before?.catch(() => undefined);
        entry.last = await inTurns(this.#arrange(session));
        return entry.last;
      })().finally(() => {
        if (entry.working === working) {
          entry.working = undefined;
        }
      });
      entry.working = working;
    }
    return entry.working;
  }

  /** Notes that something changed, for one connection or all. */
  invalidate(connectionId?: string): void {
    const entries = connectionId === undefined ? [...this.#entries.values()] : [this.#entryOf(connectionId)];
    for (const entry of entries) {
      entry.stale = true;
    }
  }

  forget(connectionId: string): void {
    this.#entries.delete(connectionId);
  }

  #entryOf(connectionId: string): Entry<Row> {
    let entry = this.#entries.get(connectionId);
    if (entry === undefined) {
      entry = { last: undefined, stale: true, working: undefined };
      this.#entries.set(connectionId, entry);
    }
    return entry;
  }
}
