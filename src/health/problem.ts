import { t } from '@vscode/l10n';
import { smtpMeaning } from '../providers/codes.ts';
import type { Account, Campaign, Problem, ProblemKind } from '../providers/model.ts';

/** A problem that the record itself has. */
export function problemOf({ problems }: Account | Campaign, kind: ProblemKind): Problem | undefined {
  return problems?.find((problem) => problem.kind === kind);
}

/** The service's words and the reason, with what the answer of a mail server means (RFC 5321). */
export function problemWords(record: Account | Campaign, kind: ProblemKind): string {
  const problem = problemOf(record, kind);
  if (problem?.reason === undefined) {
    return problem?.words ?? '';
  }
  switch (smtpMeaning(problem.reason)) {
    case 'permanent':
      return t('{0}: {1} (permanent)', problem.words, problem.reason);
    case 'transient':
      return t('{0}: {1} (temporary)', problem.words, problem.reason);
    default:
      return `${problem.words}: ${problem.reason}`;
  }
}
