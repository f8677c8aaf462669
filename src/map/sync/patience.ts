import type { ErrorKind, ServiceError } from '../../transport/errors.ts';

/** Every request would fail like this one: it is about the key, the plan or the window, not about what was asked for. */
const FOR_ALL: ReadonlySet<ErrorKind> = new Set([
  'badKey',
  'planInactive',
  'rateLimited',
  'blocked',
  'setting',
  'keychain',
  'ended',
]);
/** A service that cannot be reached: one request may be unlucky. */
const UNREACHABLE: ReadonlySet<ErrorKind> = new Set(['network', 'timeout', 'unavailable']);
/** Requests in a row that reach nothing before the others are not made; each has been tried several times. */
const MOST_IN_A_ROW = 3;

/** How long it makes sense to go on asking a service one thing after another. */
export class Patience {
  #inARow = 0;
  #ended = false;

  /** True where the rest need not be asked. */
  get ended(): boolean {
    return this.#ended;
  }

  succeeded(): void {
    this.#inARow = 0;
  }

  failed({ kind }: ServiceError): void {
    this.#inARow = UNREACHABLE.has(kind) ? this.#inARow + 1 : 0;
    this.#ended ||= FOR_ALL.has(kind) || this.#inARow >= MOST_IN_A_ROW;
  }
}
