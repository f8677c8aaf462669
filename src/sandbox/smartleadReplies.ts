import type { SandboxKey } from './options.ts';
import { json, type Reply } from './reply.ts';

export const smartleadRateLimited = (seconds: number) =>
  json(
    {
      error: {
        code: 'RATE_LIMIT_EXCEEDED',
        message: `Too many requests. Please retry after ${seconds} seconds.`,
        retry_after: seconds,
      },
    },
    429,
  );

/** What the validator refuses (Smartlead FACTS 4, "400 validation"). */
export function invalid(source: 'params' | 'query' | 'body', name: string, problem: string, path = name): Reply {
  return json(
    { statusCode: 400, error: 'Bad Request', message: `"${name}" ${problem}`, validation: { source, keys: [path] } },
    400,
  );
}

/** A 200 that is none (Smartlead FACTS 4, "400 domain": success flags vary). */
export const smartleadErrorInBody = () =>
  json({ ok: false, message: 'The change could not be saved.', errorCode: 'UPDATE_FAILED' });

/** A property that is not taken; 422 is in the documentation only (Smartlead FACTS 4). */
export const smartleadRefused = (status: 400 | 422, property: string, problem: string) =>
  status === 400 ? invalid('body', property, problem) : json({ error: `"${property}" ${problem}` }, 422);

/** A page of Express, of a route that is not there and of a body that is no JSON. */
export function page(status: number, text: string): Reply {
  return {
    status,
    body: `<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n<body>\n<pre>${text}</pre>\n</body>\n</html>\n`,
    contentType: 'text/html; charset=utf-8',
  };
}

export const noRoute = (method: string, path: string) => page(404, `Cannot ${method} ${path}`);

/** The refusal of a key; undefined: it is good. There are no scopes (Smartlead FACTS 2). */
export function refusalOf(key: SandboxKey | undefined | 'missing'): Reply | undefined {
  if (key === 'missing') {
    return json({ message: 'API key is required.' }, 401);
  }
  if (key === undefined) {
    return json({ message: 'Invalid API Key' }, 401);
  }
  return key.plan === 'inactive'
    ? { status: 403, body: 'Access denied', contentType: 'text/plain; charset=utf-8' }
    : undefined;
}

/** Unknown parameters are refused (Smartlead FACTS 2). */
export function refuseUnknown(parameters: URLSearchParams, allowed: readonly string[]): Reply | undefined {
  const unknown = [...parameters.keys()].find((name) => !allowed.includes(name));
  return unknown === undefined ? undefined : invalid('query', unknown, 'is not allowed');
}
