import type { HttpAnswer } from '../../transport/http.ts';
import { isJson, parseObject, textOf } from '../../transport/json.ts';
import type { ServiceProfile } from '../../transport/profile.ts';
import { isObject, object, text } from '../fields.ts';
import { isHiddenError } from '../hiddenError.ts';

/** What a client has to know about Smartlead. */
export const profile: ServiceProfile = {
  name: 'Smartlead',
  baseUrlSetting: 'sendmap.smartlead.baseUrl',
  // The lowest published plan; the headers raise it (Smartlead FACTS 5).
  limits: [
    { requests: 10, milliseconds: 1_000 },
    { requests: 60, milliseconds: 60_000 },
    { requests: 1_000, milliseconds: 3_600_000 },
  ],
  concurrency: 8,
  authorize(key, url) {
    // The query string is the only way that Smartlead takes a key (Smartlead FACTS 2).
    url.searchParams.set('api_key', key);
  },
  classify(answer) {
    const message = messageOf(answer) ?? '';
    if (answer.status === 403) {
      // Smartlead has no scopes: JSON means the plan lacks the API ("Access denied"), anything else is the gateway.
      return isJson(answer) || /^access denied/i.test(message) ? 'planInactive' : 'blocked';
    }
    if (answer.status === 404 && /<html|<!doctype/i.test(answer.text)) {
      // An unknown route, not an unknown record: the base URL is wrong or the service has changed.
      return 'malformed';
    }
    // An id in the path that is no number: the thing that was asked for does not exist (Smartlead FACTS 4).
    return answer.status === 400 && isAboutPath(answer) && /must be a number/i.test(message) ? 'notFound' : undefined;
  },
  isError: isHiddenError,
  messageOf,
};

/** Whether a validation names the path, or does not say what it is about; a query is our mistake. */
function isAboutPath(answer: HttpAnswer): boolean {
  const body = parseObject(answer.text);
  const source = isObject(body) ? object(body['validation'])?.['source'] : undefined;
  return source === undefined || source === 'params';
}

/** The order that survives every shape of error seen (Smartlead FACTS 4). */
function messageOf(answer: HttpAnswer): string | undefined {
  const body = parseObject(answer.text);
  if (!isObject(body)) {
    return textOf(answer);
  }
  const error = text(body['error']);
  return (
    text(body['message']) ??
    (error === 'Bad Request' ? undefined : error) ??
    text(object(body['error'])?.['message']) ??
    text(body['errorCode'])
  );
}
