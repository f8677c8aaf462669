import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import type { ChangeRequest } from '../../../src/providers/changes.ts';
import type { Provider } from '../../../src/providers/provider.ts';
import { startSandbox, type Sandbox, type Service } from '../../../src/sandbox/server.ts';
import { isServiceError } from '../../../src/transport/errors.ts';
import { connectTo, writesOf } from '../../support/plans.ts';

const never = new AbortController().signal;

describe('changes', () => {
  let box: Sandbox | undefined;
  let provider: Provider | undefined;

  afterEach(async () => {
    provider?.client.dispose();
    await box?.close();
  });

  async function start(service: Service, settings: Parameters<typeof startSandbox>[0] = {}) {
    const sandbox = await startSandbox({ oddities: false, ...settings });
    const connected = connectTo(sandbox, service);
    [box, provider] = [sandbox, connected];
    return { sandbox, provider: connected, send: (request: ChangeRequest) => connected.changes.send(request, never) };
  }

  describe('of Instantly', () => {
    async function world(settings: Parameters<typeof startSandbox>[0] = {}) {
      const started = await start('instantly', settings);
      const { accounts, campaigns, tags } = started.sandbox.instantly;
      return {
        ...started,
        accounts,
        emails: accounts.map(({ email }) => email),
        campaign: campaigns[0]!,
        id: String(campaigns[0]!['id']),
        tag: String(tags[0]!['id']),
      };
    }

    it('activates and pauses a campaign, with no body', async () => {
      const { sandbox, send, campaign, id } = await world();
      assert.deepEqual(await send({ kind: 'pause-campaign', campaign: id }), []);
      assert.equal(campaign['status'], 2);
      await send({ kind: 'activate-campaign', campaign: id });
      assert.equal(campaign['status'], 1);
      assert.deepEqual(writesOf(sandbox), [
        `POST /api/v2/campaigns/${id}/pause`,
        `POST /api/v2/campaigns/${id}/activate`,
      ]);
      assert.deepEqual(
        sandbox.requests.map(({ headers }) => headers['content-type']),
        [undefined, undefined],
      );
    });

    it('deletes a campaign, with no body', async () => {
      const { sandbox, send, campaign, id } = await world();
      await send({ kind: 'delete-campaign', campaign: id });
      assert.ok(!sandbox.instantly.campaigns.includes(campaign));
      assert.deepEqual(writesOf(sandbox), [`DELETE /api/v2/campaigns/${id}`]);
      assert.equal(sandbox.requests[0]?.headers['content-type'], undefined);
    });

    it('edits the properties of a campaign that are named, and no others', async () => {
      const { sandbox, send, campaign, id } = await world();
      const before = { ...campaign };
      await send({ kind: 'edit-campaign', campaign: id, properties: { daily_limit: 70, email_gap: null } });
      assert.deepEqual(writesOf(sandbox), [`PATCH /api/v2/campaigns/${id} {"daily_limit":70,"email_gap":null}`]);
      assert.ok(!('email_gap' in campaign));
      assert.deepEqual(rest(campaign, 'timestamp_updated'), {
        ...rest(before, 'timestamp_updated', 'email_gap'),
        daily_limit: 70,
      });
    });

    it('pauses many accounts at once, and says which of them the service did not', async () => {
      const { sandbox, send, accounts, emails } = await world();
      const [first, second, stranger] = [emails[0]!, emails[1]!, 'nobody@nowhere.example'];
      Object.assign(accounts[0]!.row, { status: 1 });
      Object.assign(accounts[1]!.row, { status: 2 });
      const refused = await send({ kind: 'pause-account', accounts: [first, second, stranger] });
      assert.deepEqual(refused, [second, stranger]);
      assert.equal(accounts[0]!.row['status'], 2);
      assert.deepEqual(writesOf(sandbox), [
        `POST /api/v2/accounts/pause ${JSON.stringify({ emails: [first, second, stranger] })}`,
      ]);
    });

    it('resumes an account and marks one as fixed, with no body', async () => {
      const { sandbox, send, accounts, emails } = await world();
      Object.assign(accounts[0]!.row, { status: 2 });
      Object.assign(accounts[1]!.row, { status: -1 });
      await send({ kind: 'resume-account', accounts: [emails[0]!] });
      await send({ kind: 'mark-fixed', accounts: [emails[1]!] });
      assert.deepEqual([accounts[0]!.row['status'], accounts[1]!.row['status']], [1, 1]);
      assert.deepEqual(writesOf(sandbox), [
        `POST /api/v2/accounts/${encodeURIComponent(emails[0]!)}/resume`,
        `POST /api/v2/accounts/${encodeURIComponent(emails[1]!)}/mark-fixed`,
      ]);
      assert.deepEqual(
        sandbox.requests.map(({ headers }) => headers['content-type']),
        [undefined, undefined],
      );
    });

    it('sets the daily limit of an account', async () => {
      const { sandbox, send, emails, provider: read } = await world();
      await send({ kind: 'daily-limit', accounts: [emails[0]!], limit: 17 });
      assert.deepEqual(writesOf(sandbox), [
        `PATCH /api/v2/accounts/${encodeURIComponent(emails[0]!)} {"daily_limit":17}`,
      ]);
      assert.equal((await read.account(emails[0]!)).dailyLimit, 17);
    });

    it('adds and removes senders of a campaign, and keeps what others added meanwhile', async () => {
      const { sandbox, send, campaign, id, emails } = await world();
      campaign['email_list'] = [emails[0], emails[1]];
      await send({ kind: 'add-sender', campaign: id, accounts: [emails[2]!, emails[3]!] });
      assert.deepEqual(campaign['email_list'], emails.slice(0, 4));
      // Somebody adds one in the dashboard.
      campaign['email_list'] = emails.slice(0, 5);
      await send({ kind: 'remove-sender', campaign: id, accounts: [emails[1]!, emails[3]!] });
      assert.deepEqual(campaign['email_list'], [emails[0], emails[2], emails[4]]);
      assert.deepEqual(
        sandbox.writes.map(({ method, path, body }) => [method, path, Object.keys(body as object)]),
        Array(2).fill(['PATCH', `/api/v2/campaigns/${id}`, ['email_list']]),
      );
    });

    it('knows a sender that the campaign writes in another case', async () => {
      const { send, campaign, id, emails } = await world({ instantly: { quirks: ['emailsInCapitals'] } });
      campaign['email_list'] = [emails[0], emails[1]];
      await send({ kind: 'remove-sender', campaign: id, accounts: [emails[1]!] });
      assert.deepEqual(campaign['email_list'], [emails[0]!.toUpperCase()]);
    });

    it('adds the first senders of a campaign that lists none', async () => {
      const { send, campaign, id, emails } = await world();
      delete campaign['email_list'];
      await send({ kind: 'add-sender', campaign: id, accounts: [emails[0]!] });
      assert.deepEqual(campaign['email_list'], [emails[0]]);
    });

    for (const email_list of ['a@b.c,d@e.f', { 0: 'a@b.c' }, ['a@b.c', 7], [{ email: 'a@b.c' }]]) {
      it(`replaces no list of senders that it cannot read: ${JSON.stringify(email_list)}`, async () => {
        const { sandbox, send, id, emails } = await world();
        sandbox.override({
          path: /^\/api\/v2\/campaigns\//,
          reply: { status: 200, body: { id, name: 'x', email_list } },
        });
        await assert.rejects(send({ kind: 'add-sender', campaign: id, accounts: [emails[0]!] }), {
          kind: 'malformed',
        });
        assert.deepEqual(sandbox.writes, []);
      });
    }

    for (const [on, type] of [
      ['account', 1],
      ['campaign', 2],
    ] as const) {
      it(`tags each ${on} that is named, and never all`, async () => {
        const { sandbox, send, emails, id, tag } = await world();
        const ids = on === 'account' ? emails.slice(0, 2) : [id];
        const mapped = () =>
          sandbox.instantly.tagMappings.filter(
            (row) => row['tag_id'] === tag && row['resource_type'] === type && ids.includes(String(row['resource_id'])),
          ).length;
        await send({ kind: 'assign-tag', on, ids, tag });
        assert.equal(mapped(), ids.length);
        await send({ kind: 'remove-tag', on, ids, tag });
        assert.equal(mapped(), 0);
        const body = (assign: boolean) => ({ tag_ids: [tag], resource_type: type, resource_ids: ids, assign });
        const line = { service: 'instantly', method: 'POST', path: '/api/v2/custom-tags/toggle-resource' };
        assert.deepEqual(sandbox.writes, [
          { ...line, body: body(true), status: 200, done: true },
          { ...line, body: body(false), status: 200, done: true },
        ]);
      });
    }

    it('sends nothing for what the service cannot do', async () => {
      const { sandbox, send, id } = await world();
      await assert.rejects(send({ kind: 'stop-campaign', campaign: id }), TypeError);
      assert.deepEqual(sandbox.requests, []);
    });

    it('reads before it replaces behind what a person waits for', async () => {
      const { sandbox, id, emails, provider: connected } = await world();
      // A pause that a person would not wait for.
      sandbox.override({ path: /campaigns/, times: 1, reply: tooMany(30) });
      const leaving = new AbortController();
      const change = { kind: 'add-sender', campaign: id, accounts: [emails[0]!] } as const;
      const paused = new Promise<void>((resolve) =>
        connected.client.onWait(() => {
          resolve();
        }),
      );
      const sending = connected.changes.send(change, leaving.signal);
      await paused;
      await setImmediate();
      leaving.abort();
      await assert.rejects(sending, { name: 'AbortError' });
      assert.deepEqual(sandbox.writes, []);
    });
  });

  describe('of Smartlead', () => {
    async function world(settings: Parameters<typeof startSandbox>[0] = {}) {
      const started = await start('smartlead', settings);
      const { accounts, campaigns, tags, sendersOf } = started.sandbox.smartlead;
      const campaign = campaigns.find((row) => row['status'] === 'ACTIVE')!;
      const number = Number(campaign['id']);
      return {
        ...started,
        ...{ campaign, number, id: String(number), accounts, keys: accounts.map(({ id }) => String(id)) },
        tag: tags[0]!,
        senders: () => (sendersOf.get(number) ?? []).map(({ id }) => id),
      };
    }

    for (const quirks of [[], ['statusByPatch']] as const) {
      it(`pauses, starts and stops a campaign${quirks.length > 0 ? ' where only PATCH does' : ''}`, async () => {
        const { sandbox, send, campaign, id, provider: read } = await world({ smartlead: { quirks } });
        const path = `/api/v1/campaigns/${id}/status`;
        const lines: string[] = [];
        for (const [kind, sent, becomes] of [
          ['pause-campaign', 'PAUSED', 'PAUSED'],
          ['activate-campaign', 'START', 'ACTIVE'],
          ['stop-campaign', 'STOPPED', 'STOPPED'],
        ] as const) {
          await send({ kind, campaign: id });
          assert.equal(campaign['status'], becomes);
          // What is written in one word is read in another.
          assert.equal((await read.campaign(id)).status, becomes);
          assert.equal(read.info.changes[kind]?.becomes, becomes);
          lines.push(`POST ${path} {"status":"${sent}"}`);
          if (quirks.length > 0) {
            lines.push(`PATCH ${path} {"status":"${sent}"}`);
          }
        }
        assert.deepEqual(writesOf(sandbox), lines);
      });
    }

    it('does not take a campaign that is not there for a route that is not there', async () => {
      const { sandbox, send } = await world();
      await assert.rejects(send({ kind: 'pause-campaign', campaign: '999999' }), { kind: 'notFound' });
      assert.deepEqual(writesOf(sandbox), ['POST /api/v1/campaigns/999999/status {"status":"PAUSED"}']);
    });

    for (const reply of ['cut', 'html500'] as const) {
      it(`tries no other method where nobody knows what the first one did: ${reply}`, async () => {
        const { sandbox, send, id } = await world();
        const page = { status: 500, body: '<html>oops</html>', contentType: 'text/html' };
        sandbox.override({ path: /status/, reply: reply === 'cut' ? 'cut' : page });
        await assert.rejects(send({ kind: 'pause-campaign', campaign: id }), isServiceError);
        assert.equal(sandbox.writes.length, 1);
      });
    }

    it('deletes a campaign, with no body', async () => {
      const { sandbox, send, campaign, id } = await world();
      campaign['status'] = 'PAUSED';
      await send({ kind: 'delete-campaign', campaign: id });
      assert.ok(!sandbox.smartlead.campaigns.includes(campaign));
      assert.deepEqual(writesOf(sandbox), [`DELETE /api/v1/campaigns/${id}`]);
      assert.equal(sandbox.requests[0]?.headers['content-type'], undefined);
    });

    it('sets the daily limit, which is read by another name, and 0 as no limit', async () => {
      const { sandbox, send, accounts, keys, provider: read } = await world();
      await send({ kind: 'daily-limit', accounts: [keys[0]!], limit: 23 });
      assert.equal(accounts[0]!.shared['message_per_day'], 23);
      assert.equal((await read.account(keys[0]!)).dailyLimit, 23);
      await send({ kind: 'daily-limit', accounts: [keys[0]!], limit: 0 });
      const { dailyLimit, unlimited } = await read.account(keys[0]!);
      assert.deepEqual([dailyLimit, unlimited], [undefined, true]);
      assert.deepEqual(writesOf(sandbox), [
        `POST /api/v1/email-accounts/${keys[0]!} {"max_email_per_day":23}`,
        `POST /api/v1/email-accounts/${keys[0]!} {"max_email_per_day":0}`,
      ]);
    });

    it('adds and removes senders of a campaign by their numbers', async () => {
      const { sandbox, send, id, senders, accounts } = await world();
      const before = senders();
      const strangers = accounts.filter((account) => !before.includes(account.id)).slice(0, 2);
      const ids = strangers.map((account) => account.id);
      await send({ kind: 'add-sender', campaign: id, accounts: ids.map(String) });
      assert.deepEqual(senders(), [...before, ...ids]);
      await send({ kind: 'remove-sender', campaign: id, accounts: ids.map(String) });
      assert.deepEqual(senders(), before);
      const body = JSON.stringify({ email_account_ids: ids });
      assert.deepEqual(writesOf(sandbox), [
        `POST /api/v1/campaigns/${id}/email-accounts ${body}`,
        `DELETE /api/v1/campaigns/${id}/email-accounts ${body}`,
      ]);
    });

    it('tags accounts', async () => {
      const { sandbox, send, accounts, tag } = await world();
      const two = accounts.slice(0, 2);
      const ids = two.map(({ id }) => String(id));
      const tagged = () => two.map(({ tags }) => tags.some((one) => one['id'] === tag['id']));
      const change = { on: 'account', ids, tag: String(tag['id']) } as const;
      await send({ kind: 'assign-tag', ...change });
      assert.deepEqual(tagged(), [true, true]);
      await send({ kind: 'remove-tag', ...change });
      assert.deepEqual(tagged(), [false, false]);
      const body = JSON.stringify({ email_account_ids: ids.map(Number), tag_ids: [tag['id']] });
      assert.deepEqual(writesOf(sandbox), [
        `POST /api/v1/email-accounts/tag-mapping ${body}`,
        `DELETE /api/v1/email-accounts/tag-mapping ${body}`,
      ]);
    });

    it('sends nothing for what the service cannot do, nor for a key that is no number', async () => {
      const { sandbox, send, id, keys } = await world();
      const properties = { name: 'x' };
      await assert.rejects(send({ kind: 'edit-campaign', campaign: id, properties }), TypeError);
      for (const kind of ['pause-account', 'resume-account', 'mark-fixed'] as const) {
        await assert.rejects(send({ kind, accounts: [keys[0]!] }), TypeError);
      }
      assert.deepEqual(sandbox.requests, []);
    });
  });

  function tooMany(seconds: number) {
    return { status: 429, body: { message: 'slow down' }, headers: { 'retry-after': String(seconds) } };
  }
});

function rest(row: Readonly<Record<string, unknown>>, ...without: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !without.includes(name)));
}
