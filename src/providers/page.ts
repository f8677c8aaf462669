import { t } from '@vscode/l10n';
import { identifier, isObject, object, text, type Json } from './fields.ts';
import type { InvalidRecord, Page } from './model.ts';

/** A row of a list as its decoder understands it: a record, or why it is none. */
export interface Row<T> {
  readonly record: T | undefined;
  readonly invalid: InvalidRecord | undefined;
}

export function decodeRow<T>(item: unknown, decode: (item: Json) => T | string): Row<T> {
  const result = isObject(item) ? decode(item) : t('is not an object');
  return typeof result === 'string'
    ? { record: undefined, invalid: { label: labelOf(item), problem: result } }
    : { record: result, invalid: undefined };
}

export function pageOf<T>(rows: readonly Row<T>[]): Page<T> {
  return {
    items: rows.map(({ record }) => record).filter((record) => record !== undefined),
    invalid: rows.map(({ invalid }) => invalid).filter((invalid) => invalid !== undefined),
  };
}

/** The records of a page that a decoder understands; the others become invalid records with their reason. */
export function decodePage<T>(items: readonly unknown[], decode: (item: Json) => T | string): Page<T> {
  return pageOf(items.map((item) => decodeRow(item, decode)));
}

/** `tags` where none of the records that were asked for with their tags has any; null and an empty list are answers. */
export function lacksTags(items: readonly unknown[]): 'tags' | undefined {
  const records = items.filter(isObject);
  return records.length > 0 && !records.some((record) => 'tags' in record) ? 'tags' : undefined;
}

export function labelOf(item: unknown): string {
  const record = object(item);
  const names = ['email', 'from_email', 'name', 'campaign_name'].map((name) => text(record?.[name]));
  return names.find((name) => name !== undefined) ?? identifier(record?.['id']) ?? t('Record without a name');
}
