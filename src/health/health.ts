import type { MapChange } from '../map/changeFeed.ts';
import { Emitter } from '../map/emitter.ts';
import type { Graph } from '../map/graph.ts';
import type { Account, Campaign } from '../providers/model.ts';
import { eachInSteps, type Steps } from '../transport/turns.ts';
import { Domains } from './domains.ts';
import { Facts } from './facts.ts';
import {
  costs,
  severities,
  type AccountFacts,
  type AccountRule,
  type Before,
  type CampaignFacts,
  type CampaignRule,
  type Rule,
} from './rule.ts';
import { accountBits, campaignBits, NO_RULES, type RuleBits } from './ruleBits.ts';
import { ruleOf, rules, type RuleId } from './rules/index.ts';
import { limitOf } from './sending.ts';
import { SenderTotals, totalOfSenders, type SenderTotal } from './senderTotals.ts';
import type { Thresholds } from './thresholds.ts';

/** What decides which rules fire, besides the map. */
export interface HealthOptions {
  readonly thresholds: Thresholds;
  /** Rules that are turned off. */
  readonly off: ReadonlySet<RuleId>;
  /** What our own records say of an account. */
  readonly before: (accountNumber: number) => Before | undefined;
  /** Rules that are snoozed for an account or a campaign; undefined: none. */
  readonly snoozed: (kind: 'account' | 'campaign', id: string) => ReadonlySet<RuleId> | 'all' | undefined;
  /** Whether the map is all there is: what is missing could be what a tag resolves to. */
  readonly complete: () => boolean;
  /** Today in a time zone, by the clock of this machine where none is named: `YYYY-MM-DD`. */
  readonly today: (timezone?: string) => string;
}

/** The rules that fire for a campaign, and what each of them costs, in emails a day. */
interface FiredForCampaign {
  readonly fired: number;
  readonly emails: ReadonlyMap<RuleId, number>;
}

/** How many a rule fires for, and what that costs. */
export interface RuleSummary {
  readonly rule: Rule;
  /** Accounts or campaigns. */
  readonly count: number;
  /** Emails a day that they lose, risk or could send, as the rule's cost says. */
  readonly emailsPerDay: number;
}

/** Accounts between two yields. */
const STEP = 200;

/**
 * Which rules fire for which accounts and campaigns of a map. All are evaluated once, in steps; from then on a change
 * costs what changed. Rules that fire are kept as bits, by the number of the account.
 */
export class Health {
  readonly #graph: Graph;
  #options: HealthOptions;
  #facts: Facts;
  readonly #changed = new Emitter<void>();
  /** Rules about accounts that fire, by the number of the account. */
  #fired = new Uint32Array(0);
  /** Emails a day of an account that is in an active campaign, or of an idle one, by its number. */
  #emails = new Float64Array(0);
  /** Rules about campaigns that fire, and for each of them the emails a day that the campaign wants or lacks. */
  readonly #campaigns = new Map<string, FiredForCampaign>();
  readonly #counts = new Map<RuleId, { count: number; emails: number }>();
  readonly #domains = new Domains();
  /** Rules that are on. */
  #accountsOn = NO_RULES;
  #campaignsOn = NO_RULES;
  #version = 0;
  #evaluated = false;

  constructor(graph: Graph, options: HealthOptions) {
    this.#graph = graph;
    this.#options = options;
    this.#facts = new Facts(graph, options);
    this.#useOptions();
  }

  /** Goes up with each change of what fires. */
  get version(): number {
    return this.#version;
  }

  /** True where all was evaluated once. */
  get evaluated(): boolean {
    return this.#evaluated;
  }

  /** Fires where other rules fire than before, or for others. */
  onDidChange(listener: () => void): { dispose(): void } {
    return this.#changed.on(listener);
  }

