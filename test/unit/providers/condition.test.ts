import assert from 'node:assert/strict';
import { conditionOf } from '../../../src/providers/condition.ts';
import { isObject, type Json } from '../../../src/providers/fields.ts';
import * as instantly from '../../../src/providers/instantly/decode.ts';
import * as smartlead from '../../../src/providers/smartlead/decode.ts';
import { compareStates, states, type Account, type Campaign } from '../../../src/providers/model.ts';
import { exchanges, sampleText } from '../../support/fixtures.ts';

/** A condition as a row and its hover show it. */
type Shown = readonly [state: string, words: string, reason?: string | undefined, others?: readonly string[]];

function shown(record: Account | Campaign | string): Shown {
  assert.ok(typeof record === 'object');
  const { state, statusWords, reason, others } = record;
  return [state, statusWords, reason, others ?? []];
}

type Case = readonly [what: string, fields: Json, condition: Shown];

function describeCases(decode: (item: Json) => Account | Campaign | string, base: Json, cases: readonly Case[]): void {
  for (const [what, fields, [state, words, reason, others = []]] of cases) {
    it(what, () => {
      assert.deepEqual(shown(decode({ ...base, ...fields })), [state, words, reason, others]);
    });
  }
}

/** Every field that a condition reads, each left out or of a kind that says nothing. */
function describeAbsent(decode: (item: Json) => Account | Campaign | string, full: Json, condition: Shown): void {
  it('is what it is with every field there', () => {
    assert.deepEqual(shown(decode(full)), [...condition, undefined, []]);
  });
  for (const name of Object.keys(full).filter((field) => field !== 'id' && field !== 'email')) {
    for (const [how, value] of [
      ['absent', undefined],
      ['null', null],
      ['odd', [[]]],
    ] as const) {
      it(`has no trouble where ${name} is ${how}`, () => {
        const [state, , , others] = shown(decode({ ...full, [name]: value }));
        assert.ok(state === 'healthy' || (state === 'unknown' && /^(status|is_)/.test(name)), state);
        assert.deepEqual(others, []);
      });
    }
  }
}

const refused = { code: 'EENVELOPE', response: '550 5.7.1 Relaying denied', responseCode: 550 };

