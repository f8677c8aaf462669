import { flag, object, text } from '../providers/fields.ts';
import { isProviderId, type ProviderId, type Providers } from '../providers/index.ts';

/** One API key of one service, without the key. */
export interface Connection {
  readonly id: string;
  readonly provider: ProviderId;
  readonly label: string;
  /** True for the sample workspace, which is served by the sandbox on this machine. */
  readonly sample: boolean;
  /** True where the connection was to be removed, but the keychain did not give up its key. */
  readonly keyStays?: true | undefined;
}

/** Reads what an earlier version or another window stored; what does not fit, or is of an unknown service, is undefined. */
export function decodeConnection(value: unknown, providers: Providers): Connection | undefined {
  const stored = object(value);
  const id = text(stored?.['id']);
  const provider = stored?.['provider'];
  if (stored === undefined || id === undefined || !isProviderId(provider, providers)) {
    return undefined;
  }
  return {
    id,
    provider,
    label: text(stored['label']) ?? id,
    sample: flag(stored['sample']) ?? false,
    ...(flag(stored['keyStays']) === true ? { keyStays: true } : {}),
  };
}

/** An id that a person can read in a path, and that stays when the connection is renamed. */
export function connectionId(label: string, random: string): string {
  const slug = label
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|(?<!-)-+$/g, '')
    .slice(0, 32);
  return slug === '' ? random : `${slug}-${random}`;
}
