import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { connectionsState } from '../contributions.ts';
import { list } from '../providers/fields.ts';
import type { ProviderId, Providers } from '../providers/index.ts';
import { connectionId, decodeConnection, type Connection } from './connection.ts';
import type { Keychain } from './keychain.ts';
import { Lazy } from '../transport/lazy.ts';
import { sampleKeyOf } from './sample.ts';

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
 * The connections of this user: metadata in the global state, which all windows share, and one key for each in the
 * keychain. Nothing else in Sendmap writes either. Changes wait for each other, so that each sees what those before it
 * did; one that fails leaves everything as it was.
 */
export class ConnectionStore implements vscode.Disposable {
  /** The services that a connection can be made to. */
  readonly providers: Providers;
  readonly #state: vscode.Memento;
  readonly #keychain: Keychain;
  readonly #changes = new Lazy(async () => new (await import('p-queue')).default({ concurrency: 1 }));
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #keyChanged = new vscode.EventEmitter<string>();
  readonly #subscription: vscode.Disposable;

  /** Fires when connections were added, renamed or removed, in this window or another. */
  readonly onDidChange = this.#changed.event;
  /** Fires with the id of a connection whose key was replaced or removed, possibly more than once. */
  readonly onDidChangeKey = this.#keyChanged.event;

