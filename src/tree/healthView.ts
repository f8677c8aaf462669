import * as vscode from 'vscode';
import type { HealthKeeper, SessionHealth } from '../connections/healthKeeper.ts';
import type { Session, Sessions } from '../connections/sessions.ts';
import type { RuleSummary } from '../health/health.ts';
import type { Impact } from '../health/impact.ts';
import { FINDING } from '../health/findingFacet.ts';
import { quoted } from '../queries/tokens.ts';
import type { Rule } from '../health/rule.ts';
import { possibleOf } from '../health/senders.ts';
import { setViewMessage } from '../messages.ts';
import { plainText } from '../plainText.ts';
import type { Account, Campaign } from '../providers/model.ts';
import { inTurns, timeForWork } from '../transport/turns.ts';
import {
  findingAccountItem,
  findingCampaignItem,
  healthConnectionItem,
  ruleItem,
  ruleTooltip,
  shareItem,
} from './healthItems.ts';
import { withChangeWords } from './changeWords.ts';
import { HealthLists, ruleIn, sameHealthLists, type HealthList } from './healthList.ts';
import { HealthRows } from './healthRows.ts';
import { HealthState } from './healthState.ts';
import { itemOrProblem, noticeItem, plainItem, rangeItem } from './items.ts';
import { NodeRegistry, type ConnectionNode, type GroupNode, type Node } from './nodes.ts';
import { Notices } from './notices.ts';
import { nodesOfPart } from './parts.ts';
import { NO_CHANGE, Repainter } from './repainter.ts';
import { RuleImpacts } from './ruleImpacts.ts';
import { ShownWords } from './shownWords.ts';
import { changesItem, WhatChanged } from './whatChanged.ts';

/** A map that nobody has looked at for longer is synced when it is shown, in milliseconds. */
const OLD = 60_000;
/** More connections than this start collapsed. */
const EXPANDED_CONNECTIONS = 2;

/** The Health view with what it shows, as it was left. */
export function createHealthView(
  sessions: Sessions,
  keeper: HealthKeeper,
  memento: vscode.Memento,
  view: vscode.TreeView<Node>,
): HealthView {
  return new HealthView(sessions, keeper, new HealthState(memento), view);
}

