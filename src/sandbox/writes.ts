import type { Clock } from './clock.ts';
import type { WriteFault } from './faults.ts';
import type { Service } from './options.ts';
import type { Reply } from './reply.ts';

/** A write that was checked, and is not done yet. */
export interface Write {
  /** Does it. @param ignored names of properties that are not taken over, and emails that fail. */
  apply(ignored: readonly string[]): void;
  /** The answer, by the state of that moment. */
  answer(): Reply;
}

/** A write as it arrived: anything but a GET and the POSTs that read. Credentials are not kept. */
export interface SeenWrite {
  readonly service: Service;
  readonly method: string;
  /** Below the base URL, without the query. */
  readonly path: string;
  /** Undefined where none was sent, and null where it was no JSON. */
  readonly body: unknown;
  /** What was answered; 0 where nothing was. */
  status: number;
  /** Whether it changes anything, now or later, whatever was answered. */
  done: boolean;
}

/** How a service says what goes wrong. */
export interface TroubleReplies {
  /** @param seconds when to try again. */
  rateLimited(seconds: number): Reply;
  errorInBody(): Reply;
  refused(status: 400 | 422, property: string, problem: string): Reply;
}

/**
 * Does a write, as far as nothing goes wrong with it.
 *
 * @param check what the service says to it, or what it would do.
 * @returns the answer; `cut` where none comes.
 */
export function perform(
  seen: SeenWrite,
  check: () => Write | Reply,
  fault: WriteFault | undefined,
  replies: TroubleReplies,
  clock: Clock,
): Reply | 'cut' {
  if (fault?.kind === 'cutBefore') {
    return 'cut';
  }
  if (fault?.kind === 'rateLimited') {
    const { retryAfter } = fault;
    const reply = replies.rateLimited(retryAfter ?? 1);
    return retryAfter === undefined ? reply : { ...reply, headers: { 'retry-after': String(retryAfter) } };
  }
  const outcome = check();
  if (!('apply' in outcome)) {
    return outcome;
  }
  if (fault?.kind === 'errorInBody') {
    return replies.errorInBody();
  }
  if (fault?.kind === 'refused') {
    return replies.refused(fault.status, fault.property, fault.problem);
  }
  seen.done = true;
  if (fault?.kind === 'late') {
    clock.after(fault.milliseconds, () => {
      outcome.apply([]);
    });
    return outcome.answer();
  }
  outcome.apply(fault?.kind === 'ignored' ? fault.names : []);
  return fault?.kind === 'cutAfter' ? 'cut' : outcome.answer();
}

/** What was sent without the key, which Smartlead takes in a body too (Smartlead FACTS 2). */
export function withoutKey(sent: unknown): unknown {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) {
    return sent;
  }
  return Object.fromEntries(Object.entries(sent).filter(([name]) => name !== 'api_key'));
}