  /** Evaluates everything, with other options where they are given. */
  *evaluate(options?: HealthOptions): Steps<void> {
    let changed = !this.#evaluated;
    if (options !== undefined) {
      // What shows a finding names thresholds.
      changed ||= JSON.stringify(options.thresholds) !== JSON.stringify(this.#options.thresholds);
      this.#options = options;
      this.#useOptions();
    }
    const totals = new SenderTotals(this.#graph);
    for (let number = 0; number < this.#graph.accountNumbers; number += 1) {
      const account = this.#graph.accountAt(number);
      const campaigns = totals.add(number, account);
      changed = this.#putAccount(number, account, this.#facts.ofAccountAt(number, campaigns)) || changed;
      if (number % STEP === 0) {
        yield;
      }
    }
    for (const campaign of this.#graph.campaigns) {
      const number = this.#graph.campaignNumberOf(campaign.id);
      const total = number === undefined ? undefined : totals.of(number);
      changed = this.#putCampaign(campaign.id, campaign, total) || changed;
      yield;
    }
    for (const id of [...this.#campaigns.keys()]) {
      if (this.#graph.campaign(id) === undefined) {
        changed = this.#putCampaign(id, undefined) || changed;
      }
    }
    this.#evaluated = true;
    if (changed) {
      this.#publish();
    }
  }

  /** Evaluates what changed. Changes that come before everything was evaluated are part of that. */
  *update({ accounts, campaigns }: Pick<MapChange, 'accounts' | 'campaigns'>): Steps<void> {
    const { version } = this;
    const touched = new Set(campaigns);
    let changed = false;
    yield* eachInSteps(accounts, (key) => {
      const number = this.#graph.numberOf(key);
      if (number === undefined) {
        return;
      }
      const emails = this.#emails[number];
      const facts = this.#facts.ofAccountAt(number, this.#graph.countOfCampaignsAt(number));
      changed = this.#putAccount(number, this.#graph.accountAt(number), facts) || changed;
      if (emails !== this.#emails[number]) {
        // What it may send counts for the campaigns that it feeds.
        for (const { campaign } of this.#graph.campaignsOf(key)) {
          touched.add(campaign.id);
        }
      }
    });
    for (const id of touched) {
      changed = this.#putCampaign(id, this.#graph.campaign(id)) || changed;
      yield;
    }
    if (changed && version === this.#version) {
      this.#publish();
    }
  }

  /** The rules that fire, the worst first. */
  get summaries(): readonly RuleSummary[] {
    return [...this.#counts]
      .filter(([, { count }]) => count > 0)
      .map(([id, { count, emails }]) => ({ rule: ruleOf(id), count, emailsPerDay: emails }))
      .sort(compareSummaries);
  }

  /**
   * How many findings there are of a severity. The mailboxes of a domain that fail in the same way are one.
   */
  findingsOf(severity: Rule['severity']): number {
    let findings = 0;
    for (const [id, { count }] of this.#counts) {
      if (ruleOf(id).severity === severity) {
        const burnt = this.#domains.burnt(id, this.#options.thresholds.burntMailboxes);
        findings += count - burnt.mailboxes + burnt.domains;
      }
    }
    return findings;
  }

  /** Whether the mailboxes of a domain fail in the same way, so that the domain is what is wrong. */
  isBurnt(domain: string, rule: RuleId): boolean {
    return this.#domains.isBurnt(domain, rule, this.#options.thresholds.burntMailboxes);
  }

  /** Mailboxes of a domain. */
  mailboxesOf(domain: string): number {
    return this.#domains.totalOf(domain);
  }

  rulesOfAccount(accountKey: string): readonly AccountRule[] {
    return accountBits.in(this.#fired[this.#graph.numberOf(accountKey) ?? this.#fired.length] ?? NO_RULES);
  }

  rulesOfCampaign(campaignId: string): readonly CampaignRule[] {
    return campaignBits.in(this.#campaigns.get(campaignId)?.fired ?? NO_RULES);
  }

  /** The accounts that a rule fires for. */
  *accountsWith(id: RuleId): Steps<Account[]> {
    const bit = accountBits.of(id);
    const found: Account[] = [];
    for (let number = 0; number < this.#graph.accountNumbers; number += 1) {
      const account = ((this.#fired[number] ?? NO_RULES) & bit) === 0 ? undefined : this.#graph.accountAt(number);
      if (account !== undefined) {
        found.push(account);
      }
      if (number % STEP === 0) {
        yield;
      }
    }
    return found;
  }

  campaignsWith(id: RuleId): Campaign[] {
    const bit = campaignBits.of(id);
    return [...this.#campaigns]
      .filter(([, { fired }]) => (fired & bit) !== 0)
      .map(([campaignId]) => this.#graph.campaign(campaignId))
      .filter((campaign) => campaign !== undefined);
  }

  /** The rules that would fire for an account if they were not snoozed. */
  snoozedOfAccount(account: Account): readonly AccountRule[] {
    const cases = accountCases(account, this.factsOfAccount(account.key)) & this.#accountsOn;
    return accountBits.in(accountBits.withoutExplained(cases) & this.#snoozedOf('account', account.key, accountBits));
  }

  /** The same for a campaign. */
  snoozedOfCampaign(campaign: Campaign): readonly CampaignRule[] {
    const cases = campaignCases(campaign, this.factsOfCampaign(campaign)) & this.#campaignsOn;
    return campaignBits.in(
      campaignBits.withoutExplained(cases) & this.#snoozedOf('campaign', campaign.id, campaignBits),
    );
  }

  /** Emails a day of an account that count for what its findings cost. */
  emailsOfAccount(accountKey: string): number {
    return this.#emails[this.#graph.numberOf(accountKey) ?? this.#emails.length] ?? 0;
  }

  /** The same for a finding of a campaign. */
  emailsOfCampaign(campaignId: string, id: RuleId): number {
    return this.#campaigns.get(campaignId)?.emails.get(id) ?? 0;
  }

  /** What rules know of an account besides its record. */
  factsOfAccount(accountKey: string): AccountFacts {
    return this.#facts.ofAccount(accountKey);
  }

  /** What rules know of a campaign besides its record. @param bounceRate in percent, where somebody asked. */
  factsOfCampaign(campaign: Campaign, bounceRate?: number): CampaignFacts {
    return this.#facts.ofCampaign(campaign, bounceRate);
  }

  /**
   * The rules that hold for a campaign, without those that others explain away. They are facts about it: rules that are
   * turned off or snoozed are among them, and the record need not be the one of the map.
   */
  casesOf(campaign: Campaign, facts: CampaignFacts): readonly CampaignRule[] {
    return campaignBits.in(campaignBits.withoutExplained(campaignCases(campaign, facts)));
  }

  /** What is critical now, to be compared with later by {@link newCritical}. */
  critical(): CriticalNow {
    return {
      accounts: this.#fired.map((fired) => fired & CRITICAL),
      campaigns: new Set(
        [...this.#campaigns].filter(([, { fired }]) => (fired & CRITICAL_CAMPAIGNS) !== 0).map(([id]) => id),
      ),
    };
  }

  /** Accounts and campaigns that are critical now and were not then. */
  newCritical({ accounts, campaigns }: CriticalNow): number {
    let count = 0;
    this.#fired.forEach((fired, number) => {
      count += Number((fired & CRITICAL & ~(accounts[number] ?? NO_RULES)) !== 0);
    });
    for (const [id, { fired }] of this.#campaigns) {
      count += Number((fired & CRITICAL_CAMPAIGNS) !== 0 && !campaigns.has(id));
    }
    return count;
  }

  isOff(id: RuleId): boolean {
    return this.#options.off.has(id);
  }

  #useOptions(): void {
    const { off } = this.#options;
    this.#facts = new Facts(this.#graph, this.#options);
    this.#accountsOn = accountBits.where(({ id }) => !off.has(id));
    this.#campaignsOn = campaignBits.where(({ id }) => !off.has(id));
  }

  #publish(): void {
    this.#version += 1;
    this.#changed.fire();
  }

  /** @returns whether other rules fire for it now, or it costs something else. */
  #putAccount(number: number, account: Account | undefined, facts: AccountFacts): boolean {
    if (number >= this.#fired.length) {
      this.#grow(number + 1);
    }
    const firedBefore = this.#fired[number] ?? NO_RULES;
    const emailsBefore = this.#emails[number] ?? 0;
    let [fired, emails] = [NO_RULES, 0];
    if (account !== undefined) {
      fired = accountCases(account, facts);
      if (fired !== NO_RULES) {
        fired = accountBits.withoutExplained(fired & this.#accountsOn);
        fired &= ~this.#snoozedOf('account', account.key, accountBits);
      }
      const counts = (facts.campaigns?.active ?? 0) > 0 || (fired & IDLE) !== 0;
      emails = counts ? (limitOf(account) ?? 0) : 0;
    }
    const domain = account?.domain;
    const changed = this.#domains.put(number, domain, fired, firedBefore);
    if (fired === firedBefore && emails === emailsBefore) {
      return changed;
    }
    this.#fired[number] = fired;
    this.#emails[number] = emails;
    for (const { id } of accountBits.in(firedBefore)) {
      this.#count(id, -1, -emailsBefore);
    }
    for (const { id } of accountBits.in(fired)) {
      this.#count(id, 1, emails);
    }
    return changed || (fired | firedBefore) !== NO_RULES;
  }

  /** @returns whether other rules fire for it now, or it costs something else. */
  #putCampaign(id: string, campaign: Campaign | undefined, total?: SenderTotal): boolean {
    const before = this.#campaigns.get(id) ?? NOTHING;
    let after = NOTHING;
    if (campaign !== undefined) {
      const facts = this.#facts.ofCampaign(campaign, undefined, total);
      // A rule that is off explains nothing away.
      const cases = campaignBits.withoutExplained(campaignCases(campaign, facts) & this.#campaignsOn);
      const fired = cases & ~this.#snoozedOf('campaign', id, campaignBits);
      if (fired !== NO_RULES) {
        const wanted = campaign.dailyLimit ?? (total ?? totalOfSenders(this.#graph, id)).limit ?? 0;
        const emails = campaignBits.in(fired).map((rule) => [rule.id, costOf(rule, wanted, facts)] as const);
        after = { fired, emails: new Map(emails) };
      }
    }
    const { fired, emails } = after;
    if (fired === before.fired && [...emails].every(([rule, count]) => count === before.emails.get(rule))) {
      return false;
    }
    if (fired === NO_RULES) {
      this.#campaigns.delete(id);
    } else {
      this.#campaigns.set(id, after);
    }
    for (const [rule, count] of before.emails) {
      this.#count(rule, -1, -count);
    }
    for (const [rule, count] of emails) {
      this.#count(rule, 1, count);
    }
    return true;
  }

  #snoozedOf<R extends Rule>(kind: 'account' | 'campaign', id: string, bits: RuleBits<R>): number {
    const snoozed = this.#options.snoozed(kind, id);
    return snoozed === undefined ? NO_RULES : bits.where((rule) => snoozed === 'all' || snoozed.has(rule.id));
  }

  #count(id: RuleId, count: number, emails: number): void {
    const known = this.#counts.get(id);
    if (known === undefined) {
      this.#counts.set(id, { count, emails });
    } else {
      known.count += count;
      known.emails += emails;
    }
  }

  #grow(numbers: number): void {
    const size = Math.max(numbers, this.#fired.length * 2, 1024);
    const [fired, emails] = [new Uint32Array(size), new Float64Array(size)];
    fired.set(this.#fired);
    emails.set(this.#emails);
    this.#fired = fired;
    this.#emails = emails;
  }
}

/** What was critical at one moment. */
export interface CriticalNow {
  readonly accounts: Uint32Array;
  readonly campaigns: ReadonlySet<string>;
}

const NOTHING: FiredForCampaign = { fired: NO_RULES, emails: new Map() };
const CRITICAL = accountBits.where(({ severity }) => severity === 'critical');
const CRITICAL_CAMPAIGNS = campaignBits.where(({ severity }) => severity === 'critical');
const IDLE = accountBits.of('idle');

/** The rules that hold for an account, those that others explain among them. */
function accountCases(account: Account, facts: AccountFacts): number {
  const { rules: all } = accountBits;
  let fired = NO_RULES;
  for (let place = 0; place < all.length; place += 1) {
    if (all[place]?.fires(account, facts) === true) {
      fired |= 1 << place;
    }
  }
  return fired;
}

/** The same for a campaign. */
function campaignCases(campaign: Campaign, facts: CampaignFacts): number {
  return campaignBits.where((rule) => rule.fires(campaign, facts));
}

/** Emails a day: what a campaign lacks, or all that it wants. */
function costOf({ id }: Rule, wanted: number, facts: CampaignFacts): number {
  switch (id) {
    case 'limit-beyond-senders':
    case 'no-healthy-senders':
      // Some that are not healthy send all the same; where nobody knows how much, nothing is said to be lost.
      return Math.max(0, wanted - (facts.capacity() ?? wanted));
    default:
      return wanted;
  }
}

/** What is lost stands by how much it is; of what may be lost the severity says how likely that is. */
function compareSummaries(a: RuleSummary, b: RuleSummary): number {
  const bySeverity = severities.indexOf(a.rule.severity) - severities.indexOf(b.rule.severity);
  const byEmails = b.emailsPerDay - a.emailsPerDay;
  return (
    costs.indexOf(a.rule.cost) - costs.indexOf(b.rule.cost) ||
    (a.rule.cost === 'lost' ? byEmails || bySeverity : bySeverity || byEmails) ||
    b.count - a.count ||
    rules.indexOf(a.rule) - rules.indexOf(b.rule)
  );
}