/** The Health view: what is wrong, worst first, with what it costs and whom it hurts, and what changed. */
export class HealthView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly state: HealthState;
  readonly #sessions: Sessions;
  readonly #keeper: HealthKeeper;
  readonly #view: vscode.TreeView<Node>;
  readonly #nodes = new NodeRegistry();
  readonly #notices = new Notices(this.#nodes);
  readonly #changes = new WhatChanged();
  readonly #lists: HealthLists;
  readonly #rows: HealthRows;
  readonly #repainter: Repainter<HealthList>;
  readonly #changed = new vscode.EventEmitter<Node | Node[] | undefined>();
  readonly #subscription: vscode.Disposable;
  readonly #shown = new ShownWords();
  readonly #impacts = new RuleImpacts();

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(sessions: Sessions, keeper: HealthKeeper, state: HealthState, view: vscode.TreeView<Node>) {
    this.#sessions = sessions;
    this.#keeper = keeper;
    this.state = state;
    this.#view = view;
    this.#lists = new HealthLists(this.#nodes, this.#notices, state, this.#changes);
    this.#rows = new HealthRows(this.#nodes, sessions, keeper, state, this.#changes);
    this.#repainter = new Repainter({
      nodes: this.#nodes,
      listOf: (session) => this.#lists.listOf(session, keeper.of(session.connection.id)),
      same: sameHealthLists,
      changedNodes: (connectionId, change) => {
        const rows = this.#nodes.changedRows(connectionId, change);
        return inTurns(this.#shown.changed(rows, (row) => this.#plainItemOf(row)));
      },
      fire: (nodes) => {
        this.#changed.fire(nodes);
      },
    });
    this.#subscription = vscode.Disposable.from(
      keeper.onDidChange((connectionId) => {
        const session = sessions.peek(connectionId);
        if (session !== undefined) {
          this.#repainter.take(session, NO_CHANGE);
        }
      }),
      sessions.onDidStart((session) => {
        this.#follow(session);
      }),
      sessions.onDidEnd((connectionId) => {
        for (const part of [this.#nodes, this.#changes, this.#lists, this.#repainter, this.#impacts]) {
          part.forget(connectionId);
        }
        this.#changed.fire(undefined);
      }),
      state.onDidChange(() => {
        this.#showFilter();
        this.#changed.fire(undefined);
      }),
    );
    for (const session of sessions.ready()) {
      this.#follow(session);
    }
    this.#showFilter();
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) {
      const all = this.#sessions.store.list();
      void this.#startAll(all.map(({ id }) => id));
      const shown = all.filter(({ id }) => this.state.shows(id));
      // Where only those are left that the filter leaves out, it would leave nothing to see.
      return (shown.length === 0 ? all : shown).map(({ id }) => this.#nodes.connection(id));
    }
    try {
      switch (node.kind) {
        case 'connection':
          return await this.#listOf(node);
        case 'group':
          return await this.#rows.under(node);
        case 'range':
          return nodesOfPart(node, this.#rows.around(node));
        case 'account':
          return this.#rows.campaignsUnder(node);
        default:
          return [];
      }
    } catch (error) {
      return [this.#notices.error(node, 'session', error)];
    }
  }

  async getTreeItem(node: Node): Promise<vscode.TreeItem> {
    // Hundreds are asked for together, and each may have to look at thousands of senders.
    await timeForWork();
    const watched = this.#keeper.of(node.connectionId);
    const summary = summaryOf(node, watched);
    const impact = watched && summary?.rule.cost === 'lost' ? this.#impacts.forRow(watched, summary) : undefined;
    // The row says what it costs without it too.
    return this.itemOf(node, await impact?.catch(() => undefined));
  }

  /** What a row looks like now. `impact`: of the rule that it stands for. */
  itemOf(node: Node, impact?: Impact): vscode.TreeItem {
    return itemOrProblem(node, () => {
      const item = withChangeWords(this.#plainItemOf(node, impact), this.#sessions, node);
      if (node.kind === 'account' || node.kind === 'campaign' || node.kind === 'connection') {
        this.#shown.note(node, item);
      }
      return item;
    });
  }

  async resolveTreeItem(item: vscode.TreeItem, node: Node): Promise<vscode.TreeItem> {
    const watched = this.#keeper.of(node.connectionId);
    const summary = summaryOf(node, watched);
    if (watched !== undefined && summary !== undefined) {
      const impact = await this.#impacts.of(watched, summary);
      item.tooltip = plainText(ruleTooltip(summary, impact), 2000);
    }
    if (watched !== undefined && node.kind === 'campaign') {
      const { graph } = watched.session.map;
      const campaign = graph.campaign(node.campaignId);
      const possible = campaign && (await inTurns(possibleOf(graph, campaign)));
      item.tooltip = plainText([item.tooltip, possible].filter((part) => typeof part === 'string').join('\n\n'), 2000);
    }
    return item;
  }

  getParent(node: Node): Node | undefined {
    return this.#nodes.parentOf(node);
  }

  /** The rows that are selected. */
  get selection(): readonly Node[] {
    return this.#view.selection;
  }

  /** The domain that a row of a finding is about; undefined for other rows. */
  domainOf(node: Node): string | undefined {
    const entry = node.kind === 'group' ? this.#rows.entryOf(node) : undefined;
    return entry?.kind === 'share' && entry.division === 'domain' && entry.share.value !== ''
      ? entry.share.value
      : undefined;
  }

  /** The filter that finds what a finding, or a part of one, is about; undefined for other rows. */
  filterOf(node: Node): string | undefined {
    const rule = this.#rows.ruleOf(node);
    const entry = node.kind === 'group' ? this.#rows.entryOf(node) : undefined;
    if (rule === undefined || (node.kind !== 'group' && node.kind !== 'range')) {
      return undefined;
    }
    const found = `${FINDING}:${rule.id}`;
    if (entry?.kind !== 'share') {
      return found;
    }
    const { division, share } = entry;
    // No filter asks for what has no tag.
    return share.value === ''
      ? undefined
      : `${found} ${division}:${quoted(division === 'tag' ? share.label : share.value)}`;
  }

  /** Whether a row is one of this view. */
  has(node: Node): boolean {
    return this.#nodes.has(node);
  }

  /** Whether a row stands for all that a rule fires for. */
  isRule(node: Node): boolean {
    return ruleIn(node) !== undefined;
  }

  /** Whether a row stands for campaigns; those of other views do not. */
  isAboutCampaigns(node: Node): boolean {
    return this.has(node) && (node.kind === 'campaign' || this.#rows.isAboutCampaigns(node));
  }

  /** The rule under which a row stands; undefined for what stands elsewhere. */
  ruleOf(node: Node): Rule | undefined {
    return this.#rows.ruleOf(node);
  }

  /** The accounts of a row: its own, or those of a finding or of a part of it, each once. */
  accountsOf(node: Node): Promise<readonly Account[]> {
    return this.#rows.accountsOf(node);
  }

  /** The same for campaigns. */
  campaignsOf(node: Node): Promise<readonly Campaign[]> {
    return this.#rows.campaignsOf(node);
  }

  /** Compares a connection with another moment; its section says so. */
  compareSince(connectionId: string, time: number): void {
    this.#changes.compareSince(connectionId, time);
    this.#changed.fire(this.#nodes.connection(connectionId));
  }

  dispose(): void {
    this.#repainter.dispose();
    this.#subscription.dispose();
    this.state.dispose();
    this.#changed.dispose();
  }

  /** Starts connections whose rows nobody opens, one after the other: what is known of them belongs to the findings. */
  async #startAll(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      // Why one cannot be started stands below its row.
      await this.#sessions.get(id).catch(() => undefined);
    }
  }

  async #listOf(node: ConnectionNode): Promise<Node[]> {
    const session = await this.#sessions.get(node.connectionId);
    const { map } = session;
    map.ensureFresh(map.empty ? Infinity : OLD);
    const known = this.#keeper.of(node.connectionId);
    // While pages come in, the keeper evaluates at a pace that leaves time for them.
    const isPaced = map.progress.running && known?.health.evaluated === true;
    const watched = isPaced ? known : await this.#keeper.evaluated(node.connectionId);
    const started = performance.now();
    const list = await this.#lists.listOf(session, watched);
    this.#repainter.painted(session, list, performance.now() - started);
    const [stale] = await inTurns(this.#shown.changed([node], (row) => this.#plainItemOf(row)));
    if (stale !== undefined) {
      // The row of the connection was made before what it counts was known.
      this.#repainter.listSoon(node);
    }
    return [...list.nodes];
  }

  #plainItemOf(node: Node, impact?: Impact): vscode.TreeItem {
    return plainItem(this.#itemOf(node, impact));
  }

  #itemOf(node: Node, impact: Impact | undefined): vscode.TreeItem {
    const watched = this.#keeper.of(node.connectionId);
    switch (node.kind) {
      case 'connection': {
        const connection = this.#sessions.connection(node.connectionId);
        const info = this.#sessions.providers[connection.provider];
        const expanded = this.#sessions.store.list().length <= EXPANDED_CONNECTIONS;
        return healthConnectionItem(node.id, connection, info, watched ?? {}, expanded);
      }
      case 'notice':
        return noticeItem(node);
      case 'range':
        return rangeItem(node, this.#rows.around(node), true);
      case 'filter':
        // This view has none.
        return new vscode.TreeItem('');
      case 'group':
        return this.#groupItem(node, watched, impact);
      case 'account': {
        const account = watched?.session.map.graph.account(node.accountKey);
        return account === undefined || watched === undefined
          ? new vscode.TreeItem(node.accountKey)
          : findingAccountItem(node, account, this.#rows.placeOf(node), watched);
      }
      case 'campaign': {
        const campaign = watched?.session.map.graph.campaign(node.campaignId);
        return campaign === undefined || watched === undefined
          ? new vscode.TreeItem(node.campaignId)
          : findingCampaignItem(node, campaign, this.#rows.placeOf(node), watched);
      }
    }
  }

  #groupItem(node: GroupNode, watched: SessionHealth | undefined, impact: Impact | undefined): vscode.TreeItem {
    const rule = ruleIn(node);
    if (rule !== undefined) {
      return ruleItem(node, summaryOf(node, watched) ?? { rule, count: 0, emailsPerDay: 0 }, impact);
    }
    const entry = this.#rows.entryOf(node);
    switch (entry?.kind) {
      case 'share':
        return shareItem(node, entry, this.ruleOf(node), watched?.health);
      case 'changes':
        return changesItem(node, entry.of, entry.count);
      default:
        return this.#changes.sectionItem(node);
    }
  }

  /** What a session tells of its map. The view may be made after it has started. */
  #follow(session: Session): void {
    const { map } = session;
    let ran = false;
    map.onDidProgress(() => {
      const { running } = map.progress;
      if (ran && !running) {
        this.#repainter.listNow(this.#nodes.connection(session.connection.id));
      } else if (!running) {
        this.#repainter.take(session, NO_CHANGE);
      }
      ran = running;
    });
    map.onDidChange(({ accounts, campaigns }) => {
      // Rows that come and go are no rows of this list: what they change here comes from the keeper.
      this.#repainter.take(session, { listed: false, accounts, campaigns });
    });
  }

  /** Says above the rows what is left out. */
  #showFilter(): void {
    setViewMessage(this.#view, this.state.words);
  }
}

/** What is counted of the rule that a row stands for; undefined where it stands for something else. */
function summaryOf(node: Node, watched: SessionHealth | undefined): RuleSummary | undefined {
  const rule = ruleIn(node);
  return rule && watched?.health.summaries.find((known) => known.rule === rule);
}
