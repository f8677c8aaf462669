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

/**
 * The reply code in a mail server's answer (RFC 5321) or its enhanced code (RFC 3463): `550 5.1.1`, `535-5.7.8`.
 * A bare number counts only where a reply code may stand, since texts also have ports and durations.
 */
const REPLY_CODE =
  /(?:^|[([]|:\s+|\b(?:error|code|response|reply|status)\s+)(?<reply>[45])[0-5]\d(?=[\s\-:;,.)\]]|$)|(?<![\d.])(?<enhanced>[45])\.[0-7]\.\d{1,3}(?!\d|\.\d)/im;

/** What is read of a mail server's answer, in characters: the code stands at its beginning. */
const LONGEST_ANSWER = 2000;

/** Whether a mail server's answer says no for good (5xx) or for now (4xx); undefined where it tells neither. */
export function smtpMeaning(answer: string): 'permanent' | 'transient' | undefined {
  const { reply, enhanced } = REPLY_CODE.exec(answer.slice(0, LONGEST_ANSWER).trim())?.groups ?? {};
  const first = reply ?? enhanced;
  return first === undefined ? undefined : first === '5' ? 'permanent' : 'transient';
}
