import type { Session } from '../connections/sessions.ts';
import type { MapChange } from '../map/sendingMap.ts';
import type { Arrangement } from '../queries/arrange.ts';
import { inTurns } from '../transport/turns.ts';
import type { Arrangements } from './arrangements.ts';
import { sameLists } from './layout.ts';
import type { ConnectionNode, Node, NodeRegistry } from './nodes.ts';

/** While pages come in, a list is painted at most this often, in milliseconds. */
const PACE = 800;
/** The share of the time between two repaints that working out the rows may take. */
const SHARE = 0.1;
/** More changed rows than this are repainted with their list. */
const MOST_ROWS = 2000;

interface Repaint<Row> {
  timer: NodeJS.Timeout | undefined;
  /** When the list may be painted again, in milliseconds on the monotonic clock. */
  next: number;
  /** What the list showed when it was painted last. */
  painted: Arrangement<Row> | undefined;
  /** What changed and is not painted yet, while it is checked whether the list itself changed. */
  change: { listed: boolean; readonly accounts: Set<string>; readonly campaigns: Set<string> } | undefined;
}

/** Repaints only what looks different, and lists only as often as they can be worked out. */
export class Repainter<Row> {
  readonly #nodes: NodeRegistry;
  readonly #arrangements: Arrangements<Row>;
  readonly #keyOf: (row: Row) => string;
  readonly #changedNodes: (connectionId: string, change: MapChange) => Node[];
  readonly #fire: (nodes: Node | Node[]) => void;
  readonly #repaints = new Map<string, Repaint<Row>>();

  constructor(options: {
    readonly nodes: NodeRegistry;
    readonly arrangements: Arrangements<Row>;
    readonly keyOf: (row: Row) => string;
    /** The nodes that show what changed, where they are on screen. */
    readonly changedNodes: (connectionId: string, change: MapChange) => Node[];
    readonly fire: (nodes: Node | Node[]) => void;
  }) {
    this.#nodes = options.nodes;
    this.#arrangements = options.arrangements;
    this.#keyOf = options.keyOf;
    this.#changedNodes = options.changedNodes;
    this.#fire = options.fire;
  }

  /** Notes that a list was painted as it is arranged now, and how long it took to arrange, in milliseconds. */
  painted(connectionId: string, arrangement: Arrangement<Row>, took: number): void {
    const repaint = this.#repaintOf(connectionId);
    repaint.painted = arrangement;
    repaint.next = performance.now() + Math.max(PACE, took / SHARE);
  }

  /** Paints a list now if it has not been painted for a while, else once at the end of that while. */
  listSoon(node: ConnectionNode): void {
    const repaint = this.#repaintOf(node.connectionId);
    repaint.change = undefined;
    repaint.timer ??= setTimeout(
      () => {
        repaint.timer = undefined;
        repaint.next = performance.now() + PACE;
        this.#fire(node);
      },
      Math.max(0, repaint.next - performance.now()),
    );
  }

  /** Repaints what a change of a map changed on screen. */
  take(session: Session, change: MapChange): void {
    const { id } = session.connection;
    const node = this.#nodes.connection(id);
    const repaint = this.#repaintOf(id);
    const large = change.accounts.size + change.campaigns.size > MOST_ROWS;
    if (repaint.painted === undefined || repaint.timer !== undefined || large) {
      this.listSoon(node);
      return;
    }
    const pending = repaint.change;
    if (pending !== undefined) {
      // The check is already running.
      pending.listed ||= change.listed;
      change.accounts.forEach((key) => pending.accounts.add(key));
      change.campaigns.forEach((key) => pending.campaigns.add(key));
      return;
    }
    const taken = {
      listed: change.listed,
      accounts: new Set(change.accounts),
      campaigns: new Set(change.campaigns),
    };
    repaint.change = taken;
    void this.#paintChange(session, repaint, taken);
  }

  forget(connectionId: string): void {
    clearTimeout(this.#repaints.get(connectionId)?.timer);
    this.#repaints.delete(connectionId);
  }

  dispose(): void {
    for (const id of [...this.#repaints.keys()]) {
      this.forget(id);
    }
  }

  async #paintChange(
    session: Session,
    repaint: Repaint<Row>,
    change: NonNullable<Repaint<Row>['change']>,
  ): Promise<void> {
    const before = repaint.painted;
    const after = await this.#arrangements.get(session);
    const same = before !== undefined && (await inTurns(sameLists(before, after, this.#keyOf)));
    if (repaint.change !== change) {
      // The whole list is painted anyway.
      return;
    }
    repaint.change = undefined;
    const { id } = session.connection;
    if (!same) {
      this.listSoon(this.#nodes.connection(id));
      return;
    }
    repaint.painted = after;
    const rows = this.#changedNodes(id, change);
    if (rows.length > 0) {
      this.#fire(rows);
    }
  }

  #repaintOf(connectionId: string): Repaint<Row> {
    let repaint = this.#repaints.get(connectionId);
    if (repaint === undefined) {
      repaint = { timer: undefined, next: 0, painted: undefined, change: undefined };
      this.#repaints.set(connectionId, repaint);
    }
    return repaint;
  }
}
