import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { AnswerFiles } from '../../src/connections/answers.ts';
import { RecordFiles } from '../../src/health/recordFiles.ts';
import { Keychain } from '../../src/connections/keychain.ts';
import { MapKeeper } from '../../src/connections/mapKeeper.ts';
import { Network } from '../../src/connections/network.ts';
import { SampleWorkspace } from '../../src/connections/sample.ts';
import { Sessions } from '../../src/connections/sessions.ts';
import { ConnectionStore } from '../../src/connections/store.ts';
import { announcement, connectionsState, secretOf } from '../../src/contributions.ts';
import { SnapshotFiles } from '../../src/map/snapshotFiles.ts';
import { isServiceError, nextStep } from '../../src/transport/errors.ts';
import { providers } from '../../src/providers/index.ts';
import { Redactor } from '../../src/transport/redaction.ts';
import { connectionItem } from '../../src/tree/items.ts';
import { until } from '../support/until.ts';
import { lazy } from './world.ts';

type Call = 'get' | 'store' | 'delete' | 'update';

/** What goes wrong, by call: it refuses, or it never answers. */
type Trouble = Partial<Record<Call, 'refuses' | 'hangs'>>;

/** A keychain and a state that can be looked into and brought into trouble, as those of VS Code cannot. */
class Safe {
  readonly secrets = new Map<string, string>();
  readonly state = new Map<string, unknown>();
  trouble: Trouble = {};
  /** The keychain takes keys and keeps none. */
  forgets = false;
  readonly #changed = new vscode.EventEmitter<vscode.SecretStorageChangeEvent>();

  /** A store as a window has it; several of them share the keychain and the state, as windows do. */
  window(): ConnectionStore {
    const storage: vscode.SecretStorage = {
      keys: () => Promise.resolve([...this.secrets.keys()]),
      get: (name) => this.#answer('get', () => this.secrets.get(name)),
      store: (name, value) =>
        this.#answer('store', () => {
          if (name === announcement) {
            this.#changed.fire({ key: name });
          } else if (!this.forgets) {
            this.secrets.set(name, value);
          }
        }),
      delete: (name) =>
        this.#answer('delete', () => {
          this.secrets.delete(name);
        }),
      onDidChange: this.#changed.event,
    };
    const memento: vscode.Memento = {
      keys: () => [...this.state.keys()],
      get: <T>(name: string, otherwise?: T) => (this.state.has(name) ? (this.state.get(name) as T) : otherwise),
      update: (name, value) => {
        // As in VS Code, the own copy is new at once, and saving it may fail afterwards.
        this.state.set(name, value);
        return this.#answer('update', () => undefined);
      },
    };
    return new ConnectionStore(memento, new Keychain(storage, lazy(new Redactor()), 50), providers);
  }

  get labels(): string[] {
    return ((this.state.get(connectionsState) ?? []) as { label: string }[]).map(({ label }) => label);
  }

  #answer<T>(call: Call, answer: () => T): Promise<T> {
    switch (this.trouble[call]) {
      case 'hangs':
        return new Promise(() => undefined);
      case 'refuses':
        return Promise.reject(new TypeError('Cannot create an item in a locked collection'));
      default:
        return Promise.resolve().then(answer);
    }
  }
}

function keychain() {
  const safe = new Safe();
  return { safe, secrets: safe.secrets, state: safe.state, store: safe.window() };
}

