import type { ProviderInfo } from '../providers/provider.ts';
import * as vscode from 'vscode';
import { formatNumber } from '../format.ts';
import type { Session } from '../connections/sessions.ts';
import type { MapChange } from '../map/sendingMap.ts';
import type { ListView } from '../map/listView.ts';
import type { Arrangement, Group } from '../queries/arrange.ts';
import type { Steps } from '../transport/turns.ts';
import type { Node, NodeRegistry } from './nodes.ts';
import type { Notices } from './notices.ts';
import type { SavedFilters } from './savedFilters.ts';
import type { ViewState } from './viewState.ts';

/** What the rows of a view are, and what is under them: everything that differs between views. */
export interface RowSource<Row extends object, Grouping extends string, Sort extends string> {
  readonly state: ViewState<Row, Grouping, Sort>;
  readonly saved: SavedFilters<Row>;
  /**
   * The rows of a connection in groups, sorted and filtered as the state says. `before`: an arrangement whose order is
   * kept while a sync runs.
   */
  arrange(session: Session, before: Arrangement<Row> | undefined): Steps<Arrangement<Row>>;
  /** All rows of a connection, whatever the filter says. */
  rowsOf(session: Session): readonly Row[];
  /** Rows that an arrangement shows, in its order and each once, with the rows under them. */
  shownRows(session: Session, arrangement: Arrangement<Row>): readonly Row[];
  /** The list that its rows come from. */
  listOf(session: Session): ListView<unknown>;
  nodeOf(nodes: NodeRegistry, parent: Node, row: Row): Node;
  /** The row that a node shows; undefined where it shows something else. */
  rowOf(node: Node, session: Session): Row | undefined;
  keyOf(row: Row): string;
  /** What a row is sorted by, in few words, and the row in full, where it is the first or last one of a part. */
  labelOf(row: Row, session: Session): PartLabel;
  groupWords(group: Group<Row>): Words;
  /** How many rows a connection has. */
  countWords(session: Session, broken: number): Words;
  emptyWords(): string;
  filterWords(shown: string, total: string): string;
  childrenOf(node: Node, session: Session, parts: Parts): Promise<Node[]> | Node[];
  /** The rows under a node that it shows in parts; undefined where this source does not list them. */
  listUnder(nodes: NodeRegistry, node: Node, session: Session): ListedRows | undefined;
  itemOf(node: Node, info: ProviderInfo, session: Session | undefined): vscode.TreeItem;
  /** Gives a row its tooltip. */
  explain(item: vscode.TreeItem, node: Node): void;
  /** The nodes that show what changed, where they are on screen. */
  changedNodes(nodes: NodeRegistry, connectionId: string, change: MapChange): Node[];
  /** Drops what was worked out from the map before it changed. */
  forget(): void;
}

/** The same in the few characters that a narrow sidebar has, and as a screen reader says it. */
export interface Words {
  readonly short: string;
  readonly full: string;
}

/** A count of rows with how many of them are broken; `count` undefined where it is not known, `words` in full. */
export function countsOf(count: number | undefined, broken: number, words: (count: number) => string): Words {
  if (count === undefined) {
    return { short: '', full: '' };
  }
  const facts = broken === 0 ? [] : [vscode.l10n.t('{0} broken', formatNumber(broken))];
  return { short: [formatNumber(count), ...facts].join(' · '), full: [words(count), ...facts].join(', ') };
}

/** What names an end of a part, and what its tooltip says of it. */
export interface PartLabel {
  readonly label: string;
  readonly tooltip: string;
}

/** A list that is shown in parts, each named by its first and last row. */
export interface ListedRows {
  readonly length: number;
  readonly labelAt: (row: number) => PartLabel;
  readonly nodeAt: (row: number, parent: Node) => Node;
}

/** A list of rows as parts show it; the name of a row, and its node, are made on demand. */
export function listed<T>(
  rows: readonly T[],
  labelOf: (row: T) => PartLabel,
  nodeOf: (row: T, parent: Node) => Node,
): ListedRows {
  const at = (place: number) => rows[place] as T;
  return {
    length: rows.length,
    labelAt: (place) => labelOf(at(place)),
    nodeAt: (place, parent) => nodeOf(at(place), parent),
  };
}

/** How rows are put under a node. */
export interface Parts {
  readonly nodes: NodeRegistry;
  readonly notices: Notices;
  /** Rows as they are, or in parts where there are too many for one list. */
  readonly list: <T>(parent: Node, rows: readonly T[], nodeOf: (row: T) => Node) => Node[];
}
