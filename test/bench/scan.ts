/**
 * What a scan of campaigns costs besides its requests, with everything attached that views attach: CPU time of a map of
 * 20,000 accounts while each of 2,000 campaigns answers who its senders are.
 */
import { SendingMap } from '../../src/map/sendingMap.ts';
import { providers } from '../../src/providers/index.ts';
import type { Account, Campaign } from '../../src/providers/model.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { MemoryLog } from '../support/connect.ts';
import { account, campaign } from '../support/records.ts';
import { figure } from './figure.ts';

const ACCOUNTS = 20_000;
const CAMPAIGNS = 2_000;
const SENDERS = 30;
const PAGE = 100;

const accounts: readonly Account[] = Array.from({ length: ACCOUNTS }, (_, index) => account(String(index)));
const campaigns: readonly Campaign[] = Array.from({ length: CAMPAIGNS }, (_, index) => campaign(String(index)));

/** A service that answers at once and never says which campaigns an account feeds. */
const provider = {
  info: providers.smartlead,
  client: { concurrency: 8 },
  async *accountPages() {
    for (let start = 0; start < ACCOUNTS; start += PAGE) {
      yield await Promise.resolve({
        items: accounts.slice(start, start + PAGE),
        invalid: [],
        next: start + PAGE < ACCOUNTS ? String(start + PAGE) : undefined,
      });
    }
  },
  async *campaignPages() {
    yield await Promise.resolve({ items: campaigns, invalid: [] });
  },
  sendersOf: (id: string) =>
    Promise.resolve({
      senders: Array.from({ length: SENDERS }, (_, index) => ({
        account: accounts[(Number(id) * 13 + index) % ACCOUNTS]!,
        reasons: [{ kind: 'reported' as const }],
      })),
      invalid: [],
    }),
} as unknown as Provider;

const map = new SendingMap(provider, () => 0, new MemoryLog());
let [changes, shown] = [0, 0];
map.onDidChange(() => {
  changes += 1;
});
map.onDidProgress(() => {
  // What two views look at with each step: their headers, the state of the connection's row, the notices.
  for (let view = 0; view < 2; view += 1) {
    const { progress, complete, syncedAt } = map;
    shown += Number(progress.running) + Number(complete) + map.missing().length + Number(syncedAt !== undefined);
  }
});
let before = process.cpuUsage();
const scanning = new Promise<void>((resolve) => {
  const subscription = map.onDidProgress(() => {
    if (map.progress.scan?.scanned === 1) {
      // The lists are read: from here on it scans.
      before = process.cpuUsage();
      subscription.dispose();
      resolve();
    }
  });
});
const synced = map.sync();
await scanning;
await synced;
const { user, system } = process.cpuUsage(before);
figure('scan: CPU time', (user + system) / 1000, 'ms', {
  accounts: ACCOUNTS,
  campaigns: CAMPAIGNS,
  edges: CAMPAIGNS * SENDERS,
  changes,
  looks: shown > 0,
  complete: map.complete,
});
map.dispose();