export function describeStore(): void {
  describe('the store of connections', () => {
    it('keeps a key as one secret and nowhere else, and removes it with its connection', async () => {
      const { secrets, state, store } = keychain();
      const { connection, persisted } = await store.add('instantly', 'planted-store-key', 'Northwind');
      assert.ok(persisted);
      assert.deepEqual([...secrets], [[secretOf(connection.id), 'planted-store-key']]);
      assert.ok(!JSON.stringify([...state]).includes('planted'));
      await store.remove(connection.id);
      assert.equal(secrets.size, 0);
      assert.deepEqual(state.get(connectionsState), []);
    });

    it('replaces a key, tells its own window at once, and refuses one that another connection has', async () => {
      const { secrets, store } = keychain();
      const first = await store.add('instantly', 'planted-a', 'A');
      await store.add('instantly', 'planted-b', 'B');
      const announced: string[] = [];
      store.onDidChangeKey((id) => announced.push(id));
      await store.replaceKey(first.connection.id, 'planted-c');
      assert.deepEqual(announced, [first.connection.id]);
      assert.equal(secrets.get(secretOf(first.connection.id)), 'planted-c');
      await assert.rejects(store.replaceKey(first.connection.id, 'planted-b'), /already connected as "B"/);
    });

    it('tells other windows of every change once it is written', async () => {
      const safe = new Safe();
      const [one, other] = [safe.window(), safe.window()];
      let seen: string[] = [];
      other.onDidChange(() => {
        seen = other.list().map(({ label, sample }) => (sample ? `${label}, sample` : label));
      });
      const { connection } = await one.add('instantly', 'planted-a', 'A');
      await until(() => seen.join() === 'A');
      await one.rename(connection.id, 'Renamed');
      await until(() => seen.join() === 'Renamed');
      await one.addSample('smartlead', 'Try');
      await until(() => seen.join('; ') === 'Renamed; Try, sample');
      await one.remove(connection.id);
      await until(() => seen.join() === 'Try, sample');
      assert.deepEqual(seen, ['Try, sample']);
    });

    it('notices a keychain that keeps nothing', async () => {
      const { safe, store } = keychain();
      safe.forgets = true;
      assert.equal((await store.add('smartlead', 'planted-d', 'D')).persisted, false);
    });

    it('survives what an older version or another hand left in the state', () => {
      const { state, store } = keychain();
      state.set(connectionsState, [
        null,
        5,
        { id: 'x' },
        { id: 'y', provider: 'mailchimp' },
        { id: 'z', provider: 'instantly', keyVersion: 'of-an-older-version' },
      ]);
      assert.deepEqual(store.list(), [{ id: 'z', provider: 'instantly', label: 'z', sample: false }]);
    });

    it('makes one connection where the same key is added three times at once', async () => {
      const { safe, secrets, store } = keychain();
      const results = await Promise.allSettled(
        ['A', 'B', 'C'].map((label) => store.add('instantly', 'planted', label)),
      );
      assert.deepEqual(
        results.map(({ status }) => status),
        ['fulfilled', 'rejected', 'rejected'],
      );
      assert.match(String((results[1] as PromiseRejectedResult).reason), /already connected as "A"/);
      assert.deepEqual(safe.labels, ['A']);
      assert.equal(secrets.size, 1);
    });

    it('makes one connection where three windows add the same key at once', async () => {
      const { safe, secrets } = keychain();
      const results = await Promise.allSettled(
        ['A', 'B', 'C'].map((label) => safe.window().add('instantly', 'planted', label)),
      );
      assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
      assert.equal(safe.labels.length, 1);
      assert.equal(secrets.size, 1);
    });

    for (const how of ['refuses', 'hangs'] as const) {
      const failure = { name: 'SendmapError', kind: 'keychain', message: /keychain of this computer/ };

      it(`keeps and marks a connection whose key the keychain ${how} to delete, until it is removed`, async () => {
        const { safe, secrets, store } = keychain();
        const { connection } = await store.add('instantly', 'planted-a', 'A');
        safe.trouble = { delete: how };
        await assert.rejects(store.remove(connection.id), failure);
        assert.deepEqual(store.get(connection.id), { ...connection, keyStays: true });
        assert.equal(secrets.size, 1);
        const node = { kind: 'connection', id: connection.id, connectionId: connection.id } as const;
        const row = connectionItem(node, store.get(connection.id)!, providers.instantly, undefined, undefined, false);
        assert.equal(row.description, 'its key could not be removed');
        safe.trouble = {};
        await store.remove(connection.id);
        assert.deepEqual([safe.labels, secrets.size], [[], 0]);
      });

      it(`has an error of the closed set where the keychain ${how}, and can be tried again`, async () => {
        const { safe, secrets, store } = keychain();
        const { connection } = await store.add('instantly', 'planted-a', 'A');
        safe.trouble = { get: how };
        await assert.rejects(store.keyOf(connection.id), failure);
        await assert.rejects(store.findKey('instantly', 'planted-b'), failure);
        safe.trouble = { store: how };
        await assert.rejects(store.add('smartlead', 'planted-b', 'B'), failure);
        await assert.rejects(store.replaceKey(connection.id, 'planted-c'), failure);
        assert.deepEqual([safe.labels, [...secrets.values()]], [['A'], ['planted-a']]);
        safe.trouble = {};
        assert.equal(await store.keyOf(connection.id), 'planted-a');
        await store.add('smartlead', 'planted-b', 'B');
        assert.deepEqual(safe.labels, ['A', 'B']);
      });

      it(`starts no session while the keychain ${how}, says so, and starts it at the next try`, async () => {
        const { safe, store } = keychain();
        const { connection } = await store.add('instantly', 'planted-a', 'A');
        const folder = await mkdtemp(join(tmpdir(), 'sendmap-store-'));
        const ignore = () => undefined;
        const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
        const keeper = new MapKeeper(
          new SnapshotFiles(folder, log, () => true),
          new AnswerFiles(folder, log, () => true),
          new RecordFiles(folder, log, () => true),
          'en',
        );
        const [network, sample] = [new Network(), new SampleWorkspace()];
        const sessions = new Sessions(store, network, sample, lazy(new Redactor()), log, lazy(keeper));
        try {
          safe.trouble = { get: how };
          const error: unknown = await sessions.get(connection.id).then(
            () => undefined,
            (reason: unknown) => reason,
          );
          assert.ok(isServiceError(error) && error.kind === 'keychain', String(error));
          assert.equal(nextStep(error).fix, 'retry');
          safe.trouble = {};
          assert.equal((await sessions.get(connection.id)).connection.label, 'A');
        } finally {
          vscode.Disposable.from(sessions, keeper, network, sample).dispose();
          await rm(folder, { recursive: true });
        }
      });
    }

    it('leaves nothing in the keychain of a connection that could not be saved, and says so', async () => {
      const { safe, secrets, store } = keychain();
      safe.trouble = { update: 'refuses' };
      await assert.rejects(store.add('instantly', 'planted-a', 'A'), /could not save the list of connections/);
      assert.deepEqual([safe.labels, secrets.size, store.list()], [[], 0, []]);
    });

    it('keeps the key that a connection had where its new one could not be saved', async () => {
      const { safe, secrets, store } = keychain();
      const { connection } = await store.add('instantly', 'planted-a', 'A');
      safe.trouble = { update: 'refuses' };
      await assert.rejects(store.replaceKey(connection.id, 'planted-b'), /could not save the list of connections/);
      assert.deepEqual([...secrets.values()], ['planted-a']);
      assert.deepEqual(store.list(), [connection]);
    });

    it('takes a new key for a connection whose key has gone, and forgets that its removal failed', async () => {
      const { safe, secrets, store } = keychain();
      const { connection } = await store.add('instantly', 'planted-a', 'A');
      safe.trouble = { delete: 'refuses' };
      await assert.rejects(store.remove(connection.id));
      assert.equal(store.get(connection.id)?.keyStays, true);
      secrets.clear();
      assert.equal(await store.keyOf(connection.id), undefined);
      await store.replaceKey(connection.id, 'planted-b');
      assert.equal(store.get(connection.id)?.keyStays, undefined);
    });

    it('asks the keychain for nothing where a sample is added or removed', async () => {
      const { safe, store } = keychain();
      safe.trouble = { get: 'refuses', store: 'refuses', delete: 'refuses' };
      await store.addSample('instantly', 'Sample');
      await store.remove(store.list()[0]!.id);
      assert.deepEqual(safe.labels, []);
    });
  });
}
