import { isObject, object, text } from './fields.ts';

/** What an answer with content has: a record its key, a list its members. */
const CONTENT = ['id', 'email', 'items', 'data', 'email_accounts'];

/**
 * True for the body of an answer, or its outline, that says that it is an error, and has no content: `{error}`,
 * `{ok: false, message}`, `{success: false, error: {message}}`, `{status: "error", message}`. Some routes of both
 * services say so with status 200 (Instantly FACTS 3.1, Smartlead FACTS 4: success flags vary). An empty list beside
 * the error does not count: taken as a list it would empty the map.
 */
export function isHiddenError(body: unknown): boolean {
  if (!isObject(body) || CONTENT.some((name) => hasContent(body[name]))) {
    return false;
  }
  const { error, ok, success, status, message } = body;
  return (
    ok === false ||
    success === false ||
    (status === 'error' && text(message) !== undefined) ||
    (text(error) ?? text(object(error)?.['message'])) !== undefined
  );
}

/** Null, and a list or an object without anything in it, are what a service puts where there is nothing. */
function hasContent(value: unknown): boolean {
  return typeof value === 'object' && value !== null
    ? Object.keys(value).length > 0
    : value !== undefined && value !== null;
}
