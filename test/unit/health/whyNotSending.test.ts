import assert from 'node:assert/strict';
import type { Account, Campaign } from '../../../src/providers/model.ts';
import type { SendingStatus } from '../../../src/providers/provider.ts';
import { bounded, plainValues } from '../../../src/queries/bounded.ts';
import { bounceRate, explainSending, type Sending } from '../../../src/health/whyNotSending.ts';
import { figuresOfSenders } from '../../../src/health/senders.ts';
import { defaultThresholds, type Thresholds } from '../../../src/health/thresholds.ts';
import { atOnce } from '../../../src/transport/turns.ts';
import { newHealth } from '../../support/health.ts';
import { account, campaign, graphOf } from '../../support/records.ts';

/** A Friday at noon. */
const NOW = Date.parse('2026-11-20T12:00:00Z');
const open = { days: [1, 2, 3, 4, 5], from: '09:00', to: '17:30', timezone: 'UTC' };

function sendingOf(
  accounts: readonly Account[],
  more: Partial<Campaign> = {},
  rest: Partial<Pick<Sending, 'status' | 'bounces'>> = {},
  { thresholds = defaultThresholds, known = true }: { thresholds?: Thresholds; known?: boolean } = {},
): Sending {
  const own = campaign('c', { listedSenders: accounts.map(({ key }) => key), schedule: open, ...more });
  const graph = graphOf(accounts, [own], { known });
  const health = newHealth(graph, {
    thresholds,
    // What a person does not want to see in Health is still why a campaign does not send.
    off: new Set(['no-senders', 'no-healthy-senders', 'bounce-rate']),
    snoozed: () => 'all',
  });
  const figures = atOnce(figuresOfSenders(graph, 'c'));
  const facts = health.factsOfCampaign(own, rest.bounces && bounceRate(rest.bounces));
  const cases = health.casesOf(own, facts);
  return { service: 'Instantly', campaign: own, figures, status: undefined, bounces: undefined, cases, facts, ...rest };
}

const answerOf = (sending: Sending) => explainSending(sending, NOW);
const says = (status: Partial<SendingStatus>): { status: SendingStatus } => ({
  status: { source: 'GET /x', ...status },
});
const healthy = (email: string) => account(email, { state: 'healthy', statusWords: 'Active', dailyLimit: 30 });
const broken = (email: string, statusWords = 'Connection Error') => account(email, { state: 'error', statusWords });

describe('senders at risk', () => {
  it('are not why a campaign does not send, because they go on sending', () => {
    const blocked = ['a@x.com', 'b@x.com'].map((email) =>
      account(email, { state: 'warning', statusWords: 'Warmup blocked', dailyLimit: 30 }),
    );
    const closed = { ...open, days: [0] };
    const { answer } = answerOf(sendingOf(blocked, { schedule: closed }));
    assert.doesNotMatch(answer, /none of its senders is healthy/);
    assert.match(answer, /schedule|day|hours/i);
  });
});

describe('the senders of a campaign in figures', () => {
  it('count who can send, who cannot and why, and what may be sent', () => {
    const accounts = [
      healthy('a@x.com'),
      account('b@x.com', { state: 'healthy', statusWords: 'Active', dailyLimit: 20, sentToday: 20 }),
      account('c@x.com', { state: 'healthy', statusWords: 'Active', sentToday: 5 }),
      broken('d@x.com'),
      broken('e@x.com', 'Sending Error'),
      broken('f@x.com'),
    ];
    const { figures } = sendingOf(accounts);
    assert.deepEqual(figures, {
      known: figures.known,
      senders: 6,
      healthy: 3,
      broken: [
        { words: 'Connection Error', count: 2, examples: ['d@x.com', 'f@x.com'] },
        { words: 'Sending Error', count: 1, examples: ['e@x.com'] },
      ],
      sending: 3,
      emailsPerDay: 50,
      unknownLimits: 1,
      atLimit: 1,
    });
  });

  it('name the first of many', () => {
    const { figures } = sendingOf(Array.from({ length: 30 }, (_, index) => broken(`${index}@x.com`)));
    assert.equal(figures.broken[0]!.count, 30);
    assert.equal(figures.broken[0]!.examples.length, 10);
  });
});

