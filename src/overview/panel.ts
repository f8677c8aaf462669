import * as vscode from 'vscode';
import type { Connection } from '../connections/connection.ts';
import type { MapKeeper } from '../connections/mapKeeper.ts';
import type { Session, Sessions } from '../connections/sessions.ts';
import { overviewPanel, overviewState } from '../contributions.ts';
import { formatNumber } from '../format.ts';
import { capacity } from '../health/capacity.ts';
import { accountFigures } from '../queries/figures.ts';
import { stackOf } from '../transport/errors.ts';
import type { Lazy } from '../transport/lazy.ts';
import type { Log } from '../transport/log.ts';
import { inTurns } from '../transport/turns.ts';
import type { Formats, Notice, OverviewData } from './data.ts';
import { emailFigures, type ConnectionCapacity } from './emails.ts';
import { daysOf, type Recorded } from './history.ts';
import { linked } from './links.ts';
import { failureNotice, mapNotice, readingNotice } from './notices.ts';
import { renderOverview } from './page.ts';

const { t } = vscode.l10n;

/** Domains and campaigns that are named. */
const MOST_NAMED = 20;
/** Connections about which something is said. */
const MOST_NOTICES = 8;
/** A map that is older than this when the overview first shows it is synced, in milliseconds. */
const OLD = 5 * 60_000;
/** What the campaigns of one connection can send. */
type KnownCapacity = Pick<ConnectionCapacity, 'campaigns' | 'unknownLimits'>;

/** The time between two updates, in milliseconds: of a page without figures yet, of one that is read, and while a sync runs. */
const PACE = { first: 300, settled: 1000, syncing: 5000 };
/** Of the time between two updates, what making one may take. */
const SHARE = 0.1;

/**
 * The one panel of the overview. It follows the maps while it is visible, and sets its page only where that differs:
 * a new page keeps how far a person has scrolled, which VS Code sees to, but closes the tables that they opened and
 * takes the focus from a link. This is why it changes rarely while a sync runs.
 */
export class OverviewPanel implements vscode.Disposable {
  readonly #sessions: Sessions;
  readonly #keeper: Lazy<MapKeeper>;
  readonly #memento: vscode.Memento;
  readonly #extension: vscode.Uri;
  readonly #log: Log;
  readonly #subscriptions: vscode.Disposable;
  /** Ends with the panel, or with a session. */
  readonly #followed = new Map<string, vscode.Disposable>();
  #panel: vscode.WebviewPanel | undefined;
  #chosen: string | undefined;
  /** Why connections could not be started. */
  readonly #failures = new Map<string, unknown>();
  readonly #histories = new Map<
    string,
    { readonly syncedAt: number | undefined; readonly records: readonly Recorded[] }
  >();
  readonly #capacities = new Map<string, { readonly version: number } & KnownCapacity>();
  #formats: Formats | undefined;
  #html = '';
  #shown: keyof typeof PACE = 'first';
  #timer: NodeJS.Timeout | undefined;
  #updating = false;
  /** Goes up with each change; the page shows those until the one that was seen last. */
  #changes = 0;
  #seen = 0;
  /** When the last update ended, and how long it took, in milliseconds. */
  #last = { at: -Infinity, took: 0 };

