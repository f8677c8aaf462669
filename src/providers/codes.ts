import { t } from '@vscode/l10n';
import type { Code, State } from './model.ts';

/** What a code means: a word for people and the state that decides its icon. */
export interface Meaning {
  readonly words: () => string;
  readonly state: State;
}

export type CodeTable = Readonly<Record<string, Meaning>>;

/** A table's meaning of a code. The sets are open: a code that is not in the table is shown as it came. */
export function meaningOf(table: CodeTable, code: Code | undefined): { readonly words: string; readonly state: State } {
  if (code === undefined) {
    return { words: t('Status not given'), state: 'unknown' };
  }
  const meaning = Object.hasOwn(table, code) ? table[code] : undefined;
  return meaning === undefined
    ? { words: t('Unknown ({0})', code), state: 'unknown' }
    : { words: meaning.words(), state: meaning.state };
}
