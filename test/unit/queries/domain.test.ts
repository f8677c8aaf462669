import assert from 'node:assert/strict';
import { startDnsServer, type DnsAnswer, type DnsServer, type DnsType } from '../../../src/sandbox/dns.ts';
import {
  accountsOfDomain,
  checkDomain,
  domainCounts,
  dnsDomainOf,
  domainsOf,
  SELECTORS,
} from '../../../src/queries/domain.ts';
import { createDns } from '../../../src/transport/dns.ts';
import { atOnce } from '../../../src/transport/turns.ts';
import { account, graphOf } from '../../support/records.ts';

const GOOD: Readonly<Record<string, DnsAnswer>> = {
  'MX a.test': [
    { priority: 20, exchange: 'mx2.mail.test' },
    { priority: 10, exchange: 'mx1.mail.test' },
  ],
  'TXT a.test': [['site-verification=1'], ['v=spf1 include:_spf.mail.test ', '~all']],
  'TXT _spf.mail.test': [['v=spf1 ip4:192.0.2.0/24 -all']],
  'TXT _dmarc.a.test': [['v=DMARC1; p=reject']],
  'TXT google._domainkey.a.test': [['v=DKIM1; k=rsa; p=MIIB']],
};

describe('the DNS of a domain', () => {
  let server: DnsServer;
  let zone: Readonly<Record<string, DnsAnswer>> = {};
  let asked: string[] = [];

  before(async () => {
    server = await startDnsServer((name, type: DnsType) => {
      asked.push(`${type} ${name}`);
      return zone[`${type} ${name}`] ?? 'noName';
    });
  });
  after(() => server.close());
  beforeEach(() => {
    asked = [];
  });

  const never = new AbortController().signal;

  function check(more: Readonly<Record<string, DnsAnswer>> = {}, signal = never, domain = 'a.test') {
    zone = { ...GOOD, ...more };
    return checkDomain(createDns(signal, [server.address]), domain);
  }

  const wordsOf = ({ problems }: { problems: readonly { severity: string; words: string }[] }) =>
    problems.map(({ severity, words }) => `${severity}: ${words}`).join('\n');

  it('is in order', async () => {
    const { mx, spf, dmarc, dkim } = await check();
    assert.deepEqual([mx, spf, dmarc, dkim].map(wordsOf), ['', '', '', '']);
    assert.deepEqual(
      mx.records.map(({ exchange }) => exchange),
      ['mx1.mail.test', 'mx2.mail.test'],
    );
    assert.deepEqual([spf.records, spf.lookups], [['v=spf1 include:_spf.mail.test ~all'], 1]);
    assert.deepEqual(dkim.records, [{ selector: 'google', record: 'v=DKIM1; k=rsa; p=MIIB' }]);
    for (const selector of SELECTORS) {
      assert.ok(asked.includes(`TXT ${selector}._domainkey.a.test`));
    }
  });

  it('has no such name at all', async () => {
    const { mx, spf, dmarc, dkim } = await check({}, never, 'gone.test');
    assert.match(wordsOf(mx), /^error: There is no MX record/);
    assert.match(wordsOf(spf), /^error: There is no SPF record/);
    assert.match(wordsOf(dmarc), /^error: There is no DMARC record/);
    assert.match(wordsOf(dkim), /^warning: No DKIM key was found/);
  });

  it('takes no mail', async () => {
    const { mx } = await check({ 'MX a.test': [{ priority: 0, exchange: '' }] });
    assert.match(wordsOf(mx), /^error: The MX record says that this domain takes no mail/);
  });

  for (const [record, words] of [
    ['v=spf1 +all', /^error: .*"\+all": anyone may send/],
    ['v=spf1 mx all', /^error: .*"all": anyone may send/],
    ['v=spf1 ?all', /^warning: .*says nothing about other senders/],
    ['v=spf1 ip4:192.0.2.1', /^warning: .*no "all"/],
    ['v=spf1 redirect=_spf.mail.test', /^$/],
    ['V=SPF1 -ALL', /^$/],
    ['v=spf1 include:nothing.test -all', /^error: .*includes nothing\.test, which has no SPF record/],
    [`v=spf1 ${'a:x.test '.repeat(10)}-all`, /^$/],
    [`v=spf1 ${'a:x.test '.repeat(11)}-all`, /^error: .*more than 10 lookups/],
    ['v=spf10 -all', /^error: There is no SPF record/],
  ] as const) {
    it(`has the SPF record "${record.slice(0, 40)}"`, async () => {
      const { spf } = await check({ 'TXT a.test': [record.match(/.{1,200}/g)!] });
      assert.match(wordsOf(spf), words);
    });
  }

  it('has an SPF record that includes itself, which ends', async () => {
    const { spf } = await check({ 'TXT a.test': [['v=spf1 include:a.test -all']] });
    assert.equal(spf.lookups, 11);
    assert.match(wordsOf(spf), /more than 10 lookups/);
    assert.ok(asked.filter((one) => one === 'TXT a.test').length <= 11);
  });

  it('has an SPF record whose lookups cannot be counted', async () => {
    for (const answer of ['refused', 'failed'] as const) {
      const { spf } = await check({ 'TXT _spf.mail.test': answer });
      assert.deepEqual([spf.lookups, wordsOf(spf)], [undefined, '']);
    }
    const macro = await check({ 'TXT a.test': [['v=spf1 include:%{i}.x.test -all']] });
    assert.equal(macro.spf.lookups, undefined);
  });

  it('has two SPF or two DMARC records', async () => {
    const spf = await check({ 'TXT a.test': [['v=spf1 -all'], ['v=spf1 ~all']] });
    assert.match(wordsOf(spf.spf), /^error: There are 2 SPF records/);
    const dmarc = await check({ 'TXT _dmarc.a.test': [['v=DMARC1; p=none'], ['v=DMARC1; p=none']] });
    assert.match(wordsOf(dmarc.dmarc), /^error: There are 2 DMARC records/);
  });

  it('has a DMARC policy that is only worth a note, or none', async () => {
    const none = await check({ 'TXT _dmarc.a.test': [['v=DMARC1;p=none; rua=mailto:a@b.test']] });
    assert.match(wordsOf(none.dmarc), /^note: .*"none"/);
    const nothing = await check({ 'TXT _dmarc.a.test': [['v=DMARC1; rua=mailto:a@b.test']] });
    assert.match(wordsOf(nothing.dmarc), /^error: .*no valid policy/);
  });

  it('has the DMARC policy of the domain above it', async () => {
    const { dmarc } = await check({}, never, 'mail.eu.a.test');
    assert.deepEqual([dmarc.name, wordsOf(dmarc)], ['_dmarc.a.test', '']);
    assert.ok(!asked.includes('TXT _dmarc.test'));
  });

  it('has a DKIM key that is revoked', async () => {
    const { dkim } = await check({ 'TXT google._domainkey.a.test': [['v=DKIM1; p=']] });
    assert.match(wordsOf(dkim), /^warning: .*"google" is revoked/);
  });

  for (const [answer, words] of [
    ['failed', /SERVFAIL/],
    ['refused', /refused to answer/],
  ] as const) {
    it(`is unknown and not missing where the server has ${answer}`, async () => {
      const failing = { 'MX a.test': answer, 'TXT a.test': answer, 'TXT _dmarc.a.test': answer };
      const { mx, spf, dmarc } = await check(failing);
      for (const part of [mx, spf, dmarc]) {
        assert.match(part.failure!, words);
        assert.equal(wordsOf(part), '');
      }
    });
  }

  it('is unknown where no server answers in time', async function () {
    // The resolver tries twice and waits longer each time.
    this.timeout(30_000);
    const { mx } = await check({ 'MX a.test': 'hang' });
    assert.match(mx.failure!, /in time/);
    assert.equal(wordsOf(mx), '');
  });

  it('is unknown where there is no server', async () => {
    const gone = await startDnsServer(() => 'noName');
    await gone.close();
    const { mx } = await checkDomain(createDns(never, [gone.address]), 'a.test');
    assert.match(mx.failure!, /reached|in time/);
  });

  it('is not waited for any more where the signal says so', async () => {
    const stop = new AbortController();
    const checked = check({ 'MX a.test': 'hang' }, stop.signal);
    stop.abort();
    await assert.rejects(checked, { name: 'AbortError' });
    await assert.rejects(check({}, stop.signal), { name: 'AbortError' });
  });
});

