import type { Session } from '../connections/sessions.ts';
import type { MapChange } from '../map/sendingMap.ts';
import type { ConnectionNode, Node, NodeRegistry } from './nodes.ts';

/**
 * While pages come in, a list is painted at most this often, in milliseconds. Each time VS Code asks for all its rows
 * again, and takes no menu of them until it has the answer.
 */
const PACE = 1500;
/** The share of the time between two repaints that working out the rows may take. */
const SHARE = 0.05;
/** However long it takes, the rows are not older than this, in milliseconds. */
const LONGEST_REST = 8000;
/** How long what took so long to work out is shown before it is worked out again, while pages come in; milliseconds. */
export function restAfter(took: number): number {
  return Math.min(LONGEST_REST, Math.max(PACE, took / SHARE));
}

/** More changed rows than this are repainted with their list. */
const MOST_ROWS = 2000;

/** A change of something else than the records of a map, after which its list may be another. */
export const NO_CHANGE: MapChange = { listed: false, accounts: new Set(), campaigns: new Set() };

interface Repaint<List> {
  timer: NodeJS.Timeout | undefined;
  /** Who asked for the rows last; undefined where nobody has since they were to be painted: they are not on screen. */
  session: Session | undefined;
  /** How long the rows that are painted next took to work out, in milliseconds. */
  took: number;
  /** When the list may be painted again, in milliseconds on the monotonic clock. */
  next: number;
  /** What the list showed when it was painted last. */
  painted: List | undefined;
  /** What changed and is not painted yet, while it is checked whether the list itself changed. */
  change: { readonly accounts: Set<string>; readonly campaigns: Set<string> } | undefined;
}

/**
 * Repaints only what looks different, and lists only as often as they can be worked out. `List`: what stands under a
 * connection.
 */
export class Repainter<List extends object> {
  readonly #nodes: NodeRegistry;
  readonly #listOf: (session: Session) => Promise<List>;
  readonly #same: (before: List, after: List) => boolean | Promise<boolean>;
  readonly #changedNodes: (connectionId: string, change: MapChange) => Node[] | Promise<Node[]>;
  readonly #fire: (nodes: Node | Node[]) => void;
  readonly #repaints = new Map<string, Repaint<List>>();

  constructor(options: {
    readonly nodes: NodeRegistry;
    /** What stands under a connection now. */
    readonly listOf: (session: Session) => Promise<List>;
    /** Whether two lists show the same rows in the same places. */
    readonly same: (before: List, after: List) => boolean | Promise<boolean>;
    /** The nodes that show what changed, where they are on screen. */
    readonly changedNodes: (connectionId: string, change: MapChange) => Node[] | Promise<Node[]>;
    readonly fire: (nodes: Node | Node[]) => void;
  }) {
    this.#nodes = options.nodes;
    this.#listOf = options.listOf;
    this.#same = options.same;
    this.#changedNodes = options.changedNodes;
    this.#fire = options.fire;
  }

  /** Notes that a list was painted, and how long it took to work it out, in milliseconds. */
  painted(session: Session, list: List, took: number): void {
    const repaint = this.#repaintOf(session.connection.id);
    repaint.session = session;
    repaint.painted = list;
    repaint.next = performance.now() + restAfter(Math.max(took, repaint.took));
    repaint.took = 0;
  }

  /** Paints a list now if it has not been painted for a while, else once at the end of that while. */
  listSoon(node: ConnectionNode): void {
    const repaint = this.#repaintOf(node.connectionId);
    repaint.change = undefined;
    if (repaint.timer === undefined) {
      const timer = setTimeout(
        () => {
          void this.#paintList(node, repaint, timer);
        },
        Math.max(0, repaint.next - performance.now()),
      );
      repaint.timer = timer;
    }
  }

  /** Paints a list now, however long it was to rest: what a sync has settled shows at once. */
  listNow(node: ConnectionNode): void {
    const repaint = this.#repaintOf(node.connectionId);
    clearTimeout(repaint.timer);
    repaint.timer = undefined;
    repaint.next = 0;
    this.listSoon(node);
  }

  /** Repaints what a change of a map changed on screen. */
  take(session: Session, change: MapChange): void {
    const { id } = session.connection;
    const node = this.#nodes.connection(id);
    const repaint = this.#repaintOf(id);
    const large = change.accounts.size + change.campaigns.size > MOST_ROWS;
    // Rows that came or went are another list; to work it out only to see that would do everything twice.
    if (repaint.painted === undefined || repaint.timer !== undefined || large || change.listed) {
      this.listSoon(node);
      return;
    }
    const pending = repaint.change;
    if (pending !== undefined) {
      // The check is already running.
      change.accounts.forEach((key) => pending.accounts.add(key));
      change.campaigns.forEach((key) => pending.campaigns.add(key));
      return;
    }
    const taken = {
      accounts: new Set(change.accounts),
      campaigns: new Set(change.campaigns),
    };
    repaint.change = taken;
    this.#paintChange(session, repaint, taken).catch(() => {
      if (repaint.change === taken) {
        // What went wrong stands in the row that VS Code asks for next.
        this.listSoon(node);
      }
    });
  }

  forget(connectionId: string): void {
    const repaint = this.#repaints.get(connectionId);
    if (repaint !== undefined) {
      clearTimeout(repaint.timer);
      repaint.timer = undefined;
      // A check that is still running has nothing to paint any more.
      repaint.change = undefined;
      this.#repaints.delete(connectionId);
    }
  }

  dispose(): void {
    for (const id of [...this.#repaints.keys()]) {
      this.forget(id);
    }
  }

  /** Works out the rows before VS Code asks for them: from its question to the answer it takes no command on a row. */
  async #paintList(node: ConnectionNode, repaint: Repaint<List>, timer: NodeJS.Timeout): Promise<void> {
    const { session } = repaint;
    repaint.session = undefined;
    if (session !== undefined) {
      const started = performance.now();
      // What went wrong stands in the row that VS Code asks for next.
      await this.#listOf(session).catch(() => undefined);
      repaint.took = performance.now() - started;
    }
    // What was to be painted at once meanwhile, has been; and nothing of a connection that is gone.
    if (repaint.timer === timer) {
      repaint.timer = undefined;
      repaint.next = performance.now() + PACE;
      this.#fire(node);
    }
  }

  async #paintChange(
    session: Session,
    repaint: Repaint<List>,
    change: NonNullable<Repaint<List>['change']>,
  ): Promise<void> {
    const before = repaint.painted;
    const after = await this.#listOf(session);
    const same = before !== undefined && (await this.#same(before, after));
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
    const rows = await this.#changedNodes(id, { listed: false, ...change });
    if (rows.length > 0) {
      this.#fire(rows);
    }
  }

  #repaintOf(connectionId: string): Repaint<List> {
    let repaint = this.#repaints.get(connectionId);
    if (repaint === undefined) {
      repaint = { timer: undefined, session: undefined, took: 0, next: 0, painted: undefined, change: undefined };
      this.#repaints.set(connectionId, repaint);
    }
    return repaint;
  }
}
