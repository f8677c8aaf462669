import { t } from '@vscode/l10n';
import { ServiceError } from '../transport/errors.ts';
import { isObject, object, text } from './fields.ts';
import { readJson, type ReadJson, type Reading } from './json.ts';
import type { ProviderInfo, ServiceDocument } from './provider.ts';

/** A record that was asked for alone, which has to be readable. @throws {ServiceError} `malformed` */
export function expectRecord<T extends object>(service: string, decoded: T | string): T {
  if (typeof decoded === 'string') {
    throw new ServiceError('malformed', { service, serviceMessage: decoded });
  }
  return decoded;
}

/**
 * Reads the text of a document once: one pass finds everything, and leaves credentials out before anything else sees
 * the text.
 *
 * @param check throws where the outline, undefined without JSON, is not that of the requested document. It is not
 * called for a document that is cut, which is never shown.
 * @throws {ServiceError} `malformed` where it is not JSON; what `check` throws.
 */
export async function expectDocument(
  { name: service, nameProperties }: Pick<ProviderInfo, 'name' | 'nameProperties'>,
  source: string,
  reading: Reading,
  check?: (outline: unknown) => void,
): Promise<ServiceDocument> {
  const read = await readIfJson(source, reading);
  if (read?.cut !== true) {
    check?.(read?.outline);
  }
  if (typeof read?.outline !== 'object' || read.outline === null) {
    throw new ServiceError('malformed', { service, serviceMessage: t('not JSON') });
  }
  const { content, cut, outline } = read;
  return { content, cutFrom: cut ? source.length : undefined, name: nameIn(outline, nameProperties) };
}

async function readIfJson(source: string, reading: Reading): Promise<ReadJson | undefined> {
  try {
    return await readJson(source, reading);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

/** What a record calls its subject, also where it is wrapped in `data` (Smartlead FACTS 3). */
function nameIn(outline: unknown, properties: readonly string[]): string | undefined {
  const records = isObject(outline) ? [outline, object(outline['data'])] : [];
  const names = records.flatMap((record) => properties.map((property) => text(record?.[property])));
  return names.find((name) => name !== undefined);
}
