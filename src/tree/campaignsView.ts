import * as vscode from 'vscode';
import type { HealthKeeper } from '../connections/healthKeeper.ts';
import type { Session, Sessions } from '../connections/sessions.ts';
import { contextKeys, views } from '../contributions.ts';
import { campaignFacetsWith } from '../health/findingFacet.ts';
import { possibleOf } from '../health/senders.ts';
import {
  arrangeCampaigns,
  campaignGroupings,
  campaignSorts,
  type Arrangement,
  type CampaignGrouping,
  type CampaignSort,
  type Group,
} from '../queries/arrange.ts';
import { campaignLabel } from '../queries/campaignLabel.ts';
import { campaignFilters } from '../queries/builtInFilters.ts';
import type { Filter } from '../queries/filter.ts';
import type { Graph, SenderEdge } from '../map/graph.ts';
import type { ListView } from '../map/listView.ts';
import { compareStates, type Campaign } from '../providers/model.ts';
import type { ProviderInfo } from '../providers/provider.ts';
import { inTurns, type Steps } from '../transport/turns.ts';
import { formatDay, formatNumber } from '../format.ts';
import { campaignWithSendersItem, reasonWords, senderItem } from './items.ts';
import { MapView } from './mapView.ts';
import type { CampaignNode, Node, NodeRegistry } from './nodes.ts';
import { listed, rowsOrParts, type ListedRows, type PartLabel } from './parts.ts';
import { countsOf, type NodeMakers, type RowSource, type Words } from './rowSource.ts';
import { SavedFilters } from './savedFilters.ts';
import { accountTooltip, campaignTooltip } from './tooltips.ts';
import { ViewState } from './viewState.ts';

const { t } = vscode.l10n;

/** No subsequences are known to nest deeper than this; a loop of them does. */
const DEEPEST = 10;

/** The Campaigns view: connections, their campaigns, and under each its subsequences and the accounts it sends from. */
export type CampaignsView = MapView<Campaign, CampaignGrouping, CampaignSort>;

export function createCampaignsView(
  sessions: Sessions,
  keeper: HealthKeeper,
  memento: vscode.Memento,
  view: vscode.TreeView<Node>,
): CampaignsView {
  return new MapView(sessions, keeper, views.campaigns, view, new CampaignRows(sessions, keeper, memento));
}

/** Selects a campaign, under its parent where it is a subsequence. @returns false where it is not in the list. */
export function revealCampaign(view: CampaignsView, session: Session, campaignId: string): Promise<boolean> {
  const { graph } = session.map;
  const above: string[] = [];
  for (let id = graph.campaign(campaignId)?.parentId; id !== undefined && above.length < DEEPEST;) {
    above.unshift(id);
    id = graph.campaign(id)?.parentId;
  }
  const [root, ...below] = [...above, campaignId];
  return view.reveal(session, [root, ...below], graph.campaign(campaignId));
}

/** The senders of a campaign in the order of their rows, and by their keys. */
interface Senders {
  readonly rows: readonly SenderEdge[];
  readonly byKey: ReadonlyMap<string, SenderEdge>;
}

class CampaignRows implements RowSource<Campaign, CampaignGrouping, CampaignSort> {
  readonly state: ViewState<Campaign, CampaignGrouping, CampaignSort>;
  readonly saved: SavedFilters<Campaign>;
  readonly #sessions: Sessions;
  /** The senders of campaigns as they are sorted, by connection and campaign, until the map changes. */
  readonly #senders = new Map<string, Senders>();

  constructor(sessions: Sessions, keeper: HealthKeeper, memento: vscode.Memento) {
    const facets = campaignFacetsWith((graph) => keeper.healthOf(graph));
    this.#sessions = sessions;
    this.saved = new SavedFilters(memento, views.campaigns, facets, campaignFilters);
    this.state = new ViewState(memento, views.campaigns, {
      groupings: campaignGroupings,
      sorts: campaignSorts,
      facets,
      filtered: contextKeys.campaignsFiltered,
    });
  }

