import * as vscode from 'vscode';
import type { Sessions } from '../connections/sessions.ts';
import { meaningOf } from '../providers/codes.ts';
import { code } from '../providers/fields.ts';
import type { Property } from '../providers/properties.ts';
import { formatAge, formatTime, formatWeekday } from '../format.ts';
import { valuesIn, type Value } from './positions.ts';
import { propertyOf, subjectOf, type Subject } from './subjects.ts';

/** After a coded value its meaning, after a number its unit, after a time the local time and its age. */
export class HintsProvider implements vscode.InlayHintsProvider {
  readonly #sessions: Sessions;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  async provideInlayHints(
    document: vscode.TextDocument,
    range: vscode.Range,
    token: vscode.CancellationToken,
  ): Promise<vscode.InlayHint[]> {
    const subject = await subjectOf(this.#sessions, document);
    if (subject === undefined) {
      return [];
    }
    const hints: vscode.InlayHint[] = [];
    for (const value of valuesIn(subject.root, document.offsetAt(range.start), document.offsetAt(range.end))) {
      if (token.isCancellationRequested) {
        return [];
      }
      const words = hintFor(subject, value);
      if (words !== undefined) {
        const hint = new vscode.InlayHint(document.positionAt(value.node.offset + value.node.length), words);
        hint.paddingLeft = true;
        hints.push(hint);
      }
    }
    return hints;
  }
}

function hintFor(subject: Subject, value: Value): string | undefined {
  const { node } = value;
  if (node.type === 'object' || node.type === 'array') {
    return undefined;
  }
  const property = propertyOf(subject, value) ?? weekdaysAbove(subject, value);
  if (property?.weekdays) {
    // A day that is off needs no name.
    return node.value === false ? undefined : weekdayOf(value);
  }
  return property && hintOf(property, node.value);
}

function hintOf({ codes, unit, time }: Property, value: unknown): string | undefined {
  if (time && typeof value === 'string') {
    const at = Date.parse(value);
    return Number.isNaN(at) ? undefined : `${formatTime(value)}, ${formatAge(at)}`;
  }
  const known = codes === undefined ? undefined : codeIn(codes, value);
  if (known !== undefined) {
    // A self-explanatory word needs no other after it.
    return known.toLowerCase() === String(value).toLowerCase() ? undefined : known;
  }
  return typeof value === 'number' ? unit?.() : undefined;
}

/** The words of a code that is known; an unknown one gets none. */
export function codeIn(codes: NonNullable<Property['codes']>, value: unknown): string | undefined {
  const key = typeof value === 'boolean' || value === null ? String(value) : code(value);
  return key !== undefined && Object.hasOwn(codes, key) ? meaningOf(codes, key).words : undefined;
}

/** Days may stand as names of properties, where what is described is what holds them. */
export function weekdaysAbove(subject: Subject, { path, name, node }: Value): Property | undefined {
  const above = propertyOf(subject, { path: path.slice(0, -1), name, node });
  return above?.weekdays ? above : undefined;
}

/** The name of the day that a value is about: `"1": true` and `1` are Monday on both services. */
export function weekdayOf({ path, node }: Value): string | undefined {
  const value: unknown = node.value;
  const day = typeof value === 'boolean' ? Number(path.at(-1)) : typeof value === 'number' ? value : Number.NaN;
  return Number.isInteger(day) && day >= 0 && day <= 6 ? formatWeekday(day) : undefined;
}
