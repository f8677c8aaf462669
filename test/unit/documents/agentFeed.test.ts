import assert from 'node:assert/strict';
import type { SessionHealth } from '../../../src/connections/healthKeeper.ts';
import type { Session } from '../../../src/connections/sessions.ts';
import { KeptLists } from '../../../src/documents/keptLists.ts';
import { reports } from '../../../src/documents/reports.ts';
import { SendingMap } from '../../../src/map/sendingMap.ts';
import { mentions } from '../../../src/queries/mentions.ts';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.ts';
import { connect, MemoryLog } from '../../support/connect.ts';
import { healthOf } from '../../support/health.ts';

const AGENT = '01a0206f-e3c8-7c89-bb8e-26ad638ed6a3';

describe("the feed of the service's own agent", () => {
  let sandbox: Sandbox;
  let session: Session;
  let watched: SessionHealth;

  before(async () => {
    sandbox = await startSandbox({ oddities: false });
    const provider = connect('instantly', { baseUrl: sandbox.baseUrls.instantly });
    const map = new SendingMap(provider, () => 0, new MemoryLog());
    await map.sync();
    const connection = { id: 'c', provider: 'instantly', label: 'A', sample: false, createdAt: '' } as const;
    session = { connection, keyTag: 'tag', provider, map };
    watched = { session, health: healthOf(map.graph) } as SessionHealth;
  });

  after(async () => {
    session.map.dispose();
    session.provider.client.dispose();
    await sandbox.close();
  });

  afterEach(() => {
    sandbox.clearOverrides();
  });

  async function explain(kind: 'account-explanation' | 'campaign-explanation', id: string) {
    const { build } = await reports[kind].load();
    const options = {
      signal: new AbortController().signal,
      lists: new KeptLists(),
      health: () => Promise.resolve(watched),
      dnsServers: () => Promise.resolve(undefined),
    };
    return (await build(session, id, options)) as Readonly<Record<string, unknown>>;
  }

  function deploy(agents: object, items: readonly object[]) {
    sandbox.override({ path: /deliverability\/[^/]+\/feed-items/, reply: { status: 200, body: { items } } });
    sandbox.override({ path: /deliverability$/, reply: { status: 200, body: agents } });
  }

  it('stands in the explanation of what it is about, and nowhere else', async () => {
    const [account, other] = sandbox.instantly.accounts;
    const campaign = String(sandbox.instantly.campaigns[0]!['id']);
    const items = [
      { id: '1', title: 'Paused for 14 days', affected: { accounts: [account!.email.toUpperCase()] }, api_key: 'k' },
      { id: '2', title: 'About a longer name', account: `x${other!.email}` },
      { id: '3', title: 'Bounces', campaign_id: campaign },
    ];
    for (const agents of [{ agent: { id: AGENT } }, { items: [{ id: AGENT }] }, { id: AGENT }]) {
      deploy(agents, items);
      const found = await explain('account-explanation', account!.email);
      assert.deepEqual(found['agent_feed'], [{ id: '1', title: 'Paused for 14 days' }]);
      sandbox.clearOverrides();
    }
    deploy({ agent: { id: AGENT } }, items);
    assert.deepEqual((await explain('campaign-explanation', campaign))['agent_feed'], [
      { id: '3', title: 'Bounces', campaign_id: campaign },
    ]);
    assert.equal((await explain('account-explanation', other!.email))['agent_feed'], undefined);
  });

  it('is not spoken of where there is no agent, or the key may not read it', async () => {
    const { email } = sandbox.instantly.accounts[0]!;
    for (const reply of [
      { status: 403, body: { statusCode: 403, error: 'Forbidden', message: 'Missing required scope: ai_agents:read' } },
      { status: 404, body: { statusCode: 404, error: 'Not Found', message: 'Route not found' } },
      { status: 200, body: { agent: null } },
      { status: 200, body: { items: [] } },
    ]) {
      sandbox.override({ path: /deliverability$/, reply });
      assert.equal('agent_feed' in (await explain('account-explanation', email)), false, JSON.stringify(reply));
      sandbox.clearOverrides();
    }
  });

  it('costs only itself where it cannot be read', async () => {
    const { email } = sandbox.instantly.accounts[0]!;
    sandbox.override({ path: /deliverability$/, reply: { status: 200, body: 'nonsense' } });
    const found = await explain('account-explanation', email);
    assert.match(JSON.stringify(found['agent_feed']), /not_read/);
    assert.equal(found['account'], email);
  });

  it('is searched however it is shaped, and not without end', () => {
    const names = new Set(['a@x.com', '7']);
    assert.equal(mentions({ a: [{ b: { c: ['no', 'A@X.com'] } }] }, names), true);
    assert.equal(mentions({ id: 7 }, names), true);
    assert.equal(mentions({ a: 'not aa@x.com', b: null, c: true }, names), false);
    const loop: Record<string, unknown> = { a: 'x' };
    loop['again'] = loop;
    assert.equal(mentions(loop, names), false);
  });
});
