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

/** A page of the gateway in front of a service, which is not the service's JSON (Instantly FACTS 3.1). */
export function gatewayBlock(): Reply {
  return {
    status: 403,
    body: "<!DOCTYPE html><html><head><title>Access denied</title></head><body><h1>Error 1010</h1><p>The owner of this website has banned your access based on your browser's signature.</p></body></html>",
    contentType: 'text/html; charset=UTF-8',
  };
}
