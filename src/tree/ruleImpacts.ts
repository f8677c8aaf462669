import type { SessionHealth } from '../connections/healthKeeper.ts';
import type { RuleSummary } from '../health/health.ts';
import { impactOf, type Impact } from '../health/impact.ts';
import { inTurns } from '../transport/turns.ts';

interface Known {
  readonly summary: RuleSummary;
  /** Of the map and of what fires, when it was worked out. */
  readonly version: string;
  readonly impact: Promise<Impact>;
}

/** What the accounts that rules fire for mean to campaigns, worked out again where one of both has changed. */
export class RuleImpacts {
  /** By connection and rule. */
  readonly #known = new Map<string, Map<string, Known>>();

  /** Undefined where the rule is not about accounts. */
  of({ session, health }: SessionHealth, summary: RuleSummary): Promise<Impact> | undefined {
    const { rule } = summary;
    const version = `${session.map.version} ${health.version}`;
    const known = this.#rulesOf(session.connection.id);
    const before = known.get(rule.id);
    if (before?.version === version || rule.about !== 'account') {
      return before?.impact;
    }
    const impact = (async () => {
      const accounts = await inTurns(health.accountsWith(rule.id));
      return inTurns(impactOf(session.map.graph, accounts));
    })();
    known.set(rule.id, { summary, version, impact });
    impact.catch(() => known.delete(rule.id));
    return impact;
  }

  /**
   * The same for a row that is painted again and again: each time goes over all accounts, so while a sync runs it is what
   * was worked out before, and undefined where that was of other findings.
   */
  forRow(watched: SessionHealth, summary: RuleSummary): Promise<Impact> | undefined {
    const { connection, map } = watched.session;
    if (!map.progress.running) {
      return this.of(watched, summary);
    }
    const before = this.#rulesOf(connection.id).get(summary.rule.id);
    const same = before?.summary.count === summary.count && before.summary.emailsPerDay === summary.emailsPerDay;
    return same ? before.impact : undefined;
  }

  forget(connectionId: string): void {
    this.#known.delete(connectionId);
  }

  #rulesOf(connectionId: string): Map<string, Known> {
    let rules = this.#known.get(connectionId);
    if (rules === undefined) {
      rules = new Map();
      this.#known.set(connectionId, rules);
    }
    return rules;
  }
}
