import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { HealthKeeper } from '../connections/healthKeeper.ts';
import type { Session, Sessions } from '../connections/sessions.ts';
import type { ViewId } from '../contributions.ts';
import { formatNumber } from '../format.ts';
import { FINDING } from '../health/findingFacet.ts';
import type { Graph } from '../map/graph.ts';
import { plainText } from '../plainText.ts';
import type { Arrangement, Group } from '../queries/arrange.ts';
import { timerDelay } from '../transport/time.ts';
import { whyNothing } from '../queries/near.ts';
import { inTurns, timeForWork } from '../transport/turns.ts';
import { ArrangedNodes } from './arrangedNodes.ts';
import { Arrangements } from './arrangements.ts';
import { withChangeWords } from './changeWords.ts';
import { Header } from './header.ts';
import { connectionItem, filterItem, groupItem, itemOrProblem, noticeItem, plainItem, rangeItem } from './items.ts';
import { rowsOfPart, sameLists } from './layout.ts';
import { NodeRegistry, type ConnectionNode, type FilterNode, type Node } from './nodes.ts';
import { Notices } from './notices.ts';
import { nodesOfPart } from './parts.ts';
import { stateWords, untilNextAge } from './progress.ts';
import { NO_CHANGE, Repainter } from './repainter.ts';
import type { RowSource } from './rowSource.ts';
import type { SavedFilters } from './savedFilters.ts';
import { connectionTooltip } from './tooltips.ts';
import type { ViewState } from './viewState.ts';

/** An answer that comes within this time needs no "Reading…" row, in milliseconds. */
const NO_NOTICE = 400;
/** More connections than this start collapsed, so that opening the view does not read all of them. */
const EXPANDED_CONNECTIONS = 2;
/** A map that is shown again is synced again when it is older than this, in milliseconds. */
const OLD = 5 * 60_000;
/** A saved map that is not older than this is shown without asking the service, in milliseconds. */
const JUST_SYNCED = 60_000;