  constructor(state: vscode.Memento, keychain: Keychain, providers: Providers) {
    this.providers = providers;
    this.#state = state;
    this.#keychain = keychain;
    // Secrets are the only state whose changes reach other windows, so they announce the connections too.
    this.#subscription = vscode.Disposable.from(
      keychain.onDidChange((id) => {
        this.#keyChanged.fire(id);
        this.#changed.fire();
      }),
      keychain.onDidAnnounce(() => {
        this.#changed.fire();
      }),
    );
  }

  list(): readonly Connection[] {
    return list(this.#state.get<unknown>(connectionsState), (value) => decodeConnection(value, this.providers)) ?? [];
  }

  get(id: string): Connection | undefined {
    return this.list().find((connection) => connection.id === id);
  }

  /** The key of a connection; undefined where the keychain has lost it. @throws {ServiceError} `keychain` */
  async keyOf(id: string): Promise<string | undefined> {
    const connection = this.get(id);
    return connection?.sample ? sampleKeyOf(connection.provider) : this.#keychain.get(id);
  }

  /** The connection that already has this key, of all or of some. @throws {ServiceError} `keychain` */
  async findKey(provider: ProviderId, key: string, among = this.list()): Promise<Connection | undefined> {
    for (const connection of among) {
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
   * @throws {DuplicateKeyError} where another connection has the key; {ServiceError} `keychain`; an Error where the
   * list of connections cannot be saved.
   */
  add(provider: ProviderId, key: string, label: string): Promise<{ connection: Connection; persisted: boolean }> {
    return this.#change(async () => {
      await this.#refuseDuplicate(provider, key, this.list());
      const id = connectionId(label, randomBytes(3).toString('hex'));
      const connection: Connection = { id, provider, label, sample: false };
      try {
        const persisted = await this.#keychain.store(id, key);
        await this.#write([...this.list(), connection]);
        // Another window may have added the same key meanwhile: the later one of the two goes.
        await this.#refuseDuplicate(provider, key, earlierThan(id, this.list()));
        return { connection, persisted };
      } catch (error) {
        await this.#undoAdd(id);
        throw error;
      }
    });
  }

  /** Adds a sample connection. Its key is no secret and goes nowhere near the keychain. */
  addSample(provider: ProviderId, label: string): Promise<void> {
    return this.#change(() => {
      const id = connectionId(label, randomBytes(3).toString('hex'));
      return this.#write([...this.list(), { id, provider, label, sample: true }]);
    });
  }

  /**
   * @returns whether the keychain gave the key back.
   * @throws {DuplicateKeyError} where another connection has the key; {ServiceError} `keychain`; an Error where the
   * list of connections cannot be saved.
   */
  replaceKey(id: string, key: string): Promise<boolean> {
    return this.#change(async () => {
      const connection = this.get(id);
      if (connection !== undefined) {
        const others = this.list().filter((other) => other.id !== id);
        await this.#refuseDuplicate(connection.provider, key, others);
      }
      const before = await this.#keychain.get(id);
      let persisted: boolean;
      try {
        persisted = await this.#keychain.store(id, key);
        await this.#write(
          this.list().map((known): Connection => (known.id === id ? { ...known, keyStays: undefined } : known)),
        );
      } catch (error) {
        await (before === undefined ? this.#keychain.delete(id) : this.#keychain.store(id, before)).catch(() => false);
        throw error;
      }
      // The secret's own event is for other windows; it may come late here, twice or not at all.
      this.#keyChanged.fire(id);
      this.#changed.fire();
      return persisted;
    });
  }

  /** @throws {Error} where the list of connections cannot be saved. */
  rename(id: string, label: string): Promise<void> {
    return this.#change(() =>
      this.#write(this.list().map((connection) => (connection.id === id ? { ...connection, label } : connection))),
    );
  }

  /**
   * Removes a connection, its key first: a key must not stay where nothing shows it any more. Where the keychain does
   * not give it up the connection stays, marked.
   *
   * @throws {ServiceError} `keychain`; an Error where the list of connections cannot be saved.
   */
  remove(id: string): Promise<void> {
    return this.#change(async () => {
      if (this.get(id)?.sample !== true) {
        await this.#deleteKey(id);
      }
      await this.#write(this.list().filter((connection) => connection.id !== id));
      this.#keyChanged.fire(id);
    });
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
    this.#keyChanged.dispose();
  }

  /** Makes a change when those before it have ended. */
  async #change<T>(change: () => Promise<T>): Promise<T> {
    return (await this.#changes.get()).add(change);
  }

  async #deleteKey(id: string): Promise<void> {
    try {
      await this.#keychain.delete(id);
    } catch (error) {
      const marked = this.list().map((known): Connection => (known.id === id ? { ...known, keyStays: true } : known));
      // What the keychain said is what the person has to know, whether or not the mark can be saved.
      await this.#write(marked).catch(() => undefined);
      throw error;
    }
  }

  async #refuseDuplicate(provider: ProviderId, key: string, among: readonly Connection[]): Promise<void> {
    const duplicate = await this.findKey(provider, key, among);
    if (duplicate !== undefined) {
      throw new DuplicateKeyError(duplicate);
    }
  }

  /** Undoes a partly added connection. A failure is not reported: the one before it is what counts. */
  async #undoAdd(id: string): Promise<void> {
    if (this.get(id) !== undefined) {
      await this.#write(this.list().filter((connection) => connection.id !== id)).catch(() => undefined);
    }
    // A keychain that does not answer in time still carries this out after what it was asked before.
    await this.#keychain.delete(id).catch(() => undefined);
  }

  /** Saves the list; where that fails, VS Code's own copy goes back to what it was too. */
  async #write(connections: readonly Connection[]): Promise<void> {
    const before = this.#state.get<unknown>(connectionsState);
    try {
      await this.#state.update(connectionsState, connections);
      // Not awaited: a keychain that does not answer only keeps other windows from noticing.
      this.#keychain.announce().catch(() => undefined);
    } catch (error) {
      await Promise.resolve(this.#state.update(connectionsState, before)).catch(() => undefined);
      throw new Error(
        vscode.l10n.t(
          'VS Code could not save the list of connections ({0}). Try again.',
          error instanceof Error ? error.message : String(error),
        ),
        { cause: error },
      );
    } finally {
      this.#changed.fire();
    }
  }
}

/** The connections before one in the list; all of them where it is not in there. */
function earlierThan(id: string, connections: readonly Connection[]): readonly Connection[] {
  const index = connections.findIndex((connection) => connection.id === id);
  return index < 0 ? connections : connections.slice(0, index);
}
