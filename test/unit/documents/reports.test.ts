import assert from 'node:assert/strict';
import type { SessionHealth } from '../../../src/connections/healthKeeper.ts';
import type { Session } from '../../../src/connections/sessions.ts';
import { KeptLists } from '../../../src/documents/keptLists.ts';
import { reports, type ReportKind } from '../../../src/documents/reports.ts';
import { SendingMap } from '../../../src/map/sendingMap.ts';
import type { Account, Campaign } from '../../../src/providers/model.ts';
import { propertyAt, type Path, type Properties } from '../../../src/providers/properties.ts';
import type { Provider } from '../../../src/providers/provider.ts';
import { startDnsServer } from '../../../src/sandbox/dns.ts';
import { startSandbox, type Override, type Sandbox, type Service } from '../../../src/sandbox/server.ts';
import { connect, MemoryLog } from '../../support/connect.ts';
import { healthOf } from '../../support/health.ts';
import { account, campaign, graphOf } from '../../support/records.ts';
import { services } from '../../support/services.ts';

type Report = Readonly<Record<string, unknown>>;

/** A part of a report. */
const part = (report: Report, name: string) => report[name] as Report;

/** What a report says, as its document has it. */
async function build(
  kind: ReportKind,
  session: Session,
  id: string,
  signal = new AbortController().signal,
  servers?: readonly string[],
  lists: Pick<KeptLists, 'get'> = new KeptLists(),
) {
  const { build: make } = await reports[kind].load();
  return JSON.parse(
    JSON.stringify(
      await make(session, id, {
        signal,
        lists,
        health: () => Promise.resolve(watchedOf(session)),
        dnsServers: () => Promise.resolve(servers),
      }),
    ),
  ) as Report;
}

/** The health of a session that has no records. */
function watchedOf(session: Session): SessionHealth {
  return {
    session,
    health: healthOf(session.map.graph, {
      complete: () => session.map.complete,
      today: () => new Date().toISOString().slice(0, 10),
    }),
    recordTimes: () => Promise.resolve([]),
    recordHeaders: () => Promise.resolve([]),
    changesSince: () => Promise.resolve(undefined),
  };
}

function sessionOf(service: Service, provider: Provider, map: SendingMap): Session {
  const connection = { id: 'c', provider: service, label: 'A connection', sample: false, createdAt: '' };
  return { connection, keyTag: 'tag', provider, map };
}

/** Findings without what they read, which has the names of the record. */
function readless(report: Report): object[] {
  return (report['findings'] as readonly object[]).map((finding) => ({ ...finding, read: {} }));
}

/** The paths of all values that nothing is known of. */
function undescribed(properties: Properties, value: unknown, path: Path = []): string[] {
  const own = path.length === 0 || propertyAt(properties, path) !== undefined ? [] : [path.join('.')];
  const inner =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, member]) =>
          undescribed(properties, member, [...path, Array.isArray(value) ? Number(name) : name]),
        )
      : [];
  return [...own, ...inner];
}

