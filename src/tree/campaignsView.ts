import * as vscode from 'vscode';
import type { Session, Sessions } from '../connections/sessions.ts';
import { views } from '../contributions.ts';
import {
  arrangeCampaigns,
  campaignGroupings,
  campaignSorts,
  type Arrangement,
  type CampaignGrouping,
  type CampaignSort,
  type Group,
} from '../queries/arrange.ts';
import { campaignFacets } from '../queries/filter.ts';
import type { Graph, SenderEdge } from '../map/graph.ts';
import type { MapChange } from '../map/sendingMap.ts';
import type { Campaign, State } from '../providers/model.ts';
import type { ProviderInfo } from '../providers/provider.ts';
import { formatNumber } from '../format.ts';
import { campaignLabel, campaignWithSendersItem, reasonWords, senderItem } from './items.ts';
import { MapView, type PartRow } from './mapView.ts';
import type { CampaignNode, Node } from './nodes.ts';
import { accountTooltip, campaignTooltip } from './tooltips.ts';
import { ViewState } from './viewState.ts';

const { t } = vscode.l10n;

/** What hurts comes first under a campaign. */
const STATES: readonly State[] = ['error', 'warning', 'paused', 'unknown', 'good', 'draft', 'done'];
/** Subsequences of subsequences are not known to go deeper than this; a loop of them certainly does. */
const DEEPEST = 10;

/** The Campaigns view: connections, their campaigns, and under each its subsequences and the accounts it sends from. */
export class CampaignsView extends MapView<Campaign, CampaignGrouping, CampaignSort> {
  #senders = new WeakMap<Graph, Map<string, ReadonlyMap<string, SenderEdge>>>();

  constructor(sessions: Sessions, memento: vscode.Memento) {
    super(
      sessions,
      views.campaigns,
      new ViewState(memento, views.campaigns, {
        groupings: campaignGroupings,
        sorts: campaignSorts,
        facets: campaignFacets,
      }),
    );
  }

  protected explain(item: vscode.TreeItem, node: Node): void {
    const session = this.sessions.peek(node.connectionId);
    if (session === undefined) {
      return;
    }
    const { map, provider } = session;
    if (node.kind === 'campaign') {
      const campaign = map.graph.campaign(node.campaignId);
      if (campaign !== undefined) {
        item.tooltip = campaignTooltip(campaign, undefined, countsOf(session, node.campaignId));
      }
    } else if (node.kind === 'account') {
      const account = map.graph.account(node.accountKey);
      const edge = this.#sendersOf(session, node.campaignId ?? '').get(node.accountKey);
      if (account !== undefined) {
        const why = edge?.reasons.map(reasonWords).join(', ');
        item.tooltip = accountTooltip(account, provider.info, map.campaignCount(node.accountKey), why);
      }
    }
  }

  /** Selects a campaign, under its parent where it is a subsequence. @returns false where it is not in the list. */
  async reveal(session: Session, campaignId: string): Promise<boolean> {
    const { graph } = session.map;
    const path = [campaignId];
    for (let above = graph.campaign(campaignId)?.parentId; above !== undefined && path.length < DEEPEST;) {
      path.unshift(above);
      above = graph.campaign(above)?.parentId;
    }
    const [root = campaignId, ...below] = path;
    const campaign = graph.campaign(campaignId);
    const { filter } = this.state;
    if (campaign !== undefined && filter?.matches(campaign, graph) === false) {
      this.state.filterBy('');
    }
    let node = this.find(session, root);
    for (const id of below) {
      node = node && this.nodes.campaign(node, id);
    }
    if (node !== undefined) {
      await this.revealNode(node);
    }
    return node !== undefined;
  }

