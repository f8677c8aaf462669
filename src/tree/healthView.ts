import * as vscode from 'vscode';
import type { HealthKeeper, SessionHealth } from '../connections/healthKeeper.ts';
import type { Session, Sessions } from '../connections/sessions.ts';
import { formatNumber, formatShortDay } from '../format.ts';
import { isActive } from '../health/active.ts';
import type { Changes } from '../health/changes.ts';
import { impactOf } from '../health/impact.ts';
import type { Rule } from '../health/rule.ts';
import { rules } from '../health/rules/index.ts';
import { plainText } from '../plainText.ts';
import type { Account, Campaign } from '../providers/model.ts';
import { divide, type Share } from '../queries/divide.ts';
import { eachInSteps, inTurns, sortInSteps } from '../transport/turns.ts';
import { setViewMessage } from '../messages.ts';
import {
  findingAccountItem,
  findingCampaignItem,
  healthConnectionItem,
  ruleItem,
  ruleTooltip,
  shareItem,
} from './healthItems.ts';
import { HealthState } from './healthState.ts';
import { itemOrProblem, noticeItem, plainItem, rangeItem } from './items.ts';
import { boundsOfPart, partsOf } from './layout.ts';
import { NodeRegistry, type GroupNode, type Node } from './nodes.ts';
import { Notices } from './notices.ts';

const { t } = vscode.l10n;

/** A finding with more accounts than this is divided. */
const DIVIDED = 50;
/** A map that nobody has looked at for longer is synced when it is shown, in milliseconds. */
const OLD = 60_000;
/** Rows are asked for again at most this often, in milliseconds. */
const REPAINT = 500;

const RULE = 'rule:';
const SHARE = 'share:';
const CHANGES = 'changes';

/** What a row stands for: a row below it, or a list of them. */
type Entry =
  | { readonly kind: 'group'; readonly value: string; readonly share?: Share }
  | { readonly kind: 'account'; readonly key: string }
  | { readonly kind: 'campaign'; readonly id: string };

