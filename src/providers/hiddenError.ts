import { isObject, object, text } from './fields.ts';

/** What an answer that has something to read has: a record its key, a list its members. */
const CONTENT = ['id', 'email', 'items', 'data', 'email_accounts'];

/**
 * True for the body of an answer, or the outline of one, that says that it is an error, and has nothing else to read: `{error}`, `{ok: false, message}`,
 * `{success: false, error: {message}}`. Some routes of both services say so with status 200 (Instantly FACTS 3.1,
 * Smartlead FACTS 4: success flags vary).
 */
export function isHiddenError(body: unknown): boolean {
  if (!isObject(body) || CONTENT.some((name) => hasContent(body[name]))) {
    return false;
  }
  const error = body['error'];
  return (
    body['ok'] === false || body['success'] === false || (text(error) ?? text(object(error)?.['message'])) !== undefined
  );
}

/** Null, and an object without anything in it, are what a service puts where there is nothing. */
function hasContent(value: unknown): boolean {
  return value !== undefined && value !== null && !(isObject(value) && Object.keys(value).length === 0);
}