  async explain(item: vscode.TreeItem, node: Node): Promise<void> {
    const session = this.#sessions.peek(node.connectionId);
    if (session === undefined) {
      return;
    }
    const { map } = session;
    if (node.kind === 'campaign') {
      const campaign = map.graph.campaign(node.campaignId);
      if (campaign !== undefined) {
        const possible = await inTurns(possibleOf(map.graph, campaign));
        item.tooltip = campaignTooltip(campaign, undefined, map.graph.countOfSenders(node.campaignId), possible);
      }
    } else if (node.kind === 'account') {
      const account = map.graph.account(node.accountKey);
      const edge = this.#sendersOf(session, node.campaignId ?? '').byKey.get(node.accountKey);
      if (account !== undefined) {
        const why = edge?.reasons.map(reasonWords).join(', ');
        item.tooltip = accountTooltip(account, map.graph.countOfCampaigns(node.accountKey), why);
      }
    }
  }

  *arrange({ map }: Session, before: Arrangement<Campaign> | undefined): Steps<Arrangement<Campaign>> {
    const { grouping, sort, filter } = this.state;
    const { graph } = map;
    const all = [...graph.campaigns];
    const roots: Campaign[] = [];
    let [matching, broken] = [0, 0];
    for (const campaign of all) {
      // Counted here, because rows are made without turns, and each campaign may have ten thousand senders.
      graph.countOfSenders(campaign.id);
      if (isRoot(campaign, graph)) {
        roots.push(campaign);
      }
      matching += Number(filter?.matches(campaign, graph) === true);
      broken += Number(campaign.state === 'error');
      yield;
    }
    const arrangement = yield* arrangeCampaigns(roots, graph, grouping, sort, filter && within(filter, graph), {
      saved: this.saved.list().map((saved) => ({ ...saved, filter: within(saved.filter, graph) })),
      settled: !map.progress.running,
      before,
    });
    return { ...arrangement, shown: filter === undefined ? all.length : matching, total: all.length, broken };
  }

  rowsOf({ map }: Session): readonly Campaign[] {
    return [...map.graph.campaigns];
  }

  listOf({ map }: Session): ListView<Campaign> {
    return map.campaigns;
  }

  /** Subsequences come after the campaign that they belong to. */
  shownRows({ map }: Session, { groups }: Arrangement<Campaign>): readonly Campaign[] {
    const { graph } = map;
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
    const all = new Set(groups.flatMap(({ rows }) => rows).flatMap(withSubsequences));
    return [...all].filter((campaign) => filter?.matches(campaign, graph) ?? true);
  }

  nodeOf(nodes: NodeRegistry, parent: Node, campaign: Campaign): Node {
    return nodes.campaign(parent, campaign.id);
  }

  rowOf(node: Node, { map }: Session): Campaign | undefined {
    return node.kind === 'campaign' ? map.graph.campaign(node.campaignId) : undefined;
  }

  keyOf(campaign: Campaign): string {
    return campaign.id;
  }

  labelOf(campaign: Campaign, { map }: Session): PartLabel {
    const name = campaignLabel(campaign);
    const value = this.#sortWords(campaign, map.graph);
    return value === undefined ? { label: name, tooltip: name } : { label: value, tooltip: t('{0}: {1}', value, name) };
  }