describe('the condition of an Instantly account', () => {
  describeCases(instantly.decodeAccount, { email: 'a@b.c', status: 1 }, [
    ['is healthy while it is active', {}, ['healthy', 'Active']],
    ['is paused', { status: 2 }, ['paused', 'Paused']],
    ['is paused for maintenance', { status: 3 }, ['paused', 'Paused for maintenance, resumes automatically']],
    [
      'is a connection error, with the answer of the mail server',
      { status: -1, status_message: refused },
      ['error', 'Connection Error', '550 5.7.1 Relaying denied'],
    ],
    [
      'is a soft bounce error, with the answer of the mail server',
      { status: -2, status_message: refused },
      ['error', 'Soft Bounce Error', '550 5.7.1 Relaying denied'],
    ],
    [
      'is a sending error, with the answer of the mail server',
      { status: -3, status_message: refused },
      ['warning', 'Sending Error', '550 5.7.1 Relaying denied'],
    ],
    ['has no reason where it is in order again', { status: 1, status_message: refused }, ['healthy', 'Active']],
    ['has a code that nobody has explained', { status: -7 }, ['unknown', 'Unknown (-7)']],
    ['is banned from warmup', { warmup_status: -1 }, ['error', 'Warmup: Banned']],
    ['is suspended from warmup for good', { warmup_status: -3 }, ['error', 'Warmup: Permanent Suspension']],
    ['has an unknown spam folder', { warmup_status: -2 }, ['warning', 'Warmup: Spam Folder Unknown']],
    ['has a warmup that nobody has explained', { warmup_status: -9 }, ['unknown', 'Warmup: Unknown (-9)']],
    ['is healthy while warmup runs', { warmup_status: 1 }, ['healthy', 'Active']],
    ['is healthy while warmup rests', { warmup_status: 0 }, ['healthy', 'Active']],
    ['waits for its setup although it is active', { setup_pending: true }, ['paused', 'Setup pending']],
    ['waits for its setup without a status', { status: undefined, setup_pending: true }, ['paused', 'Setup pending']],
    ['could not be reconnected', { autofix_failed: true }, ['error', 'Reconnect failed']],
    ['was reconnected', { autofix_failed: false }, ['healthy', 'Active']],
    ['is being reconnected', { autofix_failed: null }, ['healthy', 'Active']],
    [
      'has a tracking domain that failed',
      { tracking_domain_status: 'CTD_FAILED' },
      ['error', 'Tracking domain: Failed'],
    ],
    [
      'has a tracking domain that expired',
      { tracking_domain_status: 'CTD_EXPIRED' },
      ['error', 'Tracking domain: Expired'],
    ],
    ['has a tracking domain that is pending', { tracking_domain_status: 'CTD_PENDING' }, ['healthy', 'Active']],
    ['has the tracking domain of the example', { tracking_domain_status: 'active' }, ['healthy', 'Active']],
    ['has a tracking domain that works', { tracking_domain_status: 'CTD_ACTIVE' }, ['healthy', 'Active']],
    [
      'has a tracking domain with a word that nobody has explained',
      { tracking_domain_status: 'CTD_REVOKED' },
      ['unknown', 'Tracking domain: Unknown (CTD_REVOKED)', undefined, []],
    ],
    [
      'is the worst of everything, and lists the rest',
      {
        status: -3,
        status_message: refused,
        warmup_status: -1,
        autofix_failed: true,
        tracking_domain_status: 'CTD_FAILED',
        setup_pending: true,
      },
      [
        'error',
        'Warmup: Banned',
        undefined,
        ['Reconnect failed', 'Tracking domain: Failed', 'Sending Error: 550 5.7.1 Relaying denied', 'Setup pending'],
      ],
    ],
    [
      'puts the status before what is as bad',
      { status: -1, status_message: refused, warmup_status: -3, autofix_failed: true },
      ['error', 'Connection Error', '550 5.7.1 Relaying denied', ['Warmup: Permanent Suspension', 'Reconnect failed']],
    ],
    [
      'shows a ban on an account that somebody paused',
      { status: 2, warmup_status: -1 },
      ['error', 'Warmup: Banned', undefined, ['Paused']],
    ],
  ]);
  describeAbsent(
    instantly.decodeAccount,
    {
      email: 'a@b.c',
      status: 1,
      status_message: refused,
      warmup_status: 1,
      autofix_failed: false,
      tracking_domain_status: 'CTD_ACTIVE',
      setup_pending: false,
    },
    ['healthy', 'Active'],
  );
  it('is unknown where nothing is said', () => {
    assert.deepEqual(shown(instantly.decodeAccount({ email: 'a@b.c' })), [
      'unknown',
      'Status not given',
      undefined,
      [],
    ]);
  });

  for (const [what, fields, words, score] of [
    ['never ran', { warmup_status: 0, stat_warmup_score: 0 }, 'No warmup', undefined],
    ['has no other field', { warmup_status: 0 }, 'No warmup', undefined],
    ['has null in the other fields', { warmup_status: 0, stat_warmup_score: null }, 'No warmup', undefined],
    [
      'rests without a score',
      { warmup_status: 0, timestamp_warmup_start: '2026-06-02T00:00:00.000Z' },
      'Paused',
      undefined,
    ],
    [
      'never ran, which null says too',
      { warmup_status: 0, stat_warmup_score: 0, timestamp_warmup_start: null },
      'No warmup',
      undefined,
    ],
    ['runs and has no score yet', { warmup_status: 1, stat_warmup_score: 0 }, 'Active', undefined],
    [
      'ran and is at 0',
      { warmup_status: 1, stat_warmup_score: 0, timestamp_warmup_start: '2026-06-02T00:00:00.000Z' },
      'Active',
      0,
    ],
    [
      'rests at 0',
      { warmup_status: 0, stat_warmup_score: 0, timestamp_warmup_start: '2026-06-02T00:00:00.000Z' },
      'Paused',
      0,
    ],
    ['has a score without a start', { warmup_status: 0, stat_warmup_score: 87 }, 'Paused', 87],
    ['says nothing', {}, undefined, undefined],
  ] as const) {
    it(`has its score where warmup ${what}`, () => {
      const account = instantly.decodeAccount({ email: 'a@b.c', ...fields });
      assert.ok(typeof account === 'object');
      assert.deepEqual([account.warmupWords, account.warmupScore], [words, score]);
    });
  }

  it('is healthy without a score on the recorded bare account', () => {
    const { body } = exchanges('account.get.minimal-imap.json')[0]!.response;
    assert.ok(isObject(body));
    assert.deepEqual(shown(instantly.decodeAccount(body)), ['healthy', 'Active', undefined, []]);
  });
});

