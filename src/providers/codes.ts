import { t } from '@vscode/l10n';
import type { Code, ProblemKind, State } from './model.ts';

/** What a code means: a word for people and the state that decides its icon. */
export interface Meaning {
  readonly words: () => string;
  readonly state: State;
  /** What is the matter, where rules of health know it. */
  readonly problem?: ProblemKind;
}

/** What a code means, in words. */
export interface CodeMeaning {
  readonly words: string;
  readonly state: State;
  readonly problem?: ProblemKind | undefined;
}

export type CodeTable = Readonly<Record<string, Meaning>>;

/** What a boolean means where it is true and where it is false. */
export function yesOrNo(yes: () => string, no: () => string): CodeTable {
  return { true: { words: yes, state: 'healthy' }, false: { words: no, state: 'healthy' } };
}

/** A table's meaning of a code. The sets are open: a code that is not in the table is shown as it came. */
export function meaningOf(table: CodeTable, code: Code | undefined): CodeMeaning {
  if (code === undefined) {
    return { words: t('Status not given'), state: 'unknown' };
  }
  const meaning = Object.hasOwn(table, code) ? table[code] : undefined;
  return meaning === undefined
    ? { words: t('Unknown ({0})', code), state: 'unknown' }
    : { words: meaning.words(), state: meaning.state, problem: meaning.problem };
}

/**
 * The reply code in a mail server's answer (RFC 5321) or its enhanced code (RFC 3463): `550 5.1.1`, `535-5.7.8`.
 * A bare number counts only where a reply code may stand, since texts also have ports and durations.
 */
const REPLY_CODE =
  /(?:^|[([]|:\s+|\b(?:error|code|response|reply|status)\s+)(?<reply>[45])[0-5]\d(?=[\s\-:;,.)\]]|$)|(?<![\d.])(?<enhanced>[45])\.[0-7]\.\d{1,3}(?!\d|\.\d)/im;

/** What is read of a mail server's answer, in characters: the code stands at its beginning. */
const LONGEST_ANSWER = 2000;

/** The enhanced code in an answer, wherever it stands. */
const ENHANCED_CODE = /(?<![\d.])[45]\.[0-7]\.\d{1,3}(?!\d|\.\d)/;

/** A limit that ends with the day, in the words that mail servers have for it. */
const DAILY_LIMIT = /\bdaily\b[^.\n]{0,40}?\b(?:limit|quota)\b/i;

/**
 * Whether an answer is about a limit that ends with the day although its reply code is permanent. Google's `550-5.4.5`
 * is the daily limit of a user or of a relay, whatever its words; RFC 3463 has 4.5 for congestion.
 */
function isDailyLimit(answer: string): boolean {
  return ENHANCED_CODE.exec(answer)?.[0] === '5.4.5' || DAILY_LIMIT.test(answer);
}

/** Whether a mail server refuses permanently (5xx) or for now (4xx, and a daily limit); undefined: neither. */
export function smtpMeaning(answer: string): 'permanent' | 'transient' | undefined {
  const read = answer.slice(0, LONGEST_ANSWER).trim();
  const { reply, enhanced } = REPLY_CODE.exec(read)?.groups ?? {};
  const first = reply ?? enhanced;
  if (first === undefined) {
    return undefined;
  }
  return first === '5' && !isDailyLimit(read) ? 'permanent' : 'transient';
}
