import { t } from '@vscode/l10n';
import { identifier, isObject, object, text, type Json } from './fields.ts';
import type { InvalidRecord, Page } from './model.ts';

/** The records of a page that a decoder understands; the others become invalid records with their reason. */
export function decodePage<T>(items: readonly unknown[], decode: (item: Json) => T | string): Page<T> {
  const understood: T[] = [];
  const invalid: InvalidRecord[] = [];
  for (const item of items) {
    const result = isObject(item) ? decode(item) : t('is not an object');
    if (typeof result === 'string') {
      invalid.push({ label: labelOf(item), problem: result });
    } else {
      understood.push(result);
    }
  }
  return { items: understood, invalid };
}

/** `tags` where none of the records that were asked for with their tags has any; null and an empty list are answers. */
export function lacksTags(items: readonly unknown[]): 'tags' | undefined {
  const records = items.filter(isObject);
  return records.length > 0 && !records.some((record) => 'tags' in record) ? 'tags' : undefined;
}

/** `tags` where a record that was asked for with its tags has none: every one has them, if only as null. */
export function someLackTags(items: readonly unknown[]): 'tags' | undefined {
  return items.filter(isObject).some((record) => !('tags' in record)) ? 'tags' : undefined;
}

export function labelOf(item: unknown): string {
  const record = object(item);
  const names = ['email', 'from_email', 'name', 'campaign_name'].map((name) => text(record?.[name]));
  return names.find((name) => name !== undefined) ?? identifier(record?.['id']) ?? t('Record without a name');
}
