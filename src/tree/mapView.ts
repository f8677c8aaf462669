import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Session, Sessions } from '../connections/sessions.ts';
import type { ViewId } from '../contributions.ts';
import type { Arrangement, Group } from '../queries/arrange.ts';
import type { Graph } from '../map/graph.ts';
import type { MapChange } from '../map/sendingMap.ts';
import type { ProviderInfo } from '../providers/provider.ts';
import { isServiceError, nextStep, type ServiceError } from '../transport/errors.ts';
import { timerDelay } from '../transport/time.ts';
import { formatClock, formatNumber } from '../format.ts';
import { setViewMessage, withViewProgress } from '../messages.ts';
import { plainText } from '../plainText.ts';
import { connectionItem, groupItem, itemOrProblem, noticeItem, plainItem, rangeItem } from './items.ts';
import { NodeRegistry, type ConnectionNode, type GroupNode, type Node, type RangeNode } from './nodes.ts';
import { progressWords } from './progress.ts';
import type { ViewState } from './viewState.ts';

const { t } = vscode.l10n;

/** An answer that comes within this time needs no row that says it is coming, in milliseconds. */
const NO_NOTICE = 400;
/** While pages come in, a list is painted at most this often, in milliseconds. */
const REPAINT = 800;
/** More connections than this start collapsed, so that opening the view does not read all of them. */
const EXPANDED_CONNECTIONS = 2;
/** A longer list is shown in parts: VS Code takes seconds for a list of tens of thousands. */
const LONGEST_LIST = 1000;
const PART = 500;
/** Records that cannot be read and have a row each; of more of them there is only a count. */
const MOST_INVALID = 100;
/**
 * What stands above the rows changes at most this often, in milliseconds. VS Code takes it for a change of the tree and
 * waits for 200 ms without one before it paints anything.
 */
const MESSAGE = 1000;
/** Ages in rows are brought up to date this often, in milliseconds. */
const AGE = 60_000;
/** A map that is shown again is synced again when it is older than this, in milliseconds. */
const OLD = 5 * 60_000;
/** A saved map that is not older than this is shown without asking the service, in milliseconds. */
const JUST_SYNCED = 60_000;

/** A row of a part of a list. */
export interface PartRow {
  readonly label: string;
  readonly nodeIn: (range: Node) => Node;
}

/**
 * What the Accounts and the Campaigns view have in common: connections, groups, parts of long lists, notices, and
 * repainting the smallest node that changed. A view says what its rows are and what stands under them.
 */
