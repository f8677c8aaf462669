import { parseTree, type Node, type ParseError } from 'jsonc-parser';
import { isCredential, maskInner } from '../transport/redaction.ts';

/**
 * Writes JSON text anew without credentials, and otherwise as the service sent it: numbers, strings and the order of
 * keys stay what they were, which `JSON.parse` would not promise. With an indentation it is also pretty-printed.
 *
 * @returns undefined where the text is not JSON.
 */
export function rewriteJson(source: string, indentation = ''): string | undefined {
  const errors: ParseError[] = [];
  const root = parseTree(source, errors, { disallowComments: true });
  return root === undefined || errors.length > 0 ? undefined : write(root, source, indentation, '');
}

function write(node: Node, source: string, indentation: string, margin: string): string {
  const inner = margin + indentation;
  const parts: string[] = [];
  switch (node.type) {
    case 'object':
      for (const property of node.children ?? []) {
        const [name, value] = property.children ?? [];
        if (name === undefined || value === undefined || isCredential(String(name.value), value.value)) {
          continue;
        }
        const colon = indentation === '' ? ':' : ': ';
        parts.push(raw(name, source) + colon + write(value, source, indentation, inner));
      }
      return wrap('{', parts, '}', inner, margin, indentation);
    case 'array':
      for (const member of node.children ?? []) {
        parts.push(write(member, source, indentation, inner));
      }
      return wrap('[', parts, ']', inner, margin, indentation);
    default:
      return typeof node.value === 'string' ? withoutInner(node.value, node, source) : raw(node, source);
  }
}

/** A string as the service sent it, unless there is JSON with credentials or a URL with a password in it. */
function withoutInner(value: string, node: Node, source: string): string {
  const masked = maskInner(value);
  return masked === value ? raw(node, source) : JSON.stringify(masked);
}

function raw(node: Node, source: string): string {
  return source.slice(node.offset, node.offset + node.length);
}

function wrap(
  open: string,
  parts: readonly string[],
  close: string,
  inner: string,
  margin: string,
  indentation: string,
) {
  if (parts.length === 0) {
    return open + close;
  }
  return indentation === ''
    ? open + parts.join(',') + close
    : `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${margin}${close}`;
}

/** The texts of the members of an array inside JSON, e.g. of `items`, each as the service sent it. */
export function membersOf(source: string, property?: string): string[] | undefined {
  const root = parseTree(source);
  const array =
    property === undefined
      ? root
      : root?.children?.find((child) => child.children?.[0]?.value === property)?.children?.[1];
  return array?.type === 'array' ? (array.children ?? []).map((member) => raw(member, source)) : undefined;
}
