import type { HealthKeeper } from '../connections/healthKeeper.ts';
import type { Sessions } from '../connections/sessions.ts';
import { isActive } from '../health/active.ts';
import { campaignChangeKinds } from '../health/changeLists.ts';
import type { Rule } from '../health/rule.ts';
import type { Account, Campaign } from '../providers/model.ts';
import { dividedChanges, entriesOfRule, entriesOfShare, type Entry } from './entries.ts';
import type { FindingPlace } from './healthItems.ts';
import { ruleIn } from './healthList.ts';
import type { HealthState } from './healthState.ts';
import { rowsOfPart } from './layout.ts';
import type { AccountNode, GroupNode, Node, NodeRegistry } from './nodes.ts';
import { listed, rowsOrParts, type ListedRows } from './parts.ts';
import type { WhatChanged } from './whatChanged.ts';

/** What stands under the groups of the Health view: a rule that fires, those that share something, and what changed. */
export class HealthRows {
  readonly #nodes: NodeRegistry;
  readonly #sessions: Sessions;
  readonly #keeper: HealthKeeper;
  readonly #state: HealthState;
  readonly #changes: WhatChanged;
  /** What stands under a group, as it was last listed, and what each row stands for. */
  readonly #under = new WeakMap<Node, readonly Entry[]>();
  readonly #entries = new WeakMap<Node, Entry>();

  constructor(nodes: NodeRegistry, sessions: Sessions, keeper: HealthKeeper, state: HealthState, changes: WhatChanged) {
    this.#nodes = nodes;
    this.#sessions = sessions;
    this.#keeper = keeper;
    this.#state = state;
    this.#changes = changes;
  }

  /** The rows under a group, or the parts that they are in. */
  async under(node: GroupNode): Promise<Node[]> {
    const entries = await this.#entriesUnder(node);
    return rowsOrParts(this.#nodes, node, entries, (entry) => this.#nodeOf(entry, node));
  }

  /** The active campaigns that an account feeds: those that it hurts. */
  campaignsUnder(node: AccountNode): Node[] {
    const graph = this.#sessions.peek(node.connectionId)?.map.graph;
    return (graph?.campaignsOf(node.accountKey) ?? [])
      .filter(({ campaign }) => isActive(campaign))
      .map(({ campaign }) => this.#nodes.campaign(node, campaign.id));
  }

  /** The list that a part belongs to, as it was last listed. */
  around(node: Node): ListedRows {
    return listed(
      this.#entriesAround(node),
      (entry) => {
        const label = this.#labelOf(entry, node.connectionId);
        return { label, tooltip: label };
      },
      (entry, parent) => this.#nodeOf(entry, parent),
    );
  }

  /** What a group stands for; undefined for a rule and for the section of what changed. */
  entryOf(node: GroupNode): Entry | undefined {
    return this.#entries.get(node);
  }

  /** The accounts of a row: its own, or those of a finding or of a part of it, each once. */
  async accountsOf(node: Node): Promise<readonly Account[]> {
    const { graph } = (await this.#sessions.get(node.connectionId)).map;
    const accounts = (await this.#entriesOf(node)).flatMap((entry) => {
      switch (entry.kind) {
        case 'share':
          return entry.share.accounts;
        case 'account':
          return graph.account(entry.id) ?? [];
        default:
          return [];
      }
    });
    return [...new Set(accounts)];
  }

  /** The same for campaigns. */
  async campaignsOf(node: Node): Promise<readonly Campaign[]> {
    const { graph } = (await this.#sessions.get(node.connectionId)).map;
    const entries = await this.#entriesOf(node);
    return entries.flatMap((entry) => (entry.kind === 'campaign' ? (graph.campaign(entry.id) ?? []) : []));
  }

  /** The rule under which a row stands; undefined for what stands elsewhere. */
  ruleOf(node: Node): Rule | undefined {
    for (let above: Node | undefined = node; above !== undefined; above = this.#nodes.parentOf(above)) {
      const rule = ruleIn(above);
      if (rule !== undefined) {
        return rule;
      }
    }
    return undefined;
  }

  /** Whether a group, or a part of one, is of campaigns. */
  isAboutCampaigns(node: Node): boolean {
    const list = node.kind === 'range' ? this.#listOver(node) : node;
    const entry = list && this.#entries.get(list);
    return entry?.kind === 'changes' ? campaignChangeKinds.has(entry.of) : this.ruleOf(node)?.about === 'campaign';
  }

  /** Where a row stands. A campaign under an account has the finding of neither. */
  placeOf(node: Node): FindingPlace {
    const entry = this.#entries.get(node);
    if (entry === undefined) {
      return {};
    }
    const list = this.#listOver(node);
    const above = list && this.#entries.get(list);
    return {
      rule: this.ruleOf(node),
      change: 'change' in entry ? entry.change : undefined,
      underDomain: above?.kind === 'share' && above.division === 'domain' && above.share.value !== '',
    };
  }

  /** What a row stands for: itself, or what is under it. */
  async #entriesOf(node: Node): Promise<readonly Entry[]> {
    switch (node.kind) {
      case 'account':
        return [{ kind: 'account', id: node.accountKey }];
      case 'campaign':
        return [{ kind: 'campaign', id: node.campaignId }];
      case 'group':
        return this.#entriesUnder(node);
      case 'range':
        return rowsOfPart(this.#entriesAround(node), node.part);
      default:
        return [];
    }
  }

  async #entriesUnder(node: GroupNode): Promise<readonly Entry[]> {
    const entries = await this.#workOut(node);
    this.#under.set(node, entries);
    return entries;
  }

  async #workOut(node: GroupNode): Promise<readonly Entry[]> {
    const watched = await this.#keeper.evaluated(node.connectionId);
    if (watched === undefined) {
      return [];
    }
    const rule = ruleIn(node);
    if (rule !== undefined) {
      return entriesOfRule(watched, rule, this.#state.division);
    }
    const entry = this.#entries.get(node);
    if (entry?.kind === 'share') {
      return entriesOfShare(entry);
    }
    const changed = await this.#changes.entriesUnder(node, watched);
    return dividedChanges(changed, watched.session.map.graph, this.#state.division);
  }

  #entriesAround(node: Node): readonly Entry[] {
    const list = this.#nodes.parentOf(node);
    return (list && this.#under.get(list)) ?? [];
  }

  /** What a row stands under, whatever part of the list it is in. */
  #listOver(node: Node): Node | undefined {
    const parent = this.#nodes.parentOf(node);
    return parent?.kind === 'range' ? this.#nodes.parentOf(parent) : parent;
  }

  #labelOf(entry: Entry, connectionId: string): string {
    const graph = this.#sessions.peek(connectionId)?.map.graph;
    switch (entry.kind) {
      case 'share':
        return entry.share.label;
      case 'account':
        return graph?.account(entry.id)?.email ?? entry.id;
      case 'campaign':
        return graph?.campaign(entry.id)?.name ?? entry.id;
      case 'changes':
        return '';
    }
  }

  #nodeOf(entry: Entry, parent: Node): Node {
    const node = this.#madeFor(entry, parent);
    this.#entries.set(node, entry);
    return node;
  }

  #madeFor(entry: Entry, parent: Node): Node {
    switch (entry.kind) {
      case 'share':
        return this.#nodes.group(parent, `share:${entry.share.value}`);
      case 'changes':
        return this.#nodes.group(parent, entry.of);
      case 'account':
        return this.#nodes.account(parent, entry.id);
      case 'campaign':
        return this.#nodes.campaign(parent, entry.id);
    }
  }
}