for (const service of services) {
  describe(`why a campaign of ${service} does not send`, () => {
    let sandbox: Sandbox;
    let session: Session;
    let properties: Properties;

    before(async () => {
      sandbox = await startSandbox({ [service]: { accounts: 130, campaigns: 30 } });
      const provider = connect(service, { baseUrl: sandbox.baseUrls[service] });
      session = sessionOf(service, provider, new SendingMap(provider, () => 0, new MemoryLog()));
      await session.map.sync();
      ({ properties } = await reports['campaign-sending'].load());
    });
    after(async () => {
      session.map.dispose();
      session.provider.client.dispose();
      await sandbox.close();
    });
    beforeEach(() => {
      sandbox.clearOverrides();
      sandbox.requests.length = 0;
    });

    const idOf = (state: string) => session.map.campaigns.records.rows.find((one) => one.state === state)!.id;
    const sending = (id: string) => build('campaign-sending', session, id);

    it('is answered for every campaign, with nothing that is not described', async () => {
      for (const { id, name } of session.map.campaigns.records.rows) {
        const report = await sending(id);
        assert.equal(Object.keys(report)[0], 'answer');
        assert.match(String(report['answer']), /^[A-Z].*\.$/);
        assert.equal(part(report, 'campaign')['name'], name);
        // What the service noted has no known shape.
        const known = {
          ...report,
          service: { ...part(report, 'service'), activity_log: [] },
          findings: readless(report),
        };
        assert.deepEqual(undescribed(properties, JSON.parse(JSON.stringify(known))), []);
      }
    });

    it('has its facts with where they come from, in a few requests', async () => {
      const id = idOf('healthy');
      const report = await sending(id);
      assert.ok(sandbox.requests.length <= 3);
      assert.match(String(part(report, 'service')['source']), /^GET \/campaigns\//);
      assert.equal(part(report, 'senders')['source'], 'map');
      assert.equal(part(report, 'senders')['count'], session.map.graph.sendersOf(id).length);
      assert.equal(typeof part(report, 'bounces')['bounce_rate'], 'number');
      assert.equal(part(report, 'bounces')['too_many'], false);
    });

    it('has no bounces where nothing was sent', async () => {
      const report = await sending(idOf('draft'));
      assert.equal(report['bounces'], undefined);
      assert.match(String(report['answer']), /draft/i);
    });

    for (const [what, reply] of [
      ['refused', { status: 403, body: { statusCode: 403, error: 'Forbidden', message: 'Planted refusal' } }],
      ['broken', { status: 200, body: 'nonsense' }],
      ['cut', 'cut'],
    ] as const satisfies readonly (readonly [string, Override['reply']])[]) {
      it(`says which answer could not be read where it is ${what}, and the rest`, async () => {
        const id = idOf('healthy');
        sandbox.override({ path: /\/analytics(?:\?|$)/, reply });
        const report = await sending(id);
        assert.match(String(part(report, 'bounces')['not_read']), /Instantly|Smartlead|Planted refusal/);
        assert.equal(part(report, 'campaign')['id'], id);
        sandbox.clearOverrides();
        // The answer that says why, on both services.
        sandbox.override({ path: /sending-status|\/campaigns\/\?|\/campaigns\/$/, reply });
        const other = await sending(id);
        assert.match(String(part(other, 'service')['not_read']), /Instantly|Smartlead|Planted refusal/);
        assert.equal(typeof part(other, 'bounces')['sent'], 'number');
        assert.ok(String(other['answer']).length > 10);
      });
    }

    it('is answered from the map where the service answers nothing', async () => {
      const id = idOf('healthy');
      sandbox.override({ path: /./, reply: { status: 401, body: { message: 'Planted refusal' } } });
      const report = await sending(id);
      assert.equal(part(report, 'campaign')['id'], id);
      assert.match(String(part(report, 'service')['not_read']), /Planted refusal/);
    });

    it('is answered without what a service does not have', async () => {
      const id = idOf('healthy');
      const { provider, map } = session;
      const less = {
        info: provider.info,
        campaign: (...args: Parameters<Provider['campaign']>) => provider.campaign(...args),
      } as Provider;
      const report = await build('campaign-sending', sessionOf(service, less, map), id);
      assert.deepEqual(Object.keys(report).slice(0, 3), ['answer', 'campaign', 'findings']);
      assert.equal(report['bounces'], undefined);
    });

    it('is an error for a campaign that is not there', async () => {
      await assert.rejects(sending(service === 'instantly' ? '019e0e3e-0000-7000-8000-000000000000' : '5'), {
        name: 'SendmapError',
        kind: 'notFound',
      });
    });

    it('ends where nobody waits for it', async () => {
      sandbox.override({ path: /./, reply: 'hang' });
      const stop = new AbortController();
      const report = build('campaign-sending', session, idOf('healthy'), stop.signal);
      stop.abort();
      await assert.rejects(report, { name: 'AbortError' });
    });
  });
}

describe('the report of capacity', () => {
  const reportOf = async (
    accounts: readonly Account[],
    campaigns: readonly Campaign[],
    stopping?: readonly string[],
  ) => {
    const provider = connect('instantly', { baseUrl: 'http://127.0.0.1:9' });
    const map = { graph: graphOf(accounts, campaigns), complete: true, readWhole: () => Promise.resolve() };
    const session = { provider, map } as unknown as Session;
    try {
      return await (stopping === undefined
        ? build('capacity', session, 'workspace')
        : build('what-if', session, 'list', undefined, undefined, { get: () => stopping }));
    } finally {
      provider.client.dispose();
    }
  };

  it('says what the campaigns that lack most need, by mailbox type, and what binds them', async () => {
    const senders = Array.from({ length: 25 }, (_, index) =>
      account(`a${index}@x.com`, { dailyLimit: index < 20 ? 10 : 20, providerType: index < 20 ? 'Google' : 'SMTP' }),
    );
    const keys = senders.map(({ key }) => key);
    const report = await reportOf(senders, [
      campaign('short', { listedSenders: keys, dailyLimit: 420 }),
      campaign('reached', { listedSenders: [], dailyLimit: 0 }),
    ]);
    const [worst, ...others] = report['worst_shortfalls'] as readonly Report[];
    assert.equal(others.length, 0);
    assert.deepEqual(
      [worst!['id'], worst!['shortfall'], worst!['emails_needed'], worst!['more_used_up']],
      ['short', 120, 120, 5],
    );
    assert.deepEqual(worst!['mailboxes_needed'], [
      { kind: 'Google', daily_limit: 10, mailboxes: 12 },
      { kind: 'SMTP', daily_limit: 20, mailboxes: 6 },
    ]);
    const named = worst!['used_up'] as readonly Report[];
    assert.deepEqual(
      named.map(({ email }) => email),
      keys.slice(0, 20),
    );
    const { properties } = await reports.capacity.load();
    const { worst_shortfalls } = report;
    assert.deepEqual(undescribed(properties, { worst_shortfalls }), []);
  });

  it('names ten of them, and says so where nobody knows the limits of mailboxes', async () => {
    const campaigns = Array.from({ length: 12 }, (_, index) => campaign(`c${index}`, { dailyLimit: 10 + index }));
    const report = await reportOf([account('a@x.com')], campaigns);
    const worst = report['worst_shortfalls'] as readonly Report[];
    assert.deepEqual(
      worst.map(({ id }) => id),
      campaigns
        .map(({ id }) => id)
        .toReversed()
        .slice(0, 10),
    );
    assert.match(String(worst[0]!['mailboxes_needed']), /not known/);
    assert.deepEqual(worst[0]!['used_up'], []);
  });

  it('groups large numbers in its words', async () => {
    const accounts = [account('a@x.com', { dailyLimit: 1500 }), account('b@x.com', { dailyLimit: 1500 })];
    const campaigns = [campaign('c', { listedSenders: ['a@x.com', 'b@x.com'], dailyLimit: 3000 })];
    assert.match(String((await reportOf(accounts, campaigns))['answer']), /up to 3,000 emails a day/);
    const whatIf = await reportOf(accounts, campaigns, ['a@x.com']);
    assert.match(String(whatIf['answer']), /lose 1,500 of 3,000 emails a day/);
    assert.deepEqual(whatIf['accounts'], { count: 1, first_accounts: [{ key: 'a@x.com', email: 'a@x.com' }] });
  });

  it('says nothing of it where every limit is reached', async () => {
    const report = await reportOf(
      [account('a@x.com', { dailyLimit: 9 })],
      [campaign('c', { listedSenders: ['a@x.com'], dailyLimit: 9 })],
    );
    assert.equal(report['worst_shortfalls'], undefined);
  });
});

describe('why a campaign does not send, in odd answers', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox({ oddities: false, instantly: { accounts: 20, campaigns: 12 } });
  });
  after(() => sandbox.close());
  beforeEach(() => {
    sandbox.clearOverrides();
  });

  const statusOf = async (body: unknown) => {
    const provider = connect('instantly', { baseUrl: sandbox.baseUrls.instantly });
    sandbox.override({ path: /sending-status/, reply: { status: 200, body } });
    return provider.sendingStatus!(String(sandbox.instantly.campaigns[0]!['id']));
  };

  it('takes the status of the diagnostics, or else that of the summary', async () => {
    const both = await statusOf({
      diagnostics: { status: 'daily_limit_met' },
      summary: { status: 'healthy', status_message: 'x' },
    });
    assert.deepEqual([both.code, both.sends, both.message], ['daily_limit_met', false, 'x']);
    assert.equal(both.words, 'The campaign has reached its daily limit');
    const summary = await statusOf({ diagnostics: null, summary: { status: 'campaign_paused' } });
    assert.deepEqual([summary.code, summary.sends], ['campaign_paused', false]);
    assert.match(summary.step!, /^Resume/);
  });

  it('shows a status that nobody knows, and takes any part for absent', async () => {
    const unknown = await statusOf({ diagnostics: { status: 'moon_phase' }, summary: null });
    assert.deepEqual([unknown.words, unknown.step], ['Unknown (moon_phase)', undefined]);
    for (const body of [
      { diagnostics: null, summary: null },
      {},
      { diagnostics: [], summary: 'x' },
      { diagnostics: { status: null, accounts_summary: 5, schedule_status: null, leads_status: [] } },
    ]) {
      const nothing = await statusOf(body);
      assert.deepEqual([nothing.code, nothing.words, nothing.sends], [undefined, undefined, undefined]);
    }
  });

  it('takes a limit that is off for none', async () => {
    const off = await statusOf({ diagnostics: { new_lead_limit: { enabled: false, limit: 5, contacted: 9 } } });
    assert.equal(off.newLeadsToday, undefined);
    const on = await statusOf({ diagnostics: { new_lead_limit: { enabled: true, limit: 5, contacted: 5 } } });
    assert.deepEqual(on.newLeadsToday, { limit: 5, used: 5, met: undefined });
  });
});