/** A tree of connections and their rows, which come from a row source: the adapter to VS Code. */
export class MapView<Row extends object, Grouping extends string, Sort extends string>
  implements vscode.TreeDataProvider<Node>, vscode.Disposable
{
  readonly #sessions: Sessions;
  readonly #source: RowSource<Row, Grouping, Sort>;
  readonly #nodes = new NodeRegistry();
  readonly #notices = new Notices(this.#nodes);
  readonly #changed = new vscode.EventEmitter<Node | Node[] | undefined>();
  readonly #view: vscode.TreeView<Node>;
  readonly #header: Header;
  readonly #arrangements: Arrangements<Row>;
  readonly #arranged: ArrangedNodes<Row>;
  readonly #repainter: Repainter<Arrangement<Row>>;
  readonly #subscriptions: { dispose(): unknown }[];
  readonly #timers = new Set<NodeJS.Timeout>();
  #age: NodeJS.Timeout | undefined;
  /** What the row of each connection said of its age when it was made. */
  readonly #agesShown = new Map<string, string>();
  /** What the row of each connection said of its rows when it was made. */
  readonly #countsShown = new Map<string, string>();
  /** Arrangements for which the row of their connection was made again. */
  readonly #counted = new WeakSet<Arrangement<Row>>();
  /** Saved filters that were opened, by their ids, for each connection: what they find is worked out for the screen. */
  readonly #openedFilters = new Map<string, Set<string>>();
  /** Connections whose map was synced, or was fresh, when this view first showed them. */
  readonly #opened = new Set<string>();

  readonly onDidChangeTreeData = this.#changed.event;

  /** `view`: what shows the rows; it stays when they go. */
  constructor(
    sessions: Sessions,
    keeper: HealthKeeper,
    id: ViewId,
    view: vscode.TreeView<Node>,
    source: RowSource<Row, Grouping, Sort>,
  ) {
    this.#sessions = sessions;
    this.#source = source;
    this.#view = view;
    this.#header = new Header(this.#view, id, sessions, () => this.#filterLine());
    this.#arrangements = new Arrangements((session, before) =>
      source.arrange(session, before, this.#openedFilters.get(session.connection.id)),
    );
    this.#arranged = new ArrangedNodes(this.#nodes, this.#arrangements, source);
    this.#repainter = new Repainter({
      nodes: this.#nodes,
      listOf: (session) => this.#arrangements.get(session),
      same: (before, after) => inTurns(sameLists(before, after, (row) => source.keyOf(row))),
      changedNodes: (connectionId, change) => this.#nodes.changedRows(connectionId, change),
      fire: (nodes) => {
        this.#changed.fire(nodes);
      },
    });
    this.#followAges();
    this.#subscriptions = [
      this.#header,
      source.state.onDidChange(() => {
        this.#arrangements.reorder();
        void this.#header.update();
        this.#changed.fire(undefined);
      }),
      source.saved.onDidChange(() => {
        for (const { connection } of sessions.ready()) {
          this.#arrangements.renew(connection.id);
        }
        this.#changed.fire(undefined);
      }),
      keeper.onDidChange((connectionId) => {
        const session = sessions.peek(connectionId);
        if (session !== undefined && this.#asksForFindings()) {
          this.#arrangements.invalidate(connectionId);
          this.#header.updateSoon();
          this.#repainter.take(session, NO_CHANGE);
        }
      }),
      this.#view.onDidChangeVisibility(({ visible }) => {
        this.#showAges();
        for (const { map } of visible ? sessions.ready() : []) {
          if (!map.empty) {
            map.ensureFresh(OLD);
          }
        }
      }),
      sessions.onDidStart((session) => {
        this.#follow(session);
      }),
      sessions.onDidEnd((connectionId) => {
        this.#nodes.forget(connectionId);
        this.#arrangements.forget(connectionId);
        this.#repainter.forget(connectionId);
        this.#opened.delete(connectionId);
        this.#openedFilters.delete(connectionId);
        this.#countsShown.delete(connectionId);
        this.#agesShown.delete(connectionId);
        this.#header.endBar(connectionId);
        this.#header.updateSoon();
        this.#changed.fire(undefined);
      }),
    ];
    for (const session of sessions.ready()) {
      this.#follow(session);
    }
  }

  /** How the view groups, sorts and filters. */
  get state(): ViewState<Row, Grouping, Sort> {
    return this.#source.state;
  }

  /** The filters that it shows as rows. */
  get saved(): SavedFilters<Row> {
    return this.#source.saved;
  }

  get visible(): boolean {
    return this.#view.visible;
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) {
      return this.#sessions.store.list().map(({ id }) => this.#nodes.connection(id));
    }
    if (node.kind === 'notice') {
      return [];
    }
    try {
      const session = await this.#sessions.get(node.connectionId);
      switch (node.kind) {
        case 'connection':
          return await this.#listOf(node, session);
        case 'group':
        case 'filter':
          if (node.kind === 'filter') {
            this.#openFilter(node);
          }
          // After a restart a row may be open before the list around it was asked for.
          await this.#arrangements.get(session);
          return this.#arranged.under(node, this.#arranged.groupOf(node));
        case 'range':
          return nodesOfPart(node, this.#arranged.rowsAround(node, session));
        default:
          return await this.#source.childrenOf(node, session, { nodes: this.#nodes, notices: this.#notices });
      }
    } catch (error) {
      return [this.#notices.error(node, 'session', error)];
    }
  }

  async getTreeItem(node: Node): Promise<vscode.TreeItem> {
    // Hundreds are asked for together, and each may have to count thousands of senders.
    await timeForWork();
    return itemOrProblem(node, () => withChangeWords(plainItem(this.#itemOf(node)), this.#sessions, node));
  }

  async resolveTreeItem(item: vscode.TreeItem, node: Node): Promise<vscode.TreeItem> {
    try {
      const connection = this.#sessions.store.get(node.connectionId);
      if (node.kind === 'connection' && connection !== undefined) {
        const { name } = this.#sessions.providers[connection.provider];
        item.tooltip = await connectionTooltip(connection, name, this.#sessions.peek(connection.id));
      } else {
        await this.#source.explain(item, node);
      }
    } catch (error) {
      item.tooltip = plainText(String(error));
    }
    return item;
  }

  getParent(node: Node): Node | undefined {
    return this.#nodes.parentOf(node);
  }

  /** Asks for the rows again: connections that failed to start try again. */
  repaint(): void {
    this.#changed.fire(undefined);
  }

  /** Rows that the filter lets through, of all that are known; undefined where nothing is filtered. */
  async filtered(): Promise<{ readonly shown: number; readonly total: number } | undefined> {
    if (this.state.filter === undefined) {
      return undefined;
    }
    const all = await Promise.all(this.#sessions.ready().map((session) => this.#arrangements.get(session)));
    return {
      shown: all.reduce((sum, { shown }) => sum + shown, 0),
      total: all.reduce((sum, { total }) => sum + total, 0),
    };
  }

  /** Why the filter shows nothing of what there is, in a sentence; undefined where it shows something. */
  async whyNothing(): Promise<string | undefined> {
    const { filter, facets } = this.state;
    const counts = await this.filtered();
    // What is still being read may match.
    const reading = this.#sessions.ready().some(({ map }) => map.progress.running);
    return filter === undefined || counts === undefined || counts.shown > 0 || counts.total === 0 || reading
      ? undefined
      : inTurns(whyNothing(facets, filter, this.connections()));
  }

  /** All rows of the connections that are up, whatever the filter says. */
  connections(): { readonly session: Session; readonly rows: readonly Row[]; readonly graph: Graph }[] {
    return this.#sessions
      .ready()
      .map((session) => ({ session, rows: this.#source.rowsOf(session), graph: session.map.graph }));
  }

  /** The rows that the filter lets through, in the order of the view, each once even if it is in several groups. */
  async shownRows(session: Session): Promise<readonly Row[]> {
    return this.#source.shownRows(session, await this.#arrangements.get(session));
  }

  /** The rows that are selected. */
  get selection(): readonly Node[] {
    return this.#view.selection;
  }

  /** Whether a row is one of this view. */
  has(node: Node): boolean {
    return this.#nodes.has(node);
  }

  /** The domain that a group is of. */
  domainOf(node: Node): string | undefined {
    const group = node.kind === 'group' ? this.#arranged.groupOf(node) : undefined;
    return group?.ofDomain === true ? group.value : undefined;
  }

  /** Whether it is a part of what is under a row, e.g. of the senders of a campaign. */
  isPartBelow(node: Node): boolean {
    const session = this.#sessions.peek(node.connectionId);
    return node.kind === 'range' && session !== undefined && !this.#arranged.isPartOfView(node, session);
  }

  /** The rows that a node stands for, in the order of the view: those of a connection, a group or a part, or itself. */
  async rowsOfNode(node: Node): Promise<readonly Row[]> {
    const session = await this.#sessions.get(node.connectionId);
    const arrangement = await this.#arrangements.get(session);
    const shown = (groups: readonly Group<Row>[]) => this.#source.shownRows(session, { ...arrangement, groups });
    if (node.kind === 'connection') {
      return shown(arrangement.groups);
    }
    if (node.kind === 'group' || node.kind === 'filter') {
      const group = this.#arranged.groupOf(node);
      return group === undefined ? [] : shown([group]);
    }
    const parent = node.kind === 'range' ? this.#nodes.parentOf(node) : undefined;
    if (node.kind === 'range' && parent !== undefined && this.#arranged.isPartOfView(node, session)) {
      const list = this.#arranged.listIn(parent);
      const [any] = arrangement.groups;
      return list?.groups === undefined
        ? shown(any === undefined ? [] : [{ ...any, groups: undefined, rows: rowsOfPart(list?.rows ?? [], node.part) }])
        : shown(rowsOfPart(list.groups, node.part));
    }
    const row = this.#source.rowOf(node, session);
    return row === undefined ? [] : [row];
  }

  /**
   * Selects a row and brings it into view; a filter that hides it is cleared.
   *
   * @param path the keys of the rows above it and its own.
   * @returns false where it is not in the list.
   */
  async reveal(session: Session, path: readonly [string, ...string[]], row: Row | undefined): Promise<boolean> {
    if (row !== undefined && this.state.filter?.matches(row, session.map.graph) === false) {
      this.state.filterBy('');
    }
    const [first, ...below] = path;
    let node = await this.#arranged.find(session, first);
    for (const key of below) {
      node = node && this.#nodes.campaign(node, key);
    }
    if (node === undefined) {
      return false;
    }
    await this.#view.reveal(node, { select: true, focus: true, expand: false });
    return true;
  }

  /** Selects the row of a connection and expands it. */
  async revealConnection(connectionId: string): Promise<void> {
    await this.#view.reveal(this.#nodes.connection(connectionId), { select: true, focus: true, expand: true });
  }

  dispose(): void {
    clearTimeout(this.#age);
    for (const timer of this.#timers) {
      clearTimeout(timer);
    }
    this.#repainter.dispose();
    vscode.Disposable.from(...this.#subscriptions).dispose();
    this.state.dispose();
    this.saved.dispose();
    this.#changed.dispose();
  }

  #itemOf(node: Node): vscode.TreeItem {
    const connection = this.#sessions.store.get(node.connectionId);
    const session = this.#sessions.peek(node.connectionId);
    if (connection === undefined) {
      return new vscode.TreeItem('');
    }
    const info = this.#sessions.providers[connection.provider];
    switch (node.kind) {
      case 'connection': {
        const broken = this.#arrangements.last(connection.id)?.broken ?? 0;
        const counts = session && this.#source.countWords(session, broken);
        this.#countsShown.set(connection.id, counts?.full ?? '');
        this.#agesShown.set(connection.id, session === undefined ? '' : stateWords(session).full);
        const expanded = this.#sessions.store.list().length <= EXPANDED_CONNECTIONS;
        return connectionItem(node, connection, info, session, counts, expanded);
      }
      case 'notice':
        return noticeItem(node);
      case 'group': {
        const group = this.#arranged.groupOf(node);
        return groupItem(node, group, group && this.#source.groupWords(group));
      }
      case 'filter': {
        const group = this.#arranged.groupOf(node);
        const saved = this.saved.list().find(({ id }) => id === node.filterId);
        return filterItem(node, saved, group?.rows.length);
      }
      case 'range': {
        const ofView = session !== undefined && this.#arranged.isPartOfView(node, session);
        return rangeItem(node, session && this.#arranged.rowsAround(node, session), ofView);
      }
      default:
        return this.#source.itemOf(node, info, session);
    }
  }

  #openFilter({ connectionId, filterId }: FilterNode): void {
    const opened = this.#openedFilters.get(connectionId) ?? new Set();
    if (!opened.has(filterId)) {
      this.#openedFilters.set(connectionId, opened.add(filterId));
      this.#arrangements.renew(connectionId);
    }
  }

  async #listOf(node: ConnectionNode, session: Session): Promise<Node[]> {
    const { map } = session;
    const begun = map.accounts.status !== 'idle';
    // The saved map first; then what changed since, unless another window has just looked.
    map.ensureFresh(this.#opened.has(node.connectionId) ? Infinity : JUST_SYNCED);
    this.#opened.add(node.connectionId);
    if (!begun) {
      await firstOf(map, () => map.accounts.records.size > 0 || map.accounts.status !== 'reading');
    }
    const started = performance.now();
    const arrangement = await this.#arrangements.get(session);
    this.#repainter.painted(session, arrangement, performance.now() - started);
    if (this.#source.countWords(session, arrangement.broken).full !== this.#countsShown.get(node.connectionId)) {
      // The row of the connection was made before its rows were counted.
      if (arrangement.settled && !this.#counted.has(arrangement)) {
        this.#counted.add(arrangement);
        this.#repainter.listNow(node);
      } else {
        this.#repainter.listSoon(node);
      }
    }
    const [only] = arrangement.groups;
    const list = this.#arranged.under(node, arrangement.grouped ? arrangement : only);
    const filters = arrangement.saved.map(({ value }) => this.#nodes.filter(node, value));
    // Nobody would see them below a list, and groups are what people look for first.
    const rows = arrangement.grouped ? [...list, ...filters] : [...filters, ...list];
    if (this.#source.listOf(session).status === 'capped') {
      rows.push(this.#notices.more(node));
    }
    const notices = this.#notices.above(node, session);
    return rows.length + notices.length > 0
      ? [...notices, ...rows]
      : [this.#notices.empty(node, session, arrangement.total > 0, this.#source.emptyWords())];
  }

  #follow(session: Session): void {
    const { connection, provider, map } = session;
    const node = this.#nodes.connection(connection.id);
    this.#arrangements.invalidate(connection.id);
    this.#header.updateSoon();
    map.onDidChange((change) => {
      this.#arrangements.invalidate(connection.id);
      this.#source.forget();
      this.#header.updateSoon();
      this.#repainter.take(session, change);
    });
    let [before, knownBefore, ran] = ['', '', false];
    map.onDidProgress(() => {
      this.#header.updateSoon();
      this.#header.showBar(session);
      const { running, scan } = map.progress;
      // Filters and groups distinguish what is unknown from what does not exist.
      const known = [map.accounts.known, map.campaigns.known, scan?.scanned === scan?.total].join();
      if (known !== knownBefore) {
        knownBefore = known;
        this.#arrangements.renew(connection.id);
      }
      if (ran && !running) {
        this.#arrangements.settle(connection.id);
        this.#repainter.listNow(node);
      }
      ran = running;
      // The row shows more than a count: it changes when a sync begins, ends, fails or is stopped.
      const now = [running, map.accounts.status, map.campaigns.status, map.complete, known].join();
      if (now !== before) {
        before = now;
        this.#repainter.listSoon(node);
      }
    });
    provider.client.onWait((until) => {
      this.#header.updateSoon();
      this.#repainter.listSoon(node);
      if (until !== undefined) {
        // The row says until when, so it has to change then.
        const timer = setTimeout(
          () => {
            this.#timers.delete(timer);
            this.#header.updateSoon();
            this.#repainter.listSoon(node);
          },
          timerDelay(until - Date.now() + 100),
        );
        this.#timers.add(timer);
      }
    });
  }

  /** Whether what Health finds decides which rows are shown. */
  #asksForFindings(): boolean {
    const filters = [this.state.filter, ...this.saved.list().map(({ filter }) => filter)];
    return filters.some((filter) => filter?.terms.some(({ facet }) => facet === FINDING));
  }

  /** Counts ages on, at the same moments in every view. */
  #followAges(): void {
    this.#age = setTimeout(() => {
      this.#showAges();
      this.#followAges();
    }, untilNextAge());
  }

  /** Only where it is another one: VS Code asks for all rows of the connection again, and drops clicks meanwhile. */
  #showAges(): void {
    const older = this.#sessions
      .ready()
      .filter(({ map }) => !map.progress.running)
      .filter((session) => stateWords(session).full !== this.#agesShown.get(session.connection.id));
    if (this.visible && older.length > 0) {
      this.#changed.fire(older.map(({ connection }) => this.#nodes.connection(connection.id)));
    }
  }

  async #filterLine(): Promise<string | undefined> {
    const { filter } = this.state;
    const filtered = await this.filtered();
    if (filter === undefined || filtered === undefined) {
      return undefined;
    }
    const why = await this.whyNothing();
    return (
      why ?? `${this.#source.filterWords(formatNumber(filtered.shown), formatNumber(filtered.total))}: ${filter.source}`
    );
  }
}

/** Waits until something is known, but no longer than a person waits without seeing anything. */
export async function firstOf(map: Session['map'], known: () => boolean): Promise<void> {
  if (known()) {
    return;
  }
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const check = () => {
    if (known()) {
      resolve(undefined);
    }
  };
  const subscriptions = [map.onDidChange(check), map.onDidProgress(check)];
  await Promise.race([promise, sleep(NO_NOTICE)]);
  for (const subscription of subscriptions) {
    subscription.dispose();
  }
}
