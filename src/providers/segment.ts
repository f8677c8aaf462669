import { t } from '@vscode/l10n';
import { ServiceError } from '../transport/errors.ts';

/**
 * An identifier as one segment of a path. An empty one, `.` and `..` are refused, because URLs drop them, also
 * percent-encoded, and the request would go to another route. So is half of a surrogate pair, which has no encoding. No
 * service has a record with such an identifier, so none is asked for it.
 *
 * @throws {ServiceError} `notFound`
 */
export function segment(id: string, service: string): string {
  if (/^\.{0,2}$/.test(id) || !id.isWellFormed()) {
    throw new ServiceError('notFound', { service, serviceMessage: t('this is not a valid identifier') });
  }
  return encodeURIComponent(id);
}
