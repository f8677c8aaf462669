import * as vscode from 'vscode';
import type { HealthKeeper } from '../connections/healthKeeper.ts';
import type { Session, Sessions } from '../connections/sessions.ts';
import { contextKeys, views } from '../contributions.ts';
import { accountFacetsWith } from '../health/findingFacet.ts';
import { possibleOf } from '../health/senders.ts';
import {
  accountGroupings,
  accountSorts,
  arrangeAccounts,
  type AccountGrouping,
  type AccountSort,
  type Arrangement,
  type Group,
} from '../queries/arrange.ts';
import { accountFilters } from '../queries/builtInFilters.ts';
import type { CampaignEdge, Graph } from '../map/graph.ts';
import type { ListView } from '../map/listView.ts';
import { compareStates, type Account } from '../providers/model.ts';
import type { ProviderInfo } from '../providers/provider.ts';
import { inTurns, type Steps } from '../transport/turns.ts';
import { formatDay, formatNumber } from '../format.ts';
import { accountItem, campaignItem } from './items.ts';
import { firstOf, MapView } from './mapView.ts';
import type { AccountNode, Node, NodeRegistry } from './nodes.ts';
import type { PartLabel } from './parts.ts';
import { countsOf, type NodeMakers, type RowSource, type Words } from './rowSource.ts';
import { SavedFilters } from './savedFilters.ts';
import { accountTooltip, campaignTooltip } from './tooltips.ts';
import { ViewState } from './viewState.ts';

const { t } = vscode.l10n;

/** The Accounts view: connections, their accounts, and under each account the campaigns that it feeds. */
export type AccountsView = MapView<Account, AccountGrouping, AccountSort>;

export function createAccountsView(
  sessions: Sessions,
  keeper: HealthKeeper,
  memento: vscode.Memento,
  view: vscode.TreeView<Node>,
): AccountsView {
  return new MapView(sessions, keeper, views.accounts, view, new AccountRows(sessions, keeper, memento));
}

/** Selects an account and brings it into view. @returns false where it is not in the list. */
export function revealAccount(view: AccountsView, session: Session, accountKey: string): Promise<boolean> {
  return view.reveal(session, [accountKey], session.map.accounts.records.get(accountKey));
}

class AccountRows implements RowSource<Account, AccountGrouping, AccountSort> {
  readonly state: ViewState<Account, AccountGrouping, AccountSort>;
  readonly saved: SavedFilters<Account>;
  readonly #sessions: Sessions;

  constructor(sessions: Sessions, keeper: HealthKeeper, memento: vscode.Memento) {
    const facets = accountFacetsWith((graph) => keeper.healthOf(graph));
    this.#sessions = sessions;
    this.saved = new SavedFilters(memento, views.accounts, facets, accountFilters);
    this.state = new ViewState(memento, views.accounts, {
      groupings: accountGroupings,
      sorts: accountSorts,
      facets,
      filtered: contextKeys.accountsFiltered,
    });
  }

  async explain(item: vscode.TreeItem, node: Node): Promise<void> {
    const session = this.#sessions.peek(node.connectionId);
    if (session === undefined) {
      return;
    }
    const { map } = session;
    if (node.kind === 'account') {
      const account = map.accounts.records.get(node.accountKey);
      if (account !== undefined) {
        item.tooltip = accountTooltip(account, map.graph.countOfCampaigns(node.accountKey));
      }
    } else if (node.kind === 'campaign') {
      const campaign = map.graph.campaign(node.campaignId);
      if (campaign !== undefined) {
        const possible = await inTurns(possibleOf(map.graph, campaign));
        item.tooltip = campaignTooltip(campaign, map.progress.scan, undefined, possible);
      }
    }
  }

  arrange(
    { map }: Session,
    before: Arrangement<Account> | undefined,
    opened: ReadonlySet<string> | undefined,
  ): Steps<Arrangement<Account>> {
    const { grouping, sort, filter } = this.state;
    // While a list loads for the first time its rows stay where they are; it is sorted once it is complete.
    const order = map.accounts.known || map.accounts.status !== 'reading' ? sort : undefined;
    return arrangeAccounts(map.accounts.records.rows, map.graph, grouping, order, filter, {
      saved: this.saved.list(),
      opened,
      settled: !map.progress.running,
      before,
    });
  }

  rowsOf({ map }: Session): readonly Account[] {
    return map.accounts.records.rows;
  }

  listOf({ map }: Session): ListView<Account> {
    return map.accounts;
  }

  shownRows(_: Session, { groups }: Arrangement<Account>): readonly Account[] {
    return [...new Set(groups.flatMap(({ rows }) => rows))];
  }

  listUnder(): undefined {
    // The list under an account is never that long.
    return undefined;
  }

  forget(): void {
    // Nothing is kept.
  }

  nodeOf(nodes: NodeRegistry, parent: Node, account: Account): Node {
    return nodes.account(parent, account.key);
  }

  rowOf(node: Node, { map }: Session): Account | undefined {
    return node.kind === 'account' ? map.graph.account(node.accountKey) : undefined;
  }

  keyOf(account: Account): string {
    return account.key;
  }

  labelOf(account: Account, { map }: Session): PartLabel {
    const { email } = account;
    const value = this.#sortWords(account, map.graph);
    return value === undefined
      ? { label: email, tooltip: email }
      : { label: value, tooltip: t('{0}: {1}', value, email) };
  }

