import { t } from '@vscode/l10n';
import { meaningOf } from '../codes.ts';
import { conditionOf, type Condition, type Finding } from '../condition.ts';
import { code, object, text, type Json } from '../fields.ts';
import type { Code } from '../model.ts';
import {
  accountStatus,
  autofixFailed,
  campaignStatus,
  notSendingStatus,
  trackingDomainStatus,
  warmupStatus,
} from './codes.ts';

/**
 * The condition of an account (Instantly FACTS 2.1). The worst wins, and of two that are equally bad the first of: its
 * status, its warmup, the automatic reconnect, the tracking domain, the setup.
 */
export function accountCondition(item: Json): Condition {
  const status = code(item['status']);
  const reason = statusReason(item['status_message']);
  const { words, state, problem } = meaningOf(accountStatus, status);
  return conditionOf(
    [
      // The message of a past problem may still be there.
      status === undefined ? undefined : { state, words, reason: state === 'healthy' ? undefined : reason, problem },
      warmupFinding(item['warmup_status']),
      item['autofix_failed'] === true ? meaningOf(autofixFailed, 'true') : undefined,
      trackingFinding(item['tracking_domain_status']),
      item['setup_pending'] === true
        ? { state: 'paused', words: t('Setup pending'), problem: 'setup-pending' }
        : undefined,
    ],
    { state, words, reason },
  );
}

/** Running or paused warmup says nothing about the account; an undocumented code may be a ban. */
function warmupFinding(value: unknown): Finding | undefined {
  const warmup = code(value);
  if (warmup === undefined) {
    return undefined;
  }
  const { words, state, problem } = meaningOf(warmupStatus, warmup);
  return state === 'healthy' || state === 'paused' ? undefined : { state, words: t('Warmup: {0}', words), problem };
}

/**
 * Values that are known to be bad, and undocumented ones: no page lists the values (Instantly FACTS 2.1). The one of
 * the example in the document, which was never seen, counts as healthy.
 */
function trackingFinding(value: unknown): Finding | undefined {
  const status = code(value);
  if (status === undefined || status === 'active') {
    return undefined;
  }
  const { words, state, problem } = meaningOf(trackingDomainStatus, status);
  return state === 'error' || state === 'unknown'
    ? { state, words: t('Tracking domain: {0}', words), problem }
    : undefined;
}

/** The mail server's own words inside `status_message`, an open object (Instantly FACTS 2.1). */
function statusReason(value: unknown): string | undefined {
  const message = object(value);
  return message === undefined
    ? text(value)
    : (text(message['response']) ?? text(message['e_message']) ?? text(message['message']) ?? text(message['code']));
}

/**
 * The condition of a campaign (Instantly FACTS 2.3): its status, or why it sends nothing where that is worse. What ends
 * without anyone doing something, such as a schedule or a daily limit, is a note and no problem.
 */
export function campaignCondition(item: Json): Condition {
  const status = code(item['status']);
  const notSending = code(item['not_sending_status']);
  const findings = [
    status === undefined ? undefined : meaningOf(campaignStatus, status),
    notSending === undefined ? undefined : notSendingFinding(notSending),
  ];
  return conditionOf(findings, meaningOf(campaignStatus, status));
}

function notSendingFinding(notSending: Code): Finding {
  const { words, state, problem } = meaningOf(notSendingStatus, notSending);
  return { state, words: t('Not sending: {0}', words), note: state === 'paused', problem };
}
