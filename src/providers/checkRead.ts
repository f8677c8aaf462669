import { isServiceError } from '../transport/errors.ts';
import type { ReadCheck } from './provider.ts';

/** Tries one read and says how the key fared. Only cancellation rejects. */
export async function checkRead(
  what: string,
  scope: string | undefined,
  read: () => Promise<unknown>,
): Promise<ReadCheck> {
  try {
    await read();
    return { what, scope, result: 'allowed' };
  } catch (error) {
    if (!isServiceError(error)) {
      throw error;
    }
    const results = { missingScope: 'missingScope', badKey: 'refused', planInactive: 'refused' } as const;
    const result = error.kind in results ? results[error.kind as keyof typeof results] : 'failed';
    return { what, scope, result, message: error.message };
  }
}
