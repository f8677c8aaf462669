import type { HttpAnswer } from './http.ts';
import { wordsOf } from './markup.ts';

/** Longer JSON is not parsed only to see that it is JSON, since everything else would have to wait. In characters. */
export const LONGEST_LOOK = 1_000_000;

/**
 * Decides by trying: neither service is reliable about its content type (Smartlead FACTS 4). Of a long text it only
 * looks at the beginning; reading on shows whether the rest is JSON.
 */
export function isJson({ text, cut }: HttpAnswer): boolean {
  // What is left of a long error cannot be parsed, but it starts as the whole did.
  return cut === true || text.length > LONGEST_LOOK ? /^\s*[[{]/.test(text) : parseObject(text) !== undefined;
}

/** The JSON object or array in a text, or undefined. */
export function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Readable words of an HTML or plain-text error page. */
export function textOf(answer: HttpAnswer): string | undefined {
  const body = wordsOf(answer.text);
  return body === '' ? undefined : body;
}
