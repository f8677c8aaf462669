import assert from 'node:assert/strict';
import * as instantly from '../../../src/providers/instantly/decode.ts';
import * as smartlead from '../../../src/providers/smartlead/decode.ts';

/** What is there, without what is undefined; for comparing whole records. */
function defined(record: unknown): unknown {
  return JSON.parse(JSON.stringify(record));
}

const JULY = Date.parse('2026-07-01T08:00:00.000Z');
const AUGUST = Date.parse('2026-08-01T08:00:00.000Z');
const JUNE = Date.parse('2026-06-01T08:00:00.000Z');

describe('records of Instantly', () => {
  const account = {
    email: 'Dana@Acme.com',
    first_name: 'Dana',
    last_name: 'Schmidt',
    status: 1,
    provider_code: 2,
    warmup_status: 1,
    stat_warmup_score: 92,
    daily_limit: 30,
    sending_gap: 12,
    warmup: { limit: 8 },
    tracking_domain_name: 'track.acme.com',
    tracking_domain_status: 'CTD_ACTIVE',
    tags: [{ id: 't1', label: 'EU' }, { id: 't2' }, { label: 'no id' }, { id: 't1', label: 'EU' }],
    setup_pending: false,
    timestamp_created: '2026-07-01T08:00:00.000Z',
    timestamp_updated: '2026-08-01T08:00:00.000Z',
    timestamp_warmup_start: '2026-06-01T08:00:00.000Z',
  };

  it('are accounts with all that they say', () => {
    assert.deepEqual(defined(instantly.decodeAccount(account)), {
      key: 'Dana@Acme.com',
      email: 'Dana@Acme.com',
      domain: 'acme.com',
      name: 'Dana Schmidt',
      status: 1,
      statusWords: 'Active',
      state: 'healthy',
      providerType: 'Google',
      host: 'google',
      warmup: 'on',
      warmupWords: 'Active',
      warmupScore: 92,
      dailyLimit: 30,
      sendingGap: 12,
      warmupLimit: 8,
      trackingDomain: 'track.acme.com',
      trackingStatus: 'CTD_ACTIVE',
      tags: [
        { id: 't1', label: 'EU' },
        { id: 't2', label: 't2' },
      ],
      setupPending: false,
      createdAt: JULY,
      updatedAt: AUGUST,
      warmupStartedAt: JUNE,
    });
  });

  it('are accounts that say no more than an email', () => {
    assert.deepEqual(defined(instantly.decodeAccount({ email: 'x@y.z' })), {
      key: 'x@y.z',
      email: 'x@y.z',
      domain: 'y.z',
      statusWords: 'Status not given',
      state: 'unknown',
      tags: [],
    });
    assert.equal(instantly.decodeAccount({ first_name: 'Dana' }), 'has no email');
  });

  for (const [change, wanted] of [
    [{ last_name: null }, { name: 'Dana' }],
    [{ first_name: '', last_name: undefined }, { name: undefined }],
    [{ provider_code: 3 }, { host: 'microsoft', providerType: 'Microsoft' }],
    [{ provider_code: 1 }, { host: undefined }],
    [{ provider_code: undefined }, { host: undefined, providerType: undefined }],
    [{ warmup_status: 0 }, { warmup: 'off', warmupWords: 'Paused', warmupScore: 92 }],
    [
      { warmup_status: 0, stat_warmup_score: 0, timestamp_warmup_start: null },
      { warmup: 'never', warmupWords: 'No warmup', warmupScore: undefined },
    ],
    // One that was started and has no score yet has one of 0, and one with a score has it, started or not.
    [
      { warmup_status: 0, stat_warmup_score: 0 },
      { warmup: 'off', warmupScore: 0 },
    ],
    [
      { warmup_status: 0, timestamp_warmup_start: null },
      { warmup: 'off', warmupScore: 92 },
    ],
    [{ warmup_status: -1 }, { warmup: undefined }],
    [{ warmup_status: undefined }, { warmup: undefined, warmupWords: undefined }],
  ] as const) {
    it(`are accounts where ${JSON.stringify(change)} is ${JSON.stringify(wanted)}`, () => {
      const decoded = instantly.decodeAccount({ ...account, ...change });
      assert.ok(typeof decoded === 'object');
      const found = Object.entries(wanted).map(([name]) => [name, decoded[name as keyof typeof decoded]]);
      assert.deepEqual(Object.fromEntries(found), wanted);
    });
  }

  const hours = (days: object) => ({ timing: { from: '09:00', to: '17:00' }, days, timezone: 'Etc/GMT' });

  it('are campaigns with all that they say', () => {
    const campaign = {
      id: 'c1',
      name: 'Q4 launch',
      status: 1,
      not_sending_status: 2,
      campaign_schedule: {
        start_date: '2026-07-01',
        end_date: '2026-09-01',
        schedules: [hours({}), hours({ 1: true, 2: false, 5: true }), hours({ 6: true })],
      },
      daily_limit: 200,
      daily_max_leads: 50,
      email_list: ['a@x.com', 'b@x.com'],
      email_tag_list: ['t1'],
      timestamp_created: '2026-07-01T08:00:00.000Z',
      timestamp_updated: '2026-08-01T08:00:00.000Z',
    };
    assert.deepEqual(defined(instantly.decodeCampaign(campaign)), {
      id: 'c1',
      name: 'Q4 launch',
      status: 1,
      statusWords: 'Active',
      state: 'healthy',
      others: ['Not sending: Waiting for leads'],
      notSending: 'Waiting for leads',
      schedule: {
        days: [1, 5],
        from: '09:00',
        to: '17:00',
        timezone: 'Etc/GMT',
        startsOn: '2026-07-01',
        endsOn: '2026-09-01',
      },
      tags: [],
      dailyLimit: 200,
      newLeadsPerDay: 50,
      listedSenders: ['a@x.com', 'b@x.com'],
      senderTagIds: ['t1'],
      createdAt: JULY,
      updatedAt: AUGUST,
    });
  });

  it('are campaigns that say no more than an id, with the schedule that can be read', () => {
    assert.deepEqual(defined(instantly.decodeCampaign({ id: 'c1' })), {
      id: 'c1',
      name: '',
      statusWords: 'Status not given',
      state: 'unknown',
      tags: [],
    });
    assert.equal(instantly.decodeCampaign({ name: 'x' }), 'has no id');
    const scheduleOf = (schedules: unknown) => {
      const campaign = instantly.decodeCampaign({ id: 'c1', campaign_schedule: { schedules } });
      assert.ok(typeof campaign === 'object');
      return campaign.schedule?.days;
    };
    assert.deepEqual(scheduleOf([hours({}), hours({ 1: false })]), []);
    assert.deepEqual(scheduleOf([{ ...hours({ 1: true }), timing: { from: '09:00' } }, hours({ 2: true })]), [2]);
    assert.equal(scheduleOf([{ ...hours({ 1: true }), timing: null }]), undefined);
    assert.equal(scheduleOf([{ ...hours({ 1: true }), timing: { to: '17:00' } }]), undefined);
    assert.equal(scheduleOf([{ timing: { from: '09:00', to: '17:00' } }]), undefined);
    assert.equal(scheduleOf('none'), undefined);
  });

  it('are mappings of tags and of accounts', () => {
    assert.deepEqual(instantly.decodeTagMapping({ tag_id: 't1', resource_id: 'c1' }), {
      tagId: 't1',
      resourceId: 'c1',
    });
    assert.equal(instantly.decodeTagMapping({ resource_id: 'c1' }), 'has no tag_id');
    assert.equal(instantly.decodeTagMapping({ tag_id: 't1' }), 'has no resource_id');
    const mapping = { campaign_id: 'c1', campaign_name: 'Q4', status: 2, timestamp_created: account.timestamp_created };
    assert.deepEqual(defined(instantly.decodeMapping(mapping)), {
      id: 'c1',
      name: 'Q4',
      status: 2,
      statusWords: 'Paused',
      state: 'paused',
      tags: [],
      createdAt: JULY,
    });
    const bare = instantly.decodeMapping({ campaign_id: 'c1' });
    assert.ok(typeof bare === 'object' && bare.name === '');
    assert.equal(instantly.decodeMapping({ campaign_name: 'Q4' }), 'has no campaign_id');
  });

  it('say how a campaign sends, with each of their numbers', () => {
    const sending = {
      summary: {
        status: 'campaign_paused',
        status_message: 'Reconnect 3 accounts.',
        issue_started_at: '2026-11-20T10:00:00Z',
        last_healthy_send_at: '2026-11-19T10:00:00Z',
      },
      diagnostics: {
        status: 'campaign_accounts_unhealthy',
        issue_tracking: { issue_first_seen_at: '2026-11-18T10:00:00Z', last_healthy_send_at: '2026-11-17T10:00:00Z' },
        accounts_summary: {
          total_connected: 9,
          available: 2,
          unavailable: { daily_limit_hit: 1, slow_ramp_limit_hit: 3, disconnected: 4, global_gap_not_met: 5 },
        },
        campaign_daily_limit: { limit: 100, sent: 40, limit_hit: false },
        new_lead_limit: { enabled: true, limit: 20, contacted: 20, limit_hit: true },
        schedule_status: { in_schedule: true },
        follow_ups_waiting: { count: 6, earliest_wait_time_seconds: 3600 },
        esp_routing_status: { waiting_for_match: true },
        domain_limiter: { domains_at_limit: 7 },
        leads_status: { no_leads_ready: false },
      },
    };
    const { words, ...rest } = instantly.decodeSendingStatus(sending);
    assert.ok(typeof words === 'string' && words !== '');
    assert.deepEqual(rest, {
      code: 'campaign_accounts_unhealthy',
      sends: false,
      step: 'Reconnect or replace the unhealthy accounts.',
      message: 'Reconnect 3 accounts.',
      since: '2026-11-20T10:00:00Z',
      lastHealthySend: '2026-11-19T10:00:00Z',
      accounts: { connected: 9, available: 2, atDailyLimit: 1, atRampLimit: 3, disconnected: 4, waitingForGap: 5 },
      emailsToday: { limit: 100, used: 40, met: false },
      newLeadsToday: { limit: 20, used: 20, met: true },
      inSchedule: true,
      followUpsWaiting: 6,
      nextFollowUp: 3600,
      waitsForMatch: true,
      domainsAtLimit: 7,
      noLeadsReady: false,
    });
    const { diagnostics } = sending;
    const off = { diagnostics: { ...diagnostics, new_lead_limit: { ...diagnostics.new_lead_limit, enabled: false } } };
    const { newLeadsToday, since, lastHealthySend, message } = instantly.decodeSendingStatus(off);
    assert.deepEqual(
      [newLeadsToday, since, lastHealthySend, message],
      [undefined, '2026-11-18T10:00:00Z', '2026-11-17T10:00:00Z', undefined],
    );
    const paused = instantly.decodeSendingStatus({ summary: sending.summary });
    assert.deepEqual([paused.code, paused.step], ['campaign_paused', 'Resume the campaign in the web app.']);
    assert.equal(instantly.decodeSendingStatus({ summary: { status: 'campaign_running_subsequences' } }).sends, true);
    assert.equal(instantly.decodeSendingStatus({ summary: { status: 'toString' } }).step, undefined);
  });

  it('say nothing of how a campaign sends where the answer says nothing', () => {
    for (const item of [{}, { diagnostics: null, summary: null }, { diagnostics: {} }, { diagnostics: [] }]) {
      assert.deepEqual(defined(instantly.decodeSendingStatus(item)), {});
    }
    const { accounts } = instantly.decodeSendingStatus({ diagnostics: { accounts_summary: { available: 2 } } });
    assert.deepEqual(defined(accounts), { available: 2 });
  });

  it('say how the checks of a domain ended, in whichever list it is', () => {
    const row = (domain: string, mx: boolean) => ({ domain, mx, spf: true, dkim: false, dmarc: 'yes' });
    const answer = { success_list: [row('other.com', true)], failure_list: [row('Acme.com', false)] };
    assert.deepEqual(defined(instantly.decodeVitals(answer, 'acme.COM')), { mx: false, spf: true, dkim: false });
    assert.equal(instantly.decodeVitals(answer, 'other.com')?.mx, true);
    assert.equal(instantly.decodeVitals(answer, 'third.com'), undefined);
    assert.equal(instantly.decodeVitals({ success_list: [{}, null] }, 'acme.com'), undefined);
    assert.equal(instantly.decodeVitals({}, 'acme.com'), undefined);
  });

  it('say what a campaign has sent and what bounced, where both are there', () => {
    const rows = [
      null,
      { campaign_id: 'OTHER', emails_sent_count: 1 },
      { campaign_id: 'C1', emails_sent_count: 200, bounced_count: 8 },
    ];
    assert.deepEqual(instantly.decodeBounces(rows, 'c1'), { sent: 200, bounced: 8 });
    assert.equal(instantly.decodeBounces(rows, 'other'), undefined);
    assert.equal(instantly.decodeBounces([{ campaign_id: 'c1', bounced_count: 8 }], 'c1'), undefined);
    assert.equal(instantly.decodeBounces(rows, 'third'), undefined);
  });

  it('have the emails of the first sequence, each with the wait that the one before it asks for', () => {
    const steps = instantly.decodeSteps({
      sequences: [
        {
          steps: [
            { delay: 2, variants: [{ subject: 'Hi', body: '<p>One</p>' }, { v_disabled: true }] },
            { delay: 3, delay_unit: 'hours', variants: null },
            { delay: 9 },
          ],
        },
        { steps: [{ variants: [{ subject: 'Never sent' }] }] },
      ],
    });
    assert.deepEqual(steps, [
      {
        number: 1,
        delay: undefined,
        variants: [
          { name: 'A', subject: 'Hi', html: '<p>One</p>', disabled: false },
          { name: 'B', subject: '', html: '', disabled: true },
        ],
      },
      { number: 2, delay: '2 days later', variants: [] },
      { number: 3, delay: '3 hours later', variants: [] },
    ]);
    for (const document of [undefined, {}, { sequences: null }, { sequences: [] }, { sequences: [{}] }]) {
      assert.deepEqual(instantly.decodeSteps(document), []);
    }
  });
});

