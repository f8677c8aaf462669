import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { connectionsState, secretOf } from '../contributions.ts';
import { list } from '../providers/fields.ts';
import type { ProviderId } from '../providers/model.ts';
import type { Redactor } from '../transport/redaction.ts';
import { connectionId, decodeConnection, type Connection } from './connection.ts';
import { sampleKeys } from './sample.ts';

/** The key of a new connection is already stored under another one. */
export class DuplicateKeyError extends Error {
  override readonly name = 'DuplicateKeyError';
  readonly connection: Connection;

  constructor(connection: Connection) {
    super(vscode.l10n.t('This key is already connected as "{0}".', connection.label));
    this.connection = connection;
  }
}

/**
 * The connections of this user: metadata in the global state, which all windows share, and one secret for each in
 * `SecretStorage`. Nothing else in Sendmap writes either.
 */
export class ConnectionStore implements vscode.Disposable {
  readonly #state: vscode.Memento;
  readonly #secrets: vscode.SecretStorage;
  readonly #redactor: Redactor;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #keyChanged = new vscode.EventEmitter<string>();
  readonly #subscription: vscode.Disposable;

  /** Fires when connections were added, renamed or removed, in this window or another. */
  readonly onDidChange = this.#changed.event;
  /** Fires with the id of a connection whose key was replaced or removed, possibly more than once. */
  readonly onDidChangeKey = this.#keyChanged.event;

  constructor(state: vscode.Memento, secrets: vscode.SecretStorage, redactor: Redactor) {
    this.#state = state;
    this.#secrets = secrets;
    this.#redactor = redactor;
    // Secrets are the only state whose changes reach other windows, so they announce the connections too.
    this.#subscription = secrets.onDidChange(({ key }) => {
      const prefix = secretOf('');
      if (key.startsWith(prefix)) {
        this.#keyChanged.fire(key.slice(prefix.length));
        this.#changed.fire();
      }
    });
  }

  list(): readonly Connection[] {
    return list(this.#state.get<unknown>(connectionsState), decodeConnection) ?? [];
  }

  get(id: string): Connection | undefined {
    return this.list().find((connection) => connection.id === id);
  }

  /** The key of a connection; undefined where the keychain has lost it. */
  async keyOf(id: string): Promise<string | undefined> {
    const connection = this.get(id);
    if (connection?.sample) {
      return sampleKeys[connection.provider];
    }
    const key = await this.#secrets.get(secretOf(id));
    if (key !== undefined) {
      this.#redactor.add(key);
    }
    return key;
  }

  /** The connection that already has this key. */
  async findKey(provider: ProviderId, key: string): Promise<Connection | undefined> {
    for (const connection of this.list()) {
      if (connection.provider === provider && (await this.keyOf(connection.id)) === key) {
        return connection;
      }
    }
    return undefined;
  }

  /**
   * Stores a new connection, the key first.
   *
   * @returns the connection, and whether the keychain gave the key back.
   * @throws {DuplicateKeyError} where another connection has the key.
   */
  async add(provider: ProviderId, key: string, label: string): Promise<{ connection: Connection; persisted: boolean }> {
    const duplicate = await this.findKey(provider, key);
    if (duplicate !== undefined) {
      throw new DuplicateKeyError(duplicate);
    }
    const id = connectionId(label, randomBytes(3).toString('hex'));
    const connection: Connection = { id, provider, label, sample: false };
    const persisted = await this.#storeKey(id, key);
    await this.#write([...this.list(), connection]);
    return { connection, persisted };
  }

  /** Adds a sample connection. Its key is no secret and goes nowhere near the keychain. */
  async addSample(provider: ProviderId, label: string): Promise<void> {
    const id = connectionId(label, randomBytes(3).toString('hex'));
    await this.#write([...this.list(), { id, provider, label, sample: true }]);
  }

  /** @throws {DuplicateKeyError} where another connection has the key. @returns whether the keychain gave it back. */
  async replaceKey(id: string, key: string): Promise<boolean> {
    const connection = this.get(id);
    const duplicate = connection && (await this.findKey(connection.provider, key));
    if (duplicate !== undefined && duplicate.id !== id) {
      throw new DuplicateKeyError(duplicate);
    }
    const persisted = await this.#storeKey(id, key);
    // The secret's own event is for other windows; it may come late here, twice or not at all.
    this.#keyChanged.fire(id);
    this.#changed.fire();
    return persisted;
  }

  async rename(id: string, label: string): Promise<void> {
    await this.#write(this.list().map((connection) => (connection.id === id ? { ...connection, label } : connection)));
  }

  async remove(id: string): Promise<void> {
    await this.#write(this.list().filter((connection) => connection.id !== id));
    await this.#secrets.delete(secretOf(id));
    this.#keyChanged.fire(id);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
    this.#keyChanged.dispose();
  }

  async #storeKey(id: string, key: string): Promise<boolean> {
    this.#redactor.add(key);
    await this.#secrets.store(secretOf(id), key);
    return (await this.#secrets.get(secretOf(id))) === key;
  }

  async #write(connections: readonly Connection[]): Promise<void> {
    await this.#state.update(connectionsState, connections);
    this.#changed.fire();
  }
}
