import { plainText } from '../plainText.ts';

/** No name is shown longer, in characters. */
const LONGEST = 200;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML, in an element or between the quotes of an attribute. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** A name from a service or a person: bounded, without what reorders or hides other text, and apart from what is around it. */
export function nameOf(text: string): string {
  return `<bdi>${escape(plainText(text, LONGEST))}</bdi>`;
}

/** A name in an attribute, where no element can be. */
export function plainName(text: string): string {
  return plainText(text, LONGEST);
}