describe('the condition of an Instantly campaign', () => {
  describeCases(instantly.decodeCampaign, { id: 'c', status: 1 }, [
    ['is healthy while it is active', {}, ['healthy', 'Active']],
    ['is healthy while its subsequences run', { status: 4 }, ['healthy', 'Running Subsequences']],
    ['is a draft', { status: 0 }, ['draft', 'Draft']],
    ['is paused', { status: 2 }, ['paused', 'Paused']],
    ['is completed', { status: 3 }, ['done', 'Completed']],
    ['has unhealthy accounts', { status: -1 }, ['error', 'Accounts Unhealthy']],
    ['is held back by bounce protection', { status: -2 }, ['warning', 'Bounce Protect']],
    ['is suspended', { status: -99 }, ['error', 'Account Suspended']],
    ['has a code that nobody has explained', { status: 12 }, ['unknown', 'Unknown (12)']],
    [
      'is healthy outside its schedule, and says so besides',
      { not_sending_status: 1 },
      ['healthy', 'Active', undefined, ['Not sending: Outside its schedule']],
    ],
    [
      'is healthy while it waits for a lead, and says so besides',
      { not_sending_status: 2 },
      ['healthy', 'Active', undefined, ['Not sending: Waiting for leads']],
    ],
    [
      'is healthy at its daily limit, and says so besides',
      { not_sending_status: 3 },
      ['healthy', 'Active', undefined, ['Not sending: Campaign at its daily limit']],
    ],
    [
      'is healthy while its accounts are at theirs, and says so besides',
      { not_sending_status: 4 },
      ['healthy', 'Active', undefined, ['Not sending: All accounts at their daily limit']],
    ],
    [
      'is not given where only a reason to send nothing is there',
      { status: undefined, not_sending_status: 1 },
      ['unknown', 'Status not given', undefined, ['Not sending: Outside its schedule']],
    ],
    ['does not send because of an error', { not_sending_status: 99 }, ['error', 'Not sending: Error']],
    ['does not send, and nobody knows why', { not_sending_status: 7 }, ['unknown', 'Not sending: Unknown (7)']],
    [
      'is the worst of both, and lists the other',
      { status: 2, not_sending_status: 99 },
      ['error', 'Not sending: Error', undefined, ['Paused']],
    ],
    [
      'puts the status before what is as bad',
      { status: -1, not_sending_status: 99 },
      ['error', 'Accounts Unhealthy', undefined, ['Not sending: Error']],
    ],
  ]);
  describeAbsent(instantly.decodeCampaign, { id: 'c', status: 1, not_sending_status: null }, ['healthy', 'Active']);

  it('is in a mapping too', () => {
    assert.deepEqual(shown(instantly.decodeMapping({ campaign_id: 'c', status: -99 })), [
      'error',
      'Account Suspended',
      undefined,
      [],
    ]);
  });

  for (const [code, words] of [
    [1, 'Outside its schedule'],
    [2, 'Waiting for leads'],
    [3, 'Campaign at its daily limit'],
    [4, 'All accounts at their daily limit'],
    [99, 'Error'],
    [7, 'Unknown (7)'],
  ] as const) {
    it(`says why it sends nothing: ${words}`, () => {
      const campaign = instantly.decodeCampaign({ id: 'c', status: 1, not_sending_status: code });
      assert.ok(typeof campaign === 'object');
      assert.equal(campaign.notSending, words);
    });
  }
});

const connected = { id: 1, is_smtp_success: true, is_imap_success: true };
const failing = { is_smtp_success: false, smtp_failure_error: '535 no', imap_failure_error: 'NO LOGIN' };

