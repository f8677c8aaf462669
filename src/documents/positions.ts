import { parseTree, type Node } from 'jsonc-parser';
import * as vscode from 'vscode';

export type Path = readonly (string | number)[];

/** A value in a document, with where it stands. */
export interface Value {
  readonly path: Path;
  /** The name before it; undefined for a member of a list. */
  readonly name: Node | undefined;
  readonly node: Node;
}

const trees = new WeakMap<vscode.TextDocument, { readonly version: number; readonly root: Node | undefined }>();

/** The parsed document; parsed once for each version of it. Undefined where it is empty. */
export function treeOf(document: vscode.TextDocument): Node | undefined {
  const known = trees.get(document);
  if (known?.version === document.version) {
    return known.root;
  }
  const root = parseTree(document.getText());
  trees.set(document, { version: document.version, root });
  return root;
}

/** All values that touch a stretch of the text, outer ones first. A large document is only looked at where it matters. */
export function* valuesIn(root: Node, from: number, to: number): Generator<Value> {
  yield* walk({ path: [], name: undefined, node: root }, from, to);
}

/** The innermost value, or name of a value, at a place in the text. */
export function valueAt(root: Node, offset: number): Value | undefined {
  let found: Value | undefined;
  for (const value of valuesIn(root, offset, offset)) {
    found = value;
  }
  return found;
}

function* walk(value: Value, from: number, to: number): Generator<Value> {
  const { node, path } = value;
  const start = value.name?.offset ?? node.offset;
  if (start > to || node.offset + node.length < from) {
    return;
  }
  yield value;
  if (node.type === 'array') {
    for (const [index, member] of (node.children ?? []).entries()) {
      yield* walk({ path: [...path, index], name: undefined, node: member }, from, to);
    }
  } else if (node.type === 'object') {
    for (const property of node.children ?? []) {
      const [name, member] = property.children ?? [];
      if (name !== undefined && member !== undefined) {
        yield* walk({ path: [...path, String(name.value)], name, node: member }, from, to);
      }
    }
  }
}

export function rangeOf(document: vscode.TextDocument, node: Node): vscode.Range {
  return new vscode.Range(document.positionAt(node.offset), document.positionAt(node.offset + node.length));
}
