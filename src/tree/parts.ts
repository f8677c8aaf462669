import { boundsOfPart, partsOf } from './layout.ts';
import type { Node, NodeRegistry, RangeNode } from './nodes.ts';

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

/** Rows as they are, or in parts where there are too many for one list. */
export function rowsOrParts<T>(
  nodes: NodeRegistry,
  parent: Node,
  rows: readonly T[],
  nodeOf: (row: T) => Node,
): Node[] {
  const parts = partsOf(rows.length);
  return parts === 0 ? rows.map(nodeOf) : Array.from({ length: parts }, (_, part) => nodes.range(parent, part));
}

/** The nodes of a part; none where its list is gone. */
export function nodesOfPart(node: RangeNode, list: ListedRows | undefined): Node[] {
  const { start, end } = boundsOfPart(list?.length ?? 0, node.part);
  return list === undefined ? [] : Array.from({ length: end - start }, (_, place) => list.nodeAt(start + place, node));
}
