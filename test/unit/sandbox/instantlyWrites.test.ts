import assert from 'node:assert/strict';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.ts';
import { receivedWrites, sendTo, type Sending } from '../../support/writes.ts';

const MINUTE = 60_000;
type Row = Record<string, unknown>;

const without = (row: Row, ...names: readonly string[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));

describe('writes to the simulated Instantly', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startSandbox({ oddities: false });
  });
  afterEach(() => sandbox.close());

  const send = (method: string, path: string, sending?: Sending) => sendTo(sandbox, 'instantly', method, path, sending);
  const read = async (path: string) => (await send('GET', path)).body;
  const items = async (path: string) => (await read(path))['items'] as Row[];
  const campaignWhere = (fits: (row: Row) => boolean) => String(sandbox.instantly.campaigns.find(fits)!['id']);
  const anyCampaign = () => campaignWhere((row) => Array.isArray(row['email_list']) && row['status'] === 1);
  const bareCampaign = () => campaignWhere((row) => !('email_list' in row));
  const anyEmail = () => sandbox.instantly.accounts.find(({ row }) => row['status'] === 1)!.email;

  it('changes a campaign, each property whole, and clears what is null', async () => {
    const id = anyCampaign();
    const before = await read(`/campaigns/${id}`);
    const steps = [{ type: 'email', delay: 1, variants: [{ subject: 'Hi', body: 'There' }] }];
    const sent = { name: 'Renamed', daily_limit: null, sequences: [{ steps }] };
    const answer = await send('PATCH', `/campaigns/${id}`, { body: sent });
    assert.equal(answer.status, 200);
    const after = await read(`/campaigns/${id}`);
    assert.deepEqual(answer.body, after);
    assert.deepEqual(after, {
      ...without(before, 'daily_limit'),
      name: 'Renamed',
      // A default of the service comes with what was sent.
      sequences: [{ steps: [{ ...steps[0], delay_unit: 'days', pre_delay_unit: 'days' }] }],
      timestamp_updated: after['timestamp_updated'],
    });
    assert.notEqual(after.timestamp_updated, before['timestamp_updated']);
    assert.equal((await items('/campaigns?limit=100')).find((row) => row['id'] === id)!['name'], 'Renamed');
  });

  it('maps accounts to campaigns as the lists of senders and the tags say it then', async () => {
    const id = anyCampaign();
    const email = anyEmail();
    const mapped = async () =>
      (await items(`/account-campaign-mappings/${encodeURIComponent(email)}?limit=100`)).some(
        (row) => row['campaign_id'] === id,
      );
    await send('PATCH', `/campaigns/${id}`, { body: { email_list: [], email_tag_list: [] } });
    assert.equal(await mapped(), false);
    await send('PATCH', `/campaigns/${id}`, { body: { email_list: [email.toUpperCase()] } });
    assert.equal(await mapped(), true);
    const [tag] = sandbox.instantly.tags;
    await send('PATCH', `/campaigns/${id}`, { body: { email_list: [], email_tag_list: [tag!['id']] } });
    const toggle = { tag_ids: [tag!['id']], resource_type: 1, resource_ids: [email] };
    await send('POST', '/custom-tags/toggle-resource', { body: { ...toggle, assign: true } });
    assert.equal(await mapped(), true);
    await send('POST', '/custom-tags/toggle-resource', { body: { ...toggle, assign: false } });
    assert.equal(await mapped(), false);
  });

  it('drops what is unknown or read-only, or refuses it where it is asked to', async () => {
    const id = anyCampaign();
    const dropped = await send('PATCH', `/campaigns/${id}`, { body: { status: 3, nonsense: true } });
    assert.equal(dropped.status, 200);
    assert.equal(dropped.body['status'], 1);
    assert.ok(!('nonsense' in dropped.body));
    const strict = await startSandbox({ instantly: { quirks: ['unknownRefused'] } });
    const path = `/campaigns/${String(strict.instantly.campaigns[0]!['id'])}`;
    const refused = await sendTo(strict, 'instantly', 'PATCH', path, { body: { status: 3 } });
    await strict.close();
    assert.deepEqual(refused.body, {
      statusCode: 400,
      error: 'Bad Request',
      message: 'body must NOT have additional properties',
    });
  });

  it('refuses what is not valid, and names the property', async () => {
    const path = `/campaigns/${anyCampaign()}`;
    const days = { '1': true };
    const timing = { from: '09:00', to: '17:00' };
    const schedule = { name: 'All', timing, days, timezone: 'Europe/London' };
    for (const [body, message] of [
      [{}, 'body must NOT have fewer than 1 properties'],
      [{ daily_limit: 'many' }, 'body/daily_limit must be number,null'],
      [{ daily_max_leads: -1 }, 'body/daily_max_leads must be >= 0'],
      [{ campaign_schedule: {} }, "body/campaign_schedule must have required property 'schedules'"],
      [{ campaign_schedule: { schedules: [] } }, 'body/campaign_schedule/schedules must NOT have fewer than 1 items'],
      [
        { campaign_schedule: { schedules: [schedule] } },
        'body/campaign_schedule/schedules/0/timezone must be equal to one of the allowed values',
      ],
      [{ sequences: [{ steps: [{ type: 'email' }] }] }, "body/sequences/0/steps/0 must have required property 'delay'"],
      [{ cc_list: ['nobody'] }, 'body/cc_list/0 must match format "email"'],
    ] as const) {
      const answer = await send('PATCH', path, { body });
      assert.equal(answer.status, 400);
      assert.equal(answer.body['message'], message);
    }
    assert.equal(
      (await send('PATCH', '/campaigns/1', { body: { name: 'x' } })).body['message'],
      'params/id must match format "uuid"',
    );
    const nobody = '00000000-0000-4000-8000-000000000000';
    assert.equal((await send('PATCH', `/campaigns/${nobody}`, { body: { name: 'x' } })).status, 404);
    assert.equal((await send('POST', '/campaigns', { body: { name: 'x' } })).status, 404);
  });

  it('refuses JSON that is empty or broken', async () => {
    const campaign = `/campaigns/${anyCampaign()}`;
    for (const [method, path] of [
      ['POST', `${campaign}/pause`],
      ['DELETE', campaign],
      ['POST', `/accounts/${anyEmail()}/pause`],
    ] as const) {
      const answer = await send(method, path, { contentType: 'application/json' });
      assert.deepEqual(answer.body, {
        statusCode: 400,
        error: 'Bad Request',
        message: "Body cannot be empty when content-type is set to 'application/json'",
      });
    }
    assert.equal((await send('PATCH', campaign, { text: '{"name"' })).status, 400);
    assert.equal((await send('PATCH', campaign, { text: '{"name":"x"}', contentType: 'text/plain' })).status, 400);
    assert.equal((await send('POST', `${campaign}/pause`, { body: {} })).status, 200);
  });

  it('pauses and activates a campaign', async () => {
    const path = `/campaigns/${anyCampaign()}`;
    const before = await read(path);
    const paused = await send('POST', `${path}/pause`);
    assert.deepEqual([paused.status, paused.body['status']], [200, 2]);
    assert.deepEqual(await read(path), paused.body);
    assert.notEqual(paused.body['timestamp_updated'], before['timestamp_updated']);
    assert.equal((await send('POST', `${path}/activate`)).body['status'], 1);
    sandbox.advance(5 * MINUTE);
    assert.equal((await read(path))['status'], 1);
  });

  it('finds an active campaign without senders unhealthy four minutes later, unless it got some or was paused', async () => {
    const [first, second, third] = sandbox.instantly.campaigns.map((row) => `/campaigns/${String(row['id'])}`);
    for (const path of [first!, second!, third!]) {
      await send('PATCH', path, { body: { email_list: [], email_tag_list: [] } });
      assert.equal((await send('POST', `${path}/activate`)).body['status'], 1);
    }
    await send('PATCH', second!, { body: { email_list: [anyEmail()] } });
    await send('POST', `${third!}/pause`);
    sandbox.advance(3 * MINUTE);
    assert.equal((await read(first!))['status'], 1);
    const clock = new URL('/sandbox/clock', sandbox.baseUrls.instantly);
    const moved = await fetch(clock, { method: 'POST', body: JSON.stringify({ milliseconds: MINUTE }) });
    assert.match(((await moved.json()) as { now: string }).now, /^2026-11-20T09:0[45]/);
    assert.equal((await read(first!))['status'], -1);
    assert.equal((await read(second!))['status'], 1);
    assert.equal((await read(third!))['status'], 2);
    assert.equal((await fetch(clock, { method: 'POST', body: '{}' })).status, 400);
  });

  it('deletes a campaign with its mappings, and answers what it was', async () => {
    const id = anyCampaign();
    const before = await read(`/campaigns/${id}`);
    const [email] = before['email_list'] as string[];
    const answer = await send('DELETE', `/campaigns/${id}`);
    assert.deepEqual([answer.status, answer.body], [200, before]);
    assert.equal((await send('GET', `/campaigns/${id}`)).status, 404);
    assert.equal((await send('DELETE', `/campaigns/${id}`)).status, 404);
    assert.ok((await items('/campaigns?limit=100')).every((row) => row['id'] !== id));
    const mappings = await items(`/account-campaign-mappings/${encodeURIComponent(email!)}?limit=100`);
    assert.ok(mappings.every((row) => row['campaign_id'] !== id));
    assert.equal((await items(`/custom-tag-mappings?resource_ids=${id}`)).length, 0);
    assert.equal((await send('DELETE', `/campaigns/${bareCampaign()}`, { text: 'null' })).status, 200);
  });

  it('pauses, resumes and mends an account, which does not move its time', async () => {
    const { email } = sandbox.instantly.accounts.find(({ row }) => row['status'] === -1)!;
    const path = `/accounts/${encodeURIComponent(email)}`;
    const before = await read(path);
    const paused = await send('POST', `${path}/pause`);
    assert.deepEqual(paused.body, { ...before, status: 2 });
    assert.deepEqual(await read(path), paused.body);
    assert.deepEqual((await send('POST', `${path}/resume`)).body, { ...before, status: 1 });
    assert.deepEqual((await send('POST', `${path}/mark-fixed`)).body, {
      ...without(before, 'status_message'),
      status: 1,
    });
    assert.equal((await send('POST', '/accounts/nobody@example.com/pause')).status, 404);
  });

  it('pauses up to 100 accounts, and says which were not there or were paused already', async () => {
    const [first, second, third] = sandbox.instantly.accounts.map(({ email }) => email);
    await send('POST', `/accounts/${first!}/resume`);
    await send('POST', `/accounts/${second!}/resume`);
    await send('POST', `/accounts/${third!}/pause`);
    const emails = [first, second, first, third, 'nobody@example.com'];
    const answer = await send('POST', '/accounts/pause', { body: { emails } });
    assert.deepEqual(answer.body, {
      paused_emails: [first, second],
      failed_emails: [third, 'nobody@example.com'],
    });
    assert.equal((await read(`/accounts/${first!}`))['status'], 2);
    await send('POST', `/accounts/${first!}/resume`);
    sandbox.fault({ kind: 'ignored', names: [first!] });
    const partly = await send('POST', '/accounts/pause', { body: { emails: [first] } });
    assert.deepEqual(partly.body, { paused_emails: [], failed_emails: [first] });
    assert.equal((await read(`/accounts/${first!}`))['status'], 1);
    const many = Array.from({ length: 101 }, (_, index) => `a${index}@example.com`);
    const refused = await send('POST', '/accounts/pause', { body: { emails: many } });
    assert.equal(refused.body['message'], 'body/emails must NOT have more than 100 items');
  });

  it('changes an account, with its warmup replaced whole', async () => {
    const { email } = sandbox.instantly.accounts.find(({ warmup }) => Object.keys(warmup).length > 0)!;
    const path = `/accounts/${email}`;
    const before = await read(path);
    const body = {
      daily_limit: 5,
      signature: null,
      warmup: { limit: 7 },
      skip_cname_check: true,
      remove_tracking_domain: true,
    };
    const answer = await send('PATCH', path, { body });
    const rest = without(before, 'signature', 'tracking_domain_name', 'tracking_domain_status');
    const changed = { daily_limit: 5, warmup: { limit: 7 }, timestamp_updated: answer.body['timestamp_updated'] };
    assert.deepEqual(answer.body, { ...rest, ...changed });
    assert.deepEqual(await read(path), answer.body);
    assert.notEqual(before['timestamp_updated'], changed.timestamp_updated);
    assert.equal((await items(`/accounts?limit=100`)).find((row) => row['email'] === email)!['daily_limit'], 5);
    const refused = await send('PATCH', path, { body: { sending_gap: 1441 } });
    assert.equal(refused.body['message'], 'body/sending_gap must be <= 1440');
  });

  it('assigns tags and takes them away, and creates nothing else', async () => {
    const tag = String(sandbox.instantly.tags[0]!['id']);
    const [first, second] = sandbox.instantly.accounts.filter(({ tagIds }) => !tagIds.includes(tag));
    const resource_ids = [first!.email, second!.email];
    const toggle = { tag_ids: [tag], resource_type: 1, resource_ids };
    const before = sandbox.instantly.tagMappings.length;
    for (const times of ['once', 'twice']) {
      const answer = await send('POST', '/custom-tags/toggle-resource', { body: { ...toggle, assign: true } });
      assert.deepEqual(answer.body, { success: true }, times);
    }
    assert.equal(sandbox.instantly.tagMappings.length, before + 2);
    const tagged = await items(`/accounts?limit=100&include_tags=true&tag_ids=${tag}`);
    assert.ok(resource_ids.every((email) => tagged.some((row) => row['email'] === email)));
    const page = await items(`/custom-tag-mappings?limit=1&resource_ids=${resource_ids.join(',')}`);
    assert.deepEqual([page[0]!['tag_id'], page[0]!['resource_type']], [tag, 1]);
    await send('POST', '/custom-tags/toggle-resource', { body: { ...toggle, assign: false } });
    assert.equal(sandbox.instantly.tagMappings.length, before);
    const campaigns = [bareCampaign()];
    const sent = { tag_ids: [tag], resource_type: 2, resource_ids: campaigns, assign: true };
    await send('POST', '/custom-tags/toggle-resource', { body: sent });
    const mappings = await items(`/custom-tag-mappings?limit=100&resource_ids=${campaigns.join(',')}`);
    assert.ok(mappings.some((row) => row['tag_id'] === tag && row['resource_type'] === 2));
  });

  it('touches every account where all are selected, but those that are not', async () => {
    const tag = String(sandbox.instantly.tags[0]!['id']);
    const [spared] = sandbox.instantly.accounts;
    const sent = { tag_ids: [tag], resource_type: 1, assign: false, selected_all: true };
    await send('POST', '/custom-tags/toggle-resource', { body: { ...sent, assign: true } });
    await send('POST', '/custom-tags/toggle-resource', { body: { ...sent, excluded_resource_ids: [spared!.email] } });
    assert.deepEqual(
      sandbox.instantly.accounts.filter(({ tagIds }) => tagIds.includes(tag)),
      [spared],
    );
  });

  it('refuses tags of what is not there', async () => {
    const tag_ids = [sandbox.instantly.tags[0]!['id']];
    const resource_ids = ['nobody@example.com'];
    for (const [sent, status, message] of [
      [{ tag_ids, resource_type: 1, resource_ids }, 404, '1 account(s) not found'],
      [{ tag_ids, resource_type: 1 }, 400, "body must have required property 'resource_ids'"],
      [
        { tag_ids, resource_type: 3, resource_ids },
        400,
        'body/resource_type must be equal to one of the allowed values',
      ],
      [{ tag_ids: ['x'], resource_type: 1, resource_ids }, 400, 'body/tag_ids/0 must match format "uuid"'],
      [
        { tag_ids: ['00000000-0000-4000-8000-000000000000'], resource_type: 1, resource_ids: [anyEmail()] },
        404,
        'Resource not found',
      ],
    ] as const) {
      const answer = await send('POST', '/custom-tags/toggle-resource', { body: { ...sent, assign: true } });
      assert.deepEqual([answer.status, answer.body['message']], [status, message]);
    }
  });

  it('asks a key for the scope of each write', async () => {
    await sandbox.close();
    const key = 'a-key-that-reads';
    const scopes = ['all:read', 'accounts:update'];
    sandbox = await startSandbox({ keys: [{ key, service: 'instantly', scopes }] });
    const campaign = `/campaigns/${anyCampaign()}`;
    for (const [method, path, scope] of [
      ['PATCH', campaign, 'campaigns:update'],
      ['POST', `${campaign}/pause`, 'campaigns:update'],
      ['DELETE', campaign, 'campaigns:delete'],
      ['POST', '/custom-tags/toggle-resource', 'custom_tags:update'],
    ] as const) {
      const answer = await send(method, path, { key });
      const message = `Missing required scope: ${scope}`;
      assert.deepEqual([answer.status, answer.body], [403, { statusCode: 403, error: 'Forbidden', message }]);
    }
    assert.equal((await send('POST', `/accounts/${anyEmail()}/pause`, { key })).status, 200);
    assert.equal((await send('POST', `${campaign}/pause`, { key: 'wrong' })).status, 401);
    assert.deepEqual(
      (await receivedWrites(sandbox)).map(({ status, done }) => [status, done]),
      [...Array.from({ length: 4 }, () => [403, false]), [200, true], [401, false]],
    );
  });
});
