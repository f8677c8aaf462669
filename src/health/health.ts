import type { MapChange } from '../map/changeFeed.ts';
import { Emitter } from '../map/emitter.ts';
import type { Graph } from '../map/graph.ts';
import type { Account, Campaign } from '../providers/model.ts';
import { domainOf } from '../queries/filter.ts';
import { eachInSteps, type Steps } from '../transport/turns.ts';
import { Domains } from './domains.ts';
import {
  costs,
  severities,
  type AccountFacts,
  type Before,
  type CampaignFacts,
  type CampaignRule,
  type Rule,
} from './rule.ts';
import { accountRules, campaignRules, ruleOf, rules, type RuleId } from './rules/index.ts';
import { canSend, limitOf } from './sending.ts';
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
  /** Today where this is, `YYYY-MM-DD`. */
  readonly today: () => string;
}

/** How many a rule fires for, and what that costs. */
export interface RuleSummary {
  readonly rule: Rule;
  /** Accounts or campaigns. */
  readonly count: number;
  /** Emails a day that they lose, risk or could send, as the rule's cost says. */
  readonly emailsPerDay: number;
}

const NOTHING = 0;
/** Accounts between two yields. */
const STEP = 200;
/** Rules with their bits. */
const RULES = accountRules.map((rule, bit) => [1 << bit, rule] as const);

/**
 * Which rules fire for which accounts and campaigns of a map. All are evaluated once, in steps; from then on a change
 * costs what changed. Rules that fire are kept as bits, by the number of the account.
 */
export class Health {
  readonly #graph: Graph;
  #options: HealthOptions;
  readonly #changed = new Emitter<void>();
  /** Bits of {@link accountRules}, by the number of the account. */
  #fired = new Uint32Array(0);
  /** Emails a day of an account that is in an active campaign, or of an idle one, by its number. */
  #emails = new Float64Array(0);
  /** Bits of {@link campaignRules}, and emails a day that each campaign wants or lacks. */
  readonly #campaigns = new Map<string, { readonly fired: number; readonly emails: readonly number[] }>();
  readonly #counts = new Map<RuleId, { count: number; emails: number }>();
  readonly #domains = new Domains();
  /** Account rules that are on, and those that each of them explains away, as bits. */
  #accountBits = 0;
  #campaignBits = 0;
  #version = 0;
  #evaluated = false;

