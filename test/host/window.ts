import { join } from 'node:path';
import * as vscode from 'vscode';
import { AnswerFiles } from '../../src/connections/answers.ts';
import { HealthKeeper } from '../../src/connections/healthKeeper.ts';
import { Snoozes } from '../../src/connections/snoozes.ts';
import { RecordFiles } from '../../src/health/recordFiles.ts';
import { Keychain } from '../../src/connections/keychain.ts';
import { MapKeeper } from '../../src/connections/mapKeeper.ts';
import { Network } from '../../src/connections/network.ts';
import { SampleWorkspace } from '../../src/connections/sample.ts';
import { Sessions } from '../../src/connections/sessions.ts';
import { ConnectionStore } from '../../src/connections/store.ts';
import { DocumentFileSystem } from '../../src/documents/fileSystem.ts';
import { SnapshotFiles } from '../../src/map/snapshotFiles.ts';
import type { Providers } from '../../src/providers/index.ts';
import { Redactor } from '../../src/transport/redaction.ts';
import { MemoryLog } from '../support/connect.ts';
import { lazy } from './world.ts';

/** A window of its own: a keychain, a state and a folder that other windows may share. */
export class Window {
  readonly log = new MemoryLog();
  readonly memento: vscode.Memento;
  readonly store: ConnectionStore;
  readonly keeper: MapKeeper;
  readonly sessions: Sessions;
  readonly answers: AnswerFiles;
  readonly records: RecordFiles;
  readonly snoozes: Snoozes;
  readonly health: HealthKeeper;
  readonly documents: DocumentFileSystem;
  readonly #parts: readonly { dispose(): void }[];

  constructor(providers: Providers, folder: string, secrets: Map<string, string>, state: Map<string, unknown>) {
    const storage: vscode.SecretStorage = {
      keys: () => Promise.resolve([...secrets.keys()]),
      get: (name) => Promise.resolve(secrets.get(name)),
      store: (name, value) => Promise.resolve(void secrets.set(name, value)),
      delete: (name) => Promise.resolve(void secrets.delete(name)),
      onDidChange: new vscode.EventEmitter<never>().event,
    };
    this.memento = {
      keys: () => [...state.keys()],
      get: <T>(name: string, otherwise?: T) => (state.has(name) ? (state.get(name) as T) : otherwise),
      update: (name, value) => Promise.resolve(void state.set(name, structuredClone(value))),
    };
    const redactor = lazy(new Redactor());
    const network = new Network();
    const sample = new SampleWorkspace();
    const allowed = () => true;
    this.answers = new AnswerFiles(join(folder, 'answers'), this.log, allowed);
    this.store = new ConnectionStore(this.memento, new Keychain(storage, redactor), providers);
    this.records = new RecordFiles(join(folder, 'records'), this.log, allowed);
    const maps = new SnapshotFiles(join(folder, 'maps'), this.log, allowed);
    this.keeper = new MapKeeper(maps, this.answers, this.records, 'en');
    this.sessions = new Sessions(this.store, network, sample, redactor, this.log, lazy(this.keeper));
    this.snoozes = new Snoozes(this.memento);
    this.health = new HealthKeeper(this.sessions, this.records, this.snoozes, this.log, 'en');
    this.documents = new DocumentFileSystem(this.sessions, this.answers, (id) => this.health.evaluated(id));
    this.#parts = [this.documents, this.health, this.snoozes, this.sessions, this.keeper, this.store, sample, network];
  }

  /** Ends as a window does, with everything saved. */
  async close(): Promise<void> {
    await this.keeper.flush();
    for (const part of this.#parts) {
      part.dispose();
    }
    await this.keeper.flush();
  }
}
