import { bounded } from '../../queries/bounded.ts';
import { isAbort, isServiceError } from '../../transport/errors.ts';

/** What was asked for, or why it could not be read, in a sentence. */
export interface Attempt<T> {
  readonly value?: T | undefined;
  readonly failure?: string;
}

/** One answer that is missing is said, and does not cost the report. @throws {AbortError} */
export async function attempt<T>(read: () => Promise<T> | undefined): Promise<Attempt<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    if (isAbort(error) || !isServiceError(error)) {
      throw error;
    }
    return { failure: bounded(error.message) };
  }
}
