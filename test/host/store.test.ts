import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ConnectionStore } from '../../src/connections/store.ts';
import { connectionsState, secretOf } from '../../src/contributions.ts';
import { Redactor } from '../../src/transport/redaction.ts';

/** A keychain and a state that can be looked into, as those of VS Code cannot. `forgets`: it keeps nothing. */
function keychain(forgets = false) {
  const secrets = new Map<string, string>();
  const state = new Map<string, unknown>();
  const changed = new vscode.EventEmitter<vscode.SecretStorageChangeEvent>();
  const storage: vscode.SecretStorage = {
    keys: () => Promise.resolve([...secrets.keys()]),
    get: (name) => Promise.resolve(secrets.get(name)),
    store: (name, value) => {
      if (!forgets) {
        secrets.set(name, value);
      }
      return Promise.resolve();
    },
    delete: (name) => {
      secrets.delete(name);
      return Promise.resolve();
    },
    onDidChange: changed.event,
  };
  const memento: vscode.Memento = {
    keys: () => [...state.keys()],
    get: <T>(name: string, otherwise?: T) => (state.has(name) ? (state.get(name) as T) : otherwise),
    update: (name, value) => {
      state.set(name, value);
      return Promise.resolve();
    },
  };
  return { secrets, state, store: new ConnectionStore(memento, storage, new Redactor()) };
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
      const told: string[] = [];
      store.onDidChangeKey((id) => told.push(id));
      await store.replaceKey(first.connection.id, 'planted-c');
      assert.deepEqual(told, [first.connection.id]);
      assert.equal(secrets.get(secretOf(first.connection.id)), 'planted-c');
      await assert.rejects(store.replaceKey(first.connection.id, 'planted-b'), /already connected as "B"/);
    });

    it('notices a keychain that keeps nothing', async () => {
      const { store } = keychain(true);
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
  });
}