  /** What a campaign is sorted by, in words; undefined where that is its name. */
  #sortWords({ id, statusWords, dailyLimit, createdAt }: Campaign, graph: Graph): string | undefined {
    switch (this.state.sort) {
      case 'name':
        return undefined;
      case 'health':
        return statusWords;
      case 'senders': {
        const count = graph.countOfSenders(id)?.senders;
        return count === undefined ? t('unknown') : count === 1 ? t('1 sender') : t('{0} senders', formatNumber(count));
      }
      case 'limit':
        return dailyLimit === undefined ? t('no limit given') : t('{0}/day', formatNumber(dailyLimit));
      case 'created':
        return formatDay(createdAt);
    }
  }

  groupWords({ rows, broken }: Group<Campaign>): Words {
    return countsOf(rows.length, broken < rows.length ? broken : 0, countWords);
  }

  countWords({ map }: Session, broken: number): Words {
    const { size } = map.campaigns.records;
    // While the list is read for the first time its groups say more, and sooner.
    return countsOf(map.campaigns.known || size > 0 ? size : undefined, map.campaigns.known ? broken : 0, countWords);
  }

  emptyWords(): string {
    return t('No campaigns in this workspace');
  }

  filterWords(shown: string, total: string): string {
    return t('Showing {0} of {1} campaigns', shown, total);
  }

  childrenOf(node: Node, session: Session, makers: NodeMakers): Promise<Node[]> | Node[] {
    return node.kind === 'campaign' ? this.#under(node, session, makers) : [];
  }

  itemOf(node: Node, info: ProviderInfo, session: Session | undefined): vscode.TreeItem {
    if (node.kind === 'campaign') {
      const campaign = session?.map.graph.campaign(node.campaignId);
      return campaign === undefined
        ? new vscode.TreeItem(node.campaignId)
        : campaignWithSendersItem(node, campaign, info, session?.map.graph.countOfSenders(node.campaignId));
    }
    if (node.kind === 'account') {
      const edge = session && this.#sendersOf(session, node.campaignId ?? '').byKey.get(node.accountKey);
      return edge === undefined
        ? new vscode.TreeItem(node.accountKey)
        : senderItem(node, edge.account, info, edge.reasons);
    }
    return new vscode.TreeItem('');
  }

  forget(): void {
    this.#senders.clear();
  }

  async #under(node: CampaignNode, session: Session, { nodes, notices }: NodeMakers): Promise<Node[]> {
    const { map } = session;
    const { campaignId } = node;
    let failure: Node | undefined;
    try {
      await map.lookups.loadSendersOf(campaignId);
    } catch (error) {
      failure = notices.error(node, 'error', error);
    }
    const { graph } = map;
    const { filter } = this.state;
    const subsequences = graph
      .subsequencesOf(campaignId)
      .map((id) => graph.campaign(id))
      .filter((campaign) => campaign !== undefined)
      .filter((campaign) => !isRoot(campaign, graph))
      .filter((campaign) => filter === undefined || matchesWithin(campaign, graph, filter.matches, 0))
      .map((campaign) => nodes.campaign(node, campaign.id));
    const senders = this.#sendersOf(session, campaignId).rows;
    const rows: Node[] = [
      ...(failure === undefined ? [] : [failure]),
      ...subsequences,
      ...rowsOrParts(nodes, node, senders, ({ account }) => nodes.account(node, account.key)),
    ];
    if (!map.graph.knowsSendersOf(campaignId) && failure === undefined) {
      const label = map.progress.running ? t('Reading accounts…') : t('Its senders are not all known yet');
      rows.push(nodes.notice(node, 'busy', { type: map.progress.running ? 'busy' : 'note', label, campaignId }));
    } else if (rows.length === 0) {
      rows.push(nodes.notice(node, 'empty', { type: 'empty', label: t('Sends from no account'), campaignId }));
    }
    return rows;
  }

  /** The senders of a campaign, the worst first; sorted once for each state of the map. */
  #sendersOf({ connection, map }: Session, campaignId: string): Senders {
    const place = `${connection.id} ${campaignId}`;
    let senders = this.#senders.get(place);
    if (senders === undefined) {
      const rows = map.graph
        .sendersOf(campaignId)
        .sort(
          (a, b) => compareStates(a.account.state, b.account.state) || (a.account.email < b.account.email ? -1 : 1),
        );
      senders = { rows, byKey: new Map(rows.map((edge) => [edge.account.key, edge])) };
      this.#senders.set(place, senders);
    }
    return senders;
  }

  listUnder(nodes: NodeRegistry, node: Node, session: Session): ListedRows | undefined {
    return node.kind === 'campaign'
      ? listed(
          this.#sendersOf(session, node.campaignId).rows,
          ({ account: { email } }) => ({ label: email, tooltip: email }),
          ({ account }, parent) => nodes.account(parent, account.key),
        )
      : undefined;
  }
}

/** A campaign at the top level: one without a parent, or one in a loop of subsequences, which has no first. */
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

/** A match keeps the campaigns above it. */
function within(filter: Filter<Campaign>, graph: Graph): Filter<Campaign> {
  return { ...filter, matches: (campaign) => matchesWithin(campaign, graph, filter.matches, 0) };
}

/** True where a campaign or one of its subsequences matches. */
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

function countWords(count: number): string {
  return count === 1 ? t('1 campaign') : t('{0} campaigns', formatNumber(count));
}