  constructor(graph: Graph, options: HealthOptions) {
    this.#graph = graph;
    this.#options = options;
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
    for (let number = 0; number < this.#graph.accountNumbers; number += 1) {
      changed = this.#putAccount(number, this.#graph.accountAt(number)) || changed;
      if (number % STEP === 0) {
        yield;
      }
    }
    for (const campaign of this.#graph.campaigns) {
      changed = this.#putCampaign(campaign.id, campaign) || changed;
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
      changed = this.#putAccount(number, this.#graph.accountAt(number)) || changed;
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

  rulesOfAccount(accountKey: string): readonly Rule[] {
    const fired = this.#fired[this.#graph.numberOf(accountKey) ?? this.#fired.length] ?? NOTHING;
    return accountRules.filter((_, bit) => (fired & (1 << bit)) !== 0);
  }

  rulesOfCampaign(campaignId: string): readonly Rule[] {
    const { fired } = this.#campaigns.get(campaignId) ?? { fired: NOTHING };
    return campaignRules.filter((_, bit) => (fired & (1 << bit)) !== 0);
  }

  /** The accounts that a rule fires for. */
  *accountsWith(id: RuleId): Steps<Account[]> {
    const bit = 1 << accountRules.findIndex((rule) => rule.id === id);
    const found: Account[] = [];
    for (let number = 0; number < this.#graph.accountNumbers; number += 1) {
      const account = ((this.#fired[number] ?? NOTHING) & bit) === 0 ? undefined : this.#graph.accountAt(number);
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
    const bit = 1 << campaignRules.findIndex((rule) => rule.id === id);
    return [...this.#campaigns]
      .filter(([, { fired }]) => (fired & bit) !== 0)
      .map(([campaignId]) => this.#graph.campaign(campaignId))
      .filter((campaign) => campaign !== undefined);
  }

  /** Emails a day of an account that count for what its findings cost. */
  emailsOfAccount(accountKey: string): number {
    return this.#emails[this.#graph.numberOf(accountKey) ?? this.#emails.length] ?? 0;
  }

  /** The same for a finding of a campaign. */
  emailsOfCampaign(campaignId: string, id: RuleId): number {
    const bit = campaignRules.findIndex((rule) => rule.id === id);
    return this.#campaigns.get(campaignId)?.emails[bit] ?? 0;
  }

  /** What rules know of an account besides its record. */
  factsOfAccount(key: string): AccountFacts {
    const { thresholds, before } = this.#options;
    const number = this.#graph.numberOf(key);
    return {
      thresholds,
      campaigns: this.#graph.countOfCampaigns(key),
      before: number === undefined ? undefined : before(number),
    };
  }

  /** What rules know of a campaign besides its record. @param bounceRate in percent, where somebody asked. */
  factsOfCampaign(campaign: Campaign, bounceRate?: number): CampaignFacts {
    const graph = this.#graph;
    const { thresholds, today, complete } = this.#options;
    let capacity: number | undefined;
    let asked = false;
    return {
      thresholds,
      senders: graph.countOfSenders(campaign.id),
      capacity: () => {
        if (!asked) {
          asked = true;
          capacity = graph.knowsSendersOf(campaign.id) ? this.#limitOfSenders(campaign.id, canSend) : undefined;
        }
        return capacity;
      },
      emptyTags: () => (complete() && graph.knowsSendersOf(campaign.id) ? this.#emptyTagsOf(campaign) : undefined),
      bounceRate,
      today: today(),
    };
  }

  /**
   * The rules that hold for a campaign, without those that others explain away. They are facts about it: rules that are
   * turned off or snoozed are among them, and the record need not be the one of the map.
   */
  casesOf(campaign: Campaign, facts: CampaignFacts): readonly CampaignRule[] {
    const fired = campaignCases(campaign, facts);
    return campaignRules.filter((_, bit) => ((fired >>> bit) & 1) === 1);
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
    for (const [number, fired] of this.#fired.entries()) {
      count += Number((fired & CRITICAL & ~(accounts[number] ?? NOTHING)) !== 0);
    }
    for (const [id, { fired }] of this.#campaigns) {
      count += Number((fired & CRITICAL_CAMPAIGNS) !== 0 && !campaigns.has(id));
    }
    return count;
  }

  isOff(id: RuleId): boolean {
    return this.#options.off.has(id);
  }

  #useOptions(): void {
    const bits = (all: readonly Rule[]) =>
      all.reduce((sum, { id }, bit) => (this.#options.off.has(id) ? sum : sum | (1 << bit)), NOTHING);
    this.#accountBits = bits(accountRules);
    this.#campaignBits = bits(campaignRules);
  }

  #publish(): void {
    this.#version += 1;
    this.#changed.fire();
  }

  /** @returns whether other rules fire for it now, or it costs something else. */
  #putAccount(number: number, account: Account | undefined): boolean {
    if (number >= this.#fired.length) {
      this.#grow(number + 1);
    }
    const firedBefore = this.#fired[number] ?? NOTHING;
    const emailsBefore = this.#emails[number] ?? 0;
    let [fired, emails] = [NOTHING, 0];
    if (account !== undefined) {
      const { thresholds, before } = this.#options;
      const facts = {
        thresholds,
        campaigns: this.#graph.countOfCampaignsAt(number),
        before: before(number),
      };
      for (const [bit, rule] of RULES) {
        if (rule.fires(account, facts)) {
          fired |= bit;
        }
      }
      if (fired !== NOTHING) {
        fired = explainedAway(accountRules, fired & this.#accountBits);
        fired &= ~this.#snoozedBits('account', account.key, accountRules);
      }
      const { campaigns } = facts;
      const counts = (campaigns?.active ?? 0) > 0 || (fired & IDLE) !== 0;
      emails = counts ? (limitOf(account) ?? 0) : 0;
    }
    const domain = account === undefined ? undefined : domainOf(account.email);
    const changed = this.#domains.put(number, domain, ruleIdsIn(fired));
    if (fired === firedBefore && emails === emailsBefore) {
      return changed;
    }
    this.#fired[number] = fired;
    this.#emails[number] = emails;
    for (const [bit, { id }] of accountRules.entries()) {
      const [was, is] = [(firedBefore >>> bit) & 1, (fired >>> bit) & 1];
      if (was + is > 0) {
        this.#count(id, is - was, is * emails - was * emailsBefore);
      }
    }
    return changed || (fired | firedBefore) !== NOTHING;
  }

  /** @returns whether other rules fire for it now, or it costs something else. */
  #putCampaign(id: string, campaign: Campaign | undefined): boolean {
    const before = this.#campaigns.get(id) ?? { fired: NOTHING, emails: [] };
    let fired = NOTHING;
    let emails: readonly number[] = [];
    if (campaign !== undefined) {
      const facts = this.factsOfCampaign(campaign);
      fired = campaignCases(campaign, facts);
      fired &= this.#campaignBits & ~this.#snoozedBits('campaign', id, campaignRules);
      if (fired !== NOTHING) {
        emails = campaignRules.map((rule, bit) => ((fired >>> bit) & 1) * this.#costOf(rule, campaign, facts));
      }
    }
    const same = fired === before.fired && emails.every((count, bit) => count === before.emails[bit]);
    if (same) {
      return false;
    }
    if (fired === NOTHING) {
      this.#campaigns.delete(id);
    } else {
      this.#campaigns.set(id, { fired, emails });
    }
    for (const [bit, rule] of campaignRules.entries()) {
      const [was, is] = [(before.fired >>> bit) & 1, (fired >>> bit) & 1];
      if (was + is > 0) {
        this.#count(rule.id, is - was, (emails[bit] ?? 0) - (before.emails[bit] ?? 0));
      }
    }
    return true;
  }

  /** Emails a day: what it lacks, or all that it wants. */
  #costOf(rule: Rule, campaign: Campaign, facts: CampaignFacts): number {
    const wanted = campaign.dailyLimit ?? this.#limitOfSenders(campaign.id, () => true) ?? 0;
    return rule.id === 'limit-beyond-senders' ? Math.max(0, wanted - (facts.capacity() ?? wanted)) : wanted;
  }

  /** What the senders of a campaign may send a day, together; undefined where one of them does not say. */
  #limitOfSenders(campaignId: string, which: (account: Account) => boolean): number | undefined {
    let sum: number | undefined = 0;
    this.#graph.eachSender(campaignId, (account) => {
      if (sum !== undefined && which(account)) {
        const limit = limitOf(account);
        sum = limit === undefined ? undefined : sum + limit;
      }
    });
    return sum;
  }

  #emptyTagsOf({ id, senderTagIds }: Campaign): readonly string[] {
    if (senderTagIds === undefined || senderTagIds.length === 0) {
      return [];
    }
    const empty = new Set(senderTagIds);
    this.#graph.eachSender(id, (_account, _number, reasons) => {
      for (const reason of reasons) {
        if (reason.kind === 'tag') {
          empty.delete(reason.tag.id);
        }
      }
    });
    return [...empty];
  }

  #snoozedBits(kind: 'account' | 'campaign', id: string, all: readonly Rule[]): number {
    const snoozed = this.#options.snoozed(kind, id);
    if (snoozed === undefined) {
      return NOTHING;
    }
    return all.reduce(
      (sum, rule, bit) => (snoozed === 'all' || snoozed.has(rule.id) ? sum | (1 << bit) : sum),
      NOTHING,
    );
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

const criticalBits = (all: readonly Rule[]) =>
  all.reduce((sum, { severity }, bit) => (severity === 'critical' ? sum | (1 << bit) : sum), NOTHING);
const CRITICAL = criticalBits(accountRules);
const CRITICAL_CAMPAIGNS = criticalBits(campaignRules);
const IDLE = 1 << accountRules.findIndex(({ id }) => id === 'idle');

function ruleIdsIn(fired: number): readonly RuleId[] {
  return fired === NOTHING ? NONE : accountRules.filter((_, bit) => ((fired >>> bit) & 1) === 1).map(({ id }) => id);
}

const NONE: readonly RuleId[] = [];

/** The rules that hold for a campaign, as bits. */
function campaignCases(campaign: Campaign, facts: CampaignFacts): number {
  const fired = campaignRules.reduce(
    (sum, rule, bit) => (rule.fires(campaign, facts) ? sum | (1 << bit) : sum),
    NOTHING,
  );
  return explainedAway(campaignRules, fired);
}

/** Without what other rules that fire explain, in the order in which rules stand. */
function explainedAway(all: readonly Rule[], fired: number): number {
  let left = fired;
  for (const [bit, { explains }] of all.entries()) {
    if (explains !== undefined && ((left >>> bit) & 1) === 1) {
      for (const [other, { id }] of all.entries()) {
        if (explains.includes(id)) {
          left &= ~(1 << other);
        }
      }
    }
  }
  return left;
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
