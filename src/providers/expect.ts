import { t } from '@vscode/l10n';
import { ServiceError } from '../transport/errors.ts';
import { rewriteJson } from './json.ts';

/** A record that was asked for by itself, which has to be readable. @throws {ServiceError} `malformed` */
export function expectRecord<T extends object>(service: string, decoded: T | string): T {
  if (typeof decoded === 'string') {
    throw new ServiceError('malformed', { service, serviceMessage: decoded });
  }
  return decoded;
}

/** The text of a document without its credentials. @throws {ServiceError} `malformed` where it is not JSON */
export function expectDocument(service: string, source: string): string {
  const result = rewriteJson(source);
  if (result === undefined) {
    throw new ServiceError('malformed', { service, serviceMessage: t('not JSON') });
  }
  return result;
}