describe('why a campaign does not send', () => {
  it('is what the service says, with its own words and the senders that are not healthy', () => {
    const status = says({
      sends: false,
      words: 'The campaign has reached its daily limit',
      message: 'Limit of 50 reached.',
      step: 'Wait.',
    });
    const { answer, step } = answerOf(sendingOf([healthy('a@x.com'), broken('b@x.com')], {}, status));
    assert.equal(
      answer,
      'Instantly says: The campaign has reached its daily limit (Limit of 50 reached). Unhealthy senders: 1 of 2 (Connection Error: 1).',
    );
    assert.equal(step, 'Wait.');
  });

  it('is nothing where the service says that it sends, whatever the schedule looks like from here', () => {
    const status = says({ sends: true, words: 'The campaign sends normally' });
    const { answer, step } = answerOf(sendingOf([healthy('a@x.com')], { schedule: { ...open, days: [0] } }, status));
    assert.equal(answer, 'Instantly says: The campaign sends normally.');
    assert.equal(step, undefined);
  });

  it('is its status, where the service says no more', () => {
    const paused = answerOf(sendingOf([healthy('a@x.com')], { state: 'paused', statusWords: 'Paused' }));
    assert.equal(paused.answer, 'The status of the campaign is "Paused".');
    assert.match(paused.step!, /web app of Instantly/);
    const done = answerOf(sendingOf([healthy('a@x.com')], { state: 'done', statusWords: 'Completed' }));
    assert.equal(done.step, undefined);
  });

  for (const [what, accounts, more, words] of [
    [
      'none of its senders can send',
      [broken('a@x.com')],
      {},
      /^It is active, but none of its senders is healthy\. .*\(Connection Error: 1\)/,
    ],
    ['its schedule has no day', [healthy('a@x.com')], { schedule: { ...open, days: [] } }, /no sending days/],
    ['its last day is over', [healthy('a@x.com')], { schedule: { ...open, endsOn: '2026-11-19' } }, /2026-11-19/],
    ['its first day is to come', [healthy('a@x.com')], { schedule: { ...open, startsOn: '2026-12-01' } }, /2026-12-01/],
    [
      'it is outside its schedule',
      [healthy('a@x.com')],
      { schedule: { ...open, to: '10:00' } },
      /outside its schedule/,
    ],
    [
      'its senders have sent what they may',
      [account('a@x.com', { state: 'healthy', statusWords: 'Active', dailyLimit: 5, sentToday: 5 })],
      {},
      /reached their daily limits/,
    ],
    ['the list says why', [healthy('a@x.com')], { notSending: 'Waiting for leads' }, /^Not sending: Waiting for leads/],
    ['nothing can be seen', [healthy('a@x.com')], {}, /^Nothing that/],
  ] as const) {
    it(`is found without the service: ${what}`, () => {
      const sending = sendingOf(accounts, more);
      const { answer, step } = answerOf({ ...sending, figures: { ...sending.figures, known: true } });
      assert.match(answer, words);
      assert.equal(step === undefined, 'notSending' in more);
    });
  }

  it('is never a lack of senders while they are not known', () => {
    const known = answerOf(sendingOf([]));
    assert.equal(known.answer, 'It is active, but no account sends for it.');
    assert.equal(known.step, 'Add senders, or pause it.');
    const unknown = answerOf(sendingOf([], {}, {}, { known: false }));
    assert.match(unknown.answer, /not all of its senders are known/);
  });

  it('is what a rule says before the status, with what shows it', () => {
    const stopped = sendingOf([healthy('a@x.com')], {
      state: 'paused',
      statusWords: 'Paused',
      problems: [{ kind: 'paused-by-service', words: 'Paused by the service', reason: 'Payment failed' }],
    });
    const { answer, step } = answerOf(stopped);
    assert.equal(answer, 'The service paused the campaign, not a person (Paused by the service: Payment failed).');
    assert.equal(step, 'Read the reason, fix the cause, then resume it.');
  });

  it('says where the service and the rules contradict each other', () => {
    const status = says({ sends: true, words: 'The campaign sends normally' });
    const stopped = account('a@x.com', {
      state: 'error',
      statusWords: 'Connection Error',
      problems: [{ kind: 'disconnected', words: 'Connection Error' }],
    });
    const against = answerOf(sendingOf([stopped], {}, status));
    assert.equal(
      against.answer,
      'Instantly says: The campaign sends normally. Unhealthy senders: 1 of 1 (Connection Error: 1). But Sendmap found: No healthy sender.',
    );
    assert.equal(against.step, 'Refresh the connection, then look again.');
    const atRisk = account('a@x.com', { state: 'warning', statusWords: 'Warmup blocked', problems: [] });
    const goesOn = answerOf(sendingOf([atRisk], {}, status));
    assert.doesNotMatch(goesOn.answer, /otherwise/);
    assert.equal(goesOn.step, 'Reconnect or replace them.');
  });

  it('names what else is found, with its next step where nothing else has one', () => {
    const status = says({ sends: true, words: 'The campaign sends normally' });
    const { answer, step } = answerOf(sendingOf([healthy('a@x.com')], { dailyLimit: 100 }, status));
    assert.equal(answer, 'Instantly says: The campaign sends normally. Other findings: Limit out of reach.');
    assert.match(step!, /^Add senders, or lower its limit/);
  });

  it('draws the line of bounces where the settings draw it', () => {
    const bounces = { sent: 1000, bounced: 41 };
    const at = (rate: number) =>
      answerOf(
        sendingOf([healthy('a@x.com')], {}, { bounces }, { thresholds: { ...defaultThresholds, bounceRate: rate } }),
      ).answer;
    assert.match(at(4), /41 of 1000 emails bounced, more than 4%/);
    assert.doesNotMatch(at(4.1), /bounced/);
  });

  it('names bounces above 3 %, and not at it', () => {
    const at = (bounced: number) =>
      answerOf(sendingOf([healthy('a@x.com')], {}, { bounces: { sent: 1000, bounced } })).answer;
    assert.doesNotMatch(at(30), /bounced/);
    assert.match(at(31), /31 of 1000 emails bounced, more than 3%/);
    assert.equal(bounceRate({ sent: 0, bounced: 0 }), undefined);
    assert.equal(bounceRate({ sent: 3, bounced: 1 }), 33.33);
  });
});

describe('text from outside in a report', () => {
  it('is bounded and whole', () => {
    assert.equal(bounded('x'.repeat(500)), 'x'.repeat(500));
    assert.equal(bounded('x'.repeat(501)), `${'x'.repeat(499)}…`);
    assert.ok(bounded(`${'x'.repeat(498)}😀${'x'.repeat(10)}`).isWellFormed());
    assert.ok(bounded('\uD83D').isWellFormed());
  });

  it('keeps the plain values of a record, without credentials', () => {
    const record = { a: 1, b: 'x', c: true, d: null, e: { f: 1 }, g: [1], smtp_password: 'secret', h: 'y'.repeat(900) };
    assert.deepEqual(plainValues(record), { a: 1, b: 'x', c: true, h: bounded('y'.repeat(900)) });
    assert.equal(
      Object.keys(plainValues(Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`p${i}`, i])))).length,
      20,
    );
  });
});
