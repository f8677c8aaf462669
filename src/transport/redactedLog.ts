import type { Log } from './log.ts';
import type { Redactor } from './redaction.ts';

/** A log that gets no line with a key, another credential, an address or an id in it. */
export function redactedLog(log: Log, redactor: Redactor): Log {
  return {
    debug: (message) => {
      log.debug(redactor.redactForLog(message));
    },
    info: (message) => {
      log.info(redactor.redactForLog(message));
    },
    warn: (message) => {
      log.warn(redactor.redactForLog(message));
    },
    error: (message) => {
      log.error(redactor.redactForLog(message));
    },
  };
}