describe('the condition of a Smartlead account', () => {
  describeCases(smartlead.decodeAccount, connected, [
    ['is healthy while it is connected', {}, ['healthy', 'Connected']],
    ['cannot send, for the reason of SMTP', failing, ['error', 'SMTP disconnected', '535 no']],
    [
      'cannot send, and not for the reason of IMAP',
      { ...failing, smtp_failure_error: null },
      ['error', 'SMTP disconnected'],
    ],
    [
      'cannot read, for the reason of IMAP',
      { ...failing, is_smtp_success: true, is_imap_success: false },
      ['error', 'IMAP disconnected', 'NO LOGIN'],
    ],
    [
      'can do neither, for both reasons',
      { ...failing, is_imap_success: false },
      ['error', 'SMTP and IMAP disconnected', 'SMTP: 535 no; IMAP: NO LOGIN'],
    ],
    [
      'can do neither, and says why of one',
      { ...failing, is_imap_success: false, smtp_failure_error: '' },
      ['error', 'SMTP and IMAP disconnected', 'IMAP: NO LOGIN'],
    ],
    [
      'can do neither, and does not say why',
      { is_smtp_success: false, is_imap_success: false },
      ['error', 'SMTP and IMAP disconnected'],
    ],
    [
      'is not known where only one of the two checks is there',
      { is_smtp_success: undefined },
      ['unknown', 'SMTP not known'],
    ],
    ['is not known where the other one is missing', { is_imap_success: undefined }, ['unknown', 'IMAP not known']],
    [
      'is not known where sending was not checked, but failed',
      { is_smtp_success: null, smtp_failure_error: '535 no' },
      ['unknown', 'SMTP not known', '535 no'],
    ],
    [
      'is not known where reading was not checked, but failed',
      { is_imap_success: null, imap_failure_error: 'NO LOGIN' },
      ['unknown', 'IMAP not known', 'NO LOGIN'],
    ],
    [
      'is not given where neither was checked, but both failed',
      { ...failing, is_smtp_success: null, is_imap_success: null },
      ['unknown', 'Status not given', 'SMTP: 535 no; IMAP: NO LOGIN'],
    ],
    [
      'is disconnected by one check, whatever the other one leaves out',
      { is_smtp_success: false, is_imap_success: undefined },
      ['error', 'SMTP disconnected'],
    ],
    ['is suspended', { is_suspended: true }, ['paused', 'Suspended']],
    [
      'is blocked by a reason while the reputation is 100',
      { warmup_details: { status: 'ACTIVE', warmup_reputation: '100%', blocked_reason: 'Too many bounces' } },
      ['warning', 'Warmup blocked', 'Too many bounces'],
    ],
    [
      'is blocked by its own answer while the reputation is 100',
      { warmup_details: { status: 'ACTIVE', warmup_reputation: 100, is_warmup_blocked: true, blocked_reason: null } },
      ['warning', 'Warmup blocked'],
    ],
    [
      'has a warmup that nobody has explained',
      { warmup_details: { status: 'LOST' } },
      ['unknown', 'Warmup: Unknown (LOST)'],
    ],
    ['is healthy while warmup rests', { warmup_details: { status: 'INACTIVE' } }, ['healthy', 'Connected']],
    [
      'is disconnected, and blocked and suspended besides',
      { ...failing, is_suspended: true, warmup_details: { blocked_reason: 'Too many bounces' } },
      ['error', 'SMTP disconnected', '535 no', ['Warmup blocked: Too many bounces', 'Suspended']],
    ],
    [
      'is blocked, and suspended besides',
      { is_suspended: true, warmup_details: { is_warmup_blocked: true } },
      ['warning', 'Warmup blocked', undefined, ['Suspended']],
    ],
  ]);
  describeAbsent(
    smartlead.decodeAccount,
    {
      ...connected,
      smtp_failure_error: '',
      imap_failure_error: null,
      is_suspended: false,
      warmup_details: { status: 'ACTIVE', warmup_reputation: 100, is_warmup_blocked: false, blocked_reason: null },
    },
    ['healthy', 'Connected'],
  );
  it('is unknown where nothing is said', () => {
    assert.deepEqual(shown(smartlead.decodeAccount({ id: 1 })), ['unknown', 'Status not given', undefined, []]);
  });

  for (const [cap, limit, unlimited] of [
    [0, undefined, true],
    ['0', undefined, true],
    [30, 30, undefined],
    [undefined, undefined, undefined],
    [null, undefined, undefined],
  ] as const) {
    it(`is ${unlimited ? 'unlimited' : `limited to ${String(limit)}`} with a cap of ${JSON.stringify(cap)}`, () => {
      const account = smartlead.decodeAccount({ id: 1, message_per_day: cap });
      assert.ok(typeof account === 'object');
      assert.deepEqual([account.dailyLimit, account.unlimited], [limit, unlimited]);
    });
  }
});

