import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Session, Sessions } from '../connections/sessions.ts';
import { views } from '../contributions.ts';
import type { MapChange } from '../map/sendingMap.ts';
import type { Account, Campaign } from '../providers/model.ts';
import { isServiceError, nextStep, type ServiceError } from '../transport/errors.ts';
import { formatClock } from './format.ts';
import { accountItem, campaignItem, connectionItem, noticeItem } from './items.ts';
import { NodeRegistry, type AccountNode, type CampaignNode, type ConnectionNode, type Node } from './nodes.ts';
import { accountTooltip, campaignTooltip } from './tooltips.ts';

const { t } = vscode.l10n;

/** An answer that comes within this time needs no row that says it is coming, in milliseconds. */
const NO_NOTICE = 400;
/** While pages come in, the list is painted at most this often, in milliseconds. */
const REPAINT = 800;
/** More connections than this start collapsed, so that opening the view does not read all of them. */
const EXPANDED_CONNECTIONS = 2;

/** The Accounts view: connections, their accounts, and under each account the campaigns that it feeds. */
export class AccountsView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #sessions: Sessions;
  readonly #nodes = new NodeRegistry();
  readonly #changed = new vscode.EventEmitter<Node | undefined>();
  readonly #view: vscode.TreeView<Node>;
  readonly #subscriptions: vscode.Disposable[];
  readonly #repaints = new Map<string, NodeJS.Timeout>();
  readonly #paintedAt = new Map<string, number>();
  readonly #waits = new Set<NodeJS.Timeout>();

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
    this.#view = vscode.window.createTreeView(views.accounts, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.#subscriptions = [
      this.#view,
      sessions.store.onDidChange(() => {
        this.#changed.fire(undefined);
      }),
      sessions.onDidStart((session) => {
        this.#follow(session);
      }),
      sessions.onDidEnd((id) => {
        this.#nodes.forget(id);
        this.#changed.fire(undefined);
      }),
    ];
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) {
      return this.#sessions.store.list().map(({ id }) => this.#nodes.connection(id));
    }
    if (node.kind !== 'connection' && node.kind !== 'account') {
      return [];
    }
    try {
      const session = await this.#sessions.get(node.connectionId);
      return node.kind === 'connection'
        ? await this.#accountsOf(node, session)
        : await this.#campaignsOf(node, session);
    } catch (error) {
      return [this.#errorNotice(node, 'session', error)];
    }
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const connection = this.#sessions.store.get(node.connectionId);
    if (connection === undefined) {
      return new vscode.TreeItem('');
    }
    const session = this.#sessions.peek(node.connectionId);
    switch (node.kind) {
      case 'connection':
        return connectionItem(node, connection, session, this.#sessions.store.list().length <= EXPANDED_CONNECTIONS);
      case 'account': {
        const account = this.accountOf(node) ?? bareAccount(node.accountKey);
        return accountItem(node, account, connection, session?.map.campaignCount(node.accountKey));
      }
      case 'campaign':
        return campaignItem(node, this.campaignOf(node) ?? bareCampaign(node.campaignId), connection);
      case 'notice':
        return noticeItem(node);
    }
  }

  resolveTreeItem(item: vscode.TreeItem, node: Node): vscode.TreeItem {
    const session = this.#sessions.peek(node.connectionId);
    if (session === undefined) {
      return item;
    }
    if (node.kind === 'account') {
      const account = this.accountOf(node);
      if (account !== undefined) {
        item.tooltip = accountTooltip(account, session.provider.info, session.map.campaignCount(node.accountKey));
      }
    } else if (node.kind === 'campaign') {
      const campaign = this.campaignOf(node);
      if (campaign !== undefined) {
        item.tooltip = campaignTooltip(campaign, session.map.campaignsOf(node.accountKey)?.scan);
      }
    }
    return item;
  }

  getParent(node: Node): Node | undefined {
    return this.#nodes.parentOf(node);
  }

  /** Asks the rows again: connections that failed to start try once more. */
  repaint(): void {
    this.#changed.fire(undefined);
  }

  /** The account of a row, or of the account above a campaign's row. */
  accountOf(node: Node): Account | undefined {
    const key = 'accountKey' in node ? node.accountKey : undefined;
    return key === undefined ? undefined : this.#sessions.peek(node.connectionId)?.map.accounts.records.get(key);
  }

  campaignOf(node: CampaignNode): Campaign | undefined {
    return this.#sessions.peek(node.connectionId)?.map.campaigns.records.get(node.campaignId);
  }

  dispose(): void {
    for (const timer of [...this.#repaints.values(), ...this.#waits]) {
      clearTimeout(timer);
    }
    vscode.Disposable.from(...this.#subscriptions).dispose();
    this.#changed.dispose();
  }

  async #accountsOf(node: ConnectionNode, { map, provider }: Session): Promise<Node[]> {
    const walk = map.accounts;
    if (walk.status === 'idle') {
      void walk.load();
      await firstOf(map, () => walk.records.size > 0 || walk.status !== 'reading');
      this.#paintedAt.set(node.connectionId, Date.now());
      // The row of the connection itself now has a count to show.
      this.#repaintSoon(node);
    }
    const rows: Node[] = [];
    if (walk.error !== undefined) {
      // First, because below thousands of rows nobody would see it.
      rows.push(this.#errorNotice(node, 'error', walk.error));
    }
    walk.invalid.forEach(({ label, problem }, index) => {
      rows.push(this.#nodes.notice(node, `invalid${index}`, { type: 'invalid', label, description: problem }));
    });
    for (const key of walk.records.keys()) {
      rows.push(this.#nodes.account(node.connectionId, key));
    }
    switch (walk.status) {
      case 'reading':
        if (rows.length === 0) {
          const waiting = provider.client.waitingUntil;
          const label = t('Reading accounts…');
          const description = waiting === undefined ? undefined : t('waiting until {0}', formatClock(waiting));
          rows.push(this.#nodes.notice(node, 'busy', { type: 'busy', label, description }));
        }
        break;
      case 'capped':
        rows.push(this.#nodes.notice(node, 'more', { type: 'more', label: t('Load more') }));
        break;
      default:
        if (rows.length === 0) {
          const label = t('No sending accounts in this workspace');
          rows.push(this.#nodes.notice(node, 'empty', { type: 'empty', label }));
        }
    }
    return rows;
  }

  async #campaignsOf(node: AccountNode, { map }: Session): Promise<Node[]> {
    if (map.wantsCampaignsOf(node.accountKey)) {
      // Failures are kept in the map and shown below; this promise only ends early when the session does.
      map.loadCampaignsOf(node.accountKey).catch(() => undefined);
      await firstOf(map, () => map.campaignsOf(node.accountKey)?.status !== 'reading');
    }
    const known = map.campaignsOf(node.accountKey);
    const campaigns = known?.campaigns ?? [];
    const rows: Node[] = campaigns.map(({ id }) => this.#nodes.campaign(node.connectionId, node.accountKey, id));
    const scan = known?.scan;
    const { accountKey } = node;
    if (known?.error !== undefined) {
      rows.unshift(this.#errorNotice(node, 'error', known.error));
    } else if (known === undefined || known.status === 'reading') {
      const label =
        scan === undefined ? t('Reading campaigns…') : t('{0} of {1} campaigns asked…', scan.scanned, scan.total);
      rows.push(this.#nodes.notice(node, 'busy', { type: 'busy', label, accountKey }));
    } else if (scan !== undefined) {
      const label =
        scan.failed > 0
          ? t('In {0} of {1} campaigns asked; {2} could not be read', campaigns.length, scan.total, scan.failed)
          : t('In {0} of all {1} campaigns', campaigns.length, scan.total);
      const fix = scan.failed > 0 ? ('retry' as const) : undefined;
      rows.push(
        this.#nodes.notice(node, 'scan', { type: scan.failed > 0 ? 'invalid' : 'note', label, fix, accountKey }),
      );
    } else if (rows.length === 0) {
      rows.push(this.#nodes.notice(node, 'empty', { type: 'empty', label: t('Feeds no campaign'), accountKey }));
    }
    return rows;
  }

  #errorNotice(node: ConnectionNode | AccountNode, name: string, error: unknown): Node {
    const known: ServiceError | undefined = isServiceError(error) ? error : undefined;
    const label = known?.message ?? String(error);
    const next = known === undefined ? undefined : nextStep(known);
    return this.#nodes.notice(node, name, {
      type: 'error',
      label,
      description: next?.words,
      tooltip: [label, next?.words].filter(Boolean).join('\n\n'),
      fix: next?.fix,
      accountKey: node.kind === 'account' ? node.accountKey : undefined,
    });
  }

  #follow({ connection, provider, map }: Session): void {
    const node = this.#nodes.connection(connection.id);
    map.onDidChange((change) => {
      this.#repaint(connection.id, change);
    });
    provider.client.onWait((until) => {
      this.#repaintSoon(node);
      if (until !== undefined) {
        // The row says until when; then it has to stop saying so.
        const timer = setTimeout(
          () => {
            this.#waits.delete(timer);
            this.#repaintSoon(node);
          },
          until - Date.now() + 100,
        );
        this.#waits.add(timer);
      }
    });
  }

  #repaint(connectionId: string, change: MapChange): void {
    if (change.kind === 'accounts') {
      this.#repaintSoon(this.#nodes.connection(connectionId));
      return;
    }
    for (const key of change.keys) {
      this.#changed.fire(this.#nodes.account(connectionId, key));
    }
  }

  /** Paints a connection now if it has not been painted for a while, else once at the end of that while. */
  #repaintSoon(node: ConnectionNode): void {
    const { connectionId } = node;
    if (this.#repaints.has(connectionId)) {
      return;
    }
    const since = Date.now() - (this.#paintedAt.get(connectionId) ?? 0);
    const timer = setTimeout(
      () => {
        this.#repaints.delete(connectionId);
        this.#paintedAt.set(connectionId, Date.now());
        this.#changed.fire(node);
      },
      Math.max(0, REPAINT - since),
    );
    this.#repaints.set(connectionId, timer);
  }
}

/** Waits until something is known, but no longer than a person would wait before wanting to be told. */
async function firstOf(map: Session['map'], known: () => boolean): Promise<void> {
  if (known()) {
    return;
  }
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const subscription = map.onDidChange(() => {
    if (known()) {
      resolve(undefined);
    }
  });
  await Promise.race([promise, sleep(NO_NOTICE)]);
  subscription.dispose();
}

function bareAccount(key: string): Account {
  return { key, email: key, statusWords: '', state: 'unknown', tags: [] };
}

function bareCampaign(id: string): Campaign {
  return { id, name: '', statusWords: '', state: 'unknown', tags: [] };
}