const CHANGE_KINDS = [
  'newlyBroken',
  'recovered',
  'scoreDrops',
  'campaignsPausedByService',
  'statusChanges',
  'campaignChanges',
  'joined',
  'left',
  'accountsAdded',
  'campaignsAdded',
] as const;

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
  readonly #changed = new vscode.EventEmitter<Node | Node[] | undefined>();
  /** What stands under a node, as it was last listed. */
  readonly #lists = new Map<string, readonly Entry[]>();
  readonly #shares = new Map<string, Share>();
  readonly #changesOf = new Map<string, { readonly syncedAt: number | undefined; readonly changes: Changes }>();
  /** The moment that each connection is compared with, where a person picked one; milliseconds since the epoch. */
  readonly #since = new Map<string, number>();
  readonly #subscription: vscode.Disposable;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** What stands under each connection, as VS Code was last told, and in which order. */
  readonly #faces = new Map<string, string>();
  readonly #orders = new Map<string, readonly Rule[]>();
  /** Rows whose record changed, and what each row says as VS Code last asked. */
  readonly #stale = new Map<string, Set<Node>>();
  readonly #said = new WeakMap<Node, string>();

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(sessions: Sessions, keeper: HealthKeeper, state: HealthState, view: vscode.TreeView<Node>) {
    this.#sessions = sessions;
    this.#keeper = keeper;
    this.state = state;
    this.#view = view;
    this.#subscription = vscode.Disposable.from(
      keeper.onDidChange((connectionId) => {
        this.#repaintSoon(connectionId);
      }),
      sessions.onDidStart((session) => {
        this.#follow(session);
      }),
      sessions.onDidEnd((connectionId) => {
        this.#nodes.forget(connectionId);
        for (const kept of [this.#since, this.#changesOf, this.#faces, this.#orders, this.#stale]) {
          kept.delete(connectionId);
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

  get visible(): boolean {
    return this.#view.visible;
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) {
      const all = this.#sessions.store.list();
      const shown = all.filter(({ id }) => this.state.shows(id));
      // Where only those are left that the filter leaves out, it would leave nothing to see.
      return (shown.length === 0 ? all : shown).map(({ id }) => this.#nodes.connection(id));
    }
    try {
      switch (node.kind) {
        case 'connection':
          return await this.#findingsOf(node);
        case 'group':
          return this.#listed(node, await this.#entriesUnder(node));
        case 'range': {
          const parent = this.#nodes.parentOf(node);
          const entries = (parent && this.#lists.get(parent.id)) ?? [];
          const { start, end } = boundsOfPart(entries.length, node.part);
          return entries.slice(start, end).map((entry) => this.#nodeOf(node, entry));
        }
        case 'account':
          return this.#campaignsUnder(node.connectionId, node.accountKey).map(({ id }) =>
            this.#nodes.campaign(node, id),
          );
        default:
          return [];
      }
    } catch (error) {
      return [this.#notices.error(node, 'session', error)];
    }
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return itemOrProblem(node, () => {
      const item = plainItem(this.#itemOf(node));
      if (node.kind === 'account' || node.kind === 'campaign' || node.kind === 'connection') {
        this.#said.set(node, wordsOf(item));
      }
      return item;
    });
  }

  async resolveTreeItem(item: vscode.TreeItem, node: Node): Promise<vscode.TreeItem> {
    const watched = this.#keeper.of(node.connectionId);
    const rule = node.kind === 'group' ? ruleIn(node) : undefined;
    const summary = watched?.health.summaries.find((known) => known.rule === rule);
    if (watched !== undefined && summary !== undefined) {
      const { health, session } = watched;
      const accounts =
        summary.rule.about === 'account' ? await inTurns(health.accountsWith(summary.rule.id)) : undefined;
      const impact = accounts && (await inTurns(impactOf(session.map.graph, accounts)));
      item.tooltip = plainText(ruleTooltip(summary, impact), 2000);
    }
    return item;
  }

  getParent(node: Node): Node | undefined {
    return this.#nodes.parentOf(node);
  }

  /** Whether a row is one of this view. */
  has(node: Node): boolean {
    return this.#nodes.has(node);
  }

  /** Whether a row stands for all that a rule fires for. */
  isRule(node: Node): boolean {
    return node.kind === 'group' && ruleIn(node) !== undefined;
  }

  /** Whether a row stands for campaigns; those of other views do not. */
  isAboutCampaigns(node: Node): boolean {
    return this.has(node) && (node.kind === 'campaign' || this.ruleOf(node)?.about === 'campaign');
  }

  /** The rule under which a row stands; undefined for what stands elsewhere. */
  ruleOf(node: Node): Rule | undefined {
    for (let above: Node | undefined = node; above !== undefined; above = this.#nodes.parentOf(above)) {
      const rule = above.kind === 'group' ? ruleIn(above) : undefined;
      if (rule !== undefined) {
        return rule;
      }
    }
    return undefined;
  }

  /** The accounts of a row: its own, or those of a finding or of a part of it. */
  async accountsOf(node: Node): Promise<readonly Account[]> {
    const { map } = await this.#sessions.get(node.connectionId);
    if (node.kind === 'account') {
      const account = map.graph.account(node.accountKey);
      return account === undefined ? [] : [account];
    }
    const share = this.#shares.get(node.id);
    if (share !== undefined) {
      return share.accounts;
    }
    const rule = node.kind === 'group' ? ruleIn(node) : undefined;
    const watched = await this.#keeper.evaluated(node.connectionId);
    if (rule?.about === 'account' && watched !== undefined) {
      return inTurns(watched.health.accountsWith(rule.id));
    }
    const entries = node.kind === 'connection' ? [] : await this.#entriesOfRange(node);
    return entries
      .flatMap((entry) => (entry.kind === 'account' ? [map.graph.account(entry.key)] : []))
      .filter((account) => account !== undefined);
  }

  /** The same for campaigns. */
  async campaignsOf(node: Node): Promise<readonly Campaign[]> {
    const { map } = await this.#sessions.get(node.connectionId);
    if (node.kind === 'campaign') {
      const campaign = map.graph.campaign(node.campaignId);
      return campaign === undefined ? [] : [campaign];
    }
    const entries = node.kind === 'connection' || node.kind === 'account' ? [] : await this.#entriesOfRange(node);
    return entries
      .flatMap((entry) => (entry.kind === 'campaign' ? [map.graph.campaign(entry.id)] : []))
      .filter((campaign) => campaign !== undefined);
  }

  /** Compares a connection with another moment; its section says so. */
  compareSince(connectionId: string, time: number): void {
    this.#since.set(connectionId, time);
    this.#changesOf.delete(connectionId);
    this.#changed.fire(this.#nodes.connection(connectionId));
  }

  dispose(): void {
    for (const timer of this.#timers.values()) {
      clearTimeout(timer);
    }
    this.#subscription.dispose();
    this.state.dispose();
    this.#changed.dispose();
  }

  async #findingsOf(node: Node): Promise<Node[]> {
    const session = await this.#sessions.get(node.connectionId);
    const { map } = session;
    map.ensureFresh(map.empty ? Infinity : OLD);
    const watched = await this.#keeper.evaluated(node.connectionId);
    const children = await this.#childrenOf(node, session, watched);
    this.#faces.set(node.connectionId, this.#faceOf(node.connectionId, children));
    return children;
  }

  async #childrenOf(node: Node, session: Session, watched: SessionHealth | undefined): Promise<Node[]> {
    const { map } = session;
    const notices = this.#notices.above(node, session);
    if (watched === undefined || map.accounts.records.size + map.campaigns.records.size === 0) {
      return notices.length > 0 ? notices : [this.#notices.empty(node, session, false, t('Nothing to check yet'))];
    }
    const groups: Node[] = this.#rulesIn(watched)
      .filter(({ severity }) => this.state.severities.includes(severity))
      .map(({ id }) => this.#nodes.group(node, `${RULE}${id}`));
    if (groups.length === 0 && !map.progress.running) {
      const hidden = watched.health.summaries.length > 0;
      const label = hidden ? t('Nothing here matches the filter') : t('All is well: no rule fires');
      groups.push(this.#nodes.notice(node, 'well', { type: 'note', label }));
    }
    const since = await this.#baselineOf(watched);
    const changes = since === undefined ? [] : [this.#nodes.group(node, CHANGES)];
    return [...notices, ...groups, ...changes];
  }

  /** The rules that fire, the worst first. While a sync runs, those that stand there keep their place. */
  #rulesIn({ session: { connection, map }, health }: SessionHealth): readonly Rule[] {
    const found = health.summaries.map(({ rule }) => rule);
    const before = map.progress.running ? (this.#orders.get(connection.id) ?? []) : [];
    const order = [...before.filter((rule) => found.includes(rule)), ...found.filter((rule) => !before.includes(rule))];
    this.#orders.set(connection.id, order);
    return order;
  }

  /** What tells whether VS Code has to be told of other rows. */
  #faceOf(connectionId: string, children: readonly Node[]): string {
    const version = this.#keeper.of(connectionId)?.health.version;
    return JSON.stringify([
      version,
      this.#since.get(connectionId),
      children.map((child) => (child.kind === 'notice' ? [child.id, child.notice] : child.id)),
    ]);
  }

  async #entriesOfRange(node: Node): Promise<readonly Entry[]> {
    if (node.kind === 'group') {
      return this.#entriesUnder(node);
    }
    const parent = this.#nodes.parentOf(node);
    const entries = (parent && this.#lists.get(parent.id)) ?? [];
    if (node.kind !== 'range') {
      return [];
    }
    const { start, end } = boundsOfPart(entries.length, node.part);
    return entries.slice(start, end);
  }

  async #entriesUnder(node: GroupNode): Promise<readonly Entry[]> {
    const watched = await this.#keeper.evaluated(node.connectionId);
    if (watched === undefined) {
      return [];
    }
    const rule = ruleIn(node);
    if (rule !== undefined) {
      return rule.about === 'account' ? this.#accountEntries(watched, rule) : campaignEntries(watched, rule);
    }
    const share = this.#shares.get(node.id);
    if (share !== undefined) {
      return share.accounts.map(({ key }): Entry => ({ kind: 'account', key }));
    }
    return this.#changeEntries(watched, node);
  }

  async #accountEntries(watched: SessionHealth, rule: Rule): Promise<readonly Entry[]> {
    const { health, session } = watched;
    const found = await inTurns(health.accountsWith(rule.id));
    const emails = found.map(({ key }) => health.emailsOfAccount(key));
    const order = await inTurns(
      sortInSteps(
        found.length,
        (a, b) => (emails[b] ?? 0) - (emails[a] ?? 0) || ((found[a]?.email ?? '') < (found[b]?.email ?? '') ? -1 : 1),
      ),
    );
    const accounts = Array.from(order, (place) => found[place]).filter((account) => account !== undefined);
    const { division } = this.state;
    if (accounts.length <= DIVIDED && division !== 'domain') {
      return accounts.map(({ key }): Entry => ({ kind: 'account', key }));
    }
    const shares = await inTurns(divide(accounts, session.map.graph, division));
    const burnt = (share: Share) => division === 'domain' && health.isBurnt(share.value, rule.id);
    if (accounts.length <= DIVIDED) {
      // Few enough to be seen at once, but for domains that fail as a whole.
      const groups = shares.filter(burnt);
      const grouped = new Set(groups.flatMap((share) => share.accounts.map(({ key }) => key)));
      return [
        ...groups.map((share) => this.#shareEntry(share)),
        ...accounts.filter(({ key }) => !grouped.has(key)).map(({ key }): Entry => ({ kind: 'account', key })),
      ];
    }
    return [...shares.filter(burnt), ...shares.filter((share) => !burnt(share))].map((share) =>
      this.#shareEntry(share),
    );
  }

  #shareEntry(share: Share): Entry {
    return { kind: 'group', value: `${SHARE}${share.value}`, share };
  }

  async #changeEntries(watched: SessionHealth, node: GroupNode): Promise<readonly Entry[]> {
    const changes = await this.#changesIn(watched);
    if (changes === undefined) {
      return [];
    }
    if (node.value === CHANGES) {
      return CHANGE_KINDS.filter((kind) => changes[kind].length > 0).map((kind) => ({ kind: 'group', value: kind }));
    }
    const entries: Entry[] = [];
    for (const kind of CHANGE_KINDS) {
      if (kind === node.value) {
        for (const change of changes[kind]) {
          entries.push(
            'account' in change
              ? { kind: 'account', key: change.account.key }
              : 'campaign' in change
                ? { kind: 'campaign', id: change.campaign.id }
                : 'email' in change
                  ? { kind: 'account', key: change.key }
                  : { kind: 'campaign', id: change.id },
          );
        }
      }
    }
    // An account may have joined several campaigns: its row stands once.
    const met = new Set<string>();
    return entries.filter((entry) => {
      const name = JSON.stringify(entry);
      return met.size < met.add(name).size;
    });
  }

  async #changesIn(watched: SessionHealth): Promise<Changes | undefined> {
    const { connection, map } = watched.session;
    const known = this.#changesOf.get(connection.id);
    if (known?.syncedAt === map.syncedAt && known !== undefined) {
      return known.changes;
    }
    const since = await this.#baselineOf(watched);
    const changes = since === undefined ? undefined : await watched.changesSince(since);
    if (changes !== undefined) {
      this.#changesOf.set(connection.id, { syncedAt: map.syncedAt, changes });
    }
    return changes;
  }

  /** The last record of an earlier day, or else the one before the last: what a person saw before. */
  async #baselineOf(watched: SessionHealth): Promise<number | undefined> {
    const { id } = watched.session.connection;
    const times = await watched.recordTimes();
    const picked = this.#since.get(id);
    if (picked !== undefined && times.includes(picked)) {
      return picked;
    }
    const midnight = new Date().setHours(0, 0, 0, 0);
    return times.find((time) => time < midnight) ?? times[1];
  }

  #listed(parent: GroupNode, entries: readonly Entry[]): Node[] {
    this.#lists.set(parent.id, entries);
    const parts = partsOf(entries.length);
    return parts === 0
      ? entries.map((entry) => this.#nodeOf(parent, entry))
      : Array.from({ length: parts }, (_, part) => this.#nodes.range(parent, part));
  }

  #nodeOf(parent: Node, entry: Entry): Node {
    switch (entry.kind) {
      case 'account':
        return this.#nodes.account(parent, entry.key);
      case 'campaign':
        return this.#nodes.campaign(parent, entry.id);
      case 'group': {
        const node = this.#nodes.group(parent, entry.value);
        if (entry.share !== undefined) {
          this.#shares.set(node.id, entry.share);
        }
        return node;
      }
    }
  }

  #itemOf(node: Node): vscode.TreeItem {
    const watched = this.#keeper.of(node.connectionId);
    switch (node.kind) {
      case 'connection':
        return this.#connectionItem(node.id, node.connectionId, watched);
      case 'notice':
        return noticeItem(node);
      case 'range': {
        const parent = this.#nodes.parentOf(node);
        const entries = (parent && this.#lists.get(parent.id)) ?? [];
        const { start, end } = boundsOfPart(entries.length, node.part);
        const labelAt = (place: number) => {
          const label = this.#labelOf(entries[place], watched);
          return { label, tooltip: label };
        };
        return rangeItem(node, labelAt(start), labelAt(end - 1), start, end - start, true);
      }
      case 'filter':
        // This view has none.
        return new vscode.TreeItem('');
      case 'group':
        return this.#groupItem(node, watched);
      case 'account': {
        const account = watched?.session.map.graph.account(node.accountKey);
        return account === undefined || watched === undefined
          ? new vscode.TreeItem(node.accountKey)
          : findingAccountItem(node, account, this.ruleOf(node), watched);
      }
      case 'campaign': {
        const campaign = watched?.session.map.graph.campaign(node.campaignId);
        return campaign === undefined || watched === undefined
          ? new vscode.TreeItem(node.campaignId)
          : findingCampaignItem(node, campaign, node.accountKey === undefined ? this.ruleOf(node) : undefined, watched);
      }
    }
  }

  #connectionItem(id: string, connectionId: string, watched: SessionHealth | undefined): vscode.TreeItem {
    const connection = this.#sessions.connection(connectionId);
    const info = this.#sessions.providers[connection.provider];
    const few = this.#sessions.store.list().length <= 2;
    return healthConnectionItem(id, connection, info, watched?.health, few);
  }

  #groupItem(node: GroupNode, watched: SessionHealth | undefined): vscode.TreeItem {
    const rule = ruleIn(node);
    if (rule !== undefined) {
      const summary = watched?.health.summaries.find((known) => known.rule === rule);
      return ruleItem(node, summary ?? { rule, count: 0, emailsPerDay: 0 });
    }
    const share = this.#shares.get(node.id);
    if (share !== undefined) {
      const above = this.ruleOf(node);
      const { division } = this.state;
      const domain =
        division === 'domain' && watched !== undefined && above !== undefined && share.value !== ''
          ? {
              mailboxes: watched.health.mailboxesOf(share.value),
              burnt: watched.health.isBurnt(share.value, above.id),
            }
          : undefined;
      return shareItem(node, share.label, share.accounts.length, domain);
    }
    const known = this.#changesOf.get(node.connectionId)?.changes;
    const { Collapsed } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(node.value === CHANGES ? t('What changed') : changeWords(node.value), Collapsed);
    item.id = node.id;
    item.iconPath = new vscode.ThemeIcon(node.value === CHANGES ? 'history' : 'diff');
    const kind = CHANGE_KINDS.find((one) => one === node.value);
    if (known !== undefined) {
      item.description =
        kind === undefined ? t('since {0}', formatShortDay(known.since)) : formatNumber(known[kind].length);
    }
    item.contextValue = node.value === CHANGES ? 'changes' : 'group accounts';
    return item;
  }

  #labelOf(entry: Entry | undefined, watched: SessionHealth | undefined): string {
    const graph = watched?.session.map.graph;
    switch (entry?.kind) {
      case 'account':
        return graph?.account(entry.key)?.email ?? entry.key;
      case 'campaign':
        return graph?.campaign(entry.id)?.name ?? entry.id;
      default:
        return entry?.share?.label ?? '';
    }
  }

  #campaignsUnder(connectionId: string, accountKey: string): readonly Campaign[] {
    const graph = this.#sessions.peek(connectionId)?.map.graph;
    return (graph?.campaignsOf(accountKey) ?? []).map(({ campaign }) => campaign).filter(isActive);
  }

  #repaintSoon(connectionId: string): void {
    if (!this.#timers.has(connectionId)) {
      this.#timers.set(
        connectionId,
        setTimeout(() => {
          this.#timers.delete(connectionId);
          this.#repaint(connectionId).catch(() => {
            // What went wrong stands in the row that VS Code asks for next.
            this.#changed.fire(this.#nodes.connection(connectionId));
          });
        }, REPAINT),
      );
    }
  }

  /** What a session tells of its map. The view may be made after it has started. */
  #follow({ connection: { id }, map }: Session): void {
    map.onDidProgress(() => {
      if (!map.progress.running) {
        this.#repaintSoon(id);
      }
    });
    map.onDidChange(({ accounts, campaigns }) => {
      const stale = this.#stale.get(id) ?? new Set();
      for (const [kind, keys] of [
        ['account', accounts],
        ['campaign', campaigns],
      ] as const) {
        for (const key of keys) {
          for (const row of this.#nodes.rowsOf(kind, id, key)) {
            stale.add(row);
          }
        }
      }
      if (stale.size > 0) {
        this.#stale.set(id, stale);
        this.#repaintSoon(id);
      }
    });
  }

  /** Has VS Code ask again where it would be told something else: for all of a connection, or for rows of it. */
  async #repaint(connectionId: string): Promise<void> {
    const session = this.#sessions.peek(connectionId);
    const watched = this.#keeper.of(connectionId);
    const before = this.#faces.get(connectionId);
    const stale = this.#stale.get(connectionId) ?? [];
    this.#stale.delete(connectionId);
    if (session === undefined) {
      return;
    }
    const node = this.#nodes.connection(connectionId);
    const face = this.#faceOf(connectionId, await this.#childrenOf(node, session, watched));
    if (face !== before || !this.#says(node)) {
      this.#faces.set(connectionId, face);
      this.#changed.fire(node);
      return;
    }
    const rows: Node[] = [];
    await inTurns(
      eachInSteps(stale, (row) => {
        if (this.#said.has(row) && !this.#says(row)) {
          rows.push(row);
        }
      }),
    );
    if (rows.length > 0) {
      this.#changed.fire(rows);
    }
  }

  /** Whether a row says what it would say now. */
  #says(node: Node): boolean {
    return this.#said.get(node) === wordsOf(plainItem(this.#itemOf(node)));
  }

  /** Says above the rows what is left out. */
  #showFilter(): void {
    setViewMessage(this.#view, this.state.words);
  }
}

