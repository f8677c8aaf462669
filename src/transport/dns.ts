import { NODATA, NOTFOUND, Resolver } from 'node:dns/promises';
import { t } from '@vscode/l10n';

/** A try of one lookup, in milliseconds, and how often it is tried. */
const TIMEOUT = 2500;
const TRIES = 2;

export interface MxRecord {
  readonly priority: number;
  /** Empty where the domain says that it takes no mail (RFC 7505). */
  readonly exchange: string;
}

/** The records of a name, none where there are none; or why they are not known, in words. */
export type Lookup<T> = { readonly records: readonly T[] } | { readonly failure: string };

/** Asks the DNS. */
export interface Dns {
  mx(name: string): Promise<Lookup<MxRecord>>;
  /** Each record in one piece, whatever pieces it comes in. */
  txt(name: string): Promise<Lookup<string>>;
}

/**
 * The DNS as this machine sees it, with a resolver of its own, so that nothing is cached and nobody else is affected.
 * Lookups reject with the reason of the signal.
 *
 * @param servers to be asked instead of those of this machine, each an address that may have a port.
 */
export function createDns(signal: AbortSignal, servers?: readonly string[]): Dns {
  const resolver = new Resolver({ timeout: TIMEOUT, tries: TRIES });
  if (servers !== undefined) {
    resolver.setServers(servers);
  }
  signal.addEventListener(
    'abort',
    () => {
      resolver.cancel();
    },
    { once: true },
  );
  const lookUp = async <T>(look: () => Promise<T[]>): Promise<Lookup<T>> => {
    signal.throwIfAborted();
    try {
      return { records: await look() };
    } catch (error) {
      signal.throwIfAborted();
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      // There is no such name, or it has no such record.
      return code === NOTFOUND || code === NODATA ? { records: [] } : { failure: failureWords(code) };
    }
  };
  return {
    mx: (name) => lookUp(() => resolver.resolveMx(name)),
    txt: (name) => lookUp(async () => (await resolver.resolveTxt(name)).map((pieces) => pieces.join(''))),
  };
}

function failureWords(code: unknown): string {
  switch (code) {
    case 'ETIMEOUT':
      return t('the DNS server did not answer in time');
    case 'ECONNREFUSED':
      return t('no DNS server could be reached');
    case 'ESERVFAIL':
      return t('the DNS server failed (SERVFAIL)');
    case 'EREFUSED':
      return t('the DNS server refused to answer');
    case 'EBADNAME':
      return t('this is not a valid DNS name');
    default:
      return t('the lookup failed ({0})', typeof code === 'string' ? code : '');
  }
}
