import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Account, Campaign, ProblemKind } from '../../../src/providers/model.ts';
import type { AccountFacts, CampaignFacts, Trouble } from '../../../src/health/rule.ts';
import { accountReadings, campaignReadings } from '../../../src/health/readings.ts';
import { accountRules, campaignRules, ruleOf, rules, type RuleId } from '../../../src/health/rules/index.ts';
import { defaultThresholds as thresholds } from '../../../src/health/thresholds.ts';
import { root } from '../../support/paths.ts';
import { account, campaign } from '../../support/records.ts';

const DAY = 24 * 3_600_000;
const noted = Date.UTC(2026, 10, 13, 12);

interface AccountCase {
  readonly record?: Partial<Account>;
  readonly facts?: Partial<AccountFacts>;
}

interface CampaignCase {
  readonly record?: Partial<Campaign>;
  readonly facts?: Partial<CampaignFacts>;
}

interface Cases<Case> {
  readonly fires: readonly Case[];
  readonly not: readonly Case[];
  readonly near?: readonly Case[];
}

const until = (endsOn: string) => ({ days: [1], from: '09:00', to: '17:00', endsOn });
const problem = (kind: ProblemKind, reason?: string) => ({ problems: [{ kind, words: 'Words', reason }] });
const active = { campaigns: { all: 2, active: 1 } };
const idle = { campaigns: { all: 2, active: 0 } };

/** Records that fire a rule, and records on the other side of its threshold. Absent fields are tested for all. */
const accounts: Partial<Record<RuleId, Cases<AccountCase>>> = {
  'warmup-off': {
    fires: [
      { record: { warmup: 'off' }, facts: active },
      { record: { warmup: 'never' }, facts: active },
    ],
    not: [
      { record: { warmup: 'on' }, facts: active },
      { record: { warmup: 'off' }, facts: idle },
      { record: { warmup: 'off' }, facts: { campaigns: undefined } },
    ],
  },
  'warmup-score-low': {
    fires: [{ record: { warmupScore: 79 } }, { record: { warmupScore: 0 } }],
    not: [{ record: { warmupScore: 80 } }],
    near: [{ record: { warmupScore: 80 } }, { record: { warmupScore: 84 } }],
  },
  'warmup-score-drop': {
    fires: [{ record: { warmupScore: 81 }, facts: { before: { score: 91, scoreAt: noted } } }],
    not: [
      { record: { warmupScore: 82 }, facts: { before: { score: 91, scoreAt: noted } } },
      { record: { warmupScore: 10 }, facts: { before: { scoreAt: noted } } },
      { record: { warmupScore: 10 } },
    ],
    near: [{ record: { warmupScore: 86 }, facts: { before: { score: 91, scoreAt: noted } } }],
  },
  'at-daily-limit': {
    fires: [{ record: { sentToday: 30, dailyLimit: 30 } }, { record: { sentToday: 31, dailyLimit: 30 } }],
    not: [{ record: { sentToday: 29, dailyLimit: 30 } }, { record: { sentToday: 30 } }, { record: { dailyLimit: 30 } }],
    near: [{ record: { sentToday: 27, dailyLimit: 30 } }],
  },
  'limit-unlimited': { fires: [{ record: { unlimited: true } }], not: [{ record: { dailyLimit: 500 } }] },
  'limit-high': {
    fires: [{ record: { host: 'google', dailyLimit: 51 } }, { record: { host: 'microsoft', dailyLimit: 51 } }],
    not: [
      { record: { host: 'google', dailyLimit: 50 } },
      { record: { dailyLimit: 500 } },
      { record: { host: 'google' } },
    ],
    near: [{ record: { host: 'google', dailyLimit: 50 } }],
  },
  idle: {
    fires: [
      { facts: idle },
      { facts: { campaigns: { all: 0, active: 0 } } },
      { facts: { ...idle, before: { scoreAt: noted, idleSince: noted } } },
    ],
    not: [{ facts: active }, { facts: { campaigns: undefined } }, { record: { state: 'paused' }, facts: idle }],
  },
  overused: {
    fires: [{ facts: { campaigns: { all: 9, active: 6 } } }],
    not: [{ facts: { campaigns: { all: 9, active: 5 } } }, { facts: { campaigns: undefined } }],
    near: [{ facts: { campaigns: { all: 9, active: 5 } } }],
  },
  'sending-gap-short': {
    fires: [{ record: { sendingGap: 9 }, facts: { campaigns: { all: 2, active: 2 } } }],
    near: [{ record: { sendingGap: 10 }, facts: { campaigns: { all: 2, active: 2 } } }],
    not: [
      { record: { sendingGap: 10 }, facts: { campaigns: { all: 2, active: 2 } } },
      { record: { sendingGap: 9 }, facts: active },
      { record: { sendingGap: 9 }, facts: { campaigns: undefined } },
    ],
  },
};