describe('the condition of a Smartlead campaign', () => {
  const bounced = { paused_reason: 'Paused by bounce protection: 6 % bounced' };
  const byPerson = { paused_reason: 'Paused by ana@example.com' };
  const held: Shown = ['warning', 'Paused: bounce protection', bounced.paused_reason];
  describeCases(smartlead.decodeCampaign, { id: 1, status: 'ACTIVE' }, [
    ['is healthy while it is active', {}, ['healthy', 'Active']],
    ['is a draft', { status: 'DRAFTED', campaign_activity_logs: {} }, ['draft', 'Draft']],
    ['is paused', { status: 'PAUSED' }, ['paused', 'Paused']],
    ['is stopped for good', { status: 'STOPPED' }, ['done', 'Stopped']],
    ['is completed', { status: 'COMPLETED' }, ['done', 'Completed']],
    ['is archived', { status: 'ARCHIVED' }, ['done', 'Archived']],
    ['has a word that nobody has explained', { status: 'LOST' }, ['unknown', 'Unknown (LOST)']],
    ['is paused by bounce protection', { status: 'PAUSED', campaign_activity_logs: [bounced] }, held],
    [
      'is paused by a person, after bounce protection',
      { status: 'PAUSED', campaign_activity_logs: [bounced, byPerson] },
      ['paused', 'Paused', byPerson.paused_reason],
    ],
    [
      'is paused by a person who says nothing, after bounce protection',
      { status: 'PAUSED', campaign_activity_logs: [bounced, { action: 'paused' }] },
      ['paused', 'Paused'],
    ],
    [
      'is paused by bounce protection, with the newest first',
      {
        status: 'PAUSED',
        campaign_activity_logs: [
          { ...bounced, created_at: '2026-11-02T00:00:00Z' },
          { ...byPerson, created_at: '2026-11-01T00:00:00Z' },
        ],
      },
      held,
    ],
    [
      'is paused by bounce protection, with the newest last',
      {
        status: 'PAUSED',
        campaign_activity_logs: [
          { ...byPerson, at: '2026-11-01T00:00:00Z' },
          { ...bounced, at: '2026-11-02T00:00:00Z' },
        ],
      },
      held,
    ],
    [
      'takes the last for the newest where not all have a time',
      {
        status: 'PAUSED',
        campaign_activity_logs: [{ ...byPerson, at: '2026-11-01T00:00:00Z' }, bounced],
      },
      held,
    ],
    ['runs again after bounce protection', { campaign_activity_logs: [bounced] }, ['healthy', 'Active']],
    [
      'survives a log of any shape',
      { status: 'PAUSED', campaign_activity_logs: [null, 7, 'x', { paused_reason: 9 }] },
      ['paused', 'Paused'],
    ],
  ]);
  describeAbsent(smartlead.decodeCampaign, { id: 1, status: 'ACTIVE', campaign_activity_logs: [bounced] }, [
    'healthy',
    'Active',
  ]);

  it('is the one of the recorded draft', () => {
    const [row] = JSON.parse(sampleText('smartlead', 'campaigns-list.draft.live.json')) as Json[];
    assert.deepEqual(shown(smartlead.decodeCampaign(row!)), ['draft', 'Draft', undefined, []]);
  });
});

describe('states', () => {
  it('have one order, the worst first', () => {
    assert.deepEqual(states, ['error', 'warning', 'paused', 'unknown', 'healthy', 'draft', 'done']);
    assert.deepEqual([...states].reverse().sort(compareStates), states);
  });

  it('name the problems that rules know, the worst first, and leave notes out', () => {
    const { problems } = conditionOf(
      [
        { state: 'warning', words: 'Blocked', problem: 'warmup-blocked' },
        { state: 'error', words: 'Down', reason: '535', problem: 'disconnected' },
        { state: 'error', words: 'For information', problem: 'not-sending', note: true },
      ],
      { state: 'unknown', words: 'Nothing' },
    );
    assert.deepEqual(problems, [
      { kind: 'disconnected', words: 'Down', reason: '535' },
      { kind: 'warmup-blocked', words: 'Blocked', reason: undefined },
    ]);
  });

  it('make a condition of the worst, and of two alike of the first', () => {
    assert.deepEqual(
      conditionOf(
        [
          undefined,
          { state: 'healthy', words: 'Fine' },
          { state: 'paused', words: 'Paused', reason: 'by Ana' },
          { state: 'error', words: 'One', reason: '535' },
          { state: 'error', words: 'Other' },
          { state: 'error', words: 'For information', note: true },
        ],
        { state: 'unknown', words: 'Nothing' },
      ),
      {
        state: 'error',
        statusWords: 'One',
        reason: '535',
        others: ['Other', 'Paused: by Ana', 'For information'],
        problems: undefined,
      },
    );
  });
});
