import type { Json } from './instantlyWorld.ts';
import type { InstantlyQuirk, SandboxKey } from './options.ts';
import { json, type Reply } from './reply.ts';

/** The envelope of Instantly's errors (Instantly FACTS 3.1). */
export function failure(status: number, error: string, message: string): Reply {
  return json({ statusCode: status, error, message }, status);
}

export const badRequest = (message: string) => failure(400, 'Bad Request', message);

export const notFound = (message = 'Resource not found') => failure(404, 'Not Found', message);

export const notUuid = () => badRequest('params/id must match format "uuid"');

/** A route that is not there, in the order of keys that was recorded. */
export function noRoute(method: string, path: string): Reply {
  return json({ message: `Route ${method}:${path} not found`, error: 'Not Found', statusCode: 404 }, 404);
}

export const instantlyRateLimited = () => failure(429, 'Too Many Requests', 'Rate limit exceeded');

/** A 200 that is none, in a shape that other routes have for errors (Instantly FACTS 3.1). */
export const instantlyErrorInBody = () => json({ error: 'The change could not be saved.' });

/** A property that is not taken. */
export const instantlyRefused = (status: 400 | 422, property: string, problem: string) =>
  failure(status, status === 400 ? 'Bad Request' : 'Unprocessable Entity', `body/${property} ${problem}`);

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The refusal of a key; undefined: it is good for what has this scope, such as `accounts:read`. */
export function refusalOf(key: SandboxKey | undefined | 'missing', scope?: string): Reply | undefined {
  if (key === 'missing') {
    return failure(401, 'Unauthorized', 'Missing authorization header');
  }
  if (key === undefined) {
    return failure(401, 'Unauthorized', 'Invalid API key');
  }
  if (key.plan === 'inactive') {
    return failure(402, 'Payment Required', 'Workspace does not have an active paid plan');
  }
  const [resource = '', action = ''] = scope?.split(':') ?? [];
  const enough = [scope, `${resource}:all`, `all:${action}`, 'all:all'];
  if (scope !== undefined && key.scopes?.some((one) => enough.includes(one)) === false) {
    // The exact words are not known (Instantly FACTS 3.1); the envelope is.
    return failure(403, 'Forbidden', `Missing required scope: ${scope}`);
  }
  return undefined;
}

/** An account as the read of one gives it, which has all of its warmup (Instantly FACTS 2.1). */
export function accountRow({ row, warmup }: { readonly row: Json; readonly warmup: Json }): Json {
  return Object.keys(warmup).length === 0 ? { ...row } : { ...row, warmup };
}

/** A campaign as it is answered. */
export function campaignRow(campaign: Json, quirks: readonly InstantlyQuirk[]): Json {
  const emails = campaign['email_list'] as string[] | undefined;
  return emails === undefined || !quirks.includes('emailsInCapitals')
    ? campaign
    : { ...campaign, email_list: emails.map((email) => email.toUpperCase()) };
}
