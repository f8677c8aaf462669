import { t } from '@vscode/l10n';
import { Ajv, type ErrorObject } from 'ajv';
import formats from 'ajv-formats';
import {
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import { sameRecord } from '../map/equal.ts';
import { isObject, type Json } from '../providers/fields.ts';
import type { Path } from '../providers/properties.ts';
import type { CampaignSchema } from '../providers/provider.ts';

/** Something that is wrong in a draft, and where it stands, in UTF-16 units of its text. */
export interface DraftProblem {
  readonly message: string;
  readonly offset: number;
  readonly length: number;
}

/** What a draft says, or why it cannot be applied. */
export type CheckedDraft = { readonly values: Json } | { readonly problems: readonly DraftProblem[] };

/**
 * Reads a draft and checks what it would change. What it leaves as it was is not checked, because it does not go out:
 * campaigns hold values that their service would not take (Instantly FACTS 2.3).
 *
 * @param base the values when the draft was made.
 */
export function checkDraft(text: string, schema: CampaignSchema, base: Json): CheckedDraft {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  if (root === undefined || errors.length > 0) {
    return { problems: errors.map(syntaxProblem) };
  }
  const values: unknown = getNodeValue(root);
  if (!isObject(values)) {
    return { problems: [{ message: t('A draft is an object with properties.'), ...placeOf(root, []) }] };
  }
  const problems: DraftProblem[] = repeatedNames(root);
  for (const error of schemaErrors(schema, values)) {
    const path = pathOf(error);
    const [property] = path;
    const unchanged = property !== undefined && sameRecord(values[property], base[property]);
    if (!unchanged && !isOfService(error, path, base)) {
      problems.push({ message: messageOf(error, path), ...placeOf(root, path) });
    }
  }
  return problems.length === 0 ? { values } : { problems };
}

/**
 * Where a refusal belongs in a draft: at the innermost property that its words name as a path below the body
 * (`body/daily_limit must be number`, Instantly FACTS 3.1), or otherwise at the one of those that were sent that they
 * name; undefined where they name none.
 */
export function refusedAt(why: string, text: string, sent: readonly string[]): DraftProblem | undefined {
  const root = parseTree(text);
  if (root === undefined) {
    return undefined;
  }
  const pointer = /\bbody((?:\/[^\s/:]+)+)/.exec(why)?.[1];
  const named = pointer === undefined ? [] : segmentsOf(pointer);
  const property = sent.includes(String(named[0])) ? named[0] : sent.find((name) => mentions(why, name));
  if (property === undefined) {
    return undefined;
  }
  return { message: why, ...placeOf(root, property === named[0] ? named : [property]) };
}

/** A problem of one property of a draft. */
export function problemAt(message: string, text: string, property: string): DraftProblem {
  const root = parseTree(text);
  return { message, ...(root === undefined ? { offset: 0, length: 0 } : placeOf(root, [property])) };
}

function mentions(text: string, name: string): boolean {
  return text.split(/\W+/).includes(name);
}

function syntaxProblem({ error, offset, length }: ParseError): DraftProblem {
  return { message: t('This is not JSON: {0}.', printParseErrorCode(error)), offset, length };
}

/** Of a name that stands there twice, JSON takes the last value, and the other change would be lost. */
function repeatedNames({ type, children = [] }: Node): DraftProblem[] {
  const names = new Set<unknown>();
  const problems: DraftProblem[] = [];
  for (const child of children) {
    const [name, value]: readonly (Node | undefined)[] =
      type === 'object' ? (child.children ?? []) : [undefined, child];
    if (name !== undefined && names.has(name.value)) {
      problems.push({ message: t('"{0}" stands here twice.', String(name.value)), ...rangeOf(name) });
    }
    names.add(name?.value);
    for (const problem of value === undefined ? [] : repeatedNames(value)) {
      problems.push(problem);
    }
  }
  return problems;
}

function schemaErrors(schema: CampaignSchema, values: Json): readonly ErrorObject[] {
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.validate(schema, values);
  return ajv.errors ?? [];
}

/** True for a property inside another that the service itself gave: it knows more than its document says. */
function isOfService({ keyword }: ErrorObject, path: Path, base: Json): boolean {
  const [property = '', ...inside] = path;
  const name = inside.at(-1);
  return keyword === 'additionalProperties' && typeof name === 'string' && namesIn(base[property]).has(name);
}

/** The names of all properties in a value, however deep. */
function namesIn(value: unknown, names = new Set<string>()): ReadonlySet<string> {
  if (Array.isArray(value)) {
    for (const member of value) {
      namesIn(member, names);
    }
  } else if (isObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      names.add(name);
      namesIn(member, names);
    }
  }
  return names;
}

/** Where an error is; of a property that should not be there, at the property. */
function pathOf({ keyword, instancePath, params }: ErrorObject): Path {
  const path = segmentsOf(instancePath);
  return keyword === 'additionalProperties' ? [...path, String(params['additionalProperty'])] : path;
}

/** The segments of a JSON pointer. */
function segmentsOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment));
}

function messageOf({ keyword, message = '', params }: ErrorObject, path: Path): string {
  const name = path.join('.');
  switch (keyword) {
    case 'additionalProperties':
      return t('"{0}" cannot be set.', name);
    case 'enum':
      return t('"{0}" is none of the values that can be set.', name);
    case 'required':
      return t('"{0}" is missing in "{1}".', String(params['missingProperty']), name);
    case 'minProperties':
      return name === '' ? t('A draft needs at least one property.') : t('"{0}" is empty.', name);
    default:
      return t('"{0}" {1}.', name, message);
  }
}

/** The innermost value on a path that is there, with the name before it. */
function placeOf(root: Node, path: Path): Pick<DraftProblem, 'offset' | 'length'> {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = findAt(root, path.slice(0, depth));
    if (node !== undefined) {
      return rangeOf(node.parent?.type === 'property' ? node.parent : node);
    }
  }
  // All of a long text underlined says nothing.
  return { offset: root.offset, length: 1 };
}

/** Numbers may be names, as those of days are. */
function findAt(root: Node, path: Path): Node | undefined {
  let node: Node | undefined = root;
  for (const segment of path) {
    node = node && findNodeAtLocation(node, [node.type === 'array' ? segment : String(segment)]);
  }
  return node;
}

function rangeOf({ offset, length }: Node): Pick<DraftProblem, 'offset' | 'length'> {
  return { offset, length };
}