  protected arrange({ map }: Session): Arrangement<Campaign> {
    const { grouping, sort, filter } = this.state;
    const { graph } = map;
    const all = [...graph.campaigns];
    const roots = all.filter((campaign) => isRoot(campaign, graph));
    // A match keeps the campaigns above it.
    const matches =
      filter === undefined
        ? undefined
        : { ...filter, matches: (campaign: Campaign) => matchesWithin(campaign, graph, filter.matches, 0) };
    const arrangement = arrangeCampaigns(roots, graph, grouping, sort, matches);
    return {
      ...arrangement,
      shown: filter === undefined ? all.length : all.filter((campaign) => filter.matches(campaign, graph)).length,
      total: all.length,
    };
  }

  protected rowsOf({ map }: Session): readonly Campaign[] {
    return [...map.graph.campaigns];
  }

  /** Subsequences stand after the campaign that they belong to. */
  override shownRows(session: Session): readonly Campaign[] {
    const { graph } = session.map;
    const { filter } = this.state;
    const withSubsequences = (campaign: Campaign): Campaign[] => [
      campaign,
      ...graph
        .subsequencesOf(campaign.id)
        .map((id) => graph.campaign(id))
        .filter((subsequence) => subsequence !== undefined)
        .filter((subsequence) => !isRoot(subsequence, graph))
        .flatMap(withSubsequences),
    ];
    const all = new Set(super.shownRows(session).flatMap(withSubsequences));
    return [...all].filter((campaign) => filter?.matches(campaign, graph) ?? true);
  }

  protected nodeOf(parent: Node, campaign: Campaign): Node {
    return this.nodes.campaign(parent, campaign.id);
  }

  protected keyOf(campaign: Campaign): string {
    return campaign.id;
  }

  protected labelOf(campaign: Campaign): string {
    return campaignLabel(campaign);
  }

  protected groupWords({ rows }: Group<Campaign>): string {
    return countWords(rows.length);
  }

  protected countWords({ map }: Session): string {
    const { size } = map.campaigns.records;
    return map.campaigns.known || size > 0 ? countWords(size) : '';
  }

  protected emptyWords(): string {
    return t('No campaigns in this workspace');
  }

  protected filterWords(shown: string, total: string): string {
    return t('Showing {0} of {1} campaigns', shown, total);
  }

  protected childrenOf(node: Node, session: Session): Promise<Node[]> | Node[] {
    if (node.kind === 'campaign') {
      return this.#under(node, session);
    }
    return [];
  }

  protected itemOf(node: Node, info: ProviderInfo, session: Session | undefined): vscode.TreeItem {
    if (node.kind === 'campaign') {
      const campaign = session?.map.graph.campaign(node.campaignId);
      return campaign === undefined
        ? new vscode.TreeItem(node.campaignId)
        : campaignWithSendersItem(node, campaign, info, session && countsOf(session, node.campaignId));
    }
    if (node.kind === 'account') {
      const edge = session && this.#sendersOf(session, node.campaignId ?? '').get(node.accountKey);
      return edge === undefined
        ? new vscode.TreeItem(node.accountKey)
        : senderItem(node, edge.account, info, edge.reasons);
    }
    return new vscode.TreeItem('');
  }

  protected override forget(): void {
    this.#senders = new WeakMap();
  }

  protected changedNodes(connectionId: string, { accounts, campaigns }: MapChange): Node[] {
    const rows = new Set<Node>([...campaigns].flatMap((id) => [...this.nodes.rowsOf('campaign', connectionId, id)]));
    for (const key of accounts) {
      for (const node of this.nodes.rowsOf('account', connectionId, key)) {
        const above = this.nodes.parentOf(node);
        if (above === undefined || !rows.has(above)) {
          rows.add(node);
        }
      }
    }
    return [...rows];
  }

