import { domainToASCII } from 'node:url';
import { t } from '@vscode/l10n';
import type { Graph } from '../map/graph.ts';
import type { Dns, Lookup, MxRecord } from '../transport/dns.ts';
import { eachInSteps, type Steps } from '../transport/turns.ts';

/** How bad something about a domain is: mail does not arrive, mail may be taken for spam, or it is worth knowing. */
export type Severity = 'error' | 'warning' | 'note';

export interface DomainProblem {
  readonly severity: Severity;
  /** A sentence. */
  readonly words: string;
}

/** What the DNS has under one name, or why that is not known, and what is wrong with it. */
export interface DomainPart<T> {
  readonly name: string;
  readonly records: readonly T[];
  readonly failure?: string | undefined;
  readonly problems: readonly DomainProblem[];
}

export interface DomainFacts {
  readonly mx: DomainPart<MxRecord>;
  /** `lookups`: those that the record causes, up to one more than are allowed; undefined where they are not known. */
  readonly spf: DomainPart<string> & { readonly lookups?: number | undefined };
  readonly dmarc: DomainPart<string>;
  readonly dkim: DomainPart<{ readonly selector: string; readonly record: string }>;
}

/**
 * Selectors that are tried, because the DNS cannot list them: those that mailbox providers and common senders give
 * their keys by default. Google `google`, Microsoft 365 `selector1` and `selector2`, Zoho `zoho` and `zmail`, Mailchimp
 * `k1`, SendGrid `s1` and `s2`, Proton `protonmail`, Fastmail `fm1`; `default`, `mail` and `dkim` of many servers.
 */
export const SELECTORS = [
  'google', 'selector1', 'selector2', 'zoho', 'zmail', 'k1', 's1', 's2', 'protonmail', 'fm1', 'default', 'mail', 'dkim',
] as const; // prettier-ignore

/** The most lookups that an SPF record may cause (RFC 7208, 4.6.4). */
const MOST_LOOKUPS = 10;

/** The domain that a person typed, or that an email has, as the DNS has it; undefined where the text cannot be one. */
export function dnsDomainOf(text: string): string | undefined {
  const typed = text.trim().replace(/\.$/, '');
  const ascii = domainToASCII(typed.slice(typed.lastIndexOf('@') + 1)).toLowerCase();
  return ascii.length <= 253 && DOMAIN.test(ascii) && ascii.split('.').every((label) => label.length <= 63)
    ? ascii
    : undefined;
}

/** Labels of letters, digits and hyphens, of which the last is no number: that would be an address. */
const DOMAIN = /^(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]*$/;

/** The keys of the accounts of a domain, in steps. */
export function* accountsOfDomain(graph: Graph, domain: string): Steps<string[]> {
  const keys: string[] = [];
  yield* eachInSteps(graph.accounts, (account) => {
    if (account.domain === domain) {
      keys.push(account.key);
    }
  });
  return keys;
}

/** How many accounts each domain has, the most first; in steps. */
export function* domainCounts(graph: Graph): Steps<{ readonly domain: string; readonly accounts: number }[]> {
  const counts = new Map<string, number>();
  yield* eachInSteps(graph.accounts, ({ domain }) => {
    if (domain !== undefined) {
      counts.set(domain, (counts.get(domain) ?? 0) + 1);
    }
  });
  return [...counts]
    .map(([domain, accounts]) => ({ domain, accounts }))
    .sort((a, b) => b.accounts - a.accounts || (a.domain < b.domain ? -1 : 1));
}

/** Domains of accounts, each once, in steps. @param most ends the search. */
export function* domainsOf(graph: Graph, most: number): Steps<string[]> {
  const domains = new Set<string>();
  for (const { domain } of graph.accounts) {
    if (domain !== undefined) {
      domains.add(domain);
    }
    if (domains.size >= most) {
      break;
    }
    yield;
  }
  return [...domains].sort();
}

/** Everything that the DNS has about the mail of a domain. @throws the reason of the signal that the DNS has. */
export async function checkDomain(dns: Dns, domain: string): Promise<DomainFacts> {
  const [mx, spf, dmarc, dkim] = await Promise.all([
    checkMx(dns, domain),
    checkSpf(dns, domain),
    checkDmarc(dns, domain),
    checkDkim(dns, domain),
  ]);
  return { mx, spf, dmarc, dkim };
}

async function checkMx(dns: Dns, name: string): Promise<DomainPart<MxRecord>> {
  const { records, failure } = opened(await dns.mx(name));
  const sorted = records.toSorted((a, b) => a.priority - b.priority);
  const problems: DomainProblem[] = [];
  if (failure === undefined && records.length === 0) {
    problems.push(error(t('There is no MX record: replies and bounces do not arrive.')));
  } else if (records.some(({ exchange }) => exchange === '' || exchange === '.')) {
    problems.push(error(t('The MX record says that this domain takes no mail: replies and bounces do not arrive.')));
  }
  return { name, records: sorted, failure, problems };
}

async function checkSpf(dns: Dns, name: string): Promise<DomainFacts['spf']> {
  const { records: all, failure } = opened(await dns.txt(name));
  const records = all.filter(isSpf);
  if (failure !== undefined) {
    return { name, records, failure, problems: [] };
  }
  const [record] = records;
  if (record === undefined) {
    return {
      name,
      records,
      problems: [error(t('There is no SPF record: mail servers cannot tell who may send for this domain.'))],
    };
  }
  if (records.length > 1) {
    return { name, records, problems: [error(t('There are {0} SPF records, so none counts.', records.length))] };
  }
  const { count, broken } = await countLookups(dns, record);
  const problems = [
    ...everyoneProblems(record),
    ...(broken === undefined
      ? []
      : [error(t('The SPF record includes {0}, which has no SPF record, so the check fails.', broken))]),
    ...(count !== undefined && count > MOST_LOOKUPS
      ? [error(t('The SPF record needs more than {0} lookups, so it does not count.', MOST_LOOKUPS))]
      : []),
  ];
  return { name, records, lookups: count, problems };
}

