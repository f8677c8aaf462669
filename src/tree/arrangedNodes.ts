import type { Session } from '../connections/sessions.ts';
import type { Group } from '../queries/arrange.ts';
import type { Arrangements } from './arrangements.ts';
import { placeOf } from './layout.ts';
import type { ConnectionNode, FilterNode, GroupNode, Node, NodeRegistry, RangeNode } from './nodes.ts';
import { listed, rowsOrParts, type ListedRows } from './parts.ts';
import type { RowSource } from './rowSource.ts';

/** What stands under a node: groups where there are some, and rows otherwise. */
interface Rows<Row> {
  readonly groups?: readonly Group<Row>[] | undefined;
  readonly rows?: readonly Row[];
}

/** What is asked of a row source here. */
type Source<Row extends object> = Pick<RowSource<Row, string, string>, 'keyOf' | 'labelOf' | 'listUnder' | 'nodeOf'>;

/** Which nodes stand for the groups and rows of arrangements, and where. */
export class ArrangedNodes<Row extends object> {
  readonly #nodes: NodeRegistry;
  readonly #arrangements: Arrangements<Row>;
  readonly #source: Source<Row>;
  /** Lists of groups by the values of the groups. */
  readonly #byValue = new WeakMap<readonly Group<Row>[], ReadonlyMap<string, Group<Row>>>();

  constructor(nodes: NodeRegistry, arrangements: Arrangements<Row>, source: Source<Row>) {
    this.#nodes = nodes;
    this.#arrangements = arrangements;
    this.#source = source;
  }

  /** The groups under a node, or its rows. */
  under(parent: ConnectionNode | GroupNode | FilterNode, list: Rows<Row> | undefined): Node[] {
    return list?.groups === undefined
      ? rowsOrParts(this.#nodes, parent, list?.rows ?? [], (row) => this.#source.nodeOf(this.#nodes, parent, row))
      : rowsOrParts(this.#nodes, parent, list.groups, ({ value, apart }) => this.#nodes.group(parent, value, apart));
  }

  /** The list that a part belongs to: groups, a list of rows, or the rows under a row. */
  rowsAround(node: RangeNode, session: Session): ListedRows | undefined {
    const parent = this.#nodes.parentOf(node);
    if (parent === undefined) {
      return undefined;
    }
    const under = this.#source.listUnder(this.#nodes, parent, session);
    if (under !== undefined) {
      return under;
    }
    const list = this.listIn(parent);
    return list?.groups === undefined
      ? listed(
          list?.rows ?? [],
          (row) => this.#source.labelOf(row, session),
          (row, range) => this.#source.nodeOf(this.#nodes, range, row),
        )
      : listed(
          list.groups,
          ({ label }) => ({ label, tooltip: label }),
          ({ value, apart }, range) => this.#nodes.group(range, value, apart),
        );
  }

  /** True for a part of the rows of this view, and not of what is under one. */
  isPartOfView(node: RangeNode, session: Session): boolean {
    const parent = this.#nodes.parentOf(node);
    return parent !== undefined && this.#source.listUnder(this.#nodes, parent, session) === undefined;
  }

  /** The list that a connection, a group or a saved filter shows. */
  listIn(node: Node): Rows<Row> | undefined {
    if (node.kind === 'group' || node.kind === 'filter') {
      return this.groupOf(node);
    }
    const arrangement = this.#arrangements.last(node.connectionId);
    return arrangement?.grouped ? arrangement : arrangement?.groups[0];
  }

  groupOf(node: GroupNode | FilterNode): Group<Row> | undefined {
    const arrangement = this.#arrangements.last(node.connectionId);
    if (node.kind === 'filter') {
      return this.#groupIn(arrangement?.saved, node.filterId);
    }
    let above = this.#nodes.parentOf(node);
    while (above?.kind === 'range') {
      above = this.#nodes.parentOf(above);
    }
    const list = above?.kind === 'group' || above?.kind === 'filter' ? this.groupOf(above) : arrangement;
    return this.#groupIn(list?.groups, node.value);
  }

  /** The node of a row with its parents; the first one where the row is in several places. */
  async find(session: Session, key: string): Promise<Node | undefined> {
    const arrangement = await this.#arrangements.get(session);
    const place = placeOf(arrangement, (row) => this.#source.keyOf(row) === key);
    if (place === undefined) {
      return undefined;
    }
    const inPart = (list: Node, part: number | undefined) =>
      part === undefined ? list : this.#nodes.range(list, part);
    let list: Node = this.#nodes.connection(session.connection.id);
    for (const { group, part } of place.groups) {
      list = this.#nodes.group(inPart(list, part), group.value, group.apart);
    }
    return this.#source.nodeOf(this.#nodes, inPart(list, place.part), place.row);
  }

  #groupIn(groups: readonly Group<Row>[] | undefined, value: string): Group<Row> | undefined {
    if (groups === undefined) {
      return undefined;
    }
    let byValue = this.#byValue.get(groups);
    if (byValue === undefined) {
      byValue = new Map(groups.map((group) => [group.value, group]));
      this.#byValue.set(groups, byValue);
    }
    return byValue.get(value);
  }
}