  async #under(node: CampaignNode, session: Session): Promise<Node[]> {
    const { map } = session;
    const { campaignId } = node;
    let failure: Node | undefined;
    try {
      await map.loadSendersOf(campaignId);
    } catch (error) {
      failure = this.errorNotice(node, 'error', error);
    }
    const { graph } = map;
    const { filter } = this.state;
    const subsequences = graph
      .subsequencesOf(campaignId)
      .map((id) => graph.campaign(id))
      .filter((campaign) => campaign !== undefined)
      .filter((campaign) => !isRoot(campaign, graph))
      .filter((campaign) => filter === undefined || matchesWithin(campaign, graph, filter.matches, 0))
      .map((campaign) => this.nodes.campaign(node, campaign.id));
    const senders = [...this.#sendersOf(session, campaignId).values()];
    const rows: Node[] = [
      ...(failure === undefined ? [] : [failure]),
      ...subsequences,
      ...this.inParts(node, senders, ({ account }) => this.nodes.account(node, account.key)),
    ];
    if (!map.knowsSendersOf(campaignId) && failure === undefined) {
      const label = map.progress.running ? t('Reading accounts…') : t('Its senders are not all known yet');
      rows.push(this.nodes.notice(node, 'busy', { type: map.progress.running ? 'busy' : 'note', label, campaignId }));
    } else if (rows.length === 0) {
      rows.push(this.nodes.notice(node, 'empty', { type: 'empty', label: t('Sends from no account'), campaignId }));
    }
    return rows;
  }

  /** The senders of a campaign by their keys, what hurts first; sorted once for each state of the map. */
  #sendersOf({ map }: Session, campaignId: string): ReadonlyMap<string, SenderEdge> {
    let known = this.#senders.get(map.graph);
    if (known === undefined) {
      known = new Map();
      this.#senders.set(map.graph, known);
    }
    let senders = known.get(campaignId);
    if (senders === undefined) {
      const sorted = map.graph
        .sendersOf(campaignId)
        .sort(
          (a, b) =>
            STATES.indexOf(a.account.state) - STATES.indexOf(b.account.state) ||
            (a.account.email < b.account.email ? -1 : 1),
        );
      senders = new Map(sorted.map((edge) => [edge.account.key, edge]));
      known.set(campaignId, senders);
    }
    return senders;
  }

  protected override partsOf(parent: Node, session: Session, from: number, to: number): readonly PartRow[] {
    if (parent.kind !== 'campaign') {
      return super.partsOf(parent, session, from, to);
    }
    return [...this.#sendersOf(session, parent.campaignId).values()]
      .slice(from, to)
      .map(({ account }) => ({ label: account.email, nodeIn: (range) => this.nodes.account(range, account.key) }));
  }
}

/** A campaign that stands under no other: one without a parent, or in a loop of subsequences that has no first. */
function isRoot(campaign: Campaign, graph: Graph): boolean {
  if (campaign.parentId === undefined) {
    return true;
  }
  let above: Campaign | undefined = campaign;
  for (let depth = 0; above?.parentId !== undefined; depth += 1) {
    if (depth >= DEEPEST || above.parentId === campaign.id) {
      return true;
    }
    above = graph.campaign(above.parentId);
  }
  return false;
}

/** True where a campaign matches, or a subsequence of it does. */
function matchesWithin(
  campaign: Campaign,
  graph: Graph,
  matches: (campaign: Campaign, graph: Graph) => boolean,
  depth: number,
): boolean {
  if (matches(campaign, graph)) {
    return true;
  }
  return (
    depth < DEEPEST &&
    graph.subsequencesOf(campaign.id).some((id) => {
      const subsequence = graph.campaign(id);
      return subsequence !== undefined && matchesWithin(subsequence, graph, matches, depth + 1);
    })
  );
}

function countsOf({ map }: Session, campaignId: string) {
  return map.knowsSendersOf(campaignId)
    ? { senders: map.graph.countOfSenders(campaignId), healthy: map.graph.countOfHealthy(campaignId) }
    : undefined;
}

function countWords(count: number): string {
  return count === 1 ? t('1 campaign') : t('{0} campaigns', formatNumber(count));
}
