import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { announcement, secretOf } from '../contributions.ts';
import { ServiceError } from '../transport/errors.ts';
import type { Redactor } from '../transport/redaction.ts';
import type { Lazy } from '../transport/lazy.ts';

/** How long the keychain may take for one answer, in milliseconds; a person may have to unlock it first. */
const PATIENCE = 10_000;

/**
 * The keys of connections in VS Code's `SecretStorage`, by the connections' ids. What the keychain refuses, or does not
 * answer in time, is a {@link ServiceError} `keychain`; nothing of it is kept, so the next try asks again.
 */
export class Keychain {
  readonly #secrets: vscode.SecretStorage;
  readonly #redactor: Lazy<Redactor>;
  readonly #patience: number;

  /** `patience` in milliseconds. */
  constructor(secrets: vscode.SecretStorage, redactor: Lazy<Redactor>, patience = PATIENCE) {
    this.#secrets = secrets;
    this.#redactor = redactor;
    this.#patience = patience;
  }

  /** Calls back with the id of a connection whose key was stored or deleted, in this window or another. */
  onDidChange(listener: (id: string) => void): vscode.Disposable {
    const prefix = secretOf('');
    return this.#secrets.onDidChange(({ key }) => {
      if (key.startsWith(prefix)) {
        listener(key.slice(prefix.length));
      }
    });
  }

  /** Calls back when another window, or this one, has {@link announce}d. */
  onDidAnnounce(listener: () => void): vscode.Disposable {
    return this.#secrets.onDidChange(({ key }) => {
      if (key === announcement) {
        listener();
      }
    });
  }

  /** Notifies all windows that the connections changed. @throws {ServiceError} `keychain` */
  async announce(): Promise<void> {
    await this.#inTime(() => this.#secrets.store(announcement, randomUUID()));
  }

  /** @throws {ServiceError} `keychain` @returns undefined where there is no such key. */
  async get(id: string): Promise<string | undefined> {
    const key = await this.#inTime(() => this.#secrets.get(secretOf(id)));
    if (key !== undefined) {
      (await this.#redactor.get()).add(key);
    }
    return key;
  }

  /** @throws {ServiceError} `keychain` @returns whether the keychain gives the key back. */
  async store(id: string, key: string): Promise<boolean> {
    (await this.#redactor.get()).add(key);
    await this.#inTime(() => this.#secrets.store(secretOf(id), key));
    return (await this.get(id)) === key;
  }

  /** @throws {ServiceError} `keychain` */
  async delete(id: string): Promise<void> {
    await this.#inTime(() => this.#secrets.delete(secretOf(id)));
  }

  async #inTime<T>(ask: () => Thenable<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const seconds = Math.ceil(this.#patience / 1000);
        reject(new Error(vscode.l10n.t('it did not answer within {0} seconds', seconds)));
      }, this.#patience);
    });
    try {
      return await Promise.race([ask(), late]);
    } catch (error) {
      const redactor = await this.#redactor.get();
      throw new ServiceError('keychain', {
        service: 'VS Code',
        serviceMessage: redactor.redact(error instanceof Error ? error.message : String(error)),
      });
    } finally {
      clearTimeout(timer);
    }
  }
}
