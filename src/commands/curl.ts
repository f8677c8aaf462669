import type { DocumentKind, ProviderInfo } from '../providers/provider.ts';
import { checkBaseUrl } from '../transport/baseUrl.ts';

/**
 * The command line for the request behind a document, for a POSIX shell.
 *
 * @param base the base URL as the setting has it.
 * @throws {ServiceError} `setting` where the base URL cannot be used; `notFound` where the identifier cannot.
 */
export function curlOf(info: ProviderInfo, base: string, kind: DocumentKind, id: string): string {
  const { url, urlEnd, header } = info.shellRequest(kind, id);
  const end = urlEnd === undefined ? '' : `"${urlEnd}"`;
  const lines = [`curl ${literal(checkBaseUrl(base, info.profile) + url)}${end}`, '-H "Accept: application/json"'];
  return [...lines, ...(header === undefined ? [] : [`-H "${header}"`])].join(' \\\n  ');
}

/** Text that a shell takes as it is: between single quotes nothing has a meaning, `!` included. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
