import type { SandboxOptions } from './options.ts';

/** Counts the requests of each key in fixed windows, as the observed headers do (Smartlead FACTS 5). */
export class Limiter {
  readonly #limit: SandboxOptions['limit'];
  readonly #windows = new Map<string, { reset: number; used: number }>();

  constructor(limit: SandboxOptions['limit']) {
    this.#limit = limit;
  }

  take(key: string): { refused: boolean; retryAfter: number; headers: Record<string, string> } {
    if (this.#limit === undefined) {
      return { refused: false, retryAfter: 0, headers: {} };
    }
    const { requests, seconds, headers } = this.#limit;
    const now = Date.now();
    let window = this.#windows.get(key);
    if (window === undefined || window.reset <= now) {
      window = { reset: now + seconds * 1000, used: 0 };
      this.#windows.set(key, window);
    }
    window.used += 1;
    const refused = window.used > requests;
    const retryAfter = Math.max(1, Math.ceil((window.reset - now) / 1000));
    return {
      refused,
      retryAfter,
      headers: headers
        ? {
            'x-ratelimit-limit': String(requests),
            'x-ratelimit-remaining': String(Math.max(0, requests - window.used)),
            'x-ratelimit-reset': String(Math.ceil(window.reset / 1000)),
            ...(refused ? { 'retry-after': String(retryAfter) } : {}),
          }
        : {},
    };
  }
}
