import { t } from '@vscode/l10n';
import { ServiceError } from '../transport/errors.ts';
import { rewriteInTurns } from './json.ts';

/** A record that was asked for alone, which has to be readable. @throws {ServiceError} `malformed` */
export function expectRecord<T extends object>(service: string, decoded: T | string): T {
  if (typeof decoded === 'string') {
    throw new ServiceError('malformed', { service, serviceMessage: decoded });
  }
  return decoded;
}

/**
 * The text of a document without its credentials. Others get their turn while a long one is written.
 *
 * @throws {ServiceError} `malformed` where it is not JSON
 */
export async function expectDocument(service: string, source: string): Promise<string> {
  const pieces: string[] = [];
  try {
    for await (const piece of rewriteInTurns(source)) {
      pieces.push(piece);
    }
  } catch (error) {
    throw error instanceof SyntaxError
      ? new ServiceError('malformed', { service, serviceMessage: t('not JSON') })
      : error;
  }
  return pieces.join('');
}
