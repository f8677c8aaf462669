import type { AccountRule, CampaignRule, Rule } from './rule.ts';
import { accountRules, campaignRules, type RuleId } from './rules/index.ts';

/** No rule. */
export const NO_RULES = 0;

/** Sets of rules as the bits of a number, in the order in which the rules stand: at most 32 of them. */
export class RuleBits<R extends Rule> {
  readonly rules: readonly R[];
  /** The rules that each rule explains away. */
  readonly #explained: readonly number[];

  constructor(rules: readonly R[]) {
    this.rules = rules;
    this.#explained = rules.map(({ explains = [] }) => this.where(({ id }) => explains.includes(id)));
  }

  /** The bit of a rule; {@link NO_RULES} where it is about something else. */
  of(id: RuleId): number {
    return this.where((rule) => rule.id === id);
  }

  where(wanted: (rule: R) => boolean): number {
    return this.rules.reduce((bits, rule, place) => (wanted(rule) ? bits | (1 << place) : bits), NO_RULES);
  }

  in(bits: number): readonly R[] {
    return bits === NO_RULES ? [] : this.rules.filter((_, place) => (bits & (1 << place)) !== 0);
  }

  /** Without what other rules among them explain, in the order in which they stand. */
  withoutExplained(bits: number): number {
    let left = bits;
    for (let place = 0; left >>> place !== 0; place += 1) {
      if ((left & (1 << place)) !== 0) {
        left &= ~(this.#explained[place] ?? NO_RULES);
      }
    }
    return left;
  }
}

export const accountBits = new RuleBits<AccountRule>(accountRules);
export const campaignBits = new RuleBits<CampaignRule>(campaignRules);
