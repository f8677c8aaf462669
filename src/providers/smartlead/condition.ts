import { t } from '@vscode/l10n';
import { meaningOf } from '../codes.ts';
import { conditionOf, type Condition, type Finding } from '../condition.ts';
import { code, flag, list, object, text, time, type Json } from '../fields.ts';
import { campaignStatus, warmupStatus } from './codes.ts';

/**
 * How an account is: Smartlead has no status of one, but connection checks, a suspension and a warmup that may be
 * blocked (Smartlead FACTS 3.8, 3.9). The worst wins: a failed connection, then the block, then the suspension.
 */
export function accountCondition(item: Json): Condition {
  const warmup = object(item['warmup_details']);
  return conditionOf([connectionFinding(item), blockFinding(warmup), suspensionFinding(item), unknownWarmup(warmup)], {
    state: 'unknown',
    words: t('Status not given'),
  });
}

/** What only the answer about one account says: lists have neither the suspension nor the flag of a block (FACTS 3.9). */
export function ownFindings(item: Json): readonly Finding[] {
  return [blockFinding(object(item['warmup_details'])), suspensionFinding(item)].filter(
    (finding) => finding !== undefined,
  );
}

function suspensionFinding(item: Json): Finding | undefined {
  return flag(item['is_suspended']) === true
    ? { state: 'paused', words: t('Suspended'), problem: 'suspended' }
    : undefined;
}

/** Connected only where both checks say so: half a connection sends without seeing the answers, or sends nothing. */
function connectionFinding(item: Json): Finding | undefined {
  const [smtp, imap] = [flag(item['is_smtp_success']), flag(item['is_imap_success'])];
  const [smtpError, imapError] = [text(item['smtp_failure_error']), text(item['imap_failure_error'])];
  if (smtp === false && imap === false) {
    const reason = bothReasons(smtpError, imapError);
    return { state: 'error', words: t('SMTP and IMAP disconnected'), reason, problem: 'disconnected' };
  }
  if (smtp === false) {
    return { state: 'error', words: t('SMTP disconnected'), reason: smtpError, problem: 'disconnected' };
  }
  if (imap === false) {
    return { state: 'error', words: t('IMAP disconnected'), reason: imapError, problem: 'disconnected' };
  }
  if (smtp === true && imap === true) {
    return { state: 'healthy', words: t('Connected') };
  }
  if (smtp === true) {
    return { state: 'unknown', words: t('IMAP not known'), reason: imapError };
  }
  if (imap === true) {
    return { state: 'unknown', words: t('SMTP not known'), reason: smtpError };
  }
  const reason = bothReasons(smtpError, imapError);
  return reason === undefined ? undefined : { state: 'unknown', words: t('Status not given'), reason };
}

function bothReasons(smtpError: string | undefined, imapError: string | undefined): string | undefined {
  const reasons = [
    smtpError === undefined ? undefined : t('SMTP: {0}', smtpError),
    imapError === undefined ? undefined : t('IMAP: {0}', imapError),
  ].filter((reason) => reason !== undefined);
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

/** Lists lack `is_warmup_blocked`: there only a reason shows a block, while the reputation stays 100 (FACTS 3.8, 6). */
function blockFinding(warmup: Json | undefined): Finding | undefined {
  const reason = text(warmup?.['blocked_reason']);
  return reason === undefined && flag(warmup?.['is_warmup_blocked']) !== true
    ? undefined
    : { state: 'warning', words: t('Warmup blocked'), reason, problem: 'warmup-blocked' };
}

/** Running or paused warmup says nothing about the account; an undocumented word may be a block. */
function unknownWarmup(warmup: Json | undefined): Finding | undefined {
  const status = code(warmup?.['status']);
  const { words, state } = meaningOf(warmupStatus, status);
  return state === 'unknown' && status !== undefined ? { state, words: t('Warmup: {0}', words) } : undefined;
}

/** How a campaign is (Smartlead FACTS 3.1, 3.14): its status, and of a pause whether bounce protection made it. */
export function campaignCondition(item: Json): Condition {
  const status = code(item['status']);
  const meaning = meaningOf(campaignStatus, status);
  const reason = meaning.state === 'paused' ? pauseReason(item['campaign_activity_logs']) : undefined;
  return conditionOf(
    [],
    reason !== undefined && /bounce/i.test(reason)
      ? { state: 'warning', words: t('Paused: bounce protection'), reason, problem: 'bounce-protection' }
      : { ...meaning, reason, problem: reason === undefined ? undefined : 'paused-by-service' },
  );
}

/**
 * The `paused_reason` of the newest entry of a campaign's log, which only lists of campaigns have; `{}` on a draft. The
 * shape of an entry is not known (Smartlead FACTS 3.1): where all have a time it decides, otherwise the last is newest.
 */
function pauseReason(value: unknown): string | undefined {
  const entries = (list(value, object) ?? []).map((entry) => ({ entry, at: timeIn(entry) }));
  const dated = entries.every(({ at }) => at !== undefined);
  const newest = entries.reduce<(typeof entries)[number] | undefined>(
    (best, next) => (!dated || (next.at ?? 0) >= (best?.at ?? 0) ? next : best),
    undefined,
  );
  return text(newest?.entry['paused_reason']);
}

/** The first time in an entry, whatever it is called, in milliseconds since the epoch. */
function timeIn(entry: Json): number | undefined {
  return Object.values(entry)
    .map(time)
    .find((at) => at !== undefined);
}
