import * as vscode from 'vscode';
import type { SessionHealth } from '../connections/healthKeeper.ts';
import type { Session } from '../connections/sessions.ts';
import { formatShortDay } from '../format.ts';
import type { Rule } from '../health/rule.ts';
import { rules } from '../health/rules/index.ts';
import type { HealthState } from './healthState.ts';
import type { GroupNode, Node, NodeRegistry } from './nodes.ts';
import type { Notices } from './notices.ts';
import { CHANGES, type WhatChanged } from './whatChanged.ts';

const { t } = vscode.l10n;

const RULE = 'rule:';

/** What stands under a connection of the Health view. */
export interface HealthList {
  readonly nodes: readonly Node[];
  /** The version of what fires: what the rows say. */
  readonly version: number | undefined;
  /** The day that it is compared with, as the row of what changed says it. */
  readonly since: string | undefined;
}

/** Whether two lists have the same rows, which say the same. A notice that says something else is another object. */
export function sameHealthLists(before: HealthList, after: HealthList): boolean {
  return (
    before.version === after.version &&
    before.since === after.since &&
    before.nodes.length === after.nodes.length &&
    before.nodes.every((node, place) => node === after.nodes[place])
  );
}

/** The rule that a row stands for. */
export function ruleIn(node: Node): Rule | undefined {
  return node.kind === 'group' && node.value.startsWith(RULE)
    ? rules.find(({ id }) => id === node.value.slice(RULE.length))
    : undefined;
}

/** What stands under connections: notices, the rules that fire, and what changed. */
export class HealthLists {
  readonly #nodes: NodeRegistry;
  readonly #notices: Notices;
  readonly #state: HealthState;
  readonly #changes: WhatChanged;
  readonly #orders = new Map<string, readonly Rule[]>();

  constructor(nodes: NodeRegistry, notices: Notices, state: HealthState, changes: WhatChanged) {
    this.#nodes = nodes;
    this.#notices = notices;
    this.#state = state;
    this.#changes = changes;
  }

  /** @param watched undefined: its health is not known yet. */
  async listOf(session: Session, watched: SessionHealth | undefined): Promise<HealthList> {
    const { map, connection } = session;
    const node = this.#nodes.connection(connection.id);
    const notices = this.#notices.above(node, session);
    if (watched === undefined || map.accounts.records.size + map.campaigns.records.size === 0) {
      const empty = () => [this.#notices.empty(node, session, false, t('Nothing to check yet'))];
      return { nodes: notices.length > 0 ? notices : empty(), version: undefined, since: undefined };
    }
    const { summaries, version } = watched.health;
    const found: Node[] = this.#ordered(
      session,
      summaries.map(({ rule }) => rule),
    )
      .filter(({ severity }) => this.#state.severities.includes(severity))
      .map(({ id }): GroupNode => this.#nodes.group(node, `${RULE}${id}`));
    if (found.length === 0 && !map.progress.running) {
      const label = summaries.length > 0 ? t('Nothing here matches the filter') : t('All is well: no findings');
      found.push(this.#nodes.notice(node, 'well', { type: 'note', label }));
    }
    const since = await this.#changes.sinceOf(watched);
    const changes = since === undefined ? [] : [this.#nodes.group(node, CHANGES)];
    return {
      nodes: [...notices, ...found, ...changes],
      version,
      since: since === undefined ? undefined : formatShortDay(since),
    };
  }

  forget(connectionId: string): void {
    this.#orders.delete(connectionId);
  }

  /** The worst first. While a sync runs, those that stand there keep their place. */
  #ordered({ connection, map }: Session, found: readonly Rule[]): readonly Rule[] {
    const before = map.progress.running ? (this.#orders.get(connection.id) ?? []) : [];
    const order = [...before.filter((rule) => found.includes(rule)), ...found.filter((rule) => !before.includes(rule))];
    this.#orders.set(connection.id, order);
    return order;
  }
}
