import { isObject } from '../providers/fields.ts';
import { rewriteJson } from '../providers/json.ts';
import type { Path } from '../providers/properties.ts';

/** Which properties of a document to leave out. */
type LeftOut = (path: Path) => boolean;

/** A document with its keys in order, and without what is to be left out. */
export function comparable(source: string, leftOut: LeftOut): string {
  const ordered = inOrder(source, leftOut);
  return `${rewriteJson(ordered, '  ') ?? ordered}\n`;
}

/** Whether two documents say the same, but for what is to be left out. */
export function sameContent(one: string, other: string, leftOut: LeftOut): boolean {
  return one === other || inOrder(one, leftOut) === inOrder(other, leftOut);
}

function inOrder(source: string, leftOut: LeftOut): string {
  const content: unknown = JSON.parse(source);
  return JSON.stringify(order(content, [], leftOut));
}

function order(value: unknown, path: Path, leftOut: LeftOut): unknown {
  if (Array.isArray(value)) {
    return value.map((member, index) => order(member, [...path, index], leftOut));
  }
  if (!isObject(value)) {
    return value;
  }
  const entries = Object.entries(value)
    .filter(([name]) => !leftOut([...path, name]))
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([name, member]) => [name, order(member, [...path, name], leftOut)] as const);
  return Object.fromEntries(entries);
}
