import assert from 'node:assert/strict';
import { costWords, explainAccount, explainCampaign } from '../../../src/health/explain.ts';
import type { HealthOptions } from '../../../src/health/health.ts';
import { ruleOf } from '../../../src/health/rules/index.ts';
import { defaultThresholds } from '../../../src/health/thresholds.ts';
import type { Account, Campaign } from '../../../src/providers/model.ts';
import { healthOf } from '../../support/health.ts';
import { account, campaign, storeOf } from '../../support/records.ts';

const broken = (key: string) =>
  account(key, {
    state: 'error',
    statusWords: 'SMTP disconnected',
    reason: '535 no',
    dailyLimit: 30,
    problems: [{ kind: 'disconnected', words: 'SMTP disconnected', reason: '535 no' }],
  });

interface Finding {
  readonly rule: string;
  readonly evidence: string;
  readonly costs?: string;
  readonly read: object;
}

interface Explained {
  readonly answer: string;
  readonly findings: readonly Finding[];
  readonly near_misses: readonly Finding[];
}

function explained(accounts: readonly Account[], campaigns: readonly Campaign[], rest: Partial<HealthOptions> = {}) {
  const { graph } = storeOf({ accounts, campaigns });
  const health = healthOf(graph, rest);
  return {
    account: (place: number) => explainAccount(graph, health, accounts[place]!) as Explained & Record<string, unknown>,
    campaign: (place: number) =>
      explainCampaign(graph, health, campaigns[place]!) as Explained & Record<string, unknown>,
  };
}

const ids = (findings: readonly Finding[]) => findings.map(({ rule }) => rule);

describe('explaining', () => {
  it('says which rules fire for an account, what they read and what it costs', () => {
    const said = explained([broken('a@x.com')], [campaign('1', { listedSenders: ['a@x.com'] })]).account(0);
    assert.deepEqual(ids(said.findings), ['disconnected']);
    const [finding] = said.findings;
    assert.match(finding!.evidence, /535 no/);
    assert.equal(finding?.costs, '1 active campaign loses 30 emails a day');
    assert.deepEqual(Object.keys(finding.read), ['status_words', 'reason', 'problems']);
    assert.equal(said.answer, ruleOf('disconnected').meaning());
    assert.deepEqual(said['domain'], { name: 'x.com', mailboxes: 1, burnt_by: [] });
    assert.equal(said['active_campaigns'], 1);
  });

  it('gives what a rule knows besides the account, with its threshold', () => {
    const keys = ['a@x.com'];
    const campaigns = Array.from({ length: 6 }, (_, place) => campaign(`${place}`, { listedSenders: keys }));
    const said = explained([account('a@x.com', { dailyLimit: 30 })], campaigns).account(0);
    assert.deepEqual(
      said.findings.map(({ rule, read }) => [rule, read]),
      [['overused', { active_campaigns: 6, most_campaigns_threshold: 5 }]],
    );
  });

  it('names what is snoozed, apart from the findings', () => {
    const campaigns = [campaign('1', { listedSenders: ['a@x.com'], dailyLimit: 20 })];
    const snoozed = () => 'all' as const;
    const said = explained([broken('a@x.com')], campaigns, { snoozed });
    for (const [one, rule] of [
      [said.account(0), 'disconnected'],
      [said.campaign(0), 'no-healthy-senders'],
    ] as const) {
      assert.deepEqual(ids(one.findings), []);
      assert.deepEqual(ids(one['snoozed'] as readonly Finding[]), [rule]);
      assert.equal(one.answer, `No findings but snoozed ones: ${ruleOf(rule).title()}.`);
    }
  });

  it('names what nearly fires, and says so where nothing does', () => {
    const limit = defaultThresholds.lowScore;
    const feeding = [campaign('1', { listedSenders: ['a@x.com'] })];
    const near = explained([account('a@x.com', { warmupScore: limit, dailyLimit: 30 })], feeding).account(0);
    assert.deepEqual([ids(near.findings), ids(near.near_misses)], [[], ['warmup-score-low']]);
    assert.equal(near.answer, 'No findings, but it comes close to some.');
    const well = explained([account('a@x.com', { warmupScore: 100, dailyLimit: 30 })], feeding).account(0);
    assert.equal(well.answer, 'No findings.');
  });

  it('leaves out rules that are off, near misses included', () => {
    const off = new Set(['warmup-score-low'] as const);
    const accounts = [account('a@x.com', { warmupScore: defaultThresholds.lowScore, dailyLimit: 30 })];
    const said = explained(accounts, [campaign('1', { listedSenders: ['a@x.com'] })], { off }).account(0);
    assert.deepEqual(ids(said.near_misses), []);
  });

  it('says which senders of a campaign are not well, and counts those that it does not name', () => {
    const accounts = Array.from({ length: 60 }, (_, index) => broken(`m${index}@x.com`));
    const campaigns = [campaign('1', { listedSenders: accounts.map(({ key }) => key), dailyLimit: 90 })];
    const said = explained(accounts, campaigns).campaign(0);
    assert.deepEqual(ids(said.findings), ['no-healthy-senders']);
    assert.equal(said.findings[0]?.costs, 'loses 90 emails a day');
    assert.equal((said['senders_not_healthy'] as unknown[]).length, 50);
    assert.equal(said['more_senders'], 10);
    assert.deepEqual([said['senders'], said['healthy_senders'], said['senders_can_send_per_day']], [60, 0, 0]);
  });

  it('has no words for what costs nothing, or nobody knows', () => {
    const rule = ruleOf('disconnected');
    assert.equal(costWords(rule, undefined, 3), undefined);
    assert.equal(costWords(rule, 0, 3), undefined);
    assert.equal(costWords(rule, 20, 0), undefined);
    assert.equal(costWords(rule, 2000, 3), '3 active campaigns lose 2,000 emails a day');
    assert.equal(costWords(ruleOf('idle'), 20, 0), 'could send 20 more emails a day');
    assert.equal(costWords(ruleOf('at-daily-limit'), 20, 1), undefined);
  });
});