describe('records of Smartlead', () => {
  const account = {
    id: 4711,
    from_email: 'Dana@Acme.com',
    from_name: 'Dana Schmidt',
    type: 'GMAIL',
    is_smtp_success: true,
    is_imap_success: true,
    warmup_details: {
      status: 'ACTIVE',
      warmup_reputation: '92%',
      max_email_per_day: 8,
      warmup_created_at: '2026-06-01T08:00:00.000Z',
    },
    message_per_day: 30,
    daily_sent_count: 12,
    minTimeToWaitInMins: 15,
    custom_tracking_domain: 'track.acme.com',
    tags: [{ tag_id: 1, tag_name: 'EU' }, { id: 2, name: 'US' }, { id: 3 }, { tag_name: 'no id' }],
    client_id: 9,
    campaign_ids: [12, 2],
    created_at: '2026-07-01T08:00:00.000Z',
    updated_at: '2026-08-01T08:00:00.000Z',
  };

  it('are accounts with all that they say', () => {
    assert.deepEqual(defined(smartlead.decodeAccount(account)), {
      key: '4711',
      email: 'Dana@Acme.com',
      domain: 'acme.com',
      name: 'Dana Schmidt',
      statusWords: 'Connected',
      state: 'healthy',
      providerType: 'Google',
      host: 'google',
      warmup: 'on',
      warmupWords: 'Active',
      warmupScore: 92,
      dailyLimit: 30,
      sentToday: 12,
      sendingGap: 15,
      warmupLimit: 8,
      trackingDomain: 'track.acme.com',
      tags: [
        { id: '1', label: 'EU' },
        { id: '2', label: 'US' },
        { id: '3', label: '3' },
      ],
      clientId: '9',
      campaignIds: ['2', '12'],
      createdAt: JULY,
      updatedAt: AUGUST,
      warmupStartedAt: JUNE,
    });
  });

  it('are accounts that say no more than an id', () => {
    assert.deepEqual(defined(smartlead.decodeAccount({ id: '7' })), {
      key: '7',
      email: 'Account 7',
      statusWords: 'Status not given',
      state: 'unknown',
      tags: [],
    });
    assert.equal(smartlead.decodeAccount({ from_email: 'x@y.z' }), 'has no id');
  });

  for (const [change, wanted] of [
    [{ from_email: undefined, email_address: 'b@x.com', username: 'c@x.com' }, { email: 'b@x.com' }],
    [{ from_email: undefined, username: 'c@x.com' }, { email: 'c@x.com' }],
    [{ type: 'OUTLOOK' }, { host: 'microsoft' }],
    [{ type: 'SMTP' }, { host: undefined }],
    [{ type: undefined }, { host: undefined, providerType: undefined }],
    [{ message_per_day: 0 }, { dailyLimit: undefined, unlimited: true }],
    [{ message_per_day: '25' }, { dailyLimit: 25, unlimited: undefined }],
    [{ warmup_details: null }, { warmup: 'never', warmupWords: undefined, warmupScore: undefined }],
    [{ warmup_details: undefined }, { warmup: undefined }],
    [{ warmup_details: { status: 'INACTIVE' } }, { warmup: 'off' }],
    [
      { warmup_details: { status: 'PAUSED', created_at: '2026-06-01T08:00:00.000Z' } },
      { warmup: 'off', warmupStartedAt: JUNE },
    ],
    [{ warmup_details: { status: 'ODD' } }, { warmup: undefined }],
  ] as const) {
    it(`are accounts where ${JSON.stringify(change)} is ${JSON.stringify(wanted)}`, () => {
      const decoded = smartlead.decodeAccount({ ...account, ...change });
      assert.ok(typeof decoded === 'object');
      const found = Object.entries(wanted).map(([name]) => [name, decoded[name as keyof typeof decoded]]);
      assert.deepEqual(Object.fromEntries(found), wanted);
    });
  }

  const schedule = { tz: 'Etc/GMT', days: [5, 1], startHour: '09:00', endHour: '17:00' };

  it('are campaigns with all that they say', () => {
    const campaign = {
      id: 12,
      name: 'Q4 launch',
      status: 'ACTIVE',
      scheduler_cron_value: schedule,
      schedule_start_time: '2026-07-01T00:00:00.000Z',
      tags: [{ tag_id: 1, tag_name: 'EU' }],
      max_leads_per_day: 50,
      parent_campaign_id: 2,
      client_id: 9,
      created_at: '2026-07-01T08:00:00.000Z',
      updated_at: '2026-08-01T08:00:00.000Z',
    };
    assert.deepEqual(defined(smartlead.decodeCampaign(campaign)), {
      id: '12',
      name: 'Q4 launch',
      status: 'ACTIVE',
      statusWords: 'Active',
      state: 'healthy',
      schedule: {
        days: [1, 5],
        from: '09:00',
        to: '17:00',
        timezone: 'Etc/GMT',
        startsOn: '2026-07-01T00:00:00.000Z',
      },
      tags: [{ id: '1', label: 'EU' }],
      newLeadsPerDay: 50,
      parentId: '2',
      clientId: '9',
      createdAt: JULY,
      updatedAt: AUGUST,
    });
  });

  it('are campaigns that say no more than an id, with the schedule that can be read', () => {
    assert.deepEqual(defined(smartlead.decodeCampaign({ id: 12 })), {
      id: '12',
      name: '',
      statusWords: 'Status not given',
      state: 'unknown',
      tags: [],
    });
    assert.equal(smartlead.decodeCampaign({ name: 'x' }), 'has no id');
    const scheduleOf = (value: unknown) => {
      const campaign = smartlead.decodeCampaign({ id: 1, scheduler_cron_value: value });
      assert.ok(typeof campaign === 'object');
      return campaign.schedule?.days;
    };
    assert.deepEqual(scheduleOf(JSON.stringify(schedule)), [1, 5]);
    assert.deepEqual(scheduleOf({ ...schedule, days: [] }), []);
    assert.equal(scheduleOf({ ...schedule, days: [1, 'Monday'] }), undefined);
    assert.equal(scheduleOf({ ...schedule, days: undefined }), undefined);
    assert.equal(scheduleOf({ ...schedule, startHour: null }), undefined);
    assert.equal(scheduleOf({ ...schedule, endHour: undefined }), undefined);
    assert.equal(scheduleOf('no JSON'), undefined);
    assert.equal(scheduleOf(null), undefined);
  });

  it('say how a campaign sends, with the last of its log', () => {
    const log = Array.from({ length: 25 }, (_, entry) => ({ entry }));
    const active = smartlead.decodeSendingStatus({ status: 'ACTIVE', campaign_activity_logs: [...log, 'odd'] });
    assert.deepEqual(defined(active), {
      code: 'ACTIVE',
      words: 'The status of the campaign is "Active"',
      log: log.slice(5),
    });
    const { sends, log: none } = smartlead.decodeSendingStatus({ status: 'PAUSED', campaign_activity_logs: [] });
    assert.deepEqual([sends, none], [false, undefined]);
    assert.deepEqual(defined(smartlead.decodeSendingStatus({})), { sends: false });
  });

  it('say what a campaign has sent and what bounced, where both are there', () => {
    assert.deepEqual(smartlead.decodeBounces({ sent_count: '200', bounce_count: '8' }), { sent: 200, bounced: 8 });
    assert.equal(smartlead.decodeBounces({ sent_count: '200' }), undefined);
    assert.equal(smartlead.decodeBounces({ bounce_count: 8 }), undefined);
  });

  it('have emails in the order of their numbers, each with its own wait and variants', () => {
    const rows = [
      { seq_number: 2, seq_delay_details: { delayInDays: 3 }, subject: '', email_body: '<p>Two</p>' },
      {
        seq_number: 1,
        seq_delay_details: { delayInDays: 9 },
        subject: 'Not sent',
        sequence_variants: [
          { variant_label: 'X', subject: 'Hi', email_body: '<p>One</p>' },
          { subject: 'Deleted', is_deleted: true },
          { subject: 'Hello', variant_distribution_percentage: 0 },
        ],
      },
      { seq_delay_details: { delay_in_days: 1 } },
    ];
    const wanted = [
      {
        number: 1,
        delay: undefined,
        variants: [
          { name: 'X', subject: 'Hi', html: '<p>One</p>', disabled: false },
          { name: 'B', subject: 'Hello', html: '', disabled: true },
        ],
      },
      {
        number: 2,
        delay: '3 days later',
        variants: [{ name: 'A', subject: '', html: '<p>Two</p>', disabled: false }],
      },
      { number: 3, delay: '1 day later', variants: [{ name: 'A', subject: '', html: '', disabled: false }] },
    ];
    assert.deepEqual(smartlead.decodeSteps(rows), wanted);
    assert.deepEqual(smartlead.decodeSteps({ data: rows }), wanted);
    for (const document of [undefined, {}, { data: null }, 'none']) {
      assert.deepEqual(smartlead.decodeSteps(document), []);
    }
  });
});
