import { t } from '@vscode/l10n';
import type { Graph } from '../map/graph.ts';
import type { Account, Campaign } from '../providers/model.ts';
import type { Health } from './health.ts';
import { accountReadings, campaignReadings } from './readings.ts';
import type { AccountFacts, AccountRule, CampaignFacts, CampaignRule, Rule } from './rule.ts';
import { accountRules, campaignRules } from './rules/index.ts';
import { isActive } from './active.ts';
import { domainFailures } from './domains.ts';
import { limitOf } from './sending.ts';
import { formatNumber } from './words.ts';

/** Campaigns and senders that an explanation names; the others are counted. */
const MOST_NAMED = 50;

/** Everything that rules say of an account: those that fire, those that nearly do, and what they read. */
export function explainAccount(graph: Graph, health: Health, account: Account): object {
  const facts = health.factsOfAccount(account.key);
  const campaigns = graph.campaignsOf(account.key).map(({ campaign }) => campaign);
  const active = campaigns.filter(isActive);
  const fired = health.rulesOfAccount(account.key);
  const snoozed = health.snoozedOfAccount(account);
  const near = accountRules.filter(
    (rule) => !fired.includes(rule) && !health.isOff(rule.id) && rule.isNear?.(account, facts) === true,
  );
  const emails = limitOf(account);
  const costs = (rule: Rule) => costWords(rule, emails, active.length);
  const { domain } = account;
  return {
    account: account.email,
    account_key: account.key,
    status: account.statusWords,
    reason: account.reason,
    answer: answerOf(fired, near, snoozed),
    findings: fired.map((rule) => ({
      ...findingOf(rule, rule.evidence(account, facts), costs(rule)),
      read: readOf(rule, account, readingsOfAccount(rule, facts)),
    })),
    snoozed: snoozed.map((rule) => snoozedOf(rule, rule.evidence(account, facts))),
    near_misses: near.map((rule) => ({
      ...nearOf(rule, (rule.nearEvidence ?? rule.evidence)(account, facts)),
      read: readOf(rule, account, readingsOfAccount(rule, facts)),
    })),
    daily_limit: account.unlimited === true ? t('Unlimited') : account.dailyLimit,
    domain:
      domain === undefined
        ? undefined
        : {
            name: domain,
            mailboxes: health.mailboxesOf(domain),
            burnt_by: domainFailures.filter((id) => health.isBurnt(domain, id)),
          },
    active_campaigns: facts.campaigns?.active,
    campaigns: campaigns.slice(0, MOST_NAMED).map(({ id, name, statusWords }) => ({
      campaign_id: id,
      name,
      status: statusWords,
    })),
    more_campaigns: more(campaigns.length),
  };
}

/** The same for a campaign. */
export function explainCampaign(graph: Graph, health: Health, campaign: Campaign): object {
  const facts = health.factsOfCampaign(campaign);
  const fired = health.rulesOfCampaign(campaign.id);
  const snoozed = health.snoozedOfCampaign(campaign);
  const near = campaignRules.filter(
    (rule) => !fired.includes(rule) && !health.isOff(rule.id) && rule.isNear?.(campaign, facts) === true,
  );
  const unwell: object[] = [];
  let count = 0;
  graph.eachSender(campaign.id, (account) => {
    if (account.state !== 'healthy') {
      count += 1;
      if (unwell.length < MOST_NAMED) {
        unwell.push({
          account: account.key,
          email: account.email,
          status: account.statusWords,
          reason: account.reason,
        });
      }
    }
  });
  return {
    campaign: campaign.name,
    campaign_id: campaign.id,
    status: campaign.statusWords,
    reason: campaign.reason,
    answer: answerOf(fired, near, snoozed),
    findings: campaignFindings(health, campaign, facts, fired),
    snoozed: snoozed.map((rule) => snoozedOf(rule, rule.evidence(campaign, facts))),
    near_misses: near.map((rule) => ({
      ...nearOf(rule, (rule.nearEvidence ?? rule.evidence)(campaign, facts)),
      read: readOf(rule, campaign, readingsOfCampaign(rule, facts)),
    })),
    daily_limit: campaign.dailyLimit,
    senders: facts.senders?.senders,
    healthy_senders: facts.senders?.healthy,
    senders_can_send_per_day: facts.capacity(),
    senders_not_healthy: unwell,
    more_senders: more(count),
  };
}