const campaigns: Partial<Record<RuleId, Cases<CampaignCase>>> = {
  'no-senders': {
    fires: [{ facts: { senders: { senders: 0, healthy: 0 } } }],
    not: [
      { facts: { senders: { senders: 1, healthy: 0 } } },
      { facts: { senders: undefined } },
      { record: { state: 'draft' }, facts: { senders: { senders: 0, healthy: 0 } } },
    ],
  },
  'no-healthy-senders': {
    fires: [{ facts: { senders: { senders: 3, healthy: 0 } } }],
    not: [{ facts: { senders: { senders: 3, healthy: 1 } } }, { facts: { senders: { senders: 0, healthy: 0 } } }],
  },
  'senders-unhealthy': {
    fires: [{ facts: { senders: { senders: 4, healthy: 3 } } }],
    not: [{ facts: { senders: { senders: 100, healthy: 76 } } }, { facts: { senders: { senders: 4, healthy: 0 } } }],
    near: [{ facts: { senders: { senders: 100, healthy: 76 } } }],
  },
  'limit-beyond-senders': {
    fires: [{ record: { dailyLimit: 91 }, facts: { capacity: () => 90 } }],
    not: [
      { record: { dailyLimit: 90 }, facts: { capacity: () => 90 } },
      { facts: { capacity: () => 0 } },
      { record: { dailyLimit: 90 }, facts: { capacity: () => undefined } },
      { record: { dailyLimit: 91, state: 'paused' }, facts: { capacity: () => 90 } },
    ],
  },
  ended: {
    fires: [{ record: { schedule: until('2026-11-19') } }, { record: { schedule: until('2026-11-19T23:00:00Z') } }],
    not: [
      { record: { schedule: until('2026-11-20') } },
      { record: { schedule: until('soon') } },
      { record: { schedule: until('2026-11-19'), state: 'done' } },
    ],
    near: [{ record: { schedule: until('2026-11-20') } }],
  },
  'never-opens': {
    fires: [{ record: { schedule: { days: [], from: '09:00', to: '17:00' } } }],
    not: [{ record: { schedule: { days: [1], from: '09:00', to: '17:00' } } }],
    near: [{ record: { schedule: { days: [1], from: '17:00', to: '09:00' } } }],
  },
  'tag-empty': {
    fires: [{ facts: { emptyTags: () => ['t1'] } }],
    not: [{ facts: { emptyTags: () => [] } }, { facts: { emptyTags: () => undefined } }],
  },
  'bounce-rate': {
    fires: [{ facts: { bounceRate: 3.1 } }],
    not: [{ facts: { bounceRate: 3 } }, { facts: { bounceRate: undefined } }],
    near: [{ facts: { bounceRate: 2.9 } }],
  },
};

const accountFacts = (facts: Partial<AccountFacts> = {}): AccountFacts => ({
  thresholds,
  campaigns: { all: 1, active: 1 },
  before: undefined,
  ...facts,
});

const campaignFacts = (facts: Partial<CampaignFacts> = {}): CampaignFacts => ({
  thresholds,
  senders: { senders: 1, healthy: 1 },
  troubles: () => [],
  capacity: () => undefined,
  emptyTags: () => undefined,
  bounceRate: undefined,
  today: '2026-11-20',
  ...facts,
});

/** What the rules that go by a problem of the record are called after. */
const byProblem = rules.map(({ id }) => id).filter((id) => accounts[id] === undefined && campaigns[id] === undefined);

/** What a rule says of a record. */
function asked<Subject, Facts>(
  rule: {
    readonly fires: (record: Subject, facts: Facts) => boolean;
    readonly isNear?: (record: Subject, facts: Facts) => boolean;
    readonly evidence: (record: Subject, facts: Facts) => string;
  },
  record: Subject,
  facts: Facts,
) {
  return {
    fires: rule.fires(record, facts),
    near: rule.isNear?.(record, facts) === true,
    evidence: () => rule.evidence(record, facts),
  };
}

