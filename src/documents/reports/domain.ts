import { t } from '@vscode/l10n';
import { propertiesOf, type Properties } from '../../providers/properties.ts';
import type { DomainVitals } from '../../providers/provider.ts';
import { bounded } from '../../queries/bounded.ts';
import {
  accountsOfDomain,
  checkDomain,
  dnsDomainOf,
  SELECTORS,
  type DomainFacts,
  type DomainPart,
} from '../../queries/domain.ts';
import { createDns } from '../../transport/dns.ts';
import { ServiceError } from '../../transport/errors.ts';
import { inTurns } from '../../transport/turns.ts';
import type { Report } from '../reports.ts';
import { attempt, type Attempt } from './attempt.ts';

/** Accounts of the domain that are named. */
const NAMED = 20;
/** Records under one name that are shown: a domain may have any number. */
const MOST = 20;

/** What the DNS says about the mail of a domain, as this machine and as the service see it. */
export const domain: Report = {
  properties: properties(),
  build: async ({ map, provider }, id, { signal, dnsServers }) => {
    const name = dnsDomainOf(id);
    if (name === undefined) {
      throw new ServiceError('notFound', {
        service: 'Sendmap',
        serviceMessage: t('"{0}" is not a domain', bounded(id)),
      });
    }
    const accounts = await inTurns(accountsOfDomain(map.graph, name));
    const [first] = accounts;
    // Any address of the domain will do: the service checks the domain and not the mailbox.
    const email = (first === undefined ? undefined : map.graph.account(first)?.email) ?? `postmaster@${name}`;
    const [facts, vitals] = await Promise.all([
      checkDomain(createDns(signal, await dnsServers()), name),
      attempt(() => provider.domainVitals?.(email, { signal })),
    ]);
    const { mx, spf, dmarc, dkim } = facts;
    return {
      answer: answerOf(facts),
      domain: name,
      accounts: { source: 'map', count: accounts.length, first_accounts: accounts.slice(0, NAMED) },
      mx: partOf(mx, ({ priority, exchange }) => ({ priority, exchange: bounded(exchange) })),
      spf: { ...partOf(spf, (record) => bounded(record, LONGEST_RECORD)), lookups: spf.lookups },
      dmarc: partOf(dmarc, (record) => bounded(record, LONGEST_RECORD)),
      dkim: {
        ...partOf(dkim, ({ selector, record }) => ({ selector, record: bounded(record, LONGEST_RECORD) })),
        selectors_tried: SELECTORS,
      },
      service: servicePart(vitals),
      next_step: stepOf(facts),
    };
  },
};

/** Longer than any record that means something: a DKIM key of 4096 bits has 740 characters. */
const LONGEST_RECORD = 2000;

function problemsOf({ mx, spf, dmarc, dkim }: DomainFacts) {
  return [mx, spf, dmarc, dkim].flatMap(({ problems }) => problems);
}

/** The worst in sentences, and what could not be looked up. */
function answerOf(facts: DomainFacts): string {
  const problems = problemsOf(facts);
  const errors = problems.filter(({ severity }) => severity === 'error');
  const bad = errors.length > 0 ? errors : problems.filter(({ severity }) => severity === 'warning');
  const unknown = [facts.mx, facts.spf, facts.dmarc, facts.dkim].filter(({ failure }) => failure !== undefined);
  const sentences = bad.map(({ words }) => words);
  if (unknown.length === 4) {
    return t('Nothing could be looked up: {0}.', unknown[0]?.failure ?? '');
  }
  if (unknown.length > 0) {
    sentences.push(t('Not everything could be looked up.'));
  }
  return sentences.length === 0 ? t('MX, SPF, DKIM and DMARC are in order.') : sentences.join(' ');
}

function stepOf(facts: DomainFacts): string | undefined {
  if ([facts.mx, facts.spf, facts.dmarc, facts.dkim].some(({ failure }) => failure !== undefined)) {
    return t('Check the network and the DNS server of this computer, then refresh this document.');
  }
  return problemsOf(facts).some(({ severity }) => severity !== 'note')
    ? t('Correct the records at the DNS provider of the domain, then refresh this document.')
    : undefined;
}

function partOf<T>({ name, records, failure, problems }: DomainPart<T>, shown: (record: T) => unknown): object {
  return {
    name,
    not_read: failure,
    records: failure === undefined ? records.slice(0, MOST).map(shown) : undefined,
    more_records: records.length > MOST ? records.length - MOST : undefined,
    problems: problems.map(({ severity, words }) => ({ severity, words: bounded(words) })),
  };
}

function servicePart({ value, failure }: Attempt<DomainVitals | undefined>): object | undefined {
  return failure === undefined ? value : { not_read: failure };
}

function properties(): Properties {
  const part = (name: string, records: () => string): Properties =>
    propertiesOf('DNS', {
      [name]: { words: records },
      [`${name}.name`]: { words: () => t('The name that was looked up') },
      [`${name}.not_read`]: { words: () => t('Why this could not be looked up') },
      [`${name}.records`]: { words: () => t('The records as they are') },
      [`${name}.more_records`]: { words: () => t('Further records, which are not shown') },
      [`${name}.problems`]: { words: () => t('What is wrong with them') },
      [`${name}.problems.*.severity`]: { words: () => t('How bad it is') },
      [`${name}.problems.*.words`]: { words: () => t('What is wrong') },
    });
  return {
    ...propertiesOf('Sendmap', {
      answer: { words: () => t('What is wrong with the mail of the domain, in words') },
      next_step: { words: () => t('What can be done next') },
      domain: { words: () => t('The domain, as the DNS writes it') },
      accounts: { words: () => t('Accounts of the domain') },
      'accounts.source': { words: () => t('The map of this connection, as it was last read') },
      'accounts.count': { words: () => t('Number of accounts of the domain'), unit: () => t('accounts') },
      'accounts.first_accounts': { words: () => t('The first of them'), names: 'account' },
    }),
    ...part('mx', () => t('Servers that take the mail of the domain')),
    ...part('spf', () => t('Who may send for the domain')),
    ...part('dmarc', () => t('What to do with mail that fails SPF and DKIM')),
    ...part('dkim', () => t('Keys that mail of the domain is signed with')),
    ...propertiesOf('DNS', {
      'mx.records.*.priority': { words: () => t('The lowest is tried first') },
      'mx.records.*.exchange': { words: () => t('The server') },
      'spf.lookups': { words: () => t('Lookups that the record causes; more than ten are too many') },
      'dkim.records.*.selector': { words: () => t('The selector') },
      'dkim.records.*.record': { words: () => t('The record as it is') },
      'dkim.selectors_tried': {
        words: () => t('Selectors that were tried'),
        trap: () => t('DNS cannot list selectors: there may be keys under others.'),
      },
    }),
    ...propertiesOf('POST /accounts/test/vitals', {
      service: { words: () => t('What the service found when it checked the domain') },
      'service.source': { words: () => t('Where the service says so') },
      'service.not_read': { words: () => t('Why it could not be read') },
      'service.mx': { words: () => t('Whether MX is in order') },
      'service.spf': { words: () => t('Whether SPF is in order') },
      'service.dkim': { words: () => t('Whether DKIM is in order') },
      'service.dmarc': { words: () => t('Whether DMARC is in order') },
    }),
  };
}
