import { t } from '@vscode/l10n';
import type { ServiceProfile } from './profile.ts';
import { ServiceError } from './errors.ts';
import { isLoopback } from './http.ts';

/**
 * The base URL of a service as paths are appended to it: normalized, without the slash at its end. It is checked
 * before anything is appended, because `https:` alone would take the host from the path.
 *
 * @param setting what a person wrote; never part of the error, because it may hold a password.
 * @throws {ServiceError} `setting`
 */
export function checkBaseUrl(setting: string, profile: Pick<ServiceProfile, 'name' | 'baseUrlSetting'>): string {
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
    throw invalid(t('it is not an https URL; plain http is only for this machine'));
  }
  return url.href.replace(/(?<!\/)\/+$/, '');
}
