import type { ProviderInfo } from '../providers/provider.ts';
import * as vscode from 'vscode';
import { formatNumber } from '../format.ts';
import type { Session } from '../connections/sessions.ts';
import type { ListView } from '../map/listView.ts';
import type { Arrangement, Group } from '../queries/arrange.ts';
import type { Steps } from '../transport/turns.ts';
import type { Node, NodeRegistry } from './nodes.ts';
import type { Notices } from './notices.ts';
import type { ListedRows, PartLabel } from './parts.ts';
import type { SavedFilters } from './savedFilters.ts';
import type { ViewState } from './viewState.ts';

/** What the rows of a view are, and what is under them: everything that differs between views. */
export interface RowSource<Row extends object, Grouping extends string, Sort extends string> {
  readonly state: ViewState<Row, Grouping, Sort>;
  readonly saved: SavedFilters<Row>;
  /**
   * The rows of a connection in groups, sorted and filtered as the state says. `before`: an arrangement whose order is
   * kept while a sync runs. `opened`: the ids of saved filters whose rows are on the screen.
   */
  arrange(
    session: Session,
    before: Arrangement<Row> | undefined,
    opened: ReadonlySet<string> | undefined,
  ): Steps<Arrangement<Row>>;
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
  childrenOf(node: Node, session: Session, makers: NodeMakers): Promise<Node[]> | Node[];
  /** The rows under a node that it shows in parts; undefined where this source does not list them. */
  listUnder(nodes: NodeRegistry, node: Node, session: Session): ListedRows | undefined;
  itemOf(node: Node, info: ProviderInfo, session: Session | undefined): vscode.TreeItem;
  /** Gives a row its tooltip. */
  explain(item: vscode.TreeItem, node: Node): Promise<void>;
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

/** What makes the nodes under a row. */
export interface NodeMakers {
  readonly nodes: NodeRegistry;
  readonly notices: Notices;
}
