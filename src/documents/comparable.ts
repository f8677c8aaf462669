import { isObject } from '../providers/fields.ts';
import { rewriteJson } from '../providers/json.ts';
import { propertyAt, type Properties } from '../providers/properties.ts';

/** Times that somebody sets, or that matter by themselves. */
const SET_BY_PEOPLE = new Set(['schedule_start_time', 'scheduled_for_removal_at', 'expires_at']);

/** A document with its keys in order, and without what always differs where that is not wanted. */
export function comparable(source: string, properties: Properties, ignoreVolatile: boolean): string {
  const ordered = inOrder(source, properties, ignoreVolatile);
  return `${rewriteJson(ordered, '  ') ?? ordered}\n`;
}

/** Whether two documents say the same, but for what always differs. */
export function sameContent(one: string, other: string, properties: Properties): boolean {
  return one === other || inOrder(one, properties, true) === inOrder(other, properties, true);
}

function inOrder(source: string, properties: Properties, ignoreVolatile: boolean): string {
  const content: unknown = JSON.parse(source);
  return JSON.stringify(order(content, [], properties, ignoreVolatile));
}

function order(
  value: unknown,
  path: readonly (string | number)[],
  properties: Properties,
  ignoreVolatile: boolean,
): unknown {
  if (Array.isArray(value)) {
    return value.map((member, index) => order(member, [...path, index], properties, ignoreVolatile));
  }
  if (!isObject(value)) {
    return value;
  }
  const entries = Object.entries(value)
    .filter(([name]) => !ignoreVolatile || !isVolatile(name, [...path, name], properties))
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([name, member]) => [name, order(member, [...path, name], properties, ignoreVolatile)] as const);
  return Object.fromEntries(entries);
}

function isVolatile(name: string, path: readonly (string | number)[], properties: Properties): boolean {
  // Limits that are called counts, and times that people set, are what a comparison is for.
  return (
    (propertyAt(properties, path)?.time === true && !SET_BY_PEOPLE.has(name)) ||
    (name.endsWith('_count') && !/_(min|max)_count$/.test(name))
  );
}