const isSpf = (record: string) => /^v=spf1(?: |$)/i.test(record);

/** Terms of an SPF record. */
function termsOf(record: string): string[] {
  return record
    .toLowerCase()
    .split(' ')
    .slice(1)
    .filter((term) => term !== '');
}

function everyoneProblems(record: string): DomainProblem[] {
  const terms = termsOf(record);
  const all = terms.find((term) => /^[+?~-]?all$/.test(term));
  if (all === '+all' || all === 'all') {
    return [error(t('The SPF record ends with "{0}": anyone may send for this domain.', all))];
  }
  if (all === '?all') {
    return [warning(t('The SPF record ends with "?all", which says nothing about other senders.'))];
  }
  return all === undefined && !terms.some((term) => term.startsWith('redirect='))
    ? [warning(t('The SPF record has no "all" at its end, so it says nothing about other senders.'))]
    : [];
}

/**
 * The lookups that a record causes, with those of what it includes (RFC 7208, 4.6.4). It ends beyond the most that are
 * allowed, so it asks no more than that; unknown where a lookup fails or a name depends on the email.
 */
async function countLookups(dns: Dns, record: string): Promise<{ count?: number; broken?: string }> {
  let count = 0;
  const records = [record];
  for (let next = records.shift(); next !== undefined; next = records.shift()) {
    for (const term of termsOf(next)) {
      const [, mechanism, name] = /^[+?~-]?(include|redirect|a|mx|ptr|exists)(?:[:=/](.*))?$/.exec(term) ?? [];
      if (mechanism === undefined) {
        continue;
      }
      count += 1;
      if (count > MOST_LOOKUPS) {
        return { count };
      }
      if (mechanism === 'include' || mechanism === 'redirect') {
        const inner = name === undefined || name.includes('%') ? undefined : dnsDomainOf(name);
        const found = inner === undefined ? undefined : await dns.txt(inner);
        if (inner === undefined || found === undefined || 'failure' in found) {
          return {};
        }
        const own = found.records.find(isSpf);
        if (own === undefined) {
          return { count, broken: inner };
        }
        records.push(own);
      }
    }
  }
  return { count };
}

/** The policy of the domain, or of the nearest domain above it that has one (RFC 7489, 6.6.3). */
async function checkDmarc(dns: Dns, domain: string): Promise<DomainPart<string>> {
  const labels = domain.split('.');
  const names = labels.slice(0, -1).map((_, index) => `_dmarc.${labels.slice(index).join('.')}`);
  const own = names[0] ?? `_dmarc.${domain}`;
  for (const name of names.slice(0, MOST_PARENTS)) {
    const { records: all, failure } = opened(await dns.txt(name));
    const records = all.filter((record) => /^v=dmarc1(?:;|\s|$)/i.test(record.trim()));
    if (failure !== undefined) {
      return { name, records, failure, problems: [] };
    }
    if (records.length > 0) {
      return { name, records, problems: dmarcProblems(records) };
    }
  }
  const problems = [error(t('There is no DMARC record, which large mailbox providers require of bulk senders.'))];
  return { name: own, records: [], problems };
}

/** The domain itself and those above it that are asked. */
const MOST_PARENTS = 4;

function dmarcProblems(records: readonly string[]): DomainProblem[] {
  if (records.length > 1) {
    return [error(t('There are {0} DMARC records, so none counts.', records.length))];
  }
  const policy = /;\s*p\s*=\s*([a-z]+)/i.exec(records[0] ?? '')?.[1]?.toLowerCase();
  switch (policy) {
    case 'quarantine':
    case 'reject':
      return [];
    case 'none':
      return [{ severity: 'note', words: t('The DMARC policy is "none": it only asks for reports.') }];
    default:
      return [error(t('The DMARC record has no valid policy.'))];
  }
}

async function checkDkim(dns: Dns, domain: string): Promise<DomainFacts['dkim']> {
  const looked = await Promise.all(
    SELECTORS.map(async (selector) => ({
      selector,
      ...opened(await dns.txt(`${selector}._domainkey.${domain}`)),
    })),
  );
  const records = looked.flatMap(({ selector, records: found }) =>
    found.filter((record) => /(?:^|;)\s*(?:v=dkim1|p=)/i.test(record)).map((record) => ({ selector, record })),
  );
  const revoked = records.filter(({ record }) => /(?:^|;)\s*p=\s*(?:;|$)/i.test(record));
  const failure = records.length === 0 ? looked.find((one) => one.failure !== undefined)?.failure : undefined;
  const problems: DomainProblem[] = revoked.map(({ selector }) =>
    warning(t('The DKIM key of the selector "{0}" is revoked.', selector)),
  );
  if (records.length === 0 && failure === undefined) {
    problems.push(
      warning(t('No DKIM key was found under the selectors that were tried. There may be one under another.')),
    );
  }
  return { name: `_domainkey.${domain}`, records, failure, problems };
}

function opened<T>(lookup: Lookup<T>): { readonly records: readonly T[]; readonly failure: string | undefined } {
  return 'failure' in lookup
    ? { records: [], failure: lookup.failure }
    : { records: lookup.records, failure: undefined };
}

const error = (words: string): DomainProblem => ({ severity: 'error', words });
const warning = (words: string): DomainProblem => ({ severity: 'warning', words });
