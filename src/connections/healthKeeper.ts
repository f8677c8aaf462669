import * as vscode from 'vscode';
import { healthSection } from '../contributions.ts';
import type { KeyOwner } from '../files/keyFiles.ts';
import { Calendar } from '../health/calendar.ts';
import { changesSince, type Changes } from '../health/changes.ts';
import { Health, type CriticalNow, type HealthOptions } from '../health/health.ts';
import { Earlier } from '../health/earlier.ts';
import type { RecordHeader } from '../health/record.ts';
import type { RecordFiles } from '../health/recordFiles.ts';
import { setLanguage } from '../health/words.ts';
import type { Graph } from '../map/graph.ts';
import type { Log } from '../transport/log.ts';
import { inTurns } from '../transport/turns.ts';
import { rulesTurnedOff, thresholdsFromSettings } from './healthSettings.ts';
import type { Session, Sessions } from './sessions.ts';
import type { Snoozes } from './snoozes.ts';

/** Changes are evaluated at most this often, in milliseconds. */
const PACE = 300;
/** The share of the time that evaluating may take while changes keep coming. */
const SHARE = 0.05;

/** How the map of a session is doing. */
export interface SessionHealth {
  readonly session: Session;
  readonly health: Health;
  /** When records of it were made, the newest first; milliseconds since the epoch. */
  recordTimes(): Promise<number[]>;
  /** What records say of themselves, the newest first. */
  recordHeaders(): Promise<RecordHeader[]>;
  /** What changed since a record. @returns undefined where that record is gone. @throws {RecordError} */
  changesSince(time: number): Promise<Changes | undefined>;
}

/** Critical findings that are new after a sync. */
export interface NewFindings {
  readonly connectionId: string;
  readonly count: number;
}

/** Keeps the health of all sessions up to date, and records what their maps say at the end of each sync. */
export class HealthKeeper implements vscode.Disposable {
  readonly #records: RecordFiles;
  readonly #snoozes: Snoozes;
  readonly #log: Log;
  readonly #watches = new Map<string, Watch>();
  readonly #byGraph = new WeakMap<Graph, Health>();
  readonly #changed = new vscode.EventEmitter<string>();
  readonly #found = new vscode.EventEmitter<NewFindings>();
  readonly #subscription: vscode.Disposable;

  /** Fires with the id of a connection whose findings are others now, or of which there is a new record. */
  readonly onDidChange = this.#changed.event;
  /** Fires after a sync that found something critical that was not there before. */
  readonly onDidFind = this.#found.event;

  /** @param language of numbers and days in what shows a finding. */
  constructor(sessions: Sessions, records: RecordFiles, snoozes: Snoozes, log: Log, language: string) {
    setLanguage(language);
    this.#records = records;
    this.#snoozes = snoozes;
    this.#log = log;
    const evaluateAll = () => {
      for (const watch of this.#watches.values()) {
        watch.evaluateAll();
      }
    };
    this.#subscription = vscode.Disposable.from(
      sessions.onDidStart((session) => {
        this.#watch(session);
      }),
      sessions.onDidEnd((connectionId) => {
        this.#watches.get(connectionId)?.dispose();
        this.#watches.delete(connectionId);
        this.#changed.fire(connectionId);
      }),
      snoozes.onDidChange(evaluateAll),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(healthSection)) {
          evaluateAll();
        }
      }),
    );
    for (const session of sessions.ready()) {
      this.#watch(session);
    }
  }

  /** The health of a session that is up; undefined where it is not. */
  of(connectionId: string): SessionHealth | undefined {
    return this.#watches.get(connectionId);
  }

  /** The same, once everything is evaluated and what changed by now is too. */
  async evaluated(connectionId: string): Promise<SessionHealth | undefined> {
    const watch = this.#watches.get(connectionId);
    await watch?.settled();
    return watch;
  }

  /** The health of a map; undefined where it is of no session. */
  healthOf(graph: Graph): Health | undefined {
    return this.#byGraph.get(graph);
  }

  all(): readonly SessionHealth[] {
    return [...this.#watches.values()];
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const watch of this.#watches.values()) {
      watch.dispose();
    }
    this.#changed.dispose();
    this.#found.dispose();
  }

  #watch(session: Session): void {
    const { id } = session.connection;
    this.#watches.get(id)?.dispose();
    const watch = new Watch(session, this.#records, this.#snoozes, this.#log, {
      onChange: () => {
        this.#changed.fire(id);
      },
      onFind: (count) => {
        this.#found.fire({ connectionId: id, count });
      },
    });
    this.#watches.set(id, watch);
    this.#byGraph.set(session.map.graph, watch.health);
  }
}

interface WatchEvents {
  readonly onChange: () => void;
  readonly onFind: (count: number) => void;
}

/** One session: evaluates what changes, at a pace that leaves time for everything else. */
class Watch implements SessionHealth {
  readonly session: Session;
  readonly health: Health;
  readonly #records: RecordFiles;
  readonly #snoozes: Snoozes;
  readonly #events: WatchEvents;
  readonly #owner: KeyOwner;
  readonly #write: ReturnType<RecordFiles['writer']>;
  readonly #earlier: Earlier;
  readonly #subscriptions: readonly { dispose(): void }[];
  #accounts = new Set<string>();
  #campaigns = new Set<string>();
  #all = true;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  /** When changes may be evaluated next, in milliseconds on the monotonic clock. */
  #next = 0;
  #disposed = false;
  #recordedAt: number | undefined;
  #critical: CriticalNow | undefined;
  readonly #calendar = new Calendar(Date.now());

