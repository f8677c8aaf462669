import * as vscode from 'vscode';
import { settings } from '../contributions.ts';
import type { SendingMap } from '../map/sendingMap.ts';
import type { ProviderId, Providers } from '../providers/index.ts';
import type { Provider, ProviderInfo } from '../providers/provider.ts';
import type { ClientSettings } from '../transport/wire.ts';
import type { Log } from '../transport/log.ts';
import { ServiceError } from '../transport/errors.ts';
import type { Redactor } from '../transport/redaction.ts';
import { changesAllowed } from './allowChanges.ts';
import type { Connection } from './connection.ts';
import { keyTagOf } from './keyTag.ts';
import type { Lazy } from '../transport/lazy.ts';
import type { MapKeeper } from './mapKeeper.ts';
import type { Network } from './network.ts';
import type { SampleWorkspace } from './sample.ts';
import type { ConnectionStore } from './store.ts';

/** A connection at work: its provider with the key, and its sending map. */
export interface Session {
  connection: Connection;
  /** Of the key that it works with; binds what is saved to it. */
  readonly keyTag: string;
  readonly provider: Provider;
  readonly map: SendingMap;
}

/** The sessions of all connections, each made when it is first wanted and ended with its connection or key. */
export class Sessions implements vscode.Disposable {
  readonly store: ConnectionStore;
  readonly #network: Network;
  readonly #sample: SampleWorkspace;
  readonly #redactor: Lazy<Redactor>;
  readonly #log: Log;
  readonly #keeper: Lazy<MapKeeper>;
  #known: ReadonlySet<string>;
  readonly #sessions = new Map<string, Promise<Session>>();
  /** The maps of sessions that are up, for views that must not wait. */
  readonly #ready = new Map<string, Session>();
  readonly #ended = new vscode.EventEmitter<string>();
  readonly #started = new vscode.EventEmitter<Session>();
  readonly #subscription: vscode.Disposable;

  /** Fires with the id of a connection whose session ended: its key or the connection is gone. */
  readonly onDidEnd = this.#ended.event;
  readonly onDidStart = this.#started.event;

  constructor(
    store: ConnectionStore,
    network: Network,
    sample: SampleWorkspace,
    redactor: Lazy<Redactor>,
    log: Log,
    keeper: Lazy<MapKeeper>,
  ) {
    this.store = store;
    this.#keeper = keeper;
    this.#known = idsOf(store);
    this.#network = network;
    this.#sample = sample;
    this.#redactor = redactor;
    this.#log = log;
    this.#subscription = vscode.Disposable.from(
      store.onDidChangeKey((id) => {
        void this.#endUnlessSameKey(id);
      }),
      store.onDidChange(() => {
        for (const session of this.#ready.values()) {
          // A renamed connection has its new name everywhere.
          session.connection = store.get(session.connection.id) ?? session.connection;
        }
        const gone = [...this.#known].filter((id) => store.get(id) === undefined);
        this.#known = idsOf(store);
        for (const id of gone) {
          void this.#forget(id);
        }
      }),
    );
  }

  /** The services that a connection can be made to. */
  get providers(): Providers {
    return this.store.providers;
  }

  /** The session of a connection where one is up already. */
  peek(id: string): Session | undefined {
    return this.#ready.get(id);
  }

