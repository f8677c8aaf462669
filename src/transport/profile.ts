import type { ErrorKind } from './errors.ts';
import type { HttpAnswer } from './http.ts';
import { isJson } from './json.ts';
import type { PaceLimits } from './pace.ts';

/** What a client has to know about a service. */
export interface ServiceProfile {
  readonly name: string;
  /** The setting that holds the base URL, named in errors. */
  readonly baseUrlSetting: string;
  /** The path that every request begins with, e.g. `/api/v2`, where the base URL does not hold it. */
  readonly apiPath?: string;
  /** What the service publishes for its smallest plan. */
  readonly limits: PaceLimits;
  /** Requests under way at once for one key, where the person sets none. */
  readonly concurrency: number;
  /** Paths of POST requests that read and change nothing: the only ones that are sent. */
  readonly postReads?: readonly string[];
  /** Puts the key into the request: the only place where a key leaves Sendmap. */
  authorize(key: string, url: URL, headers: Record<string, string>): void;
  /** What an answer that is an error means; undefined leaves it to {@link defaultKind}. */
  classify?(answer: HttpAnswer): ErrorKind | undefined;
  /** True for the body of an answer that is an error although its status is 2xx. Its two outermost levels are enough. */
  isError?(body: unknown): boolean;
  /** The service's own words in an answer, if there are any. */
  messageOf(answer: HttpAnswer): string | undefined;
}

/** What a status means where the service does not say otherwise. */
export function defaultKind(answer: HttpAnswer): ErrorKind {
  const { status } = answer;
  if (status === 401) {
    return 'badKey';
  }
  if (status === 402) {
    return 'planInactive';
  }
  if (status === 403) {
    return isJson(answer) ? 'missingScope' : 'blocked';
  }
  if (status === 404 || status === 410) {
    return 'notFound';
  }
  if (status === 429) {
    return 'rateLimited';
  }
  // 5xx, and what gateways say when the service behind them is late (Smartlead FACTS 2: Cloudflare 524).
  return status >= 500 || status === 408 ? 'unavailable' : 'malformed';
}
