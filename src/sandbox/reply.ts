import type { SandboxKey } from './options.ts';

/** A request as a service gets it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  /** Without the key. */
  readonly query: URLSearchParams;
  readonly key: SandboxKey | undefined | 'missing';
  /** Empty where none is named. */
  readonly contentType: string;
  /** Empty where nothing was sent. */
  readonly text: string;
}

/** What a handler answers; text goes out as it is, anything else as JSON. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string;
}

export function json(body: unknown, status = 200): Reply {
  return { status, body };
}

/** The JSON in a text, made at each call; undefined where there is no text, and null where it is no JSON. */
export function parsed(text: string): unknown {
  if (text === '') {
    return undefined;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