function testCases<Case>(id: RuleId, cases: Cases<Case> | undefined, ask: (one: Case) => ReturnType<typeof asked>) {
  for (const [index, one] of (cases?.fires ?? []).entries()) {
    it(`${id}: fires on case ${index + 1}`, () => {
      const { fires, near, evidence } = ask(one);
      assert.deepEqual({ fires, near }, { fires: true, near: false });
      assert.ok(evidence().length > 0);
    });
  }
  for (const [index, one] of (cases?.not ?? []).entries()) {
    it(`${id}: does not fire on case ${index + 1}`, () => {
      assert.equal(ask(one).fires, false);
    });
  }
  for (const [index, one] of (cases?.near ?? []).entries()) {
    it(`${id}: nearly fires on case ${index + 1}`, () => {
      const { fires, near } = ask(one);
      assert.deepEqual({ fires, near }, { fires: false, near: true });
    });
  }
}

/** A record that notes which of its properties are looked at, those of properties with their paths. */
function tracked<T extends object>(record: T, seen: Set<string>, prefix = ''): T {
  return new Proxy(record, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof name === 'symbol') {
        return value;
      }
      if (prefix === '' && (FACTS as readonly string[]).includes(name)) {
        return value === undefined ? undefined : tracked(value as object, seen, `${name}.`);
      }
      seen.add(prefix + name);
      return value;
    },
  });
}

/** What rules know in parts. */
const FACTS = ['thresholds', 'campaigns', 'before', 'senders'] as const;

/** Asks a rule everything. */
function ask<Record, Facts>(
  rule: {
    readonly fires: (record: Record, facts: Facts) => boolean;
    readonly isNear?: (record: Record, facts: Facts) => boolean;
    readonly nearEvidence?: (record: Record, facts: Facts) => string;
    readonly evidence: (record: Record, facts: Facts) => string;
  },
  record: Record,
  facts: Facts,
): void {
  rule.fires(record, facts);
  rule.isNear?.(record, facts);
  rule.nearEvidence?.(record, facts);
  rule.evidence(record, facts);
}

/** The paths of what readings look at. */
function readingsIn<Name extends string, Facts extends object>(
  names: readonly Name[],
  readings: Readonly<Record<Name, (facts: Facts) => unknown>>,
  facts: Facts,
): Set<string> {
  const seen = new Set<string>();
  for (const name of names) {
    readings[name](tracked(facts, seen));
  }
  return seen;
}