  constructor(sessions: Sessions, keeper: Lazy<MapKeeper>, memento: vscode.Memento, extension: vscode.Uri, log: Log) {
    this.#sessions = sessions;
    this.#keeper = keeper;
    this.#memento = memento;
    this.#extension = extension;
    this.#log = log;
    const kept = memento.get<unknown>(overviewState);
    this.#chosen = typeof kept === 'string' ? kept : undefined;
    this.#subscriptions = vscode.Disposable.from(
      sessions.store.onDidChange(() => {
        if (this.#panel !== undefined) {
          void this.#start();
        }
        this.#soon(true);
      }),
      sessions.onDidStart((session) => {
        this.#follow(session);
        this.#soon();
      }),
      sessions.onDidEnd((id) => {
        this.#unfollow(id);
        this.#histories.delete(id);
        this.#capacities.delete(id);
        this.#soon();
      }),
    );
  }

  /** Whether a person can see it. */
  get visible(): boolean {
    return this.#panel?.visible === true;
  }

  /** Shows one connection, or all. */
  choose(connectionId: string | undefined): void {
    this.#chosen = connectionId;
    void this.#memento.update(overviewState, connectionId);
    this.#shown = 'first';
    if (this.#panel !== undefined) {
      void this.#start();
    }
    this.#soon(true);
  }

  /** Shows the panel, which is made where there is none. */
  open(): void {
    if (this.#panel === undefined) {
      this.take(vscode.window.createWebviewPanel(overviewPanel, '', vscode.ViewColumn.Active));
    } else {
      this.#panel.reveal();
    }
  }

  /** Takes a new panel, or one that VS Code kept from an earlier session. A second one goes. */
  take(panel: vscode.WebviewPanel): void {
    if (this.#panel !== undefined) {
      panel.dispose();
      return;
    }
    this.#panel = panel;
    panel.title = t('Overview');
    panel.iconPath = vscode.Uri.joinPath(this.#extension, 'media', 'icon.png');
    // Nothing in it runs; links run the commands that are named here, and those check what they are given.
    panel.webview.options = {
      enableScripts: false,
      enableForms: false,
      enableCommandUris: linked,
      localResourceRoots: [],
    };
    this.#html = '';
    this.#shown = 'first';
    panel.onDidChangeViewState(() => {
      if (panel.visible && this.#changes !== this.#seen) {
        this.#soon();
      }
    });
    panel.onDidDispose(() => {
      this.#panel = undefined;
      clearTimeout(this.#timer);
      this.#timer = undefined;
      for (const id of [...this.#followed.keys()]) {
        this.#unfollow(id);
      }
    });
    for (const session of this.#sessions.ready()) {
      this.#follow(session);
    }
    void this.#start();
    this.#soon(true);
  }

  dispose(): void {
    this.#panel?.dispose();
    this.#subscriptions.dispose();
  }

  #follow({ connection, map }: Session): void {
    if (this.#panel !== undefined && !this.#followed.has(connection.id)) {
      const soon = () => {
        this.#soon();
      };
      this.#followed.set(connection.id, vscode.Disposable.from(map.onDidChange(soon), map.onDidProgress(soon)));
    }
  }

  #unfollow(id: string): void {
    this.#followed.get(id)?.dispose();
    this.#followed.delete(id);
  }

  /** Updates as soon as the pace allows; at once where a person waits for it. */
  #soon(now = false): void {
    this.#changes += 1;
    if (this.#panel?.visible !== true || this.#updating) {
      return;
    }
    clearTimeout(this.#timer);
    const syncing = this.#shown === 'settled' && this.#chosenSessions().some(({ map }) => map.progress.running);
    const pace = Math.max(PACE[syncing ? 'syncing' : this.#shown], this.#last.took / SHARE);
    this.#timer = setTimeout(
      () => {
        void this.#update();
      },
      now ? 0 : Math.max(0, this.#last.at + pace - performance.now()),
    );
  }

  async #update(): Promise<void> {
    const started = performance.now();
    this.#updating = true;
    this.#seen = this.#changes;
    const chosen = this.#chosen;
    try {
      const data = await this.#read();
      this.#formats ??= createFormats();
      const html = renderOverview(data, this.#formats);
      if (this.#panel !== undefined && html !== this.#html && chosen === this.#chosen) {
        this.#html = html;
        this.#panel.webview.html = html;
        this.#shown = (data.accounts?.accounts ?? 0) > 0 ? 'settled' : 'first';
      }
    } catch (error) {
      // A mistake of ours: what was shown stays.
      this.#log.error(stackOf(error));
    }
    this.#updating = false;
    this.#last = { at: performance.now(), took: performance.now() - started };
    if (this.#changes !== this.#seen) {
      this.#soon();
    }
  }

  async #read(): Promise<OverviewData> {
    const { store } = this.#sessions;
    const sessions = this.#chosenSessions();
    // Before the figures: what comes in meanwhile may be missing in them, so nothing later may say that all is there.
    const notices = this.#notices();
    const complete = sessions.every(({ map }) => map.complete);
    const figures = await inTurns(
      accountFigures(
        sessions.map(({ map }) => map.accounts.records.rows),
        MOST_NAMED,
      ),
    );
    const known: ConnectionCapacity[] = [];
    for (const session of sessions) {
      const { connection, map } = session;
      // Before all is read, a campaign would seem to lack the senders that come later.
      if (map.accounts.known && map.campaigns.known) {
        const { graph } = map;
        known.push({ connectionId: connection.id, graph, ...(await this.#capacityOf(session)) });
      }
    }
    const { records } = await this.#keeper.get();
    const histories = await Promise.all(sessions.map((session) => this.#historyOf(session, records)));
    return {
      connections: store.list(),
      // One that is gone is not chosen any more: then all are shown.
      chosen: this.#chosen === undefined ? undefined : store.get(this.#chosen)?.id,
      notices,
      accounts: sessions.length === 0 ? undefined : figures,
      emails: known.length === 0 ? undefined : emailFigures(known, MOST_NAMED),
      days: daysOf(histories, Date.now(), complete ? figures.states : undefined),
    };
  }

  /** What the campaigns of a connection can send; worked out again where its map changed. */
  async #capacityOf({ connection: { id }, map }: Session): Promise<KnownCapacity> {
    const known = this.#capacities.get(id);
    if (known?.version === map.version) {
      return known;
    }
    const { version } = map;
    const { campaigns, counts } = await inTurns(capacity(map.graph));
    const worked = { version, campaigns, unknownLimits: counts.unknownLimits };
    this.#capacities.set(id, worked);
    return worked;
  }

  /** What is recorded of a connection, as of its last sync: reading it opens a file for each day. */
  async #historyOf(
    { connection: { id }, keyTag, map }: Session,
    records: MapKeeper['records'],
  ): Promise<readonly Recorded[]> {
    const known = this.#histories.get(id);
    if (known !== undefined && known.syncedAt === map.syncedAt) {
      return known.records;
    }
    const { syncedAt } = map;
    const read = await records.headers({ connectionId: id, keyTag }).catch((error: unknown) => {
      this.#log.warn(`The records of ${id} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    });
    this.#histories.set(id, { syncedAt, records: read });
    return read;
  }

  #chosenConnections(): readonly Connection[] {
    const all = this.#sessions.store.list();
    const chosen = all.filter(({ id }) => id === this.#chosen);
    return chosen.length === 0 ? all : chosen;
  }

  #chosenSessions(): readonly Session[] {
    return this.#chosenConnections()
      .map(({ id }) => this.#sessions.peek(id))
      .filter((session) => session !== undefined);
  }

  #notices(): Notice[] {
    const notices: Notice[] = [];
    for (const connection of this.#chosenConnections()) {
      const session = this.#sessions.peek(connection.id);
      const failure = this.#failures.get(connection.id);
      const notice =
        session !== undefined
          ? mapNotice(session)
          : failure === undefined
            ? readingNotice(connection)
            : failureNotice(connection, failure);
      if (notice !== undefined) {
        notices.push(notice);
      }
    }
    const more = notices.length - MOST_NOTICES;
    return more <= 0
      ? notices
      : [
          ...notices.slice(0, MOST_NOTICES),
          { kind: 'problem', text: t('{0} more connections are incomplete.', formatNumber(more)) },
        ];
  }

  /** Starts the connections that are chosen, one after the other; each comes when it is up. */
  async #start(): Promise<void> {
    this.#failures.clear();
    for (const { id } of this.#chosenConnections()) {
      try {
        const { map } = await this.#sessions.get(id);
        map.ensureFresh(OLD);
      } catch (error) {
        this.#failures.set(id, error);
        this.#soon();
      }
    }
  }
}

/** Made once: it takes longer than all that it formats. */
function createFormats(): Formats {
  const { language } = vscode.env;
  const share = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return {
    language,
    number: formatNumber,
    share: (value) => share.format(value),
    day: (date) => day.format(new Date(`${date}T00:00:00Z`)),
  };
}