describe('a domain', () => {
  it('is read from what people type', () => {
    assert.equal(dnsDomainOf(' Dana@Try-Northwind.TEST. '), 'try-northwind.test');
    assert.equal(dnsDomainOf('bücher.example'), 'xn--bcher-kva.example');
    for (const text of ['', 'localhost', '192.0.2.1', 'a b.test', 'a@', '..', `${'x'.repeat(64)}.test`, 'a/b.test']) {
      assert.equal(dnsDomainOf(text), undefined, text);
    }
  });

  it('has the accounts of it and of no other', () => {
    const accounts = ['a@x.test', 'b@X.TEST', 'c@y.x.test', 'd@yx.test', 'x.test'].map((key) => account(key));
    const graph = graphOf(accounts, []);
    assert.deepEqual(atOnce(accountsOfDomain(graph, 'x.test')), ['a@x.test', 'b@X.TEST']);
    assert.deepEqual(atOnce(domainsOf(graph, 10)), ['x.test', 'y.x.test', 'yx.test']);
    assert.equal(atOnce(domainsOf(graph, 2)).length, 2);
    assert.deepEqual(atOnce(domainCounts(graph)), [
      { domain: 'x.test', accounts: 2 },
      { domain: 'y.x.test', accounts: 1 },
      { domain: 'yx.test', accounts: 1 },
    ]);
  });
});