  /** What an account is sorted by, in words; undefined where that is its email. */
  #sortWords(account: Account, graph: Graph): string | undefined {
    const { warmupScore, dailyLimit, unlimited, createdAt, key } = account;
    switch (this.state.sort) {
      case 'email':
        return undefined;
      case 'warmup':
        return warmupScore === undefined ? t('no score') : t('score {0}', formatNumber(warmupScore));
      case 'limit':
        return unlimited
          ? t('unlimited')
          : dailyLimit === undefined
            ? t('no limit given')
            : t('{0}/day', formatNumber(dailyLimit));
      case 'campaigns': {
        const count = graph.countOfCampaigns(key);
        return count === undefined ? t('unknown') : t('{0} active', formatNumber(count.active));
      }
      case 'created':
        return formatDay(createdAt);
    }
  }

  groupWords({ rows, broken, score }: Group<Account>): Words {
    const someBroken = broken > 0 && broken < rows.length;
    return {
      short: [
        formatNumber(rows.length),
        someBroken ? t('{0} broken', formatNumber(broken)) : undefined,
        score === undefined ? undefined : t('score {0}', formatNumber(score)),
      ]
        .filter(Boolean)
        .join(' · '),
      full: [
        countWords(rows.length),
        someBroken ? t('{0} broken', formatNumber(broken)) : undefined,
        score === undefined ? undefined : t('average warmup score {0}', formatNumber(score)),
      ]
        .filter(Boolean)
        .join(', '),
    };
  }

  countWords({ map }: Session, broken: number): Words {
    const { size } = map.accounts.records;
    // While the list is read for the first time its groups say more, and sooner.
    return countsOf(map.accounts.known || size > 0 ? size : undefined, map.accounts.known ? broken : 0, countWords);
  }

  emptyWords(): string {
    return t('No sending accounts in this workspace');
  }

  filterWords(shown: string, total: string): string {
    return t('Showing {0} of {1} accounts', shown, total);
  }

  childrenOf(node: Node, session: Session, makers: NodeMakers): Promise<Node[]> | Node[] {
    return node.kind === 'account' ? this.#campaignsOf(node, session, makers) : [];
  }

  itemOf(node: Node, info: ProviderInfo, session: Session | undefined): vscode.TreeItem {
    if (node.kind === 'account') {
      const account = session?.map.accounts.records.get(node.accountKey) ?? bareAccount(node.accountKey);
      return accountItem(node, account, info, session?.map.graph.countOfCampaigns(node.accountKey));
    }
    if (node.kind === 'campaign') {
      const campaign = session?.map.graph.campaign(node.campaignId);
      const counts = session?.map.graph.countOfSenders(node.campaignId);
      return campaignItem(node, campaign ?? bareCampaign(node.campaignId), info, counts);
    }
    return new vscode.TreeItem('');
  }

  async #campaignsOf(node: AccountNode, { map }: Session, { nodes, notices }: NodeMakers): Promise<Node[]> {
    const { accountKey } = node;
    // Shown as the map has it, and checked with the service meanwhile; a difference repaints this row.
    if (map.lookups.mappingCheckOf(accountKey) === undefined) {
      map.lookups.checkMapping(accountKey).catch(() => undefined);
    }
    if (!map.graph.knowsCampaignsOf(accountKey)) {
      await firstOf(
        map,
        () => map.graph.knowsCampaignsOf(accountKey) || map.lookups.mappingCheckOf(accountKey)?.status === 'failed',
      );
    }
    const edges = map.graph.campaignsOf(accountKey).sort(byState);
    const rows: Node[] = edges.map(({ campaign }) => nodes.campaign(node, campaign.id));
    const { status, error } = map.lookups.mappingCheckOf(accountKey) ?? {};
    const { scan, running } = map.progress;
    if (error !== undefined) {
      rows.unshift(notices.error(node, 'error', error));
    }
    if (scan !== undefined && scan.scanned < scan.total) {
      const label = running
        ? t('{0} of {1} campaigns asked…', scan.scanned, scan.total)
        : t('In {0} of {1} campaigns asked', edges.length, scan.scanned);
      const type = running ? 'busy' : 'invalid';
      const description = scan.failed > 0 ? t('{0} could not be read', scan.failed) : undefined;
      rows.push(nodes.notice(node, 'scan', { type, label, description, fix: running ? undefined : 'resume' }));
    } else if (!map.graph.knowsCampaignsOf(accountKey)) {
      if (error === undefined) {
        const label = status === 'asking' || running ? t('Reading campaigns…') : t('Its campaigns are not known yet');
        rows.push(nodes.notice(node, 'busy', { type: 'busy', label, accountKey }));
      }
    } else if (scan !== undefined) {
      const label = t('In {0} of all {1} campaigns', edges.length, scan.total);
      rows.push(nodes.notice(node, 'scan', { type: 'note', label, accountKey }));
    } else if (rows.length === 0) {
      rows.push(nodes.notice(node, 'empty', { type: 'empty', label: t('Feeds no campaign'), accountKey }));
    }
    return rows;
  }
}

/** Campaigns that send come first under an account, then what is wrong. */
function byState({ campaign: a }: CampaignEdge, { campaign: b }: CampaignEdge): number {
  return Number(b.state === 'healthy') - Number(a.state === 'healthy') || compareStates(a.state, b.state);
}

function countWords(count: number): string {
  return count === 1 ? t('1 account') : t('{0} accounts', formatNumber(count));
}

function bareAccount(key: string): Account {
  return { key, email: key, domain: undefined, statusWords: '', state: 'unknown', tags: [] };
}

function bareCampaign(id: string) {
  return { id, name: '', statusWords: '', state: 'unknown', tags: [] } as const;
}
