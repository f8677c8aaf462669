import assert from 'node:assert/strict';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.ts';
import { receivedWrites, sendTo, type Sending } from '../../support/writes.ts';

type Row = Record<string, unknown>;

describe('writes to the simulated Smartlead', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startSandbox({ oddities: false });
  });
  afterEach(() => sandbox.close());

  const send = (method: string, path: string, sending?: Sending) => sendTo(sandbox, 'smartlead', method, path, sending);
  const read = async (path: string) => (await send('GET', path)).body;
  const rows = async (path: string) => (await read(path)) as unknown as Row[];
  const campaignWith = (status: string) =>
    Number(sandbox.smartlead.campaigns.find((row) => row['status'] === status)!['id']);
  const sendersOf = async (id: number) =>
    (await rows(`/campaigns/${id}/email-accounts`)).map((row) => Number(row['id']));
  const campaignsOf = async (account: number) =>
    (await read(`/email-accounts/${account}/?fetch_campaigns=true`))['campaign_ids'] as number[];
  const stranger = (id: number) => sandbox.smartlead.accounts.find((account) => !account.campaignIds.includes(id))!.id;
  const invalid = (key: string, message: string, label = key) => ({
    statusCode: 400,
    error: 'Bad Request',
    message: `"${label}" ${message}`,
    validation: { source: 'body', keys: [key] },
  });

  it('sets the status of a campaign, which is read in other words than it is written', async () => {
    const id = campaignWith('PAUSED');
    for (const [written, seen] of [
      ['START', 'ACTIVE'],
      ['PAUSED', 'PAUSED'],
      ['STOPPED', 'STOPPED'],
    ] as const) {
      const answer = await send('POST', `/campaigns/${id}/status`, { body: { status: written } });
      assert.deepEqual([answer.status, answer.body], [200, { ok: true }]);
      assert.equal((await read(`/campaigns/${id}`))['status'], seen);
      assert.equal((await rows('/campaigns/')).find((row) => row['id'] === id)!['status'], seen);
    }
    assert.equal((await send('POST', `/campaigns/${id}/status`, { body: { status: 'START' } })).status, 400);
    assert.equal((await read(`/campaigns/${id}`))['status'], 'STOPPED');
  });

  it('forgets why it paused a campaign that is started again', async () => {
    const [id] = [...sandbox.smartlead.activityLogs.keys()];
    await send('POST', `/campaigns/${id!}/status`, { body: { status: 'START' } });
    const row = (await rows('/campaigns/')).find((one) => one['id'] === id)!;
    assert.deepEqual([row['status'], row['campaign_activity_logs']], ['ACTIVE', {}]);
  });

  it('takes a status by POST, or by PATCH where it is asked to, and has no other route for it', async () => {
    const path = `/campaigns/${campaignWith('ACTIVE')}/status`;
    const body = { status: 'PAUSED' };
    const missing = await send('PATCH', path, { body });
    assert.equal(missing.status, 404);
    assert.match(missing.headers.get('content-type')!, /^text\/html/);
    assert.match(missing.text, new RegExp(`Cannot PATCH /api/v1${path}`));
    await sandbox.close();
    sandbox = await startSandbox({ oddities: false, smartlead: { quirks: ['statusByPatch'] } });
    assert.match((await send('POST', path, { body })).text, /Cannot POST/);
    assert.deepEqual((await send('PATCH', path, { body })).body, { ok: true });
    assert.deepEqual(
      (await receivedWrites(sandbox)).map(({ method, status, done }) => [method, status, done]),
      [
        ['POST', 404, false],
        ['PATCH', 200, true],
      ],
    );
  });

  it('refuses what is not valid, in the words of the validator', async () => {
    const campaign = `/campaigns/${campaignWith('ACTIVE')}`;
    const [account] = sandbox.smartlead.accounts;
    const many = Array.from({ length: 26 }, (_, index) => index + 1);
    for (const [path, body, refusal] of [
      [`${campaign}/status`, { status: 'ACTIVE' }, invalid('status', 'must be one of [START, PAUSED, STOPPED]')],
      [`${campaign}/status`, undefined, invalid('status', 'is required')],
      [
        `${campaign}/email-accounts`,
        { email_account_ids: [] },
        invalid('email_account_ids', 'must contain at least 1 items'),
      ],
      [
        `${campaign}/email-accounts`,
        { email_account_ids: ['x'] },
        invalid('email_account_ids.0', 'must be an integer', 'email_account_ids[0]'),
      ],
      [`/email-accounts/${account!.id}`, { message_per_day: 5 }, invalid('message_per_day', 'is not allowed')],
      [
        '/email-accounts/tag-mapping',
        { email_account_ids: many, tag_ids: [10] },
        invalid('email_account_ids', 'must contain less than or equal to 25 items'),
      ],
    ] as const) {
      const answer = await send('POST', path, { body });
      assert.deepEqual([answer.status, answer.body], [400, refusal]);
    }
    assert.equal(
      (await send('POST', '/campaigns/x/status', { body: { status: 'START' } })).body['message'],
      '"campaign_id" must be a number',
    );
    assert.equal((await send('DELETE', `${campaign}?force=true`)).body['message'], '"force" is not allowed');
    assert.equal((await send('POST', `${campaign}/status`, { text: '{' })).status, 400);
    assert.equal((await send('POST', '/campaigns/create', { body: {} })).status, 404);
  });

  it('adds and removes senders, which campaigns and accounts say from then on', async () => {
    const id = campaignWith('PAUSED');
    const before = await sendersOf(id);
    const added = stranger(id);
    const body = { email_account_ids: [added] };
    const answer = await send('POST', `/campaigns/${id}/email-accounts`, { body });
    const [row] = answer.body['result'] as Row[];
    assert.deepEqual([answer.body['ok'], row!['email_campaign_id'], row!['email_account_id']], [true, id, added]);
    await send('POST', `/campaigns/${id}/email-accounts`, { body });
    assert.deepEqual(await sendersOf(id), [...before, added]);
    assert.equal((await campaignsOf(added)).filter((one) => one === id).length, 1);
    assert.deepEqual((await send('DELETE', `/campaigns/${id}/email-accounts`, { body })).body, { ok: true, result: 1 });
    assert.deepEqual(await sendersOf(id), before);
    assert.ok(!(await campaignsOf(added)).includes(id));
    // Without its body it says what it lacks.
    assert.equal(
      (await send('DELETE', `/campaigns/${id}/email-accounts`)).body['message'],
      '"email_account_ids" is required',
    );
  });

  it('keeps the last sender of an active campaign, and refuses accounts and campaigns that are not there', async () => {
    const id = campaignWith('ACTIVE');
    const all = { email_account_ids: await sendersOf(id) };
    assert.equal((await send('DELETE', `/campaigns/${id}/email-accounts`, { body: all })).status, 400);
    assert.deepEqual(await sendersOf(id), all.email_account_ids);
    await send('POST', `/campaigns/${id}/status`, { body: { status: 'PAUSED' } });
    assert.equal((await send('DELETE', `/campaigns/${id}/email-accounts`, { body: all })).status, 200);
    assert.deepEqual(await sendersOf(id), []);
    const unknown = await send('POST', `/campaigns/${id}/email-accounts`, { body: { email_account_ids: [297] } });
    assert.deepEqual(
      [unknown.status, unknown.body],
      [400, { error: 'Email account id - 297 not allowed. Permission Error.' }],
    );
    for (const [method, path, body] of [
      ['POST', '/campaigns/1/email-accounts', all],
      ['DELETE', '/campaigns/1/email-accounts', all],
      ['POST', '/campaigns/1/status', { status: 'START' }],
      ['DELETE', '/campaigns/1', undefined],
    ] as const) {
      const answer = await send(method, path, { body });
      assert.deepEqual([answer.status, answer.body], [404, { error: 'Campaign not found - Invalid campaign_id.' }]);
    }
  });

  it('deletes a campaign that is not active', async () => {
    const active = await send('DELETE', `/campaigns/${campaignWith('ACTIVE')}`);
    assert.equal(active.status, 400);
    assert.equal((active.body['error'] as Row)['code'], 'CAMPAIGN_ACTIVE');
    const id = campaignWith('PAUSED');
    const [sender] = await sendersOf(id);
    assert.deepEqual((await send('DELETE', `/campaigns/${id}`)).body, { ok: true });
    assert.deepEqual(await read(`/campaigns/${id}`), {});
    assert.deepEqual(await sendersOf(id), []);
    assert.deepEqual(await rows(`/campaigns/${id}/sequences`), []);
    assert.ok(!(await campaignsOf(sender!)).includes(id));
    assert.ok((await rows('/campaigns/')).every((row) => row['id'] !== id));
  });

  it('changes an account, which is read under other names than it is written', async () => {
    const [{ id } = assert.fail()] = sandbox.smartlead.accounts;
    const sent = {
      max_email_per_day: 0,
      from_name: 'Ada',
      custom_tracking_url: 'track.example.com',
      bcc: 'crm@example.com',
      client_id: null,
      time_to_wait_in_mins: 12,
      is_suspended: true,
    };
    const answer = await send('POST', `/email-accounts/${id}/`, { body: sent });
    assert.deepEqual(answer.body, { ok: true, message: 'Email account updated successfully' });
    const one = await read(`/email-accounts/${id}/`);
    const listed = (await rows('/email-accounts/')).find((row) => row['id'] === id)!;
    for (const row of [one, listed]) {
      assert.deepEqual(
        [row['message_per_day'], row['from_name'], row['custom_tracking_domain'], row['bcc_email'], row['client_id']],
        [0, 'Ada', 'track.example.com', 'crm@example.com', null],
      );
    }
    assert.deepEqual([one['is_suspended'], listed['minTimeToWaitInMins']], [true, 12]);
    assert.equal((await send('POST', '/email-accounts/1', { body: sent })).status, 404);
  });

  it('assigns tags to accounts and removes them', async () => {
    const [first, second] = sandbox.smartlead.accounts;
    const body = { email_account_ids: [first!.id, second!.id], tag_ids: [10, 22] };
    const tagsOf = async (id: number) =>
      ((await read(`/email-accounts/${id}/?fetch_tags=true`))['tags'] as Row[]).map((tag) => tag['id']);
    for (const times of ['once', 'twice']) {
      assert.deepEqual((await send('POST', '/email-accounts/tag-mapping', { body })).body, { ok: true }, times);
    }
    for (const { id } of [first!, second!]) {
      assert.deepEqual(
        (await tagsOf(id)).filter((tag) => tag !== 15),
        [10, 22],
      );
    }
    await send('DELETE', '/email-accounts/tag-mapping', { body: { ...body, tag_ids: [10] } });
    assert.deepEqual(
      (await tagsOf(first!.id)).filter((tag) => tag !== 15),
      [22],
    );
    const unknown = { ...body, tag_ids: [11] };
    assert.equal((await send('POST', '/email-accounts/tag-mapping', { body: unknown })).status, 404);
    const nobody = { ...body, email_account_ids: [1] };
    assert.equal((await send('POST', '/email-accounts/tag-mapping', { body: nobody })).status, 404);
  });
});