export abstract class MapView<Row extends object, Grouping extends string, Sort extends string>
  implements vscode.TreeDataProvider<Node>, vscode.Disposable
{
  readonly state: ViewState<Row, Grouping, Sort>;
  protected readonly sessions: Sessions;
  protected readonly nodes = new NodeRegistry();
  readonly #id: ViewId;
  readonly #changed = new vscode.EventEmitter<Node | Node[] | undefined>();
  readonly #view: vscode.TreeView<Node>;
  readonly #subscriptions: vscode.Disposable[];
  readonly #repaints = new Map<string, NodeJS.Timeout>();
  readonly #paintedAt = new Map<string, number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #arrangements = new Map<string, Arrangement<Row>>();
  readonly #groups = new WeakMap<Arrangement<Row>, ReadonlyMap<string, Group<Row>>>();
  /** Ends the progress bar of a connection's sync. */
  readonly #bars = new Map<string, () => void>();
  readonly #age: NodeJS.Timeout;
  #message: NodeJS.Timeout | undefined;
  /** Connections whose map was synced, or was fresh, when this view first showed them. */
  readonly #opened = new Set<string>();

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(sessions: Sessions, id: ViewId, state: ViewState<Row, Grouping, Sort>) {
    this.#id = id;
    this.sessions = sessions;
    this.state = state;
    this.#view = vscode.window.createTreeView(id, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.#age = setInterval(() => {
      if (this.visible) {
        this.#fire(this.sessions.ready().map(({ connection }) => this.nodes.connection(connection.id)));
      }
    }, AGE);
    this.#subscriptions = [
      this.#view,
      state.onDidChange(() => {
        this.#arrangements.clear();
        this.#describeNow();
        this.#changed.fire(undefined);
      }),
      this.#view.onDidChangeVisibility(({ visible }) => {
        if (visible) {
          for (const { map } of sessions.ready()) {
            if (!map.empty) {
              map.open(OLD);
            }
          }
        }
      }),
      sessions.store.onDidChange(() => {
        this.#changed.fire(undefined);
      }),
      sessions.onDidStart((session) => {
        this.#follow(session);
      }),
      sessions.onDidEnd((connectionId) => {
        this.nodes.forget(connectionId);
        this.#arrangements.delete(connectionId);
        this.#opened.delete(connectionId);
        this.#endBar(connectionId);
        this.#describe();
        this.#changed.fire(undefined);
      }),
    ];
  }

  get visible(): boolean {
    return this.#view.visible;
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) {
      return this.sessions.store.list().map(({ id }) => this.nodes.connection(id));
    }
    if (node.kind === 'notice') {
      return [];
    }
    try {
      const session = await this.sessions.get(node.connectionId);
      switch (node.kind) {
        case 'connection':
          return await this.#listOf(node, session);
        case 'group':
          return this.#listed(node, this.#groupOf(node, session)?.rows ?? []);
        case 'range':
          return this.#partOf(node, session).map(({ nodeIn }) => nodeIn(node));
        default:
          return await this.childrenOf(node, session);
      }
    } catch (error) {
      return [this.errorNotice(node, 'session', error)];
    }
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return itemOrProblem(node, () => plainItem(this.#itemOf(node)));
  }

  resolveTreeItem(item: vscode.TreeItem, node: Node): vscode.TreeItem {
    try {
      this.explain(item, node);
    } catch (error) {
      item.tooltip = plainText(String(error));
    }
    return item;
  }

  #itemOf(node: Node): vscode.TreeItem {
    const connection = this.sessions.store.get(node.connectionId);
    const session = this.sessions.peek(node.connectionId);
    if (connection === undefined) {
      return new vscode.TreeItem('');
    }
    switch (node.kind) {
      case 'connection':
        return connectionItem(
          node,
          connection,
          this.sessions.providers[connection.provider],
          session,
          session === undefined ? undefined : this.countWords(session),
          this.sessions.store.list().length <= EXPANDED_CONNECTIONS,
        );
      case 'notice':
        return noticeItem(node);
      case 'group': {
        const group = session && this.#groupOf(node, session);
        return groupItem(node, group?.label ?? node.value, group === undefined ? '' : this.groupWords(group));
      }
      case 'range': {
        const part = session === undefined ? [] : this.#partOf(node, session);
        return rangeItem(node, part[0]?.label ?? '', part.at(-1)?.label ?? '', node.part * PART, part.length);
      }
      default:
        return this.itemOf(node, this.sessions.providers[connection.provider], session);
    }
  }

  getParent(node: Node): Node | undefined {
    return this.nodes.parentOf(node);
  }

  /** Asks the rows again: connections that failed to start try once more. */
  repaint(): void {
    this.#changed.fire(undefined);
  }

  /** Rows that the filter lets through, of all that are known; undefined where nothing is filtered. */
  get filtered(): { readonly shown: number; readonly total: number } | undefined {
    if (this.state.filter === undefined) {
      return undefined;
    }
    const all = this.sessions.ready().map((session) => this.arrangement(session));
    return {
      shown: all.reduce((sum, { shown }) => sum + shown, 0),
      total: all.reduce((sum, { total }) => sum + total, 0),
    };
  }

  /** All rows of the connections that are up, whatever the filter says. */
  connections(): { readonly session: Session; readonly rows: readonly Row[]; readonly graph: Graph }[] {
    return this.sessions.ready().map((session) => ({ session, rows: this.rowsOf(session), graph: session.map.graph }));
  }

  /** The rows of a connection as this view shows them. */
  arrangement(session: Session): Arrangement<Row> {
    const { id } = session.connection;
    let arrangement = this.#arrangements.get(id);
    if (arrangement === undefined) {
      arrangement = this.arrange(session);
      this.#arrangements.set(id, arrangement);
    }
    return arrangement;
  }

  /** The rows that the filter lets through, in the order of the view and each once, whatever groups they stand in. */
  shownRows(session: Session): readonly Row[] {
    return [...new Set(this.arrangement(session).groups.flatMap(({ rows }) => rows))];
  }

  dispose(): void {
    clearInterval(this.#age);
    clearTimeout(this.#message);
    for (const timer of [...this.#repaints.values(), ...this.#timers]) {
      clearTimeout(timer);
    }
    for (const id of [...this.#bars.keys()]) {
      this.#endBar(id);
    }
    vscode.Disposable.from(...this.#subscriptions).dispose();
    this.state.dispose();
    this.#changed.dispose();
  }

  /** The rows of a connection in groups, sorted and filtered as the state says. */
  protected abstract arrange(session: Session): Arrangement<Row>;
  protected abstract rowsOf(session: Session): readonly Row[];
  protected abstract nodeOf(parent: Node, row: Row): Node;
  protected abstract keyOf(row: Row): string;
  /** What a part of a list names its first and last row by. */
  protected abstract labelOf(row: Row): string;
  protected abstract groupWords(group: Group<Row>): string;
  /** How many rows a connection has, in words. */
  protected abstract countWords(session: Session): string;
  protected abstract emptyWords(): string;
  protected abstract filterWords(shown: string, total: string): string;
  protected abstract childrenOf(node: Node, session: Session): Promise<Node[]> | Node[];
  protected abstract itemOf(node: Node, info: ProviderInfo, session: Session | undefined): vscode.TreeItem;
  /** Gives a row its tooltip. */
  protected abstract explain(item: vscode.TreeItem, node: Node): void;
  /** Drops what a view worked out of the map as it was. */
  protected forget(): void {
    // Most views keep nothing.
  }

  /** The nodes that show what changed, where they are on screen. */
  protected abstract changedNodes(connectionId: string, change: MapChange): Node[];

  /** Rows as they are, or in parts where there are too many for one list. */
  protected inParts<T>(parent: Node, rows: readonly T[], nodeOf: (row: T) => Node): Node[] {
    if (rows.length <= LONGEST_LIST) {
      return rows.map(nodeOf);
    }
    return Array.from({ length: Math.ceil(rows.length / PART) }, (_, part) => this.nodes.range(parent, part));
  }

  /** The rows from one to another under a node that shows them in parts. */
  protected partsOf(parent: Node, session: Session, from: number, to: number): readonly PartRow[] {
    const { groups, grouped } = this.arrangement(session);
    if (parent.kind === 'connection' && grouped) {
      return groups
        .slice(from, to)
        .map(({ label, value }) => ({ label, nodeIn: (range) => this.nodes.group(range, value) }));
    }
    const group = parent.kind === 'group' ? this.#groupOf(parent, session) : groups[0];
    return (group?.rows ?? [])
      .slice(from, to)
      .map((row) => ({ label: this.labelOf(row), nodeIn: (range) => this.nodeOf(range, row) }));
  }

  protected errorNotice(node: Node, name: string, error: unknown): Node {
    const known: ServiceError | undefined = isServiceError(error) ? error : undefined;
    const label = known?.message ?? String(error);
    const next = known === undefined ? undefined : nextStep(known);
    return this.nodes.notice(node, name, {
      type: 'error',
      label,
      description: next?.words,
      tooltip: [label, next?.words].filter(Boolean).join('\n\n'),
      fix: next?.fix,
      accountKey: node.kind === 'account' ? node.accountKey : undefined,
      campaignId: node.kind === 'campaign' ? node.campaignId : undefined,
    });
  }

  /** Expands what is above a row, selects it and puts the focus on it. */
  protected async revealNode(node: Node): Promise<void> {
    await this.#view.reveal(node, { select: true, focus: true, expand: false });
  }

  /** The node of a row with its parents; the first place where it stands in several. */
  protected find(session: Session, key: string): Node | undefined {
    const connection = this.nodes.connection(session.connection.id);
    const { groups, grouped } = this.arrangement(session);
    const inPart = (list: Node, count: number, index: number) =>
      count > LONGEST_LIST ? this.nodes.range(list, Math.floor(index / PART)) : list;
    for (const [place, group] of groups.entries()) {
      const index = group.rows.findIndex((row) => this.keyOf(row) === key);
      const row = group.rows[index];
      if (row !== undefined) {
        const list = grouped ? this.nodes.group(inPart(connection, groups.length, place), group.value) : connection;
        return this.nodeOf(inPart(list, group.rows.length, index), row);
      }
    }
    return undefined;
  }

  async #listOf(node: ConnectionNode, session: Session): Promise<Node[]> {
    const { map, provider } = session;
    const begun = map.accounts.status !== 'idle';
    // The saved map first; then what changed since, unless another window has just looked.
    map.open(this.#opened.has(node.connectionId) ? Infinity : JUST_SYNCED);
    this.#opened.add(node.connectionId);
    if (!begun) {
      await firstOf(map, () => map.accounts.records.size > 0 || map.accounts.status !== 'reading');
      this.#paintedAt.set(node.connectionId, performance.now());
      // The row of the connection itself now has a count to show.
      this.#repaintSoon(node);
    }
    const notices: Node[] = [];
    const errors = [map.accounts.error, map.campaigns.error].filter((error) => error !== undefined);
    for (const [index, error] of errors.entries()) {
      if (index === 0 || error.message !== errors[0]?.message) {
        // First, because below thousands of rows nobody would see it.
        notices.push(this.errorNotice(node, `error${index}`, error));
      }
    }
    if (map.accounts.status === 'stopped' || map.campaigns.status === 'stopped') {
      notices.push(
        this.nodes.notice(node, 'stopped', {
          type: 'note',
          label: t('The sync was stopped'),
          description: t('Continue'),
          fix: 'resume',
        }),
      );
    }
    const invalid = [...map.accounts.invalid, ...map.campaigns.invalid];
    for (const [index, { label, problem }] of invalid.slice(0, MOST_INVALID).entries()) {
      notices.push(this.nodes.notice(node, `invalid${index}`, { type: 'invalid', label, description: problem }));
    }
    if (invalid.length > MOST_INVALID) {
      const label = t('{0} more records cannot be read', formatNumber(invalid.length - MOST_INVALID));
      notices.push(this.nodes.notice(node, 'invalid', { type: 'invalid', label }));
    }
    for (const [name, { doubts }, label] of [
      ['accounts', map.accounts, t('Some accounts may be missing')],
      ['campaigns', map.campaigns, t('Some campaigns may be missing')],
    ] as const) {
      if (doubts.length > 0) {
        const description = [...new Set(doubts)].join(', ');
        notices.push(this.nodes.notice(node, `doubt-${name}`, { type: 'invalid', label, description, fix: 'retry' }));
      }
    }
    const arrangement = this.arrangement(session);
    const rows = arrangement.grouped
      ? this.inParts(node, arrangement.groups, (group) => this.nodes.group(node, group.value))
      : this.#listed(node, arrangement.groups[0]?.rows ?? []);
    if (map.accounts.status === 'capped') {
      rows.push(this.nodes.notice(node, 'more', { type: 'more', label: t('Load more') }));
    }
    if (rows.length + notices.length > 0) {
      return [...notices, ...rows];
    }
    return [this.#emptyNotice(node, session, arrangement.total, provider.client.waitingUntil)];
  }

  #emptyNotice(node: Node, { map }: Session, total: number, waiting: number | undefined): Node {
    if (map.progress.running) {
      const description = waiting === undefined ? undefined : t('waiting until {0}', formatClock(waiting));
      return this.nodes.notice(node, 'busy', { type: 'busy', label: t('Reading…'), description });
    }
    const label = total > 0 ? t('Nothing here matches the filter') : this.emptyWords();
    return this.nodes.notice(node, 'empty', { type: 'empty', label });
  }

  #listed(parent: ConnectionNode | GroupNode, rows: readonly Row[]): Node[] {
    return this.inParts(parent, rows, (row) => this.nodeOf(parent, row));
  }

  #partOf(node: RangeNode, session: Session): readonly PartRow[] {
    const parent = this.nodes.parentOf(node);
    return parent === undefined ? [] : this.partsOf(parent, session, node.part * PART, (node.part + 1) * PART);
  }

  #groupOf(node: GroupNode, session: Session): Group<Row> | undefined {
    const arrangement = this.arrangement(session);
    let groups = this.#groups.get(arrangement);
    if (groups === undefined) {
      groups = new Map(arrangement.groups.map((group) => [group.value, group]));
      this.#groups.set(arrangement, groups);
    }
    return groups.get(node.value);
  }

  #follow(session: Session): void {
    const { connection, provider, map } = session;
    const node = this.nodes.connection(connection.id);
    this.#arrangements.delete(connection.id);
    map.onDidChange((change) => {
      this.#take(session, change);
    });
    let before = '';
    map.onDidProgress(() => {
      this.#describe();
      this.#showBar(session);
      // The row says how far it is where that is more than a count: when a sync begins, ends, fails or is stopped.
      const now = [map.progress.running, map.accounts.status, map.campaigns.status, map.complete].join();
      if (now !== before) {
        before = now;
        this.#arrangements.delete(connection.id);
        this.#repaintSoon(node);
      }
    });
    provider.client.onWait((until) => {
      this.#describe();
      this.#repaintSoon(node);
      if (until !== undefined) {
        // The row says until when; then it has to stop saying so.
        const timer = setTimeout(
          () => {
            this.#timers.delete(timer);
            this.#describe();
            this.#repaintSoon(node);
          },
          timerDelay(until - Date.now() + 100),
        );
        this.#timers.add(timer);
      }
    });
  }

  /** Repaints no more than what looks different now. */
  #take(session: Session, change: MapChange): void {
    const { id } = session.connection;
    const before = this.#arrangements.get(id);
    this.#arrangements.delete(id);
    this.forget();
    this.#describe();
    const node = this.nodes.connection(id);
    if (before === undefined || this.#repaints.has(id)) {
      this.#repaintSoon(node);
      return;
    }
    if (!this.#sameLists(before, this.arrangement(session))) {
      this.#repaintSoon(node);
      return;
    }
    const rows = this.changedNodes(id, change);
    // A group says how many of its rows have errors, and brings them along.
    const groups = new Set(rows.map((row) => this.#groupAbove(row)).filter((group) => group !== undefined));
    this.#fire([...groups, ...rows.filter((row) => this.#groupAbove(row) === undefined)]);
  }

  #groupAbove(node: Node): Node | undefined {
    let above: Node | undefined = node;
    while (above !== undefined && above.kind !== 'group') {
      above = this.nodes.parentOf(above);
    }
    return above;
  }

  #sameLists(before: Arrangement<Row>, after: Arrangement<Row>): boolean {
    return (
      before.total === after.total &&
      before.groups.length === after.groups.length &&
      before.groups.every((group, index) => {
        const now = after.groups[index];
        return (
          now?.value === group.value &&
          now.label === group.label &&
          now.rows.length === group.rows.length &&
          now.rows.every((row, place) => {
            const then = group.rows[place];
            return then !== undefined && this.keyOf(row) === this.keyOf(then);
          })
        );
      })
    );
  }

  #fire(nodes: Node[]): void {
    if (nodes.length > 0) {
      this.#changed.fire(nodes);
    }
  }

  /** Paints a connection now if it has not been painted for a while, else once at the end of that while. */
  #repaintSoon(node: ConnectionNode): void {
    const { connectionId } = node;
    if (this.#repaints.has(connectionId)) {
      return;
    }
    const since = performance.now() - (this.#paintedAt.get(connectionId) ?? -Infinity);
    const timer = setTimeout(
      () => {
        this.#repaints.delete(connectionId);
        this.#paintedAt.set(connectionId, performance.now());
        this.#changed.fire(node);
      },
      Math.max(0, REPAINT - since),
    );
    this.#repaints.set(connectionId, timer);
  }

  /** Says above the rows what the filter hides and how far a sync is. */
  #describe(): void {
    this.#message ??= setTimeout(() => {
      this.#message = undefined;
      this.#describeNow();
    }, MESSAGE);
  }

  #describeNow(): void {
    clearTimeout(this.#message);
    this.#message = undefined;
    const lines = this.sessions
      .ready()
      .filter(({ map }) => map.progress.running)
      .map(progressWords);
    const { filtered } = this;
    const { filter } = this.state;
    if (filtered !== undefined && filter !== undefined) {
      const format = new Intl.NumberFormat(vscode.env.language);
      const words = this.filterWords(format.format(filtered.shown), format.format(filtered.total));
      lines.unshift(`${words}: ${filter.source}`);
    }
    setViewMessage(this.#view, lines.join(' · '));
  }

  #showBar({ connection, map }: Session): void {
    if (!map.progress.running) {
      this.#endBar(connection.id);
    } else if (!this.#bars.has(connection.id)) {
      void withViewProgress(
        this.#id,
        () =>
          new Promise<void>((resolve) => {
            this.#bars.set(connection.id, resolve);
          }),
      );
    }
  }

  #endBar(connectionId: string): void {
    this.#bars.get(connectionId)?.();
    this.#bars.delete(connectionId);
  }
}

/** Waits until something is known, but no longer than a person would wait before wanting to be told. */
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
