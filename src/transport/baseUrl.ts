import { t } from '@vscode/l10n';
import type { ServiceProfile } from './profile.ts';
import { ServiceError } from './errors.ts';
import { isLoopback } from './http.ts';

type BaseUrlProfile = Pick<ServiceProfile, 'name' | 'baseUrlSetting' | 'apiPath'>;

/**
 * The base URL of a service as paths are appended to it: normalized, without the slash at its end and without the path
 * of the API, which people copy from its documentation and every request has. It is checked before anything is
 * appended, because `https:` alone would take the host from the path.
 *
 * @param setting what a person wrote; never part of the error, because it may hold a password.
 * @throws {ServiceError} `setting`
 */
export function checkBaseUrl(setting: string, profile: BaseUrlProfile): string {
  const invalid = (serviceMessage: string) =>
    new ServiceError('setting', { service: profile.name, setting: profile.baseUrlSetting, serviceMessage });
  const url = URL.parse(setting);
  if (url === null) {
    throw invalid(t('it is not a URL'));
  }
  // A `?` or `#` with nothing after it is in `href` alone, and would take in the path.
  if (url.username || url.password || /[?#]/.test(url.href)) {
    throw invalid(t('a base URL is only scheme, host and path'));
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw invalid(t('it is not an https URL; plain http works for this computer only'));
  }
  // The path alone: a host may be called as the API's path begins.
  const path = withoutSlash(url.pathname);
  const { apiPath } = profile;
  const above = apiPath !== undefined && path.endsWith(apiPath) ? path.slice(0, -apiPath.length) : path;
  return url.origin + withoutSlash(above);
}

function withoutSlash(path: string): string {
  return path.replace(/(?<!\/)\/+$/, '');
}