  /** All sessions that are up. */
  ready(): readonly Session[] {
    return [...this.#ready.values()];
  }

  /** @throws {ServiceError} where the connection is gone, or the keychain has lost its key or does not answer. */
  get(id: string): Promise<Session> {
    const known = this.#sessions.get(id);
    if (known !== undefined) {
      return known;
    }
    const session: Promise<Session> = this.#start(id, () => this.#sessions.get(id) === session);
    this.#sessions.set(id, session);
    session.catch(() => {
      // A failure is not kept: the key may be there at the next try.
      if (this.#sessions.get(id) === session) {
        this.#sessions.delete(id);
      }
    });
    return session;
  }

  /** A provider for a key that is not stored yet, to check it. The caller disposes its client. */
  probe(providerId: ProviderId, key: string, sample = false): Promise<Provider> {
    return this.#connect(providerId, key, sample);
  }

  /** @throws {ServiceError} where the connection is gone. */
  connection(id: string): Connection {
    const connection = this.store.get(id);
    if (connection === undefined) {
      throw new ServiceError('notFound', {
        service: 'Sendmap',
        serviceMessage: vscode.l10n.t('there is no connection "{0}"', id),
      });
    }
    return connection;
  }

  /** Where the service of a connection is reached, as the setting has it. */
  async baseUrlOf({ provider, sample }: Connection): Promise<string> {
    return this.#settings(provider, sample).baseUrl();
  }

  /** The DNS servers that know the domains of a connection; undefined: those that this machine asks. */
  async dnsServersOf({ sample }: Connection): Promise<readonly string[] | undefined> {
    return sample ? [await this.#sample.dnsServer()] : undefined;
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const id of [...this.#sessions.keys()]) {
      this.#end(id);
    }
    this.#ended.dispose();
    this.#started.dispose();
  }

  async #start(id: string, wanted: () => boolean): Promise<Session> {
    const connection = this.connection(id);
    const key = await this.store.keyOf(id);
    const [{ SendingMap }, keeper, provider] = await Promise.all([
      import('./engine.ts'),
      this.#keeper.get(),
      this.#connect(connection.provider, key, connection.sample),
    ]);
    // Without the key, what was saved with it is still worth showing; nothing can be read.
    const keyTag = key === undefined ? await keeper.keyTagOf(id) : await keyTagOf(id, key);
    if (keyTag === undefined) {
      provider.client.dispose();
      throw new ServiceError('badKey', {
        service: this.providers[connection.provider].name,
        serviceMessage: vscode.l10n.t('your keychain didn\'t save the key of "{0}"', connection.label),
      });
    }
    if (!wanted()) {
      // The key or the connection changed while it was read.
      provider.client.dispose();
      return this.get(id);
    }
    const map = new SendingMap(provider, () => this.#network.setting(settings.automaticPages), this.#log);
    await keeper.keep(connection, keyTag, map);
    if (!wanted()) {
      map.dispose();
      provider.client.dispose();
      return this.get(id);
    }
    const session: Session = { connection, keyTag, provider, map };
    this.#ready.set(id, session);
    this.#started.fire(session);
    return session;
  }

  /** The announcement of a key may come late, and twice: a session that already has the new key goes on. */
  async #endUnlessSameKey(id: string): Promise<void> {
    // A keychain that does not answer says nothing about the key that is at work.
    const key = await this.store.keyOf(id).catch(() => undefined);
    const session = this.#ready.get(id);
    if (session === undefined) {
      // One that is just starting may have read the old key: the next request for it starts another.
      this.#sessions.delete(id);
    } else if (key !== undefined && !session.provider.client.hasKey(key)) {
      const sameTag = (await keyTagOf(id, key)) === session.keyTag;
      if (this.#ready.get(id) !== session) {
        // The other announcement ended it meanwhile.
        return;
      }
      // A key that was lost may have come back: what was saved with it is still good.
      if (!sameTag) {
        void this.#keeper.made().then((keeper) => keeper?.forgetKey(id));
      }
      this.#end(id);
    }
  }

  async #forget(id: string): Promise<void> {
    const forgotten = this.#keeper.get().then((keeper) => keeper.forget(id));
    this.#end(id);
    await forgotten;
  }

  #end(id: string): void {
    void this.#keeper.made().then((keeper) => keeper?.release(id));
    const session = this.#ready.get(id);
    this.#sessions.delete(id);
    if (session !== undefined) {
      this.#ready.delete(id);
      session.map.dispose();
      session.provider.client.dispose();
      this.#ended.fire(id);
    }
  }

  async #connect(providerId: ProviderId, key: string | undefined, sample: boolean): Promise<Provider> {
    const [{ Client }, redactor] = await Promise.all([import('./engine.ts'), this.#redactor.get()]);
    const info = this.providers[providerId];
    return info.connect(new Client(key, info.profile, this.#settings(providerId, sample), redactor, this.#log));
  }

  #settings(providerId: ProviderId, sample: boolean): ClientSettings {
    return {
      baseUrl: () => (sample ? this.#sample.baseUrl(providerId) : this.#baseUrlOf(this.providers[providerId])),
      concurrency: () => this.#network.setting(settings.concurrency),
      requestsPerMinute: () => this.#network.setting(settings.requestsPerMinute),
      mayChange: () => sample || changesAllowed(),
      http: () => this.#network.client(),
    };
  }

  /** Nothing checks what settings.json holds: what is not a string is not a URL either. */
  #baseUrlOf({ profile, defaultBaseUrl }: ProviderInfo): string {
    const value = this.#network.value(profile.baseUrlSetting) ?? defaultBaseUrl;
    return typeof value === 'string' ? value : '';
  }
}

function idsOf(store: ConnectionStore): ReadonlySet<string> {
  return new Set(store.list().map(({ id }) => id));
}
