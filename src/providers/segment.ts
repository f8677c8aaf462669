import { t } from '@vscode/l10n';
import { ServiceError } from '../transport/errors.ts';

/**
 * An identifier as one segment of a path. The empty one, `.` and `..` cannot be one, because URLs drop them and their
 * percent-encoded forms alike, and the request would go to another route; nor can half of a surrogate pair, which has
 * no encoding. No service has a record with such an identifier, so nobody is asked for it.
 *
 * @throws {ServiceError} `notFound`
 */
export function segment(id: string, service: string): string {
  if (/^\.{0,2}$/.test(id) || !id.isWellFormed()) {
    throw new ServiceError('notFound', { service, serviceMessage: t('no identifier can be like that') });
  }
  return encodeURIComponent(id);
}
