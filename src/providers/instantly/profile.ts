import type { HttpAnswer } from '../../transport/http.ts';
import { parseObject, textOf } from '../../transport/json.ts';
import type { ServiceProfile } from '../../transport/profile.ts';
import { isObject, object, text } from '../fields.ts';
import { isHiddenError } from '../hiddenError.ts';

/** The path that all requests begin with. */
export const API = '/api/v2';

/** What a client has to know about Instantly. */
export const profile: ServiceProfile = {
  name: 'Instantly',
  baseUrlSetting: 'sendmap.instantly.baseUrl',
  apiPath: API,
  // Published for a workspace (Instantly FACTS 3.3).
  limits: [
    { requests: 100, milliseconds: 1_000 },
    { requests: 6_000, milliseconds: 60_000 },
  ],
  // FACTS advise 2 to 4 at once, because parallel lists once hung. Only accounts read by `skip` come to more, and they
  // go back to the cursor where one request times out.
  concurrency: 6,
  // Instantly FACTS 2.1.
  postReads: [`${API}/accounts/test/vitals`],
  authorize(key, _url, headers) {
    headers['authorization'] = `Bearer ${key}`;
  },
  classify(answer) {
    const message = messageOf(answer) ?? '';
    if (answer.status === 404 && (/^route\b/i.test(message) || /<html|<!doctype/i.test(answer.text))) {
      // An unknown route, not an unknown record: the base URL is wrong or the service has changed (FACTS 3.1).
      return 'malformed';
    }
    // Ids that are not UUIDs and the like: the thing that was asked for does not exist (Instantly FACTS 2.3).
    return answer.status === 400 && message.startsWith('params/') ? 'notFound' : undefined;
  },
  isError: isHiddenError,
  messageOf,
};

/** `message` tells cases apart, `error` is only the reason phrase; some routes have `error` alone (FACTS 3.1). */
function messageOf(answer: HttpAnswer): string | undefined {
  const body = parseObject(answer.text);
  if (body === undefined) {
    return textOf(answer);
  }
  return isObject(body)
    ? (text(body['message']) ?? text(body['error']) ?? text(object(body['error'])?.['message']))
    : undefined;
}