for (const service of services) {
  describe(`the domain of an account of ${service}`, () => {
    let sandbox: Sandbox;
    let session: Session;
    let properties: Properties;

    before(async () => {
      sandbox = await startSandbox({ [service]: { accounts: 200, campaigns: 3 } });
      const provider = connect(service, { baseUrl: sandbox.baseUrls[service] });
      session = sessionOf(service, provider, new SendingMap(provider, () => 0, new MemoryLog()));
      await session.map.sync();
      ({ properties } = await reports.domain.load());
    });
    after(async () => {
      session.map.dispose();
      session.provider.client.dispose();
      await sandbox.close();
    });
    beforeEach(() => {
      sandbox.clearOverrides();
      sandbox.requests.length = 0;
    });

    const check = async (domain: string) => build('domain', session, domain, undefined, [await sandbox.dnsServer()]);

    it('is checked, with nothing that is not described', async () => {
      const domains = new Set([...session.map.graph.accounts].map(({ email }) => email.split('@')[1]!));
      const answers = new Set<unknown>();
      for (const domain of domains) {
        const report = await check(domain);
        answers.add(report['answer']);
        assert.deepEqual(undescribed(properties, report), []);
        const accounts = part(report, 'accounts');
        assert.equal(
          accounts['count'],
          [...session.map.graph.accounts].filter(({ email }) => email.endsWith(`@${domain}`)).length,
        );
        assert.equal(report['next_step'] === undefined, report['answer'] === 'MX, SPF, DKIM and DMARC are in order.');
      }
      assert.ok(answers.size > 1 && answers.has('MX, SPF, DKIM and DMARC are in order.'), [...answers].join('\n'));
    });

    it('is checked by the service too, in one request that changes nothing, where it can', async () => {
      const { email } = [...session.map.graph.accounts][0]!;
      const report = await check(email.split('@')[1]!);
      const sent = sandbox.requests.map(({ method, path, sent: question }) => ({ method, path, question }));
      if (service === 'smartlead') {
        assert.deepEqual([report['service'], sent], [undefined, []]);
        return;
      }
      assert.deepEqual(sent, [
        { method: 'POST', path: '/api/v2/accounts/test/vitals', question: { accounts: [email] } },
      ]);
      assert.equal(part(report, 'service')['mx'], true);
    });

    it('is checked by this machine where the service refuses, or makes no sense', async () => {
      const { email } = [...session.map.graph.accounts][0]!;
      for (const [body, status, words] of [
        [{ error: 'Bad request - planted' }, 400, /planted/],
        ['nonsense', 200, /Unexpected response from Instantly/],
        [{ statusCode: 403, error: 'Forbidden', message: 'Planted refusal' }, 403, /Planted refusal/],
      ] as const) {
        sandbox.override({ path: /vitals/, reply: { status, body } });
        const report = await check(email.split('@')[1]!);
        assert.ok(Array.isArray(part(report, 'mx')['records']));
        if (service === 'instantly') {
          assert.match(String(part(report, 'service')['not_read']), words);
        }
      }
      sandbox.override({
        path: /vitals/,
        reply: { status: 200, body: { success_list: [5, { domain: 'other.test' }] } },
      });
      assert.equal((await check(email.split('@')[1]!))['service'], undefined);
    });

    it('says what could not be looked up, and never that it is missing', async () => {
      const server = await startDnsServer(() => 'failed');
      const report = await build('domain', session, 'try.test', undefined, [server.address]);
      await server.close();
      assert.match(String(report['answer']), /^Nothing could be looked up: .*SERVFAIL/);
      for (const name of ['mx', 'spf', 'dmarc', 'dkim']) {
        assert.match(String(part(report, name)['not_read']), /SERVFAIL/);
        assert.deepEqual(part(report, name)['problems'], []);
        assert.equal(part(report, name)['records'], undefined);
      }
      assert.match(String(report['next_step']), /DNS server of this computer/);
    });

    it('shows hostile records as text, and no more of them than anybody reads', async () => {
      const hostile = `v=spf1 [x](command:evil) ${'y'.repeat(150)} +all`;
      const server = await startDnsServer((name, type) =>
        name === 'try.test' && type === 'TXT'
          ? [[hostile], ['v=DMARC1']]
          : type === 'MX'
            ? Array.from({ length: 25 }, (_, priority) => ({ priority, exchange: 'mx.test' }))
            : 'noName',
      );
      const report = await build('domain', session, 'try.test', undefined, [server.address]);
      await server.close();
      assert.deepEqual(part(report, 'spf')['records'], [hostile]);
      assert.equal((part(report, 'mx')['records'] as []).length, 20);
      assert.equal(part(report, 'mx')['more_records'], 5);
    });

    it('has to be one', async () => {
      await assert.rejects(check('not a domain'), { name: 'SendmapError', kind: 'notFound' });
    });
  });
}
