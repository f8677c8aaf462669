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
