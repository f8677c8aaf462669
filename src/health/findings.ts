import { t } from '@vscode/l10n';
import type { Graph } from '../map/graph.ts';
import { campaignLabel } from '../queries/campaignLabel.ts';
import { eachInSteps, type Steps } from '../transport/turns.ts';
import { isActive } from './active.ts';
import type { Health } from './health.ts';
import type { AccountRule, CampaignRule, Severity } from './rule.ts';
import type { RuleId } from './rules/index.ts';

/** Something that is wrong with an account, a domain or a campaign. */
export interface Finding {
  /** The name of the rule, the same in every version. */
  readonly rule: RuleId;
  readonly severity: Severity;
  /** What is wrong with what, in words. */
  readonly title: string;
  /** The account, or all those of a domain that fails as a whole; empty for a campaign. */
  readonly accountKeys: readonly string[];
  /** The campaign, or the active ones that the accounts feed. */
  readonly campaignIds: readonly string[];
  /** What shows it, with its number. */
  readonly evidence: string;
  /** Emails a day that active campaigns lose now; 0 where they lose none, or nobody knows how many. */
  readonly emailsPerDayLost: number;
}

/** All findings, the worst first: in the order of the rules, then of what they cost. In steps. */
export function* findingsOf(graph: Graph, health: Health): Steps<Finding[]> {
  const findings: Finding[] = [];
  for (const { rule } of health.summaries) {
    const found =
      rule.about === 'account' ? yield* accountFindings(graph, health, rule) : yield* campaignFindings(health, rule);
    found.sort((a, b) => b.emailsPerDayLost - a.emailsPerDayLost || (a.title < b.title ? -1 : 1));
    // One by one: there may be more than a call takes arguments.
    for (const finding of found) {
      findings.push(finding);
    }
    yield;
  }
  return findings;
}

function* accountFindings(graph: Graph, health: Health, rule: AccountRule): Steps<Finding[]> {
  const singles: Finding[] = [];
  const domains = new Map<string, { readonly keys: string[]; readonly campaigns: Set<string>; emails: number }>();
  yield* eachInSteps(yield* health.accountsWith(rule.id), (account) => {
    const { key, email, domain } = account;
    const campaignIds = graph
      .campaignsOf(key)
      .filter(({ campaign }) => isActive(campaign))
      .map(({ campaign }) => campaign.id);
    const emails = rule.cost === 'lost' ? health.emailsOfAccount(key) : 0;
    if (domain === undefined || !health.isBurnt(domain, rule.id)) {
      singles.push({
        rule: rule.id,
        severity: rule.severity,
        title: `${email}: ${rule.title()}`,
        accountKeys: [key],
        campaignIds,
        evidence: rule.evidence(account, health.factsOfAccount(key)),
        emailsPerDayLost: emails,
      });
      return;
    }
    const known = domains.get(domain) ?? { keys: [], campaigns: new Set<string>(), emails: 0 };
    known.keys.push(key);
    campaignIds.forEach((id) => known.campaigns.add(id));
    known.emails += emails;
    domains.set(domain, known);
  });
  const burnt = Array.from(domains, ([domain, { keys, campaigns, emails }]): Finding => ({
    rule: rule.id,
    severity: rule.severity,
    title: `${domain}: ${rule.title()}`,
    accountKeys: keys,
    campaignIds: [...campaigns],
    evidence: t('{0} of {1} mailboxes of the domain', keys.length, health.mailboxesOf(domain)),
    emailsPerDayLost: emails,
  }));
  return [...burnt, ...singles];
}

function* campaignFindings(health: Health, rule: CampaignRule): Steps<Finding[]> {
  const findings: Finding[] = [];
  for (const campaign of health.campaignsWith(rule.id)) {
    findings.push({
      rule: rule.id,
      severity: rule.severity,
      title: `${campaignLabel(campaign)}: ${rule.title()}`,
      accountKeys: [],
      campaignIds: [campaign.id],
      evidence: rule.evidence(campaign, health.factsOfCampaign(campaign)),
      emailsPerDayLost: rule.cost === 'lost' ? health.emailsOfCampaign(campaign.id, rule.id) : 0,
    });
    // The evidence may have looked at all its senders.
    yield;
  }
  return findings;
}