  constructor(session: Session, records: RecordFiles, snoozes: Snoozes, log: Log, events: WatchEvents) {
    const { map, connection, keyTag } = session;
    this.session = session;
    this.#records = records;
    this.#snoozes = snoozes;
    this.#events = events;
    this.#owner = { connectionId: connection.id, keyTag };
    this.#write = records.writer(this.#owner);
    this.#earlier = new Earlier(
      map.graph,
      { times: () => records.times(this.#owner), read: (time) => records.read(this.#owner, time) },
      (error) => {
        log.warn(`A record of ${connection.id} cannot be read: ${String(error)}`);
      },
    );
    this.health = new Health(map.graph, this.#options());
    this.#recordedAt = map.syncedAt;
    let known = '';
    let wasRunning = map.progress.running;
    this.#subscriptions = [
      this.health.onDidChange(events.onChange),
      map.onDidChange(({ accounts, campaigns }) => {
        for (const key of accounts) {
          this.#accounts.add(key);
        }
        for (const id of campaigns) {
          this.#campaigns.add(id);
        }
        this.#later();
      }),
      map.onDidProgress(() => {
        const { running, scan } = map.progress;
        // What is unknown fires no rule: all is evaluated again once it is known.
        const now = [map.accounts.known, map.campaigns.known, scan?.scanned === scan?.total].join();
        if (now !== known) {
          known = now;
          this.#all = true;
          this.#later();
        }
        if (wasRunning && !running) {
          void this.#endOfSync();
        }
        wasRunning = running;
      }),
    ];
    this.#working = this.#start();
  }

  /** Evaluates everything again, because thresholds or snoozes changed. */
  evaluateAll(): void {
    this.#all = true;
    this.#next = 0;
    this.#later(0);
  }

  /** Resolves when everything that changed by now is evaluated. */
  async settled(): Promise<void> {
    // What is under way began before; what changes after this call is evaluated at its own pace.
    await this.#working;
    if (!this.#disposed && this.#pending) {
      await this.#work();
    }
  }

  recordTimes(): Promise<number[]> {
    return this.#records.times(this.#owner);
  }

  recordHeaders(): Promise<RecordHeader[]> {
    return this.#records.headers(this.#owner);
  }

  async changesSince(time: number): Promise<Changes | undefined> {
    const bytes = await this.#records.read(this.#owner, time);
    const { scoreDrop } = thresholdsFromSettings();
    return bytes && changesSince(this.session.map.graph, time, bytes, scoreDrop);
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
  }

  async #start(): Promise<void> {
    await this.#earlier.update();
    this.#working = undefined;
    await this.#work();
    // Of a map that nobody has read nothing is known, so that the first sync finds nothing new.
    this.#critical = this.session.map.empty ? undefined : this.health.critical();
  }

  #options(): HealthOptions {
    const { map, connection } = this.session;
    return {
      thresholds: thresholdsFromSettings(),
      off: rulesTurnedOff(),
      before: (number) => this.#earlier.of(number),
      snoozed: (kind, id) => this.#snoozes.of(connection.id, kind, id),
      complete: () => map.complete,
      today: (timezone) => this.#calendar.today(timezone),
    };
  }

  #later(delay = PACE): void {
    if (!this.#disposed) {
      this.#timer ??= setTimeout(
        () => {
          void this.#work();
        },
        Math.max(delay, this.#next - performance.now()),
      );
    }
  }

  /** Whether something changed that is not evaluated yet. */
  get #pending(): boolean {
    return this.#all || this.#accounts.size > 0 || this.#campaigns.size > 0;
  }

  /** One at a time; what comes meanwhile is evaluated after it, and later the longer this took. */
  #work(): Promise<void> {
    this.#working ??= this.#evaluate().finally(() => {
      this.#working = undefined;
    });
    return this.#working;
  }

  async #evaluate(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#disposed) {
      return;
    }
    const started = performance.now();
    const [accounts, campaigns] = [this.#accounts, this.#campaigns];
    const all = this.#calendar.turn(Date.now()) || this.#all;
    this.#accounts = new Set();
    this.#campaigns = new Set();
    this.#all = false;
    await inTurns(all ? this.health.evaluate(this.#options()) : this.health.update({ accounts, campaigns }));
    const now = performance.now();
    this.#next = now + (now - started) / SHARE;
    if (this.#pending) {
      this.#later();
    }
  }

  /** Of a whole map there is a record; a part of one would say later that the rest has come. */
  async #endOfSync(): Promise<void> {
    const { map } = this.session;
    await this.settled();
    const before = this.#critical;
    this.#critical = this.health.critical();
    const found = before === undefined ? 0 : this.health.newCritical(before);
    if (found > 0 && !this.#disposed) {
      this.#events.onFind(found);
    }
    const { syncedAt } = map;
    if (map.complete && syncedAt !== undefined && syncedAt !== this.#recordedAt && !this.#disposed) {
      this.#recordedAt = syncedAt;
      const at = Date.now();
      await this.#write(map.graph, at, (number) => this.#earlier.idleSince(number));
      await this.#earlier.update(at);
      this.#events.onChange();
      this.#all = true;
      this.#later();
    }
  }
}