/** Findings about a campaign as documents have them. */
export function campaignFindings(
  health: Health,
  campaign: Campaign,
  facts: CampaignFacts,
  fired: readonly CampaignRule[],
): object[] {
  return fired.map((rule) => ({
    ...findingOf(
      rule,
      rule.evidence(campaign, facts),
      costWords(rule, health.emailsOfCampaign(campaign.id, rule.id), 1),
    ),
    read: readOf(rule, campaign, readingsOfCampaign(rule, facts)),
  }));
}

function readingsOfAccount({ readsFacts = [] }: AccountRule, facts: AccountFacts): readonly Reading[] {
  return readsFacts.map((name) => [name, accountReadings[name](facts)]);
}

function readingsOfCampaign({ readsFacts = [] }: CampaignRule, facts: CampaignFacts): readonly Reading[] {
  return readsFacts.map((name) => [name, campaignReadings[name](facts)]);
}

function answerOf(fired: readonly Rule[], near: readonly Rule[], snoozed: readonly Rule[]): string {
  const [worst, ...others] = fired;
  if (worst === undefined && snoozed.length > 0) {
    return t('No findings but snoozed ones: {0}.', snoozed.map((rule) => rule.title()).join(', '));
  }
  if (worst === undefined) {
    return near.length === 0 ? t('No findings.') : t('No findings, but it comes close to some.');
  }
  return others.length === 0
    ? worst.meaning()
    : t('{0} Other findings: {1}.', worst.meaning(), others.map((rule) => rule.title()).join(', '));
}

function findingOf(rule: Rule, evidence: string, costs: string | undefined): object {
  return {
    rule: rule.id,
    severity: rule.severity,
    title: rule.title(),
    evidence,
    costs,
    meaning: rule.meaning(),
    next_step: rule.nextStep(),
  };
}

/** What would be a finding if it were not snoozed. */
function snoozedOf(rule: Rule, evidence: string): object {
  return { rule: rule.id, severity: rule.severity, title: rule.title(), evidence };
}

/** What nearly is a finding: what it would mean is not so yet. */
function nearOf(rule: Rule, evidence: string): object {
  return {
    rule: rule.id,
    severity: rule.severity,
    title: rule.title(),
    evidence,
    would_mean: rule.meaning(),
  };
}

/** A value that a rule looked at besides the record, with its name. */
type Reading = readonly [name: string, value: unknown];

function readOf(rule: AccountRule | CampaignRule, record: Account | Campaign, readings: readonly Reading[]): object {
  const values = record as unknown as Readonly<Record<string, unknown>>;
  const read = [...rule.reads.map((name): Reading => [name, values[name]]), ...readings];
  return Object.fromEntries(
    read.map(([name, value]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value ?? null]),
  );
}

/** What a finding costs in a day, in words; undefined where nobody knows, or it costs nothing. */
export function costWords(rule: Rule, emails: number | undefined, campaigns: number): string | undefined {
  if (emails === undefined || emails === 0 || rule.cost === 'none') {
    return undefined;
  }
  const number = formatNumber(emails);
  if (rule.cost === 'waste') {
    return t('could send {0} more emails a day', number);
  }
  if (campaigns === 0) {
    return undefined;
  }
  if (rule.about === 'campaign') {
    return rule.cost === 'lost' ? t('loses {0} emails a day', number) : t('{0} emails a day at risk', number);
  }
  if (rule.cost === 'lost') {
    return campaigns === 1
      ? t('1 active campaign loses {0} emails a day', number)
      : t('{0} active campaigns lose {1} emails a day', formatNumber(campaigns), number);
  }
  return campaigns === 1
    ? t('{0} emails a day at risk in 1 active campaign', number)
    : t('{0} emails a day at risk in {1} active campaigns', number, formatNumber(campaigns));
}

function more(count: number): number | undefined {
  return count > MOST_NAMED ? count - MOST_NAMED : undefined;
}
