import type { DnsAnswer, DnsType } from './dns.ts';

/** What is wrong with the DNS of a domain, by its name: most are in order. */
const TROUBLES = ['none', 'none', 'none', 'noDmarc', 'none', 'twoSpf', 'none', 'none', 'noDkim', 'open'] as const;

type DomainTrouble = (typeof TROUBLES)[number];

function troubleOf(domain: string): DomainTrouble {
  let sum = 0;
  for (const character of domain) {
    sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  }
  return TROUBLES[sum % TROUBLES.length] ?? 'none';
}

/** Domains of the sample world, and nothing else, are in its DNS. */
const OWN = /(?:^|\.)([a-z0-9-]+\.test)$/;

const DKIM = 'v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAsample';

/** The DNS of the made-up domains. */
export function sampleZone(name: string, type: DnsType): DnsAnswer {
  const domain = OWN.exec(name)?.[1];
  if (domain === undefined) {
    return 'noName';
  }
  const trouble = troubleOf(domain);
  switch (name.slice(0, -domain.length)) {
    case '':
      return type === 'MX'
        ? [{ priority: 1, exchange: 'smtp.mail.test' }]
        : type === 'TXT'
          ? [
              ['google-site-verification=sample'],
              [trouble === 'open' ? 'v=spf1 include:_spf.mail.test +all' : 'v=spf1 include:_spf.mail.test ~all'],
              ...(trouble === 'twoSpf' ? [['v=spf1 include:_spf.mail.test -all']] : []),
            ]
          : [];
    case '_spf.':
      return type === 'TXT' ? [['v=spf1 ip4:192.0.2.0/24 ~all']] : [];
    case '_dmarc.':
      return type === 'TXT' && trouble !== 'noDmarc'
        ? [['v=DMARC1; p=quarantine; rua=mailto:dmarc@mail.test']]
        : 'noName';
    case 'google._domainkey.':
      return type === 'TXT' && trouble !== 'noDkim' ? [[DKIM]] : 'noName';
    default:
      return 'noName';
  }
}

/** What a check of a domain finds. */
export function checksOf(domain: string): { mx: boolean; spf: boolean; dkim: boolean; dmarc: boolean } {
  const trouble = troubleOf(domain);
  const own = OWN.test(domain);
  return {
    mx: own,
    spf: own && trouble !== 'twoSpf',
    dkim: own && trouble !== 'noDkim',
    dmarc: own && trouble !== 'noDmarc',
  };
}
