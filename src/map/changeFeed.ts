import { Emitter } from './emitter.ts';

/** What changed since the last change, as small as it is known. */
export interface MapChange {
  /** Accounts or campaigns came or went. */
  readonly listed: boolean;
  /** Keys of the accounts whose own facts or campaigns changed. */
  readonly accounts: ReadonlySet<string>;
  /** Ids of the campaigns whose own facts or senders changed, or the health of a sender. */
  readonly campaigns: ReadonlySet<string>;
}

/** Changes are published at most this often while pages come in, in milliseconds. */
const PACE = 400;
/** Of the time between two changes, what listeners may take: where they take more, changes come less often. */
const SHARE = 0.1;

/** Collects what changed, and publishes it at a pace that listeners can follow. Knows nothing of where it comes from. */
export class ChangeFeed {
  readonly #keyOf: (account: number) => string;
  readonly #idOf: (campaign: number) => string;
  readonly #changes = new Emitter<MapChange>();
  readonly #accounts = new Set<number>();
  readonly #campaigns = new Set<number>();
  #listed = false;
  #timer: NodeJS.Timeout | undefined;
  /** When the next change may be published, in milliseconds on the monotonic clock. */
  #next = 0;
  #version = 0;

  constructor(keyOf: (account: number) => string, idOf: (campaign: number) => string) {
    this.#keyOf = keyOf;
    this.#idOf = idOf;
  }

  /** Goes up with each change that is published. */
  get version(): number {
    return this.#version;
  }

  onDidChange(listener: (change: MapChange) => void): { dispose(): void } {
    return this.#changes.on(listener);
  }

  markAccount(account: number): void {
    this.#accounts.add(account);
    this.#publishSoon();
  }

  markCampaign(campaign: number): void {
    this.#campaigns.add(campaign);
    this.#publishSoon();
  }

  /** Notes that accounts or campaigns came or went. */
  markListed(): void {
    this.#listed = true;
    this.#publishSoon();
  }

  /** Publishes what is marked, if anything is. */
  publish(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const started = performance.now();
    if (this.#listed || this.#accounts.size > 0 || this.#campaigns.size > 0) {
      // A saved map of hundreds of thousands of accounts is restored before anybody listens.
      const change: MapChange | undefined = this.#changes.heard
        ? {
            listed: this.#listed,
            accounts: new Set(Array.from(this.#accounts, this.#keyOf)),
            campaigns: new Set(Array.from(this.#campaigns, this.#idOf)),
          }
        : undefined;
      this.#listed = false;
      this.#accounts.clear();
      this.#campaigns.clear();
      this.#version += 1;
      if (change !== undefined) {
        this.#changes.fire(change);
      }
    }
    const now = performance.now();
    this.#next = now + Math.max(PACE, (now - started) / SHARE);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#changes.dispose();
  }

  #publishSoon(): void {
    this.#timer ??= setTimeout(
      () => {
        this.publish();
      },
      Math.max(0, this.#next - performance.now()),
    );
  }
}