describe('rules of health', () => {
  it('have stable ids, words and a source', () => {
    assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
    for (const rule of rules) {
      assert.equal(ruleOf(rule.id), rule);
      assert.match(rule.id, /^[a-z]+(-[a-z]+)*$/);
      assert.match(rule.source, /FACTS/);
      for (const words of [rule.title(), rule.meaning(), rule.nextStep()]) {
        assert.ok(words.length > 0);
      }
      assert.equal(rule.explains?.includes(rule.id) ?? false, false);
    }
    assert.ok(accountRules.length <= 31 && campaignRules.length <= 31, 'they are kept as bits');
  });

  it('stand in the README, and can be turned off by the setting', () => {
    const readme = readFileSync(`${root}/README.md`, 'utf8');
    const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as {
      contributes: { configuration: { properties: Record<string, { items?: { enum?: string[] } }> } };
    };
    const offered = manifest.contributes.configuration.properties['sendmap.health.rulesOff']?.items?.enum ?? [];
    assert.deepEqual([...offered].sort(), rules.map(({ id }) => id).sort());
    for (const { id, severity, meaning } of rules) {
      const row = readme.split('\n').find((line) => line.startsWith(`| \`${id}\``));
      assert.ok(row?.includes(severity) && row.includes(meaning()), id);
    }
  });

  it('never fire on absent fields', () => {
    const bare = { key: 'a', email: 'a', domain: undefined, statusWords: '', state: 'unknown', tags: [] } as const;
    for (const rule of accountRules) {
      const facts = accountFacts({ campaigns: undefined });
      assert.equal(rule.fires(bare, facts), false, rule.id);
      assert.equal(rule.isNear?.(bare, facts) ?? false, false, rule.id);
    }
    for (const rule of campaignRules) {
      const facts = campaignFacts({ senders: undefined });
      for (const state of ['unknown', 'healthy'] as const) {
        const record = { id: 'c', name: '', statusWords: '', state, tags: [] };
        assert.equal(rule.fires(record, facts), false, rule.id);
        assert.equal(rule.isNear?.(record, facts) ?? false, false, rule.id);
      }
    }
  });

  for (const id of byProblem) {
    it(`know ${id} by what the service says`, () => {
      const kind = id as ProblemKind;
      const rule = ruleOf(id);
      const other = problem(kind === 'disconnected' ? 'suspended' : 'disconnected');
      if (rule.about === 'account') {
        const facts = accountFacts();
        assert.equal(rule.fires(account('a', problem(kind)), facts), true);
        assert.equal(rule.fires(account('a', other), facts), false);
        assert.equal(
          rule.evidence(account('a', problem(kind, '550 5.1.1 no')), facts),
          'Words: 550 5.1.1 no (permanent)',
        );
        assert.equal(rule.evidence(account('a', problem(kind, '421 later')), facts), 'Words: 421 later (temporary)');
        assert.equal(rule.evidence(account('a', problem(kind, 'no code')), facts), 'Words: no code');
        assert.equal(rule.evidence(account('a', problem(kind)), facts), 'Words');
      } else {
        assert.equal(rule.fires(campaign('c', problem(kind)), campaignFacts()), true);
        assert.equal(rule.fires(campaign('c', other), campaignFacts()), false);
        assert.equal(rule.evidence(campaign('c', problem(kind)), campaignFacts()), 'Words');
      }
    });
  }

  for (const rule of accountRules) {
    const cases = accounts[rule.id];
    testCases(rule.id, cases, ({ record, facts }) => asked(rule, account('a@b.c', record), accountFacts(facts)));
  }

  for (const rule of campaignRules) {
    const cases = campaigns[rule.id];
    testCases(rule.id, cases, ({ record, facts }) => asked(rule, campaign('c', record), campaignFacts(facts)));
  }

  it('say all that they read, and no more of what they know besides', () => {
    const casesOf = <Case>(cases: Cases<Case> | undefined) => [
      ...(cases?.fires ?? []),
      ...(cases?.not ?? []),
      ...(cases?.near ?? []),
    ];
    const ofAccounts = accountRules.map((rule) => {
      const [record, facts] = [new Set<string>(), new Set<string>()];
      for (const one of casesOf(accounts[rule.id])) {
        ask(rule, tracked(account('a', one.record), record), tracked(accountFacts(one.facts), facts));
      }
      const known = tracked(accountFacts({ before: { score: 1, scoreAt: noted, idleSince: noted } }), new Set());
      return { rule, record, facts, readings: readingsIn(rule.readsFacts ?? [], accountReadings, known) };
    });
    const ofCampaigns = campaignRules.map((rule) => {
      const [record, facts] = [new Set<string>(), new Set<string>()];
      for (const one of casesOf(campaigns[rule.id])) {
        ask(rule, tracked(campaign('c', one.record), record), tracked(campaignFacts(one.facts), facts));
      }
      const known = campaignFacts({ senders: { senders: 1, healthy: 1 } });
      return { rule, record, facts, readings: readingsIn(rule.readsFacts ?? [], campaignReadings, known) };
    });
    for (const { rule, record, facts, readings } of [...ofAccounts, ...ofCampaigns]) {
      const said: readonly string[] = rule.reads;
      assert.deepEqual(
        [...record].filter((name) => !said.includes(name)),
        [],
        rule.id,
      );
      assert.deepEqual(
        [...facts].filter((path) => !readings.has(path)),
        [],
        rule.id,
      );
      assert.deepEqual(
        [...readings].filter((path) => !facts.has(path) && facts.size > 0),
        [],
        rule.id,
      );
    }
  });

  it('say what is the matter with senders, the most frequent first', () => {
    const rule = ruleOf('senders-unhealthy');
    assert.ok(rule.about === 'campaign');
    const evidence = (...troubles: readonly Trouble[]) =>
      rule.evidence(campaign('c'), campaignFacts({ senders: { senders: 9, healthy: 2 }, troubles: () => troubles }));
    const [down, paused] = [
      { words: 'Disconnected', count: 4 },
      { words: 'Paused', count: 2 },
    ];
    assert.equal(evidence({ ...down, count: 7 }), '7 of 9 senders: Disconnected');
    assert.equal(evidence(down, paused, { words: 'x', count: 1 }), '7 of 9 senders: Disconnected 4, Paused 2, +1');
  });

  it('say since when an account is idle, and what a score was', () => {
    const [idleRule, drop] = [ruleOf('idle'), ruleOf('warmup-score-drop')];
    assert.ok(idleRule.about === 'account' && drop.about === 'account');
    const since = noted - 9 * DAY;
    const recorded = { score: 91, scoreAt: Date.now() - 9 * DAY, idleSince: since };
    const facts = accountFacts({ ...idle, before: recorded });
    assert.equal(idleRule.evidence(account('a'), facts), 'in no active campaign since at least November 4');
    assert.equal(drop.evidence(account('a', { warmupScore: 62 }), facts), 'score 62, was 91 (9 days ago)');
  });
});