function campaignEntries({ health }: SessionHealth, rule: Rule): readonly Entry[] {
  return health
    .campaignsWith(rule.id)
    .sort(
      (a, b) =>
        health.emailsOfCampaign(b.id, rule.id) - health.emailsOfCampaign(a.id, rule.id) || (a.name < b.name ? -1 : 1),
    )
    .map(({ id }): Entry => ({ kind: 'campaign', id }));
}

/** What a person sees of a row. */
function wordsOf({ label, description, iconPath, collapsibleState }: vscode.TreeItem): string {
  return JSON.stringify([label, description, iconPath, collapsibleState]);
}

function ruleIn({ value }: GroupNode): Rule | undefined {
  return value.startsWith(RULE) ? rules.find(({ id }) => id === value.slice(RULE.length)) : undefined;
}

function changeWords(kind: string): string {
  const words: Readonly<Record<string, () => string>> = {
    newlyBroken: () => t('Newly broken'),
    recovered: () => t('Recovered'),
    scoreDrops: () => t('Warmup score fell'),
    campaignsPausedByService: () => t('Campaigns stopped by the service'),
    statusChanges: () => t('Other status of accounts'),
    campaignChanges: () => t('Other status of campaigns'),
    joined: () => t('Joined a campaign'),
    left: () => t('Left a campaign'),
    accountsAdded: () => t('New accounts'),
    campaignsAdded: () => t('New campaigns'),
  };
  return words[kind]?.() ?? kind;
}
