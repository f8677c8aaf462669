import type { Account, Campaign } from '../../providers/model.ts';
import type { Provider } from '../../providers/provider.ts';
import type { Log } from '../../transport/log.ts';
import type { MapStore } from '../store.ts';
import { ListReader } from './listReader.ts';
import type { SyncPriority } from './synchronizer.ts';

/** The two lists of a connection, each with what reads it into the store. */
export class Lists {
  readonly accounts: ListReader<Account>;
  readonly campaigns: ListReader<Campaign>;

  /** `disposed` ends every request; `priority` is that of the sync under way. */
  constructor(
    provider: Provider,
    store: MapStore,
    log: Log,
    disposed: AbortSignal,
    priority: () => SyncPriority,
    onProgress: () => void,
  ) {
    // A person waits for the first page; the others come after anything a person does meanwhile.
    const options = (signal: AbortSignal, from: string | undefined) =>
      ({
        signal: AbortSignal.any([signal, disposed]),
        from,
        priority: from === undefined && priority() === 'background' ? 'interactive' : priority(),
        laterPages: priority(),
      }) as const;
    this.accounts = new ListReader({
      log,
      table: store.accounts,
      pages: (signal, from) => provider.accountPages(options(signal, from)),
      put: (account, at, reading) => {
        store.putAccount(account, at, reading);
      },
      drop: (account) => {
        store.dropAccount(account);
      },
      onProgress,
    });
    this.campaigns = new ListReader({
      log,
      table: store.campaigns,
      pages: (signal, from) => provider.campaignPages(options(signal, from)),
      put: (campaign, at, reading) => {
        store.putCampaign(campaign, at, reading);
      },
      drop: (campaign) => {
        store.dropCampaign(campaign);
      },
      onProgress,
    });
  }

  /** True where all of both is known, whatever a newer reading is doing. */
  get known(): boolean {
    return this.accounts.known && this.campaigns.known;
  }

  /** True where both were read to their ends. */
  get read(): boolean {
    return this.accounts.status === 'complete' && this.campaigns.status === 'complete';
  }
}
